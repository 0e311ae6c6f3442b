"""What the source text at hand says of a text: figures that contradict it, and hits of other rules that it clears."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.rules.model import Schema
from auditor.story.align import Bead, align_source
from auditor.story.compare import segment_figures, unmatched
from auditor.story.figures import Figure
from auditor.text.language import language
from auditor.text.provenance import language_of
from auditor.text.segment import segment
from auditor.types import Document, Match, Rule, Span

SCHEMA = Schema(
    keys={"find": "string"},
    required=frozenset({"find"}),
    values=frozenset({"original"}),
    choices={"find": ("number", "date", "weekday", "time")},
)
"""A rule of kind `source` names the figures that it compares; {original} is what stands in the source text."""

_CONVERTED = re.compile(r"\W?(?:kilogram|kilogramme|kg|gram|gramme|metre|meter|m)s?\b")
"""What a figure that is a thousand times the source's may count: tonnes were turned into kilograms."""

_LIKE = 0.3
"""How alike sentences have to be whose figures are compared."""


def settled(document: Document) -> Document:
    """The document with its source text segmented in its own language, which is the source language where nothing else has said so.

    A source text whose language cannot be told, or that stands in the target language, is left out with a notice.
    """
    source, provenance = document.source, document.provenance
    if source is None:
        return document
    told = language_of(source.text, expected=provenance.source_lang or "")
    code = told[0] if told else provenance.source_lang
    if code is None or code == provenance.target_lang:
        why = "its language cannot be told" if code is None else f"it stands in {language(code).name}"
        return replace(document, source=None, notices=(*document.notices, f"not compared with {source.path}: {why}"))
    if provenance.source_lang is None:
        provenance = replace(provenance, source_lang=code, how="source text", confidence=told[1] if told else 1.0)
    source = segment(replace(source, provenance=replace(source.provenance, target_lang=code)))
    return replace(document, source=source, provenance=provenance)


def cleared(document: Document, source: Document, rule: Rule, match: Match) -> bool:
    """Whether the source text has the words of a hit exactly so, and its language could not have made them so.

    That clears two forms of one name where the source has both; a name in a source that is not in Latin script, which has no spelling of its
    own for it; and a number in a source that writes its numbers as English does. A name in German spelling is not cleared by a German source.
    """
    facts = language(source.provenance.target_lang)
    if rule.kind == "consistency":
        return bool(match.related) and all(_stands(document, span, source) for span in (match.span, *match.related))
    if rule.kind == "romanisation":
        return facts.script not in ("", "Latn") and _stands(document, match.span, source)
    return rule.kind == "numbers" and facts.decimal == "." and _stands(document, match.span, source)


def _stands(document: Document, span: Span, source: Document) -> bool:
    words = re.escape(document.text[span.start : span.end])
    return re.search(rf"(?<![0-9A-Za-z\u00c0-\u024f]){words}(?![0-9A-Za-z\u00c0-\u024f])", source.text) is not None


def contradictions(document: Document, source: Document, rules: Sequence[Rule]) -> Iterator[tuple[Rule, Match]]:
    """A hit for each figure that contradicts the source text.

    Both figures stand alone in sentences that belong together: no figure of the whole other text agrees with either, they are the only ones of their
    kind there, and one looks like the other gone wrong (a digit, the scale, a day, a year). Both documents are segmented, each in its language.
    """
    if not rules:
        return
    texts = [[segment.text for segment in item.segments] for item in (document, source)]
    beads = align_source(*texts, target_lang=document.provenance.target_lang, source_lang=source.provenance.target_lang)
    mine, theirs = segment_figures(document, strict=False), segment_figures(source, strict=True)
    said, known = [f for row in mine for f in row], [f for row in theirs for f in row]
    alone, missing = unmatched(said, known), unmatched(known, said)
    for bead in beads:
        if bead.likeness >= _LIKE:
            left = [f for number in bead.ours for f in mine[number] if f.span in alone]
            right = [f for number in bead.theirs for f in theirs[number] if f.span in missing]
            yield from _contradicted(document, source, bead, left, right, rules)


def _contradicted(
    document: Document, source: Document, bead: Bead, left: Sequence[Figure], right: Sequence[Figure], rules: Sequence[Rule]
) -> Iterator[tuple[Rule, Match]]:
    known = bool(language(source.provenance.target_lang).magnitudes)
    for rule in rules:
        kind = rule.params["find"]
        ours, theirs = ([figure for figure in side if figure.kind == kind] for side in (left, right))
        if not known and any(character.isalpha() for figure in (*ours, *theirs) for character in figure.text):
            continue  # a source language whose words for millions and months are not known
        if len(ours) == len(theirs) == 1 and gone_wrong(ours[0], theirs[0]) and not _CONVERTED.match(document.text, ours[0].span.end):
            at = theirs[0].span
            original = source.text[at.start : at.end]
            evidence: dict[str, str | float] = {"source_text": _shown(source, bead), "likeness": round(bead.likeness, 2)}
            yield rule, Match(ours[0].span, suggestions=(), values={"original": original}, evidence=evidence)


def _shown(source: Document, bead: Bead) -> str:
    return " ".join(source.segments[number].text for number in bead.theirs)


def gone_wrong(ours: Figure, theirs: Figure) -> bool:
    """Whether one figure looks like the other gone wrong, not like another figure that only stands in its place."""
    if ours.kind == "weekday":
        return True
    if ours.kind == "date":
        return any(
            isinstance(a, tuple) and isinstance(b, tuple) and sum(x == y for x, y in zip(a, b, strict=True) if x or y) >= 1
            for a in ours.values
            for b in theirs.values
        )
    if ours.kind == "time":
        return any(isinstance(a, int) and isinstance(b, int) and a % 60 == b % 60 for a in ours.values for b in theirs.values)
    a, b = _digits(ours.text), _digits(theirs.text)
    if a.strip("0") == b.strip("0") and len(a.strip("0")) > 1:
        return True
    if len(a) != len(b) or len(a) < 2:
        return False
    differ = [index for index, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    swapped = len(differ) == 2 and sorted(a) == sorted(b)
    return swapped or (len(differ) == 1 and len(a) > 2)


def _digits(text: str) -> str:
    return "".join(str(int(character)) for character in text if character.isdecimal()).lstrip("0")
