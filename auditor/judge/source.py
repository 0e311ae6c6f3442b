"""Infers the source language of an untagged text from the traces that translation left in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from auditor.types import Document, Match, Rule

_NEEDED = 2.0
_LEAD = 2.0


def traces(document: Document, hits: Sequence[tuple[Rule, Match]]) -> dict[str, dict[str, float]]:
    """Weight of each trace by language and by what it is: a rule of that language (one a rule, half if unverified) or a name's convention."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for rule, match in hits:
        if rule.source is not None:
            found[rule.source][rule.id] = 0.5 if rule.verify else 1.0
        convention = match.evidence.get("convention")
        if isinstance(convention, str) and convention != document.provenance.target_lang:
            found[convention][document.text[match.span.start : match.span.end].casefold()] = 1.0
    return found


def infer(document: Document, hits: Sequence[tuple[Rule, Match]]) -> Document:
    """The document with an inferred source language, or as it was.

    A language is taken when at least two different traces, of a weight of two together, speak for it, and twice as much as for any other.
    The confidence is its share of all traces with one more, unseen, against it.
    """
    found = traces(document, hits)
    weights = sorted(((sum(kinds.values()), language) for language, kinds in found.items()), reverse=True)
    if not weights:
        return document
    best, language = weights[0]
    second = weights[1][0] if len(weights) > 1 else 0.0
    if best < _NEEDED or len(found[language]) < 2 or best < _LEAD * second:
        return document
    total = sum(weight for weight, _ in weights)
    seen = ", ".join(sorted(found[language])[:5])
    return replace(
        document,
        provenance=replace(
            document.provenance, source_lang=language, how="inferred", confidence=round(best / (total + 1.0), 2), detail=f"from {seen}"
        ),
    )
