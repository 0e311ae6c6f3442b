"""Letter correspondences: which convention turns one spelling into the other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.letters import CORRESPONDENCES, conventions_of, explained


@pytest.mark.parametrize(
    ("foreign", "english", "convention"),
    [
        ("Hachem Bouchra", "Hashem Bushra", "fr"),
        ("Djaafar", "Jaafar", "fr"),
        ("Woronin", "Voronin", "de"),
        ("Tschaika", "Chaika", "de"),
        ("Jaled", "Khaled", "es"),
        ("Gheorghi", "Georgi", "it"),
        ("Sjoekri", "Shukri", "nl"),
        ("Szewczenko", "Shevchenko", "pl"),
        ("Xarif", "Sharif", "pt"),
        ("Volodine ben Choukri", "Volodin bin Shukri", "fr"),
    ],
)
def test_a_foreign_spelling_is_explained_and_its_english_form_is_not(foreign, english, convention):
    assert convention in conventions_of(foreign, english)
    assert conventions_of(english, foreign) == {}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Mohamed", "Mohammed"),
        ("Martine", "Martin"),
        ("Sara", "Zara"),
        ("Iran", "Iraq"),
        ("Jamal", "Yamal"),
        ("Hansen", "Hanssen"),
        ("Brands", "Brandz"),
    ],
)
def test_what_is_no_foreign_spelling_is_explained_by_nothing(one, two):
    assert conventions_of(one, two) == {}
    assert conventions_of(two, one) == {}


def test_more_correspondences_count_for_more():
    assert explained("Bouchkov", "Bushkov", "fr") == 2
    assert explained("Bouchkov", "Bushkov", "nl") == 0


@settings(deadline=None, max_examples=80)
@given(st.text(alphabet="abcdefghijklmnoprstuvwyz -'", max_size=14), st.sampled_from(sorted(CORRESPONDENCES)))
def test_no_correspondence_is_needed_between_equal_spellings_unless_it_undoes_itself(name, convention):
    assert name.upper() == name or explained(name, name.upper(), convention) == explained(name, name, convention)
    assert conventions_of(name, name) == {}
