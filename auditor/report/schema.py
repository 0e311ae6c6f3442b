"""The JSON Schemas (draft 2020-12) of the machine formats, as data: what `auditor schema` prints and what other programs may rely on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.report.records import SCHEMA
from auditor.story.show import SCHEMA as STORY
from auditor.types import CATEGORIES, Scope, Severity, Status, Triage

_Schema = Mapping[str, Any]

_TEXT: _Schema = {"type": "string"}
_TEXT_OR_NULL: _Schema = {"type": ["string", "null"]}
_FLAG: _Schema = {"type": "boolean"}
_COUNT: _Schema = {"type": "integer", "minimum": 0}
_ORDINAL: _Schema = {"type": "integer", "minimum": 1}
_COUNT_OR_NULL: _Schema = {"type": ["integer", "null"], "minimum": 0}
_SHARE: _Schema = {"type": "number", "minimum": 0, "maximum": 1}
_NUMBER: _Schema = {"type": "number"}
_HUNDRED_OR_NULL: _Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 100}
_TEXTS: _Schema = {"type": "array", "items": _TEXT}


def _object(properties: Mapping[str, _Schema], *, optional: tuple[str, ...] = (), description: str = "") -> dict[str, Any]:
    """An object whose keys are all there unless optional; further keys may be added in later versions."""
    described = {"description": description} if description else {}
    return {"type": "object", **described, "properties": dict(properties), "required": [key for key in properties if key not in optional]}


def _words(*values: str) -> _Schema:
    return {"type": "string", "enum": list(values)}


_EXTENT: Mapping[str, _Schema] = {
    "path": _TEXT,
    "part": {**_TEXT_OR_NULL, "description": "the part of a container (docx, jsonl); offsets then count into its extracted text"},
    "start": {**_COUNT, "description": "code points into the file as decoded"},
    "end": {**_COUNT, "description": "half-open"},
    "line": _ORDINAL,
    "column": {**_ORDINAL, "description": "code points, from 1"},
    "end_line": _ORDINAL,
    "end_column": _ORDINAL,
    "byte_start": {**_COUNT_OR_NULL, "description": "null in containers"},
    "byte_end": _COUNT_OR_NULL,
    "text": {**_TEXT, "description": "exactly the slice start:end"},
}

_PLACE = _object(_EXTENT)

FINDING: Mapping[str, Any] = _object(
    {
        "rule": {**_TEXT, "description": "pack/name"},
        "kind": _TEXT,
        "category": {**_words(*CATEGORIES), "description": "an MQM error type"},
        "severity": _words(*Severity),
        "confidence": _SHARE,
        **_EXTENT,
        "sentence": _TEXT,
        "scope": _words(*Scope),
        "message": _TEXT,
        "suggestions": {
            "type": "array",
            "items": _object({"text": {**_TEXT, "description": "an empty text deletes the span"}, "safe": _FLAG}),
        },
        "evidence": {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
        "related": {"type": "array", "items": _PLACE, "description": "evidence, such as the majority form"},
        "occurrences": {"type": "array", "items": _PLACE, "description": "further places of the same problem"},
        "rule_status": _words(*Status),
        "gating": _FLAG,
        "source_lang": _TEXT_OR_NULL,
        "fingerprint": _TEXT,
        "status": {
            **_words("new", "query", "fixed", "baseline", "unchanged", "dismissed", "suppressed", "signed-off"),
            "description": "new, query and fixed (said to be, yet still there) are to be acted on; the others were decided before",
        },
    },
    description="one problem; a line of the format jsonl",
)
"""A finding: an item of `findings[]` in json, a line of jsonl."""

_PEAK = _object({"start": _COUNT, "end": _COUNT, "text": _TEXT, "surprisal": _NUMBER})

_SENTENCE = _object(
    {
        "segment": _COUNT,
        "tokens": _COUNT,
        "surprisal_mean": _NUMBER,
        "percentile": _HUNDRED_OR_NULL,
        "start": _COUNT,
        "end": _COUNT,
        "text": _TEXT,
        "peaks": {"type": "array", "items": _PEAK},
    },
    optional=("start", "end", "text", "peaks"),
)

DOCUMENT: Mapping[str, Any] = _object(
    {
        "path": _TEXT,
        "part": _TEXT_OR_NULL,
        "source_lang": _TEXT_OR_NULL,
        "source_lang_from": _TEXT,
        "source_lang_confidence": _SHARE,
        "target_lang": _TEXT,
        "language": {**_TEXT_OR_NULL, "description": "the language the text itself stands in"},
        "translated": _FLAG,
        "outlet": _TEXT_OR_NULL,
        "date": _TEXT_OR_NULL,
        "words": _COUNT,
        "sentences": _COUNT,
        "score": {**_HUNDRED_OR_NULL, "description": "100 · (1 − penalties / words) over gating findings; null: too short to judge"},
        "low": _HUNDRED_OR_NULL,
        "high": _HUNDRED_OR_NULL,
        "calibrated": {**_HUNDRED_OR_NULL, "description": "MQM's linear calibrated score, by the parameters in `scoring`"},
        "score_all": {**_HUNDRED_OR_NULL, "description": "the same with preview findings"},
        "penalties": _COUNT,
        "fluency": {
            "anyOf": [
                {"type": "null"},
                _object(
                    {
                        "surprisal_mean": {**_NUMBER, "description": "nats per token, over all scored sentences"},
                        "percentile": {**_HUNDRED_OR_NULL, "description": "median over sentences: share of native news sentences that surprise less"},
                        "tokens": _COUNT,
                        "sentences": {"type": "array", "items": _SENTENCE},
                    },
                    optional=("sentences",),
                ),
            ]
        },
        "signed_off": {**_TEXT_OR_NULL, "description": "by whom and when an editor signed the text off"},
        "triage": _words(*Triage),
        "reasons": _TEXTS,
        "skipped": {**_TEXTS, "description": "what could not be checked, and why"},
    }
)
"""A document: an item of `documents[]`."""

REPORT: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "auditor report",
    **_object(
        {
            "schema": {"const": SCHEMA},
            "run": _object({"version": _TEXT, "rules": _COUNT, "rules_digest": _TEXT, "model": _TEXT, "signature": _TEXT}),
            "gate": {"anyOf": [{"type": "null"}, _object({"passed": _FLAG, "reasons": _TEXTS})]},
            "scoring": {"type": "object", "description": "how scores are made, what low and high say, the calibration's parameters, types"},
            "documents": {"type": "array", "items": DOCUMENT},
            "findings": {"type": "array", "items": FINDING},
            "decided": {"type": "array", "items": FINDING, "description": "findings that were decided before; none of them counts"},
            "failures": {"type": "array", "items": _object({"path": _TEXT, "reason": _TEXT})},
            "notices": _TEXTS,
            "policy": {**_TEXTS, "description": "what earlier decisions do to this run, and what is amiss in them"},
            "summary": _object(
                {
                    "documents": _COUNT,
                    "words": _COUNT,
                    "sentences": _COUNT,
                    "triage": _object({str(kind): _COUNT for kind in Triage}),
                    "findings": _COUNT,
                    "gating": _object({str(severity): _COUNT for severity in Severity}),
                    "preview": _COUNT,
                    "decided": {"type": "object", "additionalProperties": _COUNT},
                    "unread": _COUNT,
                }
            ),
        }
    ),
}
"""The format json as a whole."""

_SIDE = {
    "anyOf": [{"type": "null"}, _object({"text": _TEXT, "part": _TEXT_OR_NULL, "start": _COUNT, "end": _COUNT, "line": _ORDINAL, "column": _ORDINAL})]
}
_SIDES = ("reference", "source")
_COUNTS: _Schema = {"type": "array", "items": _COUNT}

_STORY = _object(
    {
        "schema": {"const": STORY},
        "path": _TEXT,
        "comparisons": {
            "type": "array",
            "items": _object(
                {
                    "against": _words(*_SIDES),
                    "path": _TEXT,
                    "pairs": _COUNT,
                    "without_partner": _object(dict.fromkeys(("text", *_SIDES), _COUNT), optional=_SIDES),
                    "metrics": {"type": "array", "items": _object({"name": _TEXT, "score": _NUMBER, "signature": _TEXT})},
                    "alignment": {
                        "type": "array",
                        "description": "sentences by index; one side is empty where a sentence has no partner",
                        "items": _object({**dict.fromkeys(("text", *_SIDES), _COUNTS), "likeness": _SHARE}, optional=_SIDES),
                    },
                    "disagreements": {
                        "type": "array",
                        "items": _object(
                            {"kind": _words("number", "date", "name", "quotation"), **dict.fromkeys(("text", *_SIDES), _SIDE)}, optional=_SIDES
                        ),
                    },
                }
            ),
        },
    }
)

SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "json": REPORT,
    "jsonl": {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "auditor finding", **FINDING},
    "story": {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "auditor story", **_STORY},
}
"""The schema of each machine format of our own; sarif has its own standard."""
