"""The language model as two graphs, built by hand; the only place that knows what is computed. The opset is handed in by the engine.

The body turns tokens into hidden rows. All products run on packed rows [tokens, width]; rows are gathered into a right-padded [batch, length]
for attention alone and gathered back. The head turns hidden rows into log-probabilities, a fixed number of rows at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from auditor.fluency.architecture import Architecture, Weights

ROWS = 64
"""Rows of the head's product."""
GROUP = 32
"""Weights that share a scale in int8."""
Array = np.ndarray[Any, Any]
Node = Any


class _Builder:
    """The operations that body and head share, for one opset and one kind of weights."""

    def __init__(self, ops: Any, kinds: Any, weights: Weights, *, int8: bool) -> None:  # noqa: ANN401
        self.ops, self.kinds, self.weights, self.int8 = ops, kinds, weights, int8

    def parameter(self, name: str, shape: Sequence[int], kind: str) -> Node:
        node = self.ops.parameter(list(shape), getattr(self.kinds, kind))
        node.set_friendly_name(name)
        node.output(0).set_names({name})
        return node

    def reshape(self, node: Node, shape: Sequence[int]) -> Node:
        """0 keeps a dimension."""
        return self.ops.reshape(node, np.array(shape), True)  # noqa: FBT003

    def rows(self, table: Node, indices: Node) -> Node:
        return self.ops.gather(table, indices, self.ops.constant(np.int32(0)))

    def embedding(self, name: str, indices: Node) -> Node:
        """Looked up as stored, in int8 mode as 8 bits with a scale for each row."""
        weight = self.weights(name)
        if not self.int8:
            return self.rows(self.ops.constant(weight), indices)
        quantised, scale = _quantise(weight, weight.shape[1])
        looked_up = self.ops.convert(self.rows(self.ops.constant(quantised[:, 0]), indices), self.kinds.f32)
        return self.ops.multiply(looked_up, self.rows(self.ops.constant(scale[:, 0]), indices))

    def product(self, rows: Node, *names: str) -> Node:
        """rows · Wᵀ, the named weights stacked by their outputs."""
        weight = np.concatenate([self.weights(name) for name in names])
        if not self.int8:
            return self.ops.matmul(rows, self.ops.constant(weight), False, True)  # noqa: FBT003
        quantised, scale = _quantise(weight, GROUP)
        # The shape of subgraph that OpenVINO's CPU plugin reads as compressed weights.
        scaled = self.ops.multiply(self.ops.convert(self.ops.constant(quantised), self.kinds.f16), self.ops.constant(scale.astype(np.float16)))
        whole = self.ops.convert(self.ops.reshape(scaled, np.array(weight.shape), False), self.kinds.f32)  # noqa: FBT003
        return self.ops.matmul(rows, whole, False, True)  # noqa: FBT003

    def norm(self, rows: Node, name: str, epsilon: float) -> Node:
        """RMSNorm."""
        ops = self.ops
        mean = ops.reduce_mean(ops.multiply(rows, rows), np.array([-1]), True)  # noqa: FBT003
        inverse = ops.power(ops.add(mean, ops.constant(np.float32(epsilon))), ops.constant(np.float32(-0.5)))
        return ops.multiply(ops.multiply(rows, inverse), ops.constant(self.weights(name).reshape(1, -1)))


def body(ops: Any, kinds: Any, model: Any, architecture: Architecture, weights: Weights, *, int8: bool) -> Any:  # noqa: ANN401
    """Inputs: ids [tokens]; cosines and sines [tokens, 1, head/2] of their positions; place [batch, length], the row of each padded slot
    (any row for padding); back [tokens], the slot of each row. Output: hidden [tokens, width], after the last norm.
    """
    build = _Builder(ops, kinds, weights, int8=int8)
    ids = build.parameter("ids", [-1], "i32")
    cosines = build.parameter("cosines", [-1, 1, architecture.head // 2], "f32")
    sines = build.parameter("sines", [-1, 1, architecture.head // 2], "f32")
    place = build.parameter("place", [-1, -1], "i32")
    back = build.parameter("back", [-1], "i32")

    heads, keys, head = architecture.heads, architecture.key_heads, architecture.head
    rows = build.embedding("token_embd.weight", ids)
    for layer in range(architecture.layers):
        name = f"blk.{layer}.{{}}.weight".format
        stacked = build.product(build.norm(rows, name("attn_norm"), architecture.epsilon), name("attn_q"), name("attn_k"), name("attn_v"))
        split = ops.variadic_split(stacked, ops.constant(1), ops.constant(np.array([heads * head, keys * head, keys * head])))
        query = _turn(ops, build.reshape(split.output(0), [0, heads, head]), cosines, sines)
        key = _turn(ops, build.reshape(split.output(1), [0, keys, head]), cosines, sines)
        value = build.reshape(split.output(2), [0, keys, head])
        padded = [_pad(build, node, place, times) for node, times in ((query, 1), (key, heads // keys), (value, heads // keys))]
        mixed = ops.transpose(ops.scaled_dot_product_attention(*padded, causal=True), np.array([0, 2, 1, 3]))
        mixed = build.rows(build.reshape(mixed, [-1, heads * head]), back)
        rows = ops.add(rows, build.product(mixed, name("attn_output")))
        stacked = build.product(build.norm(rows, name("ffn_norm"), architecture.epsilon), name("ffn_gate"), name("ffn_up"))
        halves = ops.split(stacked, ops.constant(1), 2)
        rows = ops.add(rows, build.product(ops.multiply(ops.swish(halves.output(0)), halves.output(1)), name("ffn_down")))
    hidden = build.norm(rows, "output_norm.weight", architecture.epsilon)
    return model([hidden], [ids, cosines, sines, place, back], "body")


def head(ops: Any, kinds: Any, model: Any, architecture: Architecture, weights: Weights, *, int8: bool) -> Any:  # noqa: ANN401
    """Inputs: hidden [ROWS, width], target [ROWS, 1]. Output: the target's log-probability after each row, [ROWS, 1], in nats."""
    build = _Builder(ops, kinds, weights, int8=int8)
    hidden = build.parameter("hidden", [ROWS, architecture.width], "f32")
    target = build.parameter("target", [ROWS, 1], "i32")
    logits = build.product(hidden, "output.weight")
    most = ops.reduce_max(logits, np.array([1]), True)  # noqa: FBT003
    total = ops.reduce_sum(ops.exp(ops.subtract(logits, most)), np.array([1]), True)  # noqa: FBT003
    logprob = ops.subtract(ops.gather_elements(logits, target, 1), ops.add(most, ops.log(total)))
    return model([logprob], [hidden, target], "head")


def angles(architecture: Architecture, length: int) -> tuple[Array, Array]:
    """Cosines and sines [length, 1, head/2] of the rotary angles of the first positions (Su et al. 2021, arXiv:2104.09864)."""
    rates = architecture.rotary_base ** -(np.arange(0, architecture.head, 2) / architecture.head)
    turned = np.arange(length)[:, None, None] * rates
    return np.cos(turned).astype(np.float32), np.sin(turned).astype(np.float32)


def _turn(ops: Any, node: Node, cosines: Node, sines: Node) -> Node:  # noqa: ANN401
    halves = ops.split(node, ops.constant(2), 2)
    real, imaginary = halves.output(0), halves.output(1)
    return ops.concat(
        [
            ops.subtract(ops.multiply(real, cosines), ops.multiply(imaginary, sines)),
            ops.add(ops.multiply(imaginary, cosines), ops.multiply(real, sines)),
        ],
        2,
    )


def _pad(build: _Builder, node: Node, place: Node, times: int) -> Node:
    """[tokens, heads, head] as [batch, heads · times, length, head], each head standing `times` times in a row."""
    ops = build.ops
    padded = build.rows(node, place)
    if times > 1:
        count, width = (int(padded.get_output_partial_shape(0)[axis].get_length()) for axis in (2, 3))
        repeated = ops.concat([ops.unsqueeze(padded, ops.constant(3))] * times, 3)
        padded = build.reshape(repeated, [0, 0, count * times, width])
    return ops.transpose(padded, np.array([0, 2, 1, 3]))


def _quantise(weight: Array, group: int) -> tuple[Array, Array]:
    """8-bit values [outputs, groups, group] and their scales [outputs, groups, 1]: symmetric, to the nearest."""
    grouped = weight.reshape(weight.shape[0], -1, group)
    scale = np.abs(grouped).max(-1, keepdims=True) / 127
    scale[scale == 0] = 1
    return np.rint(grouped / scale).astype(np.int8), scale.astype(np.float32)
