"""The words of a document, read once for all kinds; the only place that remembers what was read of the document at hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from itertools import chain
from typing import TypeVar

from auditor.types import Document, Segment

T = TypeVar("T")
_WORD = re.compile(r"\w+")


def remembered(read: Callable[[Document], T]) -> Callable[[Document], T]:
    """`read`, which keeps its last result: the kinds ask for one view of one document in turn."""
    last: list[tuple[Document, T]] = []

    def ask(document: Document) -> T:
        held = next(iter(last), None)
        if held is None or held[0] is not document:
            held = document, read(document)
            last[:] = [held]
        return held[1]

    return ask


def spaced(text: str) -> str:
    """The text with one space for white space and at either end."""
    return f" {' '.join(text.split())} "


@remembered
def small_letters(document: Document) -> tuple[str, ...]:
    """Each segment in lower case and `spaced`: what literals are sought in."""
    return tuple([spaced(segment.text.lower()) for segment in document.segments])


@remembered
def words(document: Document) -> tuple[list[str], ...]:
    """For each segment its runs of letters and figures in lower case, in order."""
    return tuple(map(_WORD.findall, small_letters(document)))


@remembered
def vocabulary(document: Document) -> frozenset[str]:
    """Every word of the document's segments."""
    return frozenset(chain.from_iterable(words(document)))


def holding(document: Document, *wanted: Set[str]) -> Sequence[Segment]:
    """The segments that hold a word of each set, in order. Where the whole text lacks one, no segment is read."""
    here = [vocabulary(document) & some for some in wanted]
    if not all(here):
        return ()
    small, found = words(document), list(range(len(document.segments)))
    for some in here:
        found = [number for number in found if not some.isdisjoint(small[number])]
    return [document.segments[number] for number in found]
