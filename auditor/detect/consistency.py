"""Consistency: one name, acronym or compound in two spellings inside a text; the only kind that compares a text with itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from auditor.detect.kind import Detector, Kind, Resources
from auditor.names import acronyms, inconsistent
from auditor.names.inconsistent import Outlier
from auditor.rules.model import Schema
from auditor.types import Document, Match, Rule, Scope, Span, Suggestion

_Check = Callable[[Document, Rule, Resources], Iterator[Outlier]]
_CONFIDENCE: Mapping[str, float] = {"alias": 0.95, "capital": 0.9, "dots": 0.95, "hyphen": 0.9}


def _texts(rule: Rule, key: str) -> tuple[str, ...]:
    value = rule.params.get(key, ())
    assert isinstance(value, tuple)
    return tuple(map(str, value))


def compounds(document: Document, heads: Sequence[str]) -> Iterator[Outlier]:
    """“US led” before a noun in a text that prints “US-led”: the modifier without its hyphen.

    `heads` are second parts (led, backed). What stands before has to rule out a verb: an indefinite article or a preposition.
    """
    words = "|".join(map(re.escape, heads))
    whole = re.compile(rf"(?<![\w-])([\w.’']{{1,30}})-({words})(?![\w-])")
    parts = re.compile(rf"\b(?:an?|of|by|with|from|against|under|for|between|into) (([\w.’']{{1,30}}) ({words}))(?= (?!(?:{_FOLLOWS})\b)[a-z]{{3,}})")
    hyphened: dict[tuple[str, str], list[Span]] = defaultdict(list)
    open_forms: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for segment in document.segments:
        if segment.scope in (Scope.CREDIT, Scope.TEASER):
            continue
        for hit in whole.finditer(segment.text):
            hyphened[hit[1].casefold(), hit[2]].append(Span(segment.span.start + hit.start(), segment.span.start + hit.end()))
        for hit in parts.finditer(segment.text):
            open_forms[hit[2].casefold(), hit[3]].append(Span(segment.span.start + hit.start(1), segment.span.start + hit.end(1)))
    for key in sorted(open_forms):
        if key in hyphened:
            first = open_forms[key][0]
            text = document.text[first.start : first.end]
            yield Outlier(text, tuple(open_forms[key]), text.replace(" ", "-"), tuple(hyphened[key]), safe=True, evidence={"known_by": "hyphen"})


_FOLLOWS = (
    "the|his|her|its|their|our|this|that|these|those|and|but|while|when|who|which|with|from|into|over|for|not|until|since|after|before|him|them"
)

CHECKS: Mapping[str, _Check] = {
    "accepted": lambda document, _, resources: inconsistent.accepted(document, resources.aliases),
    "articles": lambda document, _, __: inconsistent.articles(document),
    "compounds": lambda document, rule, _: compounds(document, _texts(rule, "terms")),
    "diacritics": lambda document, _, __: inconsistent.diacritics(document),
    "dots": lambda document, rule, resources: acronyms.dots(
        document, _texts(rule, "terms"), _texts(rule, "except"), plain_wins=resources.variant == "en-GB"
    ),
    "introduced": lambda document, rule, _: acronyms.introduced(document, _texts(rule, "terms")),
    "romanised": lambda document, _, resources: inconsistent.romanised(document, resources.aliases),
}
"""What a rule of the kind compares, by the name that its `check` gives."""


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind."""

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        for rule in rules:
            for outlier in CHECKS[str(rule.params["check"])](document, rule, resources):
                yield rule, _match(outlier, resources)

    return detect


def _match(outlier: Outlier, resources: Resources) -> Match:
    code = str(outlier.evidence.get("convention", ""))
    first = outlier.spans[0]
    return Match(
        span=first,
        suggestions=(Suggestion(outlier.other, safe=outlier.safe),),
        values={"other": outlier.other, "convention_name": resources.language(code).name if code else ""},
        evidence=outlier.evidence,
        occurrences=outlier.spans[1:],
        related=outlier.others,
        confidence=_CONFIDENCE.get(str(outlier.evidence["known_by"]), 0.8),
    )


KIND = Kind(
    Schema(
        keys={"check": "string", "terms": "strings", "except": "strings"},
        required=frozenset({"check"}),
        values=frozenset({"other", "convention_name"}),
        choices={"check": tuple(CHECKS)},
    ),
    build,
)
