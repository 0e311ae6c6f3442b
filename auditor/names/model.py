"""The trained reading of a name's letters: hashed character n-grams and what the gazetteer knows; the only place that reads its weights.

A softmax over the seven foreign conventions and a logistic unit that says foreign or English, both linear in the same binary features.
Trained and calibrated by models/names/train.py.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from auditor.names.gazetteer import Gazetteer, Known, gazetteer, weights_folder

FOREIGN = ("fr", "de", "es", "it", "pt", "nl", "pl")
BUCKETS = 1 << 16
LONGEST = 6
"""Letters of the longest n-gram, the marks of a word's start and end counted."""
_READ = 200
"""Code points of a name that are read: a longer line is no name."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by bucket, one column a foreign convention and a last one for “foreign at all”; `prior` is the share of the conventions among
    the names that it was trained on; `temperature` divides the two scores."""

    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    prior: NDArray[np.float32]
    temperature: NDArray[np.float32]

    def read(self, name: str, source: Gazetteer) -> tuple[NDArray[np.float64], float]:
        """The probabilities of FOREIGN given that the name is foreign, and the probability that it is."""
        return self.score(buckets(name, source))

    def score(self, rows: Sequence[int]) -> tuple[NDArray[np.float64], float]:
        """The same from the features."""
        scores = self.weights[list(rows)].sum(axis=0, dtype=np.int64) * self.scale + self.bias
        letters = scores[:-1] / self.temperature[0]
        raised = np.exp(letters - letters.max())
        return raised / raised.sum(), float(1.0 / (1.0 + np.exp(-scores[-1] / self.temperature[1])))


def buckets(name: str, source: Gazetteer) -> list[int]:
    """The features of a name as bucket numbers, in a fixed order, none twice."""
    return list(dict.fromkeys(crc32(feature.encode()) & (BUCKETS - 1) for feature in (*_letters(name), *_looked_up(name, source))))


def _letters(name: str) -> Iterator[str]:
    marked = "^" + "$ ^".join(unicodedata.normalize("NFC", name[:_READ]).lower().split()) + "$"
    for size in range(1, LONGEST + 1):
        for start in range(len(marked) - size + 1):
            if marked[start] != " " and marked[start + size - 1] != " ":
                yield marked[start : start + size]


def _looked_up(name: str, source: Gazetteer) -> Iterator[str]:
    """Which conventions write the whole name as a place, and which every known part of it as a person."""
    whole = [known for known in source.readings(name) if known.place]
    yield from _conventions("P", [whole] if whole else [])
    parts = name[:_READ].split()
    known = [found for part in parts if (found := [known for known in source.readings(part) if not known.place])]
    yield from _conventions("T" if len(known) < len(parts) else "A", known)
    if source.is_place(name):
        yield "\0main"


def _conventions(kind: str, parts: list[list[Known]]) -> Iterator[str]:
    if not parts:
        return
    sets = [frozenset(code for known in readings for code in known.conventions) for readings in parts]
    common = sorted(frozenset.intersection(*sets) - {"en"})
    yield f"\0{kind}:{','.join(common)}"
    for code in common:
        yield f"\0{kind}={code}"
        yield f"\0{kind}={code}{len(common)}"
    yield f"\0{kind}en{sum('en' in each for each in sets) / len(sets):.1f}"


@lru_cache(maxsize=1)
def model() -> Model:
    """The weights that come with the program."""
    with np.load(BytesIO((weights_folder() / "convention.npz").read_bytes())) as arrays:
        return Model(**{name: arrays[name] for name in ("weights", "scale", "bias", "prior", "temperature")})


@lru_cache(maxsize=16384)
def reading(name: str) -> tuple[tuple[float, ...], float]:
    """`Model.read` with the weights and the gazetteer that come with the program."""
    among, foreign = model().read(name, gazetteer())
    return tuple(map(float, among)), foreign
