from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import DataError
from auditor.fluency import adjusted as a
from auditor.fluency.rarity import commonness
from auditor.types import Span


def word(text, surprisal=5.0, **more):
    return a.Word(Span(0, len(text)), text, surprisal, more.pop("tokens", 1), **more)


def told(*texts, seen=frozenset(), before=0):
    rows = a.features([word(text) if isinstance(text, str) else text for text in texts], set(seen), before)
    return [dict(zip(a.FEATURES, row, strict=True)) for row in rows]


def adjustment(near=(0.0, 0.0, 0.0, 0.0), **expected):
    return a.Adjustment("made up", tuple(expected.get(name, 0.0) for name in a.FEATURES), near)


def sentence(*pairs):
    words = tuple(word(text, surprisal) for text, surprisal in pairs)
    return a.Sentence(words, tuple(a.features(words, set(), 0)))


def test_common_words_are_known_and_counted_without_regard_to_case_and_apostrophe():
    assert commonness("The") == commonness("the") > commonness("minister") > 4
    assert commonness("It’s") == commonness("it's")
    assert commonness("xylographer") is None


def test_what_is_told_of_a_word():
    first, name, figure, quoted = told("Yesterday", "Wroxburgh", "2031", word("mayor", quoted=True, tokens=2))
    assert (first["first"], first["name"]) == (1.0, 0.0), "the first word has a capital anyway"
    assert (name["name"], name["unknown"], name["letters"]) == (1.0, 1.0, 9.0)
    assert (figure["figure"], figure["name"]) == (1.0, 0.0)
    assert (quoted["quoted"], quoted["tokens"], quoted["first"]) == (1.0, 2.0, 0.0)


def test_a_word_that_stood_before_is_repeated():
    assert [row["repeated"] for row in told("Rain", "brings", "rain", seen={"brings"}, before=9)] == [0.0, 1.0, 1.0]
    rows = told("Rain", "fell", before=5000)
    assert rows[0]["words_before"] == rows[1]["words_before"], "more context than that does not help"


def test_an_excess_is_the_surprisal_less_the_expected_one():
    flat = adjustment(constant=3.0, name=2.0)
    assert a.excesses(sentence(("Then", 4.0), ("Wroxburgh", 4.0), ("won", 1.0)), flat) == [1.0, -1.0, -2.0]


def test_one_word_says_no_more_than_eight_nats():
    assert a.excesses(sentence(("Gone", 90.0), ("then", -90.0)), adjustment()) == [8.0, -4.0]


def test_neighbours_add_their_share_and_a_sentence_ends_at_its_ends():
    near = adjustment((0.1, 0.2, 0.3, 0.4))
    assert a.adjusted([1.0, 0.0, 0.0, 0.0], near) == [1.0, 0.2, 0.1, 0.0]
    assert a.adjusted([0.0, 0.0, 0.0, 1.0], near) == [0.0, 0.4, 0.3, 1.0]
    assert a.adjusted([], near) == []


@given(st.lists(st.floats(-4, 8), min_size=1, max_size=20), st.integers(0, 19), st.floats(0, 4))
def test_more_excess_never_makes_a_word_or_its_neighbours_stand_out_less(values, at, more):
    near = adjustment((0.1, 0.2, 0.3, 0.4))
    at %= len(values)
    raised = [value + more * (number == at) for number, value in enumerate(values)]
    assert all(high >= low - 1e-9 for high, low in zip(a.adjusted(raised, near), a.adjusted(values, near), strict=True))


def test_names_and_figures_do_not_stand_out_but_a_first_word_may():
    found = a.standing_out(sentence(("Verily", 9.0), ("Wroxburgh", 9.0), ("sold", 1.0), ("31", 9.0)), None)
    assert found == [9.0, None, 1.0, None]


def test_a_word_of_little_excess_does_not_stand_out_for_its_neighbours():
    near = adjustment((0.5, 0.5, 0.5, 0.5))
    assert a.standing_out(sentence(("hats", 8.0), ("of", 2.9), ("soup", 3.0)), near) == [8.0 + 1.45 + 1.5, 0.0, 3.0 + 1.45 + 4.0]


def test_expected_surprisals_are_learnt_from_native_sentences():
    native = [sentence(("The", 2.0), ("minister", 6.0), ("resigned", 6.0), ("today", 6.0))] * 100
    learnt = a.learn(native, source="made up")
    assert learnt is not None
    assert a.excesses(native[0], learnt) == pytest.approx([0.0, 0.0, 0.0, 0.0], abs=0.1)
    assert a.learn(native[:10], source="made up") is None


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda table: table.update(nere=[]), "did you mean “near”"),
        (lambda table: table.update(near=[1.0]), "incomplete or malformed"),
        (lambda table: table.pop("expected"), "expected"),
        (lambda table: table["expected"].pop("name"), "name"),
        (lambda table: table["expected"].update(nam=1.0), "did you mean “name”"),
    ],
)
def test_a_malformed_adjustment_is_refused(change, complaint):
    import tomllib

    text = a.render(adjustment((0.1, 0.2, 0.3, 0.4), name=1.0))
    table = tomllib.loads(text)["calibration"]["adjusted"]
    assert a.parse(Path("m.toml"), text, table) == adjustment((0.1, 0.2, 0.3, 0.4), name=1.0)
    change(table)
    with pytest.raises(DataError, match=complaint):
        a.parse(Path("m.toml"), text, table)
