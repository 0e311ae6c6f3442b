"""Turns a reading of the language model into one row a word; the only place that knows what the eye is shown. Used in training and at use."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from auditor.fluency.scorer import Passage, Reading

LAYERS = (15, 20, 25)
"""The blocks of the language model after which the eye looks at its state."""
_WORD = re.compile(r"[^\W_]+(?:['’.\-‐‑][^\W_]+)*")
_ENDS = frozenset(".!?…:")
_QUOTES = frozenset("\"'“”„«»‘’")
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The words of a passage's text: spans in it, the states [words, layers · width] and the scalars [words, len(SCALARS)], float32."""

    spans: tuple[tuple[int, int], ...]
    states: Array
    scalars: Array


SCALARS = (
    "surprisal",
    "surprisal_first",
    "surprisal_most",
    "surprisal_last",
    "surprisal_mark",
    "entropy_first",
    "entropy_last",
    "entropy_mean",
    "excess_first",
    "rank_first",
    "rank_most",
    "tokens",
    "letters",
    "capital",
    "capitals",
    "digit",
    "joined",
    "opens_sentence",
    "after_quote",
    "before_comma",
    "before_end",
    "after_mark",
    "seen",
)
"""What stands in each column of `Rows.scalars`: nats, logarithms of ranks and counts, and facts as 0 or 1."""


def rows(passage: Passage, reading: Reading, layers: Sequence[int] = LAYERS) -> Rows:
    """One row for each word of the passage's text, in order.

    A word's tokens are those whose first code point that is not white lies in it. Its state has read the last of them; where the text ends
    with it, the state is the one that predicts it. A word whose tokens all begin before it (a token that spans two words) has no surprisal.
    """
    text = passage.text
    found = [match.span() for match in _WORD.finditer(text)]
    width = sum(reading.hidden[layer].shape[1] for layer in layers)
    if not found or not reading.tokens.spans:
        return Rows((), np.zeros((0, width), np.float32), np.zeros((0, len(SCALARS)), np.float32))
    starts = [_first(text, span) for span in reading.tokens.spans]
    surprisals = -np.asarray(reading.tokens.logprobs, np.float32)
    entropies = np.asarray(reading.entropies, np.float32)
    ranks = np.log(np.asarray(reading.ranks, np.float32))
    scalars = np.zeros((len(found), len(SCALARS)), np.float32)
    after = np.empty(len(found), np.int64)
    seen: set[str] = set()
    last = len(starts) - 1
    for number, (start, end) in enumerate(found):
        low, high = bisect_left(starts, start), bisect_left(starts, end)
        if low == high:  # the word stands within a token that began before it
            low = max(0, bisect_right(starts, start) - 1)
            high = low + 1
        until = bisect_left(starts, found[number + 1][0]) if number + 1 < len(found) else len(starts)
        inside = surprisals[low:high]
        marks = surprisals[high:until]
        after[number] = min(high, last)
        word = text[start:end]
        folded = word.casefold()
        scalars[number] = (
            inside.sum(),
            inside[0],
            inside.max(),
            inside[-1],
            marks.sum(),
            entropies[low],
            entropies[high - 1],
            entropies[low:high].mean(),
            inside[0] - entropies[low],
            ranks[low],
            ranks[low:high].max(),
            np.log(high - low),
            np.log(len(word)),
            *_shape(text, start, end, found[number - 1][1] if number else 0),
            folded in seen,
        )
        seen.add(folded)
    states = np.concatenate([reading.hidden[layer][after] for layer in layers], 1, dtype=np.float32)
    return Rows(tuple(found), states, scalars)


def _first(text: str, span: tuple[int, int]) -> int:
    """The first code point of a token that is not white, or its last one."""
    at, end = span
    while at < end - 1 and text[at].isspace():
        at += 1
    return at


def _shape(text: str, start: int, end: int, before: int) -> tuple[bool, ...]:
    word = text[start:end]
    gap, rest = text[before:start], text[end : end + 2]
    return (
        word[0].isupper(),
        len(word) > 1 and word.isupper(),
        any(map(str.isdigit, word)),
        not word.isalnum(),
        before == 0 or "\n" in gap or not _ENDS.isdisjoint(gap),
        not _QUOTES.isdisjoint(gap),
        rest.startswith((",", ";")),
        not rest or rest[0] in ".!?…:\n",
        not gap.isspace() and before > 0,
    )
