"""LM verification: a match of a rule with `verify = "lm"` stands only where a suggestion is more probable in its context than itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.fluency.contrast import Contrast, gains
from auditor.fluency.scorer import Scorer, Store
from auditor.types import Document, Match, Rule, Span, Suggestion

Hit = tuple[Rule, Match]

_BEFORE, _AFTER = 400, 100
"""Code points of context handed on; the contrast itself cuts them to its number of tokens."""


def verify(batch: Sequence[tuple[Document, Sequence[Hit]]], scorer: Scorer, *, cache: Store | None = None) -> list[list[Hit]]:
    """The hits of each document that stand, suggestions of verified ones most probable first, with `lm_gain_nats` as evidence.

    The gain is log p(suggestion and what follows) − log p(what stands there and what follows), in nats, given what precedes.
    """
    requests = [_contrast(document, rule, match) for document, hits in batch for rule, match in hits if rule.verify]
    measured = iter(gains(scorer, requests, cache=cache))
    return [[kept for hit in hits if (kept := _settle(hit, next(measured) if hit[0].verify else None))] for _, hits in batch]


def _contrast(document: Document, rule: Rule, match: Match) -> Contrast:
    start, end = match.span.start, match.span.end
    alternatives = tuple(s.text for s in _suggestions(rule, match))
    block = next((b.span for b in document.blocks if b.span.covers(match.span)), Span(0, len(document.text)))
    before = document.text[max(0, start - _BEFORE) : start]
    return Contrast(before, document.text[start:end], alternatives, document.text[end : min(block.end, end + _AFTER)])


def _suggestions(rule: Rule, match: Match) -> tuple[Suggestion, ...]:
    return match.suggestions if match.suggestions is not None else tuple(Suggestion(text) for text in rule.suggest)


def _settle(hit: Hit, measured: tuple[float, ...] | None) -> Hit | None:
    if measured is None:
        return hit
    rule, match = hit
    ranked = sorted(zip(measured, _suggestions(rule, match), strict=True), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] <= 0.0:
        return None
    better = tuple(suggestion for gain, suggestion in ranked if gain > 0.0)
    return rule, replace(match, suggestions=better, evidence={**match.evidence, "lm_gain_nats": round(ranked[0][0], 2)})
