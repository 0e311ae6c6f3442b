"""The MQM score of a document, raw and calibrated, its interval, and what an editor does with it: fine, fix or hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.mqm.interval import interval
from auditor.text.at import segment_at
from auditor.types import Finding, Provenance, Quality, Segment, Severity, Triage

PENALTY = {Severity.NEUTRAL: 0, Severity.MINOR: 1, Severity.MAJOR: 5, Severity.CRITICAL: 25}
"""MQM severity multipliers (Lommel et al. 2024, “The Multi-Range Theory of Translation Quality Measurement”)."""

SHORT = 100
"""Target words below which a rate of errors says little; such a text has no score."""

MOST = 100.0
"""MSV, the maximum score value."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The parameters of MQM's linear calibrated score (Lommel et al. 2024, section on scoring models; themqm.org): a text with `acceptable` penalty
    points in `reference` words gets the score `threshold`."""

    threshold: float = 90.0
    """PT, the passing threshold."""
    acceptable: float = 10.0
    """APP, the acceptable penalty points for the reference word count: ten minor errors or two major ones."""
    reference: int = 1000
    """RWC, the reference word count."""

    @property
    def factor(self) -> float:
        """SF, the scaling factor: (MSV − PT) / APP."""
        return (MOST - self.threshold) / self.acceptable

    @property
    def named(self) -> str:
        """The parameters by their names in MQM."""
        return f"MSV {MOST:g}, PT {self.threshold:g}, APP {self.acceptable:g} per RWC {self.reference:,}"


CALIBRATION = Calibration()

MEANING = (
    "A score is a sample: of 100 texts as long as this one, 95 have an interval that holds the score which the system behind them earns "
    "in the long run."
)
"""What the interval says; its coverage is measured (reports/interval.md)."""


def penalties(findings: Sequence[Finding], *, gating: bool = True) -> int:
    """The absolute penalty total: the multipliers of the findings that gate (or of all), each occurrence counted."""
    return sum(PENALTY[f.severity] * (1 + len(f.occurrences)) for f in findings if f.gating or not gating)


def quality(findings: Sequence[Finding], segments: Sequence[Segment], *, words: int) -> Quality:
    """RQS = 100 · (1 − APT / target words), not below 0, with its 95 % interval.

    Words are target words: without the source text there are no source words to divide by. None below SHORT words, or where none stands in a segment.
    """
    total, rows = penalties(findings), _rows(findings, segments)
    if words < SHORT or not any(length for _, length in rows):
        return Quality(None, None, None, None, total, words)
    low, high = interval(rows)
    return Quality(raw(total, words), raw(high, 1), raw(low, 1), raw(penalties(findings, gating=False), words), total, words)


def raw(penalty: float, words: int) -> float:
    """RQS, the raw quality score: MSV · (1 − APT / EWC), not below 0, to one decimal."""
    return round(max(0.0, MOST * (1.0 - penalty / words)), 1)


def calibrated(penalty: float, words: int, calibration: Calibration = CALIBRATION) -> float:
    """CQS, the linear calibrated quality score: MSV − NPT · SF with NPT = APT · RWC / EWC, not below 0, to one decimal."""
    normed = penalty * calibration.reference / words
    return round(max(0.0, MOST - normed * calibration.factor), 1)


def _rows(findings: Sequence[Finding], segments: Sequence[Segment]) -> list[tuple[float, int]]:
    """Penalty and words of each segment; only what gates counts."""
    rows = [[0, len(segment.text.split())] for segment in segments]
    for finding in findings:
        for place in (finding.at, *finding.occurrences):
            segment = segment_at(segments, place.inner.start)
            if segment is not None and finding.gating:
                rows[segment.id][0] += PENALTY[finding.severity]
    return [(penalty, words) for penalty, words in rows]


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
        return Triage.FINE, (f"too short to judge ({score.words} words)",)
    return Triage.FINE, ()


def _counted(findings: Sequence[Finding]) -> str:
    """“4 major, 1 minor”, the gravest first; empty without findings."""
    counts = [(severity, sum(f.severity is severity for f in findings)) for severity in reversed(Severity)]
    return ", ".join(f"{count} {severity}" for severity, count in counts if count)
