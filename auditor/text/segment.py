"""Divides a document into segments: sentences, headlines and other units, each with its scope; the only place that fills them in."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from auditor.text.blocks import lines, strip
from auditor.text.quotations import quotations
from auditor.text.scopes import is_credit, is_teaser, scopes
from auditor.text.sentences import sentences
from auditor.types import Document, Scope, Segment

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
    starts = [quotation.start for quotation in quoted]
    guessed = iter(scopes([text[block.span.start : block.span.end] for block in blocks if block.scope is None], code))
    segments: list[Segment] = []
    for number, block in enumerate(blocks):
        scope = block.scope or next(guessed)
        spans = sentences(text, block.span, code) if scope in (*_BODY, Scope.CAPTION) else [strip(text, block.span.start, block.span.end)]
        for span in spans:
            if len(span):
                words = text[span.start : span.end]
                own = _scope(words, code, is_block=block.scope is None and span == block.span) if scope is Scope.BODY else scope
                if scope is Scope.BODY:
                    # Quotations are disjoint: only the last that starts no later can cover the sentence.
                    at = bisect_right(starts, span.start) - 1
                    own = Scope.QUOTE if at >= 0 and quoted[at].covers(span) else own
                segments.append(Segment(len(segments), words, span, own, number))
    return replace(document, blocks=tuple(blocks), segments=tuple(segments), quotations=quoted)


def _scope(words: str, code: str, *, is_block: bool) -> Scope:
    """A sentence of the body may by itself be a teaser or an agency's name behind the last stop; a whole block was found to be no teaser before."""
    if not is_block and is_teaser(words, code):
        return Scope.TEASER
    return Scope.CREDIT if len(words) <= _SHORT and is_credit(words, code) else Scope.BODY
