"""Which of several hits on one place is reported: a deletion beats a rewording, then severity, then confidence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from auditor.types import Match, Rule, Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hit that survived verification, with its confidence settled and the ids of the rules that it beat."""

    rule: Rule
    match: Match
    confidence: float
    beaten: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[bool, int, float, int, Span, str, tuple[Span, ...]]:
        """Sorts the winner first: deletion, severity, confidence, the longer span; then by place and id, so that no two are alike."""
        rewords = all(s.text for s in self.match.suggestions or ())
        severity = self.match.severity or self.rule.severity
        return rewords, -severity.rank, -self.confidence, -len(self.match.span), self.match.span, self.rule.id, self.match.occurrences


def resolve(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates that share no code point, in order of place.

    A place that a better candidate holds is taken from the occurrences of the others; a candidate whose first place is held moves to its
    next free one; one without any is dropped. Either way its rule is named in `beaten` of the winner.
    """
    taken = _Taken()
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: c.order):
        free: list[Span] = []
        losers: list[int] = []
        for span in sorted({candidate.match.span, *candidate.match.occurrences}):
            holder = taken.holder(span)
            if holder is not None:
                losers.append(holder)
            elif not free or span.start >= free[-1].end:
                free.append(span)
        for index in dict.fromkeys(losers):
            if candidate.rule.id not in (kept[index].rule.id, *kept[index].beaten):
                kept[index] = replace(kept[index], beaten=(*kept[index].beaten, candidate.rule.id))
        if free:
            first, *rest = free
            for span in free:
                taken.add(span, len(kept))
            kept.append(replace(candidate, match=replace(candidate.match, span=first, occurrences=tuple(rest))))
    return sorted(kept, key=lambda c: (c.match.span, c.rule.id))


class _Taken:
    """Disjoint spans and who holds each; both calls cost a binary search."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._holders: list[int] = []

    def holder(self, span: Span) -> int | None:
        """Who holds a code point of `span`; of several the first in the text."""
        place = bisect_right(self._spans, span.start, key=lambda held: held.end)
        return self._holders[place] if place < len(self._spans) and self._spans[place].overlaps(span) else None

    def add(self, span: Span, holder: int) -> None:
        """Gives a free span to `holder`."""
        place = bisect_right(self._spans, span)
        self._spans.insert(place, span)
        self._holders.insert(place, holder)


def inside(span: Span, spans: Iterable[Span]) -> bool:
    """Whether `span` lies wholly within one of `spans`."""
    return any(other.covers(span) for other in spans)
