"""What is marked: short phrases round what stands out, apart from each other, whole words as they are written, nothing in halves."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.learned.decode import MOST, adjusted, phrases, units
from auditor.learned.words import _WORD
from auditor.types import Span

WORDS = st.lists(st.tuples(st.floats(-5, 5, width=32), st.booleans()), max_size=30)
WRITTEN = ["the", "and", "word", "U.S.", "5%", "$9", "co-op", "Franco–German", "either/or"]
PIECES = st.lists(st.sampled_from([*WRITTEN, *"“”()[]'’\"—-,;:….\n"]), max_size=30)
EDGES = frozenset(["the", "a", "an", "and", "or", "but", "nor"])


def plain(count):
    """So many words of a letter, a blank between them."""
    return " ".join("x" * count), [Span(2 * at, 2 * at + 1) for at in range(count)]


def marked(text, values=None, *, seed=1.0, grow=0.0, breaks=None):
    """The phrases' texts; every word is worth 2 unless it is said."""
    spans = [Span(*match.span()) for match in _WORD.finditer(text)]
    values = values or [2.0] * len(spans)
    breaks = breaks or [number == 0 for number in range(len(spans))]
    found = phrases(values, units(text, spans, breaks), seed=seed, grow=grow)
    return [text[phrase.span.start : phrase.span.end] for phrase in found]


@settings(deadline=None)
@given(WORDS, st.floats(0, 4), st.floats(0, 3))
def test_phrases_are_short_apart_and_grounded(words, seed, less):
    values = [value for value, _ in words]
    breaks = [number == 0 or opens for number, (_, opens) in enumerate(words)]
    text, spans = plain(len(values))
    found = phrases(values, units(text, spans, breaks), seed=seed, grow=seed - less)
    last = -1
    for phrase in found:
        assert last < phrase.first <= phrase.peak <= phrase.last < phrase.first + MOST
        assert values[phrase.peak] >= seed
        assert not any(breaks[phrase.first + 1 : phrase.last + 1])
        assert all(value >= seed - less for value in values[phrase.first : phrase.last + 1])
        assert phrase.span == Span(spans[phrase.first].start, spans[phrase.last].end)
        last = phrase.last
    covered = {at for phrase in found for at in range(phrase.first, phrase.last + 1)}
    assert {at for at, value in enumerate(values) if value >= seed} <= covered, "no mark cuts anything off here"


@settings(deadline=None)
@given(PIECES, st.sampled_from((" ", "")), st.data())
def test_a_phrase_holds_no_half_of_a_pair_and_has_clean_edges(pieces, between, data):
    text = between.join(pieces)
    spans = [Span(*match.span()) for match in _WORD.finditer(text)]
    values = data.draw(st.lists(st.floats(-2, 4, width=16), min_size=len(spans), max_size=len(spans)))
    breaks = [number == 0 for number in range(len(spans))]
    found = phrases(values, units(text, spans, breaks), seed=1.0, grow=0.0)
    for phrase in found:
        inside = text[phrase.span.start : phrase.span.end]
        assert not set('()[]“”"—;:…') & set(inside)
        assert not re.search(r"(?<![\w-])['’]|['’](?!\w)", inside)
        assert re.match(r"[\w$]", inside)
        assert re.search(r"\w\.\w\.$|[\w%]$", inside)
        assert not re.search(r"\w[–/-]?\Z", text[: phrase.span.start]) or not re.match(r"\w", inside)
        assert not re.match(r"\w", text[phrase.span.end :])
        words = inside.replace(",", "").split()
        assert words[-1] not in EDGES or values[phrase.last] >= 1.0
        assert words[0] not in EDGES - {"the"} or values[phrase.first] >= 1.0
        assert phrase.span.covers(spans[phrase.peak])
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("text", "peak", "expected"),
    [
        ("he saw (many things there", 0, "he saw"),
        ("he saw (many things there", 3, "many things"),
        ("so “called friends” of ours", 1, "called friends"),
        ("the Franco–German either/or", 1, "the Franco–German either/or"),
        ("rose 5% to $9 in", 3, "rose 5% to $9"),
        ("in the U.S. army now", 3, "in the U.S. army"),
        ("workers’ rights", 1, "rights"),
        ("it rose, fell", 1, "it rose, fell"),
        ("it rose – fell", 2, "fell"),
    ],
)
def test_words_are_whole_and_marks_part_them(text, peak, expected):
    values = [2.0 if at == peak else 0.5 for at in range(len(_WORD.findall(text)))]
    assert marked(text, values) == [expected]


def test_what_a_mark_cuts_off_is_no_phrase_of_its_own():
    assert marked("it rose (fell", [1.5, 2.0, 1.2]) == ["it rose"]


def test_articles_and_conjunctions_are_no_edges_unless_they_stand_out():
    assert marked("and went to the", [0.5, 2.0, 0.5, 0.5]) == ["went to"]
    assert marked("the house and", [0.5, 2.0, 0.5]) == ["the house"]
    assert marked("went to the", [-1.0, -1.0, 2.0]) == ["the"]


def test_a_sentence_ends_a_phrase():
    assert marked("it fell. It rose", breaks=[True, False, True, False]) == ["it fell", "It rose"]


def test_grows_to_the_stronger_side():
    text, spans = plain(5)
    found = phrases([1.0, 2.0, 5.0, 3.0, 2.5], units(text, spans, [True] + [False] * 4), seed=4, grow=1)
    assert [(p.first, p.last, p.peak) for p in found] == [(1, 4, 2)]


def test_a_higher_seed_never_marks_more():
    values = np.random.default_rng(0).normal(size=500).tolist()
    text, spans = plain(500)
    written = units(text, spans, [number % 20 == 0 for number in range(500)])
    counts = [len(phrases(values, written, seed=seed, grow=seed)) for seed in (0.5, 1.0, 1.5, 2.0, 2.5)]
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
