"""From the readable text to the file: the only place that turns a span into file offsets, bytes, lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from auditor.io.encoding import size
from auditor.types import Document, Located, Origin, Place, Span

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where each line of a file starts, in code points and in bytes."""

    starts: tuple[int, ...]
    bytes: tuple[int, ...]


def locate(document: Document, span: Span) -> Located:
    """Where a span of `Document.text` stands in its file.

    Flat files: `span` counts code points of the decoded file, `bytes` its bytes, and `text` is that slice, markup inside it included.
    Containers: `span` counts in the part's extracted text and `bytes` is None. Lines end at \\n, \\r\\n or \\r.
    """
    origin = document.origin
    raw = document.text if origin.raw is None else origin.raw
    outer = span if origin.raw is None else _outer(document, span)
    lines = _lines(raw, origin.encoding, origin.bom, origin.invalid)
    first, last = bisect_right(lines.starts, outer.start) - 1, bisect_right(lines.starts, max(outer.start, outer.end - 1)) - 1
    return Located(
        path=document.path,
        part=origin.part,
        span=outer,
        bytes=_bytes(raw, origin, lines, outer),
        line=first + 1,
        column=outer.start - lines.starts[first] + 1,
        end_line=last + 1,
        end_column=outer.end - lines.starts[last] + 1,
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
    starts = _starts(document.origin)
    at = max(0, bisect_right(starts, span.start) - 1)
    piece = pieces[at]
    start = piece.raw_start + (min(span.start - piece.start, piece.length) if piece.length == piece.raw_length else 0)
    if span.end <= span.start:
        return Span(start, start)
    piece = pieces[max(0, bisect_left(starts, span.end) - 1)]
    copied = piece.length == piece.raw_length
    return Span(start, piece.raw_start + (min(span.end - piece.start, piece.length) if copied else piece.raw_length))


@lru_cache(maxsize=4)
def _starts(origin: Origin) -> tuple[int, ...]:
    return tuple(piece.start for piece in origin.pieces)


@lru_cache(maxsize=4)
def _lines(raw: str, encoding: str | None, bom: int, invalid: tuple[int, ...]) -> _Lines:
    starts = (0, *(found.end() for found in _LINE_END.finditer(raw)))
    if encoding is None:
        return _Lines(starts, ())
    offsets, at = [bom], bom
    for start, end in zip(starts, starts[1:], strict=False):
        at += size(raw[start:end], encoding, bisect_left(invalid, end) - bisect_left(invalid, start))
        offsets.append(at)
    return _Lines(starts, tuple(offsets))


def _bytes(raw: str, origin: Origin, lines: _Lines, span: Span) -> Span | None:
    if origin.encoding is None:
        return None

    def byte(at: int) -> int:
        line = bisect_right(lines.starts, at) - 1
        start = lines.starts[line]
        return lines.bytes[line] + size(raw[start:at], origin.encoding or "", bisect_left(origin.invalid, at) - bisect_left(origin.invalid, start))

    return Span(byte(span.start), byte(span.end))
