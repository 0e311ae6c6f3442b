"""Which edits are worth a try: what the pass that scores a text already says of the words that might stand there. Nothing is read twice.

The state from which a word is predicted tells how probable any other word would have been. An edit is a hint where that word, the one that
stands there and the next ones make it likely that the passage would gain by it; few are, and only those are weighed (`auditor.edits.weigh`).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from auditor.edits.forms import Known
from auditor.edits.propose import Book, Edit, edits, words
from auditor.fluency.document import stretches
from auditor.fluency.scorer import Passage, Reader, Reading, Store, Tokens
from auditor.text.at import segment_at
from auditor.types import Document, Scope, Span

LAYER = 30
"""The last block of the language model; its state stands after the last norm."""
_AHEAD = 3
"""Words from the one where the versions part whose surprisal counts."""
_VALUES = 2 + _AHEAD
"""Numbers that are kept of a hint."""
_MOST = 15.0
"""Nats: no surprisal says more than this."""
HOWS = ("insert", "drop", "order", "swap")
FEATURES = (*HOWS, "left", "chance", "surprisal", "next", "after_next", "same")
Array = np.ndarray[Any, Any]


class Teller(Reader, Protocol):
    """A reader that gives the last layer's states, and the rows of its output table."""

    def rows(self, words: Sequence[str]) -> Array:
        """For each word the row of its first token, a space before it: the row times a state after the last norm is the word's logit there."""


@dataclass(frozen=True, slots=True)
class Hint:
    """An edit, its span in the text at hand, with what makes it likely: `left`, how much more probable its word is there than the word that
    stands there, by what precedes; `chance`, how probable it is (both natural logarithms); the surprisals of the word and the two after it.
    """

    edit: Edit
    left: float
    chance: float
    surprisals: tuple[float, float, float]

    @property
    def features(self) -> tuple[float, ...]:
        """The `FEATURES`, in order."""
        return (*(float(self.edit.how == how) for how in HOWS), self.left, self.chance, *self.surprisals, float(self.left == 0.0))


@dataclass(frozen=True)
class Lookout:
    """What makes an edit a hint: what the rules allow, and the weights of `FEATURES` by which its log-odds reach `least`."""

    allowed: Book
    known: Known
    weights: tuple[float, ...]
    constant: float
    least: float

    @property
    def digest(self) -> str:
        """Changes with all that hints depend on."""
        return hashlib.sha256(repr((self.allowed, self.weights, self.constant, self.least)).encode()).hexdigest()[:12]


def hints(passage: Passage, reading: Reading, teller: Teller, lookout: Lookout) -> list[tuple[int, int, Hint]]:
    """The hints of a passage, in order of place, each with the number of its word and its own among the edits of that word."""
    text = passage.text
    spans = words(text)
    if not spans or not reading.tokens.spans:
        return []
    surprisals, first = _surprisals(text, spans, reading.tokens)
    found = [
        (number, k, edit) for number in range(1, len(spans)) for k, edit in enumerate(edits(text, spans, number, lookout.allowed, lookout.known))
    ]
    texts = [text[span.start : span.end] for span in spans]
    column = {word: place for place, word in enumerate(dict.fromkeys([*texts, *(edit.first for _, _, edit in found)]))}
    logits = reading.hidden[LAYER][first] @ teller.rows(list(column)).T
    own = logits[np.arange(len(texts)), [column[word] for word in texts]]
    logprobs = np.array(reading.tokens.logprobs)[first]
    numbers = np.array([number for number, _, _ in found], np.int64)
    chances = logits[numbers, [column[edit.first] for _, _, edit in found]] - own[numbers] + logprobs[numbers]
    out = []
    for (number, k, edit), chance in zip(found, chances.tolist(), strict=True):
        there = logprobs[number] if edit.how == "insert" else -surprisals[number]
        left = chance - float(there) if chance != logprobs[number] else 0.0
        hint = Hint(edit, left, chance, _ahead(surprisals, number))
        if _odds(hint, lookout) >= lookout.least:
            out.append((number, k, hint))
    return out


class Watch:
    """A reader and a store of scores in one, for some documents: what is read is looked through for hints, and only what was is known.

    The cache keeps hints under a signature of their own: for each the number of its word and its own among that word's edits, then its values.
    """

    def __init__(self, teller: Teller, lookout: Lookout, cache: Store | None) -> None:
        self.signature, self.context, self.notices = teller.signature, teller.context, teller.notices
        self._teller, self._lookout, self._cache = teller, lookout, cache
        self._own = f"edits@{lookout.digest}|{teller.signature}"
        self._kept: dict[Passage, Tokens] = {}

    def score(self, passages: Sequence[Passage]) -> list[Tokens]:
        """See `Scorer.score`."""
        return [reading.tokens for reading in self.read(passages)]

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        """See `Reader.read`."""
        readings = self._teller.read(passages)
        for passage, reading in zip(passages, readings, strict=True):
            found = hints(passage, reading, self._teller, self._lookout)
            values = [value for _, _, hint in found for value in (hint.left, hint.chance, *hint.surprisals)]
            self._kept[passage] = Tokens(tuple((number, k) for number, k, _ in found for _ in range(_VALUES)), tuple(values))
        return readings

    def get(self, signature: str, passages: Sequence[Passage]) -> dict[Passage, Tokens]:
        """See `Store.get`."""
        if self._cache is None:
            return {}
        known = self._cache.get(signature, passages)
        if signature == self.signature:
            self._kept |= self._cache.get(self._own, list(known))
            return {passage: tokens for passage, tokens in known.items() if passage in self._kept}
        return known

    def put(self, signature: str, results: Sequence[tuple[Passage, Tokens]]) -> None:
        """See `Store.put`."""
        if self._cache is None:
            return
        self._cache.put(signature, results)
        if signature == self.signature:
            self._cache.put(self._own, [(passage, self._kept[passage]) for passage, _ in results])

    def close(self) -> None:
        """The language model is not ours to close."""

    def of(self, document: Document, doubted: Sequence[Span]) -> list[Hint]:
        """The hints of a document that was read, spans in it, that touch a doubted word: in running text, outside quotation marks, each within its
        sentence.
        """
        if not doubted:
            return []
        ends = [span.end for span in doubted]
        out: list[Hint] = []
        for piece in stretches(document):
            kept, text = self._kept[piece.passage], piece.passage.text
            spans = words(text) if kept.spans else ()
            for at in range(0, len(kept.spans), _VALUES):
                number, k = kept.spans[at]
                edit = tuple(edits(text, spans, number, self._lookout.allowed, self._lookout.known))[k]
                left, chance, *surprisals = kept.logprobs[at : at + _VALUES]
                one, two, three = surprisals
                span = Span(piece.start + edit.span.start, piece.start + edit.span.end)
                at_word = bisect_right(ends, span.start)
                if at_word < len(doubted) and doubted[at_word].overlaps(span) and _is_running(document, span):
                    out.append(Hint(replace(edit, span=span), left, chance, (one, two, three)))
        return out


def _is_running(document: Document, span: Span) -> bool:
    """Whether a span lies within one sentence of body text and touches no quotation."""
    segment = segment_at(document.segments, span.start)
    if segment is None or segment.scope is not Scope.BODY or not segment.span.covers(span):
        return False
    at = bisect_right(document.quotations, span.start, key=lambda quotation: quotation.end)
    return not (at < len(document.quotations) and document.quotations[at].overlaps(span))


def _odds(hint: Hint, lookout: Lookout) -> float:
    return lookout.constant + sum(weight * value for weight, value in zip(lookout.weights, hint.features, strict=True))


def _ahead(surprisals: Sequence[float], number: int) -> tuple[float, float, float]:
    one, two, three = (min(_MOST, surprisals[at]) if at < len(surprisals) else 0.0 for at in range(number, number + _AHEAD))
    return one, two, three


def _surprisals(text: str, spans: Sequence[Span], tokens: Tokens) -> tuple[list[float], Array]:
    """The surprisal of each word in nats, and the number of its first token."""
    starts = []
    for start, end in tokens.spans:
        at = start
        while at < end - 1 and text[at].isspace():
            at += 1
        starts.append(at)
    sums = np.concatenate([[0.0], np.cumsum(tokens.logprobs)])
    low = [bisect_left(starts, span.start) for span in spans]
    high = [bisect_left(starts, span.end) for span in spans]
    return (sums[low] - sums[high]).tolist(), np.minimum(low, len(starts) - 1)
