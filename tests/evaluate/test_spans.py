"""Annotated segments: read, or refused with their place; sums that add up."""

import json

import pytest

from auditor import pipeline
from auditor.config import Config
from auditor.errors import InputError
from auditor.evaluate.spans import Found, annotated, of_audit, page, sums
from auditor.evaluate.tagging import Overlap
from auditor.types import Span

ROW = {"tgt": "He paid 20 Euros . He left.", "spans": [{"start": 16, "end": 19}], "src_lang": "de", "dataset": "made-up", "doc_id": "d1"}


def written(tmp_path, *lines):
    path = tmp_path / "spans.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_reads_segments_with_their_spans(tmp_path):
    (row,) = annotated(written(tmp_path, json.dumps(ROW), ""))
    assert (row.name, row.text, row.document.text, row.spans) == ("de/made-up", "d1", ROW["tgt"], (Span(16, 19),))
    assert row.document.provenance.source_lang == "de"


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"tgt": "x"}', '{"spans": []}', '{"tgt": "x", "spans": [{"start": 0}]}', '{"tgt": "x", "spans": ["a"]}']
)
def test_a_row_that_is_none_is_named_with_its_line(tmp_path, line):
    with pytest.raises(InputError, match=r"spans\.jsonl: line 2: "):
        list(annotated(written(tmp_path, json.dumps(ROW), line)))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="none"):
        list(annotated(tmp_path / "none.jsonl"))


def test_sums_of_an_audit(tmp_path):
    rows = list(annotated(written(tmp_path, json.dumps(ROW), json.dumps(ROW | {"doc_id": "d2", "spans": []}))))
    config = Config(model="none", select=("und/*", "en/*"))
    rules, _ = pipeline.rule_set(config)
    done = pipeline.audits(config, [row.document for row in rows], rules=rules, table=pipeline.alias_table(config), fluency=pipeline.Fluency())
    audits = list(done)
    found = sums((row, of_audit(audit, row.document.text)) for row, audit in zip(rows, audits, strict=True))
    assert set(found) == {"de/made-up", "all"}
    marked = sum(len(place.span) for audit in audits for one in audit.findings for place in (one.at, *one.occurrences))
    assert marked > 0
    assert found["all"].ours.found == marked
    assert found["all"].everything == Overlap(2 * len(ROW["tgt"]), 3, 3)
    assert found["all"].segments == 2
    lines = list(page(found, "auditor:0|data:spans.jsonl", draws=20))
    assert lines[-1].startswith("| all | 2 | ")
    assert "spans.jsonl" in lines[2]
    assert not [line for line in lines if "surprisal" in line]


def test_a_threshold_of_surprisal_stands_beside_it(tmp_path):
    (row,) = annotated(written(tmp_path, json.dumps(ROW)))
    found = Found((Span(16, 19),), ((Span(16, 19), 2.0), (Span(0, 2), 1.0)), (Span(11, 19),))
    one = sums([(row, found)])["all"]
    assert (one.ours.f1, one.surprisal) == (1.0, Overlap(8, 3, 3))
    header, _, line, _ = list(page({"all": one, "de/made-up": one}, "none", draws=20))[-4:]
    assert header.count("|") == line.count("|") == 11
    assert "| 1.000 | 0.200 | 0.545 | 1.000 [1.000, 1.000] |" in line
