"""How surprising native English news is to a model; the only place that turns a surprisal into a percentile."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any

from auditor import tables
from auditor.errors import DataError
from auditor.fluency import adjusted, contrast
from auditor.fluency.adjusted import NO_WORDS, Adjustment, Sentence
from auditor.fluency.contrast import Verification
from auditor.types import Scope

LEVELS = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 95.0, 98.0, 99.0, 99.5, 99.9, 100.0)
"""The percentiles that are stored; between two of them a percentile is interpolated."""
LENGTHS = (1, 8, 16, 32)
"""Least tokens of each band of sentence lengths: short sentences scatter more."""
GROUPS = ("headline", "opening", "text")
"""Sentences are compared within their group: headlines; sentences before which nothing stands; the rest."""
_FEWEST = 50
"""Sentences that a band needs; one with fewer is joined with the next longer one."""
_PEAK = 0.98
"""The share of native words that are no peak."""


@dataclass(frozen=True, slots=True)
class Band:
    """Mean surprisals (nats per token) of native sentences of one group from `least` tokens on, up to the next band."""

    group: str
    least: int
    sentences: int
    mean: float
    deviation: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """`peak` is what one native word in fifty exceeds, names and figures left out: of its adjusted surprisal where there is an `adjustment`, else of
    its surprisal (nats). `source` says which texts and which scorer."""

    source: str
    words: int
    peak: float
    bands: tuple[Band, ...]
    adjustment: Adjustment | None = None
    verification: Verification | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A native sentence: its group, number of tokens, mean surprisal, and words."""

    group: str
    tokens: int
    surprisal: float
    sentence: Sentence = NO_WORDS


def group(scope: Scope, *, opening: bool) -> str:
    """The group of a segment; `opening`: it is the first of its document."""
    return "headline" if scope is Scope.HEADLINE else "opening" if opening else "text"


def percentile(calibration: Calibration, surprisal: float, tokens: int, scope: Scope, *, opening: bool = False) -> float:
    """The share (0–100) of comparable native sentences with a lower mean surprisal, interpolated between the stored quantiles.

    Comparable: same group, same band of lengths; where too few of that length were seen, the nearest band; where the group was not seen at
    all, running text. Of n sentences none can say more than n / (n + 1): a thin band claims no extremes.
    """
    band = _band(calibration, tokens, group(scope, opening=opening))
    most = 100 * band.sentences / (band.sentences + 1)
    quantiles = band.quantiles
    if surprisal <= quantiles[0]:
        return LEVELS[0]
    if surprisal >= quantiles[-1]:
        return round(most, 3)
    upper = bisect_right(quantiles, surprisal)
    low, high = quantiles[upper - 1], quantiles[upper]
    share = (surprisal - low) / (high - low)
    return round(min(most, LEVELS[upper - 1] + share * (LEVELS[upper] - LEVELS[upper - 1])), 3)


def _band(calibration: Calibration, tokens: int, group: str) -> Band:
    for wanted in (group, "text"):
        bands = [band for band in calibration.bands if band.group == wanted]
        if bands:
            place = bisect_right([band.least for band in bands], tokens)
            return bands[max(0, place - 1)]
    raise DataError("a calibration has no band for running text")


def calibrate(samples: Iterable[Sample], *, source: str, adjustment: Adjustment | None = None) -> Calibration:
    """The calibration of a model from native sentences that were scored in the context of their documents.

    Quantiles are the nearest ranks of the sorted surprisals. The `adjustment`, where none is given, is learnt from the same sentences.
    DataError when there are too few sentences of running text.
    """
    values: dict[tuple[str, int], list[float]] = {}
    sentences: list[Sentence] = []
    for sample in samples:
        if sample.tokens:
            least = LENGTHS[bisect_right(LENGTHS, sample.tokens) - 1]
            values.setdefault((sample.group, least), []).append(sample.surprisal)
            sentences.append(sample.sentence)
    bands = tuple(
        _summary(group, least, sorted(found))
        for group in GROUPS
        for least, found in _joined({least: values[group, least] for least in LENGTHS if (group, least) in values})
    )
    adjustment = adjustment or adjusted.learn(sentences, source=source)
    words = sorted(value for sentence in sentences for value in adjusted.standing_out(sentence, adjustment) if value is not None)
    if not words or not any(band.group == "text" for band in bands):
        raise DataError(f"too few sentences to calibrate with: {sum(map(len, values.values()))}, at least {_FEWEST} of one length are needed")
    return Calibration(source, len(words), round(words[int(_PEAK * (len(words) - 1))], 3), bands, adjustment)


def _joined(values: Mapping[int, Sequence[float]]) -> list[tuple[int, list[float]]]:
    """The bands of a group by least length, thin ones joined with the next longer one, the last with the one before; none if all is thin."""
    out: list[tuple[int, list[float]]] = []
    begun: tuple[int, list[float]] | None = None
    for least, found in values.items():
        begun = (begun[0], [*begun[1], *found]) if begun else (least, list(found))
        if len(begun[1]) >= _FEWEST:
            out.append(begun)
            begun = None
    if begun and out:
        out[-1][1].extend(begun[1])
    return out


def _summary(group: str, least: int, ordered: Sequence[float]) -> Band:
    mean = sum(ordered) / len(ordered)
    deviation = sqrt(sum((value - mean) ** 2 for value in ordered) / len(ordered))
    quantiles = tuple(round(ordered[round(level / 100 * (len(ordered) - 1))], 4) for level in LEVELS)
    return Band(group, least, len(ordered), round(mean, 4), round(deviation, 4), quantiles)


def parse(path: Path, text: str, table: Mapping[str, Any]) -> Calibration:
    """A manifest's [calibration]. DataError with file, line and key."""
    tables.refuse_unknown(table, ("source", "words", "peak", "levels", "band", "adjusted", "verification"), path=path, text=text, table="calibration")
    if tuple(table.get("levels", ())) != LEVELS:
        raise tables.wrong(path, text, "calibration", "levels", f"are not the levels {list(LEVELS)}")
    try:
        bands = tuple(Band(**{**band, "quantiles": tuple(band["quantiles"])}) for band in table["band"])
        adjustment = adjusted.parse(path, text, table["adjusted"]) if "adjusted" in table else None
        verification = contrast.parse(path, text, table["verification"]) if "verification" in table else None
        found = Calibration(str(table["source"]), int(table["words"]), float(table["peak"]), bands, adjustment, verification)
    except (KeyError, TypeError, ValueError) as error:
        raise tables.wrong(path, text, "calibration", None, f"is incomplete or malformed ({error})") from error
    if "text" not in {band.group for band in bands}:
        raise tables.wrong(path, text, "calibration", "band", "has none of the group “text”")
    for band in bands:
        if band.group not in GROUPS:
            raise tables.wrong(path, text, "calibration.band", "group", f"is “{band.group}”, not one of {', '.join(GROUPS)}")
        if len(band.quantiles) != len(LEVELS) or any(low > high for low, high in pairwise(band.quantiles)):
            raise tables.wrong(
                path, text, "calibration.band", "quantiles", f"of “{band.group}”, {band.least} are not {len(LEVELS)} ascending numbers"
            )
    return found


def render(calibration: Calibration) -> str:
    """The calibration as the TOML that `parse` reads."""
    lines = [
        "[calibration]",
        f'source = "{calibration.source}"',
        f"words = {calibration.words}",
        f"peak = {calibration.peak}",
        f"levels = {list(LEVELS)}",
    ]
    if calibration.adjustment:
        lines += ["", adjusted.render(calibration.adjustment).rstrip()]
    if calibration.verification:
        lines += ["", contrast.render(calibration.verification).rstrip()]
    for band in calibration.bands:
        lines += ["", "[[calibration.band]]", f'group = "{band.group}"', f"least = {band.least}", f"sentences = {band.sentences}"]
        lines += [f"mean = {band.mean}", f"deviation = {band.deviation}", f"quantiles = {list(band.quantiles)}"]
    return "\n".join(lines) + "\n"
