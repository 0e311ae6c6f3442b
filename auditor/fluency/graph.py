"""The language model as two graphs, built by hand; the only place that knows what is computed. The opset is handed in by the engine.

The body turns embedded tokens into hidden rows. All products run on packed rows [tokens, width]; rows are gathered into a right-padded
[batch, length] for attention alone and gathered back. The head turns hidden rows into logits and log-probabilities, a fixed number of rows
at a time. The embedding is looked up outside: its rows stay in the file, and where it is the vocabulary projection too, it is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from auditor.fluency.architecture import Architecture, Weights
from auditor.fluency.tensors import Array, Tensors

ROWS = 32
"""Rows of the head's product: with more, each worker's logits take more memory and little time is gained."""
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
Node = Any


def stored(architecture: Architecture, weights: Weights, *, int8: bool) -> Iterator[tuple[str, Array]]:
    """The arrays that the graphs read, under the names that they use; in int8, values and scales in place of a product's weights."""
    for layer in range(architecture.layers):
        yield f"{layer}.attn_norm", weights(f"blk.{layer}.attn_norm.weight")
        yield f"{layer}.ffn_norm", weights(f"blk.{layer}.ffn_norm.weight")
        for product, parts in _PRODUCTS.items():
            whole = np.concatenate([weights(f"blk.{layer}.{part}.weight") for part in parts])
            yield from _quantised(f"{layer}.{product}", whole, GROUP) if int8 else [(f"{layer}.{product}", whole)]
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
        """rows · Wᵀ."""
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


def body(
    ops: Any,  # noqa: ANN401
    kinds: Any,  # noqa: ANN401
    model: Any,  # noqa: ANN401
    architecture: Architecture,
    tensors: Tensors,
    *,
    window: int,
    layers: Sequence[int],
    in_blocks: bool,
) -> Any:  # noqa: ANN401
    """Inputs: rows [tokens, width], embedded; cosines and sines [tokens, 1, head/2] of their positions; place [batch, length], the row of
    each padded slot (any row for padding; length at most `window`); back [tokens], the slot of each row; mask [length, length], see `mask`.
    Outputs: hidden [tokens, width] after the last norm, then the rows after each of `layers` (0: as embedded; the last: after the norm).
    Attention is spelt out in blocks of queries, or left to the engine's own operation.
    """
    build = _Builder(ops, kinds, tensors)
    rows = build.parameter("rows", [-1, architecture.width], "f32")
    turn = tuple(build.parameter(name, [-1, 1, architecture.head // 2], "f32") for name in ("cosines", "sines"))
    place = build.parameter("place", [-1, -1], "i32")
    back = build.parameter("back", [-1], "i32")
    mask = build.parameter("mask", [-1, -1], "f32")
    inputs = [rows, *turn, place, back, mask]
    starts = range(0, window, BLOCK) if in_blocks else ()
    heads, keys, head = architecture.heads, architecture.key_heads, architecture.head
    masks = [build.cut(build.cut(mask, 0, start, start + BLOCK), 1, 0, start + BLOCK) for start in starts]
    masks = [ops.concat([one] * (heads // keys), 0) for one in masks]
    after = [rows]
    for layer in range(architecture.layers):
        stacked = build.product(build.norm(rows, f"{layer}.attn_norm", architecture.epsilon), f"{layer}.attn_qkv")
        split = ops.variadic_split(stacked, ops.constant(1), ops.constant(np.array([(heads + keys) * head, keys * head])))
        turned = _turn(ops, build.reshape(split.output(0), [0, heads + keys, head]), *turn)
        parts = ops.variadic_split(turned, ops.constant(1), ops.constant(np.array([heads, keys])))
        value = build.reshape(split.output(1), [0, keys, head])
        query, key, value = (_pad(build, node, place) for node in (parts.output(0), parts.output(1), value))
        mixed = _attention(build, query, key, value, masks) if masks else _whole_attention(build, query, key, value)
        mixed = ops.transpose(mixed, np.array([0, 2, 1, 3]))
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
    """Inputs: hidden [ROWS, width], target [ROWS, 1]. Outputs: the target's log-probability after each row, [ROWS, 1], in nats; the logits
    [ROWS, vocabulary].
    """
    build = _Builder(ops, kinds, tensors)
    hidden = build.parameter("hidden", [ROWS, architecture.width], "f32")
    target = build.parameter("target", [ROWS, 1], "i32")
    logits = build.product(hidden, "embedding" if architecture.tied and "output.values" not in tensors else "output")
    most = ops.reduce_max(logits, np.array([1]), True)  # noqa: FBT003
    total = ops.reduce_sum(ops.exp(ops.subtract(logits, most)), np.array([1]), True)  # noqa: FBT003
    logprob = ops.subtract(ops.gather_elements(logits, target, 1), ops.add(most, ops.log(total)))
    return model([logprob, logits], [hidden, target], "head")


def angles(architecture: Architecture, length: int) -> tuple[Array, Array]:
    """Cosines and sines [length, 1, head/2] of the rotary angles of the first positions (Su et al. 2021, arXiv:2104.09864)."""
    rates = architecture.rotary_base ** -(np.arange(0, architecture.head, 2) / architecture.head)
    turned = np.arange(length)[:, None, None] * rates
    return np.cos(turned).astype(np.float32), np.sin(turned).astype(np.float32)


def mask(length: int) -> Array:
    """[length, length]: 0 where a query (row) sees a key (column), else a number that leaves it no share."""
    return np.triu(np.full((length, length), -1e9, np.float32), 1)


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


def _whole_attention(build: _Builder, query: Node, key: Node, value: Node) -> Node:
    """The same by the engine's own operation, each key standing once for every query that shares it."""
    times = _size(query, 1) // _size(key, 1)
    ops, heads, head = build.ops, _size(query, 1), _size(query, 3)
    # [batch, keys, times · length, head] becomes [batch, heads, length, head].
    repeated = [build.reshape(ops.concat([node] * times, 2), [0, heads, -1, head]) for node in (key, value)]
    return ops.scaled_dot_product_attention(query, *repeated, causal=True)


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
