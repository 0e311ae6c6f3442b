"""The machine formats json and jsonl: findings, documents and the run as plain records, with the keys that other programs rely on."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from auditor.io.place import locate
from auditor.mqm.interval import LEVEL
from auditor.mqm.score import CALIBRATION, MEANING, MOST, calibrated
from auditor.mqm.typology import TYPES
from auditor.report.fluency import percentile, surprisal_mean
from auditor.report.options import Options
from auditor.report.phrasing import everything, in_order, reported
from auditor.types import Audit, Evidence, Finding, Located, Quality, Report, Run, Score, Severity, Triage

SCHEMA = "auditor/1"
"""The version of the records; it stands in every json report."""

_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")


SCORING: dict[str, Any] = {
    "score": "100 · (1 − penalties / words)",
    "interval": LEVEL,
    "meaning": MEANING,
    "calibrated": {
        "maximum_score_value": MOST,
        "passing_threshold": CALIBRATION.threshold,
        "acceptable_penalty_points": CALIBRATION.acceptable,
        "reference_word_count": CALIBRATION.reference,
        "scaling_factor": CALIBRATION.factor,
    },
    "types": {category: {"mqm": found.id, "its": found.its} for category, found in TYPES.items()},
}
"""How scores are made, what `low` and `high` of a document say, and each category's type in MQM-Core and in ITS 2.0."""


def render_json(report: Report, options: Options) -> Iterator[str]:
    """One object, a record a line: schema, run, gate, documents, findings, those decided before, failures, notices, policy, summary."""
    yield f'{{"schema":{encode(SCHEMA)},\n"run":{encode(run_record(report.run))},\n"gate":{encode(gate_record(report))},\n'
    yield f'"scoring":{encode(SCORING)},\n"documents":['
    yield from _rows(document_record(audit, verbose=options.verbose) for audit in report.audits)
    yield '],\n"findings":['
    yield from _rows(finding_record(finding) for finding in everything(report))
    yield '],\n"decided":['
    yield from _rows(finding_record(finding) for finding in (*(f for audit in report.audits for f in in_order(audit.decided)), *report.decided))
    yield '],\n"failures":['
    yield from _rows({"path": failure.path, "reason": failure.reason} for failure in report.failures)
    yield f'],\n"notices":{encode(list(report.notices))},\n"policy":{encode(list(report.policy))},\n"summary":{encode(summary_record(report))}}}\n'


def render_jsonl(report: Report, options: Options) -> Iterator[str]:
    """One finding a line; nothing else."""
    for finding in reported(report, options):
        yield encode(finding_record(finding)) + "\n"


def encode(value: object) -> str:
    """Compact JSON; what a terminal or a line reader could trip over is escaped: controls, bidirectional marks, line separators, surrogates."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def run_record(run: Run) -> dict[str, Any]:
    """What produced the figures."""
    return {"version": run.version, "rules": run.rules, "rules_digest": run.rules_digest, "model": run.model, "signature": run.signature}


def gate_record(report: Report) -> dict[str, Any] | None:
    """Whether the gate let the run pass, and why not; None where no gate was asked for."""
    if report.gate is None:
        return None
    return {"passed": not report.gate and not report.failures, "reasons": list(report.gate)}


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
        "signed_off": audit.signed_off or None,
        "triage": audit.triage,
        "reasons": list(audit.reasons),
        "skipped": list(audit.skipped),
    }


def _quality(quality: Quality) -> dict[str, float | int | None]:
    cqs = None if quality.score is None else calibrated(quality.penalties, quality.words)
    figures = {"score": quality.score, "low": quality.low, "high": quality.high, "score_all": quality.score_all, "calibrated": cqs}
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
    decided = (*(finding for audit in report.audits for finding in audit.decided), *report.decided)
    return {
        "documents": len(report.audits),
        "words": sum(audit.words for audit in report.audits),
        "sentences": sum(audit.sentences for audit in report.audits),
        "triage": {str(kind): triage[kind] for kind in Triage},
        "findings": len(findings),
        "gating": {str(severity): gating[severity] for severity in Severity},
        "preview": sum(not finding.gating for finding in findings),
        "decided": dict(sorted(Counter(finding.status for finding in decided).items())),
        "unread": len(report.failures),
    }


def _rows(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    separator = "\n"
    for record in records:
        yield separator + encode(record)
        separator = ",\n"
