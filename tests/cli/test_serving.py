import sys


def test_without_its_extra_the_language_server_says_what_to_install(auditor, monkeypatch):
    monkeypatch.delitem(sys.modules, "auditor.lsp", raising=False)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    ran = auditor("lsp")
    assert ran.code == 2
    assert "pip install 'auditor[lsp]'" in ran.err
