"""The other forms of an English word, by its regular endings and a table of the irregular ones; the only place that inflects.

A form is given out only where the lexicon knows it as a word: the endings alone would make many that are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

_VOWELS = frozenset("aeiou")
_DOUBLED = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")
_SIBILANT = ("s", "x", "z", "ch", "sh")
Known = Callable[[str], bool]


def verbs(word: str, irregular: Mapping[str, Sequence[str]], known: Known) -> tuple[str, ...]:
    """The other forms of a verb: base, third person, past, participles. Nothing for a word that is no form of a known verb."""
    if word in irregular:
        return tuple(form for form in irregular[word] if form != word)
    found: dict[str, None] = {}
    for base in _bases(word):
        forms = (base, _third(base), *_endings(base))
        # A verb is a word of which at least two further forms are known; its noun has one.
        if word in forms and known(base) and sum(map(known, forms)) >= 3:
            found.update((form, None) for form in forms if form != word and known(form))
    return tuple(found)


def nouns(word: str, known: Known) -> tuple[str, ...]:
    """The other number of a noun that is formed regularly."""
    plural = _third(word)
    singulars = [base for base in _singulars(word) if known(base)]
    return tuple(form for form in (*singulars[:1], *(() if singulars else (plural,))) if known(form) and form != word)


def adverbs(word: str, known: Known) -> tuple[str, ...]:
    """The adverb of an adjective or the adjective of an adverb."""
    if word.endswith("ly"):
        made = (f"{word[:-3]}y" if word.endswith("ily") else word[:-2], f"{word[:-1]}e", word[:-4] if word.endswith("cally") else "")
    else:
        made = (
            f"{word[:-1]}ily" if word.endswith("y") else f"{word}ly",
            f"{word[:-1]}y" if word.endswith("le") else "",
            f"{word}ally" if word.endswith("ic") else "",
        )
    return tuple(form for form in made if len(form) > 3 and known(form))


def table(lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The forms of each irregular word, from lines that name all forms of one."""
    out: dict[str, tuple[str, ...]] = {}
    for line in lines:
        forms = tuple(line.split())
        for form in forms:
            out[form] = tuple(dict.fromkeys((*out.get(form, ()), *forms)))
    return out


@cache
def _third(base: str) -> str:
    if base.endswith(_SIBILANT):
        return f"{base}es"
    return f"{base[:-1]}ies" if base.endswith("y") and base[-2:-1] not in _VOWELS else f"{base}s"


def _endings(base: str) -> tuple[str, str]:
    """Past and present participle."""
    if base.endswith("e"):
        return f"{base}d", f"{base[:-1]}ing" if not base.endswith(("ee", "ye", "oe")) else f"{base}ing"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return f"{base[:-1]}ied", f"{base}ing"
    stem = base + base[-1] if len(base) <= 4 and _DOUBLED.search(base) else base
    return f"{stem}ed", f"{stem}ing"


def _singulars(word: str) -> Iterator[str]:
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]


def _bases(word: str) -> Iterator[str]:
    yield word
    yield from _singulars(word)
    for ending in ("ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            yield stem
            yield f"{stem}e"
            if stem.endswith("i"):
                yield f"{stem[:-1]}y"
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]
