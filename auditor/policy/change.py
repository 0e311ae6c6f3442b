"""What a change did to the files of a repository, and how they stood before it: the only place that runs git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from auditor.errors import InputError, UsageError
from auditor.io import frontmatter
from auditor.io.read import READERS, content
from auditor.types import Document

_FILES = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Old:
    """A file that the change touched, as it was: its path then, its path now (None: gone) and the name of its content in git."""

    path: str
    now: str | None
    blob: str


@dataclass(frozen=True, slots=True)
class Change:
    """From `base`, the last commit that `revision` and HEAD share, to the files as they lie on the disk. Paths are relative to `root`;
    `touched` are all that were or are there and are not the same."""

    root: Path
    revision: str
    base: str
    old: tuple[Old, ...]
    same: frozenset[str]
    touched: frozenset[str] = frozenset()

    def is_unchanged(self, path: str) -> bool:
        """Whether the file with this path (from the working directory) stands as it was."""
        return self.named(path) in self.same

    def named(self, path: str) -> str:
        """The path of a file as git has it; what lies outside the repository keeps its own."""
        full = Path(path).resolve()
        return full.relative_to(self.root).as_posix() if full.is_relative_to(self.root) else full.as_posix()

    @property
    def short(self) -> str:
        """The base as a person names it."""
        return f"{self.revision} ({self.base[:10]})"


def change(revision: str, *, folder: Path) -> Change:
    """The change since `revision`, uncommitted edits included. UsageError where that cannot be told: no repository, no such revision, no history."""
    root = Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel", said="is in no git repository").rstrip(b"\n"))).resolve()
    if not revision or revision.startswith("-"):
        raise UsageError(f"“{revision}” is no revision")
    commit = _text(_git(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}", said=f"has no revision “{revision}”"))
    history = f"shares no history of “{revision}” with HEAD; a shallow clone has to be deepened (fetch-depth: 0)"
    base = _text(_git(root, "merge-base", commit, "HEAD", said=history))
    old, touched = _touched(root, base)
    names = (name for _, _, name in _tree(root, base))
    return Change(root, revision, base, tuple(old), frozenset(names) - touched, frozenset(touched))


def _touched(root: Path, base: str) -> tuple[list[Old], set[str]]:
    """The files of the base that are not as they were, and their names."""
    options = ("--raw", "-z", "--no-abbrev", "--no-color", "--no-ext-diff", "--find-renames", "--ignore-submodules")
    parts = iter(_git(root, "diff", *options, base, "--", said="cannot be compared").split(b"\0"))
    old: list[Old] = []
    touched: set[str] = set()
    for head in parts:
        if not head:
            continue
        mode, _, blob, _, kind = os.fsdecode(head).removeprefix(":").split(" ")
        before = os.fsdecode(next(parts))
        after = os.fsdecode(next(parts)) if kind[0] in "RC" else before
        touched |= {after} if kind[0] == "C" else {before, after}
        if kind[0] in "MRDT" and mode in _FILES:
            old.append(Old(before, None if kind[0] == "D" else after, blob))
    return old, touched


def _tree(root: Path, base: str) -> Iterator[tuple[str, str, str]]:
    """Mode, content and name of every file at the base."""
    for row in _git(root, "ls-tree", "-r", "-z", "--full-tree", base, said="cannot be listed").split(b"\0"):
        if row:
            head, _, name = row.partition(b"\t")
            mode, _, blob = os.fsdecode(head).split(" ")
            yield mode, blob, os.fsdecode(name)


def contents(root: Path, blobs: Iterable[str]) -> Iterator[bytes]:
    """The contents that git keeps under some names, one after the other, just as they are."""
    command = ["git", "-C", str(root), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for blob in blobs:
            process.stdin.write(f"{blob}\n".encode())
            process.stdin.flush()
            head = process.stdout.readline().split()
            if len(head) != 3:
                raise UsageError(f"git does not have the content {blob} (a partial clone?)")
            yield process.stdout.read(int(head[2]))
            process.stdout.read(1)
        process.stdin.close()


def documents(changed: Change, *, limit: int) -> Iterator[tuple[Old, Document]]:
    """The texts that the change touched as they were, each with what its sidecar says; one that cannot be read is left out."""
    wanted = [old for old in changed.old if PurePosixPath(old.path).suffix.casefold() in READERS]
    sidecars = {old.path: old.blob for old in changed.old if old.path.endswith(".meta.json")}
    with TemporaryDirectory() as aside:
        for old, data in zip(wanted, contents(changed.root, [old.blob for old in wanted]), strict=True):
            path = os.path.relpath(changed.root / (old.now or old.path))
            for found in content(data, path, limit=limit):
                if isinstance(found, Document):
                    yield old, found if old.now else _with_sidecar(found, changed, old, sidecars, Path(aside))


def _with_sidecar(document: Document, changed: Change, old: Old, sidecars: dict[str, str], aside: Path) -> Document:
    """The text of a file that is gone with its sidecar, where that is gone too or has another place."""
    path = PurePosixPath(old.path)
    name = next((name for name in (f"{path.stem}.meta.json", f"{path.name}.meta.json") if str(path.with_name(name)) in sidecars), None)
    if name is None:
        return document
    sidecar = aside / name
    sidecar.write_bytes(next(contents(changed.root, [sidecars[str(path.with_name(name))]])))
    try:
        return replace(document, provenance=frontmatter.with_sidecar(document.provenance, aside / path.name))
    except InputError:
        return document
    finally:
        sidecar.unlink()


def restore(changed: Change, wanted: Callable[[PurePosixPath], bool], into: Path) -> None:
    """Writes the files of the base that are wanted into a folder, under their paths."""
    found = [(blob, name) for mode, blob, name in _tree(changed.root, changed.base) if mode in _FILES and wanted(PurePosixPath(name))]
    for (_, name), data in zip(found, contents(changed.root, [blob for blob, _ in found]), strict=True):
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _git(folder: Path, *arguments: str, said: str) -> bytes:
    """What git prints; UsageError, with `said` of the folder and git's own first line, where it fails."""
    command: Sequence[str] = ("git", "-C", str(folder), "-c", "core.quotePath=false", *arguments)
    try:
        ran = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise UsageError(f"git cannot be run ({error.strerror}); it is needed to look at a revision") from error
    if ran.returncode:
        reason = next(iter(ran.stderr.decode("utf-8", "replace").splitlines()), "")
        raise UsageError(f"{folder}: {said}{f' (git: {reason})' if reason else ''}")
    return ran.stdout


def _text(output: bytes) -> str:
    return output.decode("ascii", "replace").strip()
