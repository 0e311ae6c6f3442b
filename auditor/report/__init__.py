"""The formats of a report, one a file; they render what was decided upstream and decide nothing."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.report import concise, page, records, sarif, terminal
from auditor.report.options import Format, Options

FORMATS: Mapping[str, Format] = {
    "terminal": terminal.render,
    "concise": concise.render,
    "json": records.render_json,
    "jsonl": records.render_jsonl,
    "sarif": sarif.render,
    "html": page.render,
}
"""Every format by the name that `--output-format` and `--report` take."""

__all__ = ["FORMATS", "Format", "Options"]
