"""Turns a reading of the language model into one row a word; the only place that knows what the eye is shown. Used in training and at use."""

from __future__ import annotations

import re
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
    with it, the state is the one that predicts it. A word whose tokens all begin before it (a token that spans two words) has that token's
    surprisal.
    """
    text = passage.text
    spans = tuple(match.span() for match in _WORD.finditer(text))
    if not spans or not reading.tokens.spans:
        width = sum(reading.hidden[layer].shape[1] for layer in layers)
        return Rows((), np.zeros((0, width), np.float32), np.zeros((0, len(SCALARS)), np.float32))
    tokens = np.array([_first(text, span) for span in reading.tokens.spans])
    surprisals = -np.asarray(reading.tokens.logprobs, np.float32)
    entropies = np.asarray(reading.entropies, np.float32)
    ranks = np.log(np.asarray(reading.ranks, np.float32))
    begins, ends = np.array(spans).T
    low, high = np.searchsorted(tokens, begins), np.searchsorted(tokens, ends)
    until = np.append(low[1:], len(tokens))
    low = np.where(low < high, low, np.maximum(np.searchsorted(tokens, begins, "right") - 1, 0))
    high = np.maximum(high, low + 1)
    inside = np.ravel([low, high], "F")
    figures = (
        _sums(surprisals, low, high),
        surprisals[low],
        _most(surprisals, inside),
        surprisals[high - 1],
        _sums(surprisals, high, np.maximum(high, until)),
        entropies[low],
        entropies[high - 1],
        _sums(entropies, low, high) / (high - low),
        surprisals[low] - entropies[low],
        ranks[low],
        _most(ranks, inside),
        np.log(high - low),
        np.log(ends - begins),
    )
    scalars = np.column_stack([*figures, np.array(_shapes(text, spans))]).astype(np.float32)
    after = np.minimum(high, len(tokens) - 1)
    return Rows(spans, np.concatenate([reading.hidden[layer][after] for layer in layers], 1, dtype=np.float32), scalars)


def _sums(values: Array, low: Array, high: Array) -> Array:
    """Of the values from `low` up to `high`, for each pair of them."""
    sums = np.append(0.0, np.cumsum(values, dtype=np.float64))
    found: Array = sums[high] - sums[low]
    return found


def _most(values: Array, inside: Array) -> Array:
    """The largest value between each two of `inside`."""
    found: Array = np.maximum.reduceat(np.append(values, 0), inside)[::2]
    return found


def _first(text: str, span: tuple[int, int]) -> int:
    """The first code point of a token that is not white, or its last one."""
    at, end = span
    while at < end - 1 and text[at].isspace():
        at += 1
    return at


def _shapes(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[bool, ...]]:
    """Facts about each word and the marks beside it."""
    seen: set[str] = set()
    before = 0
    out: list[tuple[bool, ...]] = []
    for start, end in spans:
        word, gap, rest = text[start:end], text[before:start], text[end : end + 2]
        folded = word.casefold()
        out.append(
            (
                word[0].isupper(),
                len(word) > 1 and word.isupper(),
                any(map(str.isdigit, word)),
                not word.isalnum(),
                before == 0 or "\n" in gap or not _ENDS.isdisjoint(gap),
                not _QUOTES.isdisjoint(gap),
                rest.startswith((",", ";")),
                not rest or rest[0] in ".!?…:\n",
                not gap.isspace() and before > 0,
                folded in seen,
            )
        )
        seen.add(folded)
        before = end
    return out
