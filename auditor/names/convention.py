"""Which romanisation convention a name follows, and what is known of its English form; the only place that joins table, gazetteer and letters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from auditor.names.aliases import AliasTable, Entry
from auditor.names.english import English, english
from auditor.names.gazetteer import gazetteer
from auditor.names.sounds import heard

CONVENTIONS = ("en", "fr", "de", "es", "it", "pt", "nl", "pl")
_FROM_SOURCE = math.e
"""How much more often a name follows the convention of the text's source language than the letters alone say."""
_SURELY_FOREIGN = 0.95
"""At this probability the letters call 51 % of foreign spellings foreign, and 0.6 % of the names that are right as they are."""
_PROBABLY_FOREIGN = 0.8
_SHARE = 0.95
"""What the conventions that the table names get of the whole."""


@dataclass(frozen=True, slots=True)
class NameJudgement:
    """What is known of one name: its convention as probabilities over CONVENTIONS, and the form that English copy prints.

    `canonical` is None where nothing is known of it. `how` is “alias” for a spelling of the table, “skeleton” for an unlisted spelling of a
    name of the table, “rule” where a gazetteer has the form that the letters of a convention spell so, else empty.
    """

    text: str
    convention: Mapping[str, float]
    canonical: str | None
    how: str
    entity_id: str | None
    changed: bool
    confidence: float


def convention(name: str, source_lang: str | None = None) -> dict[str, float]:
    """Probabilities of the eight conventions, summing to 1, in the order of CONVENTIONS; “en”: right in English as it stands."""
    from auditor.names.model import FOREIGN, reading  # numpy and the weights, which known names do without

    among, foreign = reading(name)
    chances = {"en": 1.0 - foreign} | {code: foreign * chance for code, chance in zip(FOREIGN, among, strict=True)}
    if source_lang in FOREIGN:
        chances[source_lang] *= _FROM_SOURCE
    total = sum(chances.values())
    return {code: chances[code] / total for code in CONVENTIONS}


def right_as_it_stands(name: str, source_lang: str | None = None) -> float:
    """How probable it is by its letters that English spells the name so."""
    return convention(name, source_lang)["en"]


def together(names: Iterable[str]) -> dict[str, float]:
    """Which foreign convention the names of one text follow: the readings of all of them multiplied, each by how surely it is foreign.

    What is common to all names, the share of the conventions in the training data, counts once. Empty without names.
    """
    from auditor.names.model import FOREIGN, model, reading

    prior = [math.log(float(share)) for share in model().prior]
    sums = list(prior)
    for name in sorted(set(names)):
        among, foreign = reading(name)
        sums = [total + foreign * (math.log(chance + 1e-4) - usual) for total, chance, usual in zip(sums, among, prior, strict=True)]
    raised = [math.exp(total - max(sums)) for total in sums]
    return {code: value / sum(raised) for code, value in zip(FOREIGN, raised, strict=True)}


def judge_name(name: str, table: AliasTable, *, source_lang: str | None = None, profile: str = "") -> NameJudgement:
    """What the table, then the gazetteer, then the letters say of one name; surrounding space is not part of it.

    A spelling of several entities, one that is foreign only in texts from another language, and one whose English form is open is left
    as it is.
    """
    text = name.strip()
    entry = table.lookup(text)
    if entry is None or (entry.role == "variant" and not _applies(entry, source_lang)):
        return _unlisted(text, table, source_lang, profile)
    foreign = entry.role == "variant"
    canonical = entry.english(profile) if foreign or profile in entry.form.profiles else text if entry.role == "accepted" else entry.english(profile)
    known = _known(entry, text, source_lang) if foreign else _shared(("en",))
    return NameJudgement(text, known, canonical, "alias", entry.entity.id, changed=canonical != text, confidence=0.99)


def _unlisted(text: str, table: AliasTable, source_lang: str | None, profile: str) -> NameJudgement:
    """A spelling that the table does not hold: one that names an entity by its sound, or that a gazetteer explains, is changed."""
    letters = convention(text, source_lang)
    named = heard(text, table, source_lang) if text else None
    if named is not None:
        entity, codes = named
        return NameJudgement(text, _narrowed(letters, codes), entity.full.english(profile), "skeleton", entity.id, changed=True, confidence=0.95)
    found = english(text, source_lang, gazetteer()) if text and not table.entries(text) else None
    if found is not None and found.sure and found.form != text and letters["en"] <= _most_english(found, source_lang):
        return NameJudgement(text, letters, found.form, "rule", None, changed=True, confidence=0.95 if found.place or found.listed else 0.85)
    return NameJudgement(text, letters, None, "", None, changed=False, confidence=max(letters.values()))


def _most_english(found: English, source_lang: str | None) -> float:
    """How probable it may be at most that the name is right as it is: a place or a person of the source's spelling is known by the gazetteer
    alone."""
    if found.listed:
        return 1.0
    if source_lang is None:
        return 1.0 - _SURELY_FOREIGN
    return 1.0 if found.place else 1.0 - _PROBABLY_FOREIGN


def _applies(entry: Entry, source_lang: str | None) -> bool:
    """A guarded spelling counts when its language is not known to be another one."""
    return source_lang is None or entry.holds_for(source_lang)


def _known(entry: Entry, text: str, source_lang: str | None) -> dict[str, float]:
    """The conventions that the table names, the source's first among them; the letters' reading where it names none."""
    named = [code for code in entry.conventions if code in CONVENTIONS]
    if not named:
        return _narrowed(convention(text, source_lang), [code for code in CONVENTIONS if code != "en"])
    return _shared([source_lang] if source_lang in named else named)


def _narrowed(letters: Mapping[str, float], codes: Sequence[str]) -> dict[str, float]:
    """The letters' reading with its share of the whole for the conventions that the evidence names."""
    inside = sum(letters[code] for code in codes)
    outside = sum(letters.values()) - inside
    if not inside or not outside:
        return dict(letters)
    return {code: _SHARE * value / inside if code in codes else (1.0 - _SHARE) * value / outside for code, value in letters.items()}


def _shared(named: Sequence[str]) -> dict[str, float]:
    """The whole, shared out evenly among the conventions named, with a rest for the others."""
    rest = (1.0 - _SHARE) / (len(CONVENTIONS) - len(named)) if len(named) < len(CONVENTIONS) else 0.0
    share = (1.0 - rest * (len(CONVENTIONS) - len(named))) / len(named)
    return {code: share if code in named else rest for code in CONVENTIONS}


def conventional(entry: Entry, source_lang: str | None) -> str:
    """The one convention of a known foreign spelling: the source language's where that is one of several; empty where it cannot be told."""
    if source_lang in entry.conventions:
        return str(source_lang)
    return entry.conventions[0] if len(entry.conventions) == 1 else ""
