"""The lines and paragraphs of a plain text as blocks; the only place that tells a hard-wrapped paragraph from lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from auditor.types import Block, Span

CLOSING = "\"”’»)]“'›" + "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())
"""What may stand behind the mark that ends a sentence."""
_STOPS = tuple(".!?…。！？؟")
_LINE_END = re.compile(r"\r\n|\r|\n")
_WRAPPED = range(40, 101)
_WRAP_SPREAD = 20


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


def is_stopped(block: str) -> bool:
    """Whether the text ends as a sentence does, closing marks aside."""
    return block.rstrip(CLOSING).endswith(_STOPS)


def strip(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends; empty at `start` if there is nothing else."""
    if start < end and not text[start].isspace() and not text[end - 1].isspace():
        return Span(start, end)
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    return Span(start + left, start + max(left, len(inner.rstrip())))
