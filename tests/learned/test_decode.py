"""What is marked: short phrases round what stands out, apart from each other, none across a sentence."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.learned.decode import MOST, adjusted, phrases

WORDS = st.lists(st.tuples(st.floats(-5, 5, width=32), st.booleans()), max_size=30)


@settings(deadline=None)
@given(WORDS, st.floats(0, 4), st.floats(0, 3))
def test_phrases_are_short_apart_and_grounded(words, seed, less):
    values = [value for value, _ in words]
    breaks = [number == 0 or opens for number, (_, opens) in enumerate(words)]
    found = phrases(values, breaks, seed=seed, grow=seed - less)
    last = -1
    for phrase in found:
        assert last < phrase.first <= phrase.peak <= phrase.last < phrase.first + MOST
        assert values[phrase.peak] >= seed
        assert not any(breaks[phrase.first + 1 : phrase.last + 1])
        assert all(value >= seed - less for value in values[phrase.first : phrase.last + 1])
        last = phrase.last
    covered = {at for phrase in found for at in range(phrase.first, phrase.last + 1)}
    assert {at for at, value in enumerate(values) if value >= seed} <= covered


def test_grows_to_the_stronger_side():
    assert [(p.first, p.last, p.peak) for p in phrases([1.0, 2.0, 5.0, 3.0, 2.5], [True] + [False] * 4, seed=4, grow=1)] == [(1, 4, 2)]


def test_a_higher_seed_never_marks_more():
    values = np.random.default_rng(0).normal(size=500).tolist()
    breaks = [number % 20 == 0 for number in range(500)]
    counts = [len(phrases(values, breaks, seed=seed, grow=seed)) for seed in (0.5, 1.0, 1.5, 2.0, 2.5)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0


@settings(deadline=None)
@given(st.lists(st.floats(-6, 6, width=32), min_size=1, max_size=40))
def test_a_text_with_more_traces_convinces_sooner(logits):
    plain = adjusted(logits, weight=0.5, expected=-4.0, inertia=50)
    worse = adjusted([*logits, *[7.0] * 10], weight=0.5, expected=-4.0, inertia=50)
    assert all(there > here for here, there in zip(plain, worse, strict=False))


def test_a_single_word_says_little_of_its_text():
    alone = adjusted([3.0], weight=0.5, expected=-4.0, inertia=50)
    assert alone[0] < 3.0 - 1.5
