"""The format checkstyle: the XML of Checkstyle, which Jenkins, SonarQube, reviewdog and many editors read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from auditor.report.markup import Html, element
from auditor.report.options import Options
from auditor.report.phrasing import from_root, level, line_in_file, reported, told
from auditor.types import Finding, Report

_SEVERITIES: Mapping[str, str] = {"error": "error", "warning": "warning", "note": "info"}


def render(report: Report, options: Options) -> Iterator[str]:
    """An element a file that has findings or could not be read."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="10.0">\n'
    for path, found in groupby(reported(report, options), key=lambda finding: finding.at.path):
        yield _file(from_root(path, options), [_error(finding) for finding in found])
    for failure in report.failures:
        error = element("error", line=1, severity="error", message=f"not read: {failure.reason}", source="auditor.not-read")
        yield _file(from_root(failure.path, options), [error])
    yield "</checkstyle>\n"


def _file(path: str, errors: list[Html]) -> str:
    return element("file", Html("\n"), *(Html(f"{error}\n") for error in errors), name=path) + "\n"


def _error(finding: Finding) -> Html:
    at = finding.at
    column = at.column if at.part is None else None
    severity = _SEVERITIES[level(finding)]
    return element("error", line=line_in_file(at), column=column, severity=severity, message=told(finding), source=f"auditor.{finding.rule}")
