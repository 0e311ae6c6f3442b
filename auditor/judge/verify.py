"""LM verification: a match of a rule with `verify = "lm"` stands only where a suggestion is the better wording by odds that were measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp

from auditor.fluency.contrast import Gain, Verification, gains, placed
from auditor.fluency.scorer import Scorer, Store
from auditor.types import Document, Match, Rule, Suggestion

Hit = tuple[Rule, Match]


def verify(
    batch: Sequence[tuple[Document, Sequence[Hit]]], scorer: Scorer, verification: Verification, *, cache: Store | None = None
) -> list[list[Hit]]:
    """The hits of each document that stand, the suggestions of verified ones in the order of their odds.

    A hit stands where the odds of one of its suggestions reach `verification.least`; suggestions that are no better than the original go.
    Evidence: `lm_gain_nats`, log p(suggestion and what follows) − log p(what stands there and what follows), in nats, given what precedes; and
    `lm_probability`, the share of the odds: how probably the suggestion is the better wording.
    """
    requests = [
        placed(document, match.span, [suggestion.text for suggestion in _suggestions(rule, match)])
        for document, hits in batch
        for rule, match in hits
        if rule.verify
    ]
    measured = iter(gains(scorer, requests, cache=cache))
    return [[kept for hit in hits if (kept := _settle(hit, next(measured) if hit[0].verify else None, verification))] for _, hits in batch]


def _suggestions(rule: Rule, match: Match) -> tuple[Suggestion, ...]:
    return match.suggestions if match.suggestions is not None else tuple(Suggestion(text) for text in rule.suggest)


def _settle(hit: Hit, measured: tuple[Gain, ...] | None, verification: Verification) -> Hit | None:
    if measured is None:
        return hit
    rule, match = hit
    odds = [verification.odds(gain) for gain in measured]
    ranked = sorted(zip(odds, measured, _suggestions(rule, match), strict=True), key=lambda found: -found[0])
    if not ranked or ranked[0][0] < verification.least:
        return None
    better = tuple(suggestion for value, _, suggestion in ranked if value > 0.0)
    evidence = {"lm_gain_nats": round(ranked[0][1].nats, 2), "lm_probability": round(1 / (1 + exp(-ranked[0][0])), 3)}
    return rule, replace(match, suggestions=better, evidence={**match.evidence, **evidence})
