"""The formats of a report, one a file; they render what was decided upstream and decide nothing."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.report import checkstyle, concise, github, gitlab, junit, markdown, page, rdjsonl, records, sarif, table, terminal
from auditor.report.options import Format, Options

FORMATS: Mapping[str, Format] = {
    "terminal": terminal.render,
    "concise": concise.render,
    "json": records.render_json,
    "jsonl": records.render_jsonl,
    "sarif": sarif.render,
    "github": github.render,
    "gitlab": gitlab.render,
    "junit": junit.render,
    "checkstyle": checkstyle.render,
    "rdjsonl": rdjsonl.render,
    "csv": table.render,
    "markdown": markdown.render,
    "html": page.render,
}
"""Every format by the name that `--output-format` and `--report` take."""

WITH_TEXT = frozenset({"terminal", "html", "rdjsonl"})
"""The formats that need the texts themselves, not only what was found in them."""

__all__ = ["FORMATS", "WITH_TEXT", "Format", "Options"]
