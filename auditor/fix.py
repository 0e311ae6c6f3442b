"""From findings to edits of a text: which may be made without a person, and what a deletion takes along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from auditor.io.edit import Edit
from auditor.types import Document, Finding, Located, Scope, Span

OPEN = ("new", "baseline", "fixed")
"""The statuses of findings that may be fixed; what was dismissed, suppressed or put as a question is left alone."""

_LINES = re.compile(r"\s*[\r\n]")
_WHITE = " \t"
_AFTER = ".,;:!?)]}’”"


@dataclass(frozen=True, slots=True)
class Fixes:
    """The edits of a document, disjoint and in order, with the rule of each; and how many more the unsafe tier would make."""

    edits: tuple[Edit, ...]
    rules: tuple[str, ...]
    unsafe: int


def fixes(document: Document, findings: Iterable[Finding], *, unsafe: bool) -> Fixes:
    """An edit for each place of each open finding that has one clear remedy: its first suggestion, if that is safe or `unsafe` is asked for.

    A further place of a finding is mended where it is written as the first one is, a capital aside. A credit is never deleted. Of edits
    that meet the first in the text is made; the next pass sees what is left.
    """
    chosen = sorted(_chosen(document, findings), key=lambda item: (item[0].span, item[2]))
    kept: list[tuple[Edit, str]] = []
    left = 0
    for edit, safe, rule in chosen:
        if not safe and not unsafe:
            left += 1
        elif not kept or edit.span.start > kept[-1][0].span.end or (edit.span.start == kept[-1][0].span.end and len(edit.span)):
            kept.append((edit, rule))
    return Fixes(tuple(edit for edit, _ in kept), tuple(rule for _, rule in kept), left)


def remedies(document: Document, finding: Finding, place: Located) -> Iterator[Edit]:
    """An edit for each suggestion of a finding at one of its places."""
    here, there = (document.text[at.inner.start : at.inner.end] for at in (place, finding.at))
    for suggestion in finding.suggestions:
        new = as_standing(suggestion.text, here, there)
        if new or (new == "" and finding.scope is not Scope.CREDIT):
            yield Edit(place.inner if new else widened(document, place.inner), new)


def _chosen(document: Document, findings: Iterable[Finding]) -> Iterator[tuple[Edit, bool, str]]:
    for finding in findings:
        if finding.status not in OPEN or not finding.suggestions:
            continue
        first = replace(finding, suggestions=finding.suggestions[:1])
        for place in (finding.at, *finding.occurrences):
            for edit in remedies(document, first, place):
                yield edit, finding.suggestions[0].safe and bool(edit.text), finding.rule


def as_standing(new: str, here: str, there: str) -> str | None:
    """The remedy of the words `there` for the words `here`: as it is, with the capital that stands here, or None where something else does."""
    if not new or here.split() == there.split():
        return new
    if here[:1].swapcase() == there[:1] and here[1:].split() == there[1:].split():
        return (new[:1].upper() if here[:1].isupper() else new[:1].lower()) + new[1:]
    return None


def widened(document: Document, span: Span) -> Span:
    """What a deletion takes along: the line ends below a whole block (or above the last one), else one space beside it."""
    text, start, end = document.text, span.start, span.end
    block = next((block.span for block in document.blocks if block.span.covers(span)), None)
    if block is not None and not text[block.start : start].strip() and not text[end : block.end].strip():
        flat = document.origin.raw is None and document.origin.part is None
        return _without_lines(text, block) if flat else Span(block.start, block.end)
    if start and text[start - 1] in _WHITE and (end == len(text) or text[end].isspace() or text[end] in _AFTER):
        return Span(start - 1, end)
    if end < len(text) and text[end] in _WHITE and (not start or text[start - 1].isspace()):
        return Span(start, end + 1)
    return span


def _without_lines(text: str, block: Span) -> Span:
    below = _LINES.match(text, block.end)
    if below is not None and below.end() < len(text):
        return Span(block.start, below.end())
    above = len(text[: block.start].rstrip())
    return Span(above, block.end) if above else Span(block.start, below.end() if below else block.end)
