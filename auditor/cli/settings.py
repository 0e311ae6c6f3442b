"""From defaults, file, environment and flags to one Config; the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from auditor import config as configuration
from auditor.config import SETTINGS, Config
from auditor.errors import DataError, UsageError


def resolve(flags: Mapping[str, object], *, config_file: Path | None = None, isolated: bool = False) -> Config:
    """The settings of a run; a flag that is None was not given. UsageError or DataError for a value that cannot be."""
    config = Config()
    if not isolated:
        path = config_file or configuration.find(Path.cwd())
        if config_file is not None and not config_file.is_file():
            raise UsageError(f"{config_file}: there is no such configuration file")
        if path is not None:
            config = configuration.load(path)
        config = configuration.from_environment(config, os.environ)
    for name, value in flags.items():
        if value is not None:
            flag = f"--{name.replace('_', '-')}"
            try:
                config = configuration.assign(config, name, value, origin=flag)
            except DataError as error:
                raise UsageError(f"{flag} {error}") from error
    return config


def listing(config: Config) -> list[str]:
    """A line a setting: name, value, and where it came from."""
    width = max(len(name) for name in SETTINGS)
    return [f"{name.replace('_', '-'):{width}}  {_shown(getattr(config, name)):28}  {config.origins.get(name, 'default')}" for name in SETTINGS]


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "-" if value in (None, "") else str(value)


def cache_folder() -> Path:
    """The user's cache folder of the program; AUDITOR_CACHE names another."""
    import platformdirs

    return Path(os.environ.get("AUDITOR_CACHE") or platformdirs.user_cache_dir("auditor", appauthor=False))
