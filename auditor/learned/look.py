"""Lets the eye look in the pass that scores; the only place where documents, language model, cache and eye meet. Nothing is read twice.

What the eye makes of a passage is kept beside its scores, under the language model's signature with the digest of the eye's weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from auditor.fluency import document as fluency
from auditor.fluency.calibration import Calibration
from auditor.fluency.scorer import Passage, Reader, Store, Tokens, rounds
from auditor.learned.head import OUTPUTS, Head, outputs
from auditor.learned.words import Array, rows
from auditor.types import Document, Score, Span

_PORTION = 16_000
"""Code points whose states are held at once, some ten kilobytes a token: a whole round of them is 200 MB. Four passages of a long text."""


class Spans(Sequence[Span]):
    """Spans in an array [words, 2]: as objects those of a book would take a hundred megabytes."""

    def __init__(self, places: Array) -> None:
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Span: ...

    @overload
    def __getitem__(self, at: slice) -> Spans: ...

    def __getitem__(self, at: int | slice) -> Span | Spans:
        if isinstance(at, slice):
            return Spans(self._places[at])
        start, end = self._places[at].tolist()
        return Span(start, end)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the eye made of the words of a document, in order: [words, OUTPUTS]."""

    spans: Sequence[Span]
    outputs: Array


def look(
    documents: Sequence[Document],
    reader: Reader,
    head: Head,
    *,
    cache: Store | None = None,
    calibration: Calibration | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[tuple[Score, ...]], list[Seen]]:
    """What `fluency.document.score` gives, and what the eye saw of each document, from one pass."""
    watch = _Watch(reader, head, cache)
    scores = fluency.score(documents, watch, cache=watch, calibration=calibration, progress=progress)
    return scores, [_whole(document, watch.seen) for document in documents]


def _whole(document: Document, seen: dict[Passage, _Words]) -> Seen:
    places, parts = [np.zeros((0, 2), np.int32)], [np.zeros((0, OUTPUTS), np.float32)]
    for piece in fluency.stretches(document):
        words = seen[piece.passage]
        places.append(words.places + np.int32(piece.start))
        parts.append(words.outputs)
    return Seen(Spans(np.concatenate(places)), np.concatenate(parts))


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """The places [words, 2] of a passage's words in it, and what the eye made of them [words, OUTPUTS]."""

    places: Array
    outputs: Array

    @staticmethod
    def of(spans: Sequence[tuple[int, int]], outputs: Array) -> _Words:
        return _Words(np.array(spans, np.int32).reshape(-1, 2), outputs)

    @staticmethod
    def kept(tokens: Tokens) -> _Words:
        """Out of what the cache keeps: the spans, once for each output, and the outputs one after the other."""
        found = np.array(tokens.logprobs, np.float32).reshape(OUTPUTS, -1).T
        return _Words.of(tokens.spans[: len(found)], found)

    def to_keep(self) -> Tokens:
        """See `kept`."""
        spans = tuple((start, end) for start, end in self.places.tolist())
        return Tokens(spans * OUTPUTS, tuple(self.outputs.T.ravel().tolist()))


class _Watch:
    """A scorer and a store of scores in one: what is scored is looked at, and only what was also looked at is known."""

    def __init__(self, reader: Reader, head: Head, cache: Store | None) -> None:
        self.seen: dict[Passage, _Words] = {}
        self.signature, self.context, self.notices = reader.signature, reader.context, reader.notices
        self._reader, self._head, self._cache = reader, head, cache
        self._own = f"eye@{head.digest}|{reader.signature}"

    def score(self, passages: Sequence[Passage]) -> list[Tokens]:
        """See `Scorer.score`."""
        out: list[Tokens] = []
        for portion in rounds(passages, _PORTION):
            for passage, reading in zip(portion, self._reader.read(portion), strict=True):
                shown = rows(passage, reading)
                self.seen[passage] = _Words.of(shown.spans, outputs(self._head, shown))
                out.append(reading.tokens)
        return out

    def get(self, signature: str, passages: Sequence[Passage]) -> dict[Passage, Tokens]:
        """See `Store.get`."""
        if self._cache is None:
            return {}
        known = self._cache.get(signature, passages)
        seen = self._cache.get(self._own, list(known))
        self.seen |= {passage: _Words.kept(tokens) for passage, tokens in seen.items()}
        return {passage: tokens for passage, tokens in known.items() if passage in seen}

    def put(self, signature: str, results: Sequence[tuple[Passage, Tokens]]) -> None:
        """See `Store.put`."""
        if self._cache is not None:
            self._cache.put(signature, results)
            self._cache.put(self._own, [(passage, self.seen[passage].to_keep()) for passage, _ in results])

    def close(self) -> None:
        """The language model is not ours to close."""
