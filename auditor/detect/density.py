"""Density: weak marks of translation, any of them right by itself, that count where several meet; the only kind that judges a whole text.

A rule lists its marks as patterns. It speaks once a document: where at least `marks` different ones meet, in at least `rate` places per
thousand words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.detect.index import Index, sentences
from auditor.detect.kind import Detector, Kind, Resources, prose
from auditor.rules.model import Schema
from auditor.rules.pattern import finditer, has_capital, views
from auditor.types import Document, Match, Rule, Span


@dataclass(frozen=True, slots=True)
class Marks:
    """A rule with its parameters read: the fewest different patterns that have to be met, and the fewest places per thousand words."""

    rule: Rule
    patterns: tuple[str, ...]
    least: int
    rate: float


def read(rule: Rule) -> Marks:
    """The rule's parameters."""
    patterns = rule.params["match.any"]
    assert isinstance(patterns, tuple)
    return Marks(rule, patterns, int(str(rule.params["marks"])), float(str(rule.params["rate"])))


def check(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is wrong with the rule: more marks asked for than it lists, or one alone, which is no density."""
    marks = read(rule)
    if not 2 <= marks.least <= len(marks.patterns):
        yield "marks", f"has to be from 2 to the number of patterns, {len(marks.patterns)}"


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind: a first match with the other places as occurrences."""
    del resources
    read_rules = [(marks, Index(marks.patterns)) for marks in map(read, rules)]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        words = 0
        for marks, index in read_rules:
            possible = index.found(sentences(document))
            places = [number for number in prose(document) if number in possible]
            if len({number for place in places for number in possible[place]}) < marks.least:
                continue
            words = words or sum(len(document.segments[number].text.split()) for number in prose(document))
            found: dict[Span, int] = {}
            for segment in map(document.segments.__getitem__, places):
                forms = views(segment.text)
                for number in possible[segment.id]:
                    pattern = marks.patterns[number]
                    for hit in finditer(pattern, forms[0] if has_capital(pattern) else forms[-1]):
                        span = Span(segment.span.start + hit.start(), segment.span.start + hit.end())
                        if not any(other.overlaps(span) for other in (*found, *document.quotations)):
                            found[span] = number
            different = len(set(found.values()))
            if different >= marks.least and 1000 * len(found) >= marks.rate * words:
                yield marks.rule, _match(sorted(found), different, words)

    return detect


def _match(places: Sequence[Span], different: int, words: int) -> Match:
    first, *others = places
    return Match(
        first,
        suggestions=(),
        values={"marks": str(different), "places": str(len(places))},
        evidence={"marks": different, "places": len(places), "places_per_1000_words": round(1000 * len(places) / words, 1)},
        occurrences=tuple(others),
    )


KIND = Kind(
    Schema(
        keys={"match.any": "patterns", "marks": "number", "rate": "number"},
        required=frozenset({"match.any", "marks", "rate"}),
        values=frozenset({"marks", "places"}),
        check=check,
    ),
    build,
)
