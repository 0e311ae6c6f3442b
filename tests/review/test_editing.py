from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.io.edit import edited
from auditor.review.editing import carried, dumped, edit, loaded, packed, reverted, shifted, spans, unpacked
from auditor.types import Document, Span

WORDS = st.text("ab \n", max_size=4)


def working(original, edits):
    return edited(Document("a.txt", original), edits)


def disjoint(edits):
    return all(left.span.end < right.span.start for left, right in pairwise(edits))


@st.composite
def steps(draw):
    """An original and a sequence of replacements: each as two fractions of the text as it stands, and new words."""
    return draw(st.text("abcd \n", max_size=40)), draw(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), WORDS), max_size=8))


def span_of(text, one, other):
    a, b = sorted((round(one * len(text)), round(other * len(text))))
    return Span(a, b)


@given(steps())
@settings(deadline=None)
def test_the_edits_always_give_the_text_as_it_stands(given_):
    original, replacements = given_
    text, edits = original, ()
    for one, other, new in replacements:
        span = span_of(text, one, other)
        now, (edits, change) = text[: span.start] + new + text[span.end :], edit(original, text, edits, span, new)
        assert working(original, edits) == now
        assert disjoint(edits)
        assert loaded(dumped(edits)) == edits
        assert unpacked(packed(change)) == change
        for item, where in zip(edits, spans(edits), strict=True):
            assert now[where.start : where.end] == item.text
        text = now


@given(steps())
@settings(deadline=None)
def test_taking_back_in_reverse_order_is_exact(given_):
    original, replacements = given_
    text, edits, history = original, (), []
    for one, other, new in replacements:
        history.append((text, edits))
        edits, change = edit(original, text, edits, span_of(text, one, other), new)
        history[-1] += (change,)
        text = working(original, edits)
    for before, held, change in reversed(history):
        edits, back = reverted(text, edits, change)
        assert working(original, edits) == before == text[: back.start] + back.new + text[back.span.end :]
        assert edits == held
        text = before


@given(steps(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_taking_back_in_any_order_leaves_the_others_or_is_refused(given_, random):
    original, replacements = given_
    text, edits, changes = original, (), []
    for one, other, new in replacements:
        edits, change = edit(original, text, edits, span_of(text, one, other), new)
        changes.append(change)
        text = working(original, edits)
    random.shuffle(changes)
    for change in changes:
        done = reverted(text, edits, change)
        if done is not None:
            edits, back = done
            text = text[: back.start] + change.old + text[back.start + len(change.new) :]
            assert disjoint(edits)
            assert working(original, edits) == text


@given(steps())
@settings(deadline=None)
def test_words_that_an_edit_does_not_touch_move_with_it(given_):
    original, replacements = given_
    for one, other, new in replacements:
        span = span_of(original, one, other)
        edits, change = edit(original, original, (), span, new)
        now = working(original, edits)
        for start in range(0, len(original) - 1, 3):
            place = Span(start, start + 2)
            moved = shifted(place, change)
            if moved is None:
                assert place.overlaps(span) or (span.start == span.end and place.start < span.start < place.end)
            else:
                assert now[moved.start : moved.end] == original[place.start : place.end]


def test_edits_follow_a_text_that_others_changed_and_those_without_their_words_are_told():
    old = "The minister spoke on Monday. The the talks go on."
    edits, _ = edit(old, old, (), Span(old.index("The the"), old.index(" talks")), "The")
    edits, _ = edit(old, working(old, edits), edits, Span(4, 12), "premier")
    kept, lost = carried(old, "In Bonn, the chancellor spoke on Monday at noon. The the talks go on.", edits)
    assert [item.text for item in lost] == ["premier"]
    assert working("In Bonn, the chancellor spoke on Monday at noon. The the talks go on.", kept).endswith("noon. The talks go on.")
