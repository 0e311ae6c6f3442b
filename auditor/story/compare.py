"""A text beside its reference or its source: where the two disagree in numbers, dates, names and quotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from auditor.io.place import locate
from auditor.names.candidates import candidates
from auditor.story.align import Bead, align_reference, align_source, fold
from auditor.story.figures import Figure, figures
from auditor.story.metrics import Metric, metrics
from auditor.text.at import segment_at
from auditor.text.language import language
from auditor.types import Document, Located, Scope, Span

_KINDS = {"number": "number", "date": "date", "weekday": "date", "time": "date"}
_CAPITALISED = re.compile(r"[^\W\d_][\w’'-]*[^\W_]")
_ALIKE = 0.75
"""How alike (by matching blocks) two names are that are one name in two spellings."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What one side says and the other does not, in sentences that belong together; None where a side has nothing in its place."""

    kind: str
    ours: Located | None
    theirs: Located | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A text and what it was compared with: `against` is “reference” or “source”; metrics only against a reference."""

    against: str
    ours: Document
    theirs: Document
    beads: tuple[Bead, ...]
    disagreements: tuple[Disagreement, ...]
    metrics: tuple[Metric, ...] = ()

    @property
    def without_partner(self) -> tuple[int, int]:
        """Sentences of either side that have no partner."""
        lonely = [bead for bead in self.beads if not bead.ours or not bead.theirs]
        return sum(len(bead.ours) for bead in lonely), sum(len(bead.theirs) for bead in lonely)


def with_reference(ours: Document, theirs: Document) -> Comparison:
    """A text against another translation of the same source, both segmented: sacreBLEU's metrics over aligned sentences, and disagreements."""
    beads = tuple(align_reference([s.text for s in ours.segments], [s.text for s in theirs.segments]))
    found = [*_figures(ours, theirs, beads, strict=False), *_names(ours, theirs, beads), *_quotations(ours, theirs, beads)]
    hypotheses, references = _paired(ours, theirs, beads)
    return Comparison("reference", ours, theirs, beads, _ordered(found), metrics(hypotheses, references))


def with_source(ours: Document, theirs: Document) -> Comparison:
    """A translation against its source text, both segmented, the source in its own language (`theirs.provenance.target_lang`)."""
    beads = tuple(
        align_source(
            [s.text for s in ours.segments],
            [s.text for s in theirs.segments],
            target_lang=ours.provenance.target_lang,
            source_lang=theirs.provenance.target_lang,
        )
    )
    found = [*_figures(ours, theirs, beads, strict=True), *_misspelt(ours, theirs), *_quotations(ours, theirs, beads)]
    return Comparison("source", ours, theirs, beads, _ordered(found))


def _ordered(found: Sequence[Disagreement]) -> tuple[Disagreement, ...]:
    """By place in our text; what stands only in theirs comes at the end of its kind."""

    def place(item: Disagreement) -> tuple[bool, int, int, str]:
        at = item.ours or item.theirs
        assert at is not None
        return item.ours is None, at.inner.start, at.inner.end, item.kind

    return tuple(sorted(found, key=place))


def _paired(ours: Document, theirs: Document, beads: Sequence[Bead]) -> tuple[list[str], list[str]]:
    """A hypothesis for each reference; a sentence of ours that has no partner goes with the one before, so that it counts against us."""
    hypotheses: list[str] = []
    references: list[str] = []
    waiting = ""
    for bead in beads:
        mine = " ".join(ours.segments[number].text for number in bead.ours)
        if not bead.theirs:
            if hypotheses:
                hypotheses[-1] = f"{hypotheses[-1]} {mine}".strip()
            else:
                waiting = f"{waiting} {mine}".strip()
            continue
        hypotheses.append(f"{waiting} {mine}".strip())
        references.append(" ".join(theirs.segments[number].text for number in bead.theirs))
        waiting = ""
    return hypotheses, references


def segment_figures(document: Document, *, strict: bool) -> list[list[Figure]]:
    """The figures of each segment, at their places in the document; credits and teasers have none."""
    code = document.provenance.target_lang
    silent = (Scope.CREDIT, Scope.TEASER)
    return [[] if s.scope in silent else figures(s.text, code, strict=strict, offset=s.span.start) for s in document.segments]


def _figures(ours: Document, theirs: Document, beads: Sequence[Bead], *, strict: bool) -> Iterator[Disagreement]:
    """Figures of sentences that belong together which no figure of the whole other text agrees with, paired in order by kind."""
    mine, other = segment_figures(ours, strict=False), segment_figures(theirs, strict=strict)
    known, said = [f for row in other for f in row], [f for row in mine for f in row]
    alone = unmatched(said, known), unmatched(known, said)
    for bead in beads:
        left = [f for number in bead.ours for f in mine[number] if f.span in alone[0]]
        right = [f for number in bead.theirs for f in other[number] if f.span in alone[1]]
        for kind in dict.fromkeys(_KINDS.values()):
            pairs = _zipped([f for f in left if _KINDS[f.kind] == kind], [f for f in right if _KINDS[f.kind] == kind])
            for a, b in pairs:
                yield Disagreement(kind, locate(ours, a.span) if a else None, locate(theirs, b.span) if b else None)


def unmatched(these: Sequence[Figure], those: Sequence[Figure]) -> set[Span]:
    """The places of the figures in digits that no figure of `those` agrees with; small numbers in words are no statement of a figure."""
    values = {(f.kind, value) for f in those for value in f.values}
    days = {value[1:]: value[0] for f in those for value in f.values if isinstance(value, tuple)}
    found = set()
    for figure in these:
        loose = any(isinstance(v, tuple) and v[1:] in days and 0 in (v[0], days[v[1:]]) for v in figure.values)
        if not figure.spelled and not loose and not any((figure.kind, value) in values for value in figure.values):
            found.add(figure.span)
    return found


def _zipped(left: Sequence[Figure], right: Sequence[Figure]) -> Iterator[tuple[Figure | None, Figure | None]]:
    for number in range(max(len(left), len(right))):
        yield left[number] if number < len(left) else None, right[number] if number < len(right) else None


def _names(ours: Document, theirs: Document, beads: Sequence[Bead]) -> Iterator[Disagreement]:
    """Names of either text that the other does not have: paired where they are one name in two spellings, else of sentences with a partner."""
    mine, other = _first_names(ours), _first_names(theirs)
    left = {key: span for key, span in mine.items() if key not in other}
    right = {key: span for key, span in other.items() if key not in mine}
    partners = {a: set(bead.theirs) for bead in beads for a in bead.ours}
    segment_of = _segment_finder(ours), _segment_finder(theirs)
    for key, span in left.items():
        near = partners.get(segment_of[0](span), set())
        twin = next((k for k, s in right.items() if segment_of[1](s) in near and alike(key, k)), None)
        if twin is not None:
            yield Disagreement("name", locate(ours, span), locate(theirs, right.pop(twin)))
        elif near:
            yield Disagreement("name", locate(ours, span), None)
    lonely = {number for bead in beads if not bead.ours for number in bead.theirs}
    for span in right.values():
        if segment_of[1](span) not in lonely:
            yield Disagreement("name", None, locate(theirs, span))


def _misspelt(ours: Document, theirs: Document) -> Iterator[Disagreement]:
    """Names that the source spells otherwise, by a letter or two: of a source in Latin script, and of words that it has in capitals alone."""
    if language(theirs.provenance.target_lang).script not in ("", "Latn"):
        return
    words = {fold(word.group()): word.span() for word in _CAPITALISED.finditer(theirs.text) if word.group()[0].isupper()}
    for key, span in _first_names(ours).items():
        last = key.split(" ")[-1]
        if len(last) < 6 or last in words:
            continue
        twin = next((w for w in words if w[:3] == last[:3] and abs(len(w) - len(last)) <= 1 and SequenceMatcher(None, w, last).ratio() >= 0.85), None)
        if twin is not None and twin.rstrip("s") != last.rstrip("s"):
            yield Disagreement("name", locate(ours, span), locate(theirs, Span(*words[twin])))


def _first_names(document: Document) -> dict[str, Span]:
    """The first place of each name of two words or more, or of one that stands inside a sentence, by its folded words."""
    found: dict[str, Span] = {}
    for candidate in candidates(document):
        key = " ".join(filter(None, (fold(word) for word in candidate.text.split())))
        if len(key) > 3 and not (candidate.opening and " " not in candidate.text):
            found.setdefault(key, candidate.span)
    return found


def alike(first: str, second: str) -> bool:
    """Whether two folded names are one in two spellings: alike as a whole, or one is the end of the other."""
    if first.split(" ")[-1] == second.split(" ")[-1]:
        return True
    return first[:1] == second[:1] and SequenceMatcher(None, first, second).ratio() >= _ALIKE


def _segment_finder(document: Document) -> Callable[[Span], int]:
    def find(span: Span) -> int:
        segment = segment_at(document.segments, span.start)
        return segment.id if segment else -1

    return find


def _quotations(ours: Document, theirs: Document, beads: Sequence[Bead]) -> Iterator[Disagreement]:
    """Quotations of four words or more in sentences whose partners, and the neighbours of these, quote nothing at all."""
    mine, other = _quoting(ours), _quoting(theirs)
    for number, bead in enumerate(beads):
        if not bead.ours or not bead.theirs:
            continue
        around = beads[max(0, number - 1) : number + 2]
        if not any(n in other for b in around for n in b.theirs):
            for n in bead.ours:
                if n in mine and _is_speech(ours, mine[n]):
                    yield Disagreement("quotation", locate(ours, mine[n]), None)
        if not any(n in mine for b in around for n in b.ours):
            for n in bead.theirs:
                if n in other and _is_speech(theirs, other[n]):
                    yield Disagreement("quotation", None, locate(theirs, other[n]))


def _is_speech(document: Document, span: Span) -> bool:
    """Whether the quotation is long enough to be what somebody said; shorter ones are titles and irony."""
    words = document.text[span.start : span.end]
    return len(words.split()) >= 4 or (len(words) > 15 and not words.isascii())


def _quoting(document: Document) -> dict[int, Span]:
    """The first quotation of each segment that holds a part of one, as far as it stands there."""
    found: dict[int, Span] = {}
    quotations = iter(document.quotations)
    quotation = next(quotations, None)
    for segment in document.segments:
        while quotation is not None and quotation.end <= segment.span.start:
            quotation = next(quotations, None)
        if quotation is not None and quotation.overlaps(segment.span):
            found[segment.id] = Span(max(quotation.start, segment.span.start), min(quotation.end, segment.span.end))
    return found
