"""Reads the YAML front matter of a text file and the sidecar beside it: what a file says of itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from auditor.errors import InputError
from auditor.types import Provenance, Span

_MATTER = re.compile(r"\A---[ \t]*(?:\r\n|\r|\n)(?P<yaml>.*?)(?<=[\r\n])---[ \t]*(?:\r\n|\r|\n|\Z)", re.DOTALL)
_SOURCE = ("source_language", "source-language", "source_lang", "source-lang")
_TARGET = ("target_language", "target-language", "target_lang", "target-lang")
_OUTLET = ("outlet", "publisher", "site")
_DATE = ("date", "published")


def find(text: str) -> Span | None:
    """The span of the front matter, its dashes included, if the text opens with one."""
    found = _MATTER.match(text)
    return Span(*found.span()) if found and _parsed(found["yaml"]) is not None else None


def provenance(text: str, path: str) -> Provenance:
    """What front matter (dashes included) says. InputError if its source language is no language."""
    found = _MATTER.match(text)
    values = _parsed(found["yaml"]) if found else None
    return from_values(values or {}, path=path, how="front matter")


def from_values(values: Mapping[str, object], *, path: str, how: str) -> Provenance:
    """Source and target language, outlet and date out of a file's own fields."""
    code, target = _code(values, _SOURCE, path, how), _code(values, _TARGET, path, how)
    return Provenance(
        source_lang=code,
        how=how if code else "unknown",
        target_lang=target or Provenance().target_lang,
        outlet=_first(values, _OUTLET),
        date=_first(values, _DATE),
    )


def _code(values: Mapping[str, object], keys: tuple[str, ...], path: str, how: str) -> str | None:
    name = _first(values, keys)
    if name is None:
        return None
    from auditor.text.provenance import stated  # languages are loaded where one is named

    return stated(name, path=path, where=how)


def with_sidecar(found: Provenance, path: Path) -> Provenance:
    """`found` with what NAME.meta.json beside the file says, unless front matter has said it already. InputError for a malformed sidecar."""
    for sidecar in (path.with_name(f"{path.stem}.meta.json"), path.with_name(f"{path.name}.meta.json")):
        if sidecar.is_file():
            break
    else:
        return found
    try:
        values = json.loads(sidecar.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise InputError(f"{sidecar}: line {error.lineno}: is not JSON ({error.msg})") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{sidecar}: cannot be read ({error})") from error
    if not isinstance(values, dict):
        raise InputError(f'{sidecar}: has to be a JSON object such as {{"source_language": "de"}}')
    said = from_values(values, path=str(sidecar), how="sidecar")
    if found.how == "front matter" or said.source_lang is None:
        return replace(found, outlet=found.outlet or said.outlet, date=found.date or said.date)
    return replace(said, outlet=found.outlet or said.outlet, date=found.date or said.date)


def _first(values: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    return next((str(values[key]) for key in keys if values.get(key) not in (None, "")), None)


def _parsed(text: str) -> dict[str, object] | None:
    """The mapping, its values as texts (in YAML proper, the code of Norwegian is a Boolean); None if it is none."""
    import yaml  # for the few texts that open with a mapping

    try:
        values = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  BaseLoader makes nothing but texts, lists and mappings
    except yaml.YAMLError:
        return None
    return values if isinstance(values, dict) else None
