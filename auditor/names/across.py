"""One name spelled in two ways in different texts of a folder: the reduce over their extracts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from auditor.names.aliases import AliasTable, Entry
from auditor.names.letters import conventions_of
from auditor.names.skeleton import plain, skeleton, without_article
from auditor.types import Evidence, Extract, Located, Mention

_SHORTEST = 5
_MOST = 40
"""Spellings of one sound in a folder that are compared with each other."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling that other texts of the folder print otherwise.

    `at` is its first place in each text that has it, in order of path; `other` the form to print and `related` where it stands. `in_table`:
    the alias table knows the spelling as foreign, so that each text has a finding of its own already and this is its evidence.
    """

    text: str
    at: tuple[Located, ...]
    other: str
    related: tuple[Located, ...]
    in_table: bool
    evidence: Evidence


def across(extracts: Iterable[Extract], table: AliasTable) -> tuple[Spelling, ...]:
    """Names of one entity that stand in two spellings in different texts, where the table or a convention's letters say that they are one.

    Two spellings that are both right in English, and pairs that nothing explains, are silent. The result does not depend on the order of
    the extracts.
    """
    by_text: dict[str, list[Mention]] = defaultdict(list)
    for extract in sorted(extracts, key=lambda item: (item.path, item.part or "")):
        for mention in extract.names:
            by_text[mention.text].append(mention)
    found = [*_by_table(by_text, table), *_by_letters(by_text, table)]
    return tuple(sorted(found, key=lambda spelling: (_where(spelling.at[0]), spelling.text)))


def _where(place: Located) -> tuple[str, str, int]:
    return place.path, place.part or "", place.span.start


def _by_table(by_text: Mapping[str, Sequence[Mention]], table: AliasTable) -> Iterable[Spelling]:
    """Foreign spellings of an entity that other texts name in a right form."""
    right: dict[tuple[str, bool], list[tuple[str, Mention]]] = defaultdict(list)
    foreign: list[tuple[str, Entry]] = []
    for text in sorted(by_text):
        entry = table.lookup(text)
        if entry is None:
            continue
        if entry.role == "variant":
            foreign.append((text, entry))
        else:
            right[entry.entity.id, entry.short].extend((text, mention) for mention in by_text[text])
    for text, entry in foreign:
        others = _elsewhere(by_text[text], [mention for _, mention in right[entry.entity.id, entry.short]])
        if others:
            evidence: dict[str, str | float] = {"known_by": "alias", "entity": entry.entity.id}
            if len(entry.conventions) == 1:
                evidence["convention"] = entry.conventions[0]
            yield _spelling(text, by_text[text], entry.english(), others, evidence, in_table=True)


def _by_letters(by_text: Mapping[str, Sequence[Mention]], table: AliasTable) -> Iterable[Spelling]:
    """Spellings unknown to the table that the letters of one convention turn into the form of another text; two correspondences at least."""
    by_sound: dict[str, list[str]] = defaultdict(list)
    for text in sorted(by_text):
        if len(plain(without_article(text))) >= _SHORTEST and " " in text:
            by_sound[skeleton(text)].append(text)
    for texts in by_sound.values():
        if len(texts) > _MOST:
            continue
        for one, two in combinations(texts, 2):
            for foreign, english in ((one, two), (two, one)):
                why = conventions_of(foreign, english)
                code = max(why, key=lambda name: (why[name], name), default="")
                if why.get(code, 0) < 2 or table.entries(foreign):
                    continue
                others = _elsewhere(by_text[foreign], by_text[english])
                if others:
                    yield _spelling(foreign, by_text[foreign], english, others, {"known_by": "skeleton", "convention": code}, in_table=False)


def _elsewhere(mentions: Sequence[Mention], others: Sequence[Mention]) -> list[Mention]:
    """The other form's mentions in texts that do not have this spelling: inside one text the difference is that text's own finding."""
    here = {(mention.at.path, mention.at.part) for mention in mentions}
    return [other for other in others if (other.at.path, other.at.part) not in here]


def _spelling(text: str, mentions: Sequence[Mention], other: str, others: Sequence[Mention], evidence: Evidence, *, in_table: bool) -> Spelling:
    places = (tuple(sorted((mention.at for mention in group), key=_where)) for group in (mentions, others))
    at, related = places
    return Spelling(text, at, other, related, in_table, evidence)
