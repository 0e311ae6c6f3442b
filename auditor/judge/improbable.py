"""Sentences that hardly any native news sentence is as improbable as: the rules of kind `fluency`, which act on scores instead of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.rules.model import Schema
from auditor.types import Document, Match, Rule, Scope, Score

SCHEMA = Schema(
    keys={"percentile": "number", "tokens": "number", "scope": "strings"},
    required=frozenset({"percentile", "tokens"}),
    values=frozenset({"percentile", "peaks"}),
)
"""`percentile`: report from this share of native sentences with a lower surprisal; `tokens`: and from this length."""


def improbable(document: Document, scores: Sequence[Score], rules: Sequence[Rule]) -> Iterator[tuple[Rule, Match]]:
    """A hit for each sentence beyond a rule's percentile; the words that weigh most are its evidence. Quotations are left alone."""
    for rule in rules:
        scopes = rule.params.get("scope", (Scope.BODY.value,))
        assert isinstance(scopes, tuple)
        for score in scores:
            segment = document.segments[score.segment]
            if score.percentile is None or score.percentile < _number(rule, "percentile") or score.tokens < _number(rule, "tokens"):
                continue
            if segment.scope.value not in scopes or any(q.overlaps(segment.span) for q in document.quotations):
                continue
            peaks = ", ".join(f"“{document.text[p.span.start : p.span.end]}”" for p in score.peaks[:3])
            values = {"percentile": f"{score.percentile:.1f}", "peaks": peaks or "no single word"}
            yield (
                rule,
                Match(segment.span, values=values, evidence={"surprisal_nats_per_token": round(score.surprisal, 2), "percentile": score.percentile}),
            )


def _number(rule: Rule, key: str) -> float:
    value = rule.params[key]
    assert isinstance(value, int | float)
    return value
