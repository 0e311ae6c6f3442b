"""Romanisation: spellings that the alias table knows as another language's, or that a house style does not print; the only kind that reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.detect.kind import Detector, Kind, Resources
from auditor.names.aliases import KINDS, Entry
from auditor.names.candidates import is_opening
from auditor.names.convention import conventional
from auditor.names.known import known
from auditor.names.skeleton import ARTICLE, skeleton
from auditor.rules.model import Schema
from auditor.text.language import language
from auditor.types import Document, Match, Rule, Scope, Segment, Span, Suggestion

_FORMS = ("foreign", "house")
_BEFORE = re.compile(r"([^\W_][\w.’'-]*) $")
_REACH = 40
_AFTER = re.compile(r" ([^\W_][\w’'-]*)")
_OPENED, _CLOSED = '“"„‘«', re.compile('[,.]?[”"“’»]')
_CONFIDENCE = {"full": 0.98, "short": 0.93}


@dataclass(frozen=True, slots=True)
class Hit:
    """A known spelling where it stands: `span` in the document, `entries` what the table says of it."""

    text: str
    span: Span
    segment: Segment
    entries: tuple[Entry, ...]


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind; each says which kinds of entity it reports (`entities`) and which forms (`form`).

    `example.profile` is the house style that a rule's own examples stand in; it changes nothing here.
    """
    wanted = [(rule, *_read(rule)) for rule in rules]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        hits = _hits(document, resources)
        named = frozenset(entry.entity.id for hit in hits for entry in hit.entries if not entry.short)
        judged = [(hit, entry) for hit in hits if (entry := _judge(document, hit, named, resources.profile)) is not None]
        for rule, entities, form in wanted:
            mine = [(hit, e) for hit, e in judged if e.entity.kind in entities and (e.role == "variant") == (form == "foreign")]
            for group in _grouped(mine):
                yield rule, _match(document, group, hits, resources)

    return detect


def _read(rule: Rule) -> tuple[frozenset[str], str]:
    """The kinds of entity and the form that a rule reports."""
    entities, form = rule.params.get("entities", KINDS), str(rule.params.get("form", "foreign"))
    assert isinstance(entities, tuple)
    return frozenset(map(str, entities)), form


def _hits(document: Document, resources: Resources) -> list[Hit]:
    found = []
    for segment, spellings in zip(document.segments, known(document, resources.aliases), strict=True):
        if segment.scope is Scope.CREDIT:
            continue
        for span, entries in spellings:
            at = Span(segment.span.start + span.start, segment.span.start + span.end)
            found.append(Hit(segment.text[span.start : span.end], at, segment, entries))
    return found


def _judge(document: Document, hit: Hit, named: frozenset[str], profile: str) -> Entry | None:
    """The one entry by which the spelling is a problem here; None where it is right, guarded, or could be somebody else's name."""
    if any(entry.role != "variant" for entry in hit.entries):
        right = [entry for entry in hit.entries if entry.role != "variant" and profile in entry.form.profiles]
        return right[0] if len(right) == 1 and _capital(hit, right[0].english(profile)) != hit.text else None
    source = document.provenance.source_lang
    fitting = [entry for entry in hit.entries if entry.holds_for(source) and (not entry.short or entry.entity.alone or entry.entity.id in named)]
    if len({entry.english() for entry in fitting}) != 1:
        return None
    entry = fitting[0]
    if entry.short and not entry.entity.alone and not _same_person(document, hit, entry):
        return None
    return None if entry.entity.kind in ("place", "acronym", "term") and _inside_name(document, hit, entry) else entry


def _same_person(document: Document, hit: Hit, entry: Entry) -> bool:
    """Whether a surname stands alone, behind a title or behind the person's own given name, and not behind somebody else's."""
    before = _before(hit)
    if before is None or not before[:1].isupper():
        return True
    full = entry.entity.full
    spellings = (*full.right, *(variant for variants in full.variants.values() for variant in variants))
    given = {skeleton(word) for spelling in spellings for word in spelling.split()}
    common = language(document.provenance.target_lang).function_words
    return before.rstrip(".") in _title_words(document) or skeleton(before) in given or before.casefold() in common


def _inside_name(document: Document, hit: Hit, entry: Entry) -> bool:
    """Whether a capitalised neighbour makes a place or a raised term part of a longer name (“Alyssa Milano”), quotation marks a ship or a song of
    it, or a figure an acronym a date (“202 BCE”)."""
    before, text = _before(hit), hit.segment.text
    start = hit.span.start - hit.segment.span.start
    if entry.entity.kind == "place" and start and text[start - 1] in _OPENED and _CLOSED.match(text, start + len(hit.text)):
        return True
    if entry.entity.kind == "acronym":
        return before is not None and before[:1].isdigit()
    if entry.entity.kind == "term" and not (hit.text[:1].isupper() and entry.english()[:1].islower()):
        return False
    common = language(document.provenance.target_lang).function_words
    if before is not None and before[:1].isupper() and before.casefold().rstrip(".") not in common:
        return bool(entry.only) or not is_opening(hit.segment, start - len(before) - 1)
    after = _AFTER.match(hit.segment.text, start + len(hit.text))
    guarded = bool(entry.only) or entry.entity.kind == "term"
    return guarded and after is not None and after[1][:1].isupper() and after[1] not in _title_words(document)


def _title_words(document: Document) -> frozenset[str]:
    return frozenset(word.rstrip(".") for title in language(document.provenance.target_lang).titles for word in title.split())


def _before(hit: Hit) -> str | None:
    start = hit.span.start - hit.segment.span.start
    found = _BEFORE.search(hit.segment.text, max(0, start - _REACH), start)
    return found[1] if found else None


def _grouped(judged: Sequence[tuple[Hit, Entry]]) -> Iterator[list[tuple[Hit, Entry]]]:
    """One group a spelling of an entity, in order of its first place; a place that needs a capital of its own stands apart."""
    groups: dict[tuple[str, bool, str, str], list[tuple[Hit, Entry]]] = {}
    for hit, entry in judged:
        groups.setdefault((entry.entity.id, entry.short, entry.surface, _capital(hit, entry.english())), []).append((hit, entry))
    yield from groups.values()


def _match(document: Document, group: Sequence[tuple[Hit, Entry]], hits: Sequence[Hit], resources: Resources) -> Match:
    hit, entry = group[0]
    related = _right_forms(entry, hits, resources.profile)
    english = _used(entry, related, resources.profile)
    code = conventional(entry, document.provenance.source_lang) if entry.role == "variant" else ""
    evidence: dict[str, str | float] = {"known_by": "alias", "entity": entry.entity.id}
    if code:
        evidence["convention"] = code
    return Match(
        span=hit.span,
        suggestions=(Suggestion(_capital(hit, english), safe=True),),
        values={
            "canonical": _capital(hit, english),
            "whose": whose(resources, code),
            "profile": resources.profile,
        },
        evidence=evidence,
        occurrences=tuple(other.span for other, _ in group[1:]),
        related=tuple(other.span for other in related),
        confidence=_CONFIDENCE["short" if entry.short or entry.only else "full"],
    )


def whose(resources: Resources, code: str) -> str:
    """“the French” for a convention that is known by name, else “another language’s”."""
    name = resources.language(code).name if code else ""
    return f"the {name}" if name else "another language’s"


def _right_forms(entry: Entry, hits: Sequence[Hit], profile: str) -> list[Hit]:
    """Places of the same text where the entity stands in a right form: the full name for a full name, else any."""
    fitting = [(other, mine) for other in hits for mine in other.entries if mine.entity.id == entry.entity.id and _is_right(mine, profile)]
    same = [other for other, mine in fitting if mine.short == entry.short]
    return same or [other for other, _ in fitting]


def _is_right(entry: Entry, profile: str) -> bool:
    return entry.role != "variant" and (profile not in entry.form.profiles or entry.english(profile) == entry.surface)


def _used(entry: Entry, related: Sequence[Hit], profile: str) -> str:
    """The form to print: the house's, else the one that this text uses most, else the canonical one."""
    english = entry.english(profile)
    counts: dict[str, int] = {}
    for mine in (mine for other in related for mine in other.entries if mine.entity.id == entry.entity.id):
        alike = mine.surface.isupper() == entry.surface.isupper() and bool(ARTICLE.match(mine.surface)) == bool(ARTICLE.match(english))
        if mine.short == entry.short and alike:
            counts[mine.surface] = counts.get(mine.surface, 0) + 1
    if profile in entry.form.profiles or not counts:
        return english
    return max(counts, key=lambda form: (counts[form], form == english, form))


def _capital(hit: Hit, english: str) -> str:
    """The form with the capitals of its place: an article or a term that opens a sentence is raised, a headline in capitals keeps them."""
    if hit.text.isupper() and not english.isupper() and len(hit.text) >= 5:
        return english.upper()
    opening = is_opening(hit.segment, hit.span.start - hit.segment.span.start)
    return english[:1].upper() + english[1:] if opening and english[:1].islower() else english


KIND = Kind(
    Schema(
        keys={"entities": "strings", "form": "string", "example.profile": "string"},
        values=frozenset({"canonical", "whose", "profile"}),
        choices={"entities": tuple(KINDS), "form": _FORMS},
    ),
    build,
)
