"""Residue: what a page brought along, such as player text, teasers and credits; the only kind that judges a line by its place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from auditor.detect.index import Index, in_folded
from auditor.detect.kind import Detector, Kind, Resources, strings
from auditor.detect.lines import BOTTOM, TOP, Line, lines
from auditor.errors import nearest
from auditor.rules.model import Schema
from auditor.rules.pattern import EDGE, anywhere, translate
from auditor.text import language
from auditor.types import Document, Match, Rule, Scope, Segment, Span

ANCHORS = ("whole-line", "line-start", "line-end", "sentence-start", "anywhere")
PLACES = ("anywhere", "inside", "top", "bottom", "last-line")
_EDGES = ("top", "bottom", "last-line")
EXTENTS = ("match", "line", "rest")
_FIELD = re.compile(r"\{([a-z_]+)\}")
_FIELDS = ("credit_words", "teaser_openers", "caption_openers", "months", "weekdays")
_MARKS = r"[•·▪■►▶▸→➜>»|*–—+#-]*\s*"
"""Bullets and arrows that may stand before a line of furniture."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """A rule with its parameters read: `longest` is the most words that its line may have, 0 for any number; `outside` the scopes, as the
    file's format states them, in which it is silent (a credit is right in a caption); `excuses` what in the whole text makes it right (the
    footnote to a mark)."""

    rule: Rule
    patterns: tuple[str, ...]
    vetoes: tuple[str, ...]
    anchor: str
    place: str
    extent: str
    longest: int
    outside: frozenset[Scope]
    excuses: tuple[str, ...]

    @property
    def at_edge(self) -> bool:
        """Whether it is furniture of the top or the bottom alone."""
        return self.place in _EDGES


def read(rule: Rule) -> Furniture:
    """The rule's parameters."""
    return Furniture(
        rule=rule,
        patterns=strings(rule, "match.any"),
        vetoes=strings(rule, "match.except"),
        anchor=str(rule.params["anchor"]),
        place=str(rule.params.get("at", PLACES[0])),
        extent=str(rule.params.get("extent", EXTENTS[0])),
        longest=int(str(rule.params.get("longest", 0))),
        outside=frozenset(map(Scope, strings(rule, "outside"))),
        excuses=strings(rule, "near.none"),
    )


def check(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is wrong with the rule: placeholders that do not exist."""
    for key in ("match.any", "match.except"):
        for field in (field for pattern in strings(rule, key) for field in _FIELD.findall(pattern)):
            if field not in _FIELDS:
                yield key, f"has an unknown placeholder {{{field}}}{nearest(field, _FIELDS)}"


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all residue rules: every line is held against the patterns that may stand there."""
    del resources
    furniture = [read(rule) for rule in rules]
    numbered = [(piece, pattern) for piece in furniture for pattern in piece.patterns]
    index = Index([_FIELD.sub(r"\\w+", pattern) for _, pattern in numbered])

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        places: dict[str, list[Span]] = {}
        stated = {block.span: block.scope for block in document.blocks if block.scope}
        page = lines(document.text)
        for at, numbers in index.found(in_folded([line.text for line in page])).items():
            line, found = page[at], dict[str, tuple[Furniture, list[tuple[int, int]]]]()
            count = len(line.text.split())
            edge = line.number < TOP or line.left < BOTTOM
            for piece, pattern in map(numbered.__getitem__, numbers):
                if (
                    (edge or not piece.at_edge)
                    and _may_stand(piece, line, count)
                    and (here := _places(document, piece, _anchored(pattern, piece.anchor), line))
                ):
                    found.setdefault(piece.rule.id, (piece, []))[1].extend(here)
            for piece, here in found.values():
                if _scope(stated, line) not in piece.outside:
                    places.setdefault(piece.rule.id, []).extend(_kept(piece, here, line))
        for piece in (piece for piece in furniture if places.get(piece.rule.id)):
            if piece.excuses and any(anywhere(pattern).search(document.text) for pattern in piece.excuses):
                continue
            for first, others in _alike(document.text, places[piece.rule.id]):
                yield piece.rule, Match(span=first, occurrences=others)

    return detect


def _may_stand(piece: Furniture, line: Line, words: int) -> bool:
    if piece.longest and words > piece.longest:
        return False
    match piece.place:
        case "top":
            return line.number < TOP
        case "bottom":
            return line.left < BOTTOM
        case "last-line":
            return line.left == 0
        case _:
            return True


def _scope(stated: Mapping[Span, Scope], line: Line) -> Scope | None:
    """What the format says that the line is, if it says so."""
    return next((scope for span, scope in stated.items() if span.covers(line.span)), None)


def _kept(piece: Furniture, found: Iterable[tuple[int, int]], line: Line) -> Iterator[Span]:
    """Those spans of the rule in one line that stand, none overlapping."""
    if any(_compiled(veto, "{}").search(line.text) for veto in piece.vetoes):
        return
    end = -1
    for start, stop in sorted(found):
        if start >= end and not (piece.place == "inside" and line.number == start == 0):
            end = stop if piece.extent == "match" else len(line.text)
            begin = 0 if piece.extent == "line" else start
            yield Span(line.span.start + begin, line.span.start + end)
        if piece.extent == "line":
            return


def _places(document: Document, piece: Furniture, pattern: re.Pattern[str], line: Line) -> list[tuple[int, int]]:
    """Where a pattern matches in the line from the places at which it is anchored."""
    if piece.anchor == "anywhere":
        return [match.span() for match in pattern.finditer(line.text) if match.group()]
    if piece.anchor == "sentence-start":
        first, last = (bisect_left(document.segments, at, key=_start) for at in (line.span.start, line.span.end))
        matches = [pattern.match(line.text, segment.span.start - line.span.start) for segment in document.segments[first:last]]
        return [match.span() for match in matches if match]
    match = pattern.search(line.text) if piece.anchor == "line-end" else pattern.match(line.text)
    return [match.span()] if match else []


def _start(segment: Segment) -> int:
    return segment.span.start


def _alike(text: str, spans: list[Span]) -> Iterator[tuple[Span, tuple[Span, ...]]]:
    """Spans of one wording together: the first, and the others."""
    groups: dict[str, list[Span]] = {}
    for span in spans:
        groups.setdefault(" ".join(text[span.start : span.end].casefold().split()), []).append(span)
    for first, *others in groups.values():
        yield first, tuple(others)


@cache
def _anchored(pattern: str, anchor: str) -> re.Pattern[str]:
    frame = {
        "whole-line": rf"\A{_MARKS}(?:{{}})\Z",
        "line-start": rf"\A{_MARKS}(?:{{}}){EDGE}",
        "line-end": rf"{EDGE}(?:{{}})\Z",
        "sentence-start": rf"{_MARKS}(?:{{}}){EDGE}",
        "anywhere": rf"{EDGE}(?:{{}}){EDGE}",
    }[anchor]
    return _compiled(pattern, frame)


@cache
def _compiled(pattern: str, frame: str) -> re.Pattern[str]:
    """The pattern in its frame, in any case unless it holds a capital; a placeholder stands for that field's words of all languages."""

    def words(field: re.Match[str]) -> str:
        return f"(?i:{_words(field[1])})" if field[1] == "teaser_openers" else f"(?-i:{_words(field[1])})"

    plain = re.sub(r"\\.|\{[a-z_]+\}", "", pattern)
    expanded = _FIELD.sub(words, translate(pattern))
    return re.compile(frame.replace("{}", expanded), re.NOFLAG if plain != plain.lower() else re.IGNORECASE)


@cache
def _words(field: str) -> str:
    return "|".join(re.escape(word).replace("\\ ", r"\s+") for word in language.words(field))


KIND = Kind(
    Schema(
        keys={
            "match.any": "patterns",
            "match.except": "patterns",
            "anchor": "string",
            "at": "string",
            "extent": "string",
            "longest": "number",
            "outside": "strings",
            "near.none": "patterns",
        },
        required=frozenset({"match.any", "anchor"}),
        choices={"anchor": ANCHORS, "at": PLACES, "extent": EXTENTS, "outside": tuple(Scope)},
        check=check,
    ),
    build,
)
