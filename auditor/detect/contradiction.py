"""Contradiction: figures of a text that cannot all be true; the only kind that calculates with them.

A weekday against its date, one person of two ages, a whole against its parts, a rise to less. Which of the two is wrong is not known without the
source, so nothing is suggested.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache

from auditor.detect.kind import Detector, Kind, Resources, strings
from auditor.rules.model import Schema
from auditor.text.language import Language
from auditor.text.words import holding, vocabulary
from auditor.types import Document, Match, Rule, Scope, Segment, Span

_GREGORIAN = 1924
"""The first year in which every country that news writes of counted its days the same way."""
_NEAR = 45
"""Days before or behind the date of the text within which a day without a year is taken for the nearest."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_NAME = r"(?P<name>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3})"
_LOOSE = (re.compile(rf"{_NAME}, (?P<age>\d\d)(?=,)"), re.compile(rf"{_NAME} \((?P<age>\d\d)\)"))
_STATED = (
    re.compile(rf"{_NAME}, (?:who is |aged )(?P<age>\d\d)(?![\w.%]| per)"),
    re.compile(rf"{_NAME}, (?P<age>\d\d) years? old\b"),
    re.compile(rf"\b(?P<age>\d\d)-year-old (?:[a-z-]+ ){{0,2}}{_NAME}"),
)
_UNIT = r"%|percent|per cent|percentage points|thousand|million|billion|trillion"
_FIGURE = rf"(?P<{{0}}_sign>[$€£])?(?P<{{0}}>\d[\d,]*(?:\.\d+)?)(?: ?(?P<{{0}}_unit>{_UNIT})(?!\w))?"
_OLD, _NEW = _FIGURE.format("old"), _FIGURE.format("new")
_END = r"(?![\d,.-]*\d)"
_CHANGES = (
    rf"(?: (?!from\b)[a-z’'-]+){{0,3}} from {_OLD} to {_NEW}{_END}",
    rf"(?: by [\d.,]+ ?(?:%|percent|per cent))? to {_NEW},?(?: (?!from\b)[a-z’'-]+){{0,2}} from {_OLD}{_END}",
)
_FROM_TO, _FROM = re.compile(r"\bfrom [$€£]?\d"), frozenset({"from"})
_OF_AGE = frozenset({"old", "aged", "who"})
"""Words without which no text states an age."""
_GROUPED = re.compile(r"\d+|\d{1,3}(?:,\d{3})+")
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


@dataclass(frozen=True, slots=True)
class Words:
    """A rule's words: verbs of rising and of falling, and nouns for the persons that a whole is made of, plurals."""

    rising: tuple[str, ...]
    falling: tuple[str, ...]
    persons: tuple[str, ...]


Found = tuple[Span, Mapping[str, str], tuple[Span, ...]]
"""A span of the document, what the message says of it, and the other places that contradict it."""
Finder = Callable[[Document, Words, Language], Iterator[Found]]


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind, each by the finder that it names."""
    finders = [
        (rule, FINDERS[str(rule.params["find"])], Words(strings(rule, "rising"), strings(rule, "falling"), strings(rule, "persons")))
        for rule in rules
    ]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        facts = resources.language(document.provenance.target_lang)
        for rule, find, words in finders:
            for span, values, others in find(document, words, facts):
                yield rule, Match(span, suggestions=(), values=values, related=others)

    return detect


def _prose(document: Document, *wanted: Set[str]) -> Iterator[Segment]:
    """The segments of the text itself that hold a word of each set."""
    return (segment for segment in holding(document, *wanted) if segment.scope not in (Scope.CREDIT, Scope.TEASER, Scope.CAPTION))


def weekdays(document: Document, words: Words, facts: Language) -> Iterator[Found]:
    """“Monday, 4 May 2021”, which was a Tuesday; without a year the one that is nearest to the date of the text, where that is known."""
    del words
    patterns, names, months = _date_patterns(facts)
    today = _date_of(document)
    for segment in _prose(document, names.keys(), months.keys()):
        for pattern in patterns:
            for match in pattern.finditer(segment.text):
                day = _day(int(match["day"]), months[match["month"].casefold()], match["year"], today)
                if day is not None and names[match["weekday"].casefold()] != day.weekday():
                    said = f"{day.day} {facts.months[day.month - 1]} {day.year}"
                    yield _span(segment, match.span()), {"other": said, "fact": facts.weekdays[day.weekday()]}, ()


@cache
def _date_patterns(facts: Language) -> tuple[tuple[re.Pattern[str], ...], Mapping[str, int], Mapping[str, int]]:
    """Patterns of a weekday with its date, and what the names of weekdays and months stand for; none for a language without names."""
    weekdays = {name.casefold(): number for names in (facts.weekday_abbreviations, facts.weekdays) for number, name in enumerate(names)}
    months = {name.casefold(): number for names in (facts.month_abbreviations, facts.months) for number, name in enumerate(names, 1)}
    if not weekdays or not months:
        return (), {}, {}
    weekday, month = ("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) for names in (weekdays, months))
    opening = rf"(?<!\band )(?<!\bor )(?<![\w–-])(?P<weekday>{weekday})\.?(?: (?:morning|afternoon|evening|night))?(?:, |(?P<bracket> \()| )(?:the )?"
    day, year = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?", r"(?:,? (?P<year>(?:19|20)\d\d)(?!\d))?"
    alone = r"(?(bracket)\)|(?! ?[-–/&,]? ?(?:and |to |or )?\d)(?!\w))"
    return (
        (
            re.compile(rf"{opening}{day}(?: of)? (?P<month>{month})(?!\w)\.?{year}{alone}", re.IGNORECASE),
            re.compile(rf"{opening}(?P<month>{month})(?!\w)\.? {day}{year}{alone}", re.IGNORECASE),
        ),
        weekdays,
        months,
    )


def _date_of(document: Document) -> date | None:
    """The date of the text, where its file says it."""
    found = _ISO.match(document.provenance.date or "")
    with suppress(ValueError):
        return date.fromisoformat(found.group()) if found else None
    return None


def _day(day: int, month: int, year: str | None, today: date | None) -> date | None:
    """The date that is meant; None where that is not known."""
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1] if today else []
    days = []
    for one in years:
        with suppress(ValueError):
            days.append(date(one, month, day))
    if year is None and today is not None:
        days = [one for one in days if abs((one - today).days) <= _NEAR]
    return days[0] if days and days[0].year >= _GREGORIAN else None


def ages(document: Document, words: Words, facts: Language) -> Iterator[Found]:
    """One person of two ages: at least one is stated as an age (“34-year-old”, “aged 34”), the other may stand alone behind the name. The first
    to be named with an age is named in full, and nobody else of that surname is."""
    del words, facts
    said: dict[str, list[tuple[Span, int, bool, bool]]] = defaultdict(list)
    names: dict[str, set[str]] = defaultdict(set)
    if vocabulary(document).isdisjoint(_OF_AGE):
        return
    for segment in _prose(document, {word for word in vocabulary(document) if len(word) == 2 and word.isdigit()}):
        for patterns, stated in ((_LOOSE, False), (_STATED, True)):
            for match in (match for pattern in patterns for match in pattern.finditer(segment.text)):
                *given, surname = re.sub(r"[’']s?$", "", match["name"]).split()
                names[surname].update(given[-1:])
                said[surname].append((_span(segment, match.span("age")), int(match["age"]), stated, bool(given)))
    for surname in sorted(said):
        found = sorted(said[surname])
        others = [span for span, age, *_ in found if age != found[0][1]]
        if others and found[0][3] and any(stated for _, _, stated, _ in found):
            bearers = set(re.findall(rf"\b([A-Z][\w’'-]*) {re.escape(surname)}\b", document.text))
            if len(bearers) == 1 and bearers == names[surname] and not re.search(r"[’']s$", min(bearers)):
                yield others[0], {"other": str(found[0][1]), "fact": f"{bearers.pop()} {surname}"}, (found[0][0],)


def totals(document: Document, words: Words, facts: Language) -> Iterator[Found]:
    """“12 people: five men, four women and two children”: the parts, which make up a sentence or a bracket, do not add up."""
    whole, item, values = _totals(facts, words.persons)
    for segment in _prose(document, frozenset(words.persons)):
        counted = any(mark in segment.text for mark in ":(–—-")
        for match in whole.finditer(segment.text) if counted else ():
            total, *parts = (
                values.get(figure.casefold()) or int(figure.replace(",", "")) for figure in (match["number"], *item.findall(match["parts"]))
            )
            if total != sum(parts):
                yield (
                    _span(segment, match.span("number")),
                    {"other": f"{sum(parts):,}", "fact": match["parts"]},
                    (_span(segment, match.span("parts")),),
                )


@cache
def _totals(facts: Language, persons: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str], Mapping[str, int]]:
    """Patterns of a whole with its parts and of the number of a part, and what number words are worth."""
    values = {word: int(value) for line in facts.numerals for value, *forms in [line.split()] for word in forms if word != "dozen"}
    values |= {f"{ten}-{one}": values[ten] + values[one] for ten in values for one in values if 20 <= values[ten] < 100 and 0 < values[one] < 10}
    number = rf"(?:{'|'.join(sorted(values, key=len, reverse=True)) or '(?!)'}|\d{{1,3}}(?:,\d{{3}})+|\d+)"
    counted = rf"(?:[a-z-]+ ){{0,2}}(?:{'|'.join(persons) or '(?!)'})"
    parts = rf"(?P<parts>{number} {counted}(?:, {number} {counted})*,? and {number} {counted})"
    opening = rf"(?<![\w.,$€£-])(?P<number>{number}) {counted}\b[^.:;()–—]{{0,60}}"
    whole = rf"{opening}(?::| \(| [–—-]) ?{parts}(?=[.)]| [–—-]|$)"
    return re.compile(whole, re.IGNORECASE), re.compile(rf"(?:^|, |\band )({number})\b", re.IGNORECASE), values


def directions(document: Document, words: Words, facts: Language) -> Iterator[Found]:
    """“Rose from 5.2 to 4.8 percent”: what rises ends higher, what falls ends lower. The figures have a unit, or one for both."""
    del facts
    for segment in _prose(document, _FROM):
        for pattern in _changes(words.rising, words.falling) if _FROM_TO.search(segment.text) else ():
            for match in pattern.finditer(segment.text):
                worths = _worths(match)
                if worths and worths[0] != worths[1] and (worths[1] > worths[0]) is not (match["up"] is not None):
                    yield _span(segment, match.span()), {"other": match["verb"], "fact": match["new"]}, ()


@cache
def _changes(rising: tuple[str, ...], falling: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    verb = rf"\b(?P<verb>(?P<up>{'|'.join(rising) or '(?!)'})|{'|'.join(falling) or '(?!)'})"
    return tuple(re.compile(verb + change) for change in _CHANGES)


def _worths(match: re.Match[str]) -> tuple[float, float] | None:
    """What the two figures of a change are worth, a bare first one in the unit of the second; None where they are no two amounts of one kind."""
    units = [re.sub(r"%|per cent|percentage points", "percent", match[f"{name}_unit"] or "") for name in ("old", "new")]
    bare = units[0] == "" and "," not in match["old"]
    if bare:
        units[0] = units[1]
    if ("percent" in units and units[0] != units[1]) or (units[1] == "" and "," not in match["new"] and (units[0] or not match["new_sign"])):
        return None
    values = []
    for name, unit in zip(("old", "new"), units, strict=True):
        whole, _, fraction = match[name].partition(".")
        if not _GROUPED.fullmatch(whole):
            return None
        values.append(float(f"{whole.replace(',', '')}.{fraction or 0}") * _SCALE.get(unit, 1.0))
    return values[0], values[1]


def _span(segment: Segment, place: tuple[int, int]) -> Span:
    return Span(segment.span.start + place[0], segment.span.start + place[1])


FINDERS: Mapping[str, Finder] = {"ages": ages, "directions": directions, "totals": totals, "weekdays": weekdays}

KIND = Kind(
    Schema(
        keys={"find": "string", "rising": "strings", "falling": "strings", "persons": "strings"},
        required=frozenset({"find"}),
        values=frozenset({"other", "fact"}),
        choices={"find": tuple(FINDERS)},
    ),
    build,
)
