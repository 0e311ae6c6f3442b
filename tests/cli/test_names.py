"""`auditor names` on what a pipe may hold."""

import json


def test_marks_of_other_systems_make_no_line_more(auditor):
    ran = auditor("names", "-", "-f", "jsonl", stdin="\ufeffKiew\r\nA\rB\n\n")
    assert ran.code == 0
    assert [json.loads(line)["text"] for line in ran.out.split("\n")[:-1]] == ["Kiew", "A\rB", ""]


def test_a_name_of_no_table_is_explained_by_the_gazetteer_or_by_its_sound(auditor):
    ran = auditor("names", "Petropawliwka", "Quorzel Quorzelow", "-s", "de", "-f", "jsonl")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [(row["canonical"], row["how"], row["changed"]) for row in rows] == [("Petropavlivka", "rule", True), (None, "", False)]
    assert all(list(row["convention"]) == ["en", "fr", "de", "es", "it", "pt", "nl", "pl"] for row in rows)
    assert rows[1]["convention"]["en"] < 0.5


def test_a_line_that_is_no_name_is_judged_in_no_time(auditor):
    ran = auditor("names", "-", "-f", "jsonl", stdin="x" * 1_000_000 + "\n" + "Wiktor " * 100_000 + "\n")
    assert ran.code == 0
    assert ran.out.count("\n") == 2
