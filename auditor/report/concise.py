"""The format concise: one line a finding, `path:line:column severity rule message`, for grep and for editors that jump to a line."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.report.options import Options
from auditor.report.phrasing import reported
from auditor.report.visible import visible
from auditor.types import Finding, Located, Report

_MOST_PLACES = 8
"""Further places of a finding that its line names."""


def render(report: Report, options: Options) -> Iterator[str]:
    """A line a finding; what could not be read follows."""
    for finding in reported(report, options):
        yield f"{_line(finding)}\n"
    for failure in report.failures:
        yield f"{visible(failure.path)} not read: {visible(failure.reason)}\n"


def _line(finding: Finding) -> str:
    preview = "" if finding.gating else " (preview)"
    places = ", ".join(f"{place.line}:{place.column}" for place in finding.occurrences[:_MOST_PLACES])
    more = f" and {len(finding.occurrences) - _MOST_PLACES:,} more" if len(finding.occurrences) > _MOST_PLACES else ""
    also = f" (also {places}{more})" if places else ""
    return f"{where(finding.at)} {finding.severity}{preview} {finding.rule} {visible(finding.message)}{also}"


def where(at: Located) -> str:
    """`path:line:column`, for a part of a container `path#part:line:column`."""
    part = f"#{at.part}" if at.part is not None else ""
    return f"{visible(at.path + part)}:{at.line}:{at.column}"
