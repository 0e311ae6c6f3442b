"""The publication gate: whether a report passes, and if not, why."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.config import reaches
from auditor.types import Audit, Report, Severity


def verdict(report: Report, *, fail_on: str, min_score: float) -> tuple[str, ...]:
    """The reasons why the report does not pass, in the order of the files; empty when it passes.

    Only findings that gate count. A critical one and a text that was not translated fail whatever the thresholds, unless `fail_on` is
    “never” and `min_score` 0, which ask for no gate at all.
    """
    if fail_on == "never" and min_score <= 0:
        return ()
    reasons = [f"{audit.path}: {reason}" for audit in report.audits for reason in _reasons(audit, fail_on, min_score)]
    return tuple(reasons)


def _reasons(audit: Audit, fail_on: str, min_score: float) -> Iterator[str]:
    if not audit.provenance.translated:
        yield "not translated: the text stands in its source language"
    threshold = "critical" if fail_on == "never" else fail_on
    failing = [f for f in audit.findings if f.gating and reaches(f.severity, threshold)]
    for severity in reversed(Severity):
        count = sum(f.severity is severity for f in failing)
        if count:
            first = next(f for f in failing if f.severity is severity)
            more = f" and {count - 1} more" if count > 1 else ""
            yield f"{severity}: {first.message} (line {first.at.line}){more}"
    score = audit.quality.score
    if score is not None and score < min_score:
        yield f"score {score:g} is below {min_score:g}"
