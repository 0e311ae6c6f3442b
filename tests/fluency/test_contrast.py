from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import DataError
from auditor.fluency import contrast
from auditor.fluency.contrast import Contrast, Gain, Verification, gains

BEFORE = "The committee said on Friday that it "


def texts(counting):
    """The passages in context; every second is a wording by itself."""
    passages = [passage for call in counting.calls for passage in call]
    return [(passage.context, passage.text) for passage in passages if passage.text.endswith("\n") or passage.context]


def test_a_gain_is_the_difference_of_the_sums_in_context(counting):
    # In the stand-in a longer word is less probable: 1 + 11 letters against 1 + 3 cost eight nats more.
    ((met, same),) = gains(counting, [Contrast(BEFORE, "deliberated", ("met", "deliberated"), " twice.")])
    assert met.nats == pytest.approx(8.0)
    assert same == Gain(0.0, 0.0, 0.0)


def test_what_follows_and_the_wording_alone_are_told_apart(counting):
    # “came about” is one word more: each token after it costs a tenth more. By itself it is read without context.
    ((gain,),) = gains(counting, [Contrast(BEFORE, "happened", ("came about",), " twice.")])
    assert gain.wording == pytest.approx(-(5 + 6 - 9) - 8 / 10 - 0.1 + 0.1 - 0.0, abs=0.2)
    assert gain.following == pytest.approx(-0.3), "the word, the full stop and the end of the line"
    assert gain.alone == pytest.approx(9.0 - 5.0 - 6.1)
    assert ("", " came about") in [(p.context, p.text) for call in counting.calls for p in call]


def test_the_words_after_the_wording_are_scored_too(counting):
    gains(counting, [Contrast(BEFORE, "took note", ("noted",), " of it.")])
    context = "The committee said on Friday that it"
    assert texts(counting) == [(context, " took note of it.\n"), (context, " noted of it.\n")]


def test_a_word_begun_before_the_wording_is_read_as_one_with_it(counting):
    gains(counting, [Contrast("He spoke of the “", "actors", ("players",), "” in Paris.")])
    assert texts(counting)[0] == ("He spoke of the", " “actors” in Paris.\n")


def test_a_deletion_leaves_one_space_and_is_read_with_the_next_word(counting):
    ((gain,),) = gains(counting, [Contrast("It has ", "namely", ("",), " rained.")])
    assert texts(counting)[1] == ("It has", " rained.\n")
    assert ("", " rained.") in [(p.context, p.text) for call in counting.calls for p in call]
    assert gain.wording == pytest.approx(7.2 + 0.1 * 2), "“namely” is not read, and the two tokens after it have one less before them"


def test_context_is_cut_between_words(counting):
    gains(counting, [Contrast("alpha beta " * 100, "word", ("other",), " gamma delta" * 100)])
    for context, text in texts(counting):
        assert 280 < len(context) <= 300
        assert context.startswith(("alpha ", "beta "))
        assert text.endswith((" gamma", " delta"))
        assert len(text) < 90


def test_a_wording_at_the_very_start_or_without_suggestions(counting):
    assert gains(counting, []) == []
    none, (shorter,) = gains(counting, [Contrast("", "Also", (), ""), Contrast("", "Also", ("So",), "")])
    assert none == ()
    assert shorter.nats == pytest.approx(2.0)


def test_a_deletion_at_the_end_is_not_free(counting):
    gains(counting, [Contrast("It has rained", ", so", ("",), "")])
    assert texts(counting)[1] == ("It has", " rained\n")


def test_requests_are_scored_together_and_apart_alike(counting):
    requests = [
        Contrast(BEFORE, "met", ("sat", "rose again"), " twice."),
        Contrast("Then ", "it", ("",), " ended."),
        Contrast(BEFORE, "met", ("sat",), " twice."),
    ]
    assert gains(counting, requests) == [found for request in requests for found in gains(counting, [request])]


VERIFICATION = Verification("made up", 0.2, 0.3, -0.15, 0.5, 2.5)


@given(*[st.floats(-50, 50) for _ in range(3)])
def test_odds_turn_with_the_direction(wording, following, alone):
    there, back = Gain(wording, following, alone), Gain(-wording, -following, -alone)
    assert VERIFICATION.odds(there) == -VERIFICATION.odds(back)


def test_a_wording_that_is_only_more_common_by_itself_earns_nothing():
    assert VERIFICATION.odds(Gain(6.0, 0.0, 8.0)) == pytest.approx(0.0)
    assert VERIFICATION.odds(Gain(6.0, 4.0, 0.0)) == pytest.approx(2.4)


def test_what_is_rendered_is_read_back():
    import tomllib

    text = contrast.render(VERIFICATION)
    assert contrast.parse(Path("m.toml"), text, tomllib.loads(text)["calibration"]["verification"]) == VERIFICATION


@pytest.mark.parametrize(
    ("change", "complaint"),
    [({"lest": 1.0}, "did you mean “least”"), ({"least": "high"}, "least"), ({"alone": None}, "alone"), ({"sure": None}, "sure")],
)
def test_a_malformed_verification_is_refused(change, complaint):
    table = {"source": "made up", "wording": 0.2, "following": 0.3, "alone": -0.1, "least": 0.5, "sure": 2.5, **change}
    with pytest.raises(DataError, match=complaint):
        contrast.parse(Path("m.toml"), "", {key: value for key, value in table.items() if value is not None})
