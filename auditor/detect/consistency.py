"""Consistency: one name, acronym, compound or way of spelling in two forms inside a text; the only kind that compares a text with itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cache, partial
from itertools import pairwise

from auditor.detect.kind import Detector, Kind, Resources
from auditor.names import acronyms, inconsistent
from auditor.names.feminine import feminine
from auditor.names.inconsistent import Outlier
from auditor.rules.model import Schema
from auditor.text.words import holding, vocabulary
from auditor.types import Document, Match, Rule, Scope, Span, Suggestion

_Check = Callable[[Document], Iterator[Outlier]]
_CONFIDENCE: Mapping[str, float] = {"alias": 0.95, "capital": 0.9, "dots": 0.95, "ending": 0.9, "hyphen": 0.9, "spelling": 0.9}


def _texts(rule: Rule, key: str) -> tuple[str, ...]:
    value = rule.params.get(key, ())
    assert isinstance(value, tuple)
    return tuple(map(str, value))


def compounds(document: Document, heads: Sequence[str]) -> Iterator[Outlier]:
    """“US led” before a noun in a text that prints “US-led”: the modifier without its hyphen.

    `heads` are second parts (led, backed). What stands before has to rule out a verb: an indefinite article or a preposition.
    """
    present = [head for head in heads if f"-{head}" in document.text]
    if not present:
        return
    whole, parts = _compounds(tuple(heads))
    hyphened: dict[tuple[str, str], list[Span]] = defaultdict(list)
    open_forms: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for segment in document.segments:
        if segment.scope in (Scope.CREDIT, Scope.TEASER) or not any(head in segment.text for head in present):
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


@cache
def _compounds(heads: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The patterns of a modifier with its hyphen, and of one without."""
    words = "|".join(map(re.escape, heads))
    return (
        re.compile(rf"(?<![\w-])([\w.’']{{1,30}})-({words})(?![\w-])"),
        re.compile(rf"\b(?:an?|of|by|with|from|against|under|for|between|into) (([\w.’']{{1,30}}) ({words}))(?= (?!(?:{_FOLLOWS})\b)[a-z]{{3,}})"),
    )


_FOLLOWS = (
    "the|his|her|its|their|our|this|that|these|those|and|but|while|when|who|which|with|from|into|over|for|not|until|since|after|before|him|them"
)

_SPELT = re.compile(r"(?<![\w’'.@/-])[a-z]+(?![\w’'@/]|\.\w)")


def spellings(document: Document, terms: tuple[str, ...]) -> Iterator[Outlier]:
    """“Center” in a text that prints “theatre” and “defence”: the spelling that the text uses less, at a tie the one that comes later.

    A term is two stems and the endings that both take (“colour color s ed ing”). Names, headlines and quotations keep their own spelling.
    """
    partner, *both = _partners(terms)
    if any(vocabulary(document).isdisjoint(side) for side in both):
        return
    sides: tuple[dict[str, list[Span]], dict[str, list[Span]]] = (defaultdict(list), defaultdict(list))
    for segment in holding(document, partner.keys()):
        if segment.scope is not Scope.BODY:
            continue
        for hit in _SPELT.finditer(segment.text):
            span = Span(segment.span.start + hit.start(), segment.span.start + hit.end())
            if hit.group() in partner and not any(quotation.covers(span) for quotation in document.quotations):
                sides[partner[hit.group()][1]][hit.group()].append(span)
    if not all(sides):
        return
    order = [(sum(map(len, side.values())), -min(spans[0].start for spans in side.values())) for side in sides]
    few, many = (sides[0], sides[1]) if order[0] < order[1] else (sides[1], sides[0])
    others = tuple(sorted(span for spans in many.values() for span in spans))
    for word in sorted(few):
        yield Outlier(word, tuple(few[word]), partner[word][0], others[:_SHOWN], safe=True, evidence={"known_by": "spelling"})


_GLOSSED = 60
"""Code points between two names of one body up to which the one explains the other."""


def renderings(document: Document, terms: tuple[str, ...]) -> Iterator[Outlier]:
    """“Guardia Civil” in a text that has “Civil Guard”, where neither explains the other: the name that is used less, at a tie the later one.

    A term is the names of one body, divided by “|”. Quotations and headlines do not count.
    """
    families, every = _renderings(terms)
    seen = every & vocabulary(document)
    for names, last in families if len(seen) > 1 else ():
        if len(last & seen) < 2:
            continue
        places: dict[str, list[Span]] = {}
        for name in names:
            pattern = re.compile(rf"(?<![\w’'-]){re.escape(name)}(?![\w-])")
            found = [
                Span(segment.span.start + hit.start(), segment.span.start + hit.end())
                for segment in document.segments
                if segment.scope in (Scope.BODY, Scope.CAPTION)
                for hit in pattern.finditer(segment.text)
            ]
            if found:
                places[name] = found
        order = sorted(places, key=lambda name: (-len(places[name]), places[name][0]))
        spans = sorted((span, name) for name in order for span in places[name])
        glossed = any(one != other and b.start - a.end < _GLOSSED for (a, one), (b, other) in pairwise(spans))
        quoted = any(quotation.overlaps(span) for quotation in document.quotations for span, _ in spans)
        for name in order[1:] if not glossed and not quoted else ():
            yield Outlier(name, tuple(places[name]), order[0], tuple(places[order[0]]), safe=False, evidence={"known_by": "rendering"})


@cache
def _renderings(terms: tuple[str, ...]) -> tuple[Sequence[tuple[tuple[str, ...], frozenset[str]]], frozenset[str]]:
    """The names of each body and the last word of each, as the vocabulary of a text has it; and the last words of all."""
    families = [tuple(name.strip() for name in term.split("|")) for term in terms]
    found = [(names, frozenset(re.findall(r"\w+", name.lower())[-1] for name in names)) for names in families]
    return found, frozenset().union(*(last for _, last in found))


_SHOWN = 5
"""Places of the other spelling that are shown."""


@cache
def _partners(terms: tuple[str, ...]) -> tuple[Mapping[str, tuple[str, int]], Set[str], Set[str]]:
    """Each form of the terms with its form in the other spelling and the side that it is on; the forms of either side."""
    found: dict[str, tuple[str, int]] = {}
    for one, two, *endings in map(str.split, terms):
        for ending in ("", *endings):
            found[one + ending], found[two + ending] = (two + ending, 0), (one + ending, 1)
    british, american = (frozenset(form for form, (_, side) in found.items() if side == wanted) for wanted in (0, 1))
    return found, british, american


CHECKS: Mapping[str, Callable[[Rule, Resources], _Check]] = {
    "accepted": lambda _, resources: partial(inconsistent.accepted, table=resources.aliases),
    "articles": lambda _, __: inconsistent.articles,
    "compounds": lambda rule, _: partial(compounds, heads=_texts(rule, "terms")),
    "diacritics": lambda _, __: inconsistent.diacritics,
    "dots": lambda rule, resources: partial(
        acronyms.dots, acronyms=_texts(rule, "terms"), exceptions=_texts(rule, "except"), plain_wins=resources.variant == "en-GB"
    ),
    "feminine": lambda rule, resources: partial(feminine, endings=_texts(rule, "terms"), table=resources.aliases),
    "introduced": lambda rule, _: partial(acronyms.introduced, families=_texts(rule, "terms")),
    "renderings": lambda rule, _: partial(renderings, terms=_texts(rule, "terms")),
    "romanised": lambda _, resources: partial(inconsistent.romanised, table=resources.aliases),
    "spellings": lambda rule, resources: (lambda _: iter(())) if resources.variant else partial(spellings, terms=_texts(rule, "terms")),
}
"""What a rule of the kind compares, by the name that its `check` gives; its lists are read once."""


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind."""
    checks = [(rule, CHECKS[str(rule.params["check"])](rule, resources)) for rule in rules]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        for rule, check in checks:
            for outlier in check(document):
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
