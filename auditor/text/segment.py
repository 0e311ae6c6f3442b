"""Divides a document into segments: sentences, headlines and other units, each with its scope; the only place that fills them in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from auditor.text.quotations import quotations
from auditor.text.scopes import is_credit, is_stopped, is_teaser, scopes
from auditor.text.sentences import sentences, strip
from auditor.types import Block, Document, Scope, Segment, Span

_BODY = (Scope.BODY, Scope.QUOTE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_SHORT = 40
_WRAPPED = range(40, 101)
_WRAP_SPREAD = 20


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


def lines(text: str) -> tuple[Block, ...]:
    """Each line with something on it as a block; lines of a hard-wrapped paragraph (mail, typewriter copy) make one block."""
    found: list[Span] = []
    start = 0
    for line in text.splitlines(keepends=True):
        span = strip(text, start, start + len(line))
        if len(span):
            found.append(span)
        start += len(line)
    return tuple(Block(span) for span in (_unwrapped(text, found) if _is_wrapped(text, found) else found))


def _is_wrapped(text: str, found: Sequence[Span]) -> bool:
    """Whether most lines that have a line right below them break off in mid-sentence at about one width."""
    upper: list[Span] = []
    for above, below in pairwise(found):
        if not _gap(text, above, below):
            if above.end - above.start > _WRAPPED.stop:
                return False
            upper.append(above)
    if len(upper) < 3:
        return False
    broken = [span for span in upper if not is_stopped(text[span.start : span.end])]
    width = max(len(span) for span in upper)
    full = [span for span in upper if len(span) > width - _WRAP_SPREAD]
    return width in _WRAPPED and len(broken) >= 0.6 * len(upper) and len(full) >= 0.8 * len(upper)


def _unwrapped(text: str, found: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in found:
        if joined and not _gap(text, joined[-1], span):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _gap(text: str, above: Span, below: Span) -> bool:
    """Whether an empty line stands between the two."""
    return below.start - above.end > 1 and len(_LINE_END.findall(text, above.end, below.start)) > 1
