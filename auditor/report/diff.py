"""What differs between two states of a text, as a unified diff that `git apply` takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path


def unified(path: str, old: str, new: str) -> Iterator[str]:
    """The lines of the diff, each with its end; none where both are the same."""
    labels = (path, path) if Path(path).is_absolute() else (f"a/{path}", f"b/{path}")
    for line in difflib.unified_diff(_lines(old), _lines(new), *labels):
        yield line if line.endswith("\n") else f"{line}\n"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines as diff and patch know them: ended by \\n alone."""
    lines = [f"{line}\n" for line in text.split("\n")]
    return lines[:-1] if text.endswith("\n") or not text else [*lines[:-1], lines[-1][:-1]]
