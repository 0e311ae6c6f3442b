"""From the paths on the command line to a stream of documents."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from auditor.config import Config, is_given
from auditor.errors import UsageError
from auditor.io.files import Stood, listed
from auditor.io.read import read
from auditor.types import Document, Failure


def documents(
    config: Config, paths: Iterable[str], *, files_from: str | None, stdin_filename: str | None, forced: bool = False
) -> Iterator[Document | Failure]:
    """Every text of the paths and of the list in `files_from` (“-”: standard input); `forced` leaves named files out too (--force-exclude)."""
    names = [*paths, *(_listed(files_from) if files_from else ())]
    base = Path() if config.folder is None or is_given(config, "exclude") else config.folder
    source, name = sys.stdin.buffer, stdin_filename or ""
    stood = _stood(config.restored, (config.folder or Path()).resolve()) if config.restored is not None else Path
    return read(names, exclude=config.exclude, base=base, forced=forced, stood=stood, stdin=source, stdin_filename=name, limit=config.max_bytes)


def _stood(restored: Path, folder: Path) -> Stood:
    """Where the ignore files of the base of a change lie (--policy-from): `restored` is the project's `folder` as it stood, below a `.git`."""
    root = next((parent for parent in (restored, *restored.parents) if (parent / ".git").exists()), restored)
    depth = len(restored.relative_to(root).parts)
    now = folder.parents[depth - 1] if depth else folder
    return lambda found: root / found.relative_to(now) if found.is_relative_to(now) else found


def _listed(files_from: str) -> list[str]:
    try:
        text = sys.stdin.read() if files_from == "-" else Path(files_from).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--files-from {files_from}: cannot be read ({error})") from error
    return listed(text)
