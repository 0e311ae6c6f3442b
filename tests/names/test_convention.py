"""Conventions as probabilities, and what `judge_name` says of a name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.aliases import aliases_folder, load
from auditor.names.convention import CONVENTIONS, convention, conventional, judge_name

TABLE = load([aliases_folder()])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Oulianov-Tchekhine", "fr"),
        ("Abdeldjalil Bouchiba", "fr"),
        ("Wjatscheslaw Schischkin", "de"),
        ("Andrej Tschubajew", "de"),
        ("Vjatsjeslav Sjisjkin", "nl"),
        ("Wiaczesław Szyszkin", "pl"),
        ("Mijaíl Sájarov", "es"),
        ("Khalid Sheikh al-Shamsi", "en"),
        ("John Parker", "en"),
    ],
)
def test_marks_decide(name, code):
    found = convention(name)
    assert max(found, key=found.get) == code


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=40), st.sampled_from([None, "fr", "en", "zh", *CONVENTIONS]))
def test_probabilities_are_of_all_eight_and_sum_to_one(name, source):
    found = convention(name, source)
    assert tuple(found) == CONVENTIONS
    assert all(0.0 <= value <= 1.0 for value in found.values())
    assert sum(found.values()) == pytest.approx(1.0)
    assert found == convention(name, source)


def test_the_source_language_speaks_for_its_own_convention():
    assert convention("Karim Rachid", "fr")["fr"] > convention("Karim Rachid")["fr"]


def test_a_foreign_spelling_of_the_table_is_changed():
    found = judge_name("Hachd al-Chaabi", TABLE)
    assert (found.canonical, found.how, found.entity_id, found.changed) == ("Hashd al-Shaabi", "alias", "hashd-al-shaabi", True)
    assert max(found.convention, key=found.convention.get) == "fr"
    assert sum(found.convention.values()) == pytest.approx(1.0)


def test_a_right_form_stays_and_is_english():
    found = judge_name("  Volodymyr Zelenskyy\n", TABLE)
    assert (found.text, found.canonical, found.changed) == ("Volodymyr Zelenskyy", "Volodymyr Zelenskyy", False)
    assert found.convention["en"] == pytest.approx(0.95)
    assert judge_name("Volodymyr Zelenskyy", TABLE, profile="reuters").canonical == "Volodymyr Zelenskiy"


def test_a_name_that_nobody_knows_is_left_alone():
    found = judge_name("Bouchra Tchekhine", TABLE)
    assert (found.canonical, found.how, found.entity_id, found.changed) == (None, "", None, False)
    assert judge_name("", TABLE).canonical is None


def test_a_guarded_spelling_is_changed_unless_the_source_is_another():
    assert judge_name("EZB", TABLE, source_lang="de").canonical == "ECB"
    assert judge_name("EZB", TABLE).canonical == "ECB"
    assert judge_name("EZB", TABLE, source_lang="fr").canonical is None


def test_a_convention_is_named_only_where_it_can_be_told():
    assert conventional(TABLE.lookup("Kiew"), None) == "de"
    assert conventional(TABLE.lookup("Bagdad"), None) == ""
    assert conventional(TABLE.lookup("Bagdad"), "es") == "es"
