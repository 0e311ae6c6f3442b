"""One acronym in two shapes inside a text: with and without dots, or another acronym than the one that the text introduced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from auditor.names.candidates import quoted
from auditor.names.inconsistent import Outlier
from auditor.types import Document, Scope, Span

_RENAMED = re.compile(r"(?:\b(?:also|formerly|previously|better|or|known as|called|aka|acronyms?)\b[ ,“\"‘']*|[(/])$", re.IGNORECASE)

_CLOSING = re.compile(r"[”’\"')\]]*")
_NOTHING = re.compile(r"(?!)")


def dots(document: Document, acronyms: Sequence[str], exceptions: Sequence[str], *, plain_wins: bool = False) -> Iterator[Outlier]:
    """An acronym with dots (U.S.) in a text that prints it without (US), or the reverse: the rarer shape, at a tie the later one.

    Read in running text outside quotation marks; `exceptions` are proper names that keep their shape. `plain_wins`: the house prints none.
    """
    for acronym in acronyms:
        if acronym not in document.text or ".".join(acronym) not in document.text:
            continue
        allowed = _NOTHING if not exceptions else re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, exceptions))})(?!\w)")
        bare = re.compile(rf"(?<![\w$€£.&-]){acronym}(?![\w$€£&]|\.\w)")
        dotted = re.compile(rf"(?<![\w.]){''.join(f'{letter}[.]' for letter in acronym[:-1])}{acronym[-1]}(?:[.]|(?!\w))")
        without, with_dots = _places(document, bare, allowed), _places(document, dotted, allowed)
        if not without or not with_dots:
            continue
        fewer_dots = len(with_dots) < len(without) or (len(with_dots) == len(without) and without[0] < with_dots[0])
        if fewer_dots or plain_wins:
            ends = {segment.span.end for segment in document.segments}
            spans = [_before_stop(document, span, ends) for span in with_dots]
            text, other, others = ".".join(acronym) + ".", acronym, without
        else:
            spans = [_with_stop(document, span) for span in without]
            text, other, others = acronym, ".".join(acronym) + ".", with_dots
        yield Outlier(text, tuple(spans), other, tuple(others), safe=True, evidence={"known_by": "dots"})


def _places(document: Document, pattern: re.Pattern[str], allowed: re.Pattern[str]) -> list[Span]:
    found: list[Span] = []
    inside = quoted(document)
    for segment in document.segments:
        if segment.scope not in (Scope.BODY, Scope.CAPTION) or segment.text.isupper():
            continue
        # Searched in the document, so that what stands before the segment is seen: a sentence may be cut at “Binance.|US”.
        spans = [Span(*hit.span()) for hit in pattern.finditer(document.text, segment.span.start, segment.span.end)]
        names = [Span(*name.span()) for name in allowed.finditer(document.text, segment.span.start, segment.span.end)] if spans else []
        found.extend(span for span in spans if not any(name.overlaps(span) for name in names) and not inside(span))
    return found


def _before_stop(document: Document, span: Span, ends: Set[int]) -> Span:
    """The dotted form without its last dot where that dot ends the sentence too: what replaces it leaves the full stop standing."""
    after = _CLOSING.match(document.text, span.end)
    return Span(span.start, span.end - 1) if after and after.end() in ends else span


def _with_stop(document: Document, span: Span) -> Span:
    """The plain form with a full stop behind it, which the last dot of the other form replaces."""
    return Span(span.start, span.end + 1) if document.text[span.end : span.end + 1] == "." else span


_MOST = 3
"""How many times more often than the introduced acronym another may stand before it is the text's own word."""


def introduced(document: Document, families: Sequence[str]) -> Iterator[Outlier]:
    """Another acronym of a family (“Islamic State: IS, ISIS”) than the one that the text introduced in brackets behind the full name."""
    for family in families:
        name, _, listed = family.partition(":")
        if name.strip() not in document.text:
            continue
        acronyms = [acronym.strip() for acronym in listed.split(",")]
        opening = re.compile(rf"{re.escape(name.strip())}\b[^().\n]{{0,40}}\(({'|'.join(map(re.escape, acronyms))})\)")
        found = list(opening.finditer(document.text))
        if len({hit[1] for hit in found}) != 1:
            continue
        chosen = found[0][1]
        for acronym in acronyms:
            spans = [] if acronym == chosen else _places(document, re.compile(rf"(?<![\w-]){re.escape(acronym)}(?!\w)"), _NOTHING)
            later = [s for s in spans if s.start > found[0].end() and not _RENAMED.search(document.text, max(0, s.start - 30), s.start)]
            own = _places(document, re.compile(rf"(?<![\w-]){chosen}(?!\w)"), _NOTHING)
            if later and len(later) <= _MOST * len(own) and len(later) == len([s for s in spans if s.start > found[0].end()]):
                yield Outlier(acronym, tuple(later), chosen, (Span(*found[0].span(1)),), safe=False, evidence={"known_by": "introduction"})
