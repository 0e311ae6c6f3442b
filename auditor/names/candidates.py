"""Finds what may be a name in a document, by capitals, particles and titles alone; the only place that decides where a name starts and ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from auditor.names.skeleton import plain
from auditor.text.language import Language, language
from auditor.text.words import remembered
from auditor.types import Document, Scope, Segment, Span

_PARTICLES = "al|el|bin|ben|ibn|bint|abu|abou|ould|von|van|der|den|de|da|dos|del|della|di|du|la|le|ter|zu"
_CAPITAL = r"(?:[^\W\d_a-zß-öø-ÿ]|[^\W\d_](?=[’'][^\W\d_a-zß-öø-ÿ]))"  # an upper-case letter, or the d of d'Estaing
_WORD = rf"(?:(?:al|el|as|ash|asch|asz|ad|ar|an|at|az)[-‐‑])?{_CAPITAL}[\w’'‐‑-]*[^\W_]|{_CAPITAL}\.(?!\w)|{_CAPITAL}"
_RUN = re.compile(rf"(?<![\w.-])(?:{_WORD})(?: (?:(?:{_PARTICLES}) ){{0,2}}(?:{_WORD}))*")
_RAISED = re.compile(r"[^\W\d_a-zß-öø-ÿ]")
_AHEAD = 8
"""How far before its first capital a run may begin: “asch-”, “d’”."""
_SMALL = re.compile(r"(?<![\w’'-])[^\W\d_A-Z][\w’'-]*")
_OWNER = re.compile(r"[’']s?(?= )")
_POSSESSIVE = re.compile(r"[’']s?$")
_STARTS = re.compile(r"[“”\"‘’'«»„(\[•*–—-]*\s*")
_SENTENCE_BREAK = re.compile(r"(?:[!?:…][”’\"')\]]*\s+|[“„«\"]|\b[‘'])$")


_REACH = 24
"""Code points before a word that are read to see what it follows."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of capitalised words that may be a name: titles before it and a possessive ending behind it are cut off.

    `span` counts in the document. `opening`: it opens its sentence or a quotation, so that its capital says nothing. `quoted`: it stands in
    a quotation.
    """

    text: str
    span: Span
    segment: int
    scope: Scope
    opening: bool
    quoted: bool

    @property
    def last(self) -> str:
        """Its last word, with the Arabic article if it carries one: the surname, where it is a person."""
        return self.text.rsplit(" ", 1)[-1]


@cache
def _titles(code: str) -> re.Pattern[str]:
    words = sorted(language(code).titles, key=lambda title: (-len(title), title))
    return re.compile(rf"(?:(?:{'|'.join(map(re.escape, words))}) )+" if words else r"(?!)")


@remembered
def candidates(document: Document) -> tuple[Candidate, ...]:
    """Every candidate of the document in order; credits and teasers are not read.

    A capitalised word that opens a sentence is one only where the same word stands capitalised inside a sentence too, or where a
    further capitalised word follows and it does not stand in lower case elsewhere.
    """
    facts = language(document.provenance.target_lang)
    small = _SMALL.findall(" ".join(dict.fromkeys(document.text.split())))  # each word once: most come again
    common, within = facts.function_words.union(small), quoted(document)
    read = [segment for segment in document.segments if segment.scope not in (Scope.CREDIT, Scope.TEASER) and not segment.text.isupper()]
    found = [candidate for segment in read for candidate in _in_segment(segment, facts, common, within)]
    inside = set(map(plain, {word for c in found if not c.opening or " " in c.text for word in (c.text, *c.text.split())}))
    return tuple(c for c in found if not c.opening or " " in c.text or "-" in c.text or plain(c.text) in inside)


def is_opening(segment: Segment, start: int) -> bool:
    """Whether a word at `start` of the segment's text opens the sentence, a quotation, or what follows a colon."""
    text = segment.text
    if start == 0:
        return True
    if not text[0].isalnum() and start <= (opened.end() if (opened := _STARTS.match(text)) else 0):
        return True
    before = text[max(0, start - 2) : start]
    inside = before[-1].isalnum() or before[-1] == "-" or (before[-1] == " " and (before[0].isalnum() or before[0] == ","))
    return not inside and _SENTENCE_BREAK.search(text, max(0, start - _REACH), start) is not None


def quoted(document: Document) -> Callable[[Span], bool]:
    """A function that says whether a span lies inside a quotation, in the time of a binary search."""
    starts = [quotation.start for quotation in document.quotations]
    ends = list(accumulate((quotation.end for quotation in document.quotations), max))

    def inside(span: Span) -> bool:
        before = bisect_right(starts, span.start)
        return before > 0 and ends[before - 1] >= span.end

    return inside


def _in_segment(segment: Segment, facts: Language, common: frozenset[str], within: Callable[[Span], bool]) -> Iterator[Candidate]:
    titles, whole, firsts = _titles(facts.code), _listed(facts.code, "titles"), _firsts(facts.code)
    dates = _listed(facts.code, "months") | _listed(facts.code, "weekdays")
    for start, end in _runs(segment.text):
        opening = is_opening(segment, start)
        name = segment.text[start:end]
        if " " in name:
            first = name.split(" ", 1)[0]
            if opening and first.casefold() in common:
                start, opening = start + len(first) + 1, False
            while (first := segment.text[start:end].split(" ", 1)[0]) in dates and start + len(first) < end:
                start, opening = start + len(first) + 1, False
            title = titles.match(segment.text, start, end) if first in firsts else None
            if title and title.end() < end:
                start, opening = title.end(), False
            name = segment.text[start:end]
        text = _POSSESSIVE.sub("", name) if name[-1] in "s’'" else name
        if ((len(text) > 1 and text[:2].isalpha()) or sum(map(str.isalpha, text)) > 1) and text.casefold() not in common and text not in whole:
            span = Span(segment.span.start + start, segment.span.start + start + len(text))
            yield Candidate(text, span, segment.id, segment.scope, opening, within(span))


@cache
def _listed(code: str, what: str) -> frozenset[str]:
    return frozenset(getattr(language(code), what))


@cache
def _firsts(code: str) -> frozenset[str]:
    """The first words of titles."""
    return frozenset(title.split(" ", 1)[0] for title in language(code).titles)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words; a possessive ending ends one."""
    end = 0
    while raised := _RAISED.search(text, end):
        run = _RUN.search(text, max(end, raised.start() - _AHEAD))
        if run is None:
            return
        start, end = run.span()
        if "’" in run.group() or "'" in run.group():
            for owner in _OWNER.finditer(run.group()):
                yield start, run.start() + owner.end()
                start = run.start() + owner.end() + 1
        yield start, end
