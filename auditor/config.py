"""The settings of a run: one frozen Config whose defaults stand only here, read from the nearest configuration file and those it extends."""

from __future__ import annotations

import os
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from functools import lru_cache
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
SENSITIVITIES = ("low", "normal", "high")


def _setting(default: Any, text: str, choices: tuple[str, ...] = ()) -> Any:  # noqa: ANN401  a field of any type
    """A setting with what it means, for the written configuration and its JSON Schema, and the only values that it may have."""
    return field(default=default, metadata={"text": text, "choices": choices})


@dataclass(frozen=True, slots=True)
class Override:
    """What holds for the files that match one of the globs (as in .gitignore, relative to `folder`); None and () leave a setting as it is.

    `ignore` adds to what is ignored anyway, the others replace. `origin` says where it is written.
    """

    files: tuple[str, ...]
    source_lang: str | None = None
    profile: str | None = None
    variant: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    min_score: float | None = None
    gate_fail_on: str | None = None
    gate_min_score: float | None = None
    folder: Path | None = field(default=None, compare=False)
    origin: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set. Names in files are these with hyphens (`source-lang`), in the environment AUDITOR_SOURCE_LANG."""

    source_lang: str | None = _setting(None, "The language that the texts were translated from, where no file says so itself.")
    target_lang: str = _setting("en", "The language that they stand in.")
    profile: str = _setting("", "House style: which accepted forms of names are ours.")
    variant: str = _setting("", "Spelling of the house; empty takes either.", VARIANTS)
    select: tuple[str, ...] = _setting(("*",), "Only these rules: globs such as de-en/* or names/romanisation.")
    ignore: tuple[str, ...] = _setting((), "Not these rules.")
    demote: tuple[str, ...] = _setting((), "These rules only advise here, as rules in preview do: what `auditor evaluate --decisions` proposes.")
    fail_on: str = _setting("never", "From which severity on `auditor audit` exits 1.", FAIL_ON)
    min_score: float = _setting(0.0, "`auditor audit` exits 1 where a text scores below this, of 100.")
    gate_fail_on: str = _setting("major", "From which severity on a text does not pass `auditor gate`.", FAIL_ON)
    gate_min_score: float = _setting(90.0, "A text that scores below this, of 100, does not pass `auditor gate`.")
    model: str = _setting("smollm2-135m-instruct", "The language model, by name or folder; none runs the rules alone.")
    sensitivity: str = _setting("normal", "How much the learned eye reports: low, normal or high.", SENSITIVITIES)
    offline: bool = _setting(default=False, text="Fetch nothing, whatever is missing.")
    cache: bool = _setting(default=True, text="Keep scores and findings in the user's cache folder.")
    jobs: int = _setting(0, "Processes for detection; 0: as many as pay.")
    executor: str = _setting("local", "What runs them.", EXECUTORS)
    exclude: tuple[str, ...] = _setting((), "Files and folders to leave out, in the language of .gitignore.")
    max_bytes: int = _setting(20_000_000, "Bytes that one text may have.")
    window: int = _setting(32, "Texts that are held in memory at a time.")
    allow_empty: bool = _setting(default=False, text="Finding no text at all is fine.")
    baseline: str = _setting("", "The file of the findings to live with; empty: .auditor-baseline.json beside the configuration, if it is there.")
    overrides: tuple[Override, ...] = ()
    folder: Path | None = None
    """The folder of the configuration file that was read: .auditor/packs and .auditor/aliases are relative to it."""

    restored: Path | None = None
    """That folder as it was at the revision that the policy is taken from (`--policy-from`)."""

    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Where each value that is not a default came from: file and line, variable or flag."""


_INTERNAL = ("overrides", "folder", "restored", "origins")
SETTINGS: Mapping[str, Any] = {f.name: f for f in fields(Config) if f.name not in _INTERNAL}
OVERRIDABLE = tuple(f.name for f in fields(Override) if f.name in SETTINGS)
"""What an [[overrides]] may set."""

_GIVEN = ("--", "AUDITOR_")
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
    """`base` (or the defaults) with what the file sets over the files that it extends. DataError with file, line, key and nearest right key."""
    return _load(path, base or Config(), ())


def _load(path: Path, base: Config, extending: tuple[Path, ...]) -> Config:
    content, text = tables.read(path)
    table = ""
    if path.name == "pyproject.toml":
        content, table = content.get("tool", {}).get("auditor", {}), "tool.auditor"
    tables.refuse_unknown(content, (*map(written, SETTINGS), "extend", "overrides"), path=path, text=text, table=table)
    overrides, extend = content.pop("overrides", []), content.pop("extend", None)
    config = base if extend is None else _extended(path, text, table, extend, base, (*extending, path))
    for key, value in content.items():
        origin = f"{path}:{tables.line_of(text, table, key)}"
        try:
            config = assign(config, key.replace("-", "_"), value, origin=origin)
        except DataError as error:
            raise tables.wrong(path, text, table, key, str(error)) from error
    if not isinstance(overrides, list):
        raise tables.wrong(path, text, table, "overrides", "has to be tables [[overrides]]")
    header = f"{table}.overrides".lstrip(".")
    own = tuple(_override(path, text, header, number, item) for number, item in enumerate(overrides))
    return replace(config, overrides=(*config.overrides, *own), folder=path.parent)


def _extended(path: Path, text: str, table: str, extend: object, base: Config, extending: tuple[Path, ...]) -> Config:
    """What the file that is extended sets; its paths are relative to the file that names it."""
    if not isinstance(extend, str) or not extend:
        raise tables.wrong(path, text, table, "extend", "has to be the path of a configuration file")
    other = path.parent / Path(extend).expanduser()
    if not other.is_file():
        near = nearest(other.name, (p.name for p in other.parent.glob("*.toml"))) if other.parent.is_dir() else ""
        raise tables.wrong(path, text, table, "extend", f"names {other}, which {'is a folder' if other.is_dir() else 'does not exist'}{near}")
    chain = [file.resolve() for file in extending]
    if other.resolve() in chain:
        circle = " → ".join(str(file) for file in (*extending[chain.index(other.resolve()) :], other))
        raise tables.wrong(path, text, table, "extend", f"goes round in a circle: {circle}")
    return _load(other, base, extending)


def _override(path: Path, text: str, table: str, number: int, item: object) -> Override:
    if not isinstance(item, dict):
        raise tables.wrong(path, text, "", "overrides", "has to be tables [[overrides]]")
    for key in item:
        if key.replace("-", "_") in SETTINGS and key.replace("-", "_") not in OVERRIDABLE:
            raise tables.wrong(path, text, table, key, "holds for the whole run: it has to stand above the first [[overrides]]", number=number)
    tables.refuse_unknown(item, ("files", *map(written, OVERRIDABLE)), path=path, text=text, table=table, number=number)
    globs = tables.strings(item.get("files"))
    if not globs:
        raise tables.wrong(path, text, table, None, "needs “files”: a list of globs", number=number)
    values: dict[str, Any] = {}
    for key, value in item.items():
        name = key.replace("-", "_")
        try:
            values[name] = _compiled(globs) and globs if name == "files" else checked(name, value)
        except DataError as error:
            raise tables.wrong(path, text, table, key, str(error), number=number) from error
    return Override(**values, folder=path.parent, origin=f"{path}:{tables.line_of(text, table, number=number)}")


def written(name: str) -> str:
    """A setting as files and flags write it."""
    return name.replace("_", "-")


def assign(config: Config, name: str, value: object, *, origin: str) -> Config:
    """`config` with one setting replaced. DataError (without file and line) when the value is not what the setting holds."""
    if name not in SETTINGS:
        raise DataError(f"there is no setting “{written(name)}”{nearest(name, SETTINGS)}")
    changed: dict[str, Any] = {name: checked(name, value), "origins": {**config.origins, name: origin}}
    return replace(config, **changed)


def checked(name: str, value: object) -> object:
    """The value of a setting as its type. DataError, without the place, for one that it cannot have."""
    found = _typed(_HINTS[name], value)
    choices = SETTINGS[name].metadata.get("choices")
    if choices and found not in choices:
        raise DataError(f"cannot be “{found}”{nearest(str(found), choices)}; it is one of {', '.join(filter(None, choices))}")
    return found


def _typed(hint: Any, value: object) -> object:  # noqa: ANN401  a type as annotated
    """The value as the type of the setting; texts (from the environment) are read as numbers, flags and comma lists."""
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
    if not 0 <= number < float("inf"):
        raise DataError("cannot be negative" if number < 0 else "has to be a number")
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


def is_given(config: Config, name: str) -> bool:
    """Whether a setting was given for this run (flag, environment or by the caller) and so outranks files and what texts say of themselves."""
    origin = config.origins.get(name)
    return bool(getattr(config, name) != SETTINGS[name].default) if origin is None else origin.startswith(_GIVEN)


def for_file(config: Config, path: str) -> Config:
    """The settings that hold for one file: those of the run with every fitting [[overrides]] in order, the last word winning.

    What was given for the run outranks them; `ignore` adds up.
    """
    for override in config.overrides:
        if _fits(override.files, override.folder, path):
            config = overridden(config, override)
    return config


def project(config: Config, what: str) -> list[Path]:
    """The project's own folder of packs or aliases, where there is one."""
    folder = (config.restored or config.folder or Path()) / ".auditor" / what
    return [folder] if folder.is_dir() else []


def variants(config: Config) -> list[Config]:
    """The settings of the run and what each [[overrides]] makes of them."""
    return [config, *(overridden(config, override) for override in config.overrides)]


def selects(config: Config, rule: str) -> bool:
    """Whether a rule is to run, by its id."""
    return any(fnmatchcase(rule, glob) for glob in config.select) and not any(fnmatchcase(rule, glob) for glob in config.ignore)


def bar(config: Config, path: str, *, gate: bool) -> tuple[str, float]:
    """From which severity on and below which score one file fails, in a gate or an audit."""
    own = for_file(config, path)
    return (own.gate_fail_on, own.gate_min_score) if gate else (own.fail_on, own.min_score)


def overridden(config: Config, override: Override) -> Config:
    """The settings as one override changes them."""
    values: dict[str, Any] = {name: getattr(override, name) for name in OVERRIDABLE}
    ignored = values.pop("ignore")
    changed = {name: value for name, value in values.items() if value is not None and not is_given(config, name)}
    if ignored:
        changed["ignore"] = (*config.ignore, *ignored)
    return replace(config, **changed, origins={**config.origins, **dict.fromkeys(changed, override.origin)})


@lru_cache(maxsize=4096)
def _fits(globs: tuple[str, ...], folder: Path | None, path: str) -> bool:
    base, full = Path(os.path.abspath(folder or "")), Path(os.path.abspath(path))  # noqa: PTH100  “..” taken out, links left alone
    return full != base and full.is_relative_to(base) and bool(_compiled(globs).match(full.relative_to(base).as_posix()))


@lru_cache(maxsize=256)
def _compiled(globs: tuple[str, ...]) -> Any:  # noqa: ANN401  gitmatch is loaded where there are overrides
    import gitmatch

    wrong = next((glob for glob in globs if not gitmatch.compile([glob]).patterns), None)
    if wrong is not None:
        raise DataError(f"holds what is no glob: “{wrong}”")
    return gitmatch.compile(globs)


def reaches(severity: Severity, threshold: str) -> bool:
    """Whether a severity is at or above `--fail-on`."""
    return threshold != "never" and severity.rank >= Severity(threshold).rank
