"""Phrases: a wording that gives translation away, perhaps only beside certain topics; the only kind that reads patterns in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.detect.index import Index
from auditor.detect.kind import Detector, Kind, Resources, strings
from auditor.detect.suggestion import fill, problem
from auditor.rules.model import Schema
from auditor.rules.pattern import anywhere, finditer, has_capital, views
from auditor.types import Document, Match, Rule, Scope, Segment, Span, Suggestion

SCOPES = (Scope.BODY, Scope.QUOTE, Scope.HEADLINE, Scope.CROSSHEAD, Scope.CAPTION)
_REACH = re.compile(r"(?:\W*\w+){0,4}\W*")
_WITHIN = ("document", "sentence")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A rule with its parameters read."""

    rule: Rule
    patterns: tuple[str, ...]
    vetoes: tuple[str, ...]
    topics: tuple[str, ...]
    antitopics: tuple[str, ...]
    near_sentence: bool
    source: tuple[str, ...]
    scopes: frozenset[Scope]
    exact: bool


def read(rule: Rule) -> Phrase:
    """The rule's parameters."""
    return Phrase(
        rule=rule,
        patterns=strings(rule, "match.any"),
        vetoes=strings(rule, "match.except"),
        topics=strings(rule, "near.any"),
        antitopics=strings(rule, "near.none"),
        near_sentence=rule.params.get("near.within") == "sentence",
        source=strings(rule, "source.any"),
        scopes=frozenset(map(Scope, strings(rule, "scope") or SCOPES)),
        exact=bool(rule.params.get("case", False)),
    )


def check(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is wrong with the rule: suggestions that fit none of its patterns."""
    for template in rule.suggest:
        if wrong := problem(template, strings(rule, "match.any")):
            yield "suggest", wrong


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all phrase rules: a word index picks the patterns that a sentence can match, the rest is regular expressions."""
    del resources
    phrases = [read(rule) for rule in rules]
    numbered = [(phrase, pattern) for phrase in phrases for pattern in phrase.patterns]
    index = Index([pattern for _, pattern in numbered])

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        topics: dict[tuple[str, ...], bool] = {}
        for segment in document.segments:
            found: dict[str, tuple[Phrase, list[tuple[Span, re.Match[str], str]]]] = {}
            forms = views(segment.text, headline=segment.scope is Scope.HEADLINE)
            for number in index.candidates(segment.text):
                phrase, pattern = numbered[number]
                if segment.scope in phrase.scopes:
                    hits = [(span, match, pattern) for span, match in _search(pattern, _forms(phrase, pattern, forms))]
                    if hits:
                        found.setdefault(phrase.rule.id, (phrase, []))[1].extend(hits)
            for phrase, hits in found.values():
                if _guarded(phrase, document, segment, topics):
                    for span, match, pattern in _widest(hits):
                        if not _vetoed(phrase, segment.text, span):
                            yield phrase.rule, _match(phrase, segment, span, match, pattern)

    return detect


def _forms(phrase: Phrase, pattern: str, forms: Sequence[str]) -> Sequence[str]:
    """The forms of a segment that can matter: a pattern without capitals finds all it can in the one with the fewest."""
    if phrase.exact:
        return forms[:1]
    return forms if has_capital(pattern) else forms[-1:]


def _search(pattern: str, forms: Sequence[str]) -> Iterator[tuple[Span, re.Match[str]]]:
    """Matches in the forms of a segment, each span once; the form as it stands comes first."""
    seen = set()
    for form in forms:
        for match in finditer(pattern, form):
            span = Span(*match.span())
            if len(span) and span not in seen:
                seen.add(span)
                yield span, match


def _widest(hits: list[tuple[Span, re.Match[str], str]]) -> Iterator[tuple[Span, re.Match[str], str]]:
    """Of matches that overlap, the first and of these the longest."""
    end = -1
    for span, match, pattern in sorted(hits, key=lambda hit: (hit[0].start, -hit[0].end)):
        if span.start >= end:
            end = span.end
            yield span, match, pattern


def _guarded(phrase: Phrase, document: Document, segment: Segment, topics: dict[tuple[str, ...], bool]) -> bool:
    """Whether the topic and the source text allow the rule here. A source text that is not there cannot object."""

    def about(patterns: tuple[str, ...]) -> bool:
        if phrase.near_sentence:
            return _any(patterns, segment.text)
        if patterns not in topics:
            topics[patterns] = _any(patterns, document.text)
        return topics[patterns]

    if phrase.source and segment.source is not None and not _any(phrase.source, segment.source):
        return False
    return (not phrase.topics or about(phrase.topics)) and not (phrase.antitopics and about(phrase.antitopics))


def _vetoed(phrase: Phrase, text: str, span: Span) -> bool:
    """Whether an exception overlaps the match or stands within four words of it."""
    if not phrase.vetoes:
        return False
    before = _REACH.match(text[: span.start][::-1])
    after = _REACH.match(text, span.end)
    near = Span(span.start - len(before.group() if before else ""), after.end() if after else span.end)
    return any(Span(*found.span()).overlaps(near) for veto in phrase.vetoes for found in anywhere(veto).finditer(text))


def _match(phrase: Phrase, segment: Segment, span: Span, match: re.Match[str], pattern: str) -> Match:
    standing = segment.text[span.start : span.end]
    filled = (fill(template, match, pattern, standing) for template in phrase.rule.suggest)
    texts = dict.fromkeys(text for text in filled if text is not None and text != standing)
    return Match(
        span=Span(segment.span.start + span.start, segment.span.start + span.end),
        suggestions=tuple(Suggestion(text) for text in texts),
    )


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(anywhere(pattern).search(text) for pattern in patterns)


KIND = Kind(
    Schema(
        keys={
            "match.any": "patterns",
            "match.except": "patterns",
            "near.any": "patterns",
            "near.none": "patterns",
            "near.within": "string",
            "scope": "strings",
            "source.any": "patterns",
            "case": "flag",
        },
        required=frozenset({"match.any"}),
        choices={"scope": tuple(Scope), "near.within": _WITHIN},
        check=check,
    ),
    build,
)
