"""Reads HTML through the standard library's parser; scripts, styles, navigation, forms and listings are no copy."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from auditor.io.encoding import decode
from auditor.io.extract import Extraction
from auditor.types import Document, Origin, Provenance, Scope

_FURNITURE = "script style template noscript svg math nav form button select textarea iframe object audio video canvas pre dialog"
_BLOCK_ELEMENTS = """
address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 head header hgroup
hr html legend li main menu ol p section summary table tbody td tfoot th thead title tr ul
"""
_VOID_ELEMENTS = "area base br col embed hr img input link meta param source track wbr"
_SKIPPED = frozenset(_FURNITURE.split())
_BLOCKS = frozenset(_BLOCK_ELEMENTS.split())
_VOID = frozenset(_VOID_ELEMENTS.split())
_SCOPES = {
    "title": Scope.HEADLINE,
    "h1": Scope.HEADLINE,
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), Scope.CROSSHEAD),
    "figcaption": Scope.CAPTION,
    "caption": Scope.CAPTION,
    "blockquote": Scope.QUOTE,
}
_SOURCE_NAMES = ("source-language", "source_language", "original-language", "dc.source.language")
_OUTLET_NAMES = ("og:site_name", "publisher")
_DATE_NAMES = ("article:published_time", "date", "dc.date")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][\da-fA-F]+|[A-Za-z]\w*);?")
_CLOSES_PARAGRAPH = _BLOCKS - {"br", "head", "html", "body", "title"}


def read(data: bytes, path: str) -> Document:
    """The readable text of a page: h1 (without one, the title) is the headline, h2 to h6 crossheads, figcaption a caption.

    The source language is that of `<meta name="source-language">`. InputError if that names no language.
    """
    found = decode(data, path=path)
    parser = _Parser(found.text)
    parser.feed(found.text)
    parser.close()
    parser.extraction.end(parser.scope)
    return Document(
        path,
        parser.extraction.text,
        origin=Origin(encoding=found.encoding, bom=found.bom, invalid=found.invalid, raw=found.text, pieces=tuple(parser.extraction.pieces)),
        provenance=_provenance(parser.meta, path),
        blocks=tuple(parser.extraction.blocks),
        notices=found.notices,
    )


def _provenance(meta: dict[str, str], path: str) -> Provenance:
    def first(names: tuple[str, ...]) -> str | None:
        return next((meta[name] for name in names if meta.get(name)), None)

    source, code = first(_SOURCE_NAMES), None
    if source:
        from auditor.text.provenance import stated  # languages are loaded where one is named

        code = stated(source, path=path, where="<meta> source language")
    return Provenance(source_lang=code, how="format field" if code else "unknown", outlet=first(_OUTLET_NAMES), date=first(_DATE_NAMES))


class _Parser(HTMLParser):
    """Feeds an Extraction. An element that is skipped hides all inside it; one that is never closed ends with its parent."""

    def __init__(self, raw: str) -> None:
        super().__init__(convert_charrefs=False)
        self.raw = raw
        self.extraction = Extraction()
        self.meta: dict[str, str] = {}
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", raw))]
        self._open: list[tuple[str, bool]] = []
        self._article = re.search(r"<article[\s>]", raw, re.IGNORECASE) is not None
        # A page's title repeats its headline with the site's name: it is copy only where there is no headline.
        self._skipped = _SKIPPED | ({"title"} if re.search(r"<h1[\s>]", raw, re.IGNORECASE) else frozenset())

    @property
    def scope(self) -> Scope | None:
        """The scope of the innermost open element that has one."""
        return next((_SCOPES[tag] for tag, _ in reversed(self._open) if tag in _SCOPES), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.meta.setdefault((values.get("name") or values.get("property") or "").casefold(), values.get("content", "").strip())
        if tag in _CLOSES_PARAGRAPH:
            self._close("p")
        if tag in _BLOCKS:
            self.extraction.end(self.scope)
        if tag not in _VOID:
            self._open.append((tag, self._hides(tag, values)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.extraction.end(self.scope)
        self._close(tag)

    def handle_data(self, data: str) -> None:
        if self._hidden():
            return
        start, last = self._offset(), 0
        # Newer parsers hand over a title as one piece, entities and all.
        for entity in _ENTITY.finditer(data):
            if unescape(entity.group()) != entity.group():
                self.extraction.copy(data[last : entity.start()], start + last)
                self.extraction.replace(unescape(entity.group()), start + entity.start(), len(entity.group()))
                last = entity.end()
        self.extraction.copy(data[last:], start + last)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name}")

    def _reference(self, written: str) -> None:
        if self._hidden():
            return
        start = self._offset()
        whole = written + (";" if self.raw[start + len(written) : start + len(written) + 1] == ";" else "")
        text = unescape(whole)
        if text == whole:
            self.extraction.copy(whole, start)
        else:
            self.extraction.replace(text, start, len(whole))

    def _hides(self, tag: str, values: dict[str, str]) -> bool:
        if tag in self._skipped or "hidden" in values or _HIDDEN_STYLE.search(values.get("style", "")):
            return True
        # The foot of the page is furniture; that of an article may hold its credits.
        return tag == "footer" and self._article and not any(name == "article" for name, _ in self._open)

    def _hidden(self) -> bool:
        return any(hides for _, hides in self._open)

    def _close(self, tag: str) -> None:
        if any(name == tag for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column
