import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from auditor.report.excerpt import excerpt, wrap
from auditor.report.visible import visible
from auditor.types import Span

words = st.text(st.sampled_from("abc de,日本語\t\né "), max_size=400)


@given(words, st.data(), st.integers(30, 120))
@settings(deadline=None, max_examples=150)
def test_it_fits_and_shows_the_span(text: str, data: st.DataObject, width: int) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = excerpt(text, Span(start, end), width=width)
    assert cell_len(found.before + found.marked + found.after) <= width
    marked = visible(text[start:end])
    if cell_len(marked) <= width:
        assert found.marked == marked
    else:
        head, tail = found.marked.split("…")
        assert marked.startswith(head.rstrip())
        assert marked.endswith(tail.lstrip())


@given(words, st.data())
@settings(deadline=None, max_examples=100)
def test_what_stands_round_the_span_is_the_line(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = excerpt(text, Span(start, end), width=80)
    assert visible(text[:start]).endswith(found.before.lstrip("… "))
    assert visible(text[end:]).startswith(found.after.rstrip("… "))


def test_a_short_line_is_left_alone() -> None:
    found = excerpt("first\n  The talks resume.\nlast", Span(12, 17), width=60)
    assert (found.before, found.marked, found.after) == ("The ", "talks", " resume.")


def test_it_is_cut_between_words() -> None:
    text = "The committee that had been appointed in spring resigned over the report that nobody had wanted to read aloud."
    start = text.index("resigned")
    found = excerpt(text, Span(start, start + 8), width=50)
    assert found.before.startswith("… ")
    assert found.before[2:] in text
    assert found.after.endswith(" …")
    assert f" {found.before[2:].split()[0]} " in text
    assert f" {found.after[:-2].split()[-1]} " in text


def test_room_that_one_side_does_not_need_goes_to_the_other() -> None:
    text = "Short start, then a very long remainder of the line that goes on and on until nobody reads it any more, as happens."
    found = excerpt(text, Span(0, 5), width=60)
    assert cell_len(found.marked + found.after) > 50


def test_a_line_of_megabytes_costs_no_more_than_its_window() -> None:
    text = "word " * 2_000_000
    found = excerpt(text, Span(5_000_000, 5_000_004), width=60)
    assert found.before.startswith("… ")
    assert found.after.endswith("…")


@given(st.text(st.sampled_from("ab 日é "), max_size=200), st.integers(4, 40))
@settings(deadline=None, max_examples=80)
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = wrap(text, width=width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(("text", "lines"), [("", []), ("one two three", ["one two", "three"]), ("abcdefghij", ["abcdefg", "hij"])])
def test_wrap(text: str, lines: list[str]) -> None:
    assert wrap(text, width=7) == lines
