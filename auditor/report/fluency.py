"""The fluency of a document as the figures and the sentence that the formats print: the only place that sums its scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from auditor.report.phrasing import count
from auditor.types import Score

RARE = 95.0
"""A sentence at or above this percentile is among the least fluent 5% of native news."""


def surprisal_mean(scores: Iterable[Score]) -> float | None:
    """Nats per token over all sentences, a ratio of sums; None when nothing was scored."""
    logprob, tokens = 0.0, 0
    for score in scores:
        logprob += score.logprob
        tokens += score.tokens
    return -logprob / tokens if tokens else None


def percentile(scores: Iterable[Score]) -> float | None:
    """The median of the percentiles of a document's sentences against native news; None without a calibration."""
    known = [score.percentile for score in scores if score.percentile is not None]
    return median(known) if known else None


def fluency_words(scores: Sequence[Score]) -> str:
    """One sentence on the fluency of a document; empty without a calibration."""
    typical = percentile(scores)
    if typical is None:
        return ""
    known = [score.percentile for score in scores if score.percentile is not None]
    rare = sum(value >= RARE for value in known)
    return (
        f"Fluency: the median sentence is less fluent than {typical:.0f}% of native news; {rare:,} of {count(len(known), 'sentence')} in the last 5%."
    )
