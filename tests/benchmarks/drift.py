"""How far the numeric modes of the light engine stand from float32, on whole documents.

    python tests/benchmarks/drift.py TEXT… [--cache FOLDER] [--modes bf16 int8] [--torch N] [--out FILE]

Each mode is compared with our own float32, and that with transformers' float32 on the first N documents where torch is installed.
"""

# ruff: noqa: T201 (a script)
from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import platformdirs

from auditor.fluency import load, manifest, pull
from auditor.fluency.scorer import Passage, Tokens
from auditor.text.segment import segment
from auditor.types import Document

PEAKS = 100


def sentences(document: Document, tokens: Tokens) -> list[float]:
    """Mean surprisal of each segment, a token being where its last code point is."""
    sums = [[] for _ in document.segments]
    for (_, end), logprob in zip(tokens.spans, tokens.logprobs, strict=True):
        place = next((number for number, one in enumerate(document.segments) if one.span.start < end <= one.span.end), None)
        if place is not None:
            sums[place].append(-logprob)
    return [float(np.mean(values)) for values in sums if values]


def ranks(values: Sequence[float]) -> np.ndarray:
    """Places in order, equal values at their mean place."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


def row(name: str, documents: Sequence[Document], ours: Sequence[Tokens], theirs: Sequence[Tokens]) -> str:
    """A line of the table: `ours` against `theirs`."""
    a, b = (np.concatenate([found.logprobs for found in side]) for side in (ours, theirs))
    c, d = ([value for document, found in zip(documents, side, strict=True) for value in sentences(document, found)] for side in (ours, theirs))
    spearman = np.corrcoef(ranks(c), ranks(d))[0, 1]
    same = len(set(np.argsort(a)[:PEAKS].tolist()) & set(np.argsort(b)[:PEAKS].tolist()))
    gap = a - b
    return f"| {name} | {len(a):,} | {gap.mean():+.5f} | {abs(gap).mean():.5f} | {abs(gap).max():.3f} | {spearman:.5f} | {same} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument(
        "--cache", type=Path, default=Path(os.environ.get("AUDITOR_CACHE") or platformdirs.user_cache_path("auditor", appauthor=False))
    )
    parser.add_argument("--modes", nargs="+", default=["bf16", "int8"])
    parser.add_argument("--torch", type=int, default=0, help="documents that transformers reads too")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    documents = [segment(Document(str(path), path.read_text(encoding="utf-8"))) for path in asked.texts]
    passages = [Passage("", document.text) for document in documents]
    found = manifest.manifest("smollm2-135m-instruct")
    path = pull.pull(found, asked.cache, offline=True)
    results = {}
    names = {}
    for mode in ("f32", *asked.modes):
        scorer = load.load(found, path, cache=asked.cache, mode=mode)
        results[mode], names[mode] = scorer.score(passages), scorer.signature
        scorer.close()
    lines = ["| mode, against | tokens | mean gap, nats | mean \\|gap\\| | largest | Spearman of sentences | of the top 100 peaks the same |"]
    lines += ["|---|---|---|---|---|---|---|"]
    lines += [row(f"{mode}, f32", documents, results[mode], results["f32"]) for mode in asked.modes]
    if asked.torch:
        reference = plain(path, documents[: asked.torch])
        some = documents[: asked.torch]
        lines += [row(f"{mode}, transformers f32", some, results[mode][: asked.torch], reference) for mode in results]
    text = "\n".join([*(f"- {name}" for name in names.values()), "", *lines]) + "\n"
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")


def plain(path: Path, documents: Sequence[Document]) -> list[Tokens]:
    """Documents of one window read by transformers, float32."""
    import torch
    from fluency import START, torch_model  # beside this script

    model, tokeniser, _ = torch_model(path)
    out = []
    for document in documents:
        encoded = tokeniser.encode(document.text, add_special_tokens=False)
        ids = torch.tensor([[START, *encoded.ids]])
        with torch.inference_mode():
            logprobs = torch.log_softmax(model(ids).logits[0, :-1], -1).gather(1, ids[0, 1:, None])[:, 0].tolist()
        out.append(Tokens(tuple(encoded.offsets), tuple(logprobs)))
    return out


if __name__ == "__main__":
    sys.exit(main())
