"""Fetches files over HTTP, and whole model folders from a hub, pinned when they are first fetched; the only place that goes to the network."""

from __future__ import annotations

import hashlib
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from auditor.errors import ModelError

Progress = Callable[[int, int], None]
PIN = "pinned.json"
"""What a folder was pinned to: `{"commit", "files": {name: [size, sha256]}}`."""
_BLOCK = 1 << 20
_PATIENCE = 30.0
"""Seconds without a byte before an address is given up."""
_MOST = 20_000_000
"""Bytes of a listing, at most."""
_WANTED = re.compile(r"config\.json|tokenizer\.json|[\w.-]+\.safetensors")
"""The files of a repository that are fetched; no code is."""
_NEEDED = ("config.json", "tokenizer.json")


def fetch(url: str, path: Path, progress: Callable[[int], None]) -> str:
    """Writes what stands at an address to a file, through the proxies of the system; its sha256. `progress(bytes)` counts on.

    ModelError if the address cannot be reached; OSError if the file cannot be written.
    """
    digest = hashlib.sha256()
    try:
        answer = urllib.request.urlopen(url, timeout=_PATIENCE)  # noqa: S310 (the address stands in our manifest)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise ModelError(f"cannot be reached ({getattr(error, 'reason', error)})") from error
    with answer, path.open("wb") as file:
        while block := _block(answer):
            file.write(block)
            digest.update(block)
            progress(len(block))
    return digest.hexdigest()


def folder(repository: str, revision: str, place: Path, *, progress: Progress | None = None) -> Path:
    """The model's folder in `place`, fetched if it is not there or not whole.

    The first time the revision is resolved to a commit, which is kept with each file's size and sha256 in `pinned.json`; later fetches take
    that commit and have to give the same bytes. ModelError if they do not, or if the hub cannot be reached.
    """
    pin = pinned(place)
    commit, sizes, known = (pin["commit"], {name: size for name, (size, _) in pin["files"].items()}, pin["files"]) if pin else (None, None, {})
    if commit is None or sizes is None:
        commit, sizes = _resolved(repository, revision)
    work = place / commit
    work.mkdir(parents=True, exist_ok=True)
    done, total = 0, sum(sizes.values())
    files: dict[str, tuple[int, str]] = {}
    for name in sorted(sizes, key=lambda name: (name not in _NEEDED, name)):
        if name in known and not _wrong(work / name, *known[name]):
            done += sizes[name]
            files[name] = known[name]
            continue

        def step(count: int) -> None:
            nonlocal done
            done += count
            if progress:
                progress(min(done, total), total)

        partial = work / f".{name}.part"
        found = fetch(f"{repository}/resolve/{commit}/{quote(name)}", partial, step)
        if name in known and found != known[name][1]:
            partial.unlink()
            raise ModelError(f"{name} has another sha256 than the one it was pinned to; delete {place / PIN} to take what the hub has now")
        files[name] = (partial.stat().st_size, found)
        partial.replace(work / name)
    partial = place / f".{PIN}.part"
    partial.write_text(json.dumps({"commit": commit, "files": files}, indent=1), encoding="utf-8")
    partial.replace(place / PIN)
    return work


def pinned(place: Path) -> dict[str, Any] | None:
    """What the folder was pinned to; None if it was not fetched yet."""
    try:
        found = json.loads((place / PIN).read_text(encoding="utf-8"))
        return {"commit": str(found["commit"]), "files": {str(name): (int(size), str(sha)) for name, (size, sha) in found["files"].items()}}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def problem(place: Path) -> str:
    """What keeps the folder from being used; empty if it is whole: size and sha256 of each file are those it was pinned to."""
    pin = pinned(place)
    if pin is None:
        return "the model has not been fetched"
    wrong = [f"{name} {found}" for name, (size, sha) in pin["files"].items() if (found := _wrong(place / pin["commit"] / name, size, sha))]
    return "; ".join(wrong)


def _wrong(path: Path, size: int, sha256: str) -> str:
    try:
        if path.stat().st_size != size:
            return f"is cut short ({path.stat().st_size:,} of {size:,} bytes)"
        with path.open("rb") as file:
            return "" if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else "is damaged (its sha256 is another)"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _resolved(repository: str, revision: str) -> tuple[str, dict[str, int]]:
    """The commit that a revision names now, and the sizes of the files that are wanted of it."""
    parts = urlsplit(repository)
    url = f"{parts.scheme}://{parts.netloc}/api/models{parts.path}/revision/{quote(revision, safe='')}?blobs=true"
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310 (the address stands in our manifest)
            listing: Mapping[str, Any] = json.loads(answer.read(_MOST))
        commit, files = str(listing["sha"]), listing["siblings"]
        sizes = {str(one["rfilename"]): int(one.get("size") or 0) for one in files if _WANTED.fullmatch(str(one["rfilename"]))}
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise ModelError(f"cannot be reached ({getattr(error, 'reason', error)})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{url}: is no listing of a model ({error})") from error
    if not re.fullmatch(r"[0-9a-f]{7,64}", commit):
        raise ModelError(f"{url}: names no commit")
    if missing := _missing(list(sizes)):
        raise ModelError(f"the repository holds no {missing}")
    return commit, sizes


def _missing(names: Sequence[str]) -> str:
    wanted = [name for name in _NEEDED if name not in names]
    return ", ".join([*wanted, *(["*.safetensors"] if not any(name.endswith(".safetensors") for name in names) else [])])


def _block(answer: Any) -> bytes:  # noqa: ANN401 (an answer of urllib)
    try:
        return bytes(answer.read(_BLOCK))
    except (TimeoutError, ConnectionError) as error:
        raise ModelError(f"cannot be reached ({error})") from error
