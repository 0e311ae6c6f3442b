"""Fragments: a clause that lost its sentence, a sentence that lost its end; the only kind that asks whether a sentence is whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from auditor.detect.kind import Detector, Kind, Resources, strings
from auditor.detect.lines import lines
from auditor.rules.model import Schema
from auditor.rules.pattern import anywhere, words
from auditor.text import language
from auditor.types import Document, Match, Rule, Scope, Segment, Span, Suggestion

_FIRST = re.compile(r"[“\"‘'(]*([a-z][a-z’'-]*)(?![\w.@/:])")
_ENDED = re.compile(r"(?P<word>[^\W\d_]{3,}|\d{2,})(?:\.|\.[”\"’)]|[”\"]\.)$")
_STOPPED = re.compile(r"[.!?…:;][”\"’')\]]*$")
_FINISHED = re.compile(r"(?<!\d)[.!?][”\"’')\]]*$")
_STOPS = ".!?…:;"
_PROSE = (Scope.BODY, Scope.QUOTE)
_SHOWN = 12
"""How many words of a fragment are marked at most: a finding points at a place, it does not repeat the text."""
_TAIL = 4
_TEXT = 8
"""Fewest words of a line that may be taken for a cut sentence."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A rule's parameters: how a fragment begins (`starts`, none: anyhow), how it does not, how a cut line ends."""

    starts: tuple[str, ...]
    vetoes: tuple[str, ...]
    ends: tuple[str, ...]


Finder = Callable[[Document, Shape], Iterator[Match]]


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all fragment rules, each by the finder that it names."""
    del resources
    finders = [(rule, FINDERS[str(rule.params["find"])], _shape(rule)) for rule in rules]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        for rule, find, shape in finders:
            for match in find(document, shape):
                yield rule, match

    return detect


def orphans(document: Document, shape: Shape) -> Iterator[Match]:
    """A clause behind a full stop that begins small and as a sentence cannot begin: it belongs to the sentence before."""
    for before, segment in _small_starts(document):
        if _begins(segment.text, shape):
            yield Match(_shown(segment), related=(before.span,))


def lost_capitals(document: Document, shape: Shape) -> Iterator[Match]:
    """A sentence behind a full stop that begins small and is whole: only its capital is missing."""
    for _, segment in _small_starts(document):
        first = _FIRST.match(segment.text)
        if first and _begins(segment.text, shape):
            span = Span(segment.span.start + first.start(1), segment.span.start + first.end(1))
            yield Match(span, suggestions=(Suggestion(first[1][:1].upper() + first[1][1:], safe=True),))


def small_openings(document: Document, shape: Shape) -> Iterator[Match]:
    """A paragraph that opens with a small letter and ends like a sentence, where the paragraph before, if any, is finished."""
    for number, segment in enumerate(document.segments):
        if segment.text[0].isupper() or segment.scope not in _PROSE or (number and not _is_apart(document, document.segments[number - 1], segment)):
            continue
        first = _FIRST.match(segment.text)
        if first is None or not _ENDED.search(segment.text) or len(segment.text.split()) < _TEXT or not _begins(segment.text, shape):
            continue
        if "-" in first[1] or segment.text[0] == "(":
            continue
        if first[1] in _particles() and segment.text[first.end() :].lstrip()[:1].isupper():
            continue
        span = Span(segment.span.start + first.start(1), segment.span.start + first.end(1))
        yield Match(span, suggestions=(Suggestion(first[1][:1].upper() + first[1][1:], safe=True),))


def _is_apart(document: Document, before: Segment, segment: Segment) -> bool:
    """Whether a segment opens a paragraph of its own: behind a finished one, or below a headline and an empty line."""
    if before.block == segment.block:
        return False
    headed = before.scope not in _PROSE and document.text.count("\n", before.span.end, segment.span.start) > 1
    return headed or _FINISHED.search(before.text) is not None


def _small_starts(document: Document) -> Iterator[tuple[Segment, Segment]]:
    """Sentences of one block with a small first letter behind a full stop, with the sentence before. Brands, name particles, what follows an
    abbreviation and speech as spoken are left out."""
    for before, segment in pairwise(document.segments):
        if segment.text[0].isupper():
            continue
        first = _FIRST.match(segment.text)
        if first is None or segment.block != before.block or segment.scope not in _PROSE or before.scope not in _PROSE:
            continue
        ended = _ENDED.search(before.text)
        if ended is None or ended["word"].casefold() in _abbreviations(document.provenance.target_lang):
            continue
        following = segment.text[first.end() :].lstrip()
        if first[1] in _particles() and following[:1].isupper():
            continue
        if not any(quotation.covers(segment.span) for quotation in document.quotations):
            yield before, segment


def _begins(text: str, shape: Shape) -> bool:
    """Whether the text begins as the rule asks."""
    starts = not shape.starts or any(words(pattern).match(text) for pattern in shape.starts)
    return starts and not any(words(pattern).match(text) for pattern in shape.vetoes)


def _shown(segment: Segment) -> Span:
    found = list(re.finditer(r"\S+", segment.text))
    last = found[min(len(found), _SHOWN) - 1].end()
    return Span(segment.span.start, segment.span.start + last)


def cuts(document: Document, shape: Shape) -> Iterator[Match]:
    """A line of text that breaks off at a word that cannot end a sentence."""
    blocks = {block.span.end for block in document.blocks}
    for line in lines(document.text):
        if line.text[-1] in _STOPS or (not line.text[-1].isalnum() and _STOPPED.search(line.text)) or (blocks and line.span.end not in blocks):
            continue
        if len(line.text.split()) < _TEXT:
            continue
        found = list(re.finditer(r"\S+", line.text))
        ending = any(match.end() == len(line.text) for pattern in shape.ends for match in anywhere(pattern).finditer(line.text))
        if ending and not any(anywhere(pattern).search(line.text) for pattern in shape.vetoes):
            yield Match(Span(line.span.start + found[-_TAIL].start(), line.span.end))


@cache
def _abbreviations(code: str) -> frozenset[str]:
    facts = language.language(code)
    return frozenset(word.casefold().rstrip(".") for word in (*facts.abbreviations, *facts.weak_abbreviations))


@cache
def _particles() -> frozenset[str]:
    return frozenset(word for particle in language.words("particles") for word in particle.split())


FINDERS: Mapping[str, Finder] = {"cuts": cuts, "lost-capitals": lost_capitals, "orphans": orphans, "small-openings": small_openings}


def _shape(rule: Rule) -> Shape:
    return Shape(starts=strings(rule, "start.any"), vetoes=strings(rule, "match.except"), ends=strings(rule, "end.any"))


KIND = Kind(
    Schema(
        keys={"find": "string", "start.any": "patterns", "end.any": "patterns", "match.except": "patterns"},
        required=frozenset({"find"}),
        choices={"find": tuple(FINDERS)},
    ),
    build,
)
