"""Keeps what was found in a text between runs, so that unchanged copy is not audited anew; the only place that knows what a result depends on.

A result depends on the text with all that its file says of it, the settings for that file, the model, the program's own files, the packages
beside it, and the project's packs and aliases. Decisions, baselines and gates are no part of it: they are weighed in each run.
"""

from __future__ import annotations

import hashlib
import os
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypeVar

from auditor.config import Config, for_file, is_given, project, variants
from auditor.lm import Fluency
from auditor.store import Store
from auditor.types import Block, Document, Extract, Finding, Provenance, Quality, Scope, Score, Segment, Span
from auditor.values import packed, unpacked

T = TypeVar("T")

OF_THE_RUN = frozenset(
    {"fail_on", "min_score", "gate_fail_on", "gate_min_score", "offline", "cache", "jobs", "executor", "exclude", "max_bytes", "window"}
    | {"allow_empty", "baseline", "overrides", "folder", "restored", "origins"}
)
"""Settings that change nothing of what is found in a text; any other makes another result of it."""

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a text before anything that was decided on it: the document as it was judged, all findings and the quality that follows from
    them, scores, extract, and what could not be checked.
    """

    document: Document
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    extract: Extract
    skipped: tuple[str, ...]
    quality: Quality


@dataclass(frozen=True, slots=True)
class _Kept:
    """The same without the text itself, which is at hand when the result is asked for. A segment: start, end, scope, block, source."""

    provenance: Provenance
    blocks: tuple[Block, ...]
    segments: tuple[tuple[int, int, Scope, int, str | None], ...]
    quotations: tuple[Span, ...]
    notices: tuple[str, ...]
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    extract: Extract
    skipped: tuple[str, ...]
    quality: Quality


class Results:
    """What earlier runs found, in a `Store`; a result is asked for by everything that it depends on."""

    def __init__(self, path: Path, config: Config, *, models: Path) -> None:
        self._store = Store(path)
        self._config = config
        self._basis: tuple[object, ...] = ()
        self._roots = (_PACKAGE, models)
        self._stamp = _stamp(self._roots)
        program = self.recall(str, "program", self._stamp)
        if program is None:
            program = _digest(path for root in self._roots for path in _files(root))
            self.keep(program, "program", self._stamp)
        own = _digest(path for what in ("packs", "aliases") for folder in project(config, what) for path in sorted(folder.glob("*.toml")))
        rules = [(one.select, one.ignore) for one in variants(config)]
        self._basis = (program, own, _packages(), sys.version, config.target_lang, rules, config.demote)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user has to know of the file."""
        return self._store.notices

    def recall(self, kind: type[T], *about: object) -> T | None:
        """What was kept under exactly this."""
        key = self.key(*about)
        value = self._store.get([key]).get(key)
        return None if value is None else unpacked(kind, zlib.decompress(value))

    def keep(self, value: object, *about: object) -> None:
        """Keeps a value, unless the program was changed while it ran."""
        self._put([(self.key(*about), value)])

    def key(self, *about: object) -> bytes:
        """The key of something that depends on this and on all that every result depends on."""
        return hashlib.sha256(packed((self._basis, about))).digest()

    def text_key(self, document: Document, fluency: Fluency) -> bytes:
        """The key of a text as it was read."""
        own = for_file(self._config, document.path)
        settings = {field.name: getattr(own, field.name) for field in fields(own) if field.name not in OF_THE_RUN}
        model = (fluency.signature, fluency.sees, fluency.blind)
        return self.key(document, settings, is_given(self._config, "source_lang"), model)

    def examined(self, documents: Mapping[bytes, Document]) -> dict[bytes, Examined]:
        """What is known of the texts, by their keys."""
        return {key: _restored(documents[key], unpacked(_Kept, zlib.decompress(value))) for key, value in self._store.get(list(documents)).items()}

    def keep_examined(self, found: Iterable[tuple[bytes, Examined]]) -> None:
        """Keeps what was found in some texts."""
        self._put([(key, _kept(one)) for key, one in found])

    def close(self) -> None:
        """Closes the file."""
        self._store.close()

    def _put(self, entries: Sequence[tuple[bytes, object]]) -> None:
        if self._stamp == _stamp(self._roots):
            self._store.put([(key, zlib.compress(packed(value), 1)) for key, value in entries])


def _kept(found: Examined) -> _Kept:
    document = found.document
    segments = tuple((one.span.start, one.span.end, one.scope, one.block, one.source) for one in document.segments)
    return _Kept(
        document.provenance,
        document.blocks,
        segments,
        document.quotations,
        document.notices,
        found.findings,
        found.scores,
        found.extract,
        found.skipped,
        found.quality,
    )


def _restored(document: Document, kept: _Kept) -> Examined:
    text = document.text
    segments = tuple(
        Segment(number, text[start:end], Span(start, end), scope, block, source)
        for number, (start, end, scope, block, source) in enumerate(kept.segments)
    )
    document = replace(
        document,
        provenance=kept.provenance,
        blocks=kept.blocks,
        segments=segments,
        quotations=kept.quotations,
        notices=kept.notices,
        source=None,
    )
    return Examined(document, kept.findings, kept.scores, kept.extract, kept.skipped, kept.quality)


def _files(folder: Path) -> Iterator[str]:
    """The files below a folder, in order, without what Python compiles."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(Path(entry.path))
        else:
            yield entry.path


def _stamp(roots: Iterable[Path]) -> str:
    """What tells cheaply that no file below the folders was changed: names, sizes and times."""
    digest = hashlib.sha256()
    for path in (path for root in roots for path in _files(root)):
        with suppress(FileNotFoundError):  # an editor's passing file
            told = os.stat(path)  # noqa: PTH116 (half the time of a Path's)
            digest.update(f"{path}\0{told.st_size}\0{told.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _digest(paths: Iterable[str | Path]) -> str:
    """The sha256 of names and contents; what cannot be read has none, and whoever needs it says so."""
    digest = hashlib.sha256()
    for path in map(Path, paths):
        name, content = f"{path.parent.name}/{path.name}".encode("utf-8", "surrogateescape"), b""
        with suppress(OSError):
            content = path.read_bytes()
        digest.update(b"%d\0%s%d\0%s" % (len(name), name, len(content), content))
    return digest.hexdigest()


def _packages() -> list[str]:
    """Names and versions of what is installed, as the folders say it."""
    folders = [entry for entry in dict.fromkeys(sys.path) if entry and os.path.isdir(entry)]  # noqa: PTH112
    return sorted(name for folder in folders for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info")))  # noqa: PTH208
