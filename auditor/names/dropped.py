"""Names that lost letters with their accents (Vzquez for Vázquez): the only place that says which name such a remnant was."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

_LONG = 4
"""Letters of a remnant: a shorter one is a name of its own too often."""
_CLUSTER = re.compile(r"[bcdfghjklmnpqrstvwxz]{3,}|\b[glj][mp]", re.IGNORECASE)
"""Consonants that no name has side by side, or begins with."""

_BORNE = """
Bermúdez Cárdenas Chávez Córdova Domínguez Fernández González Guzmán Hernández Márquez Martínez Méndez Menéndez Ortúzar Rodríguez Sánchez Valdés
Vázquez Velázquez Agustín Cristóbal Germán Héctor Martín Néstor Víctor Bárbara Hernán Gastón Flávio Márcio Frédéric Jérôme Hélène Stéphane
Stéphanie Cédric Thérèse Clémence Bénédicte Grégoire Grégory Müller Schröder Lübcke Köhler Böhmermann Jürgen Günther Björn Höcke Krüger Grütters
Kühnert Kılıçdaroğlu Atatürk Yıldırım Orbán Szijjártó Zoltán Sándor László Mészáros Dąbrowski Wójcik Gómez López
"""
"""Names that the news of those languages is full of, written as they are at home."""


def remnant(name: str) -> str:
    """What is left of a name when every letter outside ASCII is lost."""
    return "".join(letter for letter in name if letter.isascii())


@cache
def borne() -> Mapping[str, str]:
    """By the remnant: the one well-known name that it was. Only what cannot be read as a name of its own."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in _BORNE.split():
        if is_remnant(remnant(name), name):
            found[remnant(name)].add(name)
    return {left: names.pop() for left, names in found.items() if len(names) == 1}


def is_remnant(left: str, name: str) -> bool:
    """Whether `left` is what the lost letters leave of `name`, and shows it: a capital, four letters, and consonants where the gap is."""
    if left == name or len(left) < _LONG or left != remnant(name) or not left[:1].isupper():
        return False
    at = 0
    for letter in name:
        if letter.isascii():
            at += 1
        elif any(found.start() < at < found.end() for found in _CLUSTER.finditer(left)):
            return True
    return False


def dropped(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each word of a text that is a remnant, with the whole name: one that the text itself spells out, or else one that everybody knows."""
    every = frozenset(words)
    spelled: dict[str, set[str]] = defaultdict(set)
    for word in every:
        if not word.isascii():
            spelled[remnant(word)].add(word)
    for word in sorted(every & (spelled.keys() | borne().keys())):
        whole = [name for name in sorted(spelled.get(word, ())) if is_remnant(word, name)]
        if len(whole) == 1:
            yield word, whole[0]
        elif not whole and word in borne():
            yield word, borne()[word]
