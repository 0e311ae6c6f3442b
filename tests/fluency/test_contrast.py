import pytest

from auditor.fluency.contrast import Contrast, gains

BEFORE = "The committee said on Friday that it "


def texts(counting):
    return [(passage.context, passage.text) for call in counting.calls for passage in call]


def test_a_gain_is_the_difference_of_the_sums_in_context(counting):
    # In the stand-in a longer word is less probable: 1 + 11 letters against 1 + 3 cost eight nats more.
    (found,) = gains(counting, [Contrast(BEFORE, "deliberated", ("met", "deliberated"), " twice.")])
    assert found == pytest.approx((8.0, 0.0))


def test_the_words_after_the_wording_are_scored_too(counting):
    gains(counting, [Contrast(BEFORE, "took note", ("noted",), " of it.")])
    context = "The committee said on Friday that it"
    assert texts(counting) == [(context, " took note of it.\n"), (context, " noted of it.\n")]


def test_a_word_begun_before_the_wording_is_read_as_one_with_it(counting):
    gains(counting, [Contrast("He spoke of the “", "actors", ("players",), "” in Paris.")])
    assert texts(counting)[0] == ("He spoke of the", " “actors” in Paris.\n")


def test_a_deletion_leaves_one_space(counting):
    gains(counting, [Contrast("It has ", "namely", ("",), " rained.")])
    assert texts(counting)[1] == ("It has", " rained.\n")


def test_context_is_cut_between_words(counting):
    gains(counting, [Contrast("alpha beta " * 100, "word", ("other",), " gamma delta" * 100)])
    for context, text in texts(counting):
        assert 280 < len(context) <= 300
        assert context.startswith(("alpha ", "beta "))
        assert text.endswith((" gamma", " delta"))
        assert len(text) < 90


def test_a_wording_at_the_very_start_or_without_suggestions(counting):
    assert gains(counting, []) == []
    assert gains(counting, [Contrast("", "Also", (), ""), Contrast("", "Also", ("So",), "")]) == [(), (pytest.approx(2.0),)]


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
