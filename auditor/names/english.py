"""The English form of a name that no alias table holds, where a gazetteer is the evidence for it; the only place that proposes one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.names.gazetteer import Gazetteer, Known
from auditor.names.letters import conventions_of
from auditor.names.persons import foreign_key, is_marked, right_key, without_patronymic

_PARTICLES = frozenset({"al", "el", "bin", "ben", "ibn", "abu", "abou", "de", "von", "van"})
_PATRONYMIC = re.compile(r"\w(?:[oei][wv](?:itsch|ytsch|itch|ytch|icz|ycz|itsj|ytsj|ič|yč|ich|ych)|[oei][wv]na)$", re.IGNORECASE)
_PARTS = 8
"""Parts of the longest name: a longer line is no name."""
_INITIAL = re.compile(r"[^\W\d_]\.?")


@dataclass(frozen=True, slots=True)
class English:
    """What English prints for a foreign spelling. `conventions` are those that write the spelling so; `sure`: English has one spelling of
    every part, so that no other form is as right; `listed`: the gazetteer has the whole name, as that of a person."""

    form: str
    conventions: tuple[str, ...]
    sure: bool
    place: bool
    listed: bool = False


def english(name: str, source_lang: str | None, source: Gazetteer) -> English | None:
    """The form, or None: where the name is right as it stands, where nothing is known of it, or where two forms are possible.

    With a source language the spelling has to be that language's; without one any convention's will do.
    """
    listed = _listed(name, source_lang, source)
    if listed is not None:
        return listed if listed.form != name else None
    return _place(name, source_lang, source) or _person(name, source_lang, source)


def _listed(name: str, source_lang: str | None, source: Gazetteer) -> English | None:
    """A well-known person: the usual English form for a spelling of another convention; the name itself where English spells it so too."""
    if " " not in name or len(name.split()) > _PARTS:
        return None
    text, patronymic = without_patronymic(name)
    right, foreign = source.readings(right_key(text)), source.readings(foreign_key(text))
    if right and not patronymic and not is_marked(text):
        return English(name, ("en",), sure=True, place=False, listed=True)
    return _one([known for known in foreign if source_lang is None or source_lang in known.conventions], listed=True)


def _place(name: str, source_lang: str | None, source: Gazetteer) -> English | None:
    readings = [known for known in source.readings(name) if known.place]
    if not readings or source.is_place(name) or any("en" in known.conventions for known in readings):
        return None
    return _one([known for known in readings if _writes(name, known, source_lang)])


def _writes(name: str, known: Known, source_lang: str | None) -> bool:
    """Whether the source's convention writes the spelling so, by the gazetteer or, where that does not say, by its letters."""
    if known.conventions:
        return source_lang is None or source_lang in known.conventions
    why = conventions_of(name, known.english)
    return bool(why) if source_lang is None else source_lang in why


def _one(readings: list[Known], *, listed: bool = False) -> English | None:
    forms = {known.english for known in readings}
    sure = all(known.sure or known.place for known in readings)
    if len(forms) != 1:
        return None
    return English(forms.pop(), tuple(sorted({code for known in readings for code in known.conventions})), sure, readings[0].place, listed)


def _person(name: str, source_lang: str | None, source: Gazetteer) -> English | None:
    """Part by part: each is a known foreign spelling, right already, a particle or an initial, and at least one is foreign.

    A single part says too little: Tesla is Polish for a Ukrainian surname as well.
    """
    parts = name.split()
    if not 2 <= len(parts) <= _PARTS:
        return None
    out: list[str] = []
    common: frozenset[str] | None = None
    sure = True
    for at, part in enumerate(parts):
        if at == 1 and len(parts) == 3 and _PATRONYMIC.search(part):
            continue  # English copy does not print patronymics
        if part.casefold() in _PARTICLES or _INITIAL.fullmatch(part):
            out.append(part)
            continue
        readings = [known for known in source.readings(part) if not known.place]
        if right := [known for known in readings if "en" in known.conventions]:
            out.append(part)
            sure &= any(known.sure for known in right)
            continue
        found = _one([known for known in readings if source_lang is None or source_lang in known.conventions])
        if found is None:
            return None
        out.append(found.form)
        sure &= found.sure
        common = frozenset(found.conventions) if common is None else common & frozenset(found.conventions)
    if not common:
        return None
    return English(" ".join(out), tuple(sorted(common)), sure, place=False)
