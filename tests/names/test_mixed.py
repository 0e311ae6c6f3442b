"""Spellings made of two halves: which are, and that no right name is among them."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.names.mixed import mixed

RIGHT = ("Pavel Orlov", "Pavlo Orlov")
VARIANTS = {"fr": ("Pavel Orloff", "Pawel Orlow"), "de": ("Pawel Orlow", "Paul von Orlow")}


def test_a_foreign_half_beside_a_right_one():
    assert dict(mixed(RIGHT, VARIANTS)) == {"Pawel Orlov": ("de", "fr"), "Pavel Orlow": ("de", "fr")}


def test_names_of_three_words_and_none_are_left():
    assert list(mixed(("Abdel Fattah Saad",), {"fr": ("Abdel Saad",)})) == []
    assert list(mixed(("Platon",), {"fr": ("Pierre Platon",)})) == []
    assert list(mixed(RIGHT, {})) == []


WORDS = st.sampled_from(["Pavel", "Pawel", "Pavlo", "Orlov", "Orlow", "Orloff", "von"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@given(st.lists(NAMES, min_size=1, max_size=3), st.dictionaries(st.sampled_from(["fr", "de", "pl"]), st.lists(NAMES, max_size=3), max_size=3))
def test_never_a_listed_name_and_always_one_right_half(right, variants):
    listed = {*right, *(name for names in variants.values() for name in names)}
    for name, codes in mixed(right, variants):
        first, last = name.split(" ")
        assert name not in listed
        assert codes
        assert set(codes) <= set(variants)
        assert any(first == known.split(" ")[0] or last == known.split(" ")[-1] for known in right)
