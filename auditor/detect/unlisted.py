"""Names that no alias table holds: a foreign spelling that a gazetteer explains, and names that follow another convention than the text's tag.

Evidence first: a name that nobody knows is silent, whatever its letters look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache

from auditor.detect.kind import Detector, Kind, Resources
from auditor.names.aliases import AliasTable, Entity
from auditor.names.candidates import Candidate, candidates
from auditor.names.convention import right_as_it_stands, together
from auditor.names.dropped import dropped
from auditor.names.english import English, english
from auditor.names.garbled import Index, index, meant
from auditor.names.gazetteer import CODES, gazetteer
from auditor.names.known import beside, known
from auditor.names.letters import conventions_of
from auditor.names.persons import foreign_key, right_key
from auditor.names.skeleton import plain, skeleton
from auditor.names.sounds import heard
from auditor.rules.model import Schema
from auditor.text.language import language
from auditor.types import Document, Match, Rule, Scope, Span, Suggestion

_CHECKS = ("place", "person", "convention", "garbled", "dropped")
_SHORTEST = 6
_LEAST = 2
"""Names that follow one foreign convention before a tag is doubted."""
_SURE = 0.9
"""How probable the convention has to be for all the names together."""
_PERHAPS_RIGHT = 0.05
"""A name of unknown bearers is left alone where the letters give English more than this."""
_AGREEING = 2
"""Correspondences that make a place foreign in a text from a language with another script (“Nissan” has none)."""
_NO_LETTER = re.compile(r"[^a-z]")
_DOUBLED = re.compile(r"(.)\1")
_WORD_BEFORE = re.compile(r"([^\W_][\w.’'-]*) $")
_PART = re.compile(r"[^\W\d_]+")
_REACH = 24


@dataclass(frozen=True, slots=True)
class Trace:
    """A foreign spelling at its first place, and the conventions that write it so."""

    text: str
    span: Span
    conventions: frozenset[str]
    english: str


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind; each says what it reports (`check`)."""

    @cache
    def known_names() -> Index:
        latin = [name for name in gazetteer().persons() if not gazetteer().readings(foreign_key(name))]
        return index(resources.aliases, latin)  # of Cyrillic surnames each has others one letter away

    by_check = {check: [rule for rule in rules if rule.params["check"] == check] for check in _CHECKS}

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        source = document.provenance.source_lang
        if source == document.provenance.target_lang:
            return
        strange = _unknown(document, resources.aliases)
        unknown = _by_text(strange)
        if unknown and by_check["garbled"]:
            yield from ((rule, match) for match in _garbled(unknown, known_names(), resources) for rule in by_check["garbled"])
        if by_check["dropped"]:
            yield from ((rule, match) for match in _dropped(candidates(document)) for rule in by_check["dropped"])
        own = source if source in CODES else None  # a language with another script lends its names from any convention
        named = {text: meant for text in unknown if (meant := heard(text, resources.aliases, own)) is not None}
        for match, is_place in (*_heard(unknown, named, own, resources), *_spellings(document, unknown, named.keys(), own, resources)):
            yield from ((rule, match) for rule in by_check["place" if is_place else "person"])
        against = _against(document, strange, source, resources) if source is not None and by_check["convention"] else None
        yield from ((rule, against) for rule in by_check["convention"] if against)

    return detect


def _unknown(document: Document, table: AliasTable) -> list[Candidate]:
    """The candidates in running text that the table says nothing of, nor of a part of them."""
    is_known = beside(document, table)
    return [c for c in candidates(document) if c.scope is not Scope.HEADLINE and not is_known(c.span)]


def _spellings(document: Document, unknown: _Places, named: Set[str], source: str | None, resources: Resources) -> Iterator[tuple[Match, bool]]:
    """A match a spelling that a convention (the source's, where it has one) writes and English prints otherwise, `named` ones left out; and
    whether it is a place."""
    inside = {word for text in unknown if " " in text for word in text.split()}
    for text, places in unknown.items():
        found = _english(text, source) if text not in named else None
        if found is None or (" " not in text and any(c.opening for c in places)):
            continue
        if found.place and (text in inside or _is_borne(text) or any(_titled(document, c) for c in places)):
            continue
        writers = found.conventions or tuple(conventions_of(text, found.form))
        code = _one_of(writers, source if source in writers else None)
        yield _match(places, found.form, code, {"known_by": "gazetteer"}, resources), found.place


def _heard(unknown: _Places, named: _Named, source: str | None, resources: Resources) -> Iterator[tuple[Match, bool]]:
    """A match an unlisted spelling of a name that the table holds, by the letters of a convention; and whether it is a place."""
    for text, (entity, conventions) in named.items():
        evidence = {"known_by": "skeleton", "entity": entity.id}
        right = entity.full.english(resources.profile)
        yield _match(unknown[text], right, _one_of(conventions, source), evidence, resources), entity.kind == "place"


def _garbled(unknown: _Places, known_names: Index, resources: Resources) -> Iterator[Match]:
    """A match a full name that is one known name with a slip in it."""
    for text, places in unknown.items():
        entity = meant(text, known_names)
        if entity is not None and not gazetteer().readings(right_key(text)):  # somebody else's right name is no slip
            evidence = {"known_by": "slip"} | ({"entity": entity.id} if entity.path else {})
            yield _match(places, entity.full.english(resources.profile), "", evidence, resources)


def _dropped(read: Sequence[Candidate]) -> Iterator[Match]:
    """A match a word of a name whose accented letters are gone."""
    for left, name in dropped(word for candidate in read for word in _PART.findall(candidate.text)):
        first, *others = (
            Span(candidate.span.start + word.start(), candidate.span.start + word.end())
            for candidate in read
            for word in _PART.finditer(candidate.text)
            if word.group() == left
        )
        evidence = {"known_by": "letters"}
        yield Match(first, suggestions=(Suggestion(name),), values={"canonical": name}, evidence=evidence, occurrences=tuple(others))


_Places = Mapping[str, Sequence[Candidate]]
"""Candidates by their spelling, in order."""
_Named = Mapping[str, tuple[Entity, tuple[str, ...]]]
"""What `heard` makes of spellings."""


def _by_text(unknown: Sequence[Candidate]) -> _Places:
    found: dict[str, list[Candidate]] = {}
    for candidate in unknown:
        found.setdefault(candidate.text, []).append(candidate)
    return found


def _one_of(conventions: Sequence[str], source: str | None) -> str:
    """The convention that a spelling follows: the source's, else the only one that writes it so; empty where it cannot be told."""
    return source or (conventions[0] if len(conventions) == 1 else "")


def _match(places: Sequence[Candidate], right: str, code: str, evidence: Mapping[str, str], resources: Resources) -> Match:
    return Match(
        places[0].span,
        suggestions=(Suggestion(right),),
        values={"canonical": right, "whose": _whose(code, resources)},
        evidence={**evidence, "convention": code} if code else dict(evidence),
        occurrences=tuple(c.span for c in places[1:]),
    )


@lru_cache(maxsize=65536)
def _english(text: str, source: str | None) -> English | None:
    """The English form where it is the only one and differs in more than English does too: diacritics, hyphens, double letters, ou, y, z."""
    if len(text) < _SHORTEST:
        return None
    found = english(text, source, gazetteer())
    lent = source is None
    if found is None and source is not None:  # a third language's form, which came through a relay
        found, lent = english(text, None, gazetteer()), True
        if found is not None and not (found.place or found.listed):
            return None
    if found is None or not found.sure or _bare(found.form) == _bare(text):
        return None
    if found.place and lent:
        return found if max(conventions_of(text, found.form).values(), default=0) >= _AGREEING else None
    return found if found.place or found.listed or right_as_it_stands(text, source) <= _PERHAPS_RIGHT else None


def _bare(name: str) -> str:
    return _DOUBLED.sub(r"\1", _NO_LETTER.sub("", plain(name)).replace("ou", "u").replace("y", "i").replace("z", "s"))


def _titled(document: Document, candidate: Candidate) -> bool:
    """Whether a title or a capitalised word stands right before the name: then it is somebody's, or part of a longer name."""
    before = _WORD_BEFORE.search(document.text, max(0, candidate.span.start - _REACH), candidate.span.start)
    titles = language(document.provenance.target_lang).titles
    return before is not None and (before[1] in titles or before[1].rstrip(".") in titles)


def _against(document: Document, unknown: Sequence[Candidate], source: str, resources: Resources) -> Match | None:
    """The finding that the names speak against the tag: two at least follow one other convention, and none the tag's."""
    traces = [*_listed(document, resources.aliases), *_explained(unknown)]
    if any(source in trace.conventions for trace in traces):
        return None
    codes = sorted({code for trace in traces for code in trace.conventions})
    spoken = {code: {skeleton(trace.english) for trace in traces if code in trace.conventions} for code in codes}
    code = max(codes, key=lambda name: (len(spoken[name]), name), default="")
    if len(spoken.get(code, ())) < _LEAST or any(len(spoken[other]) == len(spoken[code]) for other in codes if other != code):
        return None
    sure = together(trace.text for trace in traces)[code]
    if sure < _SURE:
        return None
    mine = sorted((trace for trace in traces if code in trace.conventions), key=lambda trace: trace.span)
    shown = list(dict.fromkeys(trace.text for trace in mine))[:4]
    return Match(
        mine[0].span,
        suggestions=(),
        values={"whose": _whose(code, resources), "names": ", ".join(shown), "tag": resources.language(source).name or source},
        evidence={"known_by": "names", "convention": code, "tag": source, "names": ", ".join(shown), "probability": round(sure, 3)},
        related=tuple(trace.span for trace in mine[1:]),
    )


def _listed(document: Document, table: AliasTable) -> Iterator[Trace]:
    for segment, spellings in zip(document.segments, known(document, table), strict=True):
        for span, entries in spellings:
            conventions = frozenset(code for entry in entries for code in entry.conventions)
            guarded = any(entry.only or entry.role != "variant" or entry.short for entry in entries)
            if not guarded and conventions and conventions <= frozenset(CODES) and segment.scope is not Scope.CREDIT:
                at = Span(segment.span.start + span.start, segment.span.start + span.end)
                yield Trace(segment.text[span.start : span.end], at, conventions, entries[0].english())


def _explained(unknown: Sequence[Candidate]) -> Iterator[Trace]:
    for candidate in unknown:
        found = None if candidate.opening and " " not in candidate.text else _english(candidate.text, None)
        if found is not None and found.conventions and not (found.place and _is_borne(candidate.text)):
            yield Trace(candidate.text, candidate.span, frozenset(found.conventions), found.form)


def _is_borne(text: str) -> bool:
    """Whether persons bear the name as well."""
    return any(not reading.place for reading in gazetteer().readings(text))


def _whose(code: str, resources: Resources) -> str:
    name = resources.language(code).name if code else ""
    return f"the {name}" if name else "another language’s"


KIND = Kind(
    Schema(keys={"check": "string"}, values=frozenset({"canonical", "whose", "names", "tag"}), choices={"check": _CHECKS}),
    build,
)
