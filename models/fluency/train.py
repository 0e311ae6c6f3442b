"""Learns what the default model's manifest says of words: what native news needs for a word, and the share of its neighbours.

    python models/fluency/train.py SHARED [--write]

Expected surprisal: least squares over the words of Wikinews. Shares of the neighbours: a logistic regression of "marked by an
annotator" on the excesses, each data set with the weight of the root of its words; shares are relative to the word's own weight.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import data
import numpy as np

from auditor.cli.modelling import fluency
from auditor.cli.settings import resolve
from auditor.fluency import adjusted, manifest
from auditor.fluency.adjusted import Adjustment, Sentence
from auditor.fluency.document import sentences
from auditor.fluency.scorer import Scorer, Store

_ARTICLES = 60
_RIDGE = 1.0
_STEPS = 25

Array = np.ndarray[Any, Any]


def logistic(values: Array, outcome: Array, weights: Array) -> Array:
    """The weights of a logistic regression with a constant (last), by Newton's method with a small ridge on all but the constant."""
    values = np.hstack([values, np.ones((len(values), 1))])
    ridge = np.diag([_RIDGE] * (values.shape[1] - 1) + [0.0])
    found = np.zeros(values.shape[1])
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-values @ found))
        slope = values.T @ (weights * (outcome - share)) - ridge @ found
        bend = (values * (weights * share * (1 - share))[:, None]).T @ values + ridge
        found = found + np.linalg.solve(bend, slope)
    return found


def area(outcome: Array, score: Array) -> float:
    """The area under the ROC curve: how often a marked word scores higher than one that is not marked, ties half."""
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    marked = int(outcome.sum())
    return float((ranks[outcome].sum() - marked * (marked + 1) / 2) / (marked * (len(outcome) - marked)))


def near(found: Sequence[data.Told], datasets: Sequence[str], adjustment: Adjustment) -> tuple[float, float, float, float]:
    """The shares of the neighbours, rounded to hundredths."""
    values, outcome, origin = [], [], []
    for one in found:
        excess = [0.0, 0.0, *adjusted.excesses(one.sentence, adjustment), 0.0, 0.0]
        for at, marked in enumerate(one.marked, 2):
            values.append([excess[at], excess[at - 2], excess[at - 1], excess[at + 1], excess[at + 2]])
            outcome.append(marked)
            origin.append(datasets[one.text])
    sizes = Counter(origin)
    weights = np.array([1 / np.sqrt(sizes[name]) for name in origin])
    own, *others = logistic(np.array(values), np.array(outcome), weights / weights.mean())[:-1]
    two_before, before, after, two_after = (round(float(weight / own), 2) for weight in others)
    return two_before, before, after, two_after


def interval(found: Sequence[data.Told], score: Array, *, draws: int = 1000) -> tuple[float, float, float]:
    """The area with its 95% interval, documents drawn with replacement."""
    text = np.array([one.text for one in found for _ in one.marked])
    outcome = np.array([marked for one in found for marked in one.marked])
    places = [np.flatnonzero(text == number) for number in sorted(set(text.tolist()))]
    draw = np.random.default_rng(0)
    areas = sorted(
        area(outcome[chosen], score[chosen])
        for chosen in (np.concatenate([places[at] for at in draw.integers(0, len(places), len(places))]) for _ in range(draws))
    )
    return area(outcome, score), areas[int(0.025 * draws)], areas[int(0.975 * draws) - 1]


def learn(shared: Path, scorer: Scorer, cache: Store | None) -> Adjustment:
    """The whole adjustment, with its figures in `source`."""
    gold = data.gold(shared)
    articles: list[Sentence] = [found for *_, found in sentences(data.native(shared, _ARTICLES), scorer, cache)]
    words = sum(len(found.words) for found in articles)
    learnt = adjusted.learn(articles, source="")
    assert learnt is not None
    texts = data.labelled(shared, gold)
    told = list(data.told(texts, scorer, cache))
    learnt = replace(learnt, near=near(told, [text.dataset for text in texts], learnt))
    measured = list(data.told(gold, scorer, cache))
    raw = interval(measured, np.array([word.surprisal for one in measured for word in one.sentence.words]))
    excess = interval(measured, np.array([value for one in measured for value in adjusted.excesses(one.sentence, learnt)]))
    whole = interval(measured, np.array([value for one in measured for value in adjusted.adjusted(adjusted.excesses(one.sentence, learnt), learnt)]))
    for name, (middle, low, high) in (("surprisal", raw), ("excess", excess), ("adjusted surprisal", whole)):
        print(f"{name:20} area {middle:.3f} ({low:.3f}–{high:.3f}) on {sum(len(one.marked) for one in measured)} words of {len(gold)} documents")
    sizes = Counter(dict.fromkeys(data.FREE, 0))
    for one in told:
        sizes[texts[one.text].dataset] += len(one.marked)
    origin = ", ".join(f"{name} {count:,}" for name, count in sizes.items())
    return replace(
        learnt,
        source=f"expected: {words:,} words of {_ARTICLES} Wikinews articles (CC BY 2.5); near: words of {origin} (CC0, the others Apache-2.0), "
        f"none that shares seven words in a row or a source sentence with the gold; learnt {datetime.now(UTC):%Y-%m-%d}, {scorer.signature}; "
        f"area on the gold {whole[0]:.3f} ({whole[1]:.3f}–{whole[2]:.3f}), raw surprisal {raw[0]:.3f}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("shared", type=Path, help="the folder that holds eval/ and gold/")
    parser.add_argument("--write", action="store_true", help="write it into the manifest of the model")
    arguments = parser.parse_args()
    settings = resolve({})
    with fluency(settings, quiet=False) as loaded:
        if loaded.scorer is None or loaded.calibration is None:
            sys.exit(f"no model to learn with: {loaded.missing}")
        learnt = learn(arguments.shared, loaded.scorer, loaded.cache)
        print(adjusted.render(learnt))
        if arguments.write:
            manifest.store(manifest.manifest(settings.model), replace(loaded.calibration, adjustment=learnt))


if __name__ == "__main__":
    main()
