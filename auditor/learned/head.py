"""The eye's small network in numpy: what it makes of the rows of a text, and where its weights come from. No training code, no torch."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditor.errors import DataError
from auditor.learned.decode import LEAVES
from auditor.learned.words import SCALARS, Array, Rows

OUTPUTS = 1 + len(LEAVES) + 1
"""A word's logit of being amiss, one for each kind, and one of being grave."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The weights as float32, and the first of the file's sha256."""

    state: Array
    scalar: Array
    bias: Array
    inputs: Array
    """[2, 3 · hidden, joined]: of the forward and of the backward unit."""
    inputs_bias: Array
    turn: Array
    """[2, hidden, 3 · hidden]: by which a unit's last output goes in again."""
    turn_bias: Array
    out: Array
    out_bias: Array
    digest: str


def load(path: Path) -> Head:
    """The weights in a file that `models/eye/train.py` wrote. DataError if it is none."""
    try:
        data = path.read_bytes()
        arrays: Mapping[str, Array] = np.load(io.BytesIO(data), allow_pickle=False)
        found = {name: arrays[name].astype(np.float32) for name in arrays}
        inputs, turn, inputs_bias, turn_bias = (
            np.stack([found[f"{way}.{part}"] for way in ("forward", "backward")]) for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        head = Head(
            found["state"],
            found["scalar"],
            found["bias"],
            inputs,
            inputs_bias,
            np.ascontiguousarray(turn.transpose(0, 2, 1)),
            turn_bias,
            found["out"],
            found["out_bias"],
            hashlib.sha256(data).hexdigest()[:12],
        )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: no weights of the eye can be read ({error})") from error
    if head.scalar.shape[1] != len(SCALARS) or head.out.shape[0] != OUTPUTS:
        raise DataError(f"{path}: the weights are of another version of the eye")
    return head


def outputs(head: Head, rows: Rows) -> Array:
    """[words, OUTPUTS] of a text, float32; what a word gets depends on the whole text."""
    if not rows.spans:
        return np.zeros((0, OUTPUTS), np.float32)
    joined = np.maximum(np.concatenate([rows.states @ head.state.T, rows.scalars @ head.scalar.T], 1) + head.bias, 0)
    hidden = _both_ways(head, joined)
    found: Array = hidden @ head.out.T + head.out_bias
    return found


def _both_ways(head: Head, joined: Array) -> Array:
    """[words, 2 · hidden]: a gated recurrent unit (Cho et al. 2014, with the reset after the product) from either end, in step."""
    size = head.turn.shape[1]
    given = np.stack([joined @ head.inputs[0].T, joined[::-1] @ head.inputs[1].T], 1) + head.inputs_bias
    out = np.empty((len(joined), 2, size), np.float32)
    state = np.zeros((2, 1, size), np.float32)
    bias = head.turn_bias[:, None]
    for step, one in enumerate(given[:, :, None]):
        again = state @ head.turn + bias
        gates = _sigmoid(one[..., : 2 * size] + again[..., : 2 * size])
        fresh = np.tanh(one[..., 2 * size :] + gates[..., :size] * again[..., 2 * size :])
        state = fresh + gates[..., size:] * (state - fresh)
        out[step] = state[:, 0]
    return np.concatenate([out[:, 0], out[::-1, 1]], 1)


def _sigmoid(values: Array) -> Array:
    """By the hyperbolic tangent, which does not overflow."""
    found: Array = 0.5 * np.tanh(0.5 * values) + 0.5
    return found
