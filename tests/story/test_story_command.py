import json

import jsonschema
import pytest

from auditor.report.schema import SCHEMAS

OURS = """The council voted on Monday to close the old bridge. Repairs will cost 3.5 million euros, Mayor Jürgen Waldmeyer said.

“We have waited long enough for this,” he told reporters on 12 March 2021.
"""
REFERENCE = """On Monday the council voted to close the old bridge. The repairs will cost 3.5 billion euros, Mayor Jürgen Waldmeier said.

He spoke to reporters on 13 March 2021. They had waited long enough.
"""
SOURCE = """Der Rat stimmte am Montag für die Sperrung der alten Brücke. Die Reparatur kostet 3,5 Milliarden Euro, sagte Jürgen Waldmeier.

„Wir haben lange genug darauf gewartet“, sagte er Journalisten am 13. März 2021.
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a.txt").write_text(OURS, encoding="utf-8")
    (tmp_path / "r.txt").write_text(REFERENCE, encoding="utf-8")
    (tmp_path / "s.txt").write_text(SOURCE, encoding="cp1252")


def told(ran):
    jsonschema.validate(json.loads(ran.out), dict(SCHEMAS["story"]))
    (comparison,) = json.loads(ran.out)["comparisons"]
    return comparison, {(d["kind"], *(side and side["text"] for side in list(d.values())[1:])) for d in comparison["disagreements"]}


def test_beside_a_reference(auditor, files):
    ran = auditor("story", "a.txt", "--reference", "r.txt", "-f", "json", "--isolated")
    assert ran.code == 0
    comparison, found = told(ran)
    assert found == {
        ("number", "3.5 million", "3.5 billion"),
        ("date", "12 March 2021", "13 March 2021"),
        ("name", "Jürgen Waldmeyer", "Jürgen Waldmeier"),
        ("quotation", "“We have waited long enough for this,”", None),
    }
    assert [metric["name"] for metric in comparison["metrics"]] == ["BLEU", "chrF2", "TER"]
    assert all("version:" in metric["signature"] for metric in comparison["metrics"])


def test_beside_its_source(auditor, files):
    ran = auditor("story", "a.txt", "--source-text", "s.txt", "-f", "json", "--isolated")
    assert ran.code == 0
    comparison, found = told(ran)
    assert found == {
        ("number", "3.5 million", "3,5 Milliarden"),
        ("date", "12 March 2021", "13. März 2021"),
        ("name", "Jürgen Waldmeyer", "Waldmeier"),
    }
    assert comparison["metrics"] == []


def test_on_a_terminal_each_side_is_told_with_its_line(auditor, files):
    ran = auditor("story", "a.txt", "--reference", "r.txt", "--source-text", "s.txt", "-s", "de", "--isolated")
    assert ran.code == 0
    assert "“12 March 2021” (line 3) – the reference has “13 March 2021” (line 3)" in ran.out
    assert "“3.5 million” (line 1) – the source has “3,5 Milliarden” (line 1)" in ran.out


def test_the_same_text_agrees_with_itself(auditor, files):
    ran = auditor("story", "a.txt", "--reference", "a.txt", "-f", "json", "--isolated")
    comparison, found = told(ran)
    assert found == set()
    assert [metric["score"] for metric in comparison["metrics"]] == [100.0, 100.0, 0.0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.txt",), "--reference FILE or --source-text FILE"),
        (("a.txt", "--reference", "none.txt"), "none.txt: does not exist"),
        (("a.txt", "--reference", "r.txt", "-f", "xml"), "terminal or json"),
        (("two.jsonl", "--reference", "r.txt"), "holds 2 texts"),
        (("a.txt", "--source-text", "short.txt"), "--source-lang"),
    ],
)
def test_what_cannot_be_compared_is_a_2(auditor, files, tmp_path, arguments, said):
    (tmp_path / "two.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n', encoding="utf-8")
    (tmp_path / "short.txt").write_text("12", encoding="utf-8")
    ran = auditor("story", *arguments, "--isolated")
    assert ran.code == 2
    assert said in ran.err


def test_an_empty_text_has_no_metrics_and_no_error(auditor, files, tmp_path):
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    ran = auditor("story", "empty.txt", "--reference", "r.txt", "--isolated")
    assert ran.code == 0
    assert "4 of the reference" in ran.out
