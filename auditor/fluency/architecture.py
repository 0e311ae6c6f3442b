"""The measures of a Llama-like model and the names of its weights; the only place that says what the light engine can run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

Weights = Callable[[str], "numpy.ndarray[Any, Any]"]
"""A weight by GGUF's name (`blk.0.attn_q.weight`, rows = outputs) as float32."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """Pre-norm decoder with RMSNorm, rotary positions turned in halves, grouped key/value heads, SwiGLU, no biases."""

    layers: int
    width: int
    hidden: int
    heads: int
    key_heads: int
    head: int
    vocabulary: int
    context: int
    rotary_base: float
    epsilon: float
    tied: bool
    """The vocabulary projection is the embedding."""

    def as_dict(self) -> dict[str, int | float]:
        """For a JSON file."""
        return asdict(self)
