"""A comparison as an editor reads it and as a record for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.judge.wording import shorten
from auditor.story.compare import Comparison, Disagreement
from auditor.types import Located

SCHEMA = "auditor-story/1"

_MARKS = '“”„«»"‹›「」 '
_PLURALS = {"number": "Numbers", "date": "Dates and times", "name": "Names", "quotation": "Quotations"}


def lines(comparison: Comparison) -> Iterator[str]:
    """The comparison line by line: how much belongs together, the metrics, and the disagreements by kind with each side's words and place."""
    theirs = "the " + comparison.against
    yield f"{comparison.ours.path} beside {theirs} {comparison.theirs.path}"
    paired = sum(bool(bead.ours and bead.theirs) for bead in comparison.beads)
    mine, other = comparison.without_partner
    yield f"  {paired:,} pairs of sentences; without a partner: {mine:,} of the text, {other:,} of {theirs}"
    for metric in comparison.metrics:
        yield f"  {metric.name} {metric.score:.2f}  {metric.signature}"
    if not comparison.disagreements:
        yield "  No number, date, name or quotation was found in which they disagree."
    for kind, title in _PLURALS.items():
        found = [item for item in comparison.disagreements if item.kind == kind]
        if found:
            yield ""
            yield f"  {title}"
            yield from (f"    {_line(item, theirs)}" for item in found)


def _line(item: Disagreement, theirs: str) -> str:
    if item.ours is None:
        assert item.theirs is not None
        return f"only in {theirs}: {_said(item.theirs)}"
    if item.theirs is None:
        return f"only in the text: {_said(item.ours)}"
    return f"{_said(item.ours)} – {theirs} has {_said(item.theirs)}"


def _said(place: Located) -> str:
    return f"“{shorten(place.text, most=70).strip(_MARKS)}” (line {place.line})"


def record(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain values; places count in code points of the files as loaded."""
    mine, other = comparison.without_partner
    return {
        "against": comparison.against,
        "path": comparison.theirs.path,
        "pairs": sum(bool(bead.ours and bead.theirs) for bead in comparison.beads),
        "without_partner": {"text": mine, comparison.against: other},
        "metrics": [{"name": metric.name, "score": metric.score, "signature": metric.signature} for metric in comparison.metrics],
        "alignment": [
            {"text": list(bead.ours), comparison.against: list(bead.theirs), "likeness": round(bead.likeness, 3)} for bead in comparison.beads
        ],
        "disagreements": [
            {"kind": item.kind, "text": _place(item.ours), comparison.against: _place(item.theirs)} for item in comparison.disagreements
        ],
    }


def _place(place: Located | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"text": place.text, "part": place.part, "start": place.span.start, "end": place.span.end, "line": place.line, "column": place.column}
