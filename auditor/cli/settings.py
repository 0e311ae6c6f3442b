"""From defaults, file, environment and flags to one Config; the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from auditor import config as configuration
from auditor.cli.say import say
from auditor.config import OVERRIDABLE, SETTINGS, Config, Override, written
from auditor.errors import DataError, UsageError, nearest

_NO_SETTINGS = ("AUDITOR_CACHE", "AUDITOR_DEBUG")


def resolve(
    flags: Mapping[str, object], *, config_file: Path | None = None, isolated: bool = False, paths: Iterable[str] = (), start: Path | None = None
) -> Config:
    """The settings of a run; a flag that is None was not given. UsageError or DataError for a value that cannot be.

    The file is the one named, else the nearest to `start` (the working folder), else the nearest to the folder that holds all `paths`.
    """
    config = Config()
    if not isolated:
        if config_file is not None and not config_file.is_file():
            raise UsageError(f"{config_file}: there is no such configuration file")
        path = config_file or configuration.find(start or Path.cwd()) or _beside(paths)
        if path is not None:
            config = configuration.load(path)
        config = configuration.from_environment(config, os.environ)
        _warn_of_variables()
    for name, value in flags.items():
        if value is not None:
            flag = f"--{written(name)}"
            try:
                config = configuration.assign(config, name, value, origin=flag)
            except DataError as error:
                raise UsageError(f"{flag} {error}") from error
    return config


def _beside(paths: Iterable[str]) -> Path | None:
    """The configuration nearest to the folder that holds all the paths."""
    full = [Path(os.path.abspath(path)) for path in paths if path != "-"]  # noqa: PTH100  “..” taken out, links left alone
    if not full:
        return None
    common = Path(os.path.commonpath(full))
    return configuration.find(common if common.is_dir() else common.parent)


def _warn_of_variables() -> None:
    """A line for each AUDITOR_ variable that nearly names a setting; others may belong to another program."""
    for key in sorted(os.environ):
        name = key.removeprefix("AUDITOR_").lower()
        if key.startswith("AUDITOR_") and key not in _NO_SETTINGS and name not in SETTINGS and (near := nearest(name, SETTINGS)):
            say(f"warning: environment: {key} is no setting{near}")


def listing(config: Config, path: str | None = None) -> list[str]:
    """A line a setting: name, value, and where it came from; then the overrides, or with a path the settings that hold for that file."""
    shown = config if path is None else configuration.for_file(config, path)
    width = max(len(name) for name in SETTINGS)
    lines = [f"{written(name):{width}}  {_shown(getattr(shown, name)):28}  {shown.origins.get(name, 'default')}" for name in SETTINGS]
    return lines if path is not None else [*lines, *map(_overriding, config.overrides)]


def _overriding(override: Override) -> str:
    values = {f.name: getattr(override, f.name) for f in fields(override) if f.name in OVERRIDABLE}
    changed = ", ".join(f"{written(name)} = {_shown(value)}" for name, value in values.items() if value not in (None, ()))
    return f"overrides  {_shown(override.files)}: {changed}  {override.origin}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "-" if value in (None, "") else str(value)


def machine() -> str:
    """What of the machine and the environment decides in which numeric mode a model runs."""
    switches = sorted(f"{key}={value}" for key, value in os.environ.items() if key.startswith(("ONEDNN_", "DNNL_", "OV_", "NPY_")))
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as file:
            told = next((line for line in file if line.startswith(("flags", "Features"))), "")
    except OSError:  # no Linux
        import platform

        told = f"{platform.platform()} {platform.processor()}"
    return "\n".join((told, *switches))


def cache_folder() -> Path:
    """The user's cache folder of the program; AUDITOR_CACHE names another."""
    if named := os.environ.get("AUDITOR_CACHE"):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_cache_dir("auditor", appauthor=False))
