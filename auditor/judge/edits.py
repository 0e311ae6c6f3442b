"""What the weighed edits are worth: hits of the rules of kind `edit`, and suggestions for what the learned eye marked without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.edits.propose import HOWS
from auditor.judge.eye import values
from auditor.types import Document, Match, Rule, Span, Suggestion

if TYPE_CHECKING:  # they load numpy, which a run without a language model does without
    from auditor.edits.weigh import Scales, Weighed
    from auditor.learned.eye import Eye
    from auditor.learned.look import Seen

Hit = tuple[Rule, Match]
_MOST = 4
"""Words of a passage that is replaced as a whole."""


def doubted(document: Document, seen: Seen, eye: Eye, scales: Scales) -> dict[str, list[Span]]:
    """For each sort of edit the words that the eye would mark, were its threshold lower by what the scales say."""
    threshold = eye.thresholds["normal"]
    worth, _ = values(document, seen, eye, weight=threshold.document)
    least = {how: threshold.seed - scales.of(how).doubt for how in HOWS}
    lowest = min(least.values())
    found = [(seen.spans[number], value) for number, value in enumerate(worth) if value >= lowest]
    return {how: [span for span, value in found if value >= least[how]] for how in HOWS}


def slips(weighed: Sequence[Weighed], rules: Sequence[Rule], scales: Scales) -> Iterator[Hit]:
    """A hit at each edit whose odds suffice by themselves, under the rule that allowed it; what to print only where they suffice for that."""
    by_id = {rule.id: rule for rule in rules}
    for one in weighed:
        edit = one.hint.edit
        if edit.rule in by_id and one.odds >= scales.of(edit.how).finding:
            suggestions = (Suggestion(edit.text),) if one.odds >= scales.of(edit.how).suggestion else ()
            yield by_id[edit.rule], Match(edit.span, suggestions=suggestions, evidence=_evidence(one))


def suggested(document: Document, hits: Sequence[Hit], weighed: Sequence[Weighed], scales: Scales) -> list[Hit]:
    """The hits; those of the eye that say nothing of what to print, with the best edit that touches them where its odds suffice for that."""
    able = [one for one in weighed if one.odds >= scales.of(one.hint.edit.how).suggestion]
    return [(rule, _with_suggestion(document, match, able) if rule.kind == "learned" and not match.suggestions else match) for rule, match in hits]


def _with_suggestion(document: Document, match: Match, able: Sequence[Weighed]) -> Match:
    best = max((one for one in able if one.hint.edit.span.overlaps(match.span)), key=lambda one: one.odds, default=None)
    if best is None:
        return match
    edit = best.hint.edit
    span = Span(min(match.span.start, edit.span.start), max(match.span.end, edit.span.end))
    if len(document.text[span.start : span.end].split()) > _MOST:
        return match
    before, after = document.text[span.start : edit.span.start], document.text[edit.span.end : span.end]
    if not edit.text:  # one of the two spaces that a dropped word leaves
        before, after = (before.rstrip(), after) if before else (before, after.lstrip())
    return replace(match, span=span, suggestions=(Suggestion(before + edit.text + after),), evidence={**match.evidence, **_evidence(best)})


def _evidence(one: Weighed) -> dict[str, str | float]:
    return {"lm_gain_nats": round(one.gain.nats, 2), "lm_probability": round(one.probability, 3)}
