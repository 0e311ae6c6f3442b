"""Reads texts with the language model, once, and keeps what the eye is shown of each word; a killed run goes on where it stopped.

    python models/eye/extract.py TEXTS.jsonl OUT [--mode bf16]

writes OUT/NNNN.npz, a file for every hundred texts: `texts` (their numbers), `counts` (words of each), `spans`, `states` (float16), `scalars`.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from auditor.fluency import load, manifest, pull
from auditor.fluency.document import stretches
from auditor.learned.words import LAYERS, SCALARS, rows
from auditor.text.segment import segment
from auditor.types import Document

_SHARD = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--mode", default="bf16")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache/auditor")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    texts = [json.loads(line)["text"] for line in arguments.texts.read_text(encoding="utf-8").splitlines()]
    chosen = manifest.manifest(arguments.model)
    path = pull.pull(chosen, arguments.cache, offline=False)
    reader = load.load(chosen, path, cache=arguments.cache, mode=arguments.mode, workers=arguments.workers, layers=LAYERS)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "signature.txt").write_text(reader.signature + "\n", encoding="utf-8")
    began, words = time.time(), 0
    for start in range(0, len(texts), _SHARD):
        target = arguments.out / f"{start // _SHARD:04}.npz"
        if target.exists():
            continue
        part = texts[start : start + _SHARD]
        cut = [stretches(segment(Document("", text))) for text in part]
        readings = iter(reader.read([piece.passage for found in cut for piece in found]))
        spans, states, scalars, counts = [], [], [], []
        for found in cut:
            before = len(spans)
            for piece in found:
                seen = rows(piece.passage, next(readings))
                spans += [(piece.start + begin, piece.start + end) for begin, end in seen.spans]
                states.append(seen.states.astype(np.float16))
                scalars.append(seen.scalars)
            counts.append(len(spans) - before)
        made = target.with_suffix(".part")
        with made.open("wb") as file:
            np.savez(
                file,
                counts=np.array(counts, np.int32),
                spans=np.array(spans, np.int32).reshape(-1, 2),
                states=np.concatenate(states) if states else np.zeros((0, 0), np.float16),
                scalars=np.concatenate(scalars) if scalars else np.zeros((0, len(SCALARS)), np.float32),
            )
        made.replace(target)
        words += len(spans)
        print(f"{min(start + _SHARD, len(texts))} of {len(texts)} texts, {words / (time.time() - began):.0f} words/s", flush=True)
    reader.close()


if __name__ == "__main__":
    main()
