"""Minimal pairs: read, or refused with their place; drawn the same way each time; the side of lower cost is preferred and a tie is none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import pipeline
from auditor.config import Config
from auditor.errors import InputError
from auditor.evaluate.pairs import FEW, Pair, cost, drawn, page, pairs, sums
from auditor.types import Audit, Document, Extract, Provenance, Quality, Run, Score, Triage

ROW = {"good": "The dam holds.", "bad": "The dam dam dam dam holds.", "phenomenon": "repeat", "src_lang": "de", "dataset": "made-up"}


def written(tmp_path, *lines):
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def made(phenomenon, number):
    return Pair(phenomenon, Document("g", f"Good {number}."), Document("b", f"Bad {number}."))


def audit_of(*scores):
    nothing = Quality(None, None, None, None, 0, 0)
    return Audit("a", None, Provenance(), 4, 1, (), tuple(Score(0, *one) for one in scores), Extract("a", None), nothing, Triage.FINE, (), ())


def test_reads_pairs(tmp_path):
    (pair,) = pairs(written(tmp_path, json.dumps(ROW), ""))
    assert (pair.phenomenon, pair.good.text, pair.bad.text) == ("made-up/repeat", ROW["good"], ROW["bad"])
    assert pair.bad.provenance.source_lang == "de"


@pytest.mark.parametrize("line", ["{", "[]", '{"good": "x", "bad": "y"}', '{"good": "x", "bad": " ", "phenomenon": "p"}', '{"good": 1}'])
def test_a_row_that_is_none_is_named_with_its_line(tmp_path, line):
    with pytest.raises(InputError, match=r"pairs\.jsonl: line 2: "):
        list(pairs(written(tmp_path, json.dumps(ROW), line)))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="none"):
        list(pairs(tmp_path / "none.jsonl"))


@given(st.permutations(range(3 * FEW)), st.integers(1, 2 * FEW))
def test_the_draw_depends_on_the_pairs_alone(order, most):
    group = [made("d/p", number) for number in range(3 * FEW)]
    chosen = drawn((group[number] for number in order), most)
    assert chosen == drawn(group, most)
    assert len(chosen) == most


def test_rare_phenomena_stand_together():
    found = drawn([made("d/often", number) for number in range(FEW)] + [made("d/once", 1), made("d/twice / thrice", 2), made("lone", 3)], 100)
    assert {pair.phenomenon for pair in found} == {"d/often", "d/other", "other"}


@given(st.floats(1, 200), st.integers(1, 60))
def test_fluency_costs_more_for_more_surprisal_and_nothing_unscored(surprisal, tokens):
    assert cost(audit_of((-surprisal, tokens)))[1] < cost(audit_of((-surprisal - 1, tokens)))[1]
    assert cost(audit_of((-surprisal, tokens)))[1] > cost(audit_of((-surprisal, tokens + 1)))[1]
    assert cost(audit_of()) == (0, 0.0)


def test_findings_decide_and_a_tie_counts_as_wrong(tmp_path):
    same = ROW | {"bad": ROW["good"]}
    found = list(pairs(written(tmp_path, json.dumps(ROW), json.dumps(same))))
    config = Config(model="none", select=("en/*",))
    rules, _ = pipeline.rule_set(config)
    sides = [side for pair in found for side in (pair.good, pair.bad)]
    done = list(pipeline.audits(config, sides, rules=rules, table=pipeline.alias_table(config), fluency=pipeline.Fluency()))
    one = sums(zip(found, done[::2], done[1::2], strict=True))["made-up/repeat"]
    assert (one.pairs, one.right, one.fluent, one.told, one.told_right) == (2, 1, 0, 1, 1)
    lines = list(page({"made-up/repeat": one}, Run("0", "0" * 64, 1, "none"), data=["pairs.jsonl"]))
    assert "pairs.jsonl" in lines[2]
    assert lines[-1].startswith("| made-up/repeat | 2 | 0.50 (")
