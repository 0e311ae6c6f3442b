"""Divides a document into segments: sentences, headlines and other units, each with its scope; the only place that fills them in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from auditor.text.blocks import lines, strip
from auditor.text.quotations import quotations
from auditor.text.scopes import is_credit, is_teaser, scopes
from auditor.text.sentences import sentences
from auditor.types import Document, Scope, Segment, Span

_BODY = (Scope.BODY, Scope.QUOTE)
_SHORT = 40


def segment(document: Document) -> Document:
    """The document with blocks (lines, where the reader gave none), segments and quotations.

    Segments are ordered and disjoint and never cross a block; `document.text[segment.span]` is `segment.text`; every character of a
    block that is no white space lies in one.
    """
    text, code = document.text, document.provenance.target_lang
    blocks = document.blocks or lines(text)
    quoted = quotations(text, blocks)
    guessed = iter(scopes([text[block.span.start : block.span.end] for block in blocks if block.scope is None], code))
    segments: list[Segment] = []
    for number, block in enumerate(blocks):
        scope = block.scope or next(guessed)
        spans = sentences(text, block.span, code) if scope in (*_BODY, Scope.CAPTION) else [strip(text, block.span.start, block.span.end)]
        for span in spans:
            if len(span):
                words = text[span.start : span.end]
                segments.append(Segment(len(segments), words, span, _scope(words, span, scope, quoted, code), number))
    return replace(document, blocks=tuple(blocks), segments=tuple(segments), quotations=quoted)


def _scope(words: str, span: Span, block: Scope, quoted: Sequence[Span], code: str) -> Scope:
    """The block's scope, but a sentence of the body may by itself be a quotation, a teaser or an agency's name behind the last stop."""
    if block is not Scope.BODY:
        return block
    # Quotations are disjoint: only the last that starts no later can cover the sentence.
    at = bisect_right(quoted, span.start, key=_start) - 1
    if at >= 0 and quoted[at].covers(span):
        return Scope.QUOTE
    if is_teaser(words, code):
        return Scope.TEASER
    return Scope.CREDIT if len(words) <= _SHORT and is_credit(words, code) else block


def _start(span: Span) -> int:
    return span.start
