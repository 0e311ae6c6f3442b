"""Cuts the surroundings of a span out of a text so that they fit a line of a terminal: the only place that measures columns."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, get_character_cell_size

from auditor.report.visible import visible
from auditor.types import Span

_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line in three parts, each already printable: what stands before the span, the span, what stands after it."""

    before: str
    marked: str
    after: str

    @property
    def indent(self) -> int:
        """The columns before the span."""
        return cell_len(self.before)

    @property
    def breadth(self) -> int:
        """The columns of the span."""
        return cell_len(self.marked)


def excerpt(text: str, span: Span, *, width: int) -> Excerpt:
    """The line of `text` round `span` in at most `width` columns, cut between words; a span that alone is longer is cut in its middle."""
    line_start = text.rfind("\n", 0, span.start) + 1
    line_end = text.find("\n", span.end)
    reach = 4 * width
    before = visible(text[max(line_start, span.start - reach) : span.start]).lstrip()
    after = visible(text[span.end : min(len(text) if line_end < 0 else line_end, span.end + reach)]).rstrip()
    cut_before = span.start - reach > line_start
    marked = _middle(visible(text[span.start : span.end]), width)
    room = width - cell_len(marked)
    left, right = cell_len(before), cell_len(after)
    for_left = min(left, max(room * 3 // 5, room - right))
    for_right = min(right, room - for_left)
    if left > for_left or cut_before:
        before = _tail(before, for_left)
    if right > for_right:
        after = _head(after, for_right)
    return Excerpt(before, marked, after)


def _middle(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    half = (width + 1) // 2
    return f"{_head(text, half)} {_tail(text, width + 1 - half).removeprefix(_ELLIPSIS).lstrip()}"


def _head(text: str, width: int) -> str:
    """The beginning of a text and an ellipsis in at most `width` columns, cut after a word where one ends."""
    taken, columns = 0, 2
    while taken < len(text) and columns + get_character_cell_size(text[taken]) <= width:
        columns += get_character_cell_size(text[taken])
        taken += 1
    cut = text[:taken]
    if taken < len(text) and text[taken].isalnum() and (space := cut.rfind(" ")) >= 0:
        cut = cut[:space]
    return f"{cut.rstrip()} {_ELLIPSIS}" if cut.strip() else _ELLIPSIS[:width]


def _tail(text: str, width: int) -> str:
    """The end of a text after an ellipsis in at most `width` columns, cut before a word where one begins."""
    kept, columns = len(text), 2
    while kept > 0 and columns + get_character_cell_size(text[kept - 1]) <= width:
        columns += get_character_cell_size(text[kept - 1])
        kept -= 1
    cut = text[kept:]
    if kept > 0 and text[kept - 1].isalnum() and (space := cut.find(" ")) >= 0:
        cut = cut[space:]
    return f"{_ELLIPSIS} {cut.lstrip()}" if cut.strip() else _ELLIPSIS[: max(width, 0)]


def wrap(text: str, *, width: int) -> list[str]:
    """A printable text in lines of at most `width` columns; a longer word stands alone on its line, broken where it has to be."""
    lines: list[str] = []
    line, columns = "", 0
    for word in text.split():
        breadth = cell_len(word)
        if line and columns + 1 + breadth > width:
            lines.append(line)
            line, columns = "", 0
        while breadth > width:
            piece = _first(word, width)
            lines.append(piece)
            word = word[len(piece) :]
            breadth = cell_len(word)
        line, columns = (f"{line} {word}", columns + 1 + breadth) if line else (word, breadth)
    return [*lines, line] if line else lines


def _first(word: str, width: int) -> str:
    taken, columns = 1, get_character_cell_size(word[0])
    while taken < len(word) and columns + get_character_cell_size(word[taken]) <= width:
        columns += get_character_cell_size(word[taken])
        taken += 1
    return word[:taken]
