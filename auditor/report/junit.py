"""The format junit: a suite a text and a test case a finding, for the test tabs of CI services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.report.markup import Html, element, text
from auditor.report.options import Options
from auditor.report.phrasing import count, from_root, line_in_file, named, shown, shown_across, told
from auditor.report.visible import visible
from auditor.types import Finding, Report

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def render(report: Report, options: Options) -> Iterator[str]:
    """What gates is a failure, what is only worth a look a skipped case, a text without findings a case that passes, an unread file an error."""
    yield f'{_HEAD}<testsuites name="auditor">\n'
    for audit in report.audits:
        chosen, left_out = shown(audit, options)
        name = named(from_root(audit.path, options), audit.part)
        before = f", {count(left_out, 'finding')} decided before" if left_out else ""
        cases = [_case(finding, name, options) for finding in chosen]
        cases = cases or [element("testcase", classname=name, name=f"nothing to act on{before}", time="0")]
        yield _suite(name, cases, failures=sum(finding.gating for finding in chosen), skipped=sum(not finding.gating for finding in chosen))
    across = shown_across(report, options)
    if across:
        cases = [_case(finding, "across the texts", options) for finding in across]
        yield _suite("across the texts", cases, failures=sum(f.gating for f in across), skipped=sum(not f.gating for f in across))
    for failure in report.failures:
        name = from_root(failure.path, options)
        error = element("error", text(failure.reason), type="not-read", message=f"not read: {failure.reason}")
        yield _suite(name, [element("testcase", error, classname=name, name="not read", time="0")], errors=1)
    if report.gate is not None:
        yield _gate(report.gate)
    yield "</testsuites>\n"


def _suite(name: str, cases: Sequence[Html], *, failures: int = 0, skipped: int = 0, errors: int = 0) -> str:
    lines = (Html(f"{case}\n") for case in cases)
    tests = len(cases)
    return element("testsuite", Html("\n"), *lines, name=name, tests=tests, failures=failures, errors=errors, skipped=skipped, time="0") + "\n"


def _case(finding: Finding, name: str, options: Options) -> Html:
    at = finding.at
    words = told(finding)
    outcome = (
        element("failure", text(f"{words} “{visible(finding.sentence)}”"), type=finding.severity, message=words)
        if finding.gating
        else element("skipped", message=f"{finding.severity}, {'worth a look' if finding.status == 'new' else finding.status}: {words}")
    )
    file = from_root(at.path, options)
    return element("testcase", outcome, classname=name, name=f"{at.line}:{at.column} {finding.rule}", file=file, line=line_in_file(at), time="0")


def _gate(reasons: Sequence[str]) -> str:
    """The verdict on the whole, which may rest on a score that no single finding shows."""
    failed = [element("failure", text("; ".join(reasons)), type="gate", message=reasons[0])] if reasons else []
    return _suite("gate", [element("testcase", *failed, classname="gate", name="the copy may be published", time="0")], failures=len(failed))
