"""Which words a language has."""

from auditor.text import lexicon


def test_frequent_words_are_common_and_common_ones_known() -> None:
    assert lexicon.frequent("en") < lexicon.common("en") < lexicon.known("en")
    assert {"the", "council", "harbour"} <= lexicon.common("en")
    assert "nachhaltig" in lexicon.common("de")
    assert "nachhaltig" not in lexicon.known("en")


def test_a_language_without_a_list_has_no_words() -> None:
    assert lexicon.common("xx") == lexicon.known("xx") == frozenset()
