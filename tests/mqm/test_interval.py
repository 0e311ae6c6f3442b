import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.mqm.interval import _DRAWS, HIGH, UNSEEN, _bound, _weights, interval

ROWS = st.lists(st.tuples(st.sampled_from([0, 0, 0, 1, 2, 5, 6, 25]), st.integers(1, 60)), min_size=1, max_size=40)


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_the_rate_of_the_text_lies_between_the_bounds(rows):
    low, high = interval(rows)
    assert 0 <= low <= sum(p for p, _ in rows) / sum(n for _, n in rows) + 1e-12
    assert sum(p for p, _ in rows) / sum(n for _, n in rows) <= high + 1e-12


@settings(deadline=None, max_examples=40)
@given(ROWS, st.randoms(use_true_random=False))
def test_neither_time_nor_order_matters(rows, shuffle):
    other = rows.copy()
    shuffle.shuffle(other)
    assert interval(rows) == interval(other)


def test_a_longer_text_has_a_narrower_interval():
    text = [(0, 20), (1, 25), (0, 15), (5, 30), (0, 22)]
    widths = [high - low for low, high in (interval(text * times) for times in (2, 8, 32))]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 2 * widths[-1]


def test_the_prior_is_a_distribution():
    assert sum(UNSEEN.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(("sizes", "chance"), [((1, 5), 0.4), ((1, 1, 5, 25), 0.25), ((1, 1, 5), 0.2)])
def test_the_interval_covers_the_rate_of_a_system(sizes, chance):
    """Made-up systems with an error in a share of their sentences: about 95 of 100 texts have an interval that holds the true rate."""
    draw, held = random.Random(7), 0
    truth = chance * sum(sizes) / len(sizes) / 20
    for _ in range(200):
        low, high = interval([(draw.choice(sizes) if draw.random() < chance else 0, 20) for _ in range(25)])
        held += low <= truth <= high
    assert held / 200 >= 0.9


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 60), st.integers(1, 40))
def test_a_text_without_a_penalty_has_the_bounds_that_its_draws_give(count, length):
    lengths = [weight * length for weight in _weights(count, 0)]
    low, high = interval([(0.0, length)] * count)
    assert low == 0.0
    assert high == pytest.approx(_bound([0.0] * _DRAWS, lengths, length, *HIGH))
