"""What the learned eye saw, as hits of the rules of kind `learned`, and what it adds to the hits of other rules: agreement is worth something."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.judge.findings import base_confidence
from auditor.judge.overlap import inside
from auditor.learned.decode import LEAVES, adjusted, phrases, units
from auditor.rules.model import Schema
from auditor.types import Document, Match, Rule, Scope, Segment, Severity, Span

if TYPE_CHECKING:  # they load numpy, which a run without a language model does without
    from auditor.learned.eye import Eye
    from auditor.learned.look import Seen

SCHEMA = Schema(keys={}, values=frozenset({"peak"}))
"""A rule of this kind names a kind of problem; `peak` is the word that stands out most."""

Hit = tuple[Rule, Match]
_WHOLE = "language"


def values(document: Document, seen: Seen, eye: Eye, *, weight: float) -> tuple[list[float], list[bool]]:
    """What each word is worth: its logit with what the text as a whole is like, less what its place costs; and where sentences begin."""
    found = adjusted(seen.outputs[:, 0].tolist(), weight=weight, expected=eye.expected, inertia=eye.inertia)
    ends = [segment.span.end for segment in document.segments]
    breaks: list[bool] = []
    last: Segment | None = None
    for number, span in enumerate(seen.spans):
        place = bisect_right(ends, span.start)
        segment = document.segments[place] if place < len(ends) else None
        breaks.append(segment is not last or number == 0)
        last = segment
        found[number] -= _cost(document, span, segment, eye, opening=breaks[-1])
    return found, breaks


def _cost(document: Document, span: Span, segment: Segment | None, eye: Eye, *, opening: bool) -> float:
    word = document.text[span.start : span.end]
    shifts = eye.shifts
    place = shifts["headline"] if segment is not None and segment.scope is Scope.HEADLINE else 0.0
    if opening:
        place += shifts["opening"]
    elif word[0].isupper():
        place += shifts["name"]
    if any(map(str.isdigit, word)):
        place += shifts["figure"]
    return place + (shifts["quotation"] if inside(span, document.quotations) else 0.0)


def marked(document: Document, seen: Seen, eye: Eye, rules: Sequence[Rule], *, sensitivity: str) -> Iterator[Hit]:
    """A hit for each phrase that an editor would mark, under the rule of the kind that fits it best; none where no rule of that kind runs."""
    by_leaf = {rule.id.rpartition("/")[2]: rule for rule in rules}
    threshold = eye.thresholds[sensitivity]
    worth, breaks = values(document, seen, eye, weight=threshold.document)
    # A confidence means the same at every sensitivity.
    usual, _ = values(document, seen, eye, weight=eye.thresholds["normal"].document)
    written = units(document.text, seen.spans, breaks)
    for phrase in phrases(worth, written, seed=threshold.seed, grow=threshold.grow):
        words = seen.outputs[phrase.first : phrase.last + 1]
        leaf = LEAVES[int(words[:, 1 : 1 + len(LEAVES)].mean(0).argmax())]
        rule = by_leaf.get(leaf)
        if rule is None:
            continue
        peak = seen.spans[phrase.peak]
        confidence = round(_logistic(eye.slope * usual[phrase.peak] + eye.intercept), 2)
        yield (
            rule,
            Match(
                phrase.span,
                suggestions=(),
                values={"peak": document.text[peak.start : peak.end]},
                evidence={"eye": confidence},
                confidence=confidence,
                severity=Severity.MAJOR if rule.severity is Severity.MAJOR and float(words[:, -1].mean()) > 0 else Severity.MINOR,
            ),
        )


def agreed(hits: Sequence[Hit], learned: Sequence[Hit]) -> list[Hit]:
    """All hits, less those of the eye where another rule says what it is: half of that rule's doubt goes, and the eye is its evidence."""
    out: list[Hit] = []
    explained: set[int] = set()
    for rule, match in hits:
        places = (match.span, *match.occurrences)
        found = [number for number, (_, seen) in enumerate(learned) if any(seen.span.overlaps(place) for place in places)]
        if not found or rule.severity is Severity.NEUTRAL or rule.kind == _WHOLE:
            out.append((rule, match))
            continue
        explained.update(found)
        sure = max(learned[number][1].confidence or 0.0 for number in found)
        own = match.confidence if match.confidence is not None else base_confidence(rule)
        out.append((rule, replace(match, confidence=own + (1 - own) * sure / 2, evidence={**match.evidence, "eye": sure})))
    return out + [hit for number, hit in enumerate(learned) if number not in explained]


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
