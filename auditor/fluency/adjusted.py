"""What of a word's surprisal is left when its rarity and place are allowed for; the only place that says which word stands out.

A rare word, a name, a figure or the first word of a sentence surprises for good reasons. What native news needs on average for such a word is
its expected surprisal, a plain linear regression; the rest is its excess. Errors seldom end with a word: a share of the excess of the two
words on either side is added, and that sum, in nats, is the adjusted surprisal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import log1p
from pathlib import Path
from typing import Any

from auditor import tables
from auditor.fluency.rarity import commonness, folded
from auditor.types import Span

FEATURES = (
    "constant",
    "common",
    "common_above_3",
    "common_above_5",
    "common_above_6",
    "unknown",
    "name",
    "figure",
    "first",
    "quoted",
    "letters",
    "tokens",
    "repeated",
    "repeated_common",
    "words_before",
)
"""What a word's expected surprisal is made of; `common` is `rarity.commonness`, `words_before` the logarithm of one more than those."""
_UNKNOWN = 2.5
"""The commonness of a word that was not counted."""
_FAR = 200
"""Words of context after which more no longer help."""
_LONG = 15
"""Letters after which a word no longer counts as longer."""
_FEWEST = 20
"""Words for each feature without which nothing is learnt."""
NEAR = (0.1, 0.3, 0.3, 0.25)
"""The shares of the neighbours that a newly calibrated model gets (`Adjustment.near`)."""
_OWN = 3.0
"""Nats of excess without which a word does not stand out, however much its neighbours do."""
_LEAST, _MOST = -4.0, 8.0
"""Nats: the excess of one word says no more than this, so that one misspelling does not cover its neighbours."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a segment: its span in the document, its surprisal (nats, the sum over its `tokens`), and whether it is quoted."""

    span: Span
    text: str
    surprisal: float
    tokens: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a segment with the `FEATURES` of each."""

    words: tuple[Word, ...]
    rows: tuple[tuple[float, ...], ...]


NO_WORDS = Sentence((), ())


@dataclass(frozen=True, slots=True)
class Adjustment:
    """`expected`: nats for each of `FEATURES`. `near`: the share of the excess of the word two before, one before, one after and two after."""

    source: str
    expected: tuple[float, ...]
    near: tuple[float, float, float, float]


def features(words: Sequence[Word], seen: Set[str], before: int, *, common: Callable[[str], float | None] = commonness) -> list[tuple[float, ...]]:
    """The `FEATURES` of each word of a segment. `seen` are the folded words of the text before it, `before` says how many there are."""
    out: list[tuple[float, ...]] = []
    here: set[str] = set()
    for number, word in enumerate(words):
        form = folded(word.text)
        found = common(word.text)
        known = _UNKNOWN if found is None else found
        repeated = form in here or form in seen
        here.add(form)
        out.append(
            (
                1.0,
                known,
                max(0.0, known - 3),
                max(0.0, known - 5),
                max(0.0, known - 6.3),
                float(found is None),
                float(number > 0 and is_name(word.text)),
                float(is_figure(word.text)),
                float(number == 0),
                float(word.quoted),
                float(min(len(word.text), _LONG)),
                float(word.tokens),
                float(repeated),
                known * repeated,
                log1p(min(before + number, _FAR)),
            )
        )
    return out


def is_name(word: str) -> bool:
    """Whether a word holds a capital; the first of a sentence has one anyway."""
    return any(map(str.isupper, word))


def is_figure(word: str) -> bool:
    """Whether a word holds a digit."""
    return any(map(str.isdigit, word))


def standing_out(sentence: Sentence, adjustment: Adjustment | None) -> list[float | None]:
    """Of each word its adjusted surprisal (its surprisal without an adjustment); None for names and figures, which nobody can guess.

    0 for a word of little excess: it is its neighbour that stands out.
    """
    if adjustment:
        excess = excesses(sentence, adjustment)
        values = [value if own >= _OWN else 0.0 for own, value in zip(excess, adjusted(excess, adjustment), strict=True)]
    else:
        values = [word.surprisal for word in sentence.words]
    return [
        None if is_figure(word.text) or (number > 0 and is_name(word.text)) else value
        for number, (word, value) in enumerate(zip(sentence.words, values, strict=True))
    ]


def excesses(sentence: Sentence, adjustment: Adjustment) -> list[float]:
    """Of each word, its surprisal less the expected one, cut at −4 and 8 nats."""
    expected = (sum(weight * value for weight, value in zip(adjustment.expected, row, strict=True)) for row in sentence.rows)
    return [min(_MOST, max(_LEAST, word.surprisal - nats)) for word, nats in zip(sentence.words, expected, strict=True)]


def adjusted(excess: Sequence[float], adjustment: Adjustment) -> list[float]:
    """Of each word, its excess and the shares of its neighbours within the segment."""
    two_before, before, after, two_after = adjustment.near
    padded = [0.0, 0.0, *excess, 0.0, 0.0]
    return [
        padded[at] + before * padded[at - 1] + after * padded[at + 1] + two_before * padded[at - 2] + two_after * padded[at + 2]
        for at in range(2, len(padded) - 2)
    ]


def parse(path: Path, text: str, table: Mapping[str, Any]) -> Adjustment:
    """A manifest's [calibration.adjusted]. DataError with file, line and key."""
    where = "calibration.adjusted"
    tables.refuse_unknown(table, ("source", "expected", "near"), path=path, text=text, table=where)
    expected = table.get("expected")
    if not isinstance(expected, dict):
        raise tables.wrong(path, text, where, "expected", "is missing")
    tables.refuse_unknown(expected, FEATURES, path=path, text=text, table=f"{where}.expected")
    near = table.get("near")
    try:
        weights = tuple(float(expected[name]) for name in FEATURES)
        two_before, before, after, two_after = (float(value) for value in near or ())
    except (KeyError, TypeError, ValueError) as error:
        raise tables.wrong(path, text, where, None, f"is incomplete or malformed ({error})") from error
    return Adjustment(str(table.get("source", "")), weights, (two_before, before, after, two_after))


def render(adjustment: Adjustment) -> str:
    """The adjustment as the TOML that `parse` reads."""
    lines = ["[calibration.adjusted]", f'source = "{adjustment.source}"', f"near = {list(adjustment.near)}", "", "[calibration.adjusted.expected]"]
    return "\n".join([*lines, *(f"{name} = {weight}" for name, weight in zip(FEATURES, adjustment.expected, strict=True))]) + "\n"


def learn(sentences: Sequence[Sentence], *, source: str) -> Adjustment | None:
    """The adjustment for a model that read these native sentences: least squares over their words. None for too few words to tell."""
    import numpy as np

    rows = [row for sentence in sentences for row in sentence.rows]
    if len(rows) < _FEWEST * len(FEATURES):
        return None
    surprisals = [word.surprisal for sentence in sentences for word in sentence.words]
    weights, *_ = np.linalg.lstsq(np.array(rows), np.array(surprisals), rcond=None)
    return Adjustment(source, tuple(round(float(weight), 4) for weight in weights), NEAR)
