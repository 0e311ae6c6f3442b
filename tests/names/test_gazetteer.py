"""The gazetteer file: what it knows, how it is written and read, and what nothing may replace."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.gazetteer import CODES, Gazetteer, fold, gazetteer, key, read, weights_folder, write


def test_a_place_is_known_under_the_spelling_of_each_convention():
    for spelling, code in (("Petropawliwka", "de"), ("Berdytchiv", "fr"), ("Drużkiwka", "pl")):
        found = [known for known in gazetteer().readings(spelling) if code in known.conventions]
        assert found, spelling
        assert all(known.place for known in found)


def test_an_english_form_is_right_in_english():
    assert any("en" in known.conventions for known in gazetteer().readings("Petropavlivka"))
    assert gazetteer().is_place("Mazara del Vallo")
    assert not gazetteer().is_place("Petropawliwka")


def test_what_nobody_knows_has_no_reading():
    assert gazetteer().readings("Zzyzxqua") == ()
    assert gazetteer().readings("") == ()


def test_case_apostrophes_and_hyphens_do_not_matter():
    assert fold("Al‑FASHIR’s  Gate") == fold("al-fashir's gate")
    assert gazetteer().readings("PETROPAWLIWKA") == gazetteer().readings("petropawliwka")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8), st.sets(st.sampled_from(CODES), min_size=1), min_size=1, max_size=20))
def test_a_gazetteer_comes_back_from_its_file(tmp_path_factory, spelled):
    by_key = {key(spelling): codes for spelling, codes in spelled.items()}
    rows = sorted(by_key)
    masks = [sum(1 << CODES.index(code) for code in by_key[row]) for row in rows]
    made = Gazetteer(rows, [0] * len(rows), masks, [1], [5, 9], ["Somewhere"])
    path = tmp_path_factory.mktemp("g") / "g.zip"
    write(path, made)
    first = path.read_bytes()
    write(path, made)
    assert path.read_bytes() == first
    back = read(path)
    for spelling in spelled:
        (known,) = back.readings(spelling)
        assert set(known.conventions) == by_key[key(spelling)]
        assert known.english == "Somewhere"


def test_our_weights_stay_small():
    assert sum((weights_folder() / name).stat().st_size for name in ("gazetteer.zip", "convention.npz")) < 5_000_000


@pytest.mark.parametrize("name", ["keys", "places"])
def test_keys_are_sorted(name):
    values = getattr(gazetteer(), name)
    assert all(one <= two for one, two in pairwise(values))
