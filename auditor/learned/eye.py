"""Opens the eye: its weights, the language model that it was trained on, its thresholds; the only place that reads `models/eye/eye.toml`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor import tables
from auditor.config import SENSITIVITIES
from auditor.fluency.manifest import folder
from auditor.learned import head
from auditor.learned.head import Head

_TEXTS = ("weights", "sha256", "model", "licence", "trained")
_DOCUMENT = ("expected", "inertia")
_LEVEL = ("seed", "grow", "document")
_CONFIDENCE = ("slope", "intercept")
SHIFTS = ("name", "quotation", "headline", "figure", "opening")
"""Where a word may stand that native copy has good reasons to surprise."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A phrase needs a word of `seed`; its neighbours join from `grow` on (logits, less what the place costs, with `document` times the mean
    of the text)."""

    seed: float
    grow: float
    document: float


@dataclass(frozen=True, slots=True, eq=False)
class Eye:
    """What `decode` and `judge` need. `model` is the name@revision of the only language model that it can read."""

    head: Head
    model: str
    expected: float
    inertia: int
    shifts: Mapping[str, float]
    thresholds: Mapping[str, Threshold]
    slope: float
    intercept: float

    def reads(self, signature: str) -> bool:
        """Whether it was trained on the language model of that signature."""
        return signature.split("|", maxsplit=1)[0] == self.model


def path() -> Path:
    """Where the eye that comes with the program is described."""
    return folder() / "eye" / "eye.toml"


def load(path: Path, *, checked: bool = True) -> Eye:
    """The eye that a file describes; its weights lie beside it. DataError with file, line and key.

    `checked`: the weights have to be those that it was described with.
    """
    content, text = tables.read(path)
    tables.refuse_unknown(content, (*_TEXTS, "document", "shift", "sensitivity", "confidence"), path=path, text=text, table="")
    for key in _TEXTS:
        if not isinstance(content.get(key), str):
            raise tables.wrong(path, text, "", key, "is missing or no text")
    weights = path.parent / content["weights"]
    found = head.load(weights)
    if checked and hashlib.sha256(weights.read_bytes()).hexdigest() != content["sha256"]:
        raise tables.wrong(path, text, "", "sha256", f"is not that of {weights.name}")
    document = _numbers(path, text, content, "document", _DOCUMENT)
    confidence = _numbers(path, text, content, "confidence", _CONFIDENCE)
    levels = content.get("sensitivity", {})
    return Eye(
        head=found,
        model=content["model"],
        expected=document["expected"],
        inertia=int(document["inertia"]),
        shifts=_numbers(path, text, content, "shift", SHIFTS),
        thresholds={name: Threshold(**_numbers(path, text, levels, name, _LEVEL, inside="sensitivity.")) for name in SENSITIVITIES},
        slope=confidence["slope"],
        intercept=confidence["intercept"],
    )


def _numbers(path: Path, text: str, content: Mapping[str, Any], table: str, keys: tuple[str, ...], *, inside: str = "") -> dict[str, float]:
    found = content.get(table)
    if not isinstance(found, dict):
        raise tables.wrong(path, text, f"{inside}{table}", None, "is missing")
    tables.refuse_unknown(found, keys, path=path, text=text, table=f"{inside}{table}")
    for key in keys:
        if not isinstance(found.get(key), int | float):
            raise tables.wrong(path, text, f"{inside}{table}", key, "is missing or no number")
    return {key: float(found[key]) for key in keys}
