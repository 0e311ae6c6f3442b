"""Finds what stands between quotation marks; the only place that decides which mark opens, which closes and which is an apostrophe."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from auditor.types import Block, Span

_MARK = re.compile("[“”„\"«»‹›‘’‚'「」『』]")
_CLOSES = {
    "“": '”“"',
    "„": '“”"',
    "”": "”",
    '"': '"”',
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹",
    "‘": "’",
    "‚": "‘’",
    "'": "'",
    "「": "」",
    "『": "』",
}
_AHEAD = 40
_SINGLE = "‘’‚'‹›"
_BEFORE_OPENING = set("([{—–-/|:;,…«„“\"‘'¿¡")
_ELIDED = re.compile(r"\d\ds?\b|(?:em|til|cause|tis|twas|n|round|bout)\b", re.IGNORECASE)


def quotations(text: str, blocks: Iterable[Block]) -> tuple[Span, ...]:
    """The spans between quotation marks, marks included, ordered and disjoint: of nested ones the outermost.

    English, German, French, Swedish and Chinese marks are known, straight ones too. A double mark that is never closed quotes to the
    end of its block, as a paragraph of a longer quotation does; a single one that is never closed is an apostrophe.
    """
    marks = [found.start() for found in _MARK.finditer(text)]
    found: list[Span] = []
    for block in blocks if marks else ():
        first = bisect_left(marks, block.span.start)
        if first < len(marks) and marks[first] < block.span.end:
            found.extend(_in_block(text, block.span, marks[first : bisect_left(marks, block.span.end, first)]))
    return tuple(found)


def _in_block(text: str, block: Span, marks: Sequence[int]) -> Iterator[Span]:
    even = sum(text[at] == '"' for at in marks) % 2 == 0
    open_at: int | None = None
    for number, at in enumerate(marks):
        mark = text[at]
        if open_at is None:
            if _opens(text, at, block, marks[number + 1 : number + _AHEAD]):
                open_at = at
        elif mark in _CLOSES[text[open_at]] and _ends(text, open_at, at, block, marks[number + 1 : number + _AHEAD], even=even):
            yield Span(open_at, at + 1)
            open_at = None
        elif mark == '"' == text[open_at]:
            # An odd number of straight marks, and this one stands as an opening one does: the one before was never closed.
            yield Span(open_at, _rstrip(text, open_at, at))
            open_at = at
    if open_at is not None:
        yield Span(open_at, _rstrip(text, open_at, block.end))


def _opens(text: str, at: int, block: Span, later: Sequence[int]) -> bool:
    """Whether the mark opens a quotation, none being open."""
    mark = text[at]
    if mark in "’」』":
        return False
    before, after = _neighbours(text, at, block)
    if mark in _SINGLE:
        if before.isalnum() or after.isspace() or _ELIDED.match(text, at + 1):
            return False
        return any(text[other] in _CLOSES[mark] and _closes_single(text, other, block, []) for other in later)
    if mark in '”"»':
        # These close as a rule: to open they have to stand as an opening mark does (Swedish, German), a straight one at least not after a word.
        if mark == '"':
            return not before.isalnum()
        return (before.isspace() or before in _BEFORE_OPENING) and not after.isspace()
    return True


def _ends(text: str, open_at: int, at: int, block: Span, later: Sequence[int], *, even: bool) -> bool:
    """Whether the mark, which can close what `open_at` opened, does so."""
    opener, mark = text[open_at], text[at]
    before, after = _neighbours(text, at, block)
    if opener in _SINGLE:
        return _closes_single(text, at, block, [other for other in later if text[other] in _CLOSES[opener]])
    stands_open = (before.isspace() or before in _BEFORE_OPENING - set(",…")) and not after.isspace()
    if mark == '"' == opener:
        return even or not stands_open
    if opener == "“" == mark:
        return not stands_open
    return True


def _closes_single(text: str, at: int, block: Span, later: Sequence[int]) -> bool:
    """Whether a single mark closes: after a word or a stop, before none, and no plural possessive (“the workers’ party”)."""
    before, after = _neighbours(text, at, block)
    if text[at] in "‹›":
        return True
    if before.isspace() or after.isalnum():
        return False
    possessive = before == "s" and after.isspace() and text[at + 2 : at + 3].islower()
    return not (possessive and any(_closes_single(text, other, block, []) for other in later))


def _neighbours(text: str, at: int, block: Span) -> tuple[str, str]:
    return (text[at - 1] if at > block.start else " "), (text[at + 1] if at + 1 < block.end else " ")


def _rstrip(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())
