"""Known names by their sound: the entity of the table that an unlisted spelling names, where a convention's letters explain the difference."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from auditor.names.aliases import AliasTable, Entity
from auditor.names.gazetteer import gazetteer
from auditor.names.letters import CORRESPONDENCES, conventions_of, explained, loosely_explained
from auditor.names.skeleton import ARTICLE, bare, plain, skeleton

Sounds = Mapping[str, tuple[tuple[str, Entity], ...]]
"""Right forms of two words and more, and places of one long word, each with its entity, by what is heard of the consonants."""

_NEEDED = 2
"""Correspondences that have to agree where the source language is not known, and in a name of one word."""
_LONG = 6
"""Letters of a one-word place that can be heard."""
_NEVER: Mapping[str, re.Pattern[str]] = {
    "es": re.compile("[áéíóú]", re.IGNORECASE),
    "it": re.compile("[šžč]", re.IGNORECASE),
    "pl": re.compile("[śćńźżł]", re.IGNORECASE),
}
"""Marks of a convention that English never prints on a name from another script."""
_MARKS: Mapping[str, re.Pattern[str]] = {
    **_NEVER,
    "pt": re.compile("[áéíóúâêôãõç]", re.IGNORECASE),
    "fr": re.compile("[éèêëïîâôû]", re.IGNORECASE),
    "nl": re.compile("[ëï]", re.IGNORECASE),
}
"""Marks that a convention puts on names of other scripts: evidence beside its letters."""
_SERVANT = re.compile(r"\babd(?:[aeu]|ou)l?[ -]?(?=\w{3})")
_MOHAMMED = re.compile(r"\bm[ou]?u?h?[ao]m+[ae]d\b")
_AHMED = re.compile(r"\ba(?:h|ch)m[ae]d\b")
_SILENT = re.compile(r"(?<=[aeiou])h\b")
_VAGUE = re.compile("[ajw ]")
_DOUBLED = re.compile(r"(.)\1+")

_last: list[tuple[AliasTable, Sounds]] = []


def sounds(table: AliasTable) -> Sounds:
    """The index of a table, built when first asked for."""
    if not _last or _last[0][0] is not table:
        found: dict[str, dict[tuple[str, str], Entity]] = defaultdict(dict)
        for entity in table.entities:
            for form in entity.full.right if entity.kind in ("person", "place", "organisation") else ():
                if " " in form or (entity.kind == "place" and len(form) >= _LONG):
                    found[_consonants(form)][form, entity.id] = entity
        _last[:] = [(table, {key: tuple((form, forms[form, name]) for form, name in sorted(forms)) for key, forms in found.items()})]
    return _last[0][1]


def heard(name: str, table: AliasTable, source_lang: str | None) -> tuple[Entity, tuple[str, ...]] | None:
    """The one entity that the spelling names by the letters of a convention, and these; None where none fits or two entities sound alike.

    With a source language the convention has to be its own; without one, two correspondences have to agree. What differs from a right form by
    diacritics alone, or by what English spells in several ways, is not a foreign spelling; but for the marks that English never prints (the
    háčeks of Italian transliteration). A place of one word is heard with a source language alone, and where no other place or person bears the name.
    """
    if " " not in name and (source_lang is None or len(name) < _LONG):
        return None
    keys = {_consonants(name), _consonants(name.replace("j", "kh").replace("J", "Kh"))} if source_lang == "es" else {_consonants(name)}
    alike = [(form, entity) for key in sorted(keys) for form, entity in sounds(table).get(key, ()) if (" " in form) == (" " in name)]
    never = _NEVER.get(source_lang or "")
    marked = never is not None and never.search(name) is not None
    if not alike or (not marked and any(_usual(form) == _usual(name) for form, _ in alike)):
        return None
    if len({entity.id for form, entity in alike if skeleton(form) == skeleton(name)}) > 1 or (" " not in name and gazetteer().readings(name)):
        return None
    codes: dict[str, set[str]] = defaultdict(set)
    named: dict[str, Entity] = {}
    for form, entity in alike:
        if found := set(_codes(name, form, entity, source_lang)):
            codes[entity.id] |= found
            named[entity.id] = entity
    if len(named) != 1:
        return None
    entity = next(iter(named.values()))
    return entity, tuple(sorted(codes[entity.id]))


def _codes(name: str, form: str, entity: Entity, source_lang: str | None) -> Iterator[str]:
    """The conventions under which the spelling is the right form's, with evidence enough."""
    never = _NEVER.get(source_lang or "")
    same = plain(name) == plain(form) or bare(name) == bare(form)
    if same:
        if source_lang and never and never.search(name) and all(map(str.isascii, entity.full.right)):
            yield source_lang
    elif source_lang is None or " " not in name or entity.kind != "person":
        why = conventions_of(name, form)
        yield from (code for code, count in why.items() if source_lang in (None, code) and count >= (1 if source_lang and " " in name else _NEEDED))
    elif source_lang in CORRESPONDENCES:
        count = loosely_explained(_usual(name), _usual(form), source_lang)
        mark = _MARKS.get(source_lang)
        marked = mark is not None and mark.search(name) is not None
        if explained(name, form, source_lang) or (count is not None and (count or marked)):
            yield source_lang


@lru_cache(maxsize=16384)
def _usual(name: str) -> str:
    """The name with one spelling for what no convention owns: Arabic articles, Abdel and Abdul, Mohammed and Muhammad, hyphens, a silent h."""
    text = re.sub(r"\bel (?=\w{3})", "al ", " ".join(ARTICLE.sub("al ", word) for word in plain(name).split()))
    text = _SERVANT.sub("abdal ", text.replace("-", " "))
    text = re.sub(r"\babdal al ", "abdal ", text)
    return _SILENT.sub("", _AHMED.sub("ahmed", _MOHAMMED.sub("mohammed", text)))


@lru_cache(maxsize=16384)
def _consonants(name: str) -> str:
    """What is heard of the name, vowels, glides and the end of words left out: so coarse that it only says which names are worth comparing."""
    return _DOUBLED.sub(r"\1", _VAGUE.sub("", skeleton(_usual(name))))
