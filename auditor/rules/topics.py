"""Shared lists of topic words that rules ask for by name; the only place that reads `topics/*.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from auditor import tables


def topics_folder() -> Path:
    """The folder of the lists that come with the program."""
    return Path(str(resources.files("auditor") / "topics"))


@cache
def topics() -> Mapping[str, tuple[str, ...]]:
    """Patterns (rules/pattern.py) by the name of their list. DataError for a list that is none, or that two files hold."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(topics_folder().glob("*.toml")):
        content, text = tables.read(path)
        for name, value in content.items():
            words = tables.strings(value)
            if not words or name in found:
                raise tables.wrong(path, text, "", name, "has to be a list of patterns, named once")
            found[name] = words
    return found
