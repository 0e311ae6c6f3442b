"""How well words are told apart and spans are found, against annotated texts: the figures of the field, with intervals."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from auditor.types import Span

_DRAWS = 1000

Labelled = Sequence[tuple[float, bool]]
"""A value for each word, and whether an annotator marked it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval by bootstrap over documents."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def area(words: Labelled) -> float:
    """Area under the ROC curve: how often a marked word has a higher value than an unmarked one, ties counted half. 0.5 without either."""
    marked = sum(label for _, label in words)
    unmarked = len(words) - marked
    if not marked or not unmarked:
        return 0.5
    below = wins = 0.0
    for _, group in groupby(sorted(words), key=lambda pair: pair[0]):
        labels = [label for _, label in group]
        here = sum(labels)
        wins += here * (below + (len(labels) - here) / 2)
        below += len(labels) - here
    return wins / (marked * unmarked)


def average_precision(words: Labelled) -> float:
    """Mean, over the marked words, of the precision down to the value of each; words of one value are taken together. 0.0 without any."""
    marked = sum(label for _, label in words)
    seen = right = 0
    total = 0.0
    for _, group in groupby(sorted(words, reverse=True), key=lambda pair: pair[0]):
        labels = [label for _, label in group]
        seen += len(labels)
        right += sum(labels)
        total += sum(labels) * right / seen
    return total / marked if marked else 0.0


def bootstrapped(documents: Sequence[Labelled], measure: Callable[[Labelled], float], *, draws: int = _DRAWS) -> Interval:
    """A measure over the words of all documents, and the interval that drawing the documents anew gives; seeded."""
    draw = random.Random(0)  # noqa: S311 (a simulation, not a secret)
    values = sorted(measure([word for document in draw.choices(documents, k=len(documents)) for word in document]) for _ in range(draws))
    low, high = values[int(0.025 * draws)], values[int(0.975 * draws) - 1]
    return Interval(measure([word for document in documents for word in document]), low, high)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Code points: found, marked by the annotators, and both; sums, so that sets add up."""

    found: int = 0
    marked: int = 0
    both: int = 0

    def __add__(self, other: Overlap) -> Overlap:
        return Overlap(self.found + other.found, self.marked + other.marked, self.both + other.both)

    @property
    def precision(self) -> float:
        """The share of what was found that is marked."""
        return self.both / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is marked that was found."""
        return self.both / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.both / (self.found + self.marked) if self.found + self.marked else 0.0


def overlap(found: Iterable[Span], marked: Iterable[Span]) -> Overlap:
    """Partial-overlap matching as the WMT shared tasks on error spans count it: by code point, several spans over one count once."""
    ours, theirs = (set().union(*(range(span.start, span.end) for span in spans)) for spans in (list(found), list(marked)))
    return Overlap(len(ours), len(theirs), len(ours & theirs))
