"""The formats of a report, one a file; they render what was decided upstream and decide nothing. A format is loaded when it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from auditor.report.options import Format, Options
from auditor.types import Report


def _in(module: str, name: str = "render") -> Format:
    """The format of that module."""

    def render(report: Report, options: Options) -> Iterator[str]:
        written: Iterator[str] = getattr(import_module(f"auditor.report.{module}"), name)(report, options)
        return written

    return render


FORMATS: Mapping[str, Format] = {
    "terminal": _in("terminal"),
    "concise": _in("concise"),
    "json": _in("records", "render_json"),
    "jsonl": _in("records", "render_jsonl"),
    "sarif": _in("sarif"),
    "github": _in("github"),
    "gitlab": _in("gitlab"),
    "junit": _in("junit"),
    "checkstyle": _in("checkstyle"),
    "rdjsonl": _in("rdjsonl"),
    "csv": _in("table"),
    "markdown": _in("markdown"),
    "html": _in("page"),
}
"""Every format by the name that `--output-format` and `--report` take."""

WITH_TEXT = frozenset({"terminal", "html", "rdjsonl"})
"""The formats that need the texts themselves, not only what was found in them."""

__all__ = ["FORMATS", "WITH_TEXT", "Format", "Options"]
