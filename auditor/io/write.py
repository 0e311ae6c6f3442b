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


def swap(path: Path, old: bytes, new: bytes) -> None:
    """Puts `new` in the place of a file that holds `old`, as a whole, its mode kept, a link followed. UsageError where it holds something else
    by now or cannot be written; then it is left as it is."""
    real = path.resolve()
    partial = real.with_name(f".{real.name}.{os.getpid()}.part")
    try:
        if real.read_bytes() != old:
            raise UsageError(f"{path}: was changed while it was audited; it is left as it is")
        with partial.open("wb") as file:
            file.write(new)
            os.fsync(file.fileno())
        partial.chmod(real.stat().st_mode)
        partial.replace(real)
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
