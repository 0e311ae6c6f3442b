"""One name in two spellings inside a text: what differs, which spelling is the outlier, and why the two are one name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from auditor.names.aliases import AliasTable, Entity, Entry
from auditor.names.candidates import Candidate, candidates, is_opening, quoted
from auditor.names.known import known
from auditor.names.letters import conventions_of
from auditor.names.skeleton import bare, plain, skeleton, without_article
from auditor.text.language import language
from auditor.types import Document, Evidence, Scope, Segment, Span

_ARTICLE = re.compile(r"(?<![\w’'-])(Al|El|al|el)-(?=[^\W\d_])([\w’'-]*[^\W_])")
_POSSESSIVE = re.compile(r"[’']s?$")
_MARKED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
"""A letter with a diacritic, or the diacritic by itself."""
_SHORTEST = 5
_MOST = 40
"""Spellings of one sound in a text: more are no spellings of a name, and comparing each with each takes too long."""
_NAMED = ("person", "place", "organisation", "people")


@dataclass(frozen=True, slots=True)
class Outlier:
    """A spelling that a text uses beside another one: its places in order, the form it differs from and that form's places.

    `safe`: the other form is an exact alias or differs by a capital or a dot alone.
    """

    text: str
    spans: tuple[Span, ...]
    other: str
    others: tuple[Span, ...]
    safe: bool
    evidence: Evidence = field(default_factory=dict)


def articles(document: Document) -> Iterator[Outlier]:
    """“Al-Sudani” inside a sentence of a text that prints “al-Sudani” there, or the reverse; the capital of an opening says nothing."""
    places: dict[tuple[str, str], dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for segment in _prose(document) if "l-" in document.text else ():
        for found in _ARTICLE.finditer(segment.text):
            name = _POSSESSIVE.sub("", found[2])
            if not is_opening(segment, found.start()):
                span = Span(segment.span.start + found.start(), segment.span.start + found.start(2) + len(name))
                places[found[1].casefold(), name][found[1]].append(span)
    for (article, name), forms in sorted(places.items()):
        raised, low = forms.get(article.capitalize(), []), forms.get(article, [])
        if raised and low:
            outlier, major = (raised, low) if len(raised) <= len(low) else (low, raised)
            text, other = (f"{document.text[s.start : s.start + 2]}-{name}" for s in (outlier[0], major[0]))
            yield Outlier(text, tuple(outlier), other, tuple(major), safe=True, evidence={"known_by": "capital"})


def accepted(document: Document, table: AliasTable) -> Iterator[Outlier]:
    """Two right spellings of one entity: the rarer one, at a tie the one that is not the table's first choice.

    For a place (Kiev and Kyiv) the table's choice stands wherever the text has it: newer names replace older ones.
    """
    places: dict[tuple[str, bool], dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    found: dict[str, Entry] = {}
    inside, spellings = quoted(document), known(document, table)
    for segment in _prose(document):
        for span, entries in spellings[segment.id]:
            entry = entries[0]
            at = Span(segment.span.start + span.start, segment.span.start + span.end)
            if len(entries) > 1 or entry.role == "variant" or entry.entity.kind not in _NAMED or inside(at):
                continue
            if entry.entity.kind == "people" and _in_title(segment.text, span):
                continue
            for form, surface, place in _as_named(entry, segment.text[span.start : span.end], at):
                places[entry.entity.id, form][surface].append(place)
                found[entry.entity.id] = entry
    for key, forms in sorted(places.items()):
        yield from _rarer(found[key[0]].entity, forms, surname=key[1])


def _in_title(text: str, span: Span) -> bool:
    """Whether a capitalised word stands right behind: a body with a name of its own (World Uyghur Congress)."""
    return text[span.end : span.end + 1] == " " and text[span.end + 1 : span.end + 2].isupper()


def _as_named(entry: Entry, text: str, at: Span) -> Iterator[tuple[bool, str, Span]]:
    """The spelling as a full name (False) or a surname (True); of a full name whose entity has a surname form the surname counts as well."""
    if entry.short or " " not in text or entry.entity.short is None:
        yield entry.short, text, at
        return
    last = text.rsplit(" ", 1)[-1]
    yield True, last, Span(at.end - len(last), at.end)
    yield False, text[: -len(last) - 1], Span(at.start, at.end - len(last) - 1)


def _rarer(entity: Entity, forms: Mapping[str, Sequence[Span]], *, surname: bool) -> Iterator[Outlier]:
    """Spellings that sound alike but differ in more than an article, a capital or a diacritic: all but the most frequent one."""
    canonical = plain(without_article(entity.short.canonical if surname and entity.short else entity.full.canonical))
    fixed = entity.kind == "place"
    by_sound: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for form in sorted(forms):
        by_sound[skeleton(form)][plain(without_article(form))].append(form)
    for spellings in by_sound.values():
        places = {letters: sorted(span for form in same for span in forms[form]) for letters, same in spellings.items()}
        order = sorted(places, key=lambda form: (fixed and form != canonical, -len(places[form]), form not in canonical, form))
        shown = {letters: max(same, key=lambda form: (len(forms[form]), form)) for letters, same in spellings.items()}
        for letters in order[1:]:
            yield _outlier(shown[letters], places[letters], shown[order[0]], places[order[0]], {"known_by": "alias", "entity": entity.id})


def diacritics(document: Document) -> Iterator[Outlier]:
    """A surname, place or full name with and without its diacritics: the rarer one, at a tie the one with diacritics."""
    if not _MARKED.search(document.text):
        return
    named = [c for c in candidates(document) if c.scope in (Scope.BODY, Scope.QUOTE, Scope.CAPTION) and not c.quoted]
    given = {c.text.split(" ")[0] for c in named if " " in c.text}
    units = _units(named, given)
    marked = {bare(form) for form in units if not form.isascii()}  # forms in plain letters alone differ in none
    by_letters: dict[str, list[str]] = defaultdict(list)
    for form in units if marked else ():
        by_letters[bare(form)].append(form)
    done: set[int] = set()
    for letters in sorted(marked, key=lambda key: (-len(key), key)):
        forms = set(by_letters[letters])
        if len(forms) < 2:
            continue
        order = sorted(forms, key=lambda form: (-len(units[form]), not form.isascii(), units[form][0]))
        for form in order[1:]:
            spans = [span for span in units[form] if done.isdisjoint(_points(span))]
            if spans and _marks(form) != _marks(order[0]):
                done.update(*map(_points, spans))
                yield _outlier(form, spans, order[0], units[order[0]], {"known_by": "diacritics"})


def romanised(document: Document, table: AliasTable) -> Iterator[Outlier]:
    """A name that another place of the text spells the English way, where a convention's letters turn the one into the other.

    With a known source language one correspondence of its own convention will do; of a third language's two have to agree. Names that the
    table holds are left to it.
    """
    facts = language(document.provenance.target_lang)
    dates = {*facts.months, *facts.weekdays}
    named = [c for c in candidates(document) if (c.scope is not Scope.HEADLINE or not c.opening) and c.text not in dates]
    units = _units(named, ())
    by_sound: dict[str, list[str]] = defaultdict(list)
    for form in units:
        by_sound[skeleton(form)].append(form)
    alike = [[form for form in forms if len(plain(without_article(form))) >= _SHORTEST] for forms in by_sound.values() if len(forms) > 1]
    source = document.provenance.source_lang
    pairs = [pair for forms in alike if len(forms) <= _MOST for one, two in combinations(sorted(forms), 2) for pair in ((one, two), (two, one))]
    done = _foreign(document, table) if pairs else set()
    for foreign, english in sorted(pairs, key=lambda pair: (-len(pair[0]), pair)):
        if _same_given(foreign, english) or table.entries(foreign) or _is_mixed(foreign) or _is_mixed(english):
            continue
        code, count = _convention(foreign, english, source)
        spans = [span for span in units[foreign] if done.isdisjoint(_points(span))]
        if spans and count >= (1 if code == source else 2):
            done.update(*map(_points, spans))
            yield _outlier(foreign, spans, english, units[english], {"known_by": "skeleton", "convention": code})


def _convention(foreign: str, english: str, source: str | None) -> tuple[str, int]:
    """The convention that turns the one spelling into the other, the source's where it does, and by how many correspondences; 0 where none."""
    why = conventions_of(without_article(foreign), without_article(english))
    code = source if source in why else max(why, key=lambda c: (why[c], c), default="")
    return code, why.get(code, 0)


def _is_mixed(name: str) -> bool:
    """Whether a word carries a capital past its first letter (BrandZ, iPhone): a product or an acronym, not a romanised name."""
    return any(letter.isupper() for word in re.split(r"[ -]", name) for letter in word[1:])


def _foreign(document: Document, table: AliasTable) -> set[int]:
    """The code points where the table knows a foreign spelling: that is another kind's to report."""
    return {
        segment.span.start + point
        for segment, spellings in zip(document.segments, known(document, table), strict=True)
        for span, entries in spellings
        if all(entry.role == "variant" for entry in entries)
        for point in _points(span)
    }


def _points(span: Span) -> range:
    return range(span.start, span.end)


def _same_given(one: str, two: str) -> bool:
    """Whether two names of several words differ in the last alone: then the surnames are compared by themselves."""
    first, second = one.rsplit(" ", 1), two.rsplit(" ", 1)
    return len(first) == len(second) == 2 and plain(first[0]) == plain(second[0])


def _units(named: Iterable[Candidate], given: Iterable[str]) -> dict[str, list[Span]]:
    """Places by spelling: each candidate as a whole, and the last word of a longer one; a lone given name is left out."""
    units: dict[str, list[Span]] = defaultdict(list)
    given = frozenset(given)
    for candidate in named:
        if candidate.text not in given:
            units[candidate.text].append(candidate.span)
        if " " in candidate.text:
            units[candidate.last].append(Span(candidate.span.end - len(candidate.last), candidate.span.end))
    return {form: sorted(units[form]) for form in sorted(units)}


def _outlier(form: str, spans: Sequence[Span], other: str, others: Sequence[Span], evidence: Evidence) -> Outlier:
    return Outlier(form, tuple(sorted(spans)), other, tuple(sorted(others)), evidence["known_by"] == "alias", evidence)


def _marks(form: str) -> str:
    """The spelling without what only the article or the case adds."""
    return without_article(form).casefold().replace("’", "'")


def _prose(document: Document) -> Iterator[Segment]:
    yield from (segment for segment in document.segments if segment.scope in (Scope.BODY, Scope.QUOTE, Scope.CAPTION))
