"""BLEU, chrF and TER of a text against its reference, by sacreBLEU, each with its signature; the only place that asks sacreBLEU for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of sacreBLEU (0–100; TER may exceed it) and the signature that makes it comparable."""

    name: str
    score: float
    signature: str


def metrics(ours: Sequence[str], reference: Sequence[str]) -> tuple[Metric, ...]:
    """The metrics of sentences against one reference each; none without a sentence."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

    if not ours:
        return ()
    found = []
    for metric in (BLEU(), CHRF(), TER()):
        score = metric.corpus_score(list(ours), [list(reference)])
        found.append(Metric(str(score.name), round(float(score.score), 2), str(metric.get_signature())))
    return tuple(found)
