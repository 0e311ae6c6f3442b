"""What a scorer promises, and the one way to call it; the only place where distinct texts, cache and engine meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy

_ROUND = 80_000
"""Passages are scored and stored in rounds of about this many code points (some 20,000 tokens): a killed run loses one round."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and what stands before it. The two are read as one: no separator is put between them."""

    context: str
    text: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a passage's text, in order.

    `spans` are code points, half-open, into `passage.text`; a token that begins in the context counts from 0, and tokens that share the bytes
    of one character share its span. `logprobs` are natural logarithms, one for each span.
    """

    spans: tuple[tuple[int, int], ...]
    logprobs: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What one pass of the model says of a passage's tokens, besides what `Tokens` holds.

    `entropies` (nats) are those of the distribution that each token was drawn from, `ranks` the token's place in it (1: the most probable;
    equal logits do not push it down). `hidden` has for each layer asked for an array [tokens, width] of float32: the state from which the
    token is predicted, which has read all before it and not the token itself. Layer 0 is the embedding, the last stands after the last norm.
    """

    tokens: Tokens
    entropies: tuple[float, ...]
    ranks: tuple[int, ...]
    hidden: dict[int, numpy.ndarray[Any, Any]]


class Scorer(Protocol):
    """A language model at work."""

    @property
    def signature(self) -> str:
        """model@revision|engine|numeric mode|instruction set: what the figures depend on."""

    @property
    def context(self) -> int:
        """The most tokens that are read at once; a longer passage is read in overlapping windows, each token scored once."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user has to know about this scorer (a cache folder that cannot be written …)."""

    def score(self, passages: Sequence[Passage]) -> list[Tokens]:
        """A result for each passage, in order; bit-identical whatever else is in the batch."""

    def close(self) -> None:
        """Frees the model; the scorer cannot be used afterwards."""


class Reader(Scorer, Protocol):
    """A scorer that tells more of each token; which layers' states it gives is fixed when it is opened."""

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        """A reading for each passage, in order, whose `tokens` are to the bit what `score` gives."""


class Store(Protocol):
    """Where results are kept between runs."""

    def get(self, signature: str, passages: Sequence[Passage]) -> dict[Passage, Tokens]:
        """The results that are known."""

    def put(self, signature: str, results: Sequence[tuple[Passage, Tokens]]) -> None:
        """Keeps results; a failure to do so is no error."""


def tokens(
    scorer: Scorer, passages: Sequence[Passage], *, cache: Store | None = None, progress: Callable[[int, int], None] | None = None
) -> Iterator[Tokens]:
    """A result for each passage, in order, a round at a time: what the cache does not hold is scored once and stored.

    `progress(done, total)` counts code points of the texts, after each round.
    """
    total = sum(len(passage.text) for passage in passages)
    done = 0
    for group in rounds(passages):
        distinct = list(dict.fromkeys(group))
        known = cache.get(scorer.signature, distinct) if cache else {}
        missing = [passage for passage in distinct if passage not in known]
        results = list(zip(missing, scorer.score(missing), strict=True)) if missing else []
        if cache and results:
            cache.put(scorer.signature, results)
        known.update(results)
        done += sum(len(passage.text) for passage in group)
        if progress:
            progress(done, total)
        yield from (known[passage] for passage in group)


def rounds(passages: Sequence[Passage], most: int | None = None) -> Iterator[list[Passage]]:
    """The passages in order, in groups that end with the passage that reaches `most` code points (without it, a round's)."""
    most = most or _ROUND
    group: list[Passage] = []
    size = 0
    for passage in passages:
        group.append(passage)
        size += len(passage.context) + len(passage.text)
        if size >= most:
            yield group
            group, size = [], 0
    if group:
        yield group
