"""Measures what fluency is worth and writes `reports/fluency.md`.

python models/fluency/measure.py SHARED [--out reports/fluency.md]
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import data
import numpy as np
import pairs
import train
from train import Array

from auditor.cli.modelling import fluency
from auditor.cli.settings import resolve
from auditor.fluency import adjusted
from auditor.fluency.adjusted import Adjustment
from auditor.fluency.calibration import Calibration
from auditor.fluency.contrast import Gain, Verification
from auditor.fluency.document import sentences
from auditor.fluency.scorer import Scorer, Store

_EACH = 80
"""Sentences of a data set and language, at most."""
_ARTICLES = 60


def report(shared: Path, scorer: Scorer, calibration: Calibration, cache: Store | None) -> Iterator[str]:
    """The lines of the report."""
    assert calibration.adjustment is not None
    assert calibration.verification is not None
    yield "# What fluency is worth"
    yield ""
    yield f"Written by `models/fluency/measure.py`, {datetime.now(UTC):%Y-%m-%d}; {scorer.signature}."
    yield ""
    yield from _words(shared, scorer, calibration.adjustment, cache)
    yield from _segments(shared, scorer, calibration.adjustment, calibration.peak, cache)
    yield from _pairs(shared, scorer, calibration.verification, cache)
    yield from _native(calibration)


def _words(shared: Path, scorer: Scorer, adjustment: Adjustment, cache: Store | None) -> Iterator[str]:
    gold = data.gold(shared)
    told = list(data.told(gold, scorer, cache))
    outcome = np.array([marked for one in told for marked in one.marked])
    values = {
        "surprisal": np.array([word.surprisal for one in told for word in one.sentence.words]),
        "excess of the word": np.array([value for one in told for value in adjusted.excesses(one.sentence, adjustment)]),
        "adjusted surprisal": np.array(
            [value for one in told for value in adjusted.adjusted(adjusted.excesses(one.sentence, adjustment), adjustment)]
        ),
    }
    yield "## Words: does the score point at what annotators marked?"
    yield ""
    yield (
        f"{len(outcome):,} words of {len(gold)} gold documents, {outcome.mean():.3f} of them inside a span of either annotator; nothing was learnt "
        "from them. Area under the ROC curve with its 95% interval (documents drawn with replacement)."
    )
    yield ""
    yield "| score | area | interval |"
    yield "|---|---|---|"
    for name, found in values.items():
        middle, low, high = train.interval(told, found)
        yield f"| {name} | {middle:.3f} | {low:.3f}–{high:.3f} |"
    yield ""
    yield (
        "The words that one native word in fifty reaches (names and figures left out; thresholds from Wikinews): how many are named, and how many "
        "of them stand in a marked span."
    )
    yield ""
    yield "| named by | words named | in a marked span |"
    yield "|---|---|---|"
    native = [found for *_, found in sentences(data.native(shared, _ARTICLES), scorer, cache)]
    for name, used in (("surprisal", None), ("adjusted surprisal", adjustment)):
        ordered = sorted(value for found in native for value in adjusted.standing_out(found, used) if value is not None)
        least = ordered[int(0.98 * (len(ordered) - 1))]
        named = [
            marked
            for one in told
            for value, marked in zip(adjusted.standing_out(one.sentence, used), one.marked, strict=True)
            if value is not None and value >= least
        ]
        yield f"| {name} ≥ {least:.2f} nats | {len(named)} | {np.mean(named):.2f} |"
    yield ""


def _segments(shared: Path, scorer: Scorer, adjustment: Adjustment, peak: float, cache: Store | None) -> Iterator[str]:
    found: dict[tuple[str, str], list[data.Row]] = defaultdict(list)
    for row in data.rows(shared / "eval" / "segscores.jsonl"):
        found[row["dataset"], row["src_lang"]].append(row)
    yield "## Sentences: does it agree with human scores?"
    yield ""
    yield (
        f"Spearman's correlation of human scores (higher is better) with the negated figure, at most {_EACH} sentences of a set and language, each "
        "read by itself. Sets are never mixed; the four shares of neighbours were learnt from rows of bio-mqm, mlqe-pe and mqm; an interval is some "
        "±0.22 at 80 sentences."
    )
    yield ""
    yield "| set | from | sentences | mean surprisal | mean excess | share of words that stand out | length in words |"
    yield "|---|---|---|---|---|---|---|"
    for (dataset, source), rows in sorted(found.items()):
        random.Random(1).shuffle(rows)
        chosen = rows[:_EACH]
        human, figures = [], []
        documents = [data.prepared(row["mt"]) for row in chosen]
        sums = [[0.0, 0.0, 0.0, 0.0, 0.0] for _ in chosen]
        for number, _, inside, sentence in sentences(documents, scorer, cache):
            excess = adjusted.excesses(sentence, adjustment)
            high = [value for value in adjusted.standing_out(sentence, adjustment) if value is not None and value >= peak]
            for at, more in enumerate((-sum(logprob for _, logprob in inside), len(inside), sum(excess), len(high), len(excess))):
                sums[number][at] += more
        for row, (nats, tokens, excess_sum, high_count, words) in zip(chosen, sums, strict=True):
            if tokens and words:
                human.append(float(row["score"]))
                figures.append((-nats / tokens, -excess_sum / words, -high_count / words, -words))
        if len(human) >= 30:
            shown = " | ".join(f"{spearman(np.array(human), np.array(column)):+.2f}" for column in zip(*figures, strict=True))
            yield f"| {dataset} | {source} | {len(human)} | {shown} |"
    yield ""


def spearman(one: Array, other: Array) -> float:
    """The correlation of ranks, ties sharing theirs; 0 where one of them does not vary."""
    ranks = [_ranks(values) for values in (one, other)]
    return 0.0 if min(values.std() for values in ranks) == 0 else float(np.corrcoef(*ranks)[0, 1])


def _ranks(values: Array) -> Array:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place])


_GAINS: dict[str, Callable[[Gain], float]] = {
    "plain gain (log p of wording and what follows)": lambda gain: gain.nats,
    "what follows alone": lambda gain: gain.following,
    "plain gain less the wording by itself": lambda gain: gain.nats - gain.alone,
}
_KINDS: dict[str, Callable[[int], bool]] = {
    "as many words": lambda longer: longer == 0,
    "fewer words": lambda longer: longer < 0,
    "more words": lambda longer: longer > 0,
}


def _pairs(shared: Path, scorer: Scorer, verification: Verification, cache: Store | None) -> Iterator[str]:
    found = pairs.pairs(shared)
    gain = pairs.measured(found, scorer, cache)
    weighed = np.array([verification.odds(one) for one in gain])
    yield "## Wordings: does it prefer the better one?"
    yield ""
    yield (
        f"{len(found):,} places with a bad and a good wording, {len(found) // 3:,} each of mlqe-pe, DEMETR, lig-potet. “Preferred”: the gain of the "
        "good wording is above 0. “Right in 0.95 from”: the size of a gain from which its sign is right in 0.95, and the share of the pairs "
        "beyond it; a dash where there is none."
    )
    yield ""
    yield "| gain | preferred | right in 0.95 from | share | same number of words: preferred | from | share |"
    yield "|---|---|---|---|---|---|---|"
    same = np.array([pair.longer == 0 for pair in found])
    columns = {name: np.array([of(one) for one in gain]) for name, of in _GAINS.items()} | {"weighed (log odds)": weighed}
    for name, values in columns.items():
        yield f"| {name} | {_preferred(values)} | {_preferred(values[same])} |"
    yield ""
    yield (
        f"Weighed: {verification.wording} · Δ wording + {verification.following} · Δ what follows − {abs(verification.alone)} · Δ wording by itself. "
        f"{verification.source}. From {verification.sure} on (`sure`) it is right by itself:"
    )
    yield ""
    yield "| pairs | number | preferred | right from there on | share of pairs there |"
    yield "|---|---|---|---|---|"
    groups: dict[str, Sequence[bool]] = {
        "all": [True] * len(found),
        "learnt on (mlqe-pe, DEMETR)": [pair.dataset in pairs.LEARNT for pair in found],
        "tested on (lig-potet)": [pair.dataset in pairs.TESTED for pair in found],
        "post-edits (mlqe-pe, lig-potet)": [pair.phenomenon == "post-edit" for pair in found],
        **{f"suggestion of {name}": [of(pair.longer) for pair in found] for name, of in _KINDS.items()},
    }
    for phenomenon in sorted({pair.phenomenon for pair in found} - {"post-edit"}):
        groups[f"DEMETR {phenomenon}"] = [pair.phenomenon == phenomenon for pair in found]
    for name, chosen in groups.items():
        values = weighed[np.array(chosen)]
        if len(values) >= 20:
            right, share = pairs.at_odds(values, verification.sure)
            yield f"| {name} | {len(values)} | {(values > 0).mean():.2f} | {'–' if np.isnan(right) else f'{right:.3f}'} | {share:.2f} |"
    yield ""
    yield (
        "By the direction of the change: how many good and how many bad suggestions reach the odds, and how often a report is right if the rule's "
        f"pattern by itself is right in one of two and in three of four. A hit of a rule with `verify` stands from {verification.least} on (`least`)."
    )
    yield ""
    yield "| odds | suggestion of | good ones | bad ones | right, of 1 in 2 | right, of 3 in 4 |"
    yield "|---|---|---|---|---|---|"
    for odds in (verification.least, verification.sure):
        for name, of in {**_KINDS, "any number of words": lambda _: True}.items():
            good, bad = pairs.directed(found, weighed, of, odds)
            yield f"| {odds} | {name} | {good:.2f} | {bad:.3f} | {good / (good + bad):.3f} | {3 * good / (3 * good + bad):.3f} |"
    yield ""


def _preferred(values: Array) -> str:
    size, share = pairs.least(values)
    return f"{(values > 0).mean():.3f} | {'–' if np.isnan(size) else f'{size:.1f}'} | {share:.2f}"


def _native(calibration: Calibration) -> Iterator[str]:
    yield "## What it is compared with"
    yield ""
    yield f"{calibration.source}. A word stands out from {calibration.peak} nats on, which one native word in fifty reaches."
    yield ""
    yield "| group | tokens from | sentences | mean surprisal | deviation |"
    yield "|---|---|---|---|---|"
    for band in calibration.bands:
        yield f"| {band.group} | {band.least} | {band.sentences:,} | {band.mean:.2f} | {band.deviation:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("shared", type=Path, help="the folder that holds eval/ and gold/")
    parser.add_argument("--out", type=Path, default=Path("reports/fluency.md"))
    arguments = parser.parse_args()
    with fluency(resolve({}), quiet=False) as loaded:
        if loaded.scorer is None or loaded.calibration is None:
            sys.exit(f"no model to measure: {loaded.missing}")
        lines = list(report(arguments.shared, loaded.scorer, loaded.calibration, loaded.cache))
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
