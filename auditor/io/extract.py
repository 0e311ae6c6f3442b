"""Assembles readable text out of markup, and the map from it back to the file; the only place that writes Origin.pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from auditor.types import Block, Piece, Scope, Span

_WHITE = " \t\n\r\f\v"
_COLLAPSED = re.compile(rf"^[{_WHITE}]+|[{_WHITE}]{{2,}}|[\t\n\r\f\v]|[{_WHITE}]+\Z")


@dataclass(slots=True)
class Extraction:
    """Text, blocks and pieces as they grow. White space collapses to one space, as a browser shows it; blocks stand on lines of their own."""

    parts: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0
    _block: int = 0
    _space: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """What was read so far."""
        return "".join(self.parts)

    def copy(self, text: str, raw_start: int) -> None:
        """Adds text that stands like this in the file, from `raw_start` on."""
        last = 0
        for white in _COLLAPSED.finditer(text):
            if white.start() > last:
                self._add(text[last : white.start()], raw_start + last, white.start() - last)
            self.space(raw_start + white.start(), white.end() - white.start())
            last = white.end()
        if last < len(text):
            self._add(text[last:], raw_start + last, len(text) - last)

    def replace(self, text: str, raw_start: int, raw_length: int) -> None:
        """Adds text that stands for something else in the file: an entity, an escape."""
        if text and text in _WHITE:
            self.space(raw_start, raw_length)
        elif text:
            self._add(text, raw_start, raw_length)

    def space(self, raw_start: int, raw_length: int) -> None:
        """Adds a space, if text goes before and after it in the block."""
        if self._space is None and self.length > self._block:
            self._space = raw_start, raw_length

    def end(self, scope: Scope | None = None) -> None:
        """Ends the block, if it has text."""
        self._space = None
        if self.length > self._block:
            self.blocks.append(Block(Span(self._block, self.length), scope))
            last = self.pieces[-1]
            self._append("\n", last.raw_start + last.raw_length, 0)
            self._block = self.length

    def _add(self, text: str, raw_start: int, raw_length: int) -> None:
        if self._space is not None:
            self._append(" ", *self._space)
            self._space = None
        self._append(text, raw_start, raw_length)

    def _append(self, text: str, raw_start: int, raw_length: int) -> None:
        last = self.pieces[-1] if self.pieces else None
        joins = last is not None and last.length == last.raw_length and len(text) == raw_length and last.raw_start + last.raw_length == raw_start
        if last is not None and joins:
            self.pieces[-1] = Piece(last.start, last.length + len(text), last.raw_start, last.raw_length + raw_length)
        else:
            self.pieces.append(Piece(self.length, len(text), raw_start, raw_length))
        self.parts.append(text)
        self.length += len(text)
