"""Which words a language has, and which are common in it; the only place that reads wordfreq's lists."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_FORMAT = "cB"
_FREQUENT = 500
"""Lists hold words by how rare they are in centibels; down to here (one word in 100,000) a word counts as frequent."""


@cache
def common(code: str) -> frozenset[str]:
    """The words of a language that stand once in a million words or oftener, in lower case; empty where there is no list of it."""
    return frozenset().union(*_listed("small", code))


@cache
def frequent(code: str) -> frozenset[str]:
    """Those that stand once in 100,000 words or oftener."""
    return frozenset().union(*_listed("small", code)[:_FREQUENT])


@cache
def known(code: str) -> frozenset[str]:
    """Every word that the longest list of a language holds; takes 0.2 s for English."""
    return frozenset().union(*(_listed("large", code) or _listed("small", code)))


def _listed(size: str, code: str) -> tuple[tuple[str, ...], ...]:
    """A list as it stands in wordfreq's data: words by centibel. Read without importing wordfreq, which takes 0.2 s for what is not needed here."""
    import msgpack  # only where a list is wanted

    found = find_spec("wordfreq")
    folders = found.submodule_search_locations if found is not None else None
    path = Path(folders[0]) / "data" / f"{size}_{code}.msgpack.gz" if folders else None
    if path is None or not path.is_file():
        return ()
    with gzip.open(path) as file:
        head, *levels = msgpack.load(file, raw=False)
    return tuple(map(tuple, levels)) if head.get("format") == _FORMAT else ()
