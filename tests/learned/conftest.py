"""A counted stand-in for a language model that tells more, and an eye with random weights."""

from __future__ import annotations

import hashlib
import re

import numpy as np
import pytest

from auditor.fluency.scorer import Passage, Reading, Tokens
from auditor.learned.head import OUTPUTS, load
from auditor.learned.words import LAYERS, SCALARS

WIDTH = 6


class TellingReader:
    """A token is a run of letters and digits with the white space before it, or any other single mark; its figures follow from its text."""

    signature = "telling@1|none"
    context = 100
    notices = ()

    def __init__(self) -> None:
        self.calls: list[list[Passage]] = []

    def score(self, passages):
        return [reading.tokens for reading in self.read(passages)]

    def read(self, passages):
        self.calls.append(list(passages))
        return [self.one(passage) for passage in passages]

    def one(self, passage: Passage) -> Reading:
        found = [match.span() for match in re.finditer(r"\s*(?:\w+|[^\w\s])|\s+$", passage.text)]
        draws = [np.random.default_rng(int(hashlib.sha256(passage.text[s:e].encode()).hexdigest()[:8], 16)) for s, e in found]
        hidden = {layer: np.array([draw.normal(size=WIDTH) for draw in draws], np.float32).reshape(-1, WIDTH) for layer in LAYERS}
        return Reading(
            Tokens(tuple(found), tuple(-float(end - start) for start, end in found)),
            tuple(float(end - start) / 2 for start, end in found),
            tuple(end - start for start, end in found),
            hidden,
        )

    def close(self) -> None:
        pass


@pytest.fixture
def telling() -> TellingReader:
    return TellingReader()


@pytest.fixture(scope="session")
def one_reading():
    """The reading of one passage."""
    return TellingReader().one


@pytest.fixture(scope="session")
def width() -> int:
    """The numbers of a state of the stand-in."""
    return WIDTH


@pytest.fixture(scope="session")
def weights() -> dict[str, np.ndarray]:
    draw = np.random.default_rng(0)
    wide, narrow, hidden = 5, 3, 4
    shapes = {
        "state": (wide, WIDTH * len(LAYERS)),
        "scalar": (narrow, len(SCALARS)),
        "bias": (wide + narrow,),
        "out": (OUTPUTS, 2 * hidden),
        "out_bias": (OUTPUTS,),
    }
    for way in ("forward", "backward"):
        shapes |= {
            f"{way}.weight_ih": (3 * hidden, wide + narrow),
            f"{way}.weight_hh": (3 * hidden, hidden),
            f"{way}.bias_ih": (3 * hidden,),
            f"{way}.bias_hh": (3 * hidden,),
        }
    return {name: draw.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.fixture
def weights_file(weights, tmp_path):
    path = tmp_path / "eye.npz"
    np.savez(path, **weights)
    return path


@pytest.fixture
def head(weights_file):
    return load(weights_file)
