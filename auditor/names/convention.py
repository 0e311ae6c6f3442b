"""Which romanisation convention a name follows, from its letters alone; the only place that weighs them.

A first, evidence-based reading: each mark that a convention leaves adds to its score, a name without marks is probably English.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.names.aliases import AliasTable, Entry

CONVENTIONS = ("en", "fr", "de", "es", "it", "pt", "nl", "pl")

# Weights are natural logarithms of how much more often a convention shows the mark than others do.
_MARKS: tuple[tuple[re.Pattern[str], Mapping[str, float]], ...] = tuple(
    (re.compile(pattern), weights)
    for pattern, weights in (
        (r"ou", {"fr": 2.2}),
        (r"ï", {"fr": 2.5, "nl": 1.0}),
        (r"[èêâîûœ]", {"fr": 2.2, "pt": 1.0}),
        (r"é", {"fr": 2.0, "es": 1.5, "pt": 1.2}),
        (r"tch", {"fr": 3.0, "pt": 1.2}),
        (r"(?<![tsc])ch(?=[aeioéï])", {"fr": 0.8, "de": 0.7, "nl": 0.9, "pl": 0.9, "it": 0.6}),
        (r"dj", {"fr": 2.6, "nl": 1.0}),
        (r"(?<!d)j(?=[aeiouï])", {"de": 0.9, "nl": 1.2, "pl": 1.0, "es": 0.7, "it": 0.7, "fr": 0.3}),
        (r"gu(?=[eéiï])", {"fr": 1.6, "es": 1.6, "pt": 1.0}),
        (r"(?<=[aeiou])ss(?=[aeiouï])", {"fr": 0.9, "de": 0.9, "pt": 0.5}),
        (r"(?<=[iu])ne\b", {"fr": 1.8}),
        (r"\bben\b|\bel[- ]", {"fr": 1.3, "es": 0.6}),
        (r"aoui|oui\b", {"fr": 1.5}),
        (r"schtsch|tsch|dsch", {"de": 4.0}),
        (r"(?<![td])sch", {"de": 3.2}),
        (r"w(?=[aeiouäöüył])|w\b", {"de": 1.5, "pl": 1.6}),
        (r"[äöüß]", {"de": 3.0}),
        (r"\b(?:as|asch|ad|ar|an|at|az|es)-", {"de": 2.2, "pl": 1.0}),
        (r"jj|yj\b|ij\b", {"de": 1.2, "pl": 0.8, "it": 1.2, "nl": 0.4}),
        (r"(?<![tsc])z(?=[aeoijk]|\b)", {"de": 0.4, "pl": 0.3}),
        (r"[ñ]|[áíóú]", {"es": 2.6, "pt": 1.2}),
        (r"(?<![ds])j(?=[aeioáéíó])|j\b", {"es": 0.8}),
        (r"y(?=[aeo])", {"es": 0.4, "en": 0.5}),
        (r"cc|zz|gh(?=[ei])|sci", {"it": 2.0}),
        (r"[čšžëì]|ò|à", {"it": 2.0}),
        (r"ia\b", {"it": 0.3, "es": 0.3, "pt": 0.3}),
        (r"[ãõçô]", {"pt": 3.0, "fr": 0.2}),
        (r"x(?=[aeiou])|quia|lh|nh", {"pt": 1.0}),
        (r"tsj|zj|sj", {"nl": 4.0}),
        (r"oe", {"nl": 2.6}),
        (r"ieuw|aa|ij|ee", {"nl": 0.7}),
        (r"szcz|cz|sz|rz|dż|dzi", {"pl": 3.6}),
        (r"[łżźńśćąę]", {"pl": 4.0}),
        (r"ie(?=[dwnlrt])", {"pl": 0.7}),
        (r"kh|zh|(?<!c)sh(?!ch)|ee|oo", {"en": 1.6}),
        (r"(?<![s])ck|th|ph|wh|ow\b", {"en": 0.4}),
        (r"sky\b|yy\b", {"en": 1.2}),
        (r"\bal-(?=[a-z])|\bbin\b", {"en": 0.4, "de": 0.2}),
    )
)
_PRIOR: Mapping[str, float] = {"en": 2.2, "fr": 0.4, "de": 0.4, "es": 0.2, "it": 0.0, "pt": -0.3, "nl": 0.0, "pl": 0.0}
_FROM_SOURCE = 1.0


@dataclass(frozen=True, slots=True)
class NameJudgement:
    """What is known of one name: its convention as probabilities over CONVENTIONS, and the form that English copy prints.

    `canonical` is None for a name that the table does not know; `how` is “alias” where it does, else empty.
    """

    text: str
    convention: Mapping[str, float]
    canonical: str | None
    how: str
    entity_id: str | None
    changed: bool
    confidence: float


def convention(name: str, source_lang: str | None = None) -> dict[str, float]:
    """Probabilities of the eight conventions, summing to 1, in the order of CONVENTIONS."""
    folded = unicodedata.normalize("NFC", name).casefold()
    scores = dict(_PRIOR)
    for pattern, weights in _MARKS:
        found = min(len(pattern.findall(folded)), 2)
        for code, weight in weights.items():
            scores[code] += weight * found
    if source_lang in scores and source_lang != "en":
        scores[source_lang] += _FROM_SOURCE
    return _distribution(scores)


def _distribution(scores: Mapping[str, float]) -> dict[str, float]:
    """Softmax in the order of CONVENTIONS."""
    top = max(scores.values())
    raw = {code: math.exp(scores[code] - top) for code in CONVENTIONS}
    total = sum(raw.values())
    return {code: value / total for code, value in raw.items()}


def judge_name(name: str, table: AliasTable, *, source_lang: str | None = None, profile: str = "") -> NameJudgement:
    """What the table and the letters say of one name; surrounding space is not part of it.

    A spelling of several entities, or one that is foreign only in texts from another language, is left as it is.
    """
    text = name.strip()
    entry = table.lookup(text)
    letters = convention(text, source_lang)
    if entry is None or (entry.role == "variant" and not _applies(entry, source_lang)):
        return NameJudgement(text, letters, None, "", None, changed=False, confidence=max(letters.values()))
    foreign = entry.role == "variant"
    canonical = entry.english(profile) if foreign or profile in entry.form.profiles else text if entry.role == "accepted" else entry.english(profile)
    known = _known(entry, letters) if foreign else _known_english(letters)
    return NameJudgement(text, known, canonical, "alias", entry.entity.id, changed=canonical != text, confidence=0.99)


def _applies(entry: Entry, source_lang: str | None) -> bool:
    """A guarded spelling counts when its language is not known to be another one."""
    return source_lang is None or entry.holds_for(source_lang)


def _known(entry: Entry, letters: Mapping[str, float]) -> dict[str, float]:
    """The letters' reading narrowed to the conventions that the table names (0.95 of the mass)."""
    named = [code for code in entry.conventions if code in CONVENTIONS]
    if not named:
        return dict(letters)
    inside = sum(letters[code] for code in named)
    outside = 1.0 - inside
    return {
        code: 0.95 * (letters[code] / inside) if code in named else 0.05 * (letters[code] / outside if outside > 0 else 0.0) for code in CONVENTIONS
    } | ({} if outside > 0 else {code: 1.0 / len(named) for code in named})


def _known_english(letters: Mapping[str, float]) -> dict[str, float]:
    outside = 1.0 - letters["en"]
    return {code: 0.95 if code == "en" else 0.05 * (value / outside if outside > 0 else 1 / 7) for code, value in letters.items()}


def conventional(entry: Entry, source_lang: str | None) -> str:
    """The one convention of a known foreign spelling: the source language's where that is one of several; empty where it cannot be told."""
    if source_lang in entry.conventions:
        return str(source_lang)
    return entry.conventions[0] if len(entry.conventions) == 1 else ""
