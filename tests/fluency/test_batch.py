from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.fluency import batch


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(4, 64))
def test_each_token_is_scored_once_in_a_window_that_fits(length, first, limit):
    ids = list(range(1000, 1000 + length))
    found = batch.windows(3, ids, first, limit)
    scored = [token for window in found for token in window.ids[window.first :]]
    assert scored == ids[first:]
    for window in found:
        assert window.sequence == 3
        assert 0 < window.length <= limit
        assert window.ids[window.first] == ids[window.at]
        # Its context is what stands before it, and a quarter of the limit where there is as much.
        assert list(window.ids[: window.first]) == ids[window.at - window.first : window.at]
        assert len(ids) <= limit or window.first >= min(window.at, limit // 4)


def test_a_sequence_that_fits_is_read_whole():
    (window,) = batch.windows(0, range(50), 20, 50)
    assert window == batch.Window(0, tuple(range(50)), 20, 20)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(1, 90), max_size=60), st.integers(8, 256))
def test_batches_hold_every_window_once_with_its_own_padded_length(lengths, budget):
    found = [batch.Window(number, tuple(range(length)), 0, 0) for number, length in enumerate(lengths)]
    groups = batch.batches(found, budget)
    assert sorted(window.sequence for group in groups for window in group) == list(range(len(lengths)))
    for group in groups:
        assert len({window.padded for window in group}) == 1
        assert group[0].padded % batch.BUCKET == 0
        assert 0 <= group[0].padded - group[0].length < batch.BUCKET
        assert len(group) == 1 or len(group) * group[0].padded <= budget


def test_batches_do_not_depend_on_the_order():
    found = [batch.Window(number, (0,) * (1 + number * 7 % 40), 0, 0) for number in range(30)]
    assert batch.batches(found, 64) == batch.batches(found[::-1], 64)
