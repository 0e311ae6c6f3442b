"""The format csv: a row a finding, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from auditor.report.options import Options
from auditor.report.phrasing import remedy, reported
from auditor.report.visible import visible
from auditor.types import Finding, Report

COLUMNS = (
    "path",
    "part",
    "line",
    "column",
    "severity",
    "gating",
    "status",
    "rule",
    "category",
    "confidence",
    "source_lang",
    "text",
    "message",
    "instead",
    "sentence",
    "places",
    "fingerprint",
)
_FORMULA = tuple("=+-@＝＋－＠")


def render(report: Report, options: Options) -> Iterator[str]:
    """A heading, the findings, then a row for each file that could not be read."""
    yield row(COLUMNS)
    for finding in reported(report, options):
        yield row(_cells(finding))
    for failure in report.failures:
        values = {"path": failure.path, "status": "not read", "message": failure.reason}
        yield row([values.get(column, "") for column in COLUMNS])


def _cells(finding: Finding) -> list[object]:
    at = finding.at
    return [
        at.path,
        at.part or "",
        at.line,
        at.column,
        finding.severity,
        "yes" if finding.gating else "no",
        finding.status,
        finding.rule,
        finding.category,
        f"{finding.confidence:.2f}",
        finding.source_lang or "",
        at.text,
        finding.message,
        " / ".join(map(remedy, finding.suggestions)),
        finding.sentence,
        1 + len(finding.occurrences),
        finding.fingerprint,
    ]


def row(cells: Sequence[object]) -> str:
    """A line of the table, with its end; no cell of it starts a formula."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: object) -> object:
    """A text on one line that no spreadsheet takes for a formula: an apostrophe stands before what would begin one."""
    if not isinstance(cell, str):
        return cell
    shown = visible(cell)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
