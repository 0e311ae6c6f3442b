"""Reads JSON Lines: one article a line, each a part of the file named “line N”."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from auditor.errors import InputError
from auditor.io import frontmatter
from auditor.text.blocks import lines, strip
from auditor.types import Block, Document, Failure, Origin, Piece, Scope

HEADLINE_FIELDS = ("headline", "title")
TEXT_FIELDS = ("text", "body", "content")
"""Where an article's headline and its text stand; the first field that is there counts."""

_ESCAPE = re.compile(r"(?P<plain>[^\\]+)|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.", re.DOTALL)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read(stream: BinaryIO, path: str, *, limit: int) -> Iterator[Document | Failure]:
    """One document a line; a line that is no article is a Failure that names it, and the others go on. `limit`: bytes a line may have."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            yield Failure(path, f"line {number}: is longer than {limit // 1_000_000} MB")
            while line and not line.endswith(b"\n"):
                line = stream.readline(limit)
        elif line.strip():
            try:
                yield article(line, path, number)
            except InputError as error:
                yield Failure(path, str(error).removeprefix(f"{path}: "))


def article(line: bytes, path: str, number: int) -> Document:
    """The document of one line: its headline, if it has one, on a line above its text. InputError with file and line."""
    where = f"{path}: line {number}"
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: is not UTF-8 (byte {error.start + 1} of the line)") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: is not JSON ({error.msg}, column {error.colno})") from error
    except RecursionError as error:
        raise InputError(f"{where}: is nested too deep") from error
    if not isinstance(values, dict):
        raise InputError(f"{where}: has to be an object with one of the fields {', '.join(TEXT_FIELDS)}")
    body = _field(values, TEXT_FIELDS, where)
    if body is None:
        raise InputError(f"{where}: has none of the fields {', '.join(TEXT_FIELDS)}")
    headline = _field(values, HEADLINE_FIELDS, where)
    text = body if headline is None else f"{headline}\n\n{body}"
    blocks = lines(text)
    if headline is not None and (span := strip(text, 0, len(headline))):
        blocks = (Block(span, Scope.HEADLINE), *(block for block in blocks if block.span.start >= len(headline)))
    provenance = frontmatter.from_values(values, path=where, how="format field")
    clean = _SURROGATE.sub("\ufffd", text)
    notices = ("broken escapes in the text; read as U+FFFD",) if clean != text else ()
    return replace(Document(path, clean, provenance=provenance, blocks=blocks, notices=notices), origin=Origin(part=f"line {number}", encoding=None))


def number(document: Document) -> int:
    """The line of its file that a document was read from, from 1."""
    return int((document.origin.part or "").removeprefix("line "))


def mapped(document: Document, line: str, *, bom: int = 0) -> Document:
    """The document of a line with the map onto that line, so that `place.locate` says where in the line a span stands.

    `line` is the decoded line, without its byte-order mark (`bom` is its length). An escape counts as a whole.
    """
    found = _members(line)
    chosen = [next((found[name] for name in names if name in found), None) for names in (HEADLINE_FIELDS, TEXT_FIELDS)]
    pieces: list[Piece] = []
    length = at = 0
    for number, group in enumerate(group for group in chosen if group is not None):
        for index, (start, end) in enumerate(group or [(at, at)]):
            if number or index:
                pieces.append(Piece(length, 2, at, 0))
                length += 2
            pieces += _unescaped(line, start, end, length)
            length, at = (pieces[-1].start + pieces[-1].length if pieces else 0), end
    return replace(document, origin=Origin(part=document.origin.part, bom=bom, raw=line, pieces=tuple(pieces)))


def _members(line: str) -> dict[str, list[tuple[int, int]]]:
    """Where the texts of an object's members stand, by name, quotation marks left out; members that are null are not there."""
    decoder = json.JSONDecoder()
    found: dict[str, list[tuple[int, int]]] = {}
    at = line.index("{") + 1
    while line[at := _after(line, at)] == '"':
        name, at = decoder.raw_decode(line, at)
        start = _after(line, at)
        value, at = decoder.raw_decode(line, start)
        found.pop(name, None)
        if value is not None:
            found[name] = list(_strings(line, start, at))
    return found


def _after(line: str, at: int) -> int:
    """The next position that holds more than white space, a comma or a colon."""
    while line[at] in " \t\r\n,:":
        at += 1
    return at


def _strings(line: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    while (start := line.find('"', at, end)) >= 0:
        _, at = json.JSONDecoder().raw_decode(line, start)
        yield start + 1, at - 1


def _unescaped(line: str, start: int, end: int, length: int) -> Iterator[Piece]:
    for run in _ESCAPE.finditer(line, start, end):
        size = len(run.group()) if run["plain"] else 1
        yield Piece(length, size, run.start(), len(run.group()))
        length += size


def _field(values: dict[str, object], names: tuple[str, ...], where: str) -> str | None:
    """The first of the fields that is there; a list of texts is read as paragraphs."""
    name = next((name for name in names if values.get(name) is not None), None)
    if name is None:
        return None
    value = values[name]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n\n".join(value)
    if not isinstance(value, str):
        raise InputError(f"{where}: “{name}” has to be a text or a list of texts")
    return value
