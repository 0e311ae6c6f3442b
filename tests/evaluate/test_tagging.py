"""The figures of the field against their definitions, pair by pair and code point by code point."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.evaluate.tagging import Overlap, area, average_precision, bootstrapped, overlap
from auditor.types import Span

WORDS = st.lists(st.tuples(st.integers(0, 5).map(float), st.booleans()), max_size=25)
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda pair: Span(pair[0], sum(pair))), max_size=5)


@settings(deadline=None)
@given(WORDS)
def test_area_counts_pairs(words):
    pairs = [(a > b) + (a == b) / 2 for a, marked in words if marked for b, other in words if not other]
    assert math.isclose(area(words), sum(pairs) / len(pairs) if pairs else 0.5)


@settings(deadline=None)
@given(WORDS)
def test_average_precision_is_a_mean_of_precisions(words):
    marked = [value for value, label in words if label]
    precisions = [sum(label for other, label in words if other >= value) / sum(other >= value for other, _ in words) for value in marked]
    assert math.isclose(average_precision(words), sum(precisions) / len(marked) if marked else 0.0)


def test_interval_holds_the_figure_and_is_the_same_each_time():
    documents = [[(float((n * k) % 7), (n + k) % 3 == 0) for k in range(20)] for n in range(12)]
    found = bootstrapped(documents, area, draws=200)
    assert found.low <= found.value <= found.high
    assert found == bootstrapped(documents, area, draws=200)
    assert str(found).startswith(f"{found.value:.3f} [")


@settings(deadline=None)
@given(SPANS, SPANS)
def test_overlap_counts_code_points_once(found, marked):
    result = overlap(found, marked)
    inside = [[any(span.start <= at < span.end for span in spans) for at in range(40)] for spans in (found, marked)]
    assert result == Overlap(sum(inside[0]), sum(inside[1]), sum(map(all, zip(*inside, strict=True))))
    assert 0 <= result.f1 <= 1


def test_flagging_all_has_the_share_of_the_marked_as_precision():
    result = overlap([Span(0, 40)], [Span(0, 10)]) + overlap([Span(0, 60)], [])
    assert (result.precision, result.recall) == (0.1, 1.0)
    assert result.f1 == pytest.approx(2 / 11)


def test_nothing_found_and_nothing_marked():
    assert (Overlap().precision, Overlap().recall, Overlap().f1) == (0.0, 0.0, 0.0)
