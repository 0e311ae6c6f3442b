"""From words to what an editor would mark: phrases of at most four words round a word that stands out, none across a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAVES = ("mistranslation", "unidiomatic", "grammar", "spelling")
"""The kinds of problem that the eye tells apart, in the order of its outputs."""
MOST = 4
"""Words of a phrase."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words `first` to `last` (inclusive) of a text, and the one of them that stands out most."""

    first: int
    last: int
    peak: int


def adjusted(logits: Sequence[float], *, weight: float, expected: float, inertia: int) -> list[float]:
    """The words' logits with what the text as a whole is like: `weight` times their mean is added, so that a text without other traces must
    convince more. The mean is taken with `inertia` words that read as native news does (`expected`): a short text says little of itself.
    """
    mean = (math.fsum(logits) + inertia * expected) / (len(logits) + inertia)
    return [logit + weight * mean for logit in logits]


def phrases(values: Sequence[float], breaks: Sequence[bool], *, seed: float, grow: float) -> list[Phrase]:
    """The phrases whose strongest word reaches `seed`, each grown to the stronger neighbour as long as that reaches `grow`; strongest first
    taken, returned in order of place. `breaks[i]`: a sentence begins with word i.
    """
    taken = [False] * len(values)
    found = []
    for peak in sorted((at for at, value in enumerate(values) if value >= seed), key=lambda at: (-values[at], at)):
        if taken[peak]:
            continue
        first = last = peak
        while last - first + 1 < MOST:
            before = values[first - 1] if first > 0 and not breaks[first] and not taken[first - 1] else -math.inf
            after = values[last + 1] if last + 1 < len(values) and not breaks[last + 1] and not taken[last + 1] else -math.inf
            if max(before, after) < grow:
                break
            first, last = (first - 1, last) if before >= after else (first, last + 1)
        taken[first : last + 1] = [True] * (last + 1 - first)
        found.append(Phrase(first, last, peak))
    return sorted(found, key=lambda phrase: phrase.first)
