"""Scores whole documents and shares the result out among their segments; the only place that turns tokens into sentences and words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from auditor.fluency import adjusted
from auditor.fluency.adjusted import NO_WORDS, Adjustment, Sentence, Word
from auditor.fluency.calibration import Calibration, Sample, group, percentile
from auditor.fluency.rarity import folded
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
class Stretch:
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

    A token belongs to the segment that holds its last code point; an empty or white segment has no tokens. Peaks are the words of a segment
    that stand out most (`adjusted`) and are neither names nor figures, the first the one that stands out most. `progress(done, total)` counts
    code points.
    """
    scored: list[list[Score]] = [[] for _ in documents]
    for number, segment, inside, found in sentences(documents, scorer, cache, progress):
        scored[number].append(_score(segment, inside, found, calibration))
    return [tuple(scores) for scores in scored]


def samples(
    documents: Sequence[Document], scorer: Scorer, *, cache: Store | None = None, progress: Callable[[int, int], None] | None = None
) -> Iterator[Sample]:
    """What `calibration.calibrate` needs of native documents.

    Besides the sentences as they stand, the first sentence of each text is read without its headline: how an opening reads. Its words are
    given once.
    """
    for _, segment, inside, found in sentences(documents, scorer, cache, progress):
        if inside:
            yield _sample(inside, group(segment.scope, opening=segment.id == 0), found)
    openings = [_opening(document) for document in documents]
    for _, _, inside, _ in sentences([opening for opening in openings if opening], scorer, cache, progress):
        if inside:
            yield _sample(inside, "opening", NO_WORDS)


def _sample(inside: Sequence[Token], group: str, found: Sentence) -> Sample:
    return Sample(group, len(inside), -sum(logprob for _, logprob in inside) / len(inside), found)


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
    pieces = [stretches(document) for document in documents]
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


def stretches(document: Document) -> list[Stretch]:
    """The document as passages: one, or several that end where a segment ends (or within one that is too long itself)."""
    text = document.text
    ends = [segment.span.end for segment in document.segments]
    out: list[Stretch] = []
    first = start = document.segments[0].span.start if ends else 0  # front matter is no copy
    while ends and start < ends[-1]:
        context = text[max(first, start - _BEFORE) : start]
        most = start + _WHOLE - len(context)
        end = ends[-1]
        if end > most:
            last = ends[max(0, bisect_right(ends, most) - 1)]
            end = last if start < last <= most else _blank_before(text, start, most)
        out.append(Stretch(start, Passage(context, text[start:end])))
        start = end
    return out


def _blank_before(text: str, start: int, end: int) -> int:
    """The last white space before `end`, for a cut that splits no word; `end` itself where there is none in the second half."""
    blank = max(text.rfind(mark, (start + end) // 2, end) for mark in " \n\t")
    return blank if blank > start else end


def sentences(
    documents: Sequence[Document], scorer: Scorer, cache: Store | None = None, progress: Callable[[int, int], None] | None = None
) -> Iterator[tuple[int, Segment, list[Token], Sentence]]:
    """For each segment of each document, in order: the document's number, the segment's tokens and its words."""
    seen: set[str] = set()
    before, last = 0, -1
    for number, segment, inside in _shared(documents, scorer, cache, progress):
        if number != last:
            seen, before, last = set(), 0, number
        found = words(documents[number], segment, inside)
        yield number, segment, inside, Sentence(found, tuple(adjusted.features(found, seen, before)))
        seen.update(folded(word.text) for word in found)
        before += len(found)


def _score(segment: Segment, inside: Sequence[Token], found: Sentence, calibration: Calibration | None) -> Score:
    logprobs = [logprob for _, logprob in inside]
    if not logprobs:
        return Score(segment.id, 0.0, 0)
    total = sum(logprobs)
    place = percentile(calibration, -total / len(logprobs), len(logprobs), segment.scope, opening=segment.id == 0) if calibration else None
    peaks = _peaks(found, calibration.peak if calibration else _PEAK, calibration.adjustment if calibration else None)
    return Score(segment.id, total, len(logprobs), sum(value * value for value in logprobs), place, peaks)


def _peaks(found: Sentence, least: float, adjustment: Adjustment | None) -> tuple[Peak, ...]:
    values = adjusted.standing_out(found, adjustment)
    high = [(value, word) for value, word in zip(values, found.words, strict=True) if value is not None and value >= least]
    high.sort(key=lambda pair: (-pair[0], pair[1].span.start))
    return tuple(Peak(word.span, word.surprisal, value if adjustment else None) for value, word in high[:_PEAKS])


def words(document: Document, segment: Segment, inside: Sequence[Token]) -> tuple[Word, ...]:
    """The words of a segment with their surprisals: sums over the tokens whose first code point that is not white lies in the word."""
    found = [Span(segment.span.start + match.start(), segment.span.start + match.end()) for match in _WORD.finditer(segment.text)]
    starts = [span.start for span in found]
    sums, counts = [0.0] * len(found), [0] * len(found)
    for span, logprob in inside:
        at = max(span.start, segment.span.start)
        while at < span.end - 1 and segment.text[at - segment.span.start].isspace():
            at += 1
        number = bisect_right(starts, at) - 1
        if number >= 0 and at < found[number].end:
            sums[number] -= logprob
            counts[number] += 1
    return tuple(
        Word(span, document.text[span.start : span.end], total, tokens, _quoted(document, span))
        for span, total, tokens in zip(found, sums, counts, strict=True)
    )


def _quoted(document: Document, span: Span) -> bool:
    """Quotations are disjoint: only the last that starts no later can hold the word."""
    at = bisect_right(document.quotations, span.start, key=lambda quotation: quotation.start) - 1
    return at >= 0 and document.quotations[at].covers(span)
