"""Tokens per second of the default engine beside its peers on the same weights, texts and cores, interleaved in one run.

    python tests/benchmarks/fluency.py [TEXT…] [--cache FOLDER] [--rounds 3] [--out reports/benchmark.md]

Without TEXT the two seed texts are scored. The default model has to be in the cache folder (`auditor models pull`). Peers that are not
installed beside us (torch; ctranslate2, which needs torch to convert the model) are left out, and the report says so.
"""

# ruff: noqa: T201 (a script)
from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs

from auditor import run
from auditor.fluency import gguf, load, manifest, pull
from auditor.fluency.scorer import Passage
from auditor.text.segment import segment
from auditor.types import Document

ROOT = Path(__file__).parents[2]
START = 0
Score = Callable[[], int]
"""Scores something and returns how many tokens it scored."""


@dataclass(frozen=True)
class Measure:
    """What is measured, and what it is compared with: `unit` is sentences or documents."""

    name: str
    unit: str
    score: Score


def engine(scorer, texts: Sequence[str]) -> Score:
    passages = [Passage("", text) for text in texts]
    return lambda: sum(len(found.logprobs) for found in scorer.score(passages))


def torch_model(path: Path):
    """The same weights in transformers, float32."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.set_num_threads(run.cores())
    a, weights, tokeniser = gguf.read(path)
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
        bos_token_id=START,
        eos_token_id=START,
    )
    model = LlamaForCausalLM(config).eval()
    state = {"model.embed_tokens.weight": weights("token_embd.weight"), "model.norm.weight": weights("output_norm.weight")}
    names = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_output": "self_attn.o_proj"}
    names |= {f"attn_{one}": f"self_attn.{one}_proj" for one in "qkv"} | {f"ffn_{one}": f"mlp.{one}_proj" for one in ("gate", "up", "down")}
    for layer in range(a.layers):
        state |= {f"model.layers.{layer}.{new}.weight": weights(f"blk.{layer}.{old}.weight") for old, new in names.items()}
    missing, unexpected = model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in state.items()}, strict=False)
    if set(missing) - {"lm_head.weight"} or unexpected:
        raise SystemExit(f"the weights do not fit transformers' model: {missing} {unexpected}")
    return model, tokeniser, a.context


def plain(model, ids: Sequence[list[int]], *, batch: int, by_length: bool) -> Score:
    """Right-padded batches, as people write it."""
    import torch

    ordered = sorted(ids, key=len) if by_length else ids
    batches = [ordered[at : at + batch] for at in range(0, len(ordered), batch)]

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


def ctranslate2(model, tokeniser, work: Path):
    """The same model in CTranslate2, int8: one thread for each of as many batches as there are cores."""
    import ctranslate2
    from transformers import PreTrainedTokenizerFast

    folder = work / "hub"
    model.save_pretrained(folder)
    words = sorted(tokeniser.get_vocab().items(), key=lambda pair: pair[1])
    fast = PreTrainedTokenizerFast(tokenizer_object=tokeniser, bos_token=words[START][0], eos_token=words[START][0], unk_token=words[START][0])
    fast.save_pretrained(folder)
    ctranslate2.converters.TransformersConverter(str(folder)).convert(str(work / "converted"), quantization="int8")
    return ctranslate2.Generator(str(work / "converted"), inter_threads=run.cores(), intra_threads=1)


def batched(generator, tokens: Sequence[list[str]]) -> Score:
    options = {"max_batch_size": 512, "batch_type": "tokens", "max_input_length": 0}
    return lambda: sum(len(found.log_probs) for found in generator.score_batch(tokens, **options))


def peak() -> float:
    """Billions of operations a second in a product of the model's own shape, all cores: what could be reached at most."""
    rows, weight = np.ones((1024, 576), np.float32), np.ones((576, 3072), np.float32)
    best = min(_seconds(lambda: rows @ weight) for _ in range(20))
    return 2 * 1024 * 576 * 3072 / best / 1e9


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def measured(measures: Sequence[Measure], rounds: int) -> dict[str, list[float]]:
    """Tokens per second of each in each round, after one round that warms up; all take turns within a round."""
    speeds: dict[str, list[float]] = {one.name: [] for one in measures}
    for turn in range(rounds + 1):
        for one in measures:
            began = time.perf_counter()
            count = one.score()
            if turn:
                speeds[one.name].append(count / (time.perf_counter() - began))
    return speeds


def report(measures: Sequence[Measure], speeds: dict[str, list[float]], skipped: Sequence[str], facts: Sequence[str]) -> str:
    """Ratios are taken within each round, then the median: what slows the machine down for a while slows down both."""
    lines = ["# Benchmark of the language model", "", *(f"- {fact}" for fact in (*facts, *skipped)), ""]
    lines += ["| scored | tokens/s, median | from–to | ours is faster by | from–to |", "|---|---|---|---|---|"]
    ours = {one.unit: speeds[one.name] for one in reversed(measures) if one.name.startswith("auditor")}
    for one in measures:
        found = speeds[one.name]
        ratios = sorted(mine / theirs for mine, theirs in zip(ours[one.unit], found, strict=True))
        row = f"| {one.name} | {statistics.median(found):,.0f} | {min(found):,.0f}–{max(found):,.0f} |"
        lines.append(f"{row} {statistics.median(ratios):.2f} × | {ratios[0]:.2f}–{ratios[-1]:.2f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="*", default=sorted((ROOT / "seeds").glob("*.txt")))
    parser.add_argument(
        "--cache", type=Path, default=Path(os.environ.get("AUDITOR_CACHE") or platformdirs.user_cache_path("auditor", appauthor=False))
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    documents = [segment(Document(str(path), path.read_text(encoding="utf-8"))) for path in asked.texts]
    whole = [document.text for document in documents]
    sentences = [found.text for document in documents for found in document.segments]
    found = manifest.manifest("smollm2-135m-instruct")
    path = pull.pull(found, asked.cache, offline=True)
    scorer = load.load(found, path, cache=asked.cache, said=print)
    measures = [
        Measure("auditor, sentences", "sentences", engine(scorer, sentences)),
        Measure("auditor, whole documents", "documents", engine(scorer, whole)),
    ]
    skipped = []
    with tempfile.TemporaryDirectory() as work:
        if importlib.util.find_spec("torch"):
            model, tokeniser, context = torch_model(path)
            ids = {
                unit: [[START, *tokeniser.encode(text, add_special_tokens=False).ids][:context] for text in texts]
                for unit, texts in (("sentences", sentences), ("documents", whole))
            }
            measures += [
                Measure(
                    "transformers f32, sentences, padded 32 in file order", "sentences", plain(model, ids["sentences"], batch=32, by_length=False)
                ),
                Measure("transformers f32, sentences, sorted 8", "sentences", plain(model, ids["sentences"], batch=8, by_length=True)),
                Measure("transformers f32, whole documents, one by one", "documents", plain(model, ids["documents"], batch=1, by_length=False)),
            ]
            if importlib.util.find_spec("ctranslate2"):
                generator = ctranslate2(model, tokeniser, Path(work))
                for unit, sequences in ids.items():
                    tokens = [[tokeniser.id_to_token(one) for one in sequence] for sequence in sequences]
                    measures.append(Measure(f"CTranslate2 int8, {unit}", unit, batched(generator, tokens)))
            else:
                skipped.append("CTranslate2 is not installed here and was left out")
        else:
            skipped.append("torch is not installed here: transformers and CTranslate2 were left out")
        speeds = measured(measures, asked.rounds)
    counted = sum(len(one.logprobs) for one in scorer.score([Passage("", text) for text in whole]))
    most = peak()
    reached = statistics.median(speeds["auditor, sentences"]) * 2 * _PRODUCTS / 1e9
    size = f"{len(documents)} texts, {len(sentences)} sentences, {counted:,} tokens; {run.cores()} cores"
    share = f"{reached:.0f} of the {most:.0f} GFLOPS that a float32 product of the model's own shape reaches here ({100 * reached / most:.0f} %)"
    facts = [
        scorer.signature,
        f"{size}; {asked.rounds} rounds, interleaved; load {os.getloadavg()[0]:.1f} at the end",
        f"sentences: {share}, counting 2 · {_PRODUCTS / 1e6:.1f} million operations a token and none for attention",
    ]
    text = report(measures, speeds, skipped, facts)
    print(text)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(text, encoding="utf-8")
    scorer.close()


_PRODUCTS = 30 * (576 * 960 + 576 * 576 + 3 * 576 * 1536) + 576 * 49152
"""Multiply-adds of a token in the default model's products."""

if __name__ == "__main__":
    sys.exit(main())
