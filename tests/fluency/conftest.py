"""A counted stand-in for a model, a tiny random model in two formats, and the default model where it can be had."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import pytest

from auditor.errors import ModelError
from auditor.fluency.scorer import Passage, Tokens


class CountingScorer:
    """A token is a run of letters with the white space before it, or any other single mark; the longer, the more surprising.

    What stands before counts too: the tenth of the number of words that precede.
    """

    signature = "counting@1"
    context = 100
    notices = ()

    def __init__(self):
        self.calls = []

    def score(self, passages):
        self.calls.append(list(passages))
        return [self.one(passage) for passage in passages]

    def one(self, passage: Passage) -> Tokens:
        spans, logprobs = [], []
        whole, edge = passage.context + passage.text, len(passage.context)
        start = 0
        seen = 0
        while start < len(whole):
            end = start + 1
            while end < len(whole) and whole[end - 1].isspace() and whole[end].isspace():
                end += 1
            if end < len(whole) and whole[end - 1].isspace():
                end += 1
            while end < len(whole) and whole[end].isalpha() and whole[end - 1].isalpha():
                end += 1
            if end > edge:
                spans.append((max(0, start - edge), end - edge))
                logprobs.append(-float(end - start) - seen / 10)
            start = end
            seen += 1
        return Tokens(tuple(spans), tuple(logprobs))

    def close(self):
        pass


@pytest.fixture
def counting():
    return CountingScorer()


@pytest.fixture(scope="session")
def counting_class():
    return CountingScorer


@dataclass(frozen=True)
class Tiny:
    """A random model: a GGUF file, a Hugging Face folder with the same weights, and the weights by GGUF's names (halves, not pairs)."""

    gguf: Path
    folder: Path
    weights: dict
    config: dict


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    import numpy as np
    from gguf import GGUFWriter
    from tokenizers import pre_tokenizers

    place = tmp_path_factory.mktemp("tiny")
    layers, width, hidden, heads, keys, size = 2, 64, 96, 4, 2, 16
    words = ["<|endoftext|>", "<|im_start|>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    merges = ["t h", "th e", "Ġ t", "Ġ a", "i n", "Ġt h", "Ġth e", "e r", "o n", "Ġ s"]
    words += [merge.replace(" ", "") for merge in merges]
    random = np.random.default_rng(5)
    shapes = {"token_embd.weight": (len(words), width), "output_norm.weight": (width,)}
    for layer in range(layers):
        shapes |= {
            f"blk.{layer}.attn_norm.weight": (width,),
            f"blk.{layer}.attn_q.weight": (heads * size, width),
            f"blk.{layer}.attn_k.weight": (keys * size, width),
            f"blk.{layer}.attn_v.weight": (keys * size, width),
            f"blk.{layer}.attn_output.weight": (width, heads * size),
            f"blk.{layer}.ffn_norm.weight": (width,),
            f"blk.{layer}.ffn_gate.weight": (hidden, width),
            f"blk.{layer}.ffn_up.weight": (hidden, width),
            f"blk.{layer}.ffn_down.weight": (width, hidden),
        }
    weights = {name: random.normal(1.0 if len(shape) == 1 else 0.0, 0.2, shape).astype(np.float32) for name, shape in shapes.items()}
    writer = GGUFWriter(str(place / "tiny.gguf"), "llama")
    writer.add_block_count(layers)
    writer.add_context_length(256)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(heads)
    writer.add_head_count_kv(keys)
    writer.add_rope_dimension_count(size)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(words)
    writer.add_token_merges(merges)
    for name, value in weights.items():
        rows = {"attn_q": heads, "attn_k": keys}.get(name.split(".")[-2])
        # llama.cpp stores the two halves of each head's rows interleaved.
        stored = value.reshape(rows, 2, size // 2, width).swapaxes(1, 2).reshape(value.shape) if rows else value
        writer.add_tensor(name, np.ascontiguousarray(stored))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    config = {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "num_hidden_layers": layers,
        "hidden_size": width,
        "intermediate_size": hidden,
        "num_attention_heads": heads,
        "num_key_value_heads": keys,
        "head_dim": size,
        "vocab_size": len(words),
        "max_position_embeddings": 256,
        "rope_theta": 10_000.0,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": True,
        "bos_token_id": 0,
        "eos_token_id": 0,
    }
    folder = place / "folder"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config))
    return Tiny(place / "tiny.gguf", folder, weights, config)


@pytest.fixture(scope="session")
def cache_folder() -> Path:
    """Where the command line keeps models, so that the default one is fetched once for program and tests."""
    return Path(os.environ.get("AUDITOR_CACHE") or platformdirs.user_cache_path("auditor", appauthor=False))


@pytest.fixture(scope="session")
def default_model(cache_folder):
    """The default model's manifest and file."""
    from auditor.fluency.manifest import manifest
    from auditor.fluency.pull import pull

    found = manifest("smollm2-135m-instruct")
    try:
        return found, pull(found, cache_folder, offline=True)
    except ModelError as error:
        pytest.skip(f"the language model is not here: {error}")


@pytest.fixture(scope="session")
def reference(default_model, cache_folder):
    """The default model in its reference mode."""
    from auditor.fluency.load import load

    found, path = default_model
    scorer = load(found, path, cache=cache_folder, mode="f32", workers=1)
    yield scorer
    scorer.close()
