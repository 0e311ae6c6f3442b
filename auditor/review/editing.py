"""The edits of a text in the coordinates of the text as it was read: how one more is put in, composed with those that it touches, and taken back."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.io.edit import Edit
from auditor.types import Span

Edits = tuple[Edit, ...]
"""Disjoint, in order, never touching one another; each prints its text instead of a span of the original."""

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement in the text as it stands, and what it did to the edits.

    At `start` of the standing text `old` gave way to `new`. It lies `lead` code points into the stretch that prints `origin` of the original:
    `made` is the one edit that holds that stretch now (None: it is again as it was read), `replaced` are the edits that were there before.
    """

    start: int
    old: str
    new: str
    origin: Span
    lead: int
    made: Edit | None
    replaced: Edits

    @property
    def span(self) -> Span:
        """What gave way, in the text before."""
        return Span(self.start, self.start + len(self.old))


def spans(edits: Edits) -> list[Span]:
    """Where the texts of the edits stand now."""
    found, shift = [], 0
    for item in edits:
        start = item.span.start + shift
        found.append(Span(start, start + len(item.text)))
        shift += len(item.text) - len(item.span)
    return found


def edit(original: str, working: str, edits: Edits, span: Span, new: str) -> tuple[Edits, Change]:
    """The edits with one more: `new` for a span of the text as it stands. Edits that it touches become one with it."""
    standing = spans(edits)
    first = sum(item.end < span.start for item in standing)
    last = len(edits) - sum(item.start > span.end for item in standing)
    met, before = edits[first:last], _growth(edits[:first])
    start, end, text, lead = span.start - before, span.end - before - _growth(met), new, 0
    if met and standing[first].start < span.start:
        start, lead = met[0].span.start, span.start - standing[first].start
        text = working[standing[first].start : span.start] + text
    if met and standing[last - 1].end > span.end:
        end, text = met[-1].span.end, text + working[span.end : standing[last - 1].end]
    made = None if original[start:end] == text else Edit(Span(start, end), text)
    change = Change(span.start, working[span.start : span.end], new, Span(start, end), lead, made, met)
    return (*edits[:first], *((made,) if made else ()), *edits[last:]), change


def reverted(working: str, edits: Edits, change: Change) -> tuple[Edits, Change] | None:
    """The edits without a change that was made to them, and the opposite change; None where a later one builds on it or took its place.

    `change.start` may be outdated, other edits may have come before it since. What was composed into it comes back.
    """
    if change.made is not None:
        if change.made not in edits:
            return None
        first = edits.index(change.made)
        left, right = edits[:first], edits[first + 1 :]
    else:
        first = sum(item.span.end < change.origin.start for item in edits)
        left, right = edits[:first], edits[first:]
        if right and right[0].span.start <= change.origin.end:
            return None
    start = change.origin.start + _growth(left) + change.lead
    if working[start : start + len(change.new)] != change.new:
        return None
    taken = (change.made,) if change.made else ()
    return (*left, *change.replaced, *right), Change(start, change.new, change.old, change.origin, change.lead, None, taken)


def _growth(edits: Edits) -> int:
    return sum(len(item.text) - len(item.span) for item in edits)


def shifted(span: Span, change: Change) -> Span | None:
    """Where a span of the text before stands after a change; None where the change touches its words."""
    if span.end <= change.start:
        return span
    if span.start >= change.span.end:
        by = len(change.new) - len(change.old)
        return Span(span.start + by, span.end + by)
    return None


def carried(old: str, new: str, edits: Edits) -> tuple[Edits, Edits]:
    """The edits of a text whose original was changed by others, in the new original; and those whose words are no longer there."""
    kept, lost = [], []
    left, right = (_TOKEN.findall(text) for text in (old, new))
    at_left, at_right = _offsets(left), _offsets(right)
    blocks = difflib.SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    same = [(at_left[a], at_left[a + size], at_right[b]) for a, b, size in blocks]
    for item in edits:
        shift = next((there - start for start, end, there in same if start <= item.span.start and item.span.end <= end), None)
        if shift is None:
            lost.append(item)
        else:
            kept.append(Edit(Span(item.span.start + shift, item.span.end + shift), item.text))
    return tuple(kept), tuple(lost)


def _offsets(tokens: list[str]) -> list[int]:
    offsets = [0]
    for token in tokens:
        offsets.append(offsets[-1] + len(token))
    return offsets


def aligned(found: str, wanted: str) -> Iterator[tuple[int, int]]:
    """For two texts that differ in white space alone: where each visible sign of the one stands in the other."""
    left = (at for at, sign in enumerate(found) if not sign.isspace())
    right = (at for at, sign in enumerate(wanted) if not sign.isspace())
    return zip(left, right, strict=False)


def dumped(edits: Edits) -> str:
    """The edits as the store keeps them."""
    return json.dumps([[item.span.start, item.span.end, item.text] for item in edits], ensure_ascii=False)


def loaded(text: str) -> Edits:
    """The edits that the store kept."""
    return tuple(Edit(Span(start, end), new) for start, end, new in json.loads(text))


def packed(change: Change) -> dict[str, Any]:
    """A change as the log keeps it."""
    return {
        "start": change.start,
        "old": change.old,
        "new": change.new,
        "origin": [change.origin.start, change.origin.end],
        "lead": change.lead,
        "made": dumped((change.made,) if change.made else ()),
        "replaced": dumped(change.replaced),
    }


def unpacked(kept: Mapping[str, Any]) -> Change:
    """The change that the log kept."""
    made = loaded(kept["made"])
    return Change(kept["start"], kept["old"], kept["new"], Span(*kept["origin"]), kept["lead"], made[0] if made else None, loaded(kept["replaced"]))
