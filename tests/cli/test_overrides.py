import json

import pytest

COPY = "Talks resume\n\nThe delegates met in Kiew on Monday and will meet again in May.\n\nEnlarge image\n\nThey said said that they had no plan.\n"


@pytest.fixture
def copy(tmp_path):
    for name in ("de/a.txt", "wire/b.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(COPY, encoding="utf-8")
    return tmp_path


def rows(ran):
    return {(row["path"], row["rule"], row["text"]) for row in map(json.loads, ran.out.splitlines())}


def test_rules_languages_and_the_bar_are_those_of_each_file(auditor, copy):
    plain = rows(auditor("audit", ".", "--model", "none", "-f", "jsonl"))
    (image,) = {rule for _, rule, text in plain if text == "Enlarge image"}
    (copy / "auditor.toml").write_text(
        f"""ignore = ["und/zzz*"]
[[overrides]]
files = ["/wire/", "c.txt"]
ignore = ["{image}"]
[[overrides]]
files = ["wire/*"]
source-lang = "uk"
select = ["names/*", "{image}"]
""",
        encoding="utf-8",
    )
    found = rows(auditor("audit", ".", "--model", "none", "-f", "jsonl"))
    assert {path for path, rule, _ in found if rule == image} == {"de/a.txt"}
    assert {rule.split("/")[0] for path, rule, _ in found if path == "wire/b.txt"} <= {"names"}
    assert {row for row in found if row[0] == "de/a.txt"} == {row for row in plain if row[0] == "de/a.txt"}
    assert rows(auditor("audit", ".", "--model", "none", "-f", "jsonl", "-j", "2")) == found
    documents = json.loads(auditor("audit", ".", "--model", "none", "-f", "json").out)["documents"]
    assert {d["path"]: (d["source_lang"], d["source_lang_from"]) for d in documents}["wire/b.txt"] == ("uk", "override")
    flagged = json.loads(auditor("audit", ".", "--model", "none", "-f", "json", "-s", "ru").out)["documents"]
    assert {d["source_lang_from"] for d in flagged} == {"flag"}


def test_a_language_of_the_file_as_a_whole_is_a_default_that_a_sidecar_outranks(auditor, copy):
    (copy / "auditor.toml").write_text('source-lang = "ru"\n', encoding="utf-8")
    (copy / "c.meta.json").write_text('{"source_language": "fr"}', encoding="utf-8")
    documents = json.loads(auditor("audit", ".", "--model", "none", "-f", "json").out)["documents"]
    assert {d["path"]: d["source_lang"] for d in documents} == {"c.txt": "fr", "de/a.txt": "ru", "wire/b.txt": "ru"}


def test_the_gate_judges_each_file_by_its_own_bar(auditor, copy):
    assert auditor("gate", ".", "--model", "none", "--fail-on", "minor").code == 1
    text = '[[overrides]]\nfiles = ["*"]\ngate-fail-on = "never"\ngate-min-score = 0\nfail-on = "minor"\n'
    (copy / "auditor.toml").write_text(text, encoding="utf-8")
    assert auditor("gate", ".", "--model", "none").code == 0
    assert auditor("audit", ".", "--model", "none").code == 1
    ran = auditor("gate", ".", "--model", "none", "--fail-on", "minor")
    assert ran.code == 1, "a flag outranks the file"
    (copy / "auditor.toml").write_text(text.replace('"*"', '"de/"'), encoding="utf-8")
    ran = auditor("gate", ".", "--model", "none", "-f", "json")
    assert {reason.split(":")[0] for reason in json.loads(ran.out)["gate"]["reasons"]} <= {"c.txt", "wire/b.txt"}


def test_a_rule_that_no_override_knows_is_a_2(auditor, copy):
    (copy / "auditor.toml").write_text('[[overrides]]\nfiles = ["*"]\nignore = ["names/romanisaton"]\n', encoding="utf-8")
    ran = auditor("audit", ".", "--model", "none")
    assert ran.code == 2
    assert "did you mean “names/romanisation”" in ran.err


def test_settings_are_shown_for_the_run_and_for_a_file(auditor, copy):
    (copy / "house.toml").write_text('profile = "wire"\n', encoding="utf-8")
    (copy / "auditor.toml").write_text(
        'extend = "house.toml"\n[[overrides]]\nfiles = ["de/"]\nvariant = "en-GB"\nignore = ["en/*"]\n', encoding="utf-8"
    )
    lines = auditor("config").out.splitlines()
    assert any(line.split()[:2] == ["profile", "wire"] and line.endswith("house.toml:1") for line in lines)
    assert any(line.startswith("overrides  [de/]: variant = en-GB, ignore = [en/*]") and line.endswith("auditor.toml:2") for line in lines)
    own = auditor("config", "de/a.txt").out.splitlines()
    assert any(line.split()[:2] == ["variant", "en-GB"] and line.endswith("auditor.toml:2") for line in own)
    assert any(line.split()[:2] == ["variant", "-"] for line in auditor("config", "c.txt").out.splitlines())


def test_the_configuration_of_the_texts_is_found_from_elsewhere(auditor, copy, monkeypatch):
    (copy / "desk").mkdir()
    (copy / "desk" / "auditor.toml").write_text('profile = "wire"\n', encoding="utf-8")
    (copy / "desk" / "copy").mkdir()
    (copy / "desk" / "copy" / "a.txt").write_text(COPY, encoding="utf-8")
    shown = auditor("config", "desk/copy/a.txt").out
    assert any(line.split()[:2] == ["profile", "wire"] for line in shown.splitlines())
    assert not any(line.split()[:2] == ["profile", "wire"] for line in auditor("config", "c.txt").out.splitlines())
    monkeypatch.setenv("AUDITOR_PROFLE", "wire")
    monkeypatch.setenv("AUDITOR_UNRELATED", "x")
    ran = auditor("config")
    assert "AUDITOR_PROFLE is no setting; did you mean “profile”" in ran.err
    assert "UNRELATED" not in ran.err
