"""The settings of a run: one frozen Config whose defaults stand only here, read from the nearest configuration file."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from auditor import tables
from auditor.errors import DataError, nearest
from auditor.types import Severity

FILES = ("auditor.toml", ".auditor.toml", "pyproject.toml")
"""Where a configuration may stand in a folder, in order; in pyproject.toml it is the table [tool.auditor]."""

FAIL_ON = ("minor", "major", "critical", "never")
EXECUTORS = ("local",)
VARIANTS = ("", "en-US", "en-GB")


@dataclass(frozen=True, slots=True)
class Override:
    """What holds for the files that match one of the globs (relative to the configuration's folder)."""

    files: tuple[str, ...]
    source_lang: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set. Names in files are these with hyphens (`source-lang`), in the environment AUDITOR_SOURCE_LANG."""

    source_lang: str | None = None
    target_lang: str = "en"
    profile: str = ""
    variant: str = ""
    select: tuple[str, ...] = ("*",)
    ignore: tuple[str, ...] = ()
    fail_on: str = "never"
    min_score: float = 0.0
    gate_fail_on: str = "major"
    gate_min_score: float = 90.0
    model: str = "smollm2-135m-instruct"
    offline: bool = False
    cache: bool = True
    jobs: int = 0
    executor: str = "local"
    exclude: tuple[str, ...] = ()
    max_bytes: int = 20_000_000
    window: int = 32
    allow_empty: bool = False
    overrides: tuple[Override, ...] = ()
    folder: Path | None = None
    """The folder of the configuration file that was read: overrides, .auditor/packs and .auditor/aliases are relative to it."""

    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Where each value that is not a default came from (file, environment, flag)."""


_INTERNAL = ("overrides", "folder", "origins")
SETTINGS: Mapping[str, Any] = {f.name: f for f in fields(Config) if f.name not in _INTERNAL}
_CHOICES: Mapping[str, tuple[str, ...]] = {"fail_on": FAIL_ON, "gate_fail_on": FAIL_ON, "executor": EXECUTORS, "variant": VARIANTS}
_HINTS = typing.get_type_hints(Config)


def find(start: Path) -> Path | None:
    """The nearest configuration file of `start` and the folders above it, up to the root of the repository."""
    for folder in (start, *start.parents):
        for name in FILES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or "[tool.auditor" in path.read_text(encoding="utf-8", errors="replace")):
                return path
        if (folder / ".git").exists():
            return None
    return None


def load(path: Path, base: Config | None = None) -> Config:
    """`base` (or the defaults) with what the file sets. DataError with file, line, key and the nearest right key."""
    content, text = tables.read(path)
    table = ""
    if path.name == "pyproject.toml":
        content, table = content.get("tool", {}).get("auditor", {}), "tool.auditor"
    overrides = content.pop("overrides", [])
    known = [name.replace("_", "-") for name in SETTINGS]
    tables.refuse_unknown(content, known, path=path, text=text, table=table)
    config = base or Config()
    for key, value in content.items():
        name = key.replace("-", "_")
        try:
            config = assign(config, name, value, origin=str(path))
        except DataError as error:
            raise tables.wrong(path, text, table, key, str(error)) from error
    if not isinstance(overrides, list):
        raise tables.wrong(path, text, table, "overrides", "has to be tables [[overrides]]")
    return replace(config, overrides=tuple(_override(path, text, item) for item in overrides), folder=path.parent)


def _override(path: Path, text: str, item: object) -> Override:
    if not isinstance(item, dict):
        raise tables.wrong(path, text, "", "overrides", "has to be tables [[overrides]]")
    tables.refuse_unknown(item, ("files", "source-lang"), path=path, text=text, table="overrides")
    globs = tables.strings(item.get("files"))
    if not globs:
        raise tables.wrong(path, text, "overrides", None, "needs “files”: a list of globs")
    source_lang = item.get("source-lang")
    if source_lang is not None and not isinstance(source_lang, str):
        raise tables.wrong(path, text, "overrides", "source-lang", "has to be a language code")
    return Override(globs, source_lang)


def assign(config: Config, name: str, value: object, *, origin: str) -> Config:
    """`config` with one setting replaced. DataError (without file and line) when the value is not what the setting holds."""
    if name not in SETTINGS:
        raise DataError(f"there is no setting “{name.replace('_', '-')}”{nearest(name, SETTINGS)}")
    checked: Any = _checked(name, value)
    if name in _CHOICES and checked not in _CHOICES[name]:
        raise DataError(f"cannot be “{checked}”{nearest(str(checked), _CHOICES[name])}; it is one of {', '.join(filter(None, _CHOICES[name]))}")
    changed: dict[str, Any] = {name: checked, "origins": {**config.origins, name: origin}}
    return replace(config, **changed)


def _checked(name: str, value: object) -> object:
    """The value as the type of the setting; texts (from the environment) are read as numbers, flags and comma lists."""
    hint = _HINTS[name]
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if typing.get_origin(hint) is tuple:
        found = tables.strings([part.strip() for part in value.split(",")] if isinstance(value, str) else value)
        if found is None:
            raise DataError("has to be a list of texts")
        return found
    if hint is bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
        raise DataError("has to be true or false")
    if hint in (int, float):
        return _number(value, hint)
    if not isinstance(value, str):
        raise DataError("has to be a text")
    return value


def _number(value: object, hint: type[int] | type[float]) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise DataError("has to be a number")
    try:
        number = hint(value)
    except ValueError as error:
        raise DataError("has to be a number") from error
    if number < 0:
        raise DataError("cannot be negative")
    return number


def from_environment(config: Config, environment: Mapping[str, str]) -> Config:
    """`config` with every AUDITOR_<SETTING> of the environment (AUDITOR_CACHE names the cache folder and is not a setting)."""
    for key in sorted(environment):
        name = key.removeprefix("AUDITOR_").lower()
        if key.startswith("AUDITOR_") and name in SETTINGS and key != "AUDITOR_CACHE":
            try:
                config = assign(config, name, environment[key], origin=key)
            except DataError as error:
                raise DataError(f"environment: {key} {error}") from error
    return config


def override(config: Config, path: str) -> str | None:
    """The source language that the first fitting [[overrides]] names for a file; globs are relative to the configuration's folder."""
    full = Path(path).absolute()
    base = (config.folder or Path()).absolute()
    relative = full.relative_to(base).as_posix() if full.is_relative_to(base) else full.as_posix()
    return next((o.source_lang for o in config.overrides if o.source_lang and any(fnmatchcase(relative, glob) for glob in o.files)), None)


def reaches(severity: Severity, threshold: str) -> bool:
    """Whether a severity is at or above `--fail-on`."""
    return threshold != "never" and severity.rank >= Severity(threshold).rank
