"""Scores whole documents and shares the result out among their segments; the only place that turns tokens into sentences and words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from auditor.fluency.calibration import Calibration, Sample, group, percentile
from auditor.fluency.scorer import Passage, Scorer, Store, tokens
from auditor.types import Document, Peak, Scope, Score, Segment, Span

_WHOLE = 4_200
"""Code points that are read as one passage (about 1,000 tokens); a longer document is cut at the ends of its segments."""
_BEFORE = 1_000
"""How many of them are the preceding text where a document was cut."""
_PEAKS = 5
"""The most words of a segment that are named."""
_PEAK = 9.0
"""Surprisal in nats from which a word is named where there is no calibration."""
_WORD = re.compile(r"[^\W_]+(?:['’.\-‐‑][^\W_]+)*")
"""Letters and digits, joined by an apostrophe, full stop or hyphen."""


Token = tuple[Span, float]
"""A span in the document and the natural logarithm of its probability."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a document and the passage that stands for it."""

    start: int
    passage: Passage


def score(
    documents: Sequence[Document],
    scorer: Scorer,
    *,
    cache: Store | None = None,
    calibration: Calibration | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[tuple[Score, ...]]:
    """For each document a Score for each of its segments, in order, each read in the context of the text before it.

    A token belongs to the segment that holds its last code point; an empty or white segment has no tokens. Peaks are the most surprising words
    of a segment that are no names, those first that surprise most. `progress(done, total)` counts code points.
    """
    peak = calibration.peak if calibration else _PEAK
    scored: list[list[Score]] = [[] for _ in documents]
    for number, segment, inside in _shared(documents, scorer, cache, progress):
        scored[number].append(_score(segment, inside, peak, calibration))
    return [tuple(scores) for scores in scored]


def samples(
    documents: Sequence[Document], scorer: Scorer, *, cache: Store | None = None, progress: Callable[[int, int], None] | None = None
) -> Iterator[Sample]:
    """What `calibration.calibrate` needs of native documents.

    Besides the sentences as they stand, the first sentence of each text is read without its headline: how an opening reads.
    """
    for _, segment, inside in _shared(documents, scorer, cache, progress):
        if inside:
            yield _sample(segment, inside, group(segment.scope, opening=segment.id == 0))
    openings = [_opening(document) for document in documents]
    for _, segment, inside in _shared([found for found in openings if found], scorer, cache, progress):
        yield _sample(segment, inside, "opening")


def _sample(segment: Segment, inside: Sequence[Token], group: str) -> Sample:
    surprisal = -sum(logprob for _, logprob in inside) / len(inside)
    # An opening read twice gives its words once.
    return Sample(group, len(inside), surprisal, () if group == "opening" else tuple(word.surprisal for word in _ordinary(segment, inside)))


def _opening(document: Document) -> Document | None:
    """The first sentence below a headline as a document by itself."""
    first = next((segment for segment in document.segments if segment.scope is Scope.BODY), None)
    if first is None or first.id == 0:
        return None
    return Document(document.path, first.text, segments=(replace(first, id=0, span=Span(0, len(first.text)), block=0),))


def _shared(
    documents: Sequence[Document], scorer: Scorer, cache: Store | None, progress: Callable[[int, int], None] | None
) -> Iterator[tuple[int, Segment, list[Token]]]:
    """For each segment of each document, in order: the document's number and the segment's tokens, spans in the document."""
    pieces = [_pieces(document) for document in documents]
    results = tokens(scorer, [piece.passage for found in pieces for piece in found], cache=cache, progress=progress)
    for number, (document, found) in enumerate(zip(documents, pieces, strict=True)):
        segments = iter(document.segments)
        segment = next(segments, None)
        inside: list[Token] = []
        for piece in found:
            result = next(results)
            for (start, end), logprob in zip(result.spans, result.logprobs, strict=True):
                span = Span(piece.start + start, piece.start + end)
                while segment and span.end > segment.span.end:
                    yield number, segment, inside
                    segment, inside = next(segments, None), []
                if segment and span.end > segment.span.start:
                    inside.append((span, logprob))
        while segment:
            yield number, segment, inside
            segment, inside = next(segments, None), []


def _pieces(document: Document) -> list[_Piece]:
    """The document as passages: one, or several that end where a segment ends (or within one that is too long itself)."""
    text = document.text
    ends = [segment.span.end for segment in document.segments]
    out: list[_Piece] = []
    start = 0
    while ends and start < ends[-1]:
        context = text[max(0, start - _BEFORE) : start]
        most = start + _WHOLE - len(context)
        end = ends[-1]
        if end > most:
            last = ends[max(0, bisect_right(ends, most) - 1)]
            end = last if start < last <= most else _blank_before(text, start, most)
        out.append(_Piece(start, Passage(context, text[start:end])))
        start = end
    return out


def _blank_before(text: str, start: int, end: int) -> int:
    """The last white space before `end`, for a cut that splits no word; `end` itself where there is none in the second half."""
    blank = max(text.rfind(mark, (start + end) // 2, end) for mark in " \n\t")
    return blank if blank > start else end


def _score(segment: Segment, inside: Sequence[Token], peak: float, calibration: Calibration | None) -> Score:
    logprobs = [logprob for _, logprob in inside]
    if not logprobs:
        return Score(segment.id, 0.0, 0)
    total = sum(logprobs)
    place = percentile(calibration, -total / len(logprobs), len(logprobs), segment.scope, opening=segment.id == 0) if calibration else None
    high = sorted((word for word in _ordinary(segment, inside) if word.surprisal >= peak), key=lambda word: (-word.surprisal, word.span.start))
    return Score(segment.id, total, len(logprobs), sum(value * value for value in logprobs), place, tuple(high[:_PEAKS]))


def _ordinary(segment: Segment, inside: Sequence[Token]) -> list[Peak]:
    """The words less the names: those surprise for good reasons. A word with a capital is a name unless it opens the segment."""
    found = words(segment, inside)
    start = segment.span.start
    return found[:1] + [word for word in found[1:] if not any(map(str.isupper, segment.text[word.span.start - start : word.span.end - start]))]


def words(segment: Segment, inside: Sequence[Token]) -> list[Peak]:
    """The words of a segment with their surprisals: sums over the tokens whose first code point that is not white lies in the word."""
    found = [Span(segment.span.start + match.start(), segment.span.start + match.end()) for match in _WORD.finditer(segment.text)]
    starts = [span.start for span in found]
    sums = [0.0] * len(found)
    for span, logprob in inside:
        at = max(span.start, segment.span.start)
        while at < span.end - 1 and segment.text[at - segment.span.start].isspace():
            at += 1
        number = bisect_right(starts, at) - 1
        if number >= 0 and at < found[number].end:
            sums[number] -= logprob
    return [Peak(span, total) for span, total in zip(found, sums, strict=True)]
