"""The MQM score of a document, its interval, and what an editor does with it: fine, fix or hold."""

from __future__ import annotations

import random
from collections.abc import Sequence

from auditor.text.segment import segment_at
from auditor.types import Finding, Provenance, Quality, Segment, Severity, Triage

PENALTY = {Severity.NEUTRAL: 0, Severity.MINOR: 1, Severity.MAJOR: 5, Severity.CRITICAL: 25}
"""MQM severity multipliers (Lommel et al. 2024, “The Multi-Range Theory of Translation Quality Measurement”)."""

SHORT = 100
"""Target words below which a rate of errors says little; such a text has no score."""

_DRAWS = 500


def penalties(findings: Sequence[Finding], *, gating: bool = True) -> int:
    """The absolute penalty total: the multipliers of the findings that gate (or of all), each occurrence counted."""
    return sum(PENALTY[f.severity] * (1 + len(f.occurrences)) for f in findings if f.gating or not gating)


def quality(findings: Sequence[Finding], segments: Sequence[Segment], *, words: int) -> Quality:
    """RQS = 100 · (1 − APT / target words), not below 0, with a 95 % percentile bootstrap over sentences.

    Words are target words: without the source text there are no source words to divide by. None below SHORT words.
    """
    total = penalties(findings)
    if words < SHORT:
        return Quality(None, None, None, None, total, words)
    low, high = _interval(findings, segments)
    return Quality(_rqs(total, words), low, high, _rqs(penalties(findings, gating=False), words), total, words)


def _rqs(penalty: float, words: int) -> float:
    return round(max(0.0, 100.0 * (1.0 - penalty / words)), 1)


def _interval(findings: Sequence[Finding], segments: Sequence[Segment]) -> tuple[float, float]:
    """2.5th and 97.5th percentile of the score over sentences drawn with replacement; the draw has a fixed seed.

    A text without a penalty gets the rule of three (Hanley and Lippman-Hand 1983): up to three minor errors may have been there to find.
    """
    rows = [[0, len(segment.text.split())] for segment in segments]
    for finding in findings:
        for place in (finding.at, *finding.occurrences):
            segment = segment_at(segments, place.inner.start)
            if segment is not None and finding.gating:
                rows[segment.id][0] += PENALTY[finding.severity]
    if not any(penalty for penalty, _ in rows):
        return _rqs(3 * PENALTY[Severity.MINOR], max(1, sum(n for _, n in rows))), 100.0
    draw = random.Random(0)  # noqa: S311 (a bootstrap, not a secret)
    scores = []
    for _ in range(_DRAWS):
        picked = draw.choices(rows, k=len(rows))
        scores.append(_rqs(sum(p for p, _ in picked), max(1, sum(n for _, n in picked))))
    scores.sort()
    return scores[int(0.025 * _DRAWS)], scores[int(0.975 * _DRAWS) - 1]


def triage(findings: Sequence[Finding], provenance: Provenance, score: Quality, *, min_score: float) -> tuple[Triage, tuple[str, ...]]:
    """What an editor does with the document, and why.

    hold: not translated, a critical finding, or a score below `min_score`; fix: a finding that gates or a major one; else fine.
    """
    if not provenance.translated:
        return Triage.HOLD, ("not translated: the text stands in its source language",)
    critical = [f for f in findings if f.gating and f.severity is Severity.CRITICAL]
    if critical:
        return Triage.HOLD, tuple(f"critical: {f.message}" for f in critical[:3])
    if score.score is not None and score.score < min_score:
        return Triage.HOLD, (f"score {score.score:g} is below {min_score:g}",)
    gating = _counted([f for f in findings if f.gating])
    others = _counted([f for f in findings if not f.gating and f.severity.rank >= Severity.MAJOR.rank])
    if gating or others:
        return Triage.FIX, (", ".join(filter(None, (gating, f"{others} worth a look" if others else ""))),)
    if score.score is None:
        return Triage.FINE, (f"too short to score ({score.words} words)",)
    return Triage.FINE, ()


def _counted(findings: Sequence[Finding]) -> str:
    """“4 major, 1 minor”, the gravest first; empty without findings."""
    counts = [(severity, sum(f.severity is severity for f in findings)) for severity in reversed(Severity)]
    return ", ".join(f"{count} {severity}" for severity, count in counts if count)
