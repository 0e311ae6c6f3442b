"""The format sarif: the findings as SARIF 2.1.0 (OASIS), for code scanning services and their viewers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from auditor.policy.settle import OPEN
from auditor.report.options import Options
from auditor.report.phrasing import LINE_END, advice, columns, from_root, gate_words, level, line_in_file, reported
from auditor.report.records import document_record, encode, evidence_record, summary_record
from auditor.report.visible import visible
from auditor.rules.figures import figures
from auditor.types import CATEGORIES, Finding, Located, Report, Rule, Status, Suggestion

MOST_RESULTS = 25_000
"""What code scanning at GitHub accepts in one run; beyond it the gravest are kept and a notification says what was cut."""

MOST_PLACES = 100
"""What it shows of the related places of a result."""

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "auditorFinding/v1"
_PRECISION: Mapping[Status, str] = {Status.STABLE: "high", Status.PREVIEW: "medium", Status.DEPRECATED: "low"}
_EARNED: Mapping[Status, str] = {
    Status.STABLE: "Stable: its precision was measured (reports/rules.md); it counts at the gate.",
    Status.PREVIEW: "Preview: it has not earned “stable” yet; it does not count at the gate.",
    Status.DEPRECATED: "Deprecated: it will go; it does not count at the gate.",
}
_LINK = re.compile(r"\[(?=[^\]]*\]\()")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def render(report: Report, options: Options) -> Iterator[str]:
    """One run; a result a line. A finding that does not gate is a note whatever its severity."""
    findings, cut = _limited(list(reported(report, options)))
    rule_ids = sorted({finding.rule for finding in findings})
    examples = {finding.rule: finding for finding in findings}
    driver = {
        "name": "auditor",
        "version": report.run.version,
        "semanticVersion": report.run.version,
        "rules": [_descriptor(examples[rule_id], options.rules.get(rule_id)) for rule_id in rule_ids],
    }
    paths = list(dict.fromkeys(from_root(audit.path, options) for audit in report.audits))
    rule_index = {rule_id: index for index, rule_id in enumerate(rule_ids)}
    artifact_index = {path: index for index, path in enumerate(paths)}
    yield f'{{"$schema":{encode(_SCHEMA)},"version":"2.1.0","runs":[{{\n"tool":{encode({"driver": driver})},\n"columnKind":"unicodeCodePoints",\n'
    yield f'"invocations":{encode([_invocation(report, cut, options)])},\n'
    yield f'"properties":{encode({"signature": report.run.signature, "summary": summary_record(report)})},\n"artifacts":['
    yield from _rows(_artifacts(report, paths, options))
    yield '],\n"results":['
    yield from _rows(_result(finding, rule_index, artifact_index, options) for finding in findings)
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
        "defaultConfiguration": {"level": level(finding if rule is None else replace(finding, severity=rule.severity))},
        "properties": {
            "tags": ["translation", category],
            "category": category,
            "status": finding.rule_status,
            "precision": _PRECISION[finding.rule_status],
        },
    }
    help_lines = [_EARNED[finding.rule_status]]
    if rule is not None:
        wrong, right = [f"Not: {item.text}" for item in rule.bad], [f"Right: {item.text}" for item in rule.good]
        help_lines = [line for line in (rule.why, *wrong, *right, *rule.refs, *help_lines, f"Measured: {figures(rule.id).summary}.") if line]
    described["help"] = {"text": _literal("\n".join(help_lines))}
    return described


def _invocation(report: Report, cut: int, options: Options) -> dict[str, Any]:
    notifications = [_notification("error", f"not read: {failure.reason}", from_root(failure.path, options)) for failure in report.failures]
    notifications += [_notification("warning", notice) for notice in report.notices]
    notifications += [_notification("note", line) for line in report.policy]
    if gate_words(report):
        notifications.append(_notification("error" if report.gate else "note", gate_words(report)))
    notifications += [
        _notification("note", f"not checked: {reason}", from_root(audit.path, options)) for audit in report.audits for reason in audit.skipped
    ]
    if cut:
        notifications.append(_notification("warning", f"{cut:,} of the least grave findings were cut: a run holds {MOST_RESULTS:,} results"))
    return {"executionSuccessful": not report.failures, "toolExecutionNotifications": notifications}


def _notification(level: str, text: str, path: str | None = None) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": level, "message": _message(text)}
    if path is not None:
        notification["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}]
    return notification


def _artifacts(report: Report, paths: Sequence[str], options: Options) -> Iterator[dict[str, Any]]:
    """Every file that was audited, those without findings too, with what is known of its texts."""
    texts: dict[str, list[dict[str, Any]]] = {path: [] for path in paths}
    for audit in report.audits:
        path = from_root(audit.path, options)
        texts[path].append(document_record(replace(audit, path=path)))
    for path in paths:
        yield {"location": {"uri": uri(path)}, "roles": ["analysisTarget"], "properties": {"documents": texts[path]}}


def _result(finding: Finding, rules: Mapping[str, int], artifacts: Mapping[str, int], options: Options) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules[finding.rule],
        "kind": "fail",
        "level": level(finding),
        "rank": round(100 * finding.confidence, 2),
        "message": _message(advice(finding)),
        "locations": [_location(finding.at, artifacts, options)],
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
            {"id": number, **_location(place, artifacts, options), "message": _message(f"{role}: “{place.text}”")}
            for number, (role, place) in enumerate(others[:MOST_PLACES], 1)
        ]
    if finding.suggestions and finding.at.part is None and not LINE_END.search(finding.at.text):
        result["fixes"] = [_fix(finding, suggestion, options) for suggestion in finding.suggestions]
    if finding.status not in OPEN:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": finding.status}]
    return result


def _location(at: Located, artifacts: Mapping[str, int], options: Options) -> dict[str, Any]:
    """A place of one line. In a container the part is named, and the line and column in it."""
    path = from_root(at.path, options)
    artifact: dict[str, Any] = {"uri": uri(path)}
    if path in artifacts:
        artifact["index"] = artifacts[path]
    if at.part is None:
        return {"physicalLocation": {"artifactLocation": artifact, "region": _region(at)}}
    return {
        "physicalLocation": {"artifactLocation": artifact, "region": {"startLine": line_in_file(at)}},
        "logicalLocations": [{"fullyQualifiedName": f"{at.part}:{at.line}:{at.column}", "kind": "member"}],
    }


def _region(at: Located) -> dict[str, Any]:
    """The first line of a place: viewers that show comments by line take no more."""
    first, behind = columns(at)
    return {
        "startLine": at.line,
        "startColumn": first,
        "endLine": at.line,
        "endColumn": behind,
        "charOffset": at.span.start,
        "charLength": behind - first,
    }


def _fix(finding: Finding, suggestion: Suggestion, options: Options) -> dict[str, Any]:
    replacement: dict[str, Any] = {"deletedRegion": _region(finding.at)}
    if suggestion.text:
        replacement["insertedContent"] = {"text": suggestion.text}
    return {
        "description": {"text": "safe to apply" if suggestion.safe else "for an editor to choose"},
        "artifactChanges": [{"artifactLocation": {"uri": uri(from_root(finding.at.path, options))}, "replacements": [replacement]}],
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
