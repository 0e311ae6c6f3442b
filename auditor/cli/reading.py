"""From the paths on the command line to a stream of documents."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from auditor.config import Config
from auditor.errors import UsageError
from auditor.io.files import listed
from auditor.io.read import read
from auditor.types import Document, Failure


def documents(config: Config, paths: Iterable[str], *, files_from: str | None, stdin_filename: str | None) -> Iterator[Document | Failure]:
    """Every text of the paths and of the list in `files_from` (“-”: standard input)."""
    names = [*paths, *(_listed(files_from) if files_from else ())]
    return read(names, exclude=config.exclude, stdin=sys.stdin.buffer, stdin_filename=stdin_filename or "", limit=config.max_bytes)


def _listed(files_from: str) -> list[str]:
    try:
        text = sys.stdin.read() if files_from == "-" else Path(files_from).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--files-from {files_from}: cannot be read ({error})") from error
    return listed(text)
