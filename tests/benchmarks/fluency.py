"""Tokens per second of the default engine beside plain transformers on the same weights, texts and cores, interleaved in one run.

    python tests/benchmarks/fluency.py CACHE TEXT… [--rounds 3]

CACHE is the cache folder that holds the default model, TEXT are files of copy. Without torch the engine is measured alone. CPU seconds stand
beside wall seconds: on a machine that others use they are the steadier figure.
"""

# ruff: noqa: T201 (a script)
from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from auditor import run
from auditor.fluency import gguf, load, manifest, pull
from auditor.fluency.scorer import Passage
from auditor.text.segment import segment
from auditor.types import Document

Measure = Callable[[], int]
"""Scores something and returns how many tokens it scored."""


def engine(scorer, texts: Sequence[str]) -> Measure:
    passages = [Passage("", text) for text in texts]
    return lambda: sum(len(found.logprobs) for found in scorer.score(passages))


def plain(path: Path, texts: Sequence[str], *, batch: int, by_length: bool) -> Measure:
    """transformers in float32 with right-padded batches, as people write it."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.set_num_threads(run.cores())
    architecture, weights, tokeniser = gguf.read(path)
    a = architecture
    config = LlamaConfig(
        vocab_size=a.vocabulary,
        hidden_size=a.width,
        intermediate_size=a.hidden,
        num_hidden_layers=a.layers,
        num_attention_heads=a.heads,
        num_key_value_heads=a.key_heads,
        max_position_embeddings=a.context,
        rms_norm_eps=a.epsilon,
        rope_parameters={"rope_type": "default", "rope_theta": a.rotary_base},
        tie_word_embeddings=True,
    )
    model = LlamaForCausalLM(config).eval()
    state = {"model.embed_tokens.weight": weights("token_embd.weight"), "model.norm.weight": weights("output_norm.weight")}
    names = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_output": "self_attn.o_proj"}
    names |= {f"attn_{one}": f"self_attn.{one}_proj" for one in "qkv"} | {f"ffn_{one}": f"mlp.{one}_proj" for one in ("gate", "up", "down")}
    for layer in range(a.layers):
        state |= {f"model.layers.{layer}.{new}.weight": weights(f"blk.{layer}.{old}.weight") for old, new in names.items()}
    model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in state.items()}, strict=False)
    ids = [[0, *tokeniser.encode(text, add_special_tokens=False).ids][: a.context] for text in texts]
    if by_length:
        ids.sort(key=len)
    batches = [ids[at : at + batch] for at in range(0, len(ids), batch)]

    def score() -> int:
        count = 0
        with torch.inference_mode():
            for group in batches:
                longest = max(map(len, group))
                padded = torch.tensor([[*one, *[0] * (longest - len(one))] for one in group])
                mask = torch.tensor([[1] * len(one) + [0] * (longest - len(one)) for one in group])
                logits = model(padded, attention_mask=mask).logits
                torch.log_softmax(logits[:, :-1], -1).gather(2, padded[:, 1:, None])
                count += sum(len(one) - 1 for one in group)
        return count

    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cache", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    documents = [segment(Document(str(path), path.read_text(encoding="utf-8"))) for path in asked.texts]
    whole = [document.text for document in documents]
    sentences = [found.text for document in documents for found in document.segments]
    model = manifest.manifest("smollm2-135m-instruct")
    path = pull.pull(model, asked.cache, offline=True)
    scorer = load.load(model, path, cache=asked.cache)
    measures = {"engine, documents": engine(scorer, whole), "engine, sentences": engine(scorer, sentences)}
    if importlib.util.find_spec("torch"):
        measures["transformers f32, sentences by 32 in file order"] = plain(path, sentences, batch=32, by_length=False)
        measures["transformers f32, sentences by 8 in length order"] = plain(path, sentences, batch=8, by_length=True)
    wall: dict[str, list[float]] = {name: [] for name in measures}
    cpu: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(asked.rounds + 1):
        for name, measure in measures.items():
            began, spent = time.perf_counter(), time.process_time()
            count = measure()
            if turn:  # the first round warms up
                wall[name].append(count / (time.perf_counter() - began))
                cpu[name].append(count / (time.process_time() - spent))
    print(scorer.signature)
    for name in measures:
        spread = f"{min(wall[name]):.0f}–{max(wall[name]):.0f}"
        print(f"{name:50} {statistics.median(wall[name]):8.0f} tokens/s ({spread}) {statistics.median(cpu[name]):8.0f} tokens/CPU s")
    scorer.close()


if __name__ == "__main__":
    sys.exit(main())
