import json

import pytest

COPY = """Minister resigns after vote

The minister stepped down on Friday after the vote in Paris. She said she would return to her practice.

Enlarge image

The party will choose a new leader in May.
"""


@pytest.fixture
def copy(tmp_path):
    path = tmp_path / "copy" / "minister.txt"
    path.parent.mkdir()
    path.write_text(COPY, encoding="utf-8")
    return path


def rows(ran):
    return [json.loads(line) for line in ran.out.splitlines()]


def test_an_audit_reports_and_exits_0(auditor, copy):
    ran = auditor("audit", copy, "--model", "none", "-f", "jsonl")
    assert ran.code == 0
    (found,) = [row for row in rows(ran) if row["text"] == "Enlarge image"]
    assert COPY[found["start"] : found["end"]] == "Enlarge image"
    assert (found["line"], found["column"]) == (5, 1)
    assert found["path"].endswith("minister.txt")


def test_payload_goes_to_standard_output_and_all_else_to_standard_error(auditor, copy):
    ran = auditor("audit", copy, "--model", "none", "-f", "json")
    assert json.loads(ran.out)["schema"] == "auditor/1"
    assert auditor("audit", copy, "--model", "none", "-f", "json", "-q").err == ""


def test_one_run_writes_several_reports(auditor, copy, tmp_path):
    ran = auditor("audit", copy, "--model", "none", "-o", tmp_path / "a.txt", "--report", f"json={tmp_path / 'deep' / 'a.json'}")
    assert ran.code == 0
    assert ran.out == ""
    assert "minister.txt" in (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "deep" / "a.json").read_text(encoding="utf-8"))["findings"]


def test_standard_input(auditor):
    ran = auditor("audit", "-", "--stdin-filename", "wire.txt", "--model", "none", "-f", "jsonl", stdin=COPY)
    assert ran.code == 0
    assert {row["path"] for row in rows(ran)} == {"wire.txt"}


def test_a_folder_is_read_in_order_and_ignored_files_are_left_out(auditor, copy, tmp_path):
    (copy.parent / "another.txt").write_text(COPY, encoding="utf-8")
    (copy.parent / "old.txt").write_text(COPY, encoding="utf-8")
    (copy.parent / ".auditorignore").write_text("old.txt\n", encoding="utf-8")
    ran = auditor("audit", tmp_path, "--model", "none", "-f", "json")
    assert [doc["path"].split("/")[-1] for doc in json.loads(ran.out)["documents"]] == ["another.txt", "minister.txt"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["audit"], "which files"),
        (["audit", "nowhere.txt"], "nowhere.txt"),
        (["audit", "x.txt", "-f", "jsn"], "did you mean “json”"),
        (["audit", "x.txt", "--fail-on", "mayor"], "did you mean “major”"),
        (["audit", "x.txt", "--report", "json"], "FORMAT=PATH"),
        (["audit", "x.txt", "--select", "und/enlarge-imag"], "there is no rule"),
        (["audit", "x.txt", "--config", "no.toml"], "no.toml"),
        (["audit", "x.txt", "--frobnicate"], "frobnicate"),
        (["frobnicate"], "frobnicate"),
        (["rule", "und/nothing"], "there is no rule"),
    ],
)
def test_usage_errors_are_a_2_with_one_clear_line(auditor, tmp_path, arguments, said):
    (tmp_path / "x.txt").write_text(COPY, encoding="utf-8")
    ran = auditor(*arguments, *(["--model", "none"] if arguments[0] == "audit" else []))
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_an_unreadable_file_is_a_2_and_the_others_are_still_audited(auditor, copy):
    (copy.parent / "binary.txt").write_bytes(bytes(range(256)) * 40)
    ran = auditor("gate", copy.parent, "--model", "none", "-f", "jsonl", "--exit-zero")
    assert ran.code == 2
    assert "binary.txt" in ran.err
    assert any(row["path"].endswith("minister.txt") for row in rows(ran))


def test_an_empty_folder_is_a_2_unless_that_is_fine(auditor, tmp_path):
    (tmp_path / "empty").mkdir()
    assert auditor("audit", tmp_path / "empty", "--model", "none").code == 2
    assert auditor("audit", tmp_path / "empty", "--model", "none", "--allow-empty").code == 0


def test_a_glob_that_selects_nothing_is_a_warning(auditor, copy):
    ran = auditor("audit", copy, "--model", "none", "--ignore", "zz-en/*")
    assert ran.code == 0
    assert "zz-en/*" in ran.err


def test_ignoring_a_rule_silences_it(auditor, copy):
    (found,) = {row["rule"] for row in rows(auditor("audit", copy, "--model", "none", "-f", "jsonl")) if row["text"] == "Enlarge image"}
    assert not [row for row in rows(auditor("audit", copy, "--model", "none", "-f", "jsonl", "--ignore", found)) if row["rule"] == found]


def test_a_malformed_project_pack_is_a_2_with_file_line_and_the_nearest_key(auditor, copy, tmp_path):
    (tmp_path / "auditor.toml").write_text("", encoding="utf-8")
    pack = tmp_path / ".auditor" / "packs" / "de-en.toml"
    pack.parent.mkdir(parents=True)
    pack.write_text('[own]\nkind = "phrase"\nsugest = "x"\n', encoding="utf-8")
    ran = auditor("audit", copy, "--model", "none")
    assert ran.code == 2
    assert "de-en.toml: line 3" in ran.err
    assert "did you mean “suggest”" in ran.err


def test_terminal_escapes_of_the_copy_never_reach_the_terminal(auditor, tmp_path):
    (tmp_path / "evil.txt").write_text(
        "Enlarge image\n\nThe minister \x1b[31mleft\x1b[0m on Friday.\n\x1b]0;title\x07Enlarge image\n", encoding="utf-8"
    )
    ran = auditor("audit", tmp_path / "evil.txt", "--model", "none", "--color", "never", "-v")
    assert "\x1b" not in ran.out + ran.err
    assert "\x07" not in ran.out + ran.err


def test_an_error_of_ours_is_a_2_never_a_1(auditor, copy, monkeypatch):
    monkeypatch.setattr("auditor.stages.judge", lambda *_: 1 / 0)
    ran = auditor("gate", copy, "--model", "none")
    assert ran.code == 2
    assert "internal error: ZeroDivisionError" in ran.err


def test_an_interrupt_is_a_130(auditor, copy, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("auditor.stages.judge", interrupt)
    assert auditor("audit", copy, "--model", "none").code == 130


def test_a_text_that_was_not_translated_is_held_and_fails_the_gate(auditor, tmp_path):
    text = "Der Minister ist am Freitag nach der Abstimmung im Bundestag zurückgetreten. Er kündigte an, in seine Kanzlei zurückzukehren. " * 4
    (tmp_path / "roh.txt").write_text(text, encoding="utf-8")
    ran = auditor("gate", tmp_path / "roh.txt", "-s", "de", "--model", "none", "-f", "json")
    (document,) = json.loads(ran.out)["documents"]
    assert ran.code == 1
    assert document["triage"] == "hold"
    assert "not translated" in ran.err


def test_the_result_does_not_depend_on_the_number_of_processes_or_the_window(auditor, copy, monkeypatch):
    for number in range(5):
        (copy.parent / f"copy{number}.txt").write_text(COPY.replace("May", f"May {number}"), encoding="utf-8")
    one = auditor("audit", copy.parent, "--model", "none", "-f", "json").out
    assert auditor("audit", copy.parent, "--model", "none", "-f", "json", "-j", "2").out == one
    monkeypatch.setenv("AUDITOR_WINDOW", "2")
    assert auditor("audit", copy.parent, "--model", "none", "-f", "json").out == one


def test_settings_are_shown_with_their_origin(auditor, tmp_path):
    (tmp_path / "auditor.toml").write_text('source-lang = "fr"\n', encoding="utf-8")
    ran = auditor("audit", "--show-settings", "--jobs", "3")
    assert ran.code == 0
    assert any(line.split()[:2] == ["source-lang", "fr"] and "auditor.toml" in line for line in ran.out.splitlines())
    assert any(line.split() == ["jobs", "3", "--jobs"] for line in ran.out.splitlines())
