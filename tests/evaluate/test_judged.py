"""Judgements of hits: kept without their text, counted with an interval, and what they make of a rule's status."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import InputError
from auditor.evaluate import judged, status
from auditor.evaluate.rates import Tally
from auditor.types import Rule, Severity, Status

RULE = Rule("en/x", None, "en", "phrase", {}, "m", "style/awkward", Severity.MINOR)


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_holds_the_share_and_narrows(right: int, wrong: int) -> None:
    low, high = judged.interval(right, right + wrong)
    assert 0.0 <= low <= high <= 1.0
    if right + wrong:
        assert low - 1e-9 <= right / (right + wrong) <= high + 1e-9
        wide = judged.interval(right * 4, (right + wrong) * 4)
        assert wide[1] - wide[0] <= high - low + 1e-9


def test_wilson_as_published() -> None:
    low, high = judged.interval(81, 263)
    assert (round(low, 3), round(high, 3)) == (0.255, 0.366)


def test_verdicts_are_taken_without_the_text(tmp_path) -> None:
    hits = tmp_path / "hits.jsonl"
    row = {"rule": "en/x", "context": "ab12", "verdict": "right", "text": "secret", "sentence": "a secret sentence", "path": "p"}
    hits.write_text(json.dumps(row) + "\n" + json.dumps({**row, "context": "cd", "verdict": ""}) + "\n", encoding="utf-8")
    store = tmp_path / "judged.jsonl"
    judged.write(store, judged.taken(hits, "2026-01-31"))
    assert "secret" not in store.read_text(encoding="utf-8")
    assert judged.read(store) == (judged.Judgement("en/x", "ab12", "right", "2026-01-31"),)


def test_readings_of_native_hits_are_kept_apart(tmp_path) -> None:
    hits, store = tmp_path / "hits.jsonl", tmp_path / "judged.jsonl"
    rows = [{"rule": "en/x", "context": name, "verdict": verdict, "on": on} for name, verdict, on in (("a", "right", "mt"), ("b", "wrong", "native"))]
    hits.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    judged.write(store, judged.taken(hits, "2026-01-31"))
    known = judged.read(store)
    assert judged.sums(known) == {"en/x": (1, 1)}
    assert judged.sums(known, on="native") == {"en/x": (0, 1)}
    assert store.read_text(encoding="utf-8").count('"on"') == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1: is no JSON"),
        ('{"rule": "a", "context": "b", "verdict": "good", "date": "2026-01-31"}', "line 1: verdict “good”"),
        ('{"rule": "a", "context": "b", "verdict": "right", "date": "today"}', "line 1: date “today”"),
        ('{"rule": "a", "context": "b", "verdict": "right", "date": "2026-01-31", "text": "quoted"}', "nothing else"),
    ],
)
def test_a_wrong_line_is_said_with_file_and_line(tmp_path, line: str, said: str) -> None:
    (tmp_path / "j.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        judged.read(tmp_path / "j.jsonl")


def _native(hits: int, sentences: int = 100_000) -> Tally:
    return Tally(sentences=sentences, hits=Counter({"en/x": hits}))


@pytest.mark.parametrize(
    ("hits", "right", "count", "expected"),
    [
        (0, 10, 10, Status.STABLE),
        (10, 10, 11, Status.STABLE),
        (0, 9, 9, None),
        (11, 10, 10, Status.PREVIEW),
        (50, 28, 30, Status.STABLE),
        (50, 26, 30, Status.PREVIEW),
        (0, 8, 10, Status.PREVIEW),
        (0, 0, 0, None),
    ],
)
def test_status_by_figures(hits: int, right: int, count: int, expected: Status | None) -> None:
    found = status.earned(RULE, _native(hits), (right, count))
    assert (found.status if found else None) == expected


def test_status_is_written_into_its_rule_alone(tmp_path) -> None:
    pack = tmp_path / "en.toml"
    pack.write_text('[y]\nkind = "phrase"\nstatus = "preview"\n\n[x]\nkind = "phrase"\nmessage = "m"\n[[x.bad]]\ntext = "[[a]]"\n', encoding="utf-8")
    verdict = status.Verdict(Status.STABLE, "10 of 10 judged hits right; 0.0 per 10,000 native sentences")
    assert status.write(tmp_path, [RULE], {"en/x": verdict}) == ("en/x",)
    text = pack.read_text(encoding="utf-8")
    assert text.count('status = "stable"  # 10 of 10') == 1
    assert text.index('status = "stable"') > text.index("[x]")
    assert status.write(tmp_path, [replace(RULE, status=Status.STABLE)], {"en/x": verdict}) == ()
