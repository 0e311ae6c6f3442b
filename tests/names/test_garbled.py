"""A slip in one word of a known name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.names.aliases import load
from auditor.names.garbled import edits, index, is_slip, meant

NAMES = """
[karola-brandtner]
canonical = "Karola Brandtner"
kind = "person"
[karola-brandter]
canonical = "Karola Brandter"
kind = "person"
[ottokar-silberstein]
canonical = "Ottokar Silberstein"
kind = "person"
[northern-harbour-board]
canonical = "Northern Harbour Board"
kind = "organisation"
[silberau]
canonical = "Silberau Talgrund"
kind = "place"
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    folder = tmp_path_factory.mktemp("aliases")
    (folder / "x.toml").write_text(NAMES, encoding="utf-8")
    return index(load([folder]))


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("Ottokar Silbersteim", "ottokar-silberstein"),
        ("Ottokar Silbersgein", "ottokar-silberstein"),
        ("Ottokar Silbresteni", "ottokar-silberstein"),
        ("Northern Habrour Board", None),  # an organisation
        ("Ottokar Silberstein", None),  # right
        ("Ottokar Zilberstein", None),  # another first letter
        ("Ottokar Silbersstein", None),  # its romanisation differs
        ("Oskar Silberstein", None),  # somebody else
        ("Silbersteim", None),  # a surname alone
        ("Karola Brandtler", None),  # two people are as near
        ("Silberau Talgrond", None),  # a place
        ("", None),
    ],
)
def test_the_one_name_that_is_meant(known, name, right):
    found = meant(name, known)
    assert (found.id if found else None) == right


@given(st.text("abcdef", max_size=9), st.text("abcdef", max_size=9))
def test_edits_are_a_distance(one, two):
    assert edits(one, two) == edits(two, one)
    assert (edits(one, two) == 0) == (one == two)
    assert abs(len(one) - len(two)) <= edits(one, two) <= max(len(one), len(two))


@given(st.text("abcdefghij", min_size=2, max_size=12), st.integers(0, 10))
def test_neighbours_swapped_are_one_edit(word, at):
    at %= len(word) - 1
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert edits(word, swapped) == (0 if swapped == word else 1)


def test_short_words_are_other_names():
    assert not is_slip("bauer", "maier")
    assert not is_slip("bauer", "bader")


def test_of_persons_outside_the_table_a_slip_in_the_surname_counts(tmp_path):
    (tmp_path / "a.toml").write_text(NAMES, encoding="utf-8")
    both = index(load([tmp_path]), ["Leonore Katzenberg", "Karola Brandtner"])
    found = meant("Leonore Katzenbelg", both)
    assert found is not None
    assert found.full.canonical == "Leonore Katzenberg"
    assert meant("Leonora Katzenberg", both) is None
    assert meant("Léonore Katzenberg", both) is None
