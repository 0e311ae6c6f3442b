"""The English form of names that stand in no table: with evidence, in one way only, or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.english import english
from auditor.names.gazetteer import CODES, gazetteer


@pytest.mark.parametrize(
    ("name", "source", "form"),
    [
        ("Petropawliwka", "de", "Petropavlivka"),
        ("Berdytchiv", "fr", "Berdychiv"),
        ("Wiktor Sokolow", "de", "Viktor Sokolov"),
        ("Petropawliwka", None, "Petropavlivka"),
        ("Deutschland", "de", "Germany"),
        ("Wiktor Pawlowitsch Sokolow", "de", "Viktor Sokolov"),
    ],
)
def test_a_spelling_of_the_source_is_turned_into_the_english_one(name, source, form):
    found = english(name, source, gazetteer())
    assert found is not None
    assert found.form == form


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Petropawliwka", "fr"),  # German letters in a text from French
        ("Petropavlivka", "fr"),  # right already
        ("Mazara del Vallo", "de"),
        ("Arnold Schwarzenegger", "de"),
        ("Abdelaziz Bouteflika", "fr"),
        ("Wiktor Quorzel", "de"),  # a part that nobody knows
        ("", "de"),
    ],
)
def test_what_is_right_or_unknown_is_left(name, source):
    assert english(name, source, gazetteer()) is None


def test_the_conventions_that_write_it_are_named():
    found = english("Wiktor Sokolow", None, gazetteer())
    assert found is not None
    assert "de" in found.conventions
    assert "en" not in found.conventions


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30), st.sampled_from([None, *CODES[1:]]))
def test_an_english_form_is_never_changed_again(name, source):
    found = english(name, source, gazetteer())
    if found is not None:
        again = english(found.form, source, gazetteer())
        assert again is None or again.form == found.form
