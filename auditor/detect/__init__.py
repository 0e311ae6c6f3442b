"""The kinds of check by name; a new kind is its file, one line here and its test."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.detect import (
    consistency,
    contradiction,
    density,
    fragment,
    language,
    lowered,
    numbers,
    phrase,
    pronoun,
    punctuation,
    repetition,
    residue,
    romanisation,
    unlisted,
    unpaired,
    untranslated,
)
from auditor.detect.kind import Kind

KINDS: Mapping[str, Kind] = {
    "consistency": consistency.KIND,
    "contradiction": contradiction.KIND,
    "density": density.KIND,
    "fragment": fragment.KIND,
    "language": language.KIND,
    "lowered": lowered.KIND,
    "numbers": numbers.KIND,
    "phrase": phrase.KIND,
    "pronoun": pronoun.KIND,
    "punctuation": punctuation.KIND,
    "repetition": repetition.KIND,
    "residue": residue.KIND,
    "romanisation": romanisation.KIND,
    "unlisted": unlisted.KIND,
    "unpaired": unpaired.KIND,
    "untranslated": untranslated.KIND,
}
