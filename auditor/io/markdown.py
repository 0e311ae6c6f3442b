"""Reads Markdown through pyromark's byte ranges; listings, HTML, link targets and pictures are no copy."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Any

import pyromark

from auditor.io import frontmatter
from auditor.io.encoding import decode
from auditor.io.extract import Extraction
from auditor.types import Document, Origin, Provenance, Scope

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_YAML_STYLE_METADATA_BLOCKS
)
_SKIPPED = ("CodeBlock", "MetadataBlock", "HtmlBlock", "Image")
_BLOCKS = ("Paragraph", "Heading", "BlockQuote", "List", "Item", "Table", "TableHead", "TableRow", "TableCell", "FootnoteDefinition", "HtmlBlock")
_HEADLINE = "H1"


def read(data: bytes, path: str) -> Document:
    """The readable text of a .md file: headings of the first level are headlines, the others crossheads, block quotes quotations."""
    found = decode(data, path=path)
    raw = found.text
    matter = frontmatter.find(raw)
    extraction = _extract(raw)
    return Document(
        path,
        extraction.text,
        origin=Origin(encoding=found.encoding, bom=found.bom, invalid=found.invalid, raw=raw, pieces=tuple(extraction.pieces)),
        provenance=frontmatter.provenance(raw[matter.start : matter.end], path) if matter else Provenance(),
        blocks=tuple(extraction.blocks),
        notices=found.notices,
    )


def _extract(raw: str) -> Extraction:
    extraction = Extraction()
    position = _Position(raw)
    skipped = quoted = 0
    scope: Scope | None = None
    for event, range_ in pyromark.events_with_range(raw, options=_OPTIONS):
        kind, value = _named(event)
        start, end = position(range_["start"]), position(range_["end"])
        if kind in ("Start", "End"):
            tag = _named(value)[0]
            opens = 1 if kind == "Start" else -1
            if tag in _BLOCKS:
                extraction.end(scope or (Scope.QUOTE if quoted else None))
                scope = _heading(value) if kind == "Start" and tag == "Heading" else None
            skipped += opens * (tag in _SKIPPED)
            quoted += opens * (tag == "BlockQuote")
        elif not skipped:
            _add(extraction, kind, value, raw, start, end, scope)
    extraction.end()
    return extraction


def _named(event: Any) -> tuple[str, Any]:  # noqa: ANN401  pyromark's events: a name, or a name with its value
    return (event, None) if isinstance(event, str) else next(iter(event.items()))


def _add(extraction: Extraction, kind: str, value: object, raw: str, start: int, end: int, scope: Scope | None) -> None:
    if kind == "Text" and isinstance(value, str):
        if raw[start:end] == value:
            extraction.copy(value, start)
        else:
            extraction.replace(value, start, end - start)
    elif kind == "Code" and isinstance(value, str):
        inner = raw.find(value, start, end)
        extraction.copy(value, inner) if inner >= 0 else extraction.replace(value, start, end - start)
    elif kind == "SoftBreak":
        extraction.space(start, end - start)
    elif kind in ("HardBreak", "Rule"):
        extraction.end(scope)


def _heading(value: Any) -> Scope:  # noqa: ANN401  what pyromark's JSON-like events hold
    return Scope.HEADLINE if value["Heading"]["level"] == _HEADLINE else Scope.CROSSHEAD


class _Position:
    """Code point of a UTF-8 byte offset of the text."""

    def __init__(self, text: str) -> None:
        self._ascii = text.isascii()
        self._starts = [] if self._ascii else [0, *accumulate(1 if c < "\x80" else 2 if c < "\u0800" else 3 if c < "\U00010000" else 4 for c in text)]

    def __call__(self, byte: int) -> int:
        return byte if self._ascii else bisect_right(self._starts, byte) - 1
