import pytest

from auditor.mqm.typology import TYPES
from auditor.types import CATEGORIES

ITS = {
    "terminology", "mistranslation", "omission", "untranslated", "addition", "duplication", "inconsistency", "grammar", "legal", "register",
    "locale-specific-content", "locale-violation", "style", "characters", "misspelling", "typographical", "formatting", "inconsistent-entities",
    "numbers", "markup", "pattern-problem", "whitespace", "internationalization", "length", "non-conformance", "uncategorized", "other",
}  # fmt: skip
DIMENSIONS = {
    "terminology": "Terminology", "accuracy": "Accuracy", "linguistic": "Linguistic conventions", "style": "Style", "locale": "Locale conventions",
    "markup": "Design and markup",
}  # fmt: skip


def test_every_category_has_a_type():
    assert list(TYPES) == list(CATEGORIES)


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_type_is_one_of_the_standards(category):
    found = TYPES[category]
    assert found.dimension == DIMENSIONS[category.partition("/")[0]]
    assert found.its in ITS


def test_two_categories_share_no_type():
    assert len({found.id for found in TYPES.values()}) == len(TYPES)
