"""The lines of a text as a page shows them; the only place that says what a line, the top and the bottom of a text are for the kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from auditor.types import Span

TOP = 4
"""How many lines a headline block has at most: page title, headline, kicker, lead."""
BOTTOM = 4
"""How many lines may follow the story: credit, source, tags, a last notice."""
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without the white space at its ends; `number` counts such lines from 0, `left` from the last (0 for the last)."""

    text: str
    span: Span
    number: int
    left: int


@lru_cache(maxsize=2)
def lines(text: str) -> tuple[Line, ...]:
    """The lines of the text in order, blank ones left out."""
    found = [match for match in _LINE.finditer(text) if not match.group().isspace()]
    out = []
    for number, match in enumerate(found):
        line = match.group()
        bare = line.strip()
        begin = match.start() + (line.index(bare) if len(bare) < len(line) else 0)
        out.append(Line(bare, Span(begin, begin + len(bare)), number, len(found) - number - 1))
    return tuple(out)
