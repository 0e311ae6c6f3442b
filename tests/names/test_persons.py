"""Well-known persons: which spellings are alike, what a patronymic is, and the list that the gazetteer is built with."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.names.english import english
from auditor.names.gazetteer import CODES, gazetteer
from auditor.names.persons import foreign_key, is_marked, right_key, sounded, spelled, without_patronymic

_FOLDER = Path(__file__).parents[2] / "models" / "names"


@pytest.fixture(scope="module")
def people():
    sys.path.insert(0, str(_FOLDER))
    try:
        import people as built
    finally:
        sys.path.remove(str(_FOLDER))
    return built


@pytest.mark.parametrize(
    ("name", "source", "form"),
    [
        ("Alexandre Pouchkine", "fr", "Alexander Pushkin"),
        ("Alexander Sergejewitsch Puschkin", "de", "Alexander Pushkin"),
        ("Aleksandr Poesjkin", "nl", "Alexander Pushkin"),
        ("Fëdor Dostoevskij", "it", "Fyodor Dostoevsky"),
        ("Iouri Gagarine", "fr", "Yuri Gagarin"),
        ("Juri Alexejewitsch Gagarin", "de", "Yuri Gagarin"),
        ("Mijaíl Gorbachov", "es", "Mikhail Gorbachev"),
        ("Nikita Chruschtschow", "de", "Nikita Khrushchev"),
        ("Borís Yeltsin", "es", "Boris Yeltsin"),  # the mark alone
        ("Jitzchak Schamir", "de", "Yitzhak Shamir"),
    ],
)
def test_a_spelling_of_the_source_gives_the_usual_english_form(name, source, form):
    found = english(name, source, gazetteer())
    assert found is not None
    assert (found.form, found.listed, found.place) == (form, True, False)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Alexander Pushkin", "de"),
        ("Aleksandr Pushkin", "fr"),  # English prints it too
        ("Yuriy Gagarin", "de"),
        ("Alexandre Pouchkine", "de"),  # another language's letters
        ("Dostoïevski", "fr"),  # a surname by itself is anybody's
        ("Vladimir Ilyich Lenin", "de"),
        ("Alexandre Dupont", "fr"),
        ("Kim Jong-nam", "fr"),  # nobody else's name in other letters
        ("Fouad Massoum", "fr"),
    ],
)
def test_what_english_prints_and_whom_nobody_knows_is_left(name, source):
    assert english(name, source, gazetteer()) is None


def test_a_patronymic_goes_and_only_from_between_two_names():
    assert without_patronymic("Nina Pawlowna Orlowa") == ("Nina Orlowa", "Pawlowna")
    assert without_patronymic("Oleg Petrovich Orlov") == ("Oleg Orlov", "")
    assert without_patronymic("Oleg Orlov") == ("Oleg Orlov", "")
    assert without_patronymic("Maria del Carmen") == ("Maria del Carmen", "")


def test_spellings_that_english_has_side_by_side_sound_alike():
    assert sounded("Dmitriy Solovyev") == sounded("Dmitri Soloviev") == sounded("Dmitry Solov’ev")
    assert sounded("Jewgeni") != sounded("Yevgeni")
    assert spelled("Jewgeni Rossow") == spelled("Yewgueni Rosow")
    assert is_marked("Zoë")
    assert not is_marked("Zoe O’Neill")


@given(st.text(max_size=40))
def test_any_text_has_keys_and_its_capitals_do_not_count(text):
    assert sounded(text) == sounded(sounded(text))
    assert right_key(text) != foreign_key(text)
    assert len(sounded(text)) <= 2 * len(text) + 2


def test_the_list_holds_everybody_once_and_in_letters_that_are_read(people):
    listed = list(people.people(_FOLDER / "people.txt", {}))
    assert len(listed) > 1500
    assert all(person.right and all(form == form.strip() and form for form in person.right) for person in listed)
    assert all(set(person.spellings) == set(CODES) - {"en"} for person in listed)
    natives = [line.split("=")[0] for line in (_FOLDER / "people.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert [name for name, count in Counter(natives).items() if count > 2] == []


def test_a_convention_of_nobody_is_refused(people, tmp_path):
    path = tmp_path / "people.txt"
    path.write_text("# listed\nAda Lovelace=xx Ada\n", encoding="utf-8")
    with pytest.raises(KeyError):
        list(people.people(path, {}))
