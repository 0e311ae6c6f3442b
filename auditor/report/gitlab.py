"""The format gitlab: the Code Quality report that GitLab compares between a branch and its target."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from auditor.report.options import Options
from auditor.report.phrasing import from_root, line_in_file, reported, told
from auditor.report.records import encode
from auditor.report.visible import visible
from auditor.types import Finding, Report, Severity


def render(report: Report, options: Options) -> Iterator[str]:
    """One array, an issue a line; every fingerprint in it is unique."""
    seen: Counter[str] = Counter()
    separator = "\n"
    yield "["
    for finding in reported(report, options):
        yield separator + encode(_issue(finding, _unique(finding.fingerprint, seen), options))
        separator = ",\n"
    for failure in report.failures:
        path = from_root(failure.path, options)
        fingerprint = _unique(hashlib.sha256(f"not read\0{path}".encode("utf-8", "surrogatepass")).hexdigest()[:16], seen)
        yield separator + encode(_record("auditor/not-read", f"not read: {failure.reason}", fingerprint, "blocker", path, 1))
        separator = ",\n"
    yield "\n]\n"


def _unique(fingerprint: str, seen: Counter[str]) -> str:
    """The fingerprint, salted where it was met before in this report: the same words may stand in several files."""
    seen[fingerprint] += 1
    count = seen[fingerprint]
    return fingerprint if count == 1 else hashlib.sha256(f"{fingerprint}\0{count}".encode()).hexdigest()[:16]


def _issue(finding: Finding, fingerprint: str, options: Options) -> dict[str, Any]:
    severity = "info" if not finding.gating or finding.severity is Severity.NEUTRAL else str(finding.severity)
    return _record(finding.rule, told(finding), fingerprint, severity, from_root(finding.at.path, options), line_in_file(finding.at))


def _record(rule: str, text: str, fingerprint: str, severity: str, path: str, line: int) -> dict[str, Any]:
    """GitLab shows the description alone, so the rule stands in it."""
    return {
        "description": f"{rule}: {visible(text)}",
        "check_name": rule,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
