"""Reads plain text: the text is the decoded file."""

from __future__ import annotations

from auditor.io import frontmatter
from auditor.io.encoding import decode
from auditor.text.blocks import lines
from auditor.types import Document, Origin, Provenance


def read(data: bytes, path: str) -> Document:
    """The document of a .txt file; front matter stays in the text but in no block. InputError for what is no text."""
    found = decode(data, path=path)
    matter = frontmatter.find(found.text)
    blocks = lines(found.text)
    if matter is not None:
        blocks = tuple(block for block in blocks if block.span.start >= matter.end)
    origin = Origin(encoding=found.encoding, bom=found.bom, invalid=found.invalid)
    provenance = frontmatter.provenance(found.text[matter.start : matter.end], path) if matter else Provenance()
    return Document(path, found.text, origin=origin, provenance=provenance, blocks=blocks, notices=found.notices)


def document(text: str, *, path: str = "<text>", source_lang: str | None = None) -> Document:
    """A text in memory as a document, segmented and settled."""
    from auditor.text.provenance import settle
    from auditor.text.segment import segment

    return settle(segment(Document(path, text)), flag=source_lang)
