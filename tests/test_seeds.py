"""The two seed documents: what an editor has to fix in them is found, and hardly anything else."""

import importlib.util
import json
from itertools import pairwise
from pathlib import Path

import pytest

SEEDS = Path(__file__).parent.parent / "seeds"
_spec = importlib.util.spec_from_file_location("seed_score", SEEDS / "score.py")
score = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(score)


@pytest.mark.model
def test_every_target_is_met_and_little_else_is_said(auditor, model):
    ran = auditor("audit", *sorted(SEEDS.glob("*.txt")), "--isolated", "-f", "jsonl")
    assert ran.code == 0
    found = [json.loads(line) for line in ran.out.splitlines()]
    result = score.judge(found, score.rows(SEEDS / "gold.jsonl"))
    assert result["missed"] == []
    assert score.passes(result), result["outside"]
    spans = sorted((f["path"], place["start"], place["end"]) for f in found for place in (f, *f["occurrences"]))
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(spans))


def test_the_french_spelling_is_explained_by_the_english_one_in_the_same_text(auditor):
    ran = auditor("audit", SEEDS / "000_d50cdef0a4f7578f.txt", "--model", "none", "-f", "jsonl")
    (found,) = [row for row in map(json.loads, ran.out.splitlines()) if row["text"] == "Hachd al-Chaabi"]
    assert [place["text"] for place in found["related"]] == ["Hashd al-Shaabi"]
    assert found["suggestions"][0] == {"text": "Hashd al-Shaabi", "safe": True}
    assert found["evidence"]["convention"] == "fr"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda rows: rows[1:], "a target is missed"),
        (lambda rows: [*rows, *({**rows[0], "start": n, "end": n + 1} for n in (10, 20, 30, 40, 50))], "more than four are outside"),
        (lambda rows: [*rows, {**rows[0], "start": 10, "end": 11, "severity": "major"}], "a major one is outside"),
    ],
)
def test_the_scorer_can_fail(change, reason):
    gold = score.rows(SEEDS / "gold.jsonl")
    perfect = [{**g, "rule": "x", "message": " ".join(g["about"])} for g in gold if g["must"]]
    assert score.passes(score.judge(perfect, gold))
    assert not score.passes(score.judge(change(perfect), gold)), reason
