"""What a file or folder of a Llama-like model holds: its measures, its weights by name, its tokeniser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    from tokenizers import Tokenizer

Weights = Callable[[str], "numpy.ndarray[Any, Any]"]
"""A weight by GGUF's name (`blk.0.attn_q.weight`, rows = outputs) as float32."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """Pre-norm decoder with RMSNorm, rotary positions turned in halves, grouped key/value heads, SwiGLU; biases of products and norms of
    queries and keys where its weights hold some.
    """

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
    sliding: int = 0
    """How many tokens up to itself a token attends to; 0: to all."""

    def as_dict(self) -> dict[str, int | float]:
        """For a JSON file."""
        return asdict(self)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each weight by the last part of its name."""
        queries, keys = self.heads * self.head, self.key_heads * self.head
        return {
            "token_embd": (self.vocabulary, self.width),
            "output": (self.vocabulary, self.width),
            **dict.fromkeys(("attn_norm", "ffn_norm", "output_norm"), (self.width,)),
            **dict.fromkeys(("attn_q_norm", "attn_k_norm"), (self.head,)),
            "attn_q": (queries, self.width),
            **dict.fromkeys(("attn_k", "attn_v"), (keys, self.width)),
            "attn_output": (self.width, queries),
            **dict.fromkeys(("ffn_gate", "ffn_up"), (self.hidden, self.width)),
            "ffn_down": (self.width, self.hidden),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """A model as it was read; `names` are the weights that there are, `weights` gives one."""

    architecture: Architecture
    weights: Weights
    names: frozenset[str]
    tokeniser: Tokenizer
