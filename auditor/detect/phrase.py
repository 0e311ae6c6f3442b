"""Phrases: a wording that gives translation away, perhaps only beside certain topics; the only kind that reads patterns in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from auditor.detect.index import Index, sentences
from auditor.detect.kind import Detector, Kind, Resources, strings
from auditor.detect.suggestion import fill, problem
from auditor.errors import nearest
from auditor.rules.model import Schema
from auditor.rules.pattern import EDGE, anywhere, finditer, has_capital, translate, views
from auditor.rules.topics import topics
from auditor.text.language import codes
from auditor.types import Document, Match, Rule, Scope, Segment, Span, Suggestion

SCOPES = (Scope.BODY, Scope.QUOTE, Scope.HEADLINE, Scope.CROSSHEAD, Scope.CAPTION)
_REACH = re.compile(r"(?:\W*\w+){0,4}\W*")
_WITHIN = ("document", "sentence")


@dataclass(frozen=True, slots=True)
class Beside:
    """What has to stand right before or behind a match (one of `wanted`, if there are any) and what must not."""

    wanted: tuple[re.Pattern[str], ...] = ()
    refused: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A rule with its parameters read. `topics` are those of the rule and of the shared lists that it names; `languages` the source languages
    that it is for (none: those of its pack); `unquoted`: silent inside quotation marks; `company`: how many other rules have to fire in the
    text, none of which asks for company itself."""

    rule: Rule
    patterns: tuple[str, ...]
    vetoes: tuple[str, ...]
    topics: tuple[str, ...]
    antitopics: tuple[str, ...]
    near_sentence: bool
    source: tuple[str, ...]
    scopes: frozenset[Scope]
    exact: bool
    languages: frozenset[str] = frozenset()
    unquoted: bool = False
    company: int = 0
    before: Beside = Beside()
    after: Beside = Beside()


def read(rule: Rule) -> Phrase:
    """The rule's parameters."""
    return Phrase(
        rule=rule,
        patterns=strings(rule, "match.any"),
        vetoes=strings(rule, "match.except"),
        topics=(*strings(rule, "near.any"), *(word for name in strings(rule, "near.topics") for word in topics()[name])),
        antitopics=strings(rule, "near.none"),
        near_sentence=rule.params.get("near.within") == "sentence",
        source=strings(rule, "source.any"),
        scopes=frozenset(map(Scope, strings(rule, "scope") or SCOPES)),
        exact=bool(rule.params.get("case", False)),
        languages=frozenset(strings(rule, "sources")),
        unquoted=bool(rule.params.get("unquoted", False)),
        company=int(str(rule.params.get("company", 0))),
        before=Beside(*(tuple(map(_ending, strings(rule, key))) for key in ("before.any", "before.none"))),
        after=Beside(*(tuple(map(_opening, strings(rule, key))) for key in ("after.any", "after.none"))),
    )


@cache
def _ending(pattern: str) -> re.Pattern[str]:
    """The pattern on whole words at the end of what stands before a match."""
    return re.compile(rf"{EDGE}(?:{translate(pattern)})\s*\Z", re.NOFLAG if has_capital(pattern) else re.IGNORECASE)


@cache
def _opening(pattern: str) -> re.Pattern[str]:
    """The pattern on whole words at the start of what stands behind a match."""
    return re.compile(rf"\s*(?:{translate(pattern)}){EDGE}", re.NOFLAG if has_capital(pattern) else re.IGNORECASE)


def check(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is wrong with the rule: suggestions that fit none of its patterns, topics that no list has, languages that nobody knows."""
    for name in strings(rule, "near.topics"):
        if name not in topics():
            yield "near.topics", f"names no list of topics: “{name}”{nearest(name, topics())}"
    for code in strings(rule, "sources"):
        if code not in codes():
            yield "sources", f"is no language of ours: “{code}”{nearest(code, codes())}"
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
        hits = list(_hits(document, index, numbered))
        alone = {phrase.rule.id for phrase, _ in hits if not phrase.company}
        return ((phrase.rule, match) for phrase, match in hits if len(alone) >= phrase.company)

    return detect


def _hits(document: Document, index: Index, numbered: Sequence[tuple[Phrase, str]]) -> Iterator[tuple[Phrase, Match]]:
    known: dict[tuple[str, ...], bool] = {}
    for place, candidates in index.found(sentences(document)).items():
        segment = document.segments[place]
        found: dict[str, tuple[Phrase, list[tuple[Span, re.Match[str], str]]]] = {}
        forms = views(segment.text, headline=segment.scope is Scope.HEADLINE)
        for number in candidates:
            phrase, pattern = numbered[number]
            if segment.scope in phrase.scopes and (not phrase.languages or document.provenance.source_lang in phrase.languages):
                here = _search(pattern, _forms(phrase, pattern, forms))
                if here:
                    found.setdefault(phrase.rule.id, (phrase, []))[1].extend((span, match, pattern) for span, match in here.items())
        for phrase, hits in found.values():
            if _guarded(phrase, document, segment, known):
                for span, match, pattern in _widest(hits):
                    if _stands(phrase, document, segment, span) and not _vetoed(phrase, segment.text, span):
                        yield phrase, _match(phrase, segment, span, match, pattern)


def _forms(phrase: Phrase, pattern: str, forms: Sequence[str]) -> Sequence[str]:
    """The forms of a segment that can matter: a pattern without capitals finds all it can in the one with the fewest."""
    if phrase.exact:
        return forms[:1]
    return forms if has_capital(pattern) else forms[-1:]


def _search(pattern: str, forms: Sequence[str]) -> Mapping[Span, re.Match[str]]:
    """Matches in the forms of a segment, each span once; the form as it stands comes first."""
    found: dict[Span, re.Match[str]] = {}
    for form in forms:
        for match in finditer(pattern, form):
            if match.group():
                found.setdefault(Span(*match.span()), match)
    return found


def _widest(hits: list[tuple[Span, re.Match[str], str]]) -> Iterator[tuple[Span, re.Match[str], str]]:
    """Of matches that overlap, the first and of these the longest."""
    end = -1
    for span, match, pattern in sorted(hits, key=lambda hit: (hit[0].start, -hit[0].end)):
        if span.start >= end:
            end = span.end
            yield span, match, pattern


def _guarded(phrase: Phrase, document: Document, segment: Segment, known: dict[tuple[str, ...], bool]) -> bool:
    """Whether the topic and the source text allow the rule here. A source text that is not there cannot object."""

    def about(patterns: tuple[str, ...]) -> bool:
        if phrase.near_sentence:
            return _any(patterns, segment.text)
        if patterns not in known:
            known[patterns] = _any(patterns, document.text)
        return known[patterns]

    if phrase.source and segment.source is not None and not _any(phrase.source, segment.source):
        return False
    return (not phrase.topics or about(phrase.topics)) and not (phrase.antitopics and about(phrase.antitopics))


def _stands(phrase: Phrase, document: Document, segment: Segment, span: Span) -> bool:
    """Whether what stands right beside the match, and the quotation marks round it, allow the rule."""
    if phrase.unquoted:
        at = Span(segment.span.start + span.start, segment.span.start + span.end)
        if any(quotation.covers(at) for quotation in document.quotations):
            return False
    before, after = segment.text[: span.start], segment.text[span.end :]
    wanted = [pattern.search(before) for pattern in phrase.before.wanted], [pattern.match(after) for pattern in phrase.after.wanted]
    refused = any(pattern.search(before) for pattern in phrase.before.refused) or any(pattern.match(after) for pattern in phrase.after.refused)
    return not refused and all(not side or any(side) for side in wanted)


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
            "near.topics": "strings",
            "before.any": "patterns",
            "before.none": "patterns",
            "after.any": "patterns",
            "after.none": "patterns",
            "sources": "strings",
            "unquoted": "flag",
            "company": "number",
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
