"""Fits the weights of a hint: which edits of licensed texts gain by what the pass that scores says of them. Prints the table [hint].

    python models/edits/fit.py TEXTS.jsonl [--each 40] [--gain 3.0] [--least -2.2]

TEXTS holds an object a line with the key "text": machine translation and native copy.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np

from auditor.edits import hints, weigh
from auditor.edits.hints import FEATURES, Hint, Lookout, Watch
from auditor.edits.propose import HOWS, SCHEMA, book
from auditor.fluency import load, manifest, pull
from auditor.fluency.contrast import gains
from auditor.fluency.document import score
from auditor.rules.loader import load_pack, packs_folder
from auditor.text import lexicon
from auditor.text.segment import segment
from auditor.types import Document, Span

Array = np.ndarray
_STEPS = 30
_RIDGE = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache/auditor")
    parser.add_argument("--each", type=int, default=40, help="edits that are weighed of a text")
    parser.add_argument("--gain", type=float, default=3.0, help="nats from which an edit counts")
    parser.add_argument("--least", type=float, default=-2.2, help="log-odds of a hint")
    arguments = parser.parse_args()
    chosen = manifest.manifest(arguments.model)
    path = pull.pull(chosen, arguments.cache, offline=False)
    teller = load.load(chosen, path, cache=arguments.cache, layers=(hints.LAYER,))
    allowed = book(load_pack(packs_folder() / "grammar.toml", {"edit": SCHEMA}, trusted=True))
    # Every edit whose word is about as probable as the one that stands there.
    loose = Lookout(allowed, lexicon.common("en").__contains__, tuple(float(name == "left") for name in FEATURES), 0.0, -1.0)
    documents = [segment(Document("", json.loads(line)["text"])) for line in arguments.texts.read_text(encoding="utf-8").splitlines()]
    draw = random.Random(0)
    rows: list[list[float]] = []
    gained: list[bool] = []
    for document in documents:
        watch = Watch(teller, loose, None)
        score([document], watch, cache=watch)
        found = watch.of(document, {how: [Span(0, len(document.text))] for how in HOWS})
        found = draw.sample(found, min(arguments.each, len(found)))
        for hint, (gain, *_) in zip(found, gains(teller, [weigh.in_place(document, hint) for hint in found]), strict=True):
            rows.append(_row(hint))
            gained.append(gain.nats >= arguments.gain)
    weights = _fitted(np.array(rows), np.array(gained, np.float64))
    print(f"# {len(rows)} edits of {len(documents)} texts, {sum(gained)} of which gain {arguments.gain} nats")
    print("[hint]", *(f"{name} = {weight:.2f}" for name, weight in zip((*FEATURES, "constant"), weights, strict=True)), sep="\n")
    print(f"least = {arguments.least}")
    teller.close()


def _row(hint: Hint) -> list[float]:
    hows = [float(hint.edit.how == how) for how in HOWS]
    return [*hows, hint.left, hint.chance, *hint.surprisals, float(hint.left == 0.0), 1.0]


def _fitted(rows: Array, gained: Array) -> Array:
    """Logistic regression by Newton's steps, a small ridge on all weights but the constant."""
    weights = np.zeros(rows.shape[1])
    ridge = _RIDGE * np.eye(rows.shape[1])
    ridge[-1, -1] = 0.0
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (share - gained) + ridge @ weights
        curve = (rows * (share * (1 - share))[:, None]).T @ rows + ridge
        weights -= np.linalg.solve(curve, slope)
    return weights


if __name__ == "__main__":
    main()
