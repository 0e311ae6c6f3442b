"""Reads Word documents: paragraphs and tables in order, with the run that each piece of text stands in."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from html import escape, unescape
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from auditor.errors import InputError
from auditor.types import Block, Document, Origin, Scope, Span

PART = "word/document.xml"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT = qn("w:t")
_SKIPPED = {qn(name) for name in ("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:pPr", "w:sdtPr", "w:ruby")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011", qn("w:softHyphen"): "\u00ad"}
_STYLES = {"title": Scope.HEADLINE, "heading 1": Scope.HEADLINE, "caption": Scope.CAPTION, "quote": Scope.QUOTE, "intense quote": Scope.QUOTE}
_UNREAD = {"header": "headers", "footer": "footers", "footnotes": "footnotes", "endnotes": "endnotes"}
_BLOWN_UP = 20


def read(data: bytes, path: str, *, limit: int) -> Document:
    """The copy of a .docx: one block a paragraph; headings, captions and quotations by style; struck changes and hidden text left out.

    Offsets count into the extracted text of `word/document.xml`. What is not read (headers, footers, notes) is named in a notice where
    there is any. InputError for a file that Word could not read either, or whose text is longer than `limit` bytes.
    """
    package = opened(data, path, limit=limit)
    parts: list[str] = []
    blocks: list[Block] = []
    length = 0
    for text, scope in _paragraphs(package):
        if text.strip():
            start = length + len(text) - len(text.lstrip())
            blocks.append(Block(Span(start, length + len(text.rstrip())), scope))
        parts.append(text + "\n")
        length += len(text) + 1
    return Document(path, "".join(parts), origin=Origin(part=PART, encoding=None), blocks=tuple(blocks), notices=tuple(_notices(package)))


def runs(package: Any) -> Iterator[tuple[Span, Any]]:  # noqa: ANN401  python-docx has no types
    """The text elements of a document (w:t and signs) with their spans in the extracted text, in order: where an edit has to be made."""
    at = 0
    for paragraph in _elements(package):
        for element, text in _texts(paragraph):
            yield Span(at, at + len(text)), element
            at += len(text)
        at += 1


def retexted(xml: bytes, package: Any, texts: Mapping[Any, str], path: str) -> bytes:  # noqa: ANN401
    """The XML of the main part with other texts in its text elements (as `runs` gives them), else byte for byte the same.

    InputError where the text elements cannot be told from the bytes, which no word processor writes.
    """
    elements = list(package.element.iter(TEXT))
    prefix = next(name for name, uri in package.element.nsmap.items() if TEXT.startswith(f"{{{uri}}}"))
    tag = f"{prefix}:t" if prefix else "t"
    source = xml.decode("utf-8", "surrogateescape")
    written = list(re.finditer(rf"<{tag}(?P<attributes>\s[^<>]*?)?(?:/>|>(?P<text>[^<]*)</{tag}\s*>)", source))
    if [_normal(unescape(found["text"] or "")) for found in written] != [element.text or "" for element in elements]:
        raise InputError(f"{path}: its XML is of an unusual form, in which nothing can be edited")
    out, last = [], 0
    for found, element in zip(written, elements, strict=True):
        new = texts.get(element, element.text or "")
        if new != (element.text or ""):
            attributes = found["attributes"] or ""
            spaced = "" if new == new.strip() or "xml:space" in attributes else ' xml:space="preserve"'
            out += [source[last : found.start()], f"<{tag}{attributes}{spaced}>{escape(new, quote=False)}</{tag}>"]
            last = found.end()
    return "".join([*out, source[last:]]).encode("utf-8", "surrogateescape")


def _normal(text: str) -> str:
    """Line ends as an XML parser reads them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def opened(data: bytes, path: str, *, limit: int) -> Any:  # noqa: ANN401
    """The package as python-docx opens it. InputError for a file that Word could not open either, or that unpacks to too much."""
    if data.startswith(_OLE):
        raise InputError(f"{path}: is an old (.doc) or password-protected document, not a .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist() if entry.filename.endswith(".xml")) > _BLOWN_UP * limit:
                raise InputError(f"{path}: unpacks to more than {_BLOWN_UP * limit // 1_000_000} MB")
        return docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, SyntaxError, KeyError, ValueError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: is not a readable .docx ({str(error).splitlines()[0] if str(error) else 'broken archive'})") from error


def _paragraphs(package: Any) -> Iterator[tuple[str, Scope | None]]:  # noqa: ANN401
    names = {style.style_id: (style.name or "").casefold() for style in package.styles}
    for paragraph in _elements(package):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = names.get(style.get(qn("w:val")), "") if style is not None else ""
        scope = _STYLES.get(name, Scope.CROSSHEAD if name.startswith(("heading", "subtitle")) else None)
        yield "".join(text for _, text in _texts(paragraph)), scope


def _elements(package: Any) -> Iterator[Any]:  # noqa: ANN401
    """The paragraphs of the body in order, those of tables, content controls and text boxes among them."""
    yield from _below(package.element.body)


def _below(element: Any) -> Iterator[Any]:  # noqa: ANN401
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == qn("w:p"):
            yield child
        yield from _below(child)


def _texts(element: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401
    """The text elements of one paragraph, not those of a text box inside it, which has paragraphs of its own."""
    for child in element:
        if child.tag in _SKIPPED or child.tag == qn("w:p") or _is_hidden(child):
            continue
        if child.tag == TEXT:
            yield child, child.text or ""
        elif child.tag in _SIGNS:
            yield child, _SIGNS[child.tag]
        else:
            yield from _texts(child)


def _is_hidden(element: Any) -> bool:  # noqa: ANN401
    vanish = element.find(f"{qn('w:rPr')}/{qn('w:vanish')}") if element.tag == qn("w:r") else None
    return vanish is not None and vanish.get(qn("w:val")) not in ("0", "false", "off")


def _notices(package: Any) -> Iterator[str]:  # noqa: ANN401
    unread = set()
    for part in package.part.package.iter_parts():
        name = str(part.partname).rsplit("/", 1)[-1]
        kind = next((plain for start, plain in _UNREAD.items() if name.startswith(start) and name.endswith(".xml")), None)
        # Word writes empty notes parts of its own accord: only those with text are worth a word.
        if kind and b"<w:t" in part.blob and any(chunk.split(b">", 1)[-1].strip() for chunk in _text_chunks(part.blob)):
            unread.add(kind)
    if unread:
        yield f"not read: {', '.join(sorted(unread))}"
    if next(package.element.body.iter(qn("w:del"), qn("w:ins")), None) is not None:
        yield "has tracked changes: read as if all were accepted"


def _text_chunks(blob: bytes) -> Iterator[bytes]:
    for chunk in blob.split(b"<w:t")[1:]:
        if chunk[:1] in b"> ":
            yield chunk.split(b"</w:t>")[0]
