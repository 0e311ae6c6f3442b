"""Reads the weights and the tokeniser of a Llama-like model out of a GGUF file; the only door to the gguf package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import ModelError
from auditor.fluency.architecture import Architecture, Contents, Weights

if TYPE_CHECKING:
    import numpy
    from tokenizers import Tokenizer

_KINDS = ("llama", "qwen2", "qwen3")
"""Values of general.architecture that the light engine computes (Mistral's files say llama)."""
_INTERLEAVED = "llama"
"""The kind whose queries and keys stand with the two halves of each head interleaved."""
_DIGITS_APART = {"smollm"}
"""Values of tokenizer.ggml.pre whose pre-tokeniser splits numbers into digits, then as GPT-2."""
_PLAIN = {"gpt-2", "gpt2"}
_WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"  # how both split
_SPLITS = {"qwen2": _WORDS % "", "llama-bpe": _WORDS % "{1,3}"}
"""Those that split by an expression of their own."""


def read(path: Path) -> Contents:
    """The architecture, the weights (float32, half-split rotary order) and the tokeniser. ModelError if the file is something else."""
    from gguf import GGUFReader

    try:
        reader = GGUFReader(path)
        facts = {name: field.contents() for name, field in reader.fields.items()}
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{path}: is no readable GGUF file ({error})") from error
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    architecture = _architecture(path, facts, tied="output.weight" not in tensors)
    return Contents(architecture, _weights(path, facts["general.architecture"], architecture, tensors), frozenset(tensors), _tokeniser(path, facts))


def _architecture(path: Path, facts: Mapping[str, Any], *, tied: bool) -> Architecture:
    kind = facts.get("general.architecture")
    if kind not in _KINDS:
        raise ModelError(f"{path}: the architecture is “{kind}”; the light engine reads {', '.join(_KINDS)}, auditor[torch] reads any")
    scaling = facts.get(f"{kind}.rope.scaling.type", "none")
    if scaling != "none":
        raise ModelError(f"{path}: scales its rotary positions by “{scaling}”, which the light engine does not know; auditor[torch] reads any")
    try:
        heads, width = facts[f"{kind}.attention.head_count"], facts[f"{kind}.embedding_length"]
        return Architecture(
            layers=facts[f"{kind}.block_count"],
            width=width,
            hidden=facts[f"{kind}.feed_forward_length"],
            heads=heads,
            key_heads=facts.get(f"{kind}.attention.head_count_kv", heads),
            head=facts.get(f"{kind}.attention.key_length", facts.get(f"{kind}.rope.dimension_count", width // heads)),
            vocabulary=len(facts["tokenizer.ggml.tokens"]),
            context=facts[f"{kind}.context_length"],
            rotary_base=facts.get(f"{kind}.rope.freq_base", 10_000.0),
            epsilon=facts[f"{kind}.attention.layer_norm_rms_epsilon"],
            tied=tied,
            sliding=facts.get(f"{kind}.attention.sliding_window", 0),
        )
    except KeyError as error:
        raise ModelError(f"{path}: does not say {error}") from error


def _weights(path: Path, kind: str, architecture: Architecture, tensors: Mapping[str, Any]) -> Weights:
    from gguf import dequantize

    def tensor(name: str) -> numpy.ndarray[Any, Any]:
        if name not in tensors:
            raise ModelError(f"{path}: has no tensor “{name}”; the light engine does not know this model, auditor[torch] reads any")
        values: numpy.ndarray[Any, Any] = dequantize(tensors[name].data, tensors[name].tensor_type).astype("float32", copy=False)
        return values

    def get(name: str) -> numpy.ndarray[Any, Any]:
        heads = {"attn_q": architecture.heads, "attn_k": architecture.key_heads}.get(name.split(".")[-2])
        if kind != _INTERLEAVED or heads is None:
            return tensor(name)
        pairs = tensor(name)
        return pairs.reshape(heads, architecture.head // 2, 2, -1).swapaxes(1, 2).reshape(pairs.shape)

    return get


def _tokeniser(path: Path, facts: Mapping[str, Any]) -> Tokenizer:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    model, pre = facts.get("tokenizer.ggml.model"), facts.get("tokenizer.ggml.pre")
    known = _DIGITS_APART | _PLAIN | _SPLITS.keys()
    if model != "gpt2" or pre not in known:
        raise ModelError(
            f"{path}: the tokeniser is “{model}/{pre}”; the light engine reads gpt2 with {', '.join(sorted(known))}, auditor[torch] reads any"
        )
    words = facts["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in facts["tokenizer.ggml.merges"]]
    # Control tokens are in the vocabulary but no merge makes them: text that looks like one is read as text.
    vocabulary = {word: number for number, word in enumerate(words)}
    tokeniser = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, ignore_merges=pre == "llama-bpe"))
    split = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=pre not in _SPLITS)
    if pre in _DIGITS_APART:
        tokeniser.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), split])
    elif pre in _SPLITS:
        tokeniser.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(_SPLITS[pre]), "isolated"), split])
    else:
        tokeniser.pre_tokenizer = split
    if pre == "qwen2":
        tokeniser.normalizer = normalizers.NFC()
    return tokeniser
