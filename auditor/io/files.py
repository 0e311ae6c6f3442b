"""Which files are copy: the only place that walks folders and reads ignore files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import gitmatch

from auditor.errors import InputError

_IGNORE_FILES = (".gitignore", ".auditorignore")
_SOURCE_TEXT = ".source.txt"
"""NAME.source.txt beside NAME holds the text that NAME was translated from; it is no copy."""


Seen = set[tuple[int, int]]
"""Device and inode of what was met."""


@dataclass(frozen=True, slots=True)
class _Ignored:
    """The patterns of one folder's ignore files; they speak of paths below that folder."""

    folder: Path
    patterns: gitmatch.Gitignore[str]

    def says(self, path: Path, *, folder: bool) -> bool | None:
        """True: ignored; False: taken in again; None: not spoken of."""
        found = self.patterns.match(path.relative_to(self.folder).as_posix(), is_dir=folder)
        return None if found is None else bool(found)


def find(name: str, *, suffixes: Sequence[str], exclude: Sequence[str] = (), seen: Seen) -> Iterator[str | InputError]:
    """The files to read under a path: itself, or those of the folder, sorted, each once (`seen` remembers those of other paths).

    A named file is always read. In folders: files with one of the suffixes; hidden ones, ignored ones (`.gitignore`, `.auditorignore`, from
    the root of the repository down), `exclude` (patterns of the same kind) and source texts are left out, links to folders followed once.
    What does not exist or may not be listed comes as an InputError.
    """
    path = Path(name)
    if path.is_dir():
        base = path.resolve()
        excluded = gitmatch.compile(exclude)
        for found in _below(path, base, (*_above(base), *_ignored(base)), suffixes, seen):
            if isinstance(found, InputError):
                yield found
            elif not excluded.match(found.relative_to(path).as_posix()) and _first(found, seen):
                yield found.as_posix()
    elif not path.exists():
        yield InputError(f"{name}: does not exist")
    elif _first(path, seen):
        yield name


def listed(text: str) -> list[str]:
    """The paths of a `--files-from` list: one a line, or separated by NULs; empty lines are nothing."""
    return [line for line in (text.split("\0") if "\0" in text else text.splitlines()) if line.strip()]


def _first(path: Path, seen: Seen) -> bool:
    """Whether the file was not met before, under this name or another."""
    status = path.stat()
    identity = status.st_dev, status.st_ino
    known = identity in seen
    seen.add(identity)
    return not known


def _below(folder: Path, real: Path, ignored: tuple[_Ignored, ...], suffixes: Sequence[str], seen: Seen) -> Iterator[Path | InputError]:
    """Sorted by path. `real` is the folder without links, which the ignore files speak of."""
    if not _first(folder, seen):
        return
    try:
        with os.scandir(folder) as entries:
            children = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError as error:
        yield InputError(f"{folder}: cannot be listed ({error.strerror})")
        return
    for name in children:
        path, inner = folder / name, real / name
        is_folder = path.is_dir()
        if _is_ignored(inner, ignored, folder=is_folder):
            continue
        if is_folder:
            yield from _below(path, inner, (*ignored, *_ignored(inner)), suffixes, seen)
        elif path.is_file() and path.suffix.casefold() in suffixes and not name.endswith(_SOURCE_TEXT):
            yield path


def _is_ignored(path: Path, ignored: tuple[_Ignored, ...], *, folder: bool) -> bool:
    for patterns in reversed(ignored):
        said = patterns.says(path, folder=folder)
        if said is not None:
            return said
    return False


def _above(folder: Path) -> Iterator[_Ignored]:
    """The patterns of the folders from the root of the repository down to the one above."""
    parents = list(folder.parents)
    if (folder / ".git").exists():
        return
    root = next((number for number, parent in enumerate(parents) if (parent / ".git").exists()), None)
    if root is not None:
        for parent in reversed(parents[: root + 1]):
            yield from _ignored(parent)


def _ignored(folder: Path) -> Iterator[_Ignored]:
    for name in _IGNORE_FILES:
        path = folder / name
        if path.is_file():
            yield _Ignored(folder, gitmatch.compile(path.read_text(encoding="utf-8", errors="replace").splitlines()))
