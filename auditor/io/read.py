"""Reads files and folders of copy into Documents, one at a time; the only place that knows which reader a suffix takes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import BinaryIO

from auditor.errors import InputError
from auditor.io import files, frontmatter, html, jsonl, markdown, plain
from auditor.types import Document, Failure

LIMIT = 20_000_000
"""Bytes that one text may have unless told otherwise: a year of a columnist, or a file that is no article."""

STDIN = "-"

Reader = Callable[[BinaryIO, str, int], Iterator[Document | Failure]]


def _flat(read: Callable[[bytes, str], Document]) -> Reader:
    def one(stream: BinaryIO, path: str, limit: int) -> Iterator[Document | Failure]:
        yield read(_bounded(stream, path, limit), path)

    return one


def _docx(stream: BinaryIO, path: str, limit: int) -> Iterator[Document | Failure]:
    from auditor.io import docx  # python-docx takes 0.3 s: only where there is a Word document

    yield docx.read(_bounded(stream, path, limit), path, limit=limit)


def _jsonl(stream: BinaryIO, path: str, limit: int) -> Iterator[Document | Failure]:
    yield from jsonl.read(stream, path, limit=limit)


READERS: Mapping[str, Reader] = {
    ".txt": _flat(plain.read),
    ".md": _flat(markdown.read),
    ".markdown": _flat(markdown.read),
    ".html": _flat(html.read),
    ".htm": _flat(html.read),
    ".jsonl": _jsonl,
    ".docx": _docx,
}

REFUSED: Mapping[str, str] = {
    ".doc": "an old Word document; save it as .docx",
    ".odt": "an OpenDocument text; save it as .docx",
    ".rtf": "an RTF document; save it as .docx",
    ".pdf": "a PDF; extract its text first",
    ".json": "JSON; one article a line is .jsonl",
    **dict.fromkeys((".xml", ".xliff", ".xlf", ".po", ".tmx", ".srt", ".vtt", ".csv", ".tsv"), "of a format that has no reader"),
}
"""What is no plain text even where it is named on the command line; any other suffix is read as plain text."""


def read(
    paths: Iterable[str],
    *,
    exclude: Sequence[str] = (),
    base: Path | None = None,
    forced: bool = False,
    stood: files.Stood = Path,
    stdin: BinaryIO | None = None,
    stdin_filename: str = "",
    limit: int = LIMIT,
) -> Iterator[Document | Failure]:
    """Every text of the files and folders, in the order given, those of a folder sorted; what can't be read comes as a Failure.

    `-` is standard input where `stdin` is given, read as the format that `stdin_filename` has (plain text without one) and reported under that name.
    `exclude`, `base`, `forced` and `stood` as in `files.find`. Documents have blocks, and provenance as far as file and sidecar state it;
    `text.segment` and `text.provenance.settle` go on from there.
    """
    seen: files.Seen = set()
    for name in paths:
        if name == STDIN and stdin is not None:
            yield from _texts(stdin, stdin_filename or "<stdin>", limit)
            continue
        for found in files.find(name, suffixes=tuple(READERS), exclude=exclude, base=base, forced=forced, stood=stood, seen=seen):
            if isinstance(found, InputError):
                yield _failure(name, found)
            else:
                yield from _file(found, limit)


def content(data: bytes, path: str, *, limit: int = LIMIT) -> Iterator[Document | Failure]:
    """The texts of a file whose bytes are at hand (an editor's buffer, an older or a mended version), read as the file of that path is."""
    for found in _texts(io.BytesIO(data), path, limit):
        yield _with_sidecar(found, path)


def _file(path: str, limit: int) -> Iterator[Document | Failure]:
    try:
        with Path(path).open("rb") as stream:
            for found in _texts(stream, path, limit):
                yield _with_sidecar(found, path)
    except OSError as error:
        yield Failure(path, f"cannot be read ({error.strerror})")


def _texts(stream: BinaryIO, path: str, limit: int) -> Iterator[Document | Failure]:
    suffix = PurePath(path).suffix.casefold()
    try:
        if suffix in REFUSED:
            raise InputError(f"{path}: is {REFUSED[suffix]}; read are {', '.join(sorted(READERS))}")
        yield from READERS.get(suffix, READERS[".txt"])(stream, path, limit)
    except InputError as error:
        yield _failure(path, error)


def _with_sidecar(found: Document | Failure, path: str) -> Document | Failure:
    if isinstance(found, Failure):
        return found
    try:
        return _with_source(replace(found, provenance=frontmatter.with_sidecar(found.provenance, Path(path))), Path(path))
    except InputError as error:
        return _failure(path, error)


def _with_source(document: Document, path: Path) -> Document:
    """The document with its source text, where NAME.source.txt stands beside a file of one text; with a notice where that cannot be read."""
    names = (path.with_name(f"{path.stem}{files.SOURCE_TEXT}"), path.with_name(f"{path.name}{files.SOURCE_TEXT}"))
    beside = next((name for name in names if name != path and name.is_file()), None)
    if beside is None or path.suffix.casefold() == ".jsonl":
        return document
    try:
        with beside.open("rb") as stream:
            return replace(document, source=plain.read(_bounded(stream, str(beside), LIMIT), str(beside)))
    except (InputError, OSError) as error:
        return replace(document, notices=(*document.notices, f"not compared with its source text: {error}"))


def _failure(path: str, error: InputError) -> Failure:
    """The error as a value; a Failure has its path beside the reason, not in it."""
    return Failure(path, str(error).removeprefix(f"{path}: "))


def _bounded(stream: BinaryIO, path: str, limit: int) -> bytes:
    """The whole of a stream; InputError, after no more than `limit` bytes, if there is more."""
    if isinstance(stream, io.BufferedReader) and stream.seekable():
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        if size > limit:
            raise InputError(f"{path}: is {_megabytes(size)} long; a text may have {_megabytes(limit)}")
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise InputError(f"{path}: is longer than {_megabytes(limit)}")
    return data


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
