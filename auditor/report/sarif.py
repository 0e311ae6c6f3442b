"""The format sarif: the findings as SARIF 2.1.0 (OASIS), for code scanning services and their viewers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from auditor.report.options import Options
from auditor.report.phrasing import everything, remedy
from auditor.report.records import document_record, encode, evidence_record, summary_record
from auditor.report.visible import visible
from auditor.types import CATEGORIES, Finding, Located, Report, Rule, Severity

MOST_RESULTS = 25_000
"""What code scanning at GitHub accepts in one run; beyond it the gravest are kept and a notification says what was cut."""

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Mapping[Severity, str] = {Severity.CRITICAL: "error", Severity.MAJOR: "error", Severity.MINOR: "warning", Severity.NEUTRAL: "note"}
_FINGERPRINT = "auditorFinding/v1"
_LINK = re.compile(r"\[(?=[^\]]*\]\()")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_LINE_END = re.compile(r"\r\n|\n|\r")


def render(report: Report, options: Options) -> Iterator[str]:
    """One run; a result a line. A finding that does not gate is a note whatever its severity."""
    findings, cut = _limited(list(everything(report)))
    rule_ids = sorted({finding.rule for finding in findings})
    examples = {finding.rule: finding for finding in findings}
    driver = {
        "name": "auditor",
        "version": report.run.version,
        "semanticVersion": report.run.version,
        "rules": [_descriptor(examples[rule_id], options.rules.get(rule_id)) for rule_id in rule_ids],
    }
    paths = list(dict.fromkeys(audit.path for audit in report.audits))
    rule_index = {rule_id: index for index, rule_id in enumerate(rule_ids)}
    artifact_index = {path: index for index, path in enumerate(paths)}
    yield f'{{"$schema":{encode(_SCHEMA)},"version":"2.1.0","runs":[{{\n"tool":{encode({"driver": driver})},\n"columnKind":"unicodeCodePoints",\n'
    yield f'"invocations":{encode([_invocation(report, cut)])},\n'
    yield f'"properties":{encode({"signature": report.run.signature, "summary": summary_record(report)})},\n"artifacts":['
    yield from _rows(_artifacts(report, paths))
    yield '],\n"results":['
    yield from _rows(_result(finding, rule_index, artifact_index) for finding in findings)
    yield "]}]}\n"


def uri(path: str) -> str:
    """A path as a URI: relative ones stay relative, every other character than letters, digits and `_.-~/` percent-encoded as UTF-8."""
    encoded = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    return f"file://{encoded}" if path.startswith("/") else encoded


def _limited(findings: list[Finding]) -> tuple[list[Finding], int]:
    cut = len(findings) - MOST_RESULTS
    if cut <= 0:
        return findings, 0
    gravest = sorted(range(len(findings)), key=lambda index: (not findings[index].gating, -findings[index].severity.rank, index))
    return [findings[index] for index in sorted(gravest[:MOST_RESULTS])], cut


def _descriptor(finding: Finding, rule: Rule | None) -> dict[str, Any]:
    """A rule as its reader meets it beside a result: what it says, why, an example of what is wrong and of what is not."""
    category = finding.category
    about = CATEGORIES.get(category, category)
    described: dict[str, Any] = {
        "id": finding.rule,
        "shortDescription": {"text": about if rule is None else _literal(re.sub(r"\{\w+\}", "…", rule.message))},
        "fullDescription": {"text": _literal(rule.why) if rule is not None and rule.why else about},
        "defaultConfiguration": {"level": _level(finding.severity if rule is None else rule.severity, gating=finding.gating)},
        "properties": {"tags": ["translation", category], "category": category, "status": finding.rule_status},
    }
    if rule is not None:
        lines = [
            line
            for line in (rule.why, *(f"Not: {item.text}" for item in rule.bad), *(f"Right: {item.text}" for item in rule.good), *rule.refs)
            if line
        ]
        described["help"] = {"text": _literal("\n".join(lines) or about)}
    return described


def _level(severity: Severity, *, gating: bool) -> str:
    return _LEVELS[severity] if gating else "note"


def _invocation(report: Report, cut: int) -> dict[str, Any]:
    notifications = [_notification("error", f"not read: {failure.reason}", failure.path) for failure in report.failures]
    notifications += [_notification("warning", notice) for notice in report.notices]
    notifications += [_notification("note", f"not checked: {reason}", audit.path) for audit in report.audits for reason in audit.skipped]
    if cut:
        notifications.append(_notification("warning", f"{cut:,} of the least grave findings were cut: a run holds {MOST_RESULTS:,} results"))
    return {"executionSuccessful": not report.failures, "toolExecutionNotifications": notifications}


def _notification(level: str, text: str, path: str | None = None) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": level, "message": _message(text)}
    if path is not None:
        notification["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}]
    return notification


def _artifacts(report: Report, paths: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every file that was audited, those without findings too, with what is known of its texts."""
    texts: dict[str, list[dict[str, Any]]] = {path: [] for path in paths}
    for audit in report.audits:
        texts[audit.path].append(document_record(audit))
    for path in paths:
        yield {"location": {"uri": uri(path)}, "roles": ["analysisTarget"], "properties": {"documents": texts[path]}}


def _result(finding: Finding, rules: Mapping[str, int], artifacts: Mapping[str, int]) -> dict[str, Any]:
    fixes = f" Instead: {'; '.join(remedy(suggestion) for suggestion in finding.suggestions)}." if finding.suggestions else ""
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules[finding.rule],
        "kind": "fail",
        "level": _level(finding.severity, gating=finding.gating),
        "rank": round(100 * finding.confidence, 2),
        "message": _message(f"{finding.message}{fixes}"),
        "locations": [_location(finding.at, artifacts)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": {
            "category": finding.category,
            "severity": finding.severity,
            "confidence": round(finding.confidence, 4),
            "gating": finding.gating,
            "ruleStatus": finding.rule_status,
            "scope": finding.scope,
            "sourceLang": finding.source_lang,
            "start": finding.at.span.start,
            "end": finding.at.span.end,
            "evidence": evidence_record(finding.evidence),
        },
    }
    others = [("also here", place) for place in finding.occurrences] + [("compare", place) for place in finding.related]
    if others:
        result["relatedLocations"] = [
            {"id": number, **_location(place, artifacts), "message": _message(f"{role}: “{place.text}”")}
            for number, (role, place) in enumerate(others, 1)
        ]
    if finding.suggestions and finding.at.part is None and not _LINE_END.search(finding.at.text):
        result["fixes"] = [_fix(finding, suggestion.text, safe=suggestion.safe) for suggestion in finding.suggestions]
    if finding.status != "new":
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": finding.status}]
    return result


def _location(at: Located, artifacts: Mapping[str, int]) -> dict[str, Any]:
    """A place of one line. In a container the file has no lines of its own: the part is named, and its line and column."""
    artifact: dict[str, Any] = {"uri": uri(at.path)}
    if at.path in artifacts:
        artifact["index"] = artifacts[at.path]
    if at.part is None:
        return {"physicalLocation": {"artifactLocation": artifact, "region": _region(at)}}
    return {
        "physicalLocation": {"artifactLocation": artifact, "region": {"startLine": 1}},
        "logicalLocations": [{"fullyQualifiedName": f"{at.part}:{at.line}:{at.column}", "kind": "member"}],
    }


def _region(at: Located) -> dict[str, Any]:
    """The first line of a place: viewers that show comments by line take no more."""
    length = len(_LINE_END.split(at.text, maxsplit=1)[0])
    return {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.line,
        "endColumn": at.column + length,
        "charOffset": at.span.start,
        "charLength": length,
    }


def _fix(finding: Finding, text: str, *, safe: bool) -> dict[str, Any]:
    replacement: dict[str, Any] = {"deletedRegion": _region(finding.at)}
    if text:
        replacement["insertedContent"] = {"text": text}
    return {
        "description": {"text": "safe to apply" if safe else "for an editor to choose"},
        "artifactChanges": [{"artifactLocation": {"uri": uri(finding.at.path)}, "replacements": [replacement]}],
    }


def _message(text: str) -> dict[str, str]:
    """Text that may quote the copy as a SARIF message: on one line, hidden characters made visible."""
    return {"text": _literal(visible(text))}


def _literal(text: str) -> str:
    """What would be read as a link or as a placeholder is escaped (sections 3.11.5 and 3.11.6 of the standard)."""
    return _PLACEHOLDER.sub(r"{{\1}}", _LINK.sub(r"\\[", text))


def _rows(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    separator = "\n"
    for record in records:
        yield separator + encode(record)
        separator = ",\n"
