"""How far the error rate of one text tells that of the system behind it: a 95 % interval, by a bootstrap over the sentences of the text."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

Row = tuple[float, int]
"""A sentence: its penalty and its words."""

LEVEL = 0.95

UNSEEN: Mapping[float, float] = {1: 0.34, 2: 0.16, 5: 0.26, 8: 0.12, 12: 0.07, 25: 0.04, 50: 0.01}
"""Penalty → share of the sentences with an error that have it, in translations annotated by professionals (MQM, 0/1/5/25: newstest 2020 and 2021
and TED Chinese–English, biomedical abstracts from seven languages)."""

LOW = (1.0, 0.04)
HIGH = (3.0, 0.98)
"""For either bound: so many sentences with an error as there may be one, drawn from `UNSEEN`, are taken to have been met besides those of the
text; and the share of the draws that lie below. Set where the coverage measured on whole systems is even and close to LEVEL (reports/interval.md)."""

SHAPE = 0.9
"""Shape of the weight of a sentence. With 1 (an exponential weight) the draws of some twenty sentences spread too little, as a normal interval does
against Student's."""

_DRAWS = 1000


def interval(rows: Iterable[Row]) -> tuple[float, float]:
    """Low and high bound of the penalty per word that the system behind the text incurs in the long run; the text's own lies between them.

    A proper Bayesian bootstrap (Rubin 1981; Muliere and Secchi 1996): each sentence gets a gamma weight instead of a multinomial count, and
    the prior sample holds sentences of `UNSEEN`, without which the interval misses the rare grave error that a short text happens not to
    have (a plain percentile bootstrap covers 84 % instead of 95). Sentences of one penalty are drawn together. Seeded: the same rows give
    the same bounds. Needs at least one word.
    """
    groups: dict[float, tuple[int, int]] = {}
    for penalty, length in rows:
        count, total = groups.get(penalty, (0, 0))
        groups[penalty] = count + 1, total + length
    ordered = [(penalty, count, total / count) for penalty, (count, total) in sorted(groups.items())]
    words = sum(total for _, total in groups.values())
    rate = sum(penalty * count for penalty, count, _ in ordered) / words
    typical = words / sum(count for _, count, _ in ordered)
    if not rate:
        return 0.0, _flawless(sum(count for _, count, _ in ordered)) / typical
    penalties = lengths = [0.0] * _DRAWS
    alike: Counter[int] = Counter()
    for penalty, count, mean in ordered:
        weights = _weights(count, alike[count])
        alike[count] += 1
        penalties = [sum_ + weight * penalty for sum_, weight in zip(penalties, weights, strict=True)] if penalty else penalties
        lengths = [sum_ + weight * mean for sum_, weight in zip(lengths, weights, strict=True)]
    low, high = (_bound(penalties, lengths, typical, mass, share) for mass, share in (LOW, HIGH))
    return min(rate, low), max(rate, high)


def _bound(penalties: Sequence[float], lengths: Sequence[float], typical: float, mass: float, share: float) -> float:
    """The rate that a share of the draws lies below, each with its unseen sentences of typical length."""
    unseen = _unseen(mass)
    rates = [(own + more) / (length + number * typical) for own, length, (more, number) in zip(penalties, lengths, unseen, strict=True)]
    return sorted(rates)[round(share * _DRAWS)]


@lru_cache(maxsize=1024)
def _flawless(count: int) -> float:
    """The high bound of a text without a penalty, times the words of a sentence: only the number of its sentences counts."""
    mass, share = HIGH
    return _bound([0.0] * _DRAWS, _weights(count, 0), 1.0, mass, share)


@lru_cache(maxsize=256)
def _weights(count: int, which: int) -> Sequence[float]:
    """For each draw the weight of `count` sentences together; `which` tells groups of one size apart."""
    draw = random.Random(f"{count} {which}")  # noqa: S311 (a bootstrap, not a secret)
    return [draw.gammavariate(SHAPE * count, 1.0) for _ in range(_DRAWS)]


@lru_cache(maxsize=2)
def _unseen(mass: float) -> Sequence[tuple[float, float]]:
    """For each draw the penalties of the unseen sentences and their number."""
    draw = random.Random(f"unseen {mass}")  # noqa: S311 (a bootstrap, not a secret)
    weights = [[(penalty, draw.gammavariate(mass * share, 1.0)) for penalty, share in UNSEEN.items()] for _ in range(_DRAWS)]
    return tuple((sum(penalty * weight for penalty, weight in row), sum(weight for _, weight in row)) for row in weights)
