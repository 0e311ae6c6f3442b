"""The measured figures of a rule: read back from the table, put into words, and absent where nothing was measured."""

import json

import pytest

from auditor.errors import DataError
from auditor.rules import figures
from auditor.rules.figures import Figures

ROW = {
    "rule": "de-en/made-up",
    "hits": {"mt": 1200, "native": 3},
    "per_10000_native_sentences": 0.17,
    "judged": 30,
    "right": 28,
    "precision_low": 0.787,
    "precision_high": 0.982,
    "signature": "auditor:0",
}


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A table of one row in the place of the program's."""

    def write(text):
        place = tmp_path / "rules.jsonl"
        place.write_text(text, encoding="utf-8")
        monkeypatch.setattr(figures, "path", lambda: place)

    return write


def test_a_row_in_words(table):
    table(json.dumps(ROW) + "\n")
    found = figures.figures("de-en/made-up")
    assert found.reading == "right in 28 of 30 judged hits"
    assert found.summary == (
        "right in 28 of 30 judged hits (0.93, 95 % 0.79–0.98); hits: 1,200 on machine output, 3 on native news; 0.17 per 10,000 native sentences"
    )


def test_a_rule_without_judged_hits_says_so(table):
    table(json.dumps(ROW | {"judged": 0, "right": 0}) + "\n")
    found = figures.figures("de-en/made-up")
    assert found.reading == ""
    assert found.summary.startswith("no hit judged yet; hits: ")


def test_a_rule_that_the_table_lacks_was_not_measured(table):
    table(json.dumps(ROW) + "\n")
    assert figures.figures("de-en/another") == Figures()
    assert Figures().summary == "not measured"


def test_no_table_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "path", lambda: tmp_path / "none.jsonl")
    assert figures.figures("de-en/made-up") == Figures()


@pytest.mark.parametrize("line", ["{", "[]", '{"rule": "x"}', "3"])
def test_a_damaged_row_is_named(table, line):
    table(json.dumps(ROW) + "\n" + line + "\n")
    with pytest.raises(DataError, match=r"rules\.jsonl: line 2: "):
        figures.figures("de-en/made-up")


def test_the_table_of_the_program_is_read():
    assert figures.path().is_file()
    assert figures.figures("en/decimal-comma").signature.startswith("auditor:")
