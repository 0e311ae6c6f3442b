import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.edits.propose import Edit, book, edits, words
from auditor.types import Rule, Severity


def rule(name: str, **params) -> Rule:
    return Rule(f"grammar/{name}", None, None, "edit", params, "m", "linguistic/grammar", Severity.MINOR)


BOOK = book(
    [
        rule("article", swap=("a the",), insert=("the",), drop=("the",)),
        rule("sense", nouns=("action campaign|rally", "plane plan"), verbs=("realise carry out",), words=("actual current",)),
        rule("tense", swap=("is was|has been",), forms=("verb",), irregular=("go goes went gone going",)),
    ]
)
KNOWN = frozenset(
    ["walk", "walks", "walked", "walking", "campaign", "campaigns", "rally", "rallies", "plan", "carry", "carried", "out", "current"]
).__contains__


def found(text: str) -> list[Edit]:
    spans = words(text)
    return [edit for number in range(len(spans)) for edit in edits(text, spans, number, BOOK, KNOWN)]


def outcomes(text: str) -> set[str]:
    return {" ".join((text[: edit.span.start] + edit.text + text[edit.span.end :]).split()) for edit in found(text)}


@pytest.mark.parametrize(
    "outcome",
    [
        "They walked in the city",  # insert
        "They walk in city",  # form
    ],
)
def test_what_rules_allow_is_tried(outcome):
    assert outcome in outcomes("They walked in city")


def test_a_word_is_swapped_by_its_own_line_alone():
    assert {"It was so", "It has been so"} <= outcomes("It is so")
    assert "It is so" not in outcomes("It was so")


def test_a_dropped_word_takes_nothing_along():
    (edit,) = [edit for edit in found("in the Rome") if edit.how == "drop"]
    assert (edit.text, edit.first, edit.rule) == ("", "Rome", "grammar/article")


@pytest.mark.parametrize("text", ["The end", "See. The", "the", "in (the) city", "in 2019", "the\n\nend", "in, the"])
def test_first_words_marks_and_figures_are_left_alone(text):
    assert not [edit for edit in found(text) if edit.how != "insert"]
    assert not [edit for edit in found(text) if text[edit.span.start : edit.span.end] != "The end"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two actions", {"campaigns", "rallies"}),
        ("It realised this", {"carried out"}),
        ("An actual plane", {"current", "plan"}),
        ("Of an action", {"a campaign", "a rally"}),
        ("Two planes", set()),  # “plans” is unknown to the lexicon here
        ("“Actions were", set()),
    ],
)
def test_a_word_is_put_in_the_form_that_stands_there_with_its_article(text, expected):
    assert {edit.text for edit in found(text) if edit.rule == "grammar/sense"} == expected


@given(st.text(st.sampled_from("the walk is in A.b’ \n-1é"), max_size=60))
def test_every_edit_changes_whole_words_and_says_which(text):
    spans = words(text)
    for number in range(len(spans)):
        for edit in edits(text, spans, number, BOOK, KNOWN):
            old = text[edit.span.start : edit.span.end]
            assert edit.text != old
            assert edit.word == number
            assert edit.span.start in {span.start for span in spans}
            assert edit.span.end in {span.end for span in spans}
            if edit.how == "insert":
                before, after = old.split(" ")
                assert edit.text.split(" ") == [before, edit.first, after]
            else:
                assert old == old.lower()
                assert not any(map(str.isdigit, old))
                assert not edit.text or edit.first == edit.text.split()[0]
