"""Well-known persons of people.txt in the spelling of each convention; build time only.

A Cyrillic name is spelled letter by letter; what a convention writes otherwise for a given name (French Alexandre, German Fjodor) stands in a
table here. For names of other scripts people.txt gives the foreign spellings; under “derived” those that follow from the English form come to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from transcribe import CONVENTIONS, cyrillic, from_english

_EVERY = {
    "Александр": "Alexander Aleksander Alexandre", "Алексей": "Alexis", "Пётр": "Petr Piotr Peter", "Фёдор": "Fjodor Fiodor Fedor Feodor",
    "Лев": "Leon Liev Lew", "Михаил": "Mikhail Michail Mikhael", "Николай": "Nicolai Nikolai Nicolas", "Иосиф": "Josef Joseph Iossif Josif",
    "Юрий": "Juri Youri", "Евгений": "Evgeni Eugeni", "Константин": "Constantin Konstantin", "Виктор": "Victor", "Максим": "Maxime",
    "Сергей": "Serge Sergei", "Дмитрий": "Dimitri Dmitri", "Людмила": "Ludmila", "Георгий": "Georgi", "Софья": "Sofia Sophia", "Семён": "Semion",
    "Александра": "Alexandra", "Анастасия": "Anastasia", "Екатерина": "Ekaterina", "Яков": "Jacob", "Лаврентий": "Lavrenti", "Юлия": "Julia",
    "Наталья": "Natalia", "Наталия": "Natalia", "Ольга": "Olga", "Любовь": "Liubov", "Игорь": "Igor", "Марк": "Marc", "Василий": "Vasili Vassili",
    "Олександр": "Olexander Oleksander", "Дарья": "Daria", "Татьяна": "Tatiana", "Фаина": "Faina", "Исаак": "Isaak Isaac", "Иван": "Ivan",
    "Ксения": "Xenia", "Евгения": "Evgenia Eugenia", "Валерий": "Valeri", "Виталий": "Vitali", "Анатолий": "Anatoli", "Аркадий": "Arkadi",
}  # fmt: skip
"""Spellings of given names that any convention may have beside its own letters'."""
_OTHER: Mapping[str, tuple[tuple[str, str], ...]] = {
    "fr": (("ine$", "in"), ("ene$", "en"), ("oou", "ou"), ("tz", "ts"), ("^iou", "ju")),
    "de": (("eew", "ejew"), ("ss", "s"), ("j", "i"), ("sch", "sh")),
    "es": (("j", "kh"), ("j", "h"), ("sch", "shch"), ("sh", "ch"), ("k", "c")),
    "it": (("ch", "kh"), ("ch", "h"), ("c", "ts"), ("š", "sh"), ("č", "ch"), ("ž", "zh"), ("j", "y")),
    "pt": (("ch", "sh"), ("kh", "h"), ("j", "zh"), ("tch", "ch"), ("u", "ou")),
    "nl": (("ch", "kh"), ("sj", "sh"), ("oe", "u"), ("oeoe", "oe")),
    "pl": (("jo", "io"), ("je", "ie"), ("ow$", "iow")),
}
"""Spellings of a convention beside those of its rules, each for the whole part."""


_CYRILLIC = frozenset({"ru", "uk", "be", "bg"})


@dataclass(frozen=True, slots=True)
class Person:
    """The English form to print, every right form, and the spellings of each convention."""

    english: str
    right: tuple[str, ...]
    spellings: Mapping[str, frozenset[str]]


def people(path: Path, given: Mapping[str, str]) -> Iterator[Person]:
    """The persons of the file. `given`: what English prints for a given name that its letters spell otherwise."""
    script = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            script = line[1:].split()[0] if re.fullmatch(r"# (ru|uk|be|bg|derived|listed|right)", line) else script
        elif line.strip():
            yield _cyrillic(line, script, given) if script in _CYRILLIC else _spelled(line, derived=script == "derived")


def _cyrillic(line: str, script: str, given: Mapping[str, str]) -> Person:
    """“Native name” or “Native name=English form/further right form”."""
    native, _, listed = line.partition("=")
    parts = native.split()
    plain = [cyrillic(part, script, "en") for part in parts]
    usual = " ".join([given.get(plain[0], plain[0]), *plain[1:]])
    right = tuple(form.strip() for form in listed.split("/") if form.strip()) or (usual,)
    spellings = {code: frozenset(_ways(parts, script, code)) for code in CONVENTIONS[1:]}
    return Person(right[0], tuple(dict.fromkeys((*right, usual, " ".join(plain)))), spellings)


def _ways(parts: list[str], script: str, code: str) -> Iterator[str]:
    ways = []
    for number, part in enumerate(parts):
        forms = [cyrillic(native, script, code) for native in dict.fromkeys((part, part.replace("ё", "е"), part.replace("ё", "йо")))]
        forms += [re.sub(old, new, form.lower()) for form in tuple(forms) for old, new in _OTHER[code]]
        forms += _EVERY.get(part, "").split() if number == 0 else []
        ways.append(list(dict.fromkeys(form.lower() for form in forms)))
    yield from (" ".join(way) for way in product(*ways))


def _spelled(line: str, *, derived: bool) -> Person:
    """“English form/further right form=fr Spelling, Spelling; de Spelling”."""
    right, _, foreign = line.partition("=")
    forms = tuple(form.strip() for form in right.split("/"))
    spellings: dict[str, set[str]] = {code: {from_english(form, code) for form in forms} if derived else set() for code in CONVENTIONS[1:]}
    for group in filter(None, map(str.strip, foreign.split(";"))):
        code, _, listed = group.partition(" ")
        spellings[code].update(form.strip() for form in listed.split(","))
    return Person(forms[0], forms, {code: frozenset(found) for code, found in spellings.items()})
