"""From the readable text to the file: the only place that turns a span into file offsets, bytes, lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from auditor.io.encoding import size
from auditor.types import Document, Located, Origin, Piece, Place, Span

_LINE_END = re.compile(r"\r\n|\r|\n")


_STEP = 256
"""Code points between two places whose bytes are known beforehand: lines may be of any length."""


@dataclass(frozen=True, slots=True)
class _Index:
    """Where each line of a file starts in code points, and the byte of every `_STEP`th code point."""

    lines: tuple[int, ...]
    bytes: tuple[int, ...]


def locate(document: Document, span: Span) -> Located:
    """Where a span of `Document.text` stands in its file.

    Flat files: `span` counts code points of the decoded file, `bytes` its bytes, and `text` is that slice, markup inside it included.
    Containers: `span` counts in the part's extracted text and `bytes` is None. Lines end at \\n, \\r\\n or \\r.
    """
    origin = document.origin
    raw = document.text if origin.raw is None else origin.raw
    outer = span if origin.raw is None else _outer(document, span)
    index = _index(raw, origin.encoding, origin.bom, origin.invalid)
    first, last = bisect_right(index.lines, outer.start) - 1, bisect_right(index.lines, max(outer.start, outer.end - 1)) - 1
    return Located(
        path=document.path,
        part=origin.part,
        span=outer,
        bytes=_bytes(raw, origin, index, outer),
        line=first + 1,
        column=outer.start - index.lines[first] + 1,
        end_line=last + 1,
        end_column=outer.end - index.lines[last] + 1,
        text=raw[outer.start : outer.end],
        inner=span,
    )


def place(document: Document, span: Span) -> Place:
    """The same without lines and columns."""
    located = locate(document, span)
    return Place(located.part, located.span, located.bytes)


def _outer(document: Document, span: Span) -> Span:
    """The span in the decoded file: a piece that was replaced (an entity) counts as a whole."""
    pieces = document.origin.pieces
    if not pieces:
        return Span(0, 0)
    at = max(0, bisect_right(pieces, span.start, key=_start) - 1)
    piece = pieces[at]
    start = piece.raw_start + (min(span.start - piece.start, piece.length) if piece.length == piece.raw_length else 0)
    if span.end <= span.start:
        return Span(start, start)
    piece = pieces[max(0, bisect_left(pieces, span.end, key=_start) - 1)]
    copied = piece.length == piece.raw_length
    return Span(start, piece.raw_start + (min(span.end - piece.start, piece.length) if copied else piece.raw_length))


def _start(piece: Piece) -> int:
    return piece.start


@lru_cache(maxsize=4)
def _index(raw: str, encoding: str | None, bom: int, invalid: tuple[int, ...]) -> _Index:
    lines = (0, *(found.end() for found in _LINE_END.finditer(raw)))
    if encoding is None:
        return _Index(lines, ())
    steps = [bom]
    for start in range(0, len(raw), _STEP):
        steps.append(steps[-1] + _size(raw, start, start + _STEP, encoding, invalid))
    return _Index(lines, tuple(steps))


def _bytes(raw: str, origin: Origin, index: _Index, span: Span) -> Span | None:
    if origin.encoding is None:
        return None
    if origin.encoding == "utf-8" and raw.isascii():
        return Span(origin.bom + span.start, origin.bom + span.end)
    found = []
    for at in (span.start, span.end):
        step = at // _STEP
        found.append(index.bytes[step] + _size(raw, step * _STEP, at, origin.encoding, origin.invalid))
    return Span(*found)


def _size(raw: str, start: int, end: int, encoding: str, invalid: tuple[int, ...]) -> int:
    if encoding == "utf-8" and not invalid:
        return len(raw[start:end].encode())
    return size(raw[start:end], encoding, bisect_left(invalid, end) - bisect_left(invalid, start))
