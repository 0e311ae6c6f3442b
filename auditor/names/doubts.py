"""What is doubtful in an alias table: entries that load but that an editor would put right; the only place that judges them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.names.aliases import AliasTable, Entity


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the tables that loads but that an editor would put right."""

    path: str
    entity: str
    text: str


def lint(table: AliasTable) -> tuple[Problem, ...]:
    """What is doubtful in the tables: no source, nothing to find, a variant that is right, the same spelling twice, a stray profile."""
    return tuple(Problem(entity.path, entity.id, text) for entity in table.entities for text in _doubts(entity))


def _doubts(entity: Entity) -> Iterator[str]:
    if not entity.sources:
        yield "has no sources"
    forms = [form for form in (entity.full, entity.short) if form is not None]
    if not entity.notes and not any((*form.variants, *form.only, *form.accepted) for form in forms):
        yield "has neither variants nor accepted forms, and no notes say what it protects"
    for form in forms:
        foreign = [(code, surface) for group in (form.variants, form.only) for code, surfaces in group.items() for surface in surfaces]
        for code, surface in foreign:
            if surface in form.right:
                yield f"“{surface}” ({code}) is a right form of the same entity"
        for code in (*form.variants, *form.only):
            surfaces = [surface for other, surface in foreign if other == code]
            yield from (f"“{surface}” stands twice under {code}" for surface in sorted({s for s in surfaces if surfaces.count(s) > 1}))
        if len(set(form.accepted)) < len(form.accepted) or form.canonical in form.accepted:
            yield f"an accepted form of “{form.canonical}” stands twice"
