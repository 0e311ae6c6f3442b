"""A text at work: the bytes that it was read from with its edits, what they are read as, and how positions of the one are those of the other."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.errors import InputError
from auditor.io import jsonl
from auditor.io.edit import Edit, Edited, apply, edited
from auditor.io.read import content
from auditor.policy.decisions import text_sha256
from auditor.review.editing import Edits, aligned
from auditor.types import Document, Failure, Span

Mapped = Callable[[Span], Span | None]
"""From a span of a text as it is read to the same words in the text at work."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes of one text as they were, and its edits. `data` is a whole file, or the text's own line of a .jsonl; `part` names that line."""

    file: str
    part: str
    data: bytes
    edits: Edits = ()
    limit: int = 20_000_000

    @property
    def original(self) -> Document:
        """The text as it was read."""
        return _read(self.data, self.file, self.part, self.limit)

    @property
    def text(self) -> str:
        """The text as it stands: the original with its edits."""
        return edited(self.original, self.edits)

    def made(self) -> Edited:
        """The bytes with the edits, and those that the file has no place for."""
        return _made(self) if self.edits else Edited(self.data)

    def standing(self) -> Document:
        """The text as it will be read once it is written."""
        return _read(self.made().data, self.file, self.part, self.limit)

    def standing_sha(self) -> str:
        """The hash by which a sign-off knows the text as it stands."""
        return text_sha256(self.standing())

    def is_front(self, at: int) -> bool:
        """Whether a place of the text at work stands before the copy, where a file tells of itself."""
        document = self.standing()
        text, blocks = self.text, document.blocks
        first = mapped(document.text, text)(blocks[0].span) if blocks else None
        return first is not None and text.find("\n", at, first.start) >= 0

    def with_edits(self, edits: Edits) -> Copy:
        """The same with other edits."""
        return replace(self, edits=edits)


@lru_cache(maxsize=4)
def _made(copy: Copy) -> Edited:
    """Asked for twice with each edit: whether the file has a place for it, and what it is read as then."""
    return apply(copy.data, [(_read(copy.data, copy.file, "", copy.limit), copy.edits)], limit=copy.limit)


def refusal(copy: Copy, edit: Edit | None) -> str:
    """Why the file has no place for the edits as they are now, of which `edit` is the last one; empty where it has."""
    if edit is None:
        return ""
    return next((item.reason for item in copy.made().refused), "")


@lru_cache(maxsize=256)
def _read(data: bytes, file: str, part: str, limit: int) -> Document:
    """InputError where the bytes are no text of that format any more."""
    found = next(iter(content(data, file, limit=2 * limit)), None)
    if not isinstance(found, Document):
        raise InputError(f"{file}: {found.reason if isinstance(found, Failure) else 'holds no text'}")
    return replace(found, origin=replace(found.origin, part=part)) if part and found.origin.part else found


def own_bytes(document: Document, data: bytes) -> bytes:
    """What of a file's bytes is the document's own: all of it, or its line."""
    if document.origin.part is None or not document.origin.part.startswith("line "):
        return data
    lines = data.split(b"\n")
    number = jsonl.number(document) - 1
    return lines[number] if number < len(lines) else b""


def digest(data: bytes) -> str:
    """The hash of some bytes."""
    return hashlib.sha256(data).hexdigest()


def mapped(found: str, wanted: str) -> Mapped:
    """How a span of the text as it is read stands in the text at work; both differ in white space at most."""
    if found == wanted:
        return lambda span: span
    pairs = list(aligned(found, wanted))
    left = [pair[0] for pair in pairs]

    def mapping(span: Span) -> Span | None:
        first, last = bisect_left(left, span.start), bisect_left(left, span.end) - 1
        return Span(pairs[first][1], pairs[last][1] + 1) if first <= last < len(pairs) else None

    return mapping


def paragraph(text: str, span: Span) -> Span:
    """The lines that hold a span, without the white space at their ends."""
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    end = len(text) if end < 0 else end
    while start < span.start and text[start].isspace():
        start += 1
    while end > span.end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """The 1-based line and column of a code point; lines end at \\n, \\r\\n or \\r."""
    before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def paragraphs(text: str) -> Iterator[Span]:
    """The lines of a text that hold something, in order."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip():
            yield Span(start, end)
        start = end + 1
