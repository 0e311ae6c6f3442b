"""Pairs of a bad and a good wording in one place, and how well a model tells them apart.

    python models/fluency/pairs.py SHARED [--write]

The pairs are the corrections of post-editors and the minimal pairs of challenge sets, each in the corrected sentence. The weights of a gain
(`fluency.contrast.Verification`) are learnt on mlqe-pe and DEMETR and tested on lig-potet, news that they have not seen.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path

import data
import numpy as np
from train import Array

from auditor.cli.modelling import fluency
from auditor.cli.settings import resolve
from auditor.fluency import contrast, manifest
from auditor.fluency.contrast import Contrast, Gain, Verification, gains
from auditor.fluency.scorer import Scorer, Store

_TOKEN = re.compile(r"\w+(?:['’.\-]\w+)*|[^\w\s]")
_EACH = 600
"""Pairs of each data set."""
_LONGEST, _REGIONS = 6, 4
"""Tokens of a wording, and changed places of a sentence, beyond which it was rewritten and not mended."""
LEARNT, TESTED = ("mlqe-pe", "demetr"), ("lig-potet",)
RIGHT = 0.95
LEAST = 0.5
"""The odds (logarithm) from which a hit stands: good suggestions reach them 6 times as often as bad ones, which makes three of four 0.95."""
SURE = 3.0
"""The odds from which the model is right in `RIGHT` by itself: above those that mlqe-pe, the harder set that is learnt on, needs (2.7)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A place with a bad and a good wording; `longer`: the words that the good one has more."""

    dataset: str
    phenomenon: str
    sentence: str
    request: Contrast
    longer: int


def pairs(shared: Path) -> list[Pair]:
    """A fixed sample of the pairs."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for row in data.rows(shared / "eval" / "postedits.jsonl"):
        found[row["dataset"]] += _pairs(row["dataset"], "post-edit", row["id"], row["pe"], row["mt"])
    for row in data.rows(shared / "eval" / "challenge.jsonl"):
        if row["dataset"] == "demetr":
            found["demetr"] += _pairs("demetr", row["phenomenon"], row["id"], row["good"], row["bad"])
    out = []
    for dataset in (*LEARNT, *TESTED):
        chosen = found[dataset]
        random.Random(3).shuffle(chosen)
        out += chosen[:_EACH]
    return out


def _pairs(dataset: str, phenomenon: str, name: str, good: str, bad: str) -> Iterator[Pair]:
    rights, wrongs = (list(_TOKEN.finditer(text)) for text in (good, bad))
    places: list[tuple[int, int, int, int]] = []
    for tag, start, end, other, other_end in SequenceMatcher(
        None, [t.group() for t in rights], [t.group() for t in wrongs], autojunk=False
    ).get_opcodes():
        if tag != "equal":
            joined = bool(places) and start - places[-1][1] <= 1
            places[-1:] = [(places[-1][0], end, places[-1][2], other_end)] if joined else [*places[-1:], (start, end, other, other_end)]
    if len(places) > (1 if dataset == "demetr" else _REGIONS):
        return
    for start, end, other, other_end in places:
        if max(end - start, other_end - other) > _LONGEST or start < 3 or end >= len(rights) - 1 or other_end >= len(wrongs):
            continue
        better, worse = _words(rights[start:end]), _words(wrongs[other:other_end])
        if better == worse or any(map(str.isdigit, "".join(better + worse))):
            continue  # typography, and figures, which no model knows
        more = not better or not worse
        right = good[rights[start].start() : rights[end - 1 + more].end()]
        wrong = bad[wrongs[other].start() : wrongs[other_end - 1 + more].end()]
        request = Contrast(good[: rights[start].start()], wrong, (right,), good[rights[end - 1 + more].end() :])
        yield Pair(dataset, phenomenon, name, request, len(better) - len(worse))


def _words(found: Sequence[re.Match[str]]) -> list[str]:
    return [token.group().lower() for token in found if token.group()[0].isalnum()]


def measured(found: Sequence[Pair], scorer: Scorer, cache: Store | None) -> list[Gain]:
    """The gain of the good wording over the bad one of each pair."""
    return [gain for (gain,) in gains(scorer, [pair.request for pair in found], cache=cache)]


def learn(found: Sequence[Pair], gain: Sequence[Gain]) -> tuple[float, float, float]:
    """The weights: a logistic regression without a constant, each pair read in both directions."""
    values = np.array([[one.wording, one.following, one.alone] for one, pair in zip(gain, found, strict=True) if pair.dataset in LEARNT])
    weights = np.zeros(3)
    for _ in range(25):
        share = 1 / (1 + np.exp(-values @ weights))
        bend = (values * (share * (1 - share))[:, None]).T @ values + np.eye(3)
        weights = weights + np.linalg.solve(bend, values.T @ (1 - share) - weights)
    wording, following, alone = (round(float(weight), 3) for weight in weights)
    return wording, following, alone


def least(values: Array, right: float = RIGHT, fewest: int = 20) -> tuple[float, float]:
    """The size of a gain from which its sign is right in that share, and the share of pairs beyond; NaN and 0 where there is none."""
    order = np.argsort(-np.abs(values))
    shares = np.cumsum(values[order] > 0) / np.arange(1, len(values) + 1)
    enough = [at for at in range(fewest - 1, len(values)) if shares[at] >= right]
    return (float(abs(values[order][enough[-1]])), (enough[-1] + 1) / len(values)) if enough else (float("nan"), 0.0)


def at_odds(values: Array, odds: float) -> tuple[float, float]:
    """How often the sign is right from those odds on, and the share of pairs beyond."""
    beyond = values[np.abs(values) >= odds]
    return (float((beyond > 0).mean()) if len(beyond) else float("nan")), len(beyond) / max(1, len(values))


def directed(found: Sequence[Pair], values: Array, chosen: Callable[[int], bool], odds: float) -> tuple[float, float]:
    """Of good suggestions of a kind (`chosen` by the words they have more) the share that reaches the odds, and of bad ones of that kind."""
    good = np.array([value for pair, value in zip(found, values, strict=True) if chosen(pair.longer)])
    bad = np.array([-value for pair, value in zip(found, values, strict=True) if chosen(-pair.longer)])
    return float((good >= odds).mean()), float((bad >= odds).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("shared", type=Path, help="the folder that holds eval/")
    parser.add_argument("--write", action="store_true", help="write it into the manifest of the model")
    arguments = parser.parse_args()
    settings = resolve({})
    with fluency(settings, quiet=False) as loaded:
        if loaded.scorer is None or loaded.calibration is None:
            sys.exit(f"no model to learn with: {loaded.missing}")
        found = pairs(arguments.shared)
        gain = measured(found, loaded.scorer, loaded.cache)
        learnt = Verification(_source(found, gain, loaded.scorer.signature), *learn(found, gain), LEAST, SURE)
        print(contrast.render(learnt))
        if arguments.write:
            manifest.store(manifest.manifest(settings.model), replace(loaded.calibration, verification=learnt))


def _source(found: Sequence[Pair], gain: Sequence[Gain], signature: str) -> str:
    weights = Verification("", *learn(found, gain), LEAST, SURE)
    tested = np.array([weights.odds(one) for one, pair in zip(gain, found, strict=True) if pair.dataset in TESTED])
    right, share = at_odds(tested, SURE)
    learnt = sum(pair.dataset in LEARNT for pair in found)
    return (
        f"learnt on {learnt:,} pairs of mlqe-pe (CC0) and DEMETR (MIT), tested on {len(tested)} of lig-potet: the better wording preferred in "
        f"{(tested > 0).mean():.3f}, from sure on right in {right:.3f} ({share:.2f} of the pairs); {datetime.now(UTC):%Y-%m-%d}, {signature}"
    )


if __name__ == "__main__":
    main()
