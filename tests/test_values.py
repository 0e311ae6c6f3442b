import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.types import (
    Document,
    Evidence,
    Example,
    Extract,
    Finding,
    Located,
    Mention,
    Origin,
    Peak,
    Piece,
    Provenance,
    Quality,
    Rule,
    Scope,
    Score,
    Segment,
    Severity,
    Span,
    Status,
    Suggestion,
)
from auditor.values import packed, unpacked

TEXT = st.text(st.characters(), max_size=8)  # half surrogates too, as broken JSON leaves them
NUMBER = st.integers(0, 2**53)
REAL = st.floats(allow_nan=False)
SPAN = st.builds(Span, NUMBER, NUMBER)
LOCATED = st.builds(Located, TEXT, st.none() | TEXT, SPAN, st.none() | SPAN, NUMBER, NUMBER, NUMBER, NUMBER, TEXT, SPAN)
EVIDENCE: st.SearchStrategy[Evidence] = st.dictionaries(TEXT, TEXT | REAL | NUMBER, max_size=3)
FINDING = st.builds(
    Finding,
    category=TEXT,
    severity=st.sampled_from(Severity),
    at=LOCATED,
    scope=st.sampled_from(Scope),
    suggestions=st.lists(st.builds(Suggestion, TEXT, st.booleans()), max_size=2).map(tuple),
    evidence=EVIDENCE,
    related=st.lists(LOCATED, max_size=2).map(tuple),
    occurrences=st.lists(LOCATED, max_size=2).map(tuple),
    rule_status=st.sampled_from(Status),
    fingerprints=st.lists(TEXT, max_size=2).map(tuple),
)
PEAK = st.builds(Peak, SPAN, REAL, st.none() | REAL)
SCORE = st.builds(Score, NUMBER, REAL, NUMBER, REAL, st.none() | REAL, st.lists(PEAK, max_size=2).map(tuple))
EXTRACT = st.builds(Extract, TEXT, st.none() | TEXT, st.lists(st.builds(Mention, TEXT, TEXT, LOCATED, NUMBER), max_size=2).map(tuple))
DOCUMENT = st.builds(
    Document,
    TEXT,
    TEXT,
    st.builds(
        Origin, st.none() | TEXT, st.none() | TEXT, NUMBER, st.lists(NUMBER).map(tuple), st.none() | TEXT, st.lists(st.builds(Piece)).map(tuple)
    ),
    st.builds(Provenance),
    segments=st.lists(st.builds(Segment, NUMBER, TEXT, SPAN, st.sampled_from(Scope), NUMBER, st.none() | TEXT), max_size=2).map(tuple),
)
RULE = st.builds(Rule, params=st.just({}), bad=st.lists(st.builds(Example, TEXT, st.lists(SPAN).map(tuple)), max_size=2).map(tuple))


@pytest.mark.parametrize(
    ("kind", "strategy"),
    [(Finding, FINDING), (Score, SCORE), (Extract, EXTRACT), (Rule, RULE), (Quality, st.builds(Quality)), (str, TEXT)],
)
def test_what_comes_back_is_what_went_in(kind, strategy):
    @given(strategy)
    def same(value):
        back = unpacked(kind, packed(value))
        assert repr(back) == repr(value)  # not ==: 1 is no 1.0 here, and what is no number is itself

    same()


@given(st.lists(FINDING, max_size=3).map(tuple))
def test_a_row_of_values_comes_back(values):
    assert repr(unpacked(tuple[Finding, ...], packed(values))) == repr(values)


@given(DOCUMENT, DOCUMENT)
def test_two_values_are_packed_alike_only_if_they_are_one(one, two):
    assert (packed(one) == packed(two)) == (one == two)


def test_numbers_that_json_lacks_and_real_numbers_that_are_whole_stay_what_they_are():
    assert [type(value) for value in unpacked(tuple[float, ...], packed((1.0, 1)))] == [float, int]
    assert math.isinf(unpacked(Score, packed(Score(0, -math.inf, 1))).logprob)


def test_what_has_no_form_of_its_own_is_refused():
    with pytest.raises(TypeError, match="set is not kept"):
        packed({"a": {1, 2}})
