"""Which files are copy: the only place that walks folders and reads ignore files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import InputError

if TYPE_CHECKING:  # loaded where there are patterns
    import gitmatch

IGNORE_FILES = (".gitignore", ".auditorignore")
"""Files that say which others are no copy."""

Stood = Callable[[Path], Path]
"""The folder in which the ignore files of a folder are read."""

SOURCE_TEXT = ".source.txt"
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


def find(
    name: str,
    *,
    suffixes: Sequence[str],
    exclude: Sequence[str] = (),
    base: Path | None = None,
    forced: bool = False,
    stood: Stood = Path,
    seen: Seen,
) -> Iterator[str | InputError]:
    """The files to read under a path: itself, or those of the folder, sorted, each once (`seen` remembers those of other paths).

    A named file is always read. In folders: files with one of the suffixes; hidden ones, ignored ones (`.gitignore`, `.auditorignore`, from
    the root of the repository down), `exclude` (patterns of the same kind) and source texts are left out, links to folders followed once.
    `exclude` speaks of paths below `base`, of a folder elsewhere (or without a base) below that folder. `forced`: a named file is left
    out for the same reasons. `stood` says in which folder the ignore files of a folder are read (itself, unless they count as they stood).
    What does not exist or may not be listed comes as an InputError.
    """
    path = Path(name)
    if path.is_dir():
        real = path.resolve()
        excluded, above = _patterns(exclude), _relative(real, base)
        for found in _below(path, real, (*_above(real, stood), *_ignored(real, stood)), suffixes, stood, seen):
            if isinstance(found, InputError):
                yield found
            elif not (excluded and excluded.match((above / found.relative_to(path)).as_posix())) and _first(found, seen):
                yield found.as_posix()
    elif not path.exists():
        yield InputError(f"{name}: does not exist")
    elif not (forced and is_left_out(path, suffixes, exclude, base or Path(), stood)) and _first(path, seen):
        yield name


def _relative(folder: Path, base: Path | None) -> Path:
    """The folder as seen from the base, or nothing where it lies elsewhere."""
    return folder.relative_to(base.resolve()) if base is not None and folder.is_relative_to(base.resolve()) else Path()


def is_left_out(named: Path, suffixes: Sequence[str], exclude: Sequence[str], base: Path, stood: Stood = Path) -> bool:
    """Whether a walk through the folders that hold the file would leave it out; `exclude` speaks of paths below `base`."""
    full = named.parent.resolve() / named.name
    if full.suffix.casefold() not in suffixes or full.name.endswith(SOURCE_TEXT) or full.name.startswith("."):
        return True
    base = base.resolve()
    root = next((folder for folder in full.parents if (folder / ".git").exists()), base if full.is_relative_to(base) else full.parent)
    folders = [folder for folder in full.parents if folder.is_relative_to(root)]
    ignored = [patterns for folder in reversed(folders) for patterns in _ignored(folder, stood)]
    for path in (full, *folders[:-1]):
        if _is_ignored(path, tuple(patterns for patterns in ignored if patterns.folder in path.parents), folder=path != full):
            return True
    excluded = _patterns(exclude)
    return excluded is not None and full.is_relative_to(base) and bool(excluded.match(full.relative_to(base).as_posix()))


def _patterns(lines: Sequence[str]) -> gitmatch.Gitignore[str] | None:
    """None where there are none."""
    if not lines:
        return None
    import gitmatch

    return gitmatch.compile(lines)


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


def _below(folder: Path, real: Path, ignored: tuple[_Ignored, ...], suffixes: Sequence[str], stood: Stood, seen: Seen) -> Iterator[Path | InputError]:
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
            yield from _below(path, inner, (*ignored, *_ignored(inner, stood)), suffixes, stood, seen)
        elif path.is_file() and path.suffix.casefold() in suffixes and not name.endswith(SOURCE_TEXT):
            yield path


def _is_ignored(path: Path, ignored: tuple[_Ignored, ...], *, folder: bool) -> bool:
    for patterns in reversed(ignored):
        said = patterns.says(path, folder=folder)
        if said is not None:
            return said
    return False


def _above(folder: Path, stood: Stood) -> Iterator[_Ignored]:
    """The patterns of the folders from the root of the repository down to the one above."""
    parents = list(folder.parents)
    if (folder / ".git").exists():
        return
    root = next((number for number, parent in enumerate(parents) if (parent / ".git").exists()), None)
    if root is not None:
        for parent in reversed(parents[: root + 1]):
            yield from _ignored(parent, stood)


def _ignored(folder: Path, stood: Stood) -> Iterator[_Ignored]:
    for name in IGNORE_FILES:
        path = stood(folder) / name
        if path.is_file() and (patterns := _patterns(path.read_text(encoding="utf-8", errors="replace").splitlines())):
            yield _Ignored(folder, patterns)
