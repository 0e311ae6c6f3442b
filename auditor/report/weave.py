"""Weaves layers (sentences, findings, surprising words) into a text as properly nested markup, however they overlap: the only place for that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from auditor.report.markup import NOTHING, Html, copy, join
from auditor.types import Document, Span


@dataclass(frozen=True, slots=True)
class Layer:
    """A span of the text between `opening` and `closing`.

    Where another layer or a paragraph cuts it, it goes on with `again` (its opening without an id); `after` stands once, behind its end. Of two
    layers with the same span the one of lower `depth` is the outer one.
    """

    span: Span
    opening: Html
    again: Html
    closing: Html
    after: Html = NOTHING
    depth: int = 0


def paragraphs(document: Document) -> list[Span]:
    """The document's blocks in order, and whatever stands between them and is not blank: together all that can be read."""
    spans: list[Span] = []
    position = 0
    for block in [block.span for block in document.blocks] + [Span(len(document.text), len(document.text))]:
        spans += [Span(position + gap.start(), position + gap.end()) for gap in re.finditer(r"\S[^\n]*", document.text[position : block.start])]
        if len(block):
            spans.append(block)
        position = max(position, block.end)
    return spans


def share(layers: Iterable[Layer], spans: Sequence[Span]) -> list[list[Layer]]:
    """The layers of each paragraph, cut at its ends; spans in order, not overlapping."""
    shared: list[list[Layer]] = [[] for _ in spans]
    first = 0
    for layer in sorted(layers, key=lambda layer: (layer.span, layer.depth)):
        while first < len(spans) and spans[first].end < layer.span.start:
            first += 1
        touched = list(_touched(layer.span, spans, first))
        for index in touched:
            cut = Span(max(layer.span.start, spans[index].start), min(layer.span.end, spans[index].end))
            shared[index].append(
                replace(
                    layer,
                    span=cut,
                    opening=layer.opening if index == touched[0] else layer.again,
                    after=layer.after if index == touched[-1] else NOTHING,
                )
            )
    return shared


def _touched(span: Span, spans: Sequence[Span], first: int) -> Iterator[int]:
    for index in range(first, len(spans)):
        if spans[index].start > span.end or (spans[index].start == span.end and len(span)):
            return
        if spans[index].overlaps(span) or (not len(span) and spans[index].start <= span.start <= spans[index].end):
            yield index
            if not len(span):
                return


def weave(text: str, within: Span, layers: Sequence[Layer]) -> Html:
    """The passage `within` of a text with its layers; each of them lies inside the passage."""
    starts: dict[int, list[Layer]] = {}
    for layer in sorted(layers, key=lambda layer: (-layer.span.end, layer.depth)):
        starts.setdefault(layer.span.start, []).append(layer)
    points = sorted({within.start, within.end, *starts, *(layer.span.end for layer in layers)})
    written: list[Html] = []
    opened: list[Layer] = []
    position = within.start
    for point in points:
        written.append(copy(text[position:point]))
        position = point
        opened = _close(opened, point, written)
        for layer in starts.get(point, ()):
            written.append(layer.opening)
            if len(layer.span):
                opened.append(layer)
            else:
                written += (layer.closing, layer.after)
    return join(written)


def _close(opened: list[Layer], point: int, written: list[Html]) -> list[Layer]:
    """Ends the layers that end here; those opened inside them are ended too and begin again."""
    outermost = next((index for index, layer in enumerate(opened) if layer.span.end == point), None)
    if outermost is None:
        return opened
    inner = opened[outermost:]
    written.extend(layer.closing for layer in reversed(inner))
    written.extend(layer.after for layer in reversed(inner) if layer.span.end == point)
    going_on = [layer for layer in inner if layer.span.end != point]
    written.extend(layer.again for layer in going_on)
    return opened[:outermost] + going_on
