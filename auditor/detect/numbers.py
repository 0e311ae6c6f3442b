"""Numbers, dates, times and amounts written the source's way; the only kind that reads figures.

Whether a form is the source's is looked up in its language's facts; forms that English never has are reported for any source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from auditor.detect.kind import Detector, Kind, Resources
from auditor.rules.model import Schema
from auditor.text import language
from auditor.text.language import Language
from auditor.types import Document, Match, Rule, Scope, Span, Suggestion

_UNIT = (
    r"(?:%|per ?cent|percent|percentage|million|billion|trillion|thousand|euros?|dollars?|pounds?|francs?|kilomet\w+|km|met\w+s?|m²"
    r"|degrees?|tonn?e?s?|lit\w+s?|hectares?|°)"
)
_DECIMAL_COMMA = re.compile(rf"(?<![\d.,:/-])(\d{{1,3}}),(\d{{1,2}})(?!\d|[,./:]\d)(?P<unit>[ \u00a0\u202f-]?{_UNIT}(?!\w))?")
_THREE = 3
"""Digits of a whole group."""
_NOUGHTS = ".000"
_POINTED = re.compile(r"(?<![\d.,:/-])([1-9]\d{0,2})((?:\.\d{3})+)(?!\w|[.,/:]\w)(?P<next> [a-z]+)?")
_ROUND = (
    r"(?P<big>\d{1,3}|\b[Aa]|\b[Oo]ne) (?P<unit>thousand|million|billion),? (?P<and>and )?(?P<small>\d{1,3}(?: thousand| million)?)(?![\d,.%-]|\w)"
)
_SPLIT = re.compile(rf"(?<![\d.,$£€])(?:{_ROUND})")
_PARTS = {"thousand": "", "million": "thousand", "billion": "million"}
"""What the second piece of a number counts."""
_SPACED = re.compile(
    r"(?<![\d.,:/$£€-])(?<![\d][ \u00a0\u202f])(?<!\w)([1-9]\d{0,2})((?:[ \u00a0\u202f]\d{3})+)(?![\d.,/:-]|\w)(?= (?P<next>[a-z]+))"
)
_CURRENCY_AFTER = re.compile(
    r"(?<![\d.,$£€\w])(?<!\d[ \u00a0\u202f])(?P<amount>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d[\d.,]*)(?: (?P<unit>million|billion|trillion|bn|m|mn))?"
    r"[ \u00a0\u202f]?(?P<sign>[€£$])(?![\d\w]| [mb]illion)"
)
_PERCENT = re.compile(r"(?<=\d)[ \u00a0\u202f]%")
_FRENCH_CLOCK = re.compile(r"(?<![\d.,:-])(?P<hour>[01]?\d|2[0-4])[ \u00a0]?[hH][ \u00a0]?(?P<minute>[0-5]\d)(?![\d\w])")
_CLOCK_AFTER = r"(?<![\d.,:-])(?P<hour>[01]?\d|2[0-4])(?:[.:](?P<minute>[0-5]\d))? ?(?P<word>{words})(?!\w)"
_HOUR_MARK = re.compile(r"(?<![\d.,:-])(?P<hour>[01]?\d|2[0-4])[.:](?P<minute>[0-5]\d)[ \u00a0]?h(?P<word>\.(?=[ ,;)]|$)|(?![\w.]))")
_POINT = r"(?P<{0}hour>0\d|1\d|2[0-4])\.(?P<{0}minute>[0-5]\d)"
_POINTED_HOUR = re.compile(r"\d\d\.[0-5]\d\b")
_OPENED = re.compile(
    rf"\b(?:[Ff]rom|[Bb]etween) {_POINT.format('')} (?:to|until|till|and) {_POINT.format('to_')}(?![\d%€]| ?(?:per|mi|bi|tri|[mkbtpe]))"
)
_AT_POINT = rf"\b(?:[Aa]t|[Ff]rom|[Uu]ntil|[Tt]ill|[Bb]y|[Aa]round|[Aa]bout|[Aa]fter|[Bb]efore|[Ss]ince|\() ?{_POINT.format('')}"
_CLOCK_FOLLOWS = (
    r"(?= (?:local time|[A-Z][a-z]+ time|GMT|UTC|CES?T|EES?T|BST|MSK|(?:on )?(?:{weekdays})|in the (?:morning|afternoon|evening)|today|tomorrow)\b)"
)
_SCORE = r"(?P<home>\d|[1-9]\d{1,2}):(?P<away>\d|[1-9]\d{1,2})(?![\d:]|[.,]\d| ?(?:[ap]\.?m\b|h\b|o['’]clock))"
_AWAY = r"(?: (?!at\b|in\b|from\b|until\b|since\b|around\b|before\b|after\b|about\b|of\b|is\b|are\b|was\b|were\b)[\w’'-]+){0,5}"
_RESULT_VERBS = (
    r"won|wins?|winning|beat(?:en|ing|s)?|los(?:t|es?|ing)|drew|draws?|defeat(?:ed|s|ing)?|led|leads?|leading|trail(?:ed|s|ing)?|equali[sz]\w+"
    r"|ma[dk]es? it|ended|finished|stood|victory|half-?time|(?:final score|result)(?: was| is)?"
)
_RESULT_NOUNS = r"(?:(?:home|away|first-leg|opening|friendly) )?(?:win|victory|defeat|loss|draw|lead|triumph|success|thriller)\b"
_RESULTS = (
    re.compile(rf"\b(?:{_RESULT_VERBS}){_AWAY} {_SCORE}(?P<half> \(\d{{1,3}}:\d{{1,3}}\))?"),
    re.compile(rf"(?<![\d:.,/-]){_SCORE}(?P<half>)(?=[ -]{_RESULT_NOUNS})"),
)
_OCLOCK = re.compile(r"(?<![\d.,:-])(?P<hour>[01]?\d|2[0-4])[.:](?P<minute>[0-5]\d) (?P<word>o['’]clock)(?!\w)")
_LASTS = re.compile(r"\b(?:last\w*|takes?|took|for|of|in|within|during|after|than)\b[^.,;]{0,12}$")
_TOOK_PLACE = re.compile(r"\btak(?:es?|ing|en) place\b[^.,;]*$|\btook place\b[^.,;]*$|\b(?:at|until|till|by|from|since|around) $")
_MINUTE = re.compile(r"\((?P<minute>\d{1,3})\.(?P<more>(?:(?:, ?| ?\+ ?)\d{1,3}\.?)*)(?: (?:minute|min)\.?)?\)")
_ORDINAL_DAY = r"(?<![\d.,])(?P<day>[0-3]?\d)\.[ \u00a0]?(?P<month>{months})(?!\w)(?:[ ,]+(?P<year>(?:19|20)\d\d))?"
_FOREIGN_DAY = r"(?<![\d.,])(?P<day>[0-3]?\d)(?:\.|º|er)?(?: de)? (?P<month>{months})(?!\w)(?:(?: de)? (?P<year>(?:19|20)\d\d))?"
_ORDINAL = re.compile(r"(?<=\b[Tt]he )(?P<number>\d{1,2})\.(?= [a-z]{4,})")
_DATE = re.compile(r"(?<![\d.,/-])(?P<day>0?[1-9]|[12]\d|3[01])\.[ \u00a0]?(?P<month>0?[1-9]|1[0-2])\.[ \u00a0]?(?P<year>(?:19|20)\d\d)(?!\w|\.\w)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A span of a block and what to print there."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The language that the text came from (empty when unknown), the one that it stands in, and the words before which a rule is silent."""

    source: Language
    target: Language
    spared: frozenset[str] = frozenset()


Finder = Callable[[str, Facts], Iterator[Figure]]


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all number rules, each by the finder that it names."""
    finders = [(rule, FINDERS[str(rule.params["find"])], _spared(rule)) for rule in rules]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        provenance = document.provenance
        source, target = resources.language(provenance.source_lang or ""), resources.language(provenance.target_lang)
        gates = _gates(source.months, target.months, target.weekdays)
        gates = [gate for gate in gates if gate.search(document.text)]
        if not gates:
            return
        asked = [(rule, find, Facts(source, target, spared)) for rule, find, spared in finders]
        passed = {segment.block for segment in document.segments if segment.scope in (Scope.CREDIT, Scope.TEASER)}
        for number, block in enumerate(document.blocks):
            text = document.text[block.span.start : block.span.end]
            if number in passed or not any(gate.search(text) for gate in gates):
                continue
            for rule, find, facts in asked:
                for figure in find(text, facts):
                    yield rule, _match(block.span.start, figure)

    return detect


@cache
def _gates(source_months: tuple[str, ...], target_months: tuple[str, ...], weekdays: tuple[str, ...]) -> list[re.Pattern[str]]:
    """What stands at a figure in every match of every finder, so that a text without it is not put to them one by one: a figure or bracket and
    what follows, or a weekday before the date. Each begins with one class or with plain letters, which `re` finds fast."""
    clocks, foreign, own, days = (
        "|".join(re.escape(word) for word in words if len(word) > 1) or "(?!)"
        for words in (language.words("clock_words"), source_months, target_months, weekdays)
    )
    figure = re.compile(
        rf"[\d(](?:(?<=\()\d{{1,3}}\.|(?<=\d)"
        rf"(?:,\d\d?(?!\d)|\.\d(?:\d\d|\d?\.)|\.[ \u00a0](?:\d|[a-z])|\.[ \u00a0]?(?:{own})|[ \u00a0\u202f]\d{{3}}| (?:thousand|million)"
        rf"|(?: (?:million|billion|trillion|bn|mn?))?[ \u00a0\u202f]?[€£$]|[.,][€£$]|[ \u00a0\u202f]%"
        rf"|[ \u00a0]?[hH][ \u00a0]?\d|[.:][0-5]\d[ \u00a0h]|:\d| ?o['’]clock| ?(?:{clocks})"
        rf"|(?:\.|º|er)?(?: de)? (?i:{foreign})))"
    )
    return [figure, re.compile(rf"(?:{days}) (?:{own}) \d")]


def _match(offset: int, figure: Figure) -> Match:
    return Match(Span(offset + figure.start, offset + figure.end), suggestions=(Suggestion(figure.new, safe=True),))


def decimal_commas(text: str, facts: Facts) -> Iterator[Figure]:
    """“3,5 percent”: a comma before one or two digits; without a source that writes so only before a unit."""
    for match in _DECIMAL_COMMA.finditer(text):
        if facts.source.decimal == "," or match["unit"]:
            yield Figure(match.start(), match.end(2), f"{match[1]}.{match[2]}")


def thousands_points(text: str, facts: Facts) -> Iterator[Figure]:
    """“1.200 people”: points before groups of three digits. One group alone may be a decimal: it counts only from a source that writes
    so, or where it is “.000”, and before a word that is no measure."""
    for match in _POINTED.finditer(text):
        groups = match[2].count(".")
        counted = match["next"] is not None and match["next"].strip() not in facts.spared
        if groups > 1 or (counted and ("." in facts.source.thousands or match[2] == _NOUGHTS)):
            yield Figure(match.start(), match.end(2), match[1] + match[2].replace(".", ","))


def thousands_spaces(text: str, facts: Facts) -> Iterator[Figure]:
    """“12 000 people”: spaces before groups of three digits, from a source that writes so and before a word."""
    for match in _SPACED.finditer(text):
        if " " in facts.source.thousands and match["next"] not in facts.spared:
            yield Figure(match.start(), match.end(), match[1] + re.sub(r"\s", ",", match[2]))


def split_numbers(text: str, facts: Facts) -> Iterator[Figure]:
    """“7 thousand 500”, “a billion and 450 million”: one number in two pieces, as Italian, Spanish and Arabic say it. With “and” the second piece
    has three digits, or a unit of its own: “5 million and 300” may be two."""
    del facts
    for match in _SPLIT.finditer(text):
        big = "1" if match["big"].isalpha() else match["big"]
        small, *unit = match["small"].split()
        if (unit[0] if unit else "") != _PARTS[match["unit"]] or (match["and"] and not unit and (len(small) < _THREE or match["big"].isalpha())):
            continue
        if match["unit"] == "thousand":
            yield Figure(match.start(), match.end(), f"{big},{int(small):03}")
        else:
            yield Figure(match.start(), match.end(), f"{big}.{int(small):03}".rstrip("0").rstrip(".") + f" {match['unit']}")


def currencies_after(text: str, facts: Facts) -> Iterator[Figure]:
    """“6,99 €”: the sign behind the amount."""
    del facts
    for match in _CURRENCY_AFTER.finditer(text):
        amount = re.sub(r"\s", ",", match["amount"]).rstrip(".,")
        if re.fullmatch(r"\d+,\d{1,2}|0,\d+", amount):
            amount = amount.replace(",", ".")
        elif re.fullmatch(r"\d{1,3}(\.\d{3})+", amount):
            amount = amount.replace(".", ",")
        yield Figure(match.start(), match.end(), f"{match['sign']}{amount}" + (f" {match['unit']}" if match["unit"] else ""))


def spaced_percents(text: str, facts: Facts) -> Iterator[Figure]:
    """“10 %”: a space before the sign."""
    del facts
    for match in _PERCENT.finditer(text):
        yield Figure(match.start(), match.end(), "%")


def clocks(text: str, facts: Facts) -> Iterator[Figure]:
    """“19.30 Uhr”, “17h30”, “19:30 o'clock”: a time of day with the source's word or mark."""
    del facts
    for pattern in (_FRENCH_CLOCK, _HOUR_MARK, _OCLOCK, *_clocks_after()):
        for match in pattern.finditer(text):
            hour, minute = int(match["hour"]), int(match["minute"] or 0)
            lasts = pattern is _FRENCH_CLOCK and _LASTS.search(text[: match.start()]) and not _TOOK_PLACE.search(text[: match.start()])
            yield Figure(match.start(), match.end(), f"{hour} hours {minute} minutes" if lasts else _time(hour, minute, text[match.end() :]))


@cache
def _clocks_after() -> tuple[re.Pattern[str], ...]:
    """A time before a clock word of some language."""
    words = "|".join(re.escape(word) for word in language.words("clock_words") if len(word) > 1)
    return (re.compile(_CLOCK_AFTER.format(words=words)),) if words else ()


def _time(hour: int, minute: int, rest: str) -> str:
    """In the twelve-hour form of English news: 17.30 → 5:30 p.m.; one stop is enough where the `rest` begins with one."""
    half = ("a.m." if hour % 24 < 12 else "p.m.").removesuffix("." if rest.startswith(".") else " ")
    clock = hour % 12 or 12
    return f"{clock}:{minute:02} {half}" if minute else f"{clock} {half}"


def pointed_clocks(text: str, facts: Facts) -> Iterator[Figure]:
    """“at 17.30 on Monday”, “from 09.00 to 17.30”: a point between hours and minutes, from any source and where nothing but a time can stand."""
    if not facts.source.code or not _POINTED_HOUR.search(text):
        return
    for match in _OPENED.finditer(text):
        for name in ("", "to_"):
            start, end = match.start(f"{name}hour"), match.end(f"{name}minute")
            yield Figure(start, end, _time(int(match[f"{name}hour"]), int(match[f"{name}minute"]), text[end:]))
    for match in _followed(facts.target.weekdays).finditer(text):
        yield Figure(match.start("hour"), match.end("minute"), _time(int(match["hour"]), int(match["minute"]), ""))


@cache
def _followed(weekdays: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_AT_POINT + _CLOCK_FOLLOWS.format(weekdays="|".join(weekdays) or "(?!)"))


def scores(text: str, facts: Facts) -> Iterator[Figure]:
    """“won 2:1”, “a 3:0 win”, with the score at half-time in brackets behind it: a colon where English prints a hyphen."""
    del facts
    for pattern in _RESULTS if ":" in text else ():
        for match in pattern.finditer(text):
            end = match.end("half") if match["half"] else match.end("away")
            yield Figure(match.start("home"), end, text[match.start("home") : end].replace(":", "-"))


def goal_minutes(text: str, facts: Facts) -> Iterator[Figure]:
    """“(86.)”: the minute of a goal as an ordinal with a point."""
    del facts
    for match in _MINUTE.finditer(text):
        if int(match["minute"]) <= 130:
            yield Figure(match.start(), match.end(), "(" + (match["minute"] + match["more"]).replace(".", "") + ")")


def ordinal_days(text: str, facts: Facts) -> Iterator[Figure]:
    """“3. October” and “the 20. century”: a point behind an ordinal."""
    months = "|".join(facts.target.months)
    for match in re.compile(_ORDINAL_DAY.format(months=months)).finditer(text) if months else ():
        sentence_end = text[match.start() - 1 : match.start()] == " " and match["year"] is None and not _leads_in(text[: match.start()])
        if not sentence_end:
            yield Figure(match.start(), match.end(), " ".join(filter(None, (match["day"].lstrip("0"), match["month"], match["year"]))))
    for match in _ORDINAL.finditer(text):
        yield Figure(match.start(), match.end(), f"{match['number']}{_suffix(int(match['number']))}")


def _leads_in(before: str) -> bool:
    """Whether a day may follow: “on the”, “until”, a weekday and a comma, the start of the sentence."""
    return re.search(r"(?:\b(?:on|of|the|from|since|until|till|by|to|and|between|before|after|for)|day,?|^) ?$", before) is not None


def _suffix(number: int) -> str:
    return "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def undivided_dates(text: str, facts: Facts) -> Iterator[Figure]:
    """“Tuesday January 31 2023”: no comma behind the weekday, where the month stands before its day."""
    if facts.target.weekdays and facts.target.months:
        for match in _undivided(facts.target.weekdays, facts.target.months).finditer(text):
            year = f", {match['year']}" if match["year"] else ""
            yield Figure(match.start(), match.end(), f"{match['weekday']}, {match['day']}{year}")


@cache
def _undivided(weekdays: tuple[str, ...], months: tuple[str, ...]) -> re.Pattern[str]:
    day = rf"(?P<day>(?:{'|'.join(months)}) [0-3]?\d)(?:,? (?P<year>(?:19|20)\d\d)(?!\d))?"
    return re.compile(rf"\b(?P<weekday>{'|'.join(weekdays)}) {day}(?![\w.,:]?\d|(?:st|nd|rd|th)\b)")


def numeric_dates(text: str, facts: Facts) -> Iterator[Figure]:
    """“24.12.2019”: day, month and year between points."""
    months = facts.target.months
    for match in _DATE.finditer(text):
        if months:
            yield Figure(match.start(), match.end(), f"{int(match['day'])} {months[int(match['month']) - 1]} {match['year']}")


def foreign_months(text: str, facts: Facts) -> Iterator[Figure]:
    """“24 Dezember”: a month left in the source language beside its day."""
    english = {month.casefold() for month in (*facts.target.months, *facts.target.month_abbreviations)}
    names = {
        name: month for name, month in zip(facts.source.months, facts.target.months, strict=False) if name.casefold() not in english and len(name) > 3
    }
    if not names:
        return
    months = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    for match in re.compile(_FOREIGN_DAY.format(months=months), re.IGNORECASE).finditer(text):
        month = next(english for name, english in names.items() if name.casefold() == match["month"].casefold())
        yield Figure(match.start(), match.end(), " ".join(filter(None, (match["day"].lstrip("0"), month, match["year"]))))


FINDERS: Mapping[str, Finder] = {
    "clocks": clocks,
    "currencies-after": currencies_after,
    "decimal-commas": decimal_commas,
    "foreign-months": foreign_months,
    "goal-minutes": goal_minutes,
    "numeric-dates": numeric_dates,
    "ordinal-days": ordinal_days,
    "pointed-clocks": pointed_clocks,
    "scores": scores,
    "spaced-percents": spaced_percents,
    "split-numbers": split_numbers,
    "thousands-points": thousands_points,
    "thousands-spaces": thousands_spaces,
    "undivided-dates": undivided_dates,
}


def _spared(rule: Rule) -> frozenset[str]:
    value = rule.params.get("before.except", ())
    return frozenset(value if isinstance(value, tuple) else ())


KIND = Kind(
    Schema(
        keys={"find": "string", "before.except": "strings"},
        required=frozenset({"find"}),
        choices={"find": tuple(FINDERS)},
    ),
    build,
)
