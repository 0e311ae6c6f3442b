"""Our categories in the words of the field: the error type of MQM-Core and the issue type of ITS 2.0 that each one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorType:
    """An error type of MQM-Core (MQM Council, typology of 2024-03-07): its dimension, its own name and identifier, those of the dimension
    where MQM-Core goes no deeper; and the value of `locQualityIssueType` in ITS 2.0 (W3C 2013, section 8.17)."""

    dimension: str
    name: str
    id: str
    its: str


_TERMINOLOGY, _ACCURACY, _LINGUISTIC = "Terminology", "Accuracy", "Linguistic conventions"
_STYLE, _LOCALE, _DESIGN = "Style", "Locale conventions", "Design and markup"

TYPES: Mapping[str, ErrorType] = {
    "terminology/inconsistent-with-resource": ErrorType(_TERMINOLOGY, "Inconsistent with terminology resource", "termbase", "terminology"),
    "terminology/inconsistent-use": ErrorType(_TERMINOLOGY, "Inconsistent use of terminology", "term-inconsistency", "terminology"),
    "terminology/wrong-term": ErrorType(_TERMINOLOGY, "Wrong term", "wrong-term", "terminology"),
    "accuracy/mistranslation": ErrorType(_ACCURACY, "Mistranslation", "mistranslation", "mistranslation"),
    "accuracy/addition": ErrorType(_ACCURACY, "Addition", "addition", "addition"),
    "accuracy/omission": ErrorType(_ACCURACY, "Omission", "omission", "omission"),
    "accuracy/untranslated": ErrorType(_ACCURACY, "Untranslated", "untranslated", "untranslated"),
    "accuracy/do-not-translate": ErrorType(_ACCURACY, "Do not translate", "no-translate", "mistranslation"),
    "linguistic/grammar": ErrorType(_LINGUISTIC, "Grammar", "grammar", "grammar"),
    "linguistic/punctuation": ErrorType(_LINGUISTIC, "Punctuation", "punctuation", "typographical"),
    "linguistic/spelling": ErrorType(_LINGUISTIC, "Spelling", "spelling", "misspelling"),
    "linguistic/unintelligible": ErrorType(_LINGUISTIC, "Unintelligible", "unintelligible", "other"),
    "linguistic/character-encoding": ErrorType(_LINGUISTIC, "Character encoding", "character-encoding", "characters"),
    "linguistic/duplication": ErrorType(_LINGUISTIC, _LINGUISTIC, "fluency", "duplication"),
    "style/unidiomatic": ErrorType(_STYLE, "Unidiomatic style", "unidiomatic", "style"),
    "style/awkward": ErrorType(_STYLE, "Awkward style", "awkward", "style"),
    "style/inconsistent": ErrorType(_STYLE, "Inconsistent style", "inconsistent-style", "inconsistency"),
    "locale/number-format": ErrorType(_LOCALE, "Number format", "number-format", "locale-violation"),
    "locale/date-format": ErrorType(_LOCALE, "Date format", "date-format", "locale-violation"),
    "locale/time-format": ErrorType(_LOCALE, "Time format", "time-format", "locale-violation"),
    "locale/currency-format": ErrorType(_LOCALE, "Currency format", "currency-format", "locale-violation"),
    "markup/residue": ErrorType(_DESIGN, _DESIGN, "design", "markup"),
}
"""The type of every category that a rule may have (`types.CATEGORIES`)."""
