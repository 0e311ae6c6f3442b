"""The language model as two graphs, built by hand; the only place that knows what is computed. The opset is handed in by the engine.

The body turns embedded tokens into hidden rows. All products run on packed rows [tokens, width]; rows are gathered into a right-padded
[batch, length] for attention alone and gathered back. The head turns hidden rows into logits. The embedding is looked up outside: its rows
stay in the file, and where it is the vocabulary projection too, it is kept once.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

import numpy as np

from auditor.fluency.architecture import Architecture, Weights
from auditor.fluency.tensors import Array, Tensors

ROWS = 128
"""The most rows of the head's product: fewer read its weights more often than they use them, more take memory for their logits."""
GROUP = 32
"""Weights that share a scale in int8."""
BLOCK = 256
"""Queries that attend together, to the keys up to their end: of a long text nearly half of the products with later keys is spared."""
_PRODUCTS = {
    "attn_qkv": ("attn_q", "attn_k", "attn_v"),
    "attn_output": ("attn_output",),
    "ffn_gate": ("ffn_gate",),
    "ffn_up": ("ffn_up",),
    "ffn_down": ("ffn_down",),
}
"""The products of a layer, and the weights whose outputs each stacks."""
_HEAD_NORMS = ("attn_q_norm", "attn_k_norm")
"""RMSNorm of each query and key, where a model has it."""
Node = Any


def stored(architecture: Architecture, weights: Weights, names: Container[str], *, int8: bool) -> Iterator[tuple[str, Array]]:
    """The arrays that the graphs read, under the names that they use; in int8, values and scales in place of a product's weights.

    `names` are the weights that there are: biases and norms of heads are used where the model has them.
    """
    rates = architecture.rotary_base ** -(np.arange(0, architecture.head, 2) / architecture.head)
    yield "rates", rates / weights("rope_freqs.weight") if "rope_freqs.weight" in names else rates
    for layer in range(architecture.layers):
        yield f"{layer}.attn_norm", weights(f"blk.{layer}.attn_norm.weight")
        yield f"{layer}.ffn_norm", weights(f"blk.{layer}.ffn_norm.weight")
        for product, parts in _PRODUCTS.items():
            whole = np.concatenate([weights(f"blk.{layer}.{part}.weight") for part in parts])
            yield from _quantised(f"{layer}.{product}", whole, GROUP) if int8 else [(f"{layer}.{product}", whole)]
            if f"blk.{layer}.{parts[0]}.bias" in names:
                yield f"{layer}.{product}.bias", np.concatenate([weights(f"blk.{layer}.{part}.bias") for part in parts])
        for norm in _HEAD_NORMS:
            if f"blk.{layer}.{norm}.weight" in names:
                yield f"{layer}.{norm}", weights(f"blk.{layer}.{norm}.weight")
    yield "output_norm", weights("output_norm.weight")
    embedding = weights("token_embd.weight")
    yield "embedding", embedding
    if int8:
        yield from _quantised("output", embedding if architecture.tied else weights("output.weight"), GROUP)
    elif not architecture.tied:
        yield "output", weights("output.weight")


class _Builder:
    """The operations that body and head share, for one opset and one kind of weights."""

    def __init__(self, ops: Any, kinds: Any, tensors: Tensors) -> None:  # noqa: ANN401
        self.ops, self.kinds, self.tensors = ops, kinds, tensors

    def parameter(self, name: str, shape: Sequence[int], kind: str) -> Node:
        node = self.ops.parameter(list(shape), getattr(self.kinds, kind))
        node.set_friendly_name(name)
        node.output(0).set_names({name})
        return node

    def constant(self, name: str) -> Node:
        """A view of the mapped file: nothing is copied before the engine packs it."""
        return self.ops.constant(self.tensors[name], shared_memory=True)

    def reshape(self, node: Node, shape: Sequence[int]) -> Node:
        """0 keeps a dimension."""
        return self.ops.reshape(node, np.array(shape), True)  # noqa: FBT003

    def rows(self, table: Node, indices: Node) -> Node:
        return self.ops.gather(table, indices, self.ops.constant(np.int32(0)))

    def cut(self, node: Node, axis: int, start: int, end: int) -> Node:
        """Positions from `start` to `end`, or as far as there are any."""
        return self.ops.slice(node, np.array([start]), np.array([end]), np.array([1]), np.array([axis]))

    def product(self, rows: Node, name: str) -> Node:
        """rows · Wᵀ, plus the bias where there is one."""
        found = self._times(rows, name)
        bias = f"{name}.bias"
        return self.ops.add(found, self.ops.constant(self.tensors[bias].reshape(1, -1))) if bias in self.tensors else found

    def _times(self, rows: Node, name: str) -> Node:
        if name in self.tensors:
            return self.ops.matmul(rows, self.constant(name), False, True)  # noqa: FBT003
        values, scale = self.tensors[f"{name}.values"], self.constant(f"{name}.scale")
        shape = np.array([values.shape[0], -1])
        # The shape of subgraph that OpenVINO's CPU plugin reads as compressed weights.
        scaled = self.ops.multiply(self.ops.convert(self.constant(f"{name}.values"), self.kinds.f16), scale)
        whole = self.ops.convert(self.ops.reshape(scaled, shape, False), self.kinds.f32)  # noqa: FBT003
        return self.ops.matmul(rows, whole, False, True)  # noqa: FBT003

    def norm(self, rows: Node, name: str, epsilon: float) -> Node:
        """RMSNorm."""
        ops = self.ops
        mean = ops.reduce_mean(ops.multiply(rows, rows), np.array([-1]), True)  # noqa: FBT003
        inverse = ops.power(ops.add(mean, ops.constant(np.float32(epsilon))), ops.constant(np.float32(-0.5)))
        return ops.multiply(ops.multiply(rows, inverse), ops.constant(self.tensors[name].reshape(1, -1)))

    def head_norms(self, rows: Node, layer: int, epsilon: float, counts: Sequence[int]) -> Node:
        """The queries and keys of a layer [tokens, heads, head] normed, where the model does that; `counts` are their numbers of heads."""
        if f"{layer}.{_HEAD_NORMS[0]}" not in self.tensors:
            return rows
        parts = self.ops.variadic_split(rows, self.ops.constant(1), self.ops.constant(np.array(counts)))
        return self.ops.concat([self.norm(parts.output(number), f"{layer}.{name}", epsilon) for number, name in enumerate(_HEAD_NORMS)], 1)


def body(
    ops: Any,  # noqa: ANN401
    kinds: Any,  # noqa: ANN401
    model: Any,  # noqa: ANN401
    architecture: Architecture,
    tensors: Tensors,
    *,
    window: int,
    layers: Sequence[int],
) -> Any:  # noqa: ANN401
    """Inputs: rows [tokens, width], embedded; cosines and sines [tokens, 1, head/2] of their positions; place [batch, length], the row of
    each padded slot (any row for padding; length at most `window`); back [tokens], the slot of each row; mask [length, length], see `mask`.
    Outputs: hidden [tokens, width] after the last norm, then the rows after each of `layers` (0: as embedded; the last: after the norm).
    """
    build = _Builder(ops, kinds, tensors)
    rows = build.parameter("rows", [-1, architecture.width], "f32")
    turn = tuple(build.parameter(name, [-1, 1, architecture.head // 2], "f32") for name in ("cosines", "sines"))
    place = build.parameter("place", [-1, -1], "i32")
    back = build.parameter("back", [-1], "i32")
    mask = build.parameter("mask", [-1, -1], "f32")
    inputs = [rows, *turn, place, back, mask]
    heads, keys, head = architecture.heads, architecture.key_heads, architecture.head
    masks = [build.cut(build.cut(mask, 0, start, start + BLOCK), 1, 0, start + BLOCK) for start in range(0, window, BLOCK)]
    masks = [ops.concat([one] * (heads // keys), 0) for one in masks]
    after = [rows]
    for layer in range(architecture.layers):
        stacked = build.product(build.norm(rows, f"{layer}.attn_norm", architecture.epsilon), f"{layer}.attn_qkv")
        split = ops.variadic_split(stacked, ops.constant(1), ops.constant(np.array([(heads + keys) * head, keys * head])))
        asked = build.head_norms(build.reshape(split.output(0), [0, heads + keys, head]), layer, architecture.epsilon, (heads, keys))
        turned = _turn(ops, asked, *turn)
        parts = ops.variadic_split(turned, ops.constant(1), ops.constant(np.array([heads, keys])))
        value = build.reshape(split.output(1), [0, keys, head])
        query, key, value = (_pad(build, node, place) for node in (parts.output(0), parts.output(1), value))
        mixed = ops.transpose(_attention(build, query, key, value, masks), np.array([0, 2, 1, 3]))
        mixed = build.rows(build.reshape(mixed, [-1, heads * head]), back)
        rows = ops.add(rows, build.product(mixed, f"{layer}.attn_output"))
        normed = build.norm(rows, f"{layer}.ffn_norm", architecture.epsilon)
        gate, up = (build.product(normed, f"{layer}.ffn_{part}") for part in ("gate", "up"))
        # Swish by the hyperbolic tangent: written as itself it is fused with the gate's product, whose weights the engine then keeps twice.
        half = ops.constant(np.float32(0.5))
        opened = ops.add(ops.multiply(ops.tanh(ops.multiply(gate, half)), half), half)
        gated = ops.multiply(ops.multiply(gate, opened), up)
        rows = ops.add(rows, build.product(gated, f"{layer}.ffn_down"))
        after.append(rows)
    after[-1] = build.norm(rows, "output_norm", architecture.epsilon)
    return model([after[-1], *(after[layer] for layer in layers)], inputs, "body")


def head(ops: Any, kinds: Any, model: Any, architecture: Architecture, tensors: Tensors) -> Any:  # noqa: ANN401
    """Input: hidden [rows, width]. Output: logits [rows, vocabulary]."""
    build = _Builder(ops, kinds, tensors)
    hidden = build.parameter("hidden", [-1, architecture.width], "f32")
    return model([build.product(hidden, "embedding" if architecture.tied and "output.values" not in tensors else "output")], [hidden], "head")


def angles(rates: Array, length: int) -> tuple[Array, Array]:
    """Cosines and sines [length, 1, head/2] of the rotary angles of the first positions (Su et al. 2021, arXiv:2104.09864)."""
    turned = np.arange(length)[:, None, None] * rates
    return np.cos(turned).astype(np.float32), np.sin(turned).astype(np.float32)


def mask(length: int, sliding: int = 0) -> Array:
    """[length, length]: 0 where a query (row) sees a key (column), else a number that leaves it no share; `sliding` is how many keys up to
    itself a query sees, 0 for all.
    """
    hidden = np.full((length, length), -1e9, np.float32)
    return np.triu(hidden, 1) + (np.tril(hidden, -sliding) if sliding else 0)


def _attention(build: _Builder, query: Node, key: Node, value: Node, masks: Sequence[Node]) -> Node:
    """Softmax of the queries' scaled products with the keys that each may see, times the values; [batch, heads, length, head].

    A block of queries for each mask; where the window is shorter the last blocks are empty. The heads that share a key stand below each
    other as more queries of it: no key is repeated.
    """
    ops = build.ops
    heads, keys, head = _size(query, 1), _size(key, 1), _size(query, 3)
    scaled = ops.multiply(query, ops.constant(np.float32(head**-0.5)))
    blocks = []
    for number, allowed in enumerate(masks):
        start, end = number * BLOCK, (number + 1) * BLOCK
        asked = build.reshape(build.cut(scaled, 2, start, end), [0, keys, -1, head])
        products = ops.matmul(asked, build.cut(key, 2, 0, end), False, True)  # noqa: FBT003
        shares = ops.softmax(ops.add(products, allowed), 3)
        mixed = ops.matmul(shares, build.cut(value, 2, 0, end), False, False)  # noqa: FBT003
        blocks.append(build.reshape(mixed, [0, heads, -1, head]))
    return ops.concat(blocks, 2)


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


def _pad(build: _Builder, node: Node, place: Node) -> Node:
    """[tokens, heads, head] as [batch, heads, length, head]."""
    return build.ops.transpose(build.rows(node, place), np.array([0, 2, 1, 3]))


def _size(node: Node, axis: int) -> int:
    return int(node.get_output_partial_shape(0)[axis].get_length())


def _quantised(name: str, weight: Array, group: int) -> Iterator[tuple[str, Array]]:
    """8-bit values [outputs, groups, group] and their scales [outputs, groups, 1]: symmetric, to the nearest."""
    grouped = weight.reshape(weight.shape[0], -1, group)
    scale = np.abs(grouped).max(-1, keepdims=True) / 127
    scale[scale == 0] = 1
    yield f"{name}.values", np.rint(grouped / scale).astype(np.int8)
    yield f"{name}.scale", scale.astype(np.float16)
