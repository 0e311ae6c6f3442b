"""Reads the weights and the tokeniser of a Llama-like model out of a GGUF file; the only door to the gguf package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import ModelError
from auditor.fluency.architecture import Architecture, Weights

if TYPE_CHECKING:
    import numpy
    from tokenizers import Tokenizer

_DIGITS_APART = {"smollm"}
"""Values of tokenizer.ggml.pre whose pre-tokeniser splits numbers into digits, then as GPT-2."""
_PLAIN = {"gpt-2", "gpt2"}


def read(path: Path) -> tuple[Architecture, Weights, Tokenizer]:
    """The architecture, the weights (float32, half-split rotary order) and the tokeniser. ModelError if the file is something else."""
    from gguf import GGUFReader

    try:
        reader = GGUFReader(path)
        facts = {name: field.contents() for name, field in reader.fields.items()}
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{path}: is no readable GGUF file ({error})") from error
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    architecture = _architecture(path, facts, tied="output.weight" not in tensors)
    return architecture, _weights(path, architecture, tensors), _tokeniser(path, facts)


def _architecture(path: Path, facts: Mapping[str, Any], *, tied: bool) -> Architecture:
    kind = facts.get("general.architecture")
    if kind != "llama":
        raise ModelError(f"{path}: the architecture is “{kind}”; the light engine reads llama alone, auditor[torch] reads any")
    heads = facts["llama.attention.head_count"]
    width = facts["llama.embedding_length"]
    return Architecture(
        layers=facts["llama.block_count"],
        width=width,
        hidden=facts["llama.feed_forward_length"],
        heads=heads,
        key_heads=facts.get("llama.attention.head_count_kv", heads),
        head=facts.get("llama.rope.dimension_count", width // heads),
        vocabulary=len(facts["tokenizer.ggml.tokens"]),
        context=facts["llama.context_length"],
        rotary_base=facts.get("llama.rope.freq_base", 10_000.0),
        epsilon=facts["llama.attention.layer_norm_rms_epsilon"],
        tied=tied,
    )


def _weights(path: Path, architecture: Architecture, tensors: Mapping[str, Any]) -> Weights:
    from gguf import dequantize

    def tensor(name: str) -> numpy.ndarray[Any, Any]:
        if name not in tensors:
            raise ModelError(f"{path}: has no tensor “{name}”; the light engine does not know this model, auditor[torch] reads any")
        values: numpy.ndarray[Any, Any] = dequantize(tensors[name].data, tensors[name].tensor_type).astype("float32", copy=False)
        return values

    def rotary(name: str, heads: int) -> numpy.ndarray[Any, Any]:
        # GGUF keeps the two halves of a head's dimensions interleaved; the graph turns them as halves.
        pairs = tensor(name).reshape(heads, architecture.head // 2, 2, architecture.width)
        return pairs.swapaxes(1, 2).reshape(heads * architecture.head, architecture.width)

    def get(name: str) -> numpy.ndarray[Any, Any]:
        if name.endswith("attn_q.weight"):
            return rotary(name, architecture.heads)
        if name.endswith("attn_k.weight"):
            return rotary(name, architecture.key_heads)
        return tensor(name)

    return get


def _tokeniser(path: Path, facts: Mapping[str, Any]) -> Tokenizer:
    from tokenizers import Tokenizer, models, pre_tokenizers

    model, pre = facts.get("tokenizer.ggml.model"), facts.get("tokenizer.ggml.pre")
    if model != "gpt2" or pre not in _DIGITS_APART | _PLAIN:
        raise ModelError(f"{path}: the tokeniser is “{model}/{pre}”; the light engine reads gpt2/smollm, auditor[torch] reads any")
    words = facts["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in facts["tokenizer.ggml.merges"]]
    # Control tokens are in the vocabulary but no merge makes them: text that looks like one is read as text.
    tokeniser = Tokenizer(models.BPE(vocab={word: number for number, word in enumerate(words)}, merges=merges))
    split = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokeniser.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), split]) if pre in _DIGITS_APART else split
    return tokeniser
