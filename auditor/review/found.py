"""From the findings of an audit to places in the text at work: what the store is filled with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.judge.wording import folded
from auditor.report.phrasing import evidence_lines, language_name, percent
from auditor.review.working import Mapped
from auditor.rules.model import RuleSet
from auditor.types import Document, Evidence, Finding, Located, Score, Severity, Span

_WEIGHTS: Mapping[str, float] = {Severity.NEUTRAL: 0.2, Severity.MINOR: 1.0, Severity.MAJOR: 5.0, Severity.CRITICAL: 25.0}
"""What a finding weighs in the order of the queue, by severity, times its confidence: the penalties of the score."""

_STATES: Mapping[str, str] = {"new": "open", "fixed": "open", "dismissed": "dismissed", "query": "query"}
"""What becomes of a finding of that status at the desk; what else was decided (baseline, comment, change) keeps its own name and is not shown."""

_ELSEWHERE = frozenset({"fluency", "learned", "edit", "across"})
"""Kinds whose findings an audit of one text without the language model does not have."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place of a finding with all that the store keeps of it."""

    key: str
    rule: str
    words: str
    text: str
    span: Span
    fingerprint: str
    finding: str
    category: str
    severity: str
    confidence: float
    gating: bool
    scope: str
    message: str
    evidence: str
    options: str
    outside: bool
    state: str
    said: str

    @property
    def rank(self) -> float:
        """Severity × confidence, in tenths: what is alike stays in the order of the texts."""
        return round(_WEIGHTS[self.severity] * round(self.confidence, 1), 4)


def found(document: Document, findings: Iterable[Finding], mapped: Mapped, working: str, rules: RuleSet) -> Iterator[Found]:
    """Every place of the findings that stands in this document, in order of place."""
    places = [
        place
        for finding in findings
        for number, at in enumerate((finding.at, *finding.occurrences))
        if (at.path, at.part) == (document.path, document.origin.part)
        and (place := _found(finding, number, at, mapped, working, outside=_is_outside(finding, rules))) is not None
    ]
    return iter(sorted(places, key=lambda place: (place.span, place.rule, place.fingerprint)))


def _is_outside(finding: Finding, rules: RuleSet) -> bool:
    rule = rules.by_id.get(finding.rule)
    return finding.kind in _ELSEWHERE or bool(rule and rule.verify)


def _found(finding: Finding, number: int, at: Located, mapped: Mapped, working: str, *, outside: bool) -> Found | None:
    span = mapped(at.inner)
    if span is None:
        return None
    gain = finding.evidence.get("lm_gain_nats")
    options = [[item.text, item.safe, gain if index == 0 else None] for index, item in enumerate(finding.suggestions)]
    words = folded(finding.at.text)
    marks = finding.fingerprints or (finding.fingerprint,)
    return Found(
        key=group_key(finding.rule, words, [item.text for item in finding.suggestions]),
        rule=finding.rule,
        words=words,
        text=working[span.start : span.end],
        span=span,
        fingerprint=marks[number] if number < len(marks) else marks[0],
        finding=marks[0],
        category=finding.category,
        severity=finding.severity.value,
        confidence=finding.confidence,
        gating=finding.rule_status.value == "stable",
        scope=finding.scope.value,
        message=finding.message,
        evidence=json.dumps(list(told(finding.evidence)), ensure_ascii=False),
        options=json.dumps(options, ensure_ascii=False),
        outside=outside,
        state=_STATES.get(finding.status, finding.status),
        said=str(finding.evidence.get("decision", "")),
    )


def told(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """What a finding rests on in an editor's words: what the page shows elsewhere, and names of ours that say nothing, are left out."""
    for name, value in sorted(evidence.items()):
        if name in _SHOWN_ELSEWHERE:
            continue
        if name not in _TOLD:
            yield from evidence_lines({name: value})
        elif words := _TOLD[name][1](value):
            yield _TOLD[name][0], words


_SHOWN_ELSEWHERE = frozenset({"decision", "entity", "lm_gain_nats"})


def _percent(value: object) -> str:
    return percent(value) if isinstance(value, float) else str(value)


_NOTICED: Mapping[str, str] = {
    "alias": "this spelling stands in the table of names",
    "capital": "the same word stands here with the other letter at its head",
    "dots": "the same letters stand here with and without full stops",
    "ending": "the same name stands here with another ending",
    "given name": "the first name goes with another spelling",
    "hyphen": "the same words stand here with and without a hyphen",
    "introduction": "it was introduced otherwise",
    "names": "by the other names of the text",
    "rendering": "the same name stands here in other letters",
    "spelling": "the same word stands here in the other spelling",
}
"""How a name was noticed, by the short word that the finding has for it; what is not here is not told."""

_TOLD: Mapping[str, tuple[str, Callable[[object], str]]] = {
    "also": ("Other rules that say so", str),
    "convention": ("Spelled as in", lambda value: language_name(str(value))),
    "eye": ("From marked translations", lambda value: f"{_percent(value)} sure"),
    "known_by": ("How it was noticed", lambda value: _NOTICED.get(str(value), "")),
    "lm_probability": ("The language model", lambda value: f"{_percent(value)} sure"),
    "probability": ("Likelihood", _percent),
    "tag": ("The text says it is from", lambda value: language_name(str(value))),
}
"""Evidence with words of its own here: what it is called, and how its value reads."""


def group_key(rule: str, words: str, suggestions: Iterable[str]) -> str:
    """What one decision is on: a rule, the words and what is suggested for them, capitals aside."""
    parts = "\0".join((rule, words, *(text.casefold() for text in suggestions)))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def scores(document: Document, values: Iterable[Score], mapped: Mapped) -> str:
    """The fluency of each sentence as the store keeps it: start, end, percentile, surprisal, words that stand out."""
    kept = []
    for score in values:
        span = mapped(document.segments[score.segment].span) if score.tokens and score.segment < len(document.segments) else None
        if span is not None:
            peaks = [[place.start, place.end, round(peak.surprisal, 1)] for peak in score.peaks if (place := mapped(peak.span)) is not None]
            kept.append([span.start, span.end, score.percentile, round(score.surprisal, 2), peaks])
    return json.dumps(kept)
