"""Writes entities into a project's own alias table; the only place that writes aliases/*.toml."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.errors import DataError
from auditor.names import aliases
from auditor.names.aliases import AliasTable, Entity, Form

FILE = "own.toml"
"""The file of a project's .auditor/aliases that the commands write to."""

_HEAD = "# Names that this newsroom decided on; they win over the table that comes with auditor.\n"
_TABLE = re.compile(r"^\[([a-z0-9-]+)\][^\n]*\n(?:(?!\[)[^\n]*\n?)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Wording:
    """One spelling that somebody decided on: `role` is variant, only or accepted; `language` is “” for an accepted one."""

    canonical: str
    surface: str
    role: str = "variant"
    language: str = "und"
    kind: str = "person"
    region: str = ""


def identifier(canonical: str) -> str:
    """The id that a new entity gets: its canonical form in plain lower-case letters, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", canonical).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or "name"


def added(table: AliasTable, wordings: Iterable[Wording], *, source: str) -> tuple[Entity, ...]:
    """The entities that the wordings make or change, each whole: an entity of the table keeps what it has. Wordings that the table holds
    already change nothing."""
    changed: dict[str, Entity] = {}
    by_canonical = {entity.full.canonical: entity for entity in table.entities}
    taken = {entity.id for entity in table.entities}
    for wording in wordings:
        known = by_canonical.get(wording.canonical)
        if known is None:
            known = Entity(_free(wording.canonical, taken), wording.kind, Form(wording.canonical), region=wording.region, sources=(source,))
            taken.add(known.id)
            changed[known.id] = known
        entity = replace(known, full=_with(known.full, wording))
        if entity != known:
            changed[entity.id] = entity
        by_canonical[wording.canonical] = entity
    return tuple(changed[name] for name in sorted(changed))


def _free(canonical: str, taken: set[str]) -> str:
    base = identifier(canonical)
    numbers = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(name for name in numbers if name not in taken)


def _with(form: Form, wording: Wording) -> Form:
    """The form with one more spelling, unless it has it."""
    if wording.surface in form.right:
        return form
    if wording.role == "accepted":
        return replace(form, accepted=(*form.accepted, wording.surface))
    held = form.only if wording.role == "only" else form.variants
    of_language = held.get(wording.language, ())
    if wording.surface in of_language:
        return form
    more = dict(sorted({**held, wording.language: (*of_language, wording.surface)}.items()))
    return replace(form, only=more) if wording.role == "only" else replace(form, variants=more)


def render(entity: Entity) -> str:
    """The entity as its table of an aliases file."""
    lines = [f"[{entity.id}]", *_form(entity.full, ""), f"kind = {_text(entity.kind)}"]
    lines += [f"{key} = {_text(value)}" for key, value in (("region", entity.region), ("valid", entity.valid), ("notes", entity.notes)) if value]
    if entity.short is not None:
        lines += _form(entity.short, "short.")
        lines += ["short.alone = true"] if entity.alone else []
    lines += [f"sources = {_list(entity.sources)}"] if entity.sources else []
    return "\n".join(lines) + "\n"


def _form(form: Form, prefix: str) -> list[str]:
    lines = [f"{prefix}canonical = {_text(form.canonical)}"]
    lines += [f"{prefix}accepted = {_list(form.accepted)}"] if form.accepted else []
    lines += [f"{prefix}profiles.{name} = {_text(value)}" for name, value in form.profiles.items()]
    for key, held in (("variants", form.variants), ("only", form.only)):
        lines += [f"{prefix}{key}.{code} = {_list(surfaces)}" for code, surfaces in held.items() if surfaces]
    return lines


def _text(value: str) -> str:
    """A TOML basic string."""
    escaped = "".join(
        f"\\u{ord(sign):04x}" if ord(sign) < 32 or ord(sign) == 127 else sign for sign in value.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def save(folder: Path, entities: Iterable[Entity]) -> Path:
    """Writes the entities into the folder's `own.toml`, each in place of its older table, and leaves all else as it is.

    DataError, with nothing written, where the tables would contradict each other afterwards.
    """
    path = folder / FILE
    text = path.read_text(encoding="utf-8") if path.is_file() else _HEAD
    for entity in entities:
        text = _placed(text, entity)
    _tried(folder, text)
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{FILE}.{os.getpid()}.part")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)
    return path


def _placed(text: str, entity: Entity) -> str:
    for found in _TABLE.finditer(text):
        if found[1] == entity.id:
            rest = text[found.end() :]
            return f"{text[: found.start()]}{render(entity)}{chr(10) if rest else ''}{rest}"
    return f"{text.rstrip()}\n\n{render(entity)}"


def _tried(folder: Path, text: str) -> None:
    """DataError where the folder's tables with this `own.toml` cannot be loaded beside the program's."""
    with tempfile.TemporaryDirectory() as work:
        trial = Path(work)
        for other in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            (trial / other.name).write_bytes(other.read_bytes())
        (trial / FILE).write_text(text, encoding="utf-8")
        try:
            aliases.load([aliases.aliases_folder(), trial])
        except DataError as error:
            raise DataError(str(error).replace(work, str(folder))) from error


def rows(entities: Iterable[Entity]) -> Iterable[Mapping[str, str]]:
    """Every spelling of the entities as a row: id, canonical, kind, region, form, role (canonical, accepted, variant, only), language, part
    (full or short)."""
    for entity in entities:
        for part, form in (("full", entity.full), ("short", entity.short)):
            if form is None:
                continue
            told = [("canonical", "", form.canonical), *(("accepted", "", surface) for surface in form.accepted)]
            for role, held in (("variant", form.variants), ("only", form.only)):
                told += [(role, code, surface) for code, surfaces in held.items() for surface in surfaces]
            for role, code, surface in told:
                yield {
                    "id": entity.id,
                    "canonical": entity.full.canonical,
                    "kind": entity.kind,
                    "region": entity.region,
                    "form": surface,
                    "role": role,
                    "language": code,
                    "part": part,
                }
