"""What the weighed edits are worth: hits of the rules of kind `edit`, and suggestions for what the learned eye marked without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.types import Document, Match, Rule, Span, Suggestion

if TYPE_CHECKING:  # it loads numpy, which a run without a language model does without
    from auditor.edits.weigh import Scales, Weighed

Hit = tuple[Rule, Match]
_MOST = 4
"""Words of a passage that is replaced as a whole."""


def slips(weighed: Sequence[Weighed], rules: Sequence[Rule], scales: Scales) -> Iterator[Hit]:
    """A hit for each edit whose odds suffice by themselves, under the rule that allowed it."""
    by_id = {rule.id: rule for rule in rules}
    for one in weighed:
        edit = one.hint.edit
        if one.odds >= scales.finding and edit.rule in by_id:
            yield (
                by_id[edit.rule],
                Match(edit.span, suggestions=(Suggestion(edit.text),), evidence=_evidence(one), confidence=round(one.probability, 2)),
            )


def suggested(document: Document, hits: Sequence[Hit], weighed: Sequence[Weighed], scales: Scales) -> list[Hit]:
    """The hits; those of the eye that say nothing of what to print, with the best edit that touches them where its odds suffice for that."""
    return [(rule, _with_suggestion(document, match, weighed, scales)) if rule.kind == "learned" else (rule, match) for rule, match in hits]


def _with_suggestion(document: Document, match: Match, weighed: Sequence[Weighed], scales: Scales) -> Match:
    if match.suggestions:
        return match
    touching = [one for one in weighed if one.odds >= scales.suggestion and one.hint.edit.span.overlaps(match.span)]
    if not touching:
        return match
    best = max(touching, key=lambda one: one.odds)
    edit = best.hint.edit
    span = Span(min(match.span.start, edit.span.start), max(match.span.end, edit.span.end))
    before, after = document.text[span.start : edit.span.start], document.text[edit.span.end : span.end]
    if len(document.text[span.start : span.end].split()) > _MOST:
        return match
    text = before + edit.text + after if edit.text else (before.rstrip() + after if before else after.lstrip())
    return replace(match, span=span, suggestions=(Suggestion(text),), evidence={**match.evidence, **_evidence(best)})


def _evidence(one: Weighed) -> dict[str, str | float]:
    return {"lm_gain_nats": round(one.gain.nats, 2), "lm_probability": round(one.probability, 3)}
