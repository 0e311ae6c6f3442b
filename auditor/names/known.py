"""Where a document holds spellings of the alias table, looked up once for all; the only place that decides which segments are read for them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from unicodedata import is_normalized

from ahocorasick_rs import AhoCorasick

from auditor.names.aliases import AliasTable, Entry, shaped
from auditor.text.words import small_letters
from auditor.types import Document, Span

Known = Sequence[tuple[Span, tuple[Entry, ...]]]
"""The known spellings of a segment; the spans count in it."""

_UNEVEN = re.compile(r"[ʼʿʾ]|\s\s")

_last: list[tuple[Document, AliasTable, tuple[Known, ...]]] = []
_finders: list[tuple[AliasTable, AhoCorasick]] = []


def known(document: Document, table: AliasTable) -> tuple[Known, ...]:
    """For each segment what `table.scan` finds in it. Only where the letters of a spelling stand is a segment read word by word."""
    if not _last or _last[0][0] is not document or _last[0][1] is not table:
        _last[:] = [(document, table, tuple(_known(document, table)))]
    return _last[0][2]


def _known(document: Document, table: AliasTable) -> Iterator[Known]:
    folded = [_folded(segment.text, small) for segment, small in zip(document.segments, small_letters(document), strict=True)]
    places = _places(folded, table)
    for number, segment in enumerate(document.segments):
        if number not in places:
            yield ()
        elif len(folded[number]) == len(segment.text) + 2 and _is_even(segment.text):
            yield tuple(table.scan(segment.text, sorted(places[number])))
        else:  # a place of the folded text is none of the text
            yield tuple(table.scan(segment.text))


def beside(document: Document, table: AliasTable) -> Callable[[Span], bool]:
    """A function that says whether a span of the document shares a code point with a known spelling."""
    spans = [
        Span(segment.span.start + span.start, segment.span.start + span.end)
        for segment, spellings in zip(document.segments, known(document, table), strict=True)
        for span, _ in spellings
    ]
    starts = [span.start for span in spans]

    def meets(span: Span) -> bool:
        at = bisect_left(starts, span.end)
        return at > 0 and spans[at - 1].end > span.start

    return meets


def _places(folded: Sequence[str], table: AliasTable) -> dict[int, set[int]]:
    """By the number of a text where the letters of spellings start in it, counted without the space before it."""
    if not _finders or _finders[0][0] is not table:
        _finders[:] = [(table, AhoCorasick(list(table.index)))]
    joined, ends = "".join(folded), list(accumulate(map(len, folded)))
    places: dict[int, set[int]] = {}
    number = 0
    for _, start, end in _finders[0][1].find_matches_as_indexes(joined, overlapping=True):
        if not (joined[start - 1].isalnum() or joined[end].isalnum()):
            while end > ends[number]:
                number += 1
            places.setdefault(number, set()).add(start - 1 - (ends[number - 1] if number else 0))
    return places


def _folded(text: str, small: str) -> str:
    """The text as the index of the table spells it, a space at either end; `small`: in small letters, which plain text is spelled in."""
    return small if text.isascii() and "`" not in text else f" {shaped(text).casefold()} "


def _is_even(text: str) -> bool:
    """Whether folding takes no letter away."""
    return text.isascii() or (_UNEVEN.search(text) is None and is_normalized("NFC", text))
