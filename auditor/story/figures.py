"""The figures of a text by what they are worth: numbers, dates, weekdays, times; the only place that reads a figure as its language writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from auditor.text.language import Language, language
from auditor.types import Span

_SPACE = "[ \u00a0\u202f\u2009]"
_LETTER = "0-9A-Za-z_\u00c0-\u024f\u0370-\u052f\u0590-\u05ff"  # what a number is no part of; Arabic and East Asian words run on into their numbers
_NUMBER = re.compile(
    rf"(?<![{_LETTER}])(?<![^\W\d_][-–.])(?<!\d[.,:/])(?P<figure>\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:[.,٫]\d+)?(?![{_LETTER}])"
    rf"|\d+(?:[.,'’٬٫]\d+)*)(?![.,:/]\d)"
)
_MARK = re.compile("[.,'’٬٫]")
_YEAR = r"(?:1[0-9]|20)\d\d"
_ISO = re.compile(rf"(?<![\d-])(?P<year>{_YEAR})-(?P<month>\d\d?)-(?P<day>\d\d?)(?![\d-])")
_NUMERIC = re.compile(rf"(?<![\d./-])(?P<first>\d\d?)(?P<mark>[./-]){_SPACE}?(?P<second>\d\d?)(?P=mark){_SPACE}?(?P<year>{_YEAR})(?![\d/-])")
_EASTERN = re.compile(rf"(?:(?P<year>{_YEAR})年)?(?P<month>\d\d?)月(?P<day>\d\d?)[日号號]")
_CLOCK = re.compile(rf"(?<![\d.,:/])(?P<hour>[01]?\d|2[0-4])(?::|{_SPACE}?[hH]{_SPACE}?)(?P<minute>[0-5]\d)(?![\d:])")
_CLOCK_WORD = rf"(?<![\d.,:/])(?P<hour>[01]?\d|2[0-4])(?:(?:[:.h]|:{_SPACE})(?P<minute>[0-5]\d))?{_SPACE}?(?:{{words}})(?![^\W_])"
_HALVES = (r"[ap]\.?m\b\.?", "o['’]clock")
_JOINED = rf"(?:{_SPACE}?[-–/]{_SPACE}?|,?{_SPACE}(?:[^\W\d_]{{1,5}}{_SPACE}){{1,2}}|和|至|到|から|、)"
_AHEAD = re.compile(rf"(?<![\d.,])(?P<day>[0-3]?\d)[.日]?{_JOINED}$")
_BEHIND = re.compile(rf"{_JOINED}(?P<day>[0-3]?\d)(?![\d.,:]?\d|{_SPACE}?%)")
_URL = re.compile(r"\b(?:https?://|www\.)\S+")
_LONGEST = 15
"""Digits of a number; what has more is a code."""

Date = tuple[int, int, int]
"""Year (0: not said), month and day."""
Value = Decimal | Date | int
"""What a figure is worth: a number, a date, a weekday (0 is Monday), or the minutes of a time on a clock of twelve hours."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its kind (number, date, weekday, time), every value that it may have, and its place; `spelled` if it is written in words."""

    kind: str
    values: frozenset[Value]
    span: Span
    text: str
    spelled: bool = False

    def agrees(self, other: Figure) -> bool:
        """Whether both may say the same; a date without a year agrees with the same day of any year."""
        if self.kind != other.kind:
            return False
        return not self.values.isdisjoint(other.values) or any(
            isinstance(a, tuple) and isinstance(b, tuple) and a[1:] == b[1:] and 0 in (a[0], b[0]) for a in self.values for b in other.values
        )


def figures(text: str, code: str, *, strict: bool = False, offset: int = 0) -> list[Figure]:
    """The figures of a text in the language `code`, in order of place; no two overlap. `offset` is added to their places.

    `strict` reads number marks as the language has them (“1.200” is a thousand and two hundred in German); otherwise, as in copy that may have
    kept the marks of another language, such a number has both values.
    """
    facts = language(code)
    found: list[Figure] = []
    taken = [match.span() for match in _URL.finditer(text)]
    for reader in (_dates, _times, _weekdays, _numbers, _words):
        for kind, values, start, end in reader(text, facts, strict):
            if values and all(end <= a or start >= b for a, b in taken):
                taken.append((start, end))
                found.append(Figure(kind, frozenset(values), Span(start + offset, end + offset), text[start:end], spelled=reader is _words))
    return sorted(found, key=lambda figure: figure.span)


_Read = tuple[str, set[Value], int, int]


@cache
def _date_patterns(facts: Language) -> tuple[tuple[re.Pattern[str], ...], dict[str, int]]:
    """Patterns of a day with the name of its month, and the month by name."""
    months = {name.casefold(): number for names in (facts.month_abbreviations, facts.months) for number, name in enumerate(names, 1) if len(name) > 2}
    if not months:
        return (), {}
    flags = re.IGNORECASE if facts.code != "en" else 0  # “may” is no month
    written = [name for name in (*facts.months, *facts.month_abbreviations) if len(name) > 2]
    names = "|".join(re.escape(name) for name in sorted(written, key=len, reverse=True))
    day = r"(?<![\d.,:/])(?P<day>[0-3]?\d)(?:\.|º|°|er|st|nd|rd|th)?"
    year = rf"(?:\.?,?{_SPACE}(?:de{_SPACE}|del{_SPACE})?(?P<year>{_YEAR})(?!\d))?"
    return (
        re.compile(rf"{day}{_SPACE}?(?:de{_SPACE}|of{_SPACE})?(?P<month>{names})(?![^\W\d_]){year}", flags),
        re.compile(rf"\b(?P<month>{names})\.?{_SPACE}(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d.,:]\d|\d){year}", flags),
    ), months


def _dates(text: str, facts: Language, strict: bool) -> Iterator[_Read]:  # noqa: FBT001  one reader of several
    patterns, months = _date_patterns(facts)
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield "date", _days(text, match, months[match["month"].casefold()]), *match.span()
    for pattern in (_ISO, _EASTERN):
        for match in pattern.finditer(text):
            yield "date", _days(text, match, int(match["month"])), *match.span()
    for match in _NUMERIC.finditer(text):
        year, first, second = (int(match[name]) for name in ("year", "first", "second"))
        readings: set[Value] = {date for date in ((year, second, first), (year, first, second)) if _is_date(date)}
        if strict and match["mark"] == "." and _is_date((year, second, first)):
            readings = {(year, second, first)}
        yield "date", readings, *match.span()


def _days(text: str, match: re.Match[str], month: int) -> set[Value]:
    """The date, and the other days that share its month (“between 11 and 14 September”): any of them may be meant."""
    year, days = int(match["year"] or 0), [int(match["day"])]
    for other in (_AHEAD.search(text[max(0, match.start() - 16) : match.start()]), _BEHIND.match(text, match.end())):
        days += [int(other["day"])] if other else []
    return {date for day in days if _is_date(date := (year, month, day))}


def _is_date(date: Date) -> bool:
    return 1 <= date[1] <= 12 and 1 <= date[2] <= 31


@cache
def _clock_words(facts: Language) -> re.Pattern[str]:
    words = [re.escape(word) for word in facts.clock_words if len(word) > 1 or word == "h"]
    return re.compile(_CLOCK_WORD.format(words="|".join((*words, *_HALVES))), re.IGNORECASE)


def _times(text: str, facts: Language, strict: bool) -> Iterator[_Read]:  # noqa: FBT001
    del strict
    for pattern in (_clock_words(facts), _CLOCK):
        for match in pattern.finditer(text):
            yield "time", {(int(match["hour"]) * 60 + int(match["minute"] or 0)) % 720}, *match.span()


@cache
def _weekday_pattern(facts: Language) -> tuple[re.Pattern[str], dict[str, int]]:
    days = {name.casefold(): number for number, name in enumerate(facts.weekdays)}
    names = "|".join(re.escape(name) for name in facts.weekdays) or "(?!)"
    return re.compile(rf"(?<![^\W\d_])(?:{names})", 0 if facts.code in ("en", "de") else re.IGNORECASE), days


def _weekdays(text: str, facts: Language, strict: bool) -> Iterator[_Read]:  # noqa: FBT001
    del strict
    pattern, days = _weekday_pattern(facts)
    for match in pattern.finditer(text):
        yield "weekday", {days[match.group().casefold()]}, *match.span()


@cache
def _magnitudes(facts: Language) -> tuple[re.Pattern[str], dict[str, int]]:
    powers = {word: int(power) for line in facts.magnitudes for power, *words in [line.split()] for word in words}
    words = "|".join(re.escape(word) for word in sorted(powers, key=len, reverse=True)) or "(?!)"
    if facts.script in ("Hans", "Hant", "Jpan"):
        return re.compile(rf"{_SPACE}?[多余餘数數]?(?P<word>{words})"), powers
    # An ending may follow a long word: “миллионом”, “milionech”.
    return re.compile(rf"(?:{_SPACE}|-)?(?P<word>{words})(?:(?<=[^\W\d_]{{5}})[^\W\d_]{{1,2}})?(?![^\W\d_])"), powers


def _numbers(text: str, facts: Language, strict: bool) -> Iterator[_Read]:  # noqa: FBT001
    for match in _NUMBER.finditer(text):
        if sum(map(str.isdigit, match.group())) <= _LONGEST:
            values, end = _magnified(text, match.end(), _readings(match["figure"], facts, strict=strict), facts)
            yield "number", set(values), match.start(), end


def _magnified(text: str, end: int, values: set[Decimal], facts: Language) -> tuple[set[Decimal], int]:
    """The values with the magnitudes behind them (“15 mil millones”); a single letter may be a unit as well, so both values stand."""
    pattern, powers = _magnitudes(facts)
    for _ in range(2):
        match = pattern.match(text, end)
        if match is None:
            break
        word = match["word"]
        larger = {value.scaleb(powers[word]) for value in values}
        values = values | larger if len(word) == 1 and word.isascii() else larger
        end = match.end()
    return values, end


def _readings(figure: str, facts: Language, *, strict: bool) -> set[Decimal]:
    """What digits and marks may be worth; empty for what is no number (a version, a code)."""
    figure = re.sub(_SPACE, "", figure)
    marks = _MARK.findall(figure)
    parts = _MARK.split(figure)
    if not marks:
        return {Decimal(figure)}
    grouped = all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3 and parts[0] != "0" and len(set(marks)) == 1
    if len(marks) > 1:
        if grouped:
            return {Decimal("".join(parts))}
        whole = len(set(marks[:-1])) == 1 and marks[-1] != marks[0] and all(len(part) == 3 for part in parts[1:-1])
        return {Decimal("".join(parts[:-1]) + "." + parts[-1])} if whole else set()
    fraction, thousand = Decimal(".".join(parts)), Decimal("".join(parts))
    if strict and marks[0] == facts.decimal:
        return {fraction}
    if strict and grouped and marks[0] in facts.thousands:
        return {thousand}
    return {fraction, thousand} if grouped else {fraction}


@cache
def _numeral_pattern(facts: Language) -> tuple[re.Pattern[str], dict[str, int]]:
    values = {word.casefold(): int(value) for line in facts.numerals for value, *words in [line.split()] for word in words}
    words = "|".join(re.escape(word) for word in sorted(values, key=len, reverse=True)) or "(?!)"
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE), values


def _words(text: str, facts: Language, strict: bool) -> Iterator[_Read]:  # noqa: FBT001
    del strict
    pattern, numerals = _numeral_pattern(facts)
    for match in pattern.finditer(text):
        values, end = _magnified(text, match.end(), {Decimal(numerals[match.group().casefold()])}, facts)
        yield "number", set(values), match.start(), end
