"""The pattern language: what a space, a mark and a capital match."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.rules.pattern import anywhere, finditer, problem, translate, views, words


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("take place", "take\u00a0 place"),
        ("take place", "take\nplace"),
        ("it's", "it’s"),
        ('a "good" one', "a “good” one"),
        ("well-known", "well‑known"),
        ("(have |has )?gone", "has gone"),
        (r"rise\s+up", "rise  up"),
        ("[a-z ]+ end", "at long last end"),
        ("[]x] y", "] y"),
        ("[^]x] y", "z y"),
        ("[' ]end", "’end"),
        ("(?i:well)-(?i-s:known)", "WELL‑Known"),
    ],
)
def test_pattern_matches_text_as_written(pattern: str, text: str) -> None:
    assert words(pattern).fullmatch(text)


def test_pattern_stays_on_whole_words() -> None:
    assert words("act").search("the act of an actor").span() == (4, 7)
    assert not words("act").search("the actor reacted")
    assert words("”").search("end”and")


def test_pattern_keeps_the_case_it_is_written_in() -> None:
    assert not words("union").search("the Union")
    assert anywhere("union").search("the UNION")
    assert not anywhere("Union").search("the union")
    assert anywhere(r"\Wunion").search("(Union")


def test_problem_is_told_in_words() -> None:
    assert problem("a (b") == "is no pattern: “a (b” (missing ), unterminated subpattern)"
    assert problem("(?:a )?") == "matches nothing at all: “(?:a )?”"
    assert problem("a (b)") is None


def test_views_drop_only_the_capitals_that_a_start_asks_for() -> None:
    assert views("Acting up is Acting Up.") == ("Acting up is Acting Up.", "acting up is Acting Up.")
    assert views("He said: “Come in.”")[1] == "he said: “come in.”"
    assert views("Acting Up", headline=True) == ("Acting Up", "acting Up", "acting up")
    assert views("all small") == ("all small",)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60), st.booleans())
def test_views_keep_every_offset(text: str, headline: bool) -> None:
    for view in views(text, headline=headline):
        assert len(view) == len(text)
        assert all(a == b or a.lower() == b for a, b in zip(text, view, strict=True))


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="ab c", min_size=1, max_size=12).filter(lambda text: text.strip() == text))
def test_plain_words_match_themselves(text: str) -> None:
    assert words(text).fullmatch(text)
    assert translate(text).replace(r"(?:\s+)", " ") == " ".join(text.split())


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(["a", "ab?", "(ab|b)a", "a b", r"\W?a", "”", "b*a", "a|”b"]), st.text(alphabet="ab ”_", max_size=16))
def test_finditer_is_whole_words_whatever_order_edges_are_looked_at(pattern: str, text: str) -> None:
    assert [match.span() for match in finditer(pattern, text)] == [match.span() for match in words(pattern).finditer(text)]
