"""From the paths on the command line to a stream of documents."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from auditor.config import Config, is_given
from auditor.errors import UsageError
from auditor.io.files import listed
from auditor.io.read import read
from auditor.types import Document, Failure


def documents(
    config: Config, paths: Iterable[str], *, files_from: str | None, stdin_filename: str | None, forced: bool = False
) -> Iterator[Document | Failure]:
    """Every text of the paths and of the list in `files_from` (“-”: standard input); `forced` leaves named files out too (--force-exclude)."""
    names = [*paths, *(_listed(files_from) if files_from else ())]
    base = Path() if config.folder is None or is_given(config, "exclude") else config.folder
    source, name = sys.stdin.buffer, stdin_filename or ""
    return read(names, exclude=config.exclude, base=base, forced=forced, stdin=source, stdin_filename=name, limit=config.max_bytes)


def _listed(files_from: str) -> list[str]:
    try:
        text = sys.stdin.read() if files_from == "-" else Path(files_from).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--files-from {files_from}: cannot be read ({error})") from error
    return listed(text)
