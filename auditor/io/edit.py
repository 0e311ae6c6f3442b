"""Puts edits of a text into the bytes of the file that it came from; the only place that changes copy."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from auditor.io import docx, jsonl
from auditor.io.place import locate
from auditor.io.read import LIMIT, content
from auditor.types import Document, Span

_WORD = re.compile(r"\S+")
_BOM = b"\xef\xbb\xbf"
_MISREAD = "it would be read differently in this format"
_REPLACED = "\ufffd"


@dataclass(frozen=True, slots=True)
class Edit:
    """Prints `text` instead of a span of `Document.text`; an empty text deletes it."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An edit that cannot be made, the place of its document among those of the file, and why."""

    document: int
    edit: Edit
    reason: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The bytes of a file with what could be edited, and the edits that could not."""

    data: bytes
    refused: tuple[Refused, ...] = ()


Texts = Sequence[tuple[Document, Sequence[Edit]]]
"""The documents of one file with the edits of each, disjoint and in order."""


class _RefusalError(Exception):
    """Why one edit cannot be made; never leaves this module."""


def apply(data: bytes, texts: Texts, *, limit: int = LIMIT) -> Edited:
    """The file `data`, whose documents these are, with the edits of each.

    All other bytes stay as they are (in a .docx: all other parts, and in its text part all else). What comes out is read again: an edit
    that would not be read as what it prints is refused, as is one that the file has no place for (markup inside, a sign that its encoding
    lacks). InputError where nothing in the file can be edited.
    """
    made = _applied(data, texts, limit)
    if _reads(made, texts, limit):
        return made
    kept: list[tuple[Document, list[Edit]]] = [(document, []) for document, _ in texts]
    refused = list(made.refused)
    known = {(item.document, item.edit) for item in refused}
    for index, ((_, edits), (_, own)) in enumerate(zip(texts, kept, strict=True)):
        for edit in edits:
            if (index, edit) not in known:
                own.append(edit)
                if not _reads(_applied(data, kept, limit), kept, limit):
                    own.pop()
                    refused.append(Refused(index, edit, _MISREAD))
    return Edited(_applied(data, kept, limit).data, tuple(refused))


def edited(document: Document, edits: Sequence[Edit]) -> str:
    """The text of a document with its edits."""
    out, last = [], 0
    for edit in edits:
        out += [document.text[last : edit.span.start], edit.text]
        last = edit.span.end
    return "".join([*out, document.text[last:]])


def _reads(made: Edited, texts: Texts, limit: int) -> bool:
    """Whether what came out is read as the texts that were meant, white space aside."""
    refused = {(item.document, item.edit) for item in made.refused}
    meant = [edited(document, [edit for edit in edits if (index, edit) not in refused]).split() for index, (document, edits) in enumerate(texts)]
    found = [item.text.split() for item in content(made.data, texts[0][0].path, limit=2 * limit) if isinstance(item, Document)]
    return [words for words in found if words] == [words for words in meant if words]


def _applied(data: bytes, texts: Texts, limit: int) -> Edited:
    first, edits = texts[0]
    if first.origin.part == docx.PART:
        return _in_docx(data, first, edits, limit)
    if first.origin.part is not None:
        return _in_lines(data, texts)
    is_markup = PurePath(first.path).suffix.casefold() in (".html", ".htm")
    return _spliced(data, first, edits, _escaped_html if is_markup else _plain)


Escape = Callable[[str, str, str], bytes]
"""From a text, the encoding of its file and the file as decoded to the bytes that print the text there."""


def _plain(text: str, encoding: str, _: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise _RefusalError(f"“{text[error.start : error.end]}” cannot be written in {encoding}") from error


def _escaped_html(text: str, encoding: str, _: str) -> bytes:
    return html.escape(text, quote=False).encode(encoding, "xmlcharrefreplace")


def _escaped_json(text: str, _: str, line: str) -> bytes:
    return json.dumps(text, ensure_ascii=line.isascii())[1:-1].encode()


def _spliced(data: bytes, document: Document, edits: Sequence[Edit], escape: Escape) -> Edited:
    """The bytes of a flat file with the edits put in where they belong."""
    out: list[bytes] = []
    refused: list[Refused] = []
    last = 0
    for edit in edits:
        try:
            splices = [_splice(document, part, escape) for part in _parts(document, edit)]
        except _RefusalError as refusal:
            refused.append(Refused(0, edit, str(refusal)))
            continue
        for at, new in splices:
            out += [data[last : at.start], new]
            last = at.end
    return Edited(b"".join([*out, data[last:]]), tuple(refused))


def _splice(document: Document, part: Edit, escape: Escape) -> tuple[Span, bytes]:
    origin = document.origin
    if not _is_whole(document, part.span):
        raise _RefusalError("markup stands inside")
    if _REPLACED in part.text:
        raise _RefusalError("it holds a byte that could not be read")
    place = locate(document, part.span)
    assert place.bytes is not None
    assert origin.encoding is not None
    raw = document.text if origin.raw is None else origin.raw
    text = part.text.replace("\n", "\r\n") if "\r\n" in raw and origin.part is None else part.text
    return place.bytes, escape(text, origin.encoding, raw)


def _is_whole(document: Document, span: Span) -> bool:
    """Whether the span stands in one run of the file: no markup between its pieces."""
    met = [piece for piece in document.origin.pieces if piece.start < span.end and span.start < piece.start + piece.length]
    return all(left.raw_start + left.raw_length == right.raw_start for left, right in pairwise(met))


def _parts(document: Document, edit: Edit) -> Iterator[Edit]:
    """The edit word by word where it has a word for each that stands there: words that stay are not touched, nor is markup between them."""
    old, new = list(_WORD.finditer(document.text, edit.span.start, edit.span.end)), edit.text.split(" ")
    if document.text[edit.span.start : edit.span.end].split(" ") != [word.group() for word in old] or len(old) != len(new) or "" in new:
        yield edit
        return
    yield from (Edit(Span(*word.span()), text) for word, text in zip(old, new, strict=True) if word.group() != text)


def _in_lines(data: bytes, texts: Texts) -> Edited:
    """JSON Lines: the edits in the texts of the lines that the documents were read from."""
    lines = data.split(b"\n")
    refused: list[Refused] = []
    for index, (document, edits) in enumerate(texts):
        if edits:
            number = jsonl.number(document) - 1
            bom = len(_BOM) if lines[number].startswith(_BOM) else 0
            on_line = jsonl.mapped(document, lines[number][bom:].decode(), bom=bom)
            made = _spliced(lines[number], on_line, edits, _escaped_json)
            lines[number] = made.data
            refused += [Refused(index, item.edit, item.reason) for item in made.refused]
    return Edited(b"\n".join(lines), tuple(refused))


def _in_docx(data: bytes, document: Document, edits: Sequence[Edit], limit: int) -> Edited:
    """A Word document: the edits in the text elements of its main part; every other part is copied as it is."""
    package = docx.opened(data, document.path, limit=limit)
    runs = list(docx.runs(package))
    texts = {element: element.text or "" for _, element in runs if element.tag == docx.TEXT}
    refused: list[Refused] = []
    for edit in reversed(edits):
        changed = dict(texts)
        try:
            for part in reversed(list(_parts(document, edit))):
                _edit_runs(runs, changed, part)
            texts = changed
        except _RefusalError as refusal:
            refused.append(Refused(0, edit, str(refusal)))
    name = package.part.partname.lstrip("/")
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out := io.BytesIO(), "w") as new:
        for entry in old.infolist():
            held = old.read(entry)
            new.writestr(entry, docx.retexted(held, package, texts, document.path) if entry.filename == name else held)
    return Edited(out.getvalue(), tuple(reversed(refused)))


def _edit_runs(runs: Sequence[tuple[Span, Any]], texts: dict[Any, str], edit: Edit) -> None:
    """Changes the texts of the elements that the edit touches: the first prints it, the others lose what it replaces.

    Edits come last first, so that what stands before one is as it was."""
    met = [(span, element) for span, element in runs if span.overlaps(edit.span)]
    covered = sum(min(span.end, edit.span.end) - max(span.start, edit.span.start) for span, _ in met)
    if not met or covered != len(edit.span) or any(element not in texts for _, element in met):
        raise _RefusalError("a line break, a tab or another paragraph stands inside")
    for index, (span, element) in enumerate(met):
        start, end = max(0, edit.span.start - span.start), min(span.end, edit.span.end) - span.start
        texts[element] = texts[element][:start] + (edit.text if index == 0 else "") + texts[element][end:]
