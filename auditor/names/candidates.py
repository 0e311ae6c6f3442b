"""Finds what may be a name in a document, by capitals, particles and titles alone; the only place that decides where a name starts and ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from auditor.names.skeleton import plain
from auditor.text.language import language
from auditor.text.words import remembered
from auditor.types import Document, Scope, Segment, Span

_PARTICLES = "al|el|bin|ben|ibn|bint|abu|abou|ould|von|van|der|den|de|da|dos|del|della|di|du|la|le|ter|zu"
_CAPITAL = r"(?:[^\W\d_a-zß-öø-ÿ]|[^\W\d_](?=[’'][^\W\d_a-zß-öø-ÿ]))"  # an upper-case letter, or the d of d'Estaing
_WORD = rf"(?:(?:al|el|as|ash|asch|asz|ad|ar|an|at|az)[-‐‑])?{_CAPITAL}[\w’'‐‑-]*[^\W_]|{_CAPITAL}\.(?!\w)|{_CAPITAL}"
_RUN = re.compile(rf"(?<![\w.-])(?:{_WORD})(?: (?:(?:{_PARTICLES}) ){{0,2}}(?:{_WORD}))*")
_RAISED = re.compile(r"[^\W\d_a-zß-öø-ÿ]")
_AHEAD = 8
"""How far before its first capital a run may begin: “asch-”, “d’”."""
_JOINS = "-‐‑’'"
"""What stands before that capital then."""
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


_Openers = tuple[re.Pattern[str], frozenset[str], frozenset[str], frozenset[str]]
"""What may open a run and is no part of the name: titles as a pattern, as they are and by their first words; months and weekdays."""


@cache
def _openers(code: str) -> _Openers:
    facts = language(code)
    words = sorted(facts.titles, key=lambda title: (-len(title), title))
    titles = re.compile(rf"(?:(?:{'|'.join(map(re.escape, words))}) )+" if words else r"(?!)")
    return titles, frozenset(words), frozenset(title.split(" ", 1)[0] for title in words), frozenset({*facts.months, *facts.weekdays})


@remembered
def candidates(document: Document) -> tuple[Candidate, ...]:
    """Every candidate of the document in order; credits and teasers are not read.

    A capitalised word that opens a sentence is one only where the same word stands capitalised inside a sentence too, or where a
    further capitalised word follows and it does not stand in lower case elsewhere.
    """
    facts = language(document.provenance.target_lang)
    tokens = set(document.text.split())  # each word once: most come again
    plainly = set(filter(str.isalpha, tokens))  # a word by itself, small letters or capital: what is sought in it is folded
    common = facts.function_words.union(plainly, _SMALL.findall(" ".join(tokens - plainly)))
    read = [segment for segment in document.segments if segment.scope not in (Scope.CREDIT, Scope.TEASER) and not segment.text.isupper()]
    within, openers = quoted(document), _openers(facts.code)
    found = [candidate for segment in read for candidate in _in_segment(segment, openers, common, within)]
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


def _in_segment(segment: Segment, openers: _Openers, common: frozenset[str], within: Callable[[Span], bool]) -> Iterator[Candidate]:
    titles, whole, firsts, dates = openers
    for start, end in _runs(segment.text):
        name, opening = segment.text[start:end], None
        if " " in name:
            opening = is_opening(segment, start)
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
        if text.casefold() in common or text in whole:
            continue
        if (len(text) > 1 and text[:2].isalpha()) or sum(map(str.isalpha, text)) > 1:
            span = Span(segment.span.start + start, segment.span.start + start + len(text))
            opening = is_opening(segment, start) if opening is None else opening  # of most single words nobody needs to know
            yield Candidate(text, span, segment.id, segment.scope, opening, within(span))


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words; a possessive ending ends one."""
    end = 0
    while raised := _RAISED.search(text, end):
        at = raised.start()
        run = _RUN.search(text, max(end, at - _AHEAD) if text[at - 1 : at] in _JOINS else at)
        if run is None:
            return
        (start, end), name = run.span(), run.group()
        if "’" in name or "'" in name:
            for owner in _OWNER.finditer(name):
                yield start, run.start() + owner.end()
                start = run.start() + owner.end() + 1
        yield start, end
