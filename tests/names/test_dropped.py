"""Remnants of names whose accented letters are gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.names.dropped import borne, dropped, is_remnant, remnant
from auditor.names.gazetteer import gazetteer


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["Vzquez"], {"Vzquez": "Vázquez"}),  # known
        (["Hrdlčková", "Hrdlkov"], {"Hrdlkov": "Hrdlčková"}),  # the text has it whole
        (["Hrdlkov"], {}),
        (["Vázquez", "Vazquez"], {}),  # no letter is gone
        (["Sofía", "Sofa", "María", "Mara", "José", "Jos"], {}),  # names of their own
        (["Lšná", "Lžná", "Ln"], {}),  # too short
        (["Brštný", "Bržtný", "Brtn"], {}),  # two names
        (["vzquez"], {}),
        ([], {}),
    ],
)
def test_what_was_lost(words, found):
    assert dict(dropped(words)) == found


def test_what_everybody_knows_is_no_name_of_its_own():
    assert len(borne()) > 50
    assert not [left for left in borne() if gazetteer().readings(left) or gazetteer().is_place(left)]


@given(st.text(alphabet="abrstzgáéščÁ", min_size=1, max_size=12))
def test_a_remnant_is_shorter_and_spelled_in_ascii(name):
    left = remnant(name)
    assert left.isascii()
    assert len(left) <= len(name)
    assert not is_remnant(left, name) or (len(left) < len(name) and left[0].isupper())
    assert not is_remnant(name, name)
