"""The publication gate: whether a report passes, and if not, why."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from auditor.config import reaches
from auditor.mqm.score import SHORT
from auditor.types import Audit, Report, Severity


def verdict(report: Report, *, fail_on: str, min_score: float, own: Callable[[str], tuple[str, float]] | None = None) -> tuple[str, ...]:
    """The reasons why the report does not pass, in the order of the files; empty when it passes.

    Only findings that gate count. A critical one and a text that was not translated fail whatever the thresholds, unless `fail_on` is
    “never” and `min_score` 0, which ask for no gate at all. `own` gives the two for a file where they are not the same for all.
    """
    reasons: list[str] = []
    for audit in report.audits:
        threshold, least = own(audit.path) if own else (fail_on, min_score)
        if threshold != "never" or least > 0:
            reasons += [f"{audit.path}: {reason}" for reason in _reasons(audit, threshold, least)]
    return tuple(reasons)


def _reasons(audit: Audit, fail_on: str, min_score: float) -> Iterator[str]:
    if audit.signed_off:
        return
    if not audit.provenance.translated and (audit.findings or not audit.decided):
        yield "not translated: the text stands in its source language"
    threshold = "critical" if fail_on == "never" else fail_on
    failing = [f for f in audit.findings if f.gating and reaches(f.severity, threshold)]
    for severity in reversed(Severity):
        count = sum(f.severity is severity for f in failing)
        if count:
            first = next(f for f in failing if f.severity is severity)
            more = f" and {count - 1} more" if count > 1 else ""
            yield f"{severity}: {first.message} (line {first.at.line}){more}"
    quality = audit.quality
    if quality.score is not None and quality.score < min_score:
        yield f"score {quality.score:g} is below {min_score:g} (95 % interval {quality.low:g} to {quality.high:g})"


def notices(report: Report) -> tuple[str, ...]:
    """What a gate says of texts that it cannot judge by their score, in the order of the files."""
    return tuple(
        f"{audit.path}: too short to judge ({audit.words} words; a score needs {SHORT})" for audit in report.audits if audit.quality.score is None
    )
