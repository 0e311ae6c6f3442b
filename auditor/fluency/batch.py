"""Cuts token sequences into windows and gathers windows into batches; the only place that decides what is read together.

A window's padded length follows from its own length alone, so that nothing about a score depends on what else is in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

BUCKET = 8
"""Padded lengths are multiples of this."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one sequence that is read at once: `ids` without the start token; `first` is the first of them that is scored here.

    `at` is the place of that first scored token in the sequence.
    """

    sequence: int
    ids: tuple[int, ...]
    first: int
    at: int

    @property
    def length(self) -> int:
        """Tokens that the model reads, the start token included and the last one not: nothing is predicted from it."""
        return len(self.ids)

    @property
    def padded(self) -> int:
        """The length of its bucket."""
        return -(-self.length // BUCKET) * BUCKET


def windows(sequence: int, ids: Sequence[int], first: int, limit: int) -> list[Window]:
    """The windows of at most `limit` tokens in which each token from `first` on is scored once.

    A sequence that fits is one window. Otherwise each window starts with a quarter of `limit` as context (less where there is less).
    """
    if first >= len(ids):
        return []
    if len(ids) <= limit:
        return [Window(sequence, tuple(ids), first, first)]
    out = []
    at = first
    while at < len(ids):
        start = max(0, at - limit // 4)
        end = min(len(ids), start + limit)
        out.append(Window(sequence, tuple(ids[start:end]), at - start, at))
        at = end
    return out


def batches(found: Sequence[Window], budget: int) -> list[list[Window]]:
    """Windows of one padded length together, at most `budget` padded tokens a batch (one window at least), the longest first."""
    ordered = sorted(found, key=lambda window: (-window.padded, window.sequence, window.at))
    out = []
    for padded, group in groupby(ordered, key=lambda window: window.padded):
        same = list(group)
        size = max(1, budget // padded)
        out += [same[start : start + size] for start in range(0, len(same), size)]
    return out
