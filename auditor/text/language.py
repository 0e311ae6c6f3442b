"""What is known of each language; the only place that reads `languages/*.toml` and the CLDR (through babel)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from auditor import tables


@dataclass(frozen=True, slots=True)
class Language:
    """Facts about one language, no rules. Every field of an unknown language is empty.

    Months, weekdays, names and number marks come from the CLDR, everything else from `languages/<code>.toml`; what the file states
    wins over the CLDR.
    """

    code: str
    name: str = ""
    """In English: “German”."""
    own_name: str = ""
    """In itself: “Deutsch”."""
    script: str = ""
    """ISO 15924: Latn, Cyrl, Arab, Hebr, Hans, Grek …"""
    right_to_left: bool = False
    abbreviations: tuple[str, ...] = ()
    """Without their last full stop; a sentence does not end after them ("Dr", "No", "bzw")."""
    weak_abbreviations: tuple[str, ...] = ()
    """Without their last full stop; a sentence may end after them if a capital follows ("Inc", "p.m", "etc", "usw")."""
    months: tuple[str, ...] = ()
    """Twelve, as they stand in a date."""
    month_abbreviations: tuple[str, ...] = ()
    """Twelve, without a final full stop."""
    weekdays: tuple[str, ...] = ()
    """Seven, Monday first."""
    weekday_abbreviations: tuple[str, ...] = ()
    """Seven, without a final full stop."""
    quotation: tuple[tuple[str, str], ...] = ()
    """Pairs of quotation marks (open, close), the primary one first."""
    decimal: str = ""
    thousands: str = ""
    """Every mark in use, the CLDR's first: “.” for German, a string of several spaces for French."""
    clock_words: tuple[str, ...] = ()
    """Words that stand after a time of day: “Uhr”."""
    number_words: tuple[str, ...] = ()
    """Magnitudes as they stand after figures, long and short: “Millionen”, “Mrd”."""
    magnitudes: tuple[str, ...] = ()
    """A power of ten and the words for it: “6 Million Millionen Mio”."""
    numerals: tuple[str, ...] = ()
    """A number and the words for it: “12 zwölf”."""
    function_words: frozenset[str] = frozenset()
    """Frequent closed-class words, as `str.lower` gives them, that are no English word (for English itself: all)."""
    shared_with_english: frozenset[str] = frozenset()
    """The same, but spelt like an English word ("die", "son", "me"): evidence only beside others."""
    particles: tuple[str, ...] = ()
    """Name particles in lower case: “von”, “al-”, “ben”."""
    titles: tuple[str, ...] = ()
    """Titles and offices that stand before a name."""
    teaser_openers: tuple[str, ...] = ()
    """How a link to another story opens: “Also read”."""
    credit_words: tuple[str, ...] = ()
    """Agencies, photo services and the words of a credit line."""
    translation_notes: tuple[str, ...] = ()
    """What a note about the translation says before the language: “translated from”."""
    caption_openers: tuple[str, ...] = ()
    """How a line under a picture opens: “Photo”, “File photo”."""
    genitive: str = ""
    """What a possessive adds to a name: “’s” for English, “s” for German."""
    ordinal_stop: bool = False
    """A full stop after a figure makes an ordinal: “3. Oktober”, “Heinrich XIII. Reuß”."""
    numbered_nouns: tuple[str, ...] = ()
    """Nouns that take a Roman numeral and are no ruler: “War”, “Part”; a sentence may well end after “World War II.”."""
    byline_openers: tuple[str, ...] = ()
    """How a line with the writer's name opens: “By”."""
    spaced_marks: str = ""
    """Punctuation that has a space before it (French “: ; ? !”)."""


_OF_CLDR = frozenset({"months", "month_abbreviations", "weekdays", "weekday_abbreviations"})
"""The list fields that the CLDR fills."""
_TEXTS = {f.name for f in fields(Language) if f.type == "str"} - {"code"}
_FLAGS = {f.name for f in fields(Language) if f.type == "bool"}
_SETS = {f.name for f in fields(Language) if str(f.type).startswith("frozenset")}
_KEYS = {f.name for f in fields(Language)} - {"code"}


def folder() -> Path:
    """The folder of the language files that come with the program."""
    return Path(str(resources.files("auditor") / "languages"))


@cache
def codes() -> tuple[str, ...]:
    """The languages that have a file, sorted."""
    return tuple(sorted(path.stem for path in folder().glob("*.toml")))


@cache
def language(code: str) -> Language:
    """The facts about a language by its ISO 639 code (a region after it is ignored: `pt-BR` is `pt`).

    A language without a file has what the CLDR knows; a code that nobody knows gives an empty Language. DataError for a malformed file.
    """
    short = code.replace("_", "-").split("-")[0].casefold()
    if short != code:
        return language(short)
    found = stated(short)
    known = _cldr(short)
    return replace(known, **{key: getattr(found, key) for key in _stated(short)}) if found.code else known


@cache
def stated(code: str) -> Language:
    """What the file of a language states, without the CLDR: far faster to have. An empty Language (no code) where there is no file."""
    path = folder() / f"{code}.toml"
    return read(path, Language(code)) if path.is_file() else Language("")


@cache
def _stated(code: str) -> frozenset[str]:
    """The fields that the file of a language states."""
    return frozenset(tables.read(folder() / f"{code}.toml")[0]) if stated(code).code else frozenset()


def read(path: Path, base: Language) -> Language:
    """`base` with the facts of one language file over it. DataError names file, line and key of what is wrong."""
    content, text = tables.read(path)
    tables.refuse_unknown(content, _KEYS, path=path, text=text, table="")
    return replace(base, **{key: _value(path, text, key, value) for key, value in content.items()})


def _value(path: Path, text: str, key: str, value: object) -> Any:  # noqa: ANN401  the field's own type
    if key in _TEXTS or key in _FLAGS:
        wanted = str if key in _TEXTS else bool
        if not isinstance(value, wanted):
            raise tables.wrong(path, text, "", key, "has to be a text" if key in _TEXTS else "has to be true or false")
        return value
    if key == "quotation":
        pairs = [tables.strings(pair) for pair in value] if isinstance(value, list) else []
        if not pairs or any(pair is None or len(pair) != 2 for pair in pairs):
            raise tables.wrong(path, text, "", key, "has to be a list of pairs [open, close]")
        return tuple(pairs)
    found = tables.strings(value)
    if found is None:
        raise tables.wrong(path, text, "", key, "has to be a text or a list of texts")
    if key in _SETS:
        return frozenset(word for line in found for word in line.split())
    return found


def _cldr(code: str) -> Language:
    from babel import Locale  # takes 0.1 s: not on the way to --help
    from babel.core import UnknownLocaleError

    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return Language(code)
    months, days = locale.months["format"], locale.days["format"]
    marks = locale.number_symbols.get("latn", {})
    thousands = str(marks.get("group", ""))
    return Language(
        code,
        name=locale.get_language_name("en") or "",
        own_name=locale.get_language_name() or "",
        right_to_left=locale.text_direction == "rtl",
        months=_in_order(months["wide"], 1, 12),
        month_abbreviations=_in_order(months["abbreviated"], 1, 12),
        weekdays=_in_order(days["wide"], 0, 7),
        weekday_abbreviations=_in_order(days["abbreviated"], 0, 7),
        decimal=str(marks.get("decimal", "")),
        # Where the CLDR has one kind of space, writers use all of them.
        thousands="\u202f\u00a0 " if thousands.isspace() else thousands,
    )


def _in_order(names: Mapping[int, str], first: int, count: int) -> tuple[str, ...]:
    return tuple(names[number].rstrip(".") for number in range(first, first + count))


@cache
def names() -> Mapping[str, str]:
    """Code by case-folded language name: in English for every language with a two-letter code, and in itself for those that have a file."""
    from babel import Locale  # takes 0.1 s: not on the way to --help

    found = {language(code).own_name.casefold(): code for code in codes()}
    found.update((str(name).casefold(), code) for code, name in sorted(Locale.parse("en").languages.items()) if len(code) == 2)
    return found


@cache
def code_of(name: str) -> str | None:
    """The code of a language given by code (“de”, “de-AT”, “deu”) or by name (“German”, “deutsch”); None for what is no language."""
    folded = name.strip().casefold().replace("_", "-")
    if folded in codes():
        return folded
    from babel.core import get_global  # takes 0.1 s: not on the way to --help

    if folded in names():
        return names()[folded]
    short = folded.split("-")[0]
    short = str(get_global("language_aliases").get(short, short))
    return short if language(short).name and short != "und" else None


@cache
def words(field: str) -> tuple[str, ...]:
    """The values of a list field over all languages, longest first: what foreign copy may have brought along."""
    known = language if field in _OF_CLDR else stated
    found = {word for code in codes() for word in getattr(known(code), field)}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))
