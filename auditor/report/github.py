"""The format github: workflow commands, which GitHub Actions shows as annotations on the lines of the copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.report.options import Options
from auditor.report.phrasing import columns, from_root, level, line_in_file, reported, told
from auditor.report.visible import visible
from auditor.types import Finding, Report

_COMMANDS: Mapping[str, str] = {"error": "error", "warning": "warning", "note": "notice"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = str.maketrans({**_DATA, ":": "%3A", ",": "%2C"})
_TEXT = str.maketrans(_DATA)


def render(report: Report, options: Options) -> Iterator[str]:
    """A command a line, the gravest first, since a page shows ten of each kind; then what could not be read."""
    for finding in sorted(reported(report, options), key=lambda finding: (not finding.gating, -finding.severity.rank)):
        yield _annotation(finding, options)
    for failure in report.failures:
        yield _command("error", f"not read: {failure.reason}", file=from_root(failure.path, options), title="auditor")


def _annotation(finding: Finding, options: Options) -> str:
    at, kind = finding.at, _COMMANDS[level(finding)]
    line = line_in_file(at)
    place: dict[str, object] = {"file": from_root(at.path, options), "line": line, "endLine": line}
    if at.part is None:
        first, behind = columns(at)
        place |= {"col": first, "endColumn": max(first, behind - 1)}
    return _command(kind, told(finding), **place, title=finding.rule)


def _command(kind: str, text: str, **properties: object) -> str:
    """One command; nothing in a text or a property can end the line or begin another."""
    written = ",".join(f"{name}={visible(str(value)).translate(_PROPERTY)}" for name, value in properties.items())
    return f"::{kind} {written}::{visible(text).translate(_TEXT)}\n"
