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
_NUMBERS = 2
"""Forms of a noun."""
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


def alike(word: str, other: str, irregular: Mapping[str, Sequence[str]], *, verb: bool) -> Iterator[tuple[str, str]]:
    """Each form of a word with the form of the other that goes with it: of a verb all five, of a noun singular and plural. The other may be several
    words: a verb is then the first of them, a noun the last.
    """
    before, _, head = ("", "", other) if verb else other.rpartition(" ")
    head, *after = head.split(" ")
    for one, two in dict.fromkeys(zip(_paradigm(word, irregular, verb=verb), _paradigm(head, irregular, verb=verb), strict=True)):
        yield one, " ".join([*([before] if before else []), two, *after])


def _paradigm(base: str, irregular: Mapping[str, Sequence[str]], *, verb: bool) -> tuple[str, ...]:
    """Base, third person, past, past participle and present participle; or singular and plural."""
    if not verb:
        return tuple(irregular[base]) if len(irregular.get(base, ())) == _NUMBERS else (base, _third(base))
    forms = irregular.get(base, ())
    if len(forms) > _NUMBERS:
        past, participle = {3: (base, base), 4: (forms[2], forms[2])}.get(len(forms), (forms[2], forms[-2]))
        return base, forms[1], past, participle, forms[-1]
    past, present = _endings(base)
    return base, _third(base), past, past, present


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
