"""The format rdjsonl: reviewdog's Diagnostic, one a line, which it posts as review comments with suggested changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.report.options import Options
from auditor.report.phrasing import from_root, level, line_in_file, reported, told
from auditor.report.records import encode
from auditor.report.visible import visible
from auditor.types import Document, Finding, Located, Report

_SEVERITIES: Mapping[str, str] = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}
_SOURCE = {"name": "auditor"}

_Documents = Mapping[tuple[str, str | None], Document | None]


def render(report: Report, options: Options) -> Iterator[str]:
    """A finding a line; what could not be read follows."""
    documents = {(audit.path, audit.part): audit.document for audit in report.audits}
    for finding in reported(report, options):
        yield encode(_diagnostic(finding, documents, options)) + "\n"
    for failure in report.failures:
        location = {"path": from_root(failure.path, options)}
        yield encode({"message": f"not read: {visible(failure.reason)}", "location": location, "severity": "ERROR", "source": _SOURCE}) + "\n"


def _diagnostic(finding: Finding, documents: _Documents, options: Options) -> dict[str, Any]:
    at = finding.at
    record: dict[str, Any] = {
        "message": visible(told(finding)),
        "location": _location(at, documents, options),
        "severity": _SEVERITIES[level(finding)],
        "source": _SOURCE,
        "code": {"value": finding.rule},
    }
    whole = record["location"].get("range")
    if finding.suggestions and whole and "column" in whole["start"]:
        record["suggestions"] = [{"range": whole, "text": suggestion.text} for suggestion in finding.suggestions]
    return record


def _location(at: Located, documents: _Documents, options: Options) -> dict[str, Any]:
    """The file and the range in it; in a container the line alone. Without the text at hand, lines only."""
    location: dict[str, Any] = {"path": from_root(at.path, options)}
    if at.part is not None:
        return {**location, "range": {"start": {"line": line_in_file(at)}}}
    document = documents.get((at.path, at.part))
    if document is None:
        return {**location, "range": {"start": {"line": at.line}, "end": {"line": at.end_line}}}
    start = {"line": at.line, "column": _column(document, at.span.start, at.column, at.line)}
    end = {"line": at.end_line, "column": _column(document, at.span.end, at.end_column, at.end_line)}
    return {**location, "range": {"start": start, "end": end}}


def _column(document: Document, offset: int, column: int, line: int) -> int:
    """reviewdog counts bytes of UTF-8 from 1; a byte-order mark stands on the first line."""
    raw = document.text if document.origin.raw is None else document.origin.raw
    mark = document.origin.bom if line == 1 and document.origin.encoding == "utf-8" else 0
    return mark + len(raw[offset - column + 1 : offset].encode("utf-8", "surrogatepass")) + 1
