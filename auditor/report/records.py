"""The machine formats json and jsonl: findings, documents and the run as plain records, with the keys that other programs rely on."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from auditor.io.place import locate
from auditor.report.fluency import percentile, surprisal_mean
from auditor.report.options import Options
from auditor.report.phrasing import everything
from auditor.types import Audit, Evidence, Finding, Located, Quality, Report, Run, Score, Severity, Triage

SCHEMA = "auditor/1"
"""The version of the records; it stands in every json report."""

_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")


def render_json(report: Report, options: Options) -> Iterator[str]:
    """One object, `{"schema", "run", "documents", "findings", "failures", "notices", "summary"}`, a record a line."""
    yield f'{{"schema":{encode(SCHEMA)},\n"run":{encode(run_record(report.run))},\n"documents":['
    yield from _rows(document_record(audit, verbose=options.verbose) for audit in report.audits)
    yield '],\n"findings":['
    yield from _rows(finding_record(finding) for finding in everything(report))
    yield '],\n"failures":['
    yield from _rows({"path": failure.path, "reason": failure.reason} for failure in report.failures)
    yield f'],\n"notices":{encode(list(report.notices))},\n"summary":{encode(summary_record(report))}}}\n'


def render_jsonl(report: Report, options: Options) -> Iterator[str]:  # noqa: ARG001  the signature of a format
    """One finding a line; nothing else."""
    for finding in everything(report):
        yield encode(finding_record(finding)) + "\n"


def encode(value: object) -> str:
    """Compact JSON; what a terminal or a line reader could trip over is escaped: controls, bidirectional marks, line separators, surrogates."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def run_record(run: Run) -> dict[str, Any]:
    """What produced the figures."""
    return {"version": run.version, "rules": run.rules, "rules_digest": run.rules_digest, "model": run.model, "signature": run.signature}


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding under the contract's keys; offsets in code points into the file as decoded (in containers: into the part's extracted text)."""
    at = finding.at
    return {
        "rule": finding.rule,
        "kind": finding.kind,
        "category": finding.category,
        "severity": finding.severity,
        "confidence": round(finding.confidence, 4),
        "path": at.path,
        "part": at.part,
        **_extent(at),
        "text": at.text,
        "sentence": finding.sentence,
        "scope": finding.scope,
        "message": finding.message,
        "suggestions": [{"text": suggestion.text, "safe": suggestion.safe} for suggestion in finding.suggestions],
        "evidence": evidence_record(finding.evidence),
        "related": [_place_record(place) for place in finding.related],
        "occurrences": [_place_record(place) for place in finding.occurrences],
        "rule_status": finding.rule_status,
        "gating": finding.gating,
        "source_lang": finding.source_lang,
        "fingerprint": finding.fingerprint,
        "status": finding.status,
    }


def _extent(at: Located) -> dict[str, int | None]:
    return {
        "start": at.span.start,
        "end": at.span.end,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
        "byte_start": at.bytes.start if at.bytes else None,
        "byte_end": at.bytes.end if at.bytes else None,
    }


def _place_record(at: Located) -> dict[str, Any]:
    return {"path": at.path, "part": at.part, **_extent(at), "text": at.text}


def evidence_record(evidence: Evidence) -> dict[str, str | float]:
    """Evidence by name, figures to four decimals."""
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in sorted(evidence.items())}


def document_record(audit: Audit, *, verbose: bool = False) -> dict[str, Any]:
    """What is known of one document; `fluency` is null where no sentence was scored, and lists its sentences where `verbose`."""
    provenance = audit.provenance
    return {
        "path": audit.path,
        "part": audit.part,
        "source_lang": provenance.source_lang,
        "source_lang_from": provenance.how,
        "source_lang_confidence": round(provenance.confidence, 4),
        "target_lang": provenance.target_lang,
        "language": provenance.language,
        "translated": provenance.translated,
        "outlet": provenance.outlet,
        "date": provenance.date,
        "words": audit.words,
        "sentences": audit.sentences,
        **_quality(audit.quality),
        "fluency": _fluency(audit, verbose=verbose),
        "triage": audit.triage,
        "reasons": list(audit.reasons),
        "skipped": list(audit.skipped),
    }


def _quality(quality: Quality) -> dict[str, float | int | None]:
    figures = {"score": quality.score, "low": quality.low, "high": quality.high, "score_all": quality.score_all}
    return {**{name: None if figure is None else round(figure, 2) for name, figure in figures.items()}, "penalties": quality.penalties}


def _fluency(audit: Audit, *, verbose: bool) -> dict[str, Any] | None:
    surprisal = surprisal_mean(audit.scores)
    if surprisal is None:
        return None
    typical = percentile(audit.scores)
    record: dict[str, Any] = {
        "surprisal_mean": round(surprisal, 4),
        "percentile": None if typical is None else round(typical, 2),
        "tokens": sum(score.tokens for score in audit.scores),
    }
    if verbose:
        record["sentences"] = [_sentence(score, audit) for score in audit.scores]
    return record


def _sentence(score: Score, audit: Audit) -> dict[str, Any]:
    record: dict[str, Any] = {
        "segment": score.segment,
        "tokens": score.tokens,
        "surprisal_mean": round(score.surprisal, 4),
        "percentile": None if score.percentile is None else round(score.percentile, 2),
    }
    document = audit.document
    if document is not None:
        record |= _slice(locate(document, document.segments[score.segment].span))
        record["peaks"] = [{**_slice(locate(document, peak.span)), "surprisal": round(peak.surprisal, 4)} for peak in score.peaks]
    return record


def _slice(at: Located) -> dict[str, Any]:
    return {"start": at.span.start, "end": at.span.end, "text": at.text}


def summary_record(report: Report) -> dict[str, Any]:
    """Counts over the whole run; findings are counted once each, whatever the number of their occurrences."""
    triage = Counter(audit.triage for audit in report.audits)
    findings = list(everything(report))
    gating = Counter(finding.severity for finding in findings if finding.gating)
    return {
        "documents": len(report.audits),
        "words": sum(audit.words for audit in report.audits),
        "sentences": sum(audit.sentences for audit in report.audits),
        "triage": {str(kind): triage[kind] for kind in Triage},
        "findings": len(findings),
        "gating": {str(severity): gating[severity] for severity in Severity},
        "preview": sum(not finding.gating for finding in findings),
        "unread": len(report.failures),
    }


def _rows(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    separator = "\n"
    for record in records:
        yield separator + encode(record)
        separator = ",\n"
