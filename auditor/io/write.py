"""Writes a file as a whole or not at all: the only place that replaces files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from auditor.errors import UsageError


def write(path: Path, chunks: Iterable[str]) -> None:
    """The file with this text as UTF-8, its folder made where there is none. UsageError if it cannot be written; then the old one stands.

    What is no file (a device, a pipe) is written to and never replaced; a link stays, and the file that it leads to is replaced.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        _into(path, chunks)
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines(chunks)
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def _into(path: Path, chunks: Iterable[str]) -> None:
    try:
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines(chunks)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
