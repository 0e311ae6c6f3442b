"""From words to what an editor would mark: phrases of at most four words round a word that stands out, none across a sentence or a mark that
comes in pairs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.types import Span

LEAVES = ("mistranslation", "unidiomatic", "grammar", "spelling")
"""The kinds of problem that the eye tells apart, in the order of its outputs."""
MOST = 4
"""Words of a phrase."""
_WRITTEN = re.compile(r"(?:(?<!\S)[$€£¥#@])?\w+(?:(?:['’.–/&+@$%‰°\u00ad]|[\-‐‑]['’]?)\w+)*(?:[%‰°]|(?<=\.[^\W\d_])\.)?")
"""A word as it is written: with its sign (“$5”, “5%”), a compound of any joint, an abbreviation with its last stop (“U.S.”)."""
_OVER = re.compile(r"\s*[,.]?\s*")
"""What may stand between two words of a phrase: no bracket, quotation mark, dash or colon, half of a pair or between two thoughts."""
_CONJUNCTIONS = frozenset(("and", "or", "but", "nor"))
_LOOSE = _CONJUNCTIONS | {"a", "an", "the"}
"""They end no phrase, and the conjunctions begin none, unless it is they that stand out."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word as it is written: its span in the text, and the first and last of the eye's words in it; `opens`: a sentence begins with it;
    `apart`: a mark stands before it that no phrase holds.
    """

    span: Span
    first: int
    last: int
    opens: bool
    apart: bool
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A span of a text, the first and last of the eye's words in it, and the one of them that stands out most."""

    span: Span
    first: int
    last: int
    peak: int


def adjusted(logits: Sequence[float], *, weight: float, expected: float, inertia: int) -> list[float]:
    """The words' logits with what the text as a whole is like: `weight` times their mean is added, so that a text without other traces must
    convince more. The mean is taken with `inertia` words that read as native news does (`expected`): a short text says little of itself.
    """
    mean = (math.fsum(logits) + inertia * expected) / (len(logits) + inertia)
    return [logit + weight * mean for logit in logits]


def units(text: str, words: Sequence[Span], breaks: Sequence[bool]) -> list[Unit]:
    """The words of a text as they are written. `breaks[i]`: a sentence begins with word i."""
    out: list[Unit] = []
    at = 0
    for written in _WRITTEN.finditer(text):
        start, end = written.span()
        first = at
        while at < len(words) and words[at].start < end:
            at += 1
        if first == at:
            continue
        over = out and _OVER.fullmatch(text, out[-1].span.end, start)
        out.append(Unit(Span(start, end), first, at - 1, breaks[first], not over, written[0].lower()))
    return out


def phrases(values: Sequence[float], written: Sequence[Unit], *, seed: float, grow: float) -> list[Phrase]:
    """The phrases whose strongest word reaches `seed`, each grown to the stronger neighbour as long as that reaches `grow`; strongest first
    taken, returned in order of place. `values` are those of the eye's words. What it has grown over and is then cut off at a mark or as a
    loose end is the same trouble and no phrase of its own.
    """
    peaks = [max(range(unit.first, unit.last + 1), key=values.__getitem__) for unit in written]
    worth = [values[peak] for peak in peaks]
    taken = [False] * len(written)
    found = []
    for at in sorted((at for at, value in enumerate(worth) if value >= seed), key=lambda at: (-worth[at], at)):
        if taken[at]:
            continue
        first = last = at
        while last - first + 1 < MOST:
            before = worth[first - 1] if first > 0 and not written[first].opens and not taken[first - 1] else -math.inf
            after = worth[last + 1] if last + 1 < len(written) and not written[last + 1].opens and not taken[last + 1] else -math.inf
            if max(before, after) < grow:
                break
            first, last = (first - 1, last) if before >= after else (first, last + 1)
        taken[first : last + 1] = [True] * (last + 1 - first)
        first = next((cut for cut in range(at, first, -1) if written[cut].apart), first)
        last = next((cut - 1 for cut in range(at + 1, last + 1) if written[cut].apart), last)
        while worth[last] < seed and written[last].text in _LOOSE:
            last -= 1
        while worth[first] < seed and written[first].text in _CONJUNCTIONS:
            first += 1
        found.append(Phrase(Span(written[first].span.start, written[last].span.end), written[first].first, written[last].last, peaks[at]))
    return sorted(found, key=lambda phrase: phrase.first)
