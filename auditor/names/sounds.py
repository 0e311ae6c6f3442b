"""Known names by their sound: the entity of the table that an unlisted spelling names, where a convention's letters explain the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from auditor.names.aliases import AliasTable, Entity
from auditor.names.letters import conventions_of
from auditor.names.skeleton import plain, skeleton

Sounds = Mapping[str, tuple[tuple[str, Entity], ...]]
"""Right forms of two words and more, each with its entity, by skeleton."""

_NEEDED = 2
"""Correspondences that have to agree where the source language is not known."""

_last: list[tuple[AliasTable, Sounds]] = []


def sounds(table: AliasTable) -> Sounds:
    """The index of a table, built when first asked for."""
    if not _last or _last[0][0] is not table:
        found: dict[str, dict[tuple[str, str], Entity]] = defaultdict(dict)
        for entity in table.entities:
            for form in entity.full.right:
                if " " in form and entity.kind in ("person", "place", "organisation"):
                    found[skeleton(form)][form, entity.id] = entity
        _last[:] = [(table, {key: tuple((form, forms[form, name]) for form, name in sorted(forms)) for key, forms in found.items()})]
    return _last[0][1]


def heard(name: str, table: AliasTable, source_lang: str | None) -> tuple[Entity, tuple[str, ...]] | None:
    """The one entity that the spelling names by the letters of a convention, and these; None where none fits or two entities sound alike.

    With a source language the convention has to be its own; without one, two correspondences have to agree. What differs from a right form by
    diacritics alone is not a foreign spelling.
    """
    alike = sounds(table).get(skeleton(name), ()) if " " in name else ()
    if len({entity.id for _, entity in alike}) != 1 or any(plain(form) == plain(name) for form, _ in alike):
        return None
    codes: set[str] = set()
    for form, _ in alike:
        why = conventions_of(name, form)
        codes.update(code for code, count in why.items() if code == source_lang or (source_lang is None and count >= _NEEDED))
    return (alike[0][1], tuple(sorted(codes))) if codes else None
