"""Which edits are worth a try: what the pass that scores a text already says of the words that might stand there. Nothing is read twice.

The state from which a word is predicted tells how probable any other word would have been. An edit is a hint where that word, the one that
stands there and the next ones make it likely that the passage would gain by it; few are, and only those are weighed (`auditor.edits.weigh`).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from auditor.edits.forms import Known
from auditor.edits.propose import HOWS, Book, Edit, edits, words
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
_TRIED = 2
"""Edits of one sort by one rule at one word that are tried: each is read twice to be weighed, and there are twenty prepositions."""
_MOST = 15.0
"""Nats: no surprisal says more than this."""
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
        return hashlib.sha256(repr((self.allowed, self.weights, self.constant, self.least, _TRIED)).encode()).hexdigest()[:12]


def hints(passage: Passage, reading: Reading, teller: Teller, lookout: Lookout) -> list[tuple[int, int, Hint]]:
    """The hints of a passage, in order of place, each with the number of its word and its own among the edits of that word; of those of
    one sort by one rule the likeliest.
    """
    text = passage.text
    spans = words(text)
    if not spans or not reading.tokens.spans:
        return []
    surprisals, first = _surprisals(text, spans, reading.tokens)
    ahead = np.minimum(_MOST, np.stack([np.append(surprisals, (0.0,) * _AHEAD)[at : at + len(spans)] for at in range(_AHEAD)], 1))
    texts = [text[span.start : span.end] for span in spans]
    most, most_inserted = (bound >= lookout.least for bound in _bounds(texts, surprisals, ahead, lookout))
    hopeful = np.flatnonzero(most).tolist()
    found = [
        (number, k, edit)
        for number in hopeful
        for k, edit in enumerate(edits(text, spans, number, lookout.allowed, lookout.known, inserts=bool(most_inserted[number])))
    ]
    if not found:
        return []
    column = {word: place for place, word in enumerate(dict.fromkeys([*texts, *(edit.first for _, _, edit in found)]))}
    states = reading.hidden[LAYER][first[hopeful]]
    logits = states @ teller.rows(list(column)).T
    row = dict(zip(hopeful, range(len(hopeful)), strict=True))
    numbers = np.array([number for number, _, _ in found])
    rows = np.array([row[number] for number in numbers.tolist()])
    logprobs = np.array(reading.tokens.logprobs)[first]
    own = logits[rows, [column[texts[number]] for number in numbers.tolist()]]
    chances = logits[rows, [column[edit.first] for _, _, edit in found]] - own + logprobs[numbers]
    inserts = np.array([edit.how == "insert" for _, _, edit in found])
    same = chances == logprobs[numbers]
    lefts = np.where(same, 0.0, chances - np.where(inserts, logprobs[numbers], -surprisals[numbers]))
    hows = np.array([[edit.how == how for how in HOWS] for _, _, edit in found], np.float64)
    features = np.column_stack([hows, lefts, chances, ahead[numbers], lefts == 0.0])
    odds = features @ np.array(lookout.weights) + lookout.constant
    likely = sorted(np.flatnonzero(odds >= lookout.least).tolist(), key=lambda at: -odds[at])
    alike: dict[tuple[int, str, str], list[int]] = {}
    for at in likely:
        alike.setdefault((found[at][0], found[at][2].rule, found[at][2].how), []).append(at)
    return [
        (*found[at][:2], Hint(found[at][2], float(lefts[at]), float(chances[at]), tuple(ahead[numbers[at]].tolist())))
        for at in sorted(at for one in alike.values() for at in one[:_TRIED])
    ]


def _bounds(texts: Sequence[str], surprisals: Array, ahead: Array, lookout: Lookout) -> tuple[Array, Array]:
    """The most that the log-odds of any edit at each word can be, and of any that puts a word in: no word is more probable than certain."""
    weight = dict(zip(FEATURES, lookout.weights, strict=True))
    if weight["left"] < 0 or weight["chance"] < 0:
        return np.full(len(texts), np.inf), np.full(len(texts), np.inf)
    seen = ahead @ np.array([weight[name] for name in ("surprisal", "next", "after_next")])
    base = lookout.constant + weight["left"] * surprisals + seen + max(0.0, weight["same"])
    kept, dropped, meant = max(weight["swap"], weight["insert"]), weight["drop"], weight["sense"]
    allowed = lookout.allowed
    hows = np.array([max(kept, dropped if word in allowed.drops else kept, meant if word in allowed.senses else kept) for word in texts])
    return base + hows, base + weight["insert"]


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

    def of(self, document: Document, doubted: Mapping[str, Sequence[Span]]) -> list[Hint]:
        """The hints of a document that was read, spans in it, that touch a word doubted for edits of their sort (see `HOWS`): in running text,
        outside quotation marks, each within its sentence.
        """
        if not any(doubted.values()):
            return []
        ends = {how: [span.end for span in spans] for how, spans in doubted.items()}
        out: list[Hint] = []
        for piece in stretches(document):
            kept, text = self._kept[piece.passage], piece.passage.text
            spans = words(text) if kept.spans else ()
            for at in range(0, len(kept.spans), _VALUES):
                number, k = kept.spans[at]
                edit = tuple(edits(text, spans, number, self._lookout.allowed, self._lookout.known))[k]
                if not self._lookout.allowed.allows(edit.rule, document.provenance.source_lang):
                    continue
                left, chance, *surprisals = kept.logprobs[at : at + _VALUES]
                one, two, three = surprisals
                span = Span(piece.start + edit.span.start, piece.start + edit.span.end)
                near = doubted.get(edit.how, ())
                at_word = bisect_right(ends.get(edit.how, []), span.start)
                if at_word < len(near) and near[at_word].overlaps(span) and _is_running(document, span):
                    out.append(Hint(replace(edit, span=span), left, chance, (one, two, three)))
        return out


def _is_running(document: Document, span: Span) -> bool:
    """Whether a span lies within one sentence of body text and touches no quotation."""
    segment = segment_at(document.segments, span.start)
    if segment is None or segment.scope is not Scope.BODY or not segment.span.covers(span):
        return False
    at = bisect_right(document.quotations, span.start, key=lambda quotation: quotation.end)
    return not (at < len(document.quotations) and document.quotations[at].overlaps(span))


def _surprisals(text: str, spans: Sequence[Span], tokens: Tokens) -> tuple[Array, Array]:
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
    return sums[low] - sums[high], np.minimum(low, len(starts) - 1)
