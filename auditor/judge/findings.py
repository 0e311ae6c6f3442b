"""Turns what survived into findings: message, suggestions, confidence, fingerprint, and what may not be replaced inside quotations."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from auditor.io.place import locate
from auditor.judge.overlap import Candidate, inside, resolve
from auditor.judge.wording import folded, message
from auditor.text.at import segment_at
from auditor.types import Document, Evidence, Finding, Match, Rule, Scope, Span, Status, Suggestion

_REPLACEABLE_IN_QUOTATIONS = (
    "terminology/inconsistent-with-resource",
    "terminology/inconsistent-use",
    "linguistic/punctuation",
    "linguistic/character-encoding",
)
_WORD = re.compile(r"\w+")
_BASE = {Status.STABLE: 0.9, Status.PREVIEW: 0.7, Status.DEPRECATED: 0.4}
_MOST = 0.99
_SURE = 0.95
"""The share of the odds at which a model's verification was measured to be right (`fluency.contrast`)."""


def judge(document: Document, hits: Iterable[tuple[Rule, Match]]) -> tuple[Finding, ...]:
    """The findings of a document: no two overlap, in order of place. Hits that need verification have been verified."""
    candidates = _merged(document, [_candidate(document, rule, match) for rule, match in hits])
    seen: Counter[str] = Counter()
    return tuple(_finding(document, candidate, seen) for candidate in resolve(candidates))


def _merged(document: Document, candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate for what a rule says of the same words several times: the first place, the others its occurrences."""
    first: dict[tuple[str, str, tuple[Suggestion, ...] | None], Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: c.match.span):
        match = candidate.match
        words = folded(document.text[match.span.start : match.span.end])
        key = (candidate.rule.id, words, match.suggestions)
        if key in first:
            held = first[key].match
            further = (*held.occurrences, match.span, *match.occurrences)
            related = tuple(dict.fromkeys((*held.related, *match.related)))
            first[key] = replace(first[key], match=replace(held, occurrences=further, related=related))
        else:
            first[key] = candidate
    return list(first.values())


def _candidate(document: Document, rule: Rule, match: Match) -> Candidate:
    suggestions = match.suggestions if match.suggestions is not None else tuple(Suggestion(text) for text in rule.suggest)
    if inside(match.span, document.quotations) and rule.category not in _REPLACEABLE_IN_QUOTATIONS:
        suggestions = ()
    return Candidate(rule, replace(match, suggestions=suggestions), _confidence(rule, match))


def base_confidence(rule: Rule) -> float:
    """What a match of a rule is worth before anything is known of the match."""
    return _BASE[rule.status]


def _confidence(rule: Rule, match: Match) -> float:
    """The match's own, else by the rule's status; half of the doubt goes where the language model is sure of a suggestion."""
    confidence = match.confidence if match.confidence is not None else base_confidence(rule)
    probability = match.evidence.get("lm_probability")
    if isinstance(probability, float) and probability >= _SURE:
        confidence += (1.0 - confidence) / 2
    return min(_MOST, round(confidence, 2))


def _finding(document: Document, candidate: Candidate, seen: Counter[str]) -> Finding:
    rule, match = candidate.rule, candidate.match
    text = document.text[match.span.start : match.span.end]
    suggestions = match.suggestions or ()
    quoted = not suggestions and inside(match.span, document.quotations)
    segment = segment_at(document.segments, match.span.start)
    evidence: Evidence = {**match.evidence, **({"also": ", ".join(candidate.beaten)} if candidate.beaten else {})}
    fingerprints = tuple(_fingerprint(document, rule, span, seen) for span in (match.span, *match.occurrences))
    return Finding(
        rule=rule.id,
        kind=rule.kind,
        category=rule.category,
        severity=match.severity or rule.severity,
        confidence=candidate.confidence,
        at=locate(document, match.span),
        sentence=segment.text if segment else text,
        scope=segment.scope if segment else Scope.BODY,
        message=message(rule, match, text) + (" Inside a quotation: check against the original." if quoted else ""),
        suggestions=suggestions,
        evidence=evidence,
        related=tuple(locate(document, span) for span in match.related),
        occurrences=tuple(locate(document, span) for span in match.occurrences),
        rule_status=rule.status,
        gating=rule.status is Status.STABLE,
        source_lang=document.provenance.source_lang,
        fingerprint=fingerprints[0],
        fingerprints=fingerprints,
    )


def _paragraph(document: Document, span: Span) -> tuple[int, int]:
    """From the start of the paragraph that a span begins in to the end of the one that it ends in."""
    blocks = document.blocks
    first = bisect_right(blocks, span.start, key=lambda block: block.span.start) - 1
    last = bisect_left(blocks, span.end, key=lambda block: block.span.end)
    return blocks[first].span.start if first >= 0 else 0, blocks[last].span.end if last < len(blocks) else len(document.text)


def _fingerprint(document: Document, rule: Rule, span: Span, seen: Counter[str]) -> str:
    """Hash of rule, folded text, two words either side in its paragraph and the count of the same before it; no line number and no path."""
    start, end = _paragraph(document, span)
    before = _WORD.findall(document.text[max(start, span.start - 80) : span.start])[-2:]
    after = _WORD.findall(document.text[span.end : min(end, span.end + 80)])[:2]
    key = "\0".join((rule.id, folded(document.text[span.start : span.end]), *before, "|", *after)).casefold()
    seen[key] += 1
    return hashlib.sha256(f"{key}\0{seen[key]}".encode()).hexdigest()[:16]
