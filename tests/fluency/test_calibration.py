from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import DataError
from auditor.fluency import calibration as c
from auditor.fluency.adjusted import FEATURES, Adjustment, Sentence, Word, features
from auditor.fluency.contrast import Verification
from auditor.types import Scope, Span


def words(*surprisals):
    found = tuple(Word(Span(0, 1), "word", value, 1) for value in surprisals)
    return Sentence(found, tuple(features(found, set(), 0)))


def samples(count=200, group="text", tokens=20):
    return [c.Sample(group, tokens, 1.0 + number / 100, words(float(number % 50))) for number in range(count)]


def test_a_percentile_is_the_share_of_native_sentences_below():
    found = c.calibrate(samples(1001), source="made up")
    assert c.percentile(found, 1.0 + 5.00, 20, Scope.BODY) == pytest.approx(50, abs=0.1)
    assert c.percentile(found, 1.0 + 9.85, 20, Scope.QUOTE) == pytest.approx(98.5, abs=0.1)
    assert c.percentile(found, 0.2, 20, Scope.BODY) == 0.0
    assert c.percentile(found, 99.0, 20, Scope.BODY) == pytest.approx(100 * 1001 / 1002, abs=1e-3)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 30), min_size=60, max_size=200), st.lists(st.floats(-1, 40), min_size=2, max_size=20), st.integers(1, 200))
def test_a_percentile_never_falls_as_surprisal_rises(native, asked, tokens):
    found = c.calibrate([c.Sample("text", 10, value, words(value)) for value in native], source="made up")
    ranks = [c.percentile(found, value, tokens, Scope.BODY) for value in sorted(asked)]
    assert ranks == sorted(ranks)
    assert 0.0 <= ranks[0] <= ranks[-1] <= 100.0


def test_lengths_and_headlines_are_compared_among_themselves():
    short = [c.Sample("text", 5, 6.0 + number / 100) for number in range(100)]
    heads = [c.Sample("headline", 9, 8.0 + number / 100) for number in range(100)]
    found = c.calibrate([*samples(), *short, *heads], source="made up")
    assert [(band.group, band.least) for band in found.bands] == [("headline", 8), ("text", 1), ("text", 16)]
    assert c.percentile(found, 6.5, 5, Scope.BODY) == pytest.approx(50, abs=2)
    assert c.percentile(found, 6.5, 20, Scope.BODY) > 99.0
    assert c.percentile(found, 6.5, 12, Scope.HEADLINE) == 0.0
    assert c.percentile(found, 8.5, 3, Scope.HEADLINE) == pytest.approx(50, abs=2), "no shorter band: the nearest one"


def test_bands_with_few_sentences_are_joined_and_a_group_with_few_has_none():
    native = [*samples(20, tokens=3), *samples(45, tokens=9), *samples(80, tokens=18), *samples(10, tokens=40), *samples(30, "headline")]
    found = c.calibrate(native, source="made up")
    assert [(band.group, band.least, band.sentences) for band in found.bands] == [("text", 1, 65), ("text", 16, 90)]


def test_a_thin_band_claims_no_extremes():
    found = c.calibrate(samples(60), source="made up")
    assert c.percentile(found, 50.0, 20, Scope.BODY) == pytest.approx(100 * 60 / 61, abs=1e-3)


def test_an_opening_is_compared_with_openings():
    found = c.calibrate([*samples(), *[c.Sample("opening", 20, 9.0 + number / 100) for number in range(100)]], source="made up")
    assert c.percentile(found, 9.5, 20, Scope.BODY, opening=True) == pytest.approx(50, abs=2)
    assert c.percentile(found, 9.5, 20, Scope.BODY) > 99.0
    assert c.percentile(found, 9.5, 20, Scope.HEADLINE, opening=True) > 99.0, "no headline was seen: running text"


def test_too_few_sentences_are_refused():
    with pytest.raises(DataError, match="too few sentences"):
        c.calibrate(samples(20), source="made up")


def test_one_word_in_fifty_is_above_the_peak():
    flat = Adjustment("nothing is expected", (0.0,) * len(FEATURES), (0.0, 0.0, 0.0, 0.0))
    spread = [c.Sample("text", 20, 1.0, words(*(value / 20 for value in range(100)))) for _ in range(60)]
    found = c.calibrate(spread, source="made up", adjustment=flat)
    assert found.peak == pytest.approx(97 / 20, abs=0.05)
    assert found.words == 6000


def test_names_and_figures_are_no_measure_of_a_peak():
    flat = Adjustment("nothing is expected", (0.0,) * len(FEATURES), (0.0, 0.0, 0.0, 0.0))
    found = tuple(Word(Span(0, 1), text, value, 1) for text, value in (("we", 4.0), ("saw", 5.0), ("Zug", 7.0), ("2031", 8.0)))
    sentence = Sentence(found, tuple(features(found, set(), 0)))
    assert c.calibrate([c.Sample("text", 4, 1.0, sentence)] * 60, source="made up", adjustment=flat).peak == 5.0


def test_what_native_news_needs_is_learnt_where_no_adjustment_is_given():
    native = [c.Sample("text", 20, 1.0, words(5.0, 5.0, 5.0, 5.0, 5.0)) for _ in range(100)]
    found = c.calibrate(native, source="made up")
    assert found.adjustment is not None
    assert found.peak == pytest.approx(0.0, abs=0.01), "what is as surprising as expected does not stand out"
    assert c.calibrate(native[:50], source="made up").adjustment is None, "too few words"


def test_what_is_rendered_is_read_back():
    import tomllib

    found = c.calibrate([*samples(400), *samples(100, "headline")], source="made up")
    assert found.adjustment is not None
    found = replace(found, verification=Verification("made up", 0.2, 0.3, -0.1, 0.5, 2.5))
    text = c.render(found)
    assert c.parse(Path("m.toml"), text, tomllib.loads(text)["calibration"]) == found


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda table: table.update(pek=1.0), "did you mean “peak”"),
        (lambda table: table.update(levels=[1.0]), "are not the levels"),
        (lambda table: table.pop("peak"), "incomplete"),
        (lambda table: table["band"][0].update(quantiles=[1.0]), "not 19 ascending numbers"),
        (lambda table: table["band"][0].update(quantiles=[*range(18, -1, -1)]), "not 19 ascending numbers"),
        (lambda table: table["band"][0].update(colour="red"), "colour"),
        (lambda table: table["band"][0].update(group="story"), "has none of the group “text”"),
        (lambda table: table["band"].append({**table["band"][0], "group": "story"}), "is “story”, not one of headline, opening, text"),
    ],
)
def test_a_malformed_table_is_refused(change, complaint):
    import tomllib

    text = c.render(c.calibrate(samples(), source="made up"))
    table = tomllib.loads(text)["calibration"]
    change(table)
    with pytest.raises(DataError, match=complaint):
        c.parse(Path("m.toml"), text, table)
