"""Tokens per second of the default engine beside its peers on the same weights, texts and cores, interleaved in one run.

    python tests/benchmarks/fluency.py [TEXT…] [--cache FOLDER] [--rounds 3] [--out reports/benchmark.md]

Without TEXT the two seed texts are scored. The default model has to be in the cache folder (`auditor models pull`). Peers that are not
installed beside us (torch; ctranslate2, minicons and lmppl, which need it) are left out, and the report says so. A peer gets the setting that
was fastest here in a trial, and reads texts through its own public call.
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
    found = gguf.read(path)
    a, weights, tokeniser = found.architecture, found.weights, found.tokeniser
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


def hub_folder(model, tokeniser, work: Path) -> Path:
    """The same model as the hub stores one: what the peers read."""
    from transformers import PreTrainedTokenizerFast

    folder = work / "hub"
    model.save_pretrained(folder)
    word = next(word for word, number in tokeniser.get_vocab().items() if number == START)
    PreTrainedTokenizerFast(tokenizer_object=tokeniser, bos_token=word, eos_token=word, unk_token=word, pad_token=word).save_pretrained(folder)
    return folder


def ctranslate2(folder: Path, work: Path, tokens: Sequence[list[str]]) -> tuple[str, Score]:
    """CTranslate2's fastest setting on a quarter of the texts: number types, batches at once, threads of each, tokens a batch."""
    import ctranslate2

    ctranslate2.converters.TransformersConverter(str(folder)).convert(str(work / "converted"), quantization="int8", force=True)
    cores = run.cores()
    trial = tokens[:: max(1, len(tokens) // max(8, len(tokens) // 4))]
    found = []
    for kind in sorted(ctranslate2.get_supported_compute_types("cpu") & {"int8", "int8_bfloat16", "bfloat16"}):
        for inter, intra in sorted({(cores, 1), (1, cores)}):
            generator = ctranslate2.Generator(str(work / "converted"), compute_type=kind, inter_threads=inter, intra_threads=intra)
            for size in (512, 2048):
                score = batched(generator, trial, size)
                score()
                found.append((_seconds(score), f"{kind}, {inter} × {intra} threads, batches of {size} tokens", generator, size))
    _, setting, generator, size = min(found, key=lambda one: one[0])
    return setting, batched(generator, tokens, size)


def batched(generator, tokens: Sequence[list[str]], size: int) -> Score:
    options = {"max_batch_size": size, "batch_type": "tokens", "max_input_length": 0}
    return lambda: sum(len(found.log_probs) for found in generator.score_batch(tokens, **options))


def minicons(folder: Path, texts: Sequence[str], *, batch: int) -> Score:
    """`token_score` of minicons, in batches of the texts' order."""
    from minicons import scorer

    model = scorer.IncrementalLMScorer(str(folder), "cpu")
    groups = [list(texts[at : at + batch]) for at in range(0, len(texts), batch)]
    # The first token of a text gets no probability there.
    return lambda: sum(len(tokens) - 1 for group in groups for tokens in model.token_score(group))


def lmppl(folder: Path, texts: Sequence[str], counts: Sequence[int], *, batch: int) -> Score:
    """`get_perplexity` of lmppl, which tells one figure a text; `counts` are the tokens of each.

    Its constructor hands transformers an option that is no longer there, so its parts are put together here.
    """
    import lmppl
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = object.__new__(lmppl.LM)
    model.tokenizer, model.model = AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    model.device, model.max_length, model.pad_token_initialized = model.model.device, None, False
    model.loss_fct = torch.nn.CrossEntropyLoss(reduction="none")

    def score() -> int:
        model.get_perplexity(list(texts), batch_size=batch)
        return sum(counts)

    return score


def peak(mode: str) -> float:
    """Billions of operations a second in a product of the model's own shape, all cores, in the mode's numbers: what could be reached at most."""
    import openvino
    from openvino import opset13

    rows = opset13.parameter([1024, 576], openvino.Type.f32)
    product = opset13.matmul(rows, opset13.constant(np.ones((3072, 576), np.float32)), False, True)
    options = {"INFERENCE_PRECISION_HINT": "bf16" if mode == "bf16" else "f32", "INFERENCE_NUM_THREADS": run.cores(), "NUM_STREAMS": 1}
    request = openvino.Core().compile_model(openvino.Model([product], [rows], "peak"), "CPU", options).create_infer_request()
    given = np.ones((1024, 576), np.float32)
    best = min(_seconds(lambda: request.infer([given], share_inputs=True, share_outputs=True)) for _ in range(40))
    return 2 * 1024 * 576 * 3072 / best / 1e9


def operations(lengths: Sequence[int]) -> float:
    """Of scoring texts of so many tokens: 2 · (the products' multiply-adds a token, and attention's 2 · heads · head · layers for each token
    up to it)."""
    return sum(2.0 * (length * _PRODUCTS + _ATTENTION * length * (length + 1) / 2) for length in lengths)


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
    lines = ["# Benchmark of the language model", "", *(f"- {fact}" for fact in dict.fromkeys((*facts, *skipped))), ""]
    lines += ["| scored | tokens/s, median | from–to | our whole documents are faster by | from–to | our sentences are faster by | from–to |"]
    lines += ["|---|---|---|---|---|---|---|"]
    ours = [speeds[next(one.name for one in measures if one.unit == unit)] for unit in ("documents", "sentences")]
    for one in measures:
        found = speeds[one.name]
        row = f"| {one.name} | {statistics.median(found):,.0f} | {min(found):,.0f}–{max(found):,.0f} |"
        for mine in ours:
            ratios = sorted(a / b for a, b in zip(mine, found, strict=True))
            row += f" {statistics.median(ratios):.2f} × | {ratios[0]:.2f}–{ratios[-1]:.2f} |"
        lines.append(row)
    return "\n".join(lines) + "\n"


def peers(path: Path, work: Path, texts: dict[str, list[str]], counts: dict[str, list[int]], skipped: list[str]) -> list[Measure]:
    """What is measured of the peers that are installed; `skipped` gets a line for each that is not, or that does not run here."""
    model, tokeniser, context = torch_model(path)
    out = []
    folder = hub_folder(model, tokeniser, work)
    for unit, found in texts.items():
        ids = [[START, *tokeniser.encode(text, add_special_tokens=False).ids][:context] for text in found]
        words = [[tokeniser.id_to_token(one) for one in sequence] for sequence in ids]
        if unit == "sentences":
            out.append(Measure("transformers f32, sentences, padded 32 in file order", unit, plain(model, ids, batch=32, by_length=False)))
        out.append(Measure(f"transformers f32, {unit}, sorted 8", unit, plain(model, ids, batch=8, by_length=True)))
        wanted: dict[str, Callable[[], tuple[str, Score]]] = {
            "ctranslate2": lambda words=words: ctranslate2(folder, work, words),
            "minicons": lambda found=found, unit=unit: ("f32, batches of 8", minicons(folder, found, batch=8 if unit == "sentences" else 1)),
            "lmppl": lambda found=found, unit=unit: ("f32, batches of 8", lmppl(folder, found, counts[unit], batch=8 if unit == "sentences" else 1)),
        }
        for name, opened in wanted.items():
            if not importlib.util.find_spec(name):
                skipped.append(f"{name} is not installed here and was left out")
                continue
            try:
                setting, score = opened()
                score()
                out.append(Measure(f"{name}, {unit} ({setting if unit == 'sentences' or name == 'ctranslate2' else 'f32, one by one'})", unit, score))
            except (TypeError, ValueError, AttributeError, ImportError, OSError, RuntimeError) as error:
                skipped.append(f"{name} does not run here on {unit} ({type(error).__name__}: {str(error).splitlines()[0][:120]})")
    return out


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
    units = [("sentences", sentences), ("documents", whole)]
    measures = [
        Measure("auditor, sentences", "sentences", engine(scorer, sentences)),
        Measure("auditor, whole documents", "documents", engine(scorer, whole)),
    ]
    skipped = []
    ours = {unit: [len(one.logprobs) for one in scorer.score([Passage("", text) for text in texts])] for unit, texts in units}
    with tempfile.TemporaryDirectory() as work:
        if importlib.util.find_spec("torch"):
            measures += peers(path, Path(work), dict(units), ours, skipped)
        else:
            skipped.append("torch is not installed here: transformers and its relatives were left out")
        speeds = measured(measures, asked.rounds)
    most = peak(scorer.mode)
    size = f"{len(documents)} texts, {len(sentences)} sentences, {sum(ours['documents']):,} tokens; {run.cores()} cores"
    facts = [scorer.signature, f"{size}; {asked.rounds} rounds, interleaved; load {os.getloadavg()[0]:.1f} at the end"]
    for measure, (unit, _) in zip(measures, units, strict=False):
        reached = statistics.median(speeds[measure.name]) * operations(ours[unit]) / sum(ours[unit]) / 1e9
        facts.append(
            f"{unit}: {reached:,.0f} of the {most:,.0f} GFLOPS that a product of the model's own shape reaches here in {scorer.mode} "
            f"({100 * reached / most:.0f} %), counting 2 · {_PRODUCTS / 1e6:.1f} million operations a token and attention's 2 · {_ATTENTION:,} for "
            "each token up to it"
        )
    text = report(measures, speeds, skipped, facts)
    print(text)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(text, encoding="utf-8")
    scorer.close()


_PRODUCTS = 30 * (576 * 960 + 576 * 576 + 3 * 576 * 1536) + 576 * 49152
"""Multiply-adds of a token in the default model's products."""
_ATTENTION = 2 * 9 * 64 * 30
"""And of a pair of tokens in its attention."""

if __name__ == "__main__":
    sys.exit(main())
