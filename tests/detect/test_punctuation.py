"""The punctuation kind: marks of another language, marks out of place, one finding for one problem."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.detect import punctuation
from auditor.detect.kind import Resources
from auditor.names.aliases import AliasTable
from auditor.text import lexicon
from auditor.text.language import language
from auditor.text.segment import segment
from auditor.types import Document

RESOURCES = Resources(language, AliasTable())


def places(matches, text):
    return sorted(
        (span.start, text[span.start : span.end], match.suggestions[0].text) for match in matches for span in (match.span, *match.occurrences)
    )


def mended(matches, text):
    for start, old, new in reversed(places(matches, text)):
        text = text[:start] + new + text[start + len(old) :]
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A »plan«, he said.", "A “plan”, he said."),
        ("A « plan », he said.", "A “plan”, he said."),
        ("A «\u00a0plan\u00a0», he said.", "A “plan”, he said."),
        ('A „plan“, a „deal” and a „pact".', "A “plan”, a “deal” and a “pact”."),
        ("A ›plan‹ and a ‚deal‘.", "A ‘plan’ and a ‘deal’."),
        ("»One« and »two« and »three«", "“One” and “two” and “three”"),
        ("„It’s a ‚deal‘“, he said.", "“It’s a ‘deal’”, he said."),
    ],
)
def test_foreign_quotation_marks_are_set_right(find, text, expected):
    matches = find("punctuation", 'find = "foreign-quotes"', text)
    assert mended(matches, text) == expected
    assert all(item.safe for match in matches for item in match.suggestions)


@pytest.mark.parametrize("text", ["» News » Sport", 'A “plan”, a ‘deal’ and a "pact".', "5 » 3 and 2", "It rained » and rained."])
def test_arrows_and_english_marks_are_left(find, text):
    assert find("punctuation", 'find = "foreign-quotes"', text) == []


def test_marks_of_one_kind_are_one_finding(find):
    matches = find("punctuation", 'find = "foreign-quotes"', "»One« and »two« and »three«")
    assert [len(match.occurrences) for match in matches] == [2, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said“never” to us.", "He said “never” to us."),
        ("“Never”said the mayor.", "“Never” said the mayor."),
        ('"Never"said the mayor.', '"Never" said the mayor.'),
        ('He spoke of"peace" here.', 'He spoke of "peace" here.'),
        ('She said"I am here" and left.', 'She said "I am here" and left.'),
        ('The brand"Élan" is new.', 'The brand "Élan" is new.'),
        ('A plank of 6"x 4" and a 3"A4 bolt.', 'A plank of 6"x 4" and a 3"A4 bolt.'),
    ],
)
def test_the_side_of_the_lost_space(find, text, expected):
    assert mended(find("punctuation", 'find = "fused-quotes"', text), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said: " so " and left.', 'He said: "so" and left.'),
        ('" We are ready.\n\nNobody will stop us. "', '"We are ready.\n\nNobody will stop us."'),
        ('They were ready. "\n\nHe left.', 'They were ready."\n\nHe left.'),
        ('" said the mayor.', '" said the mayor.'),  # closes what another block opened
        ('He said, "\n\nWe are ready.', 'He said, "\n\nWe are ready.'),  # opens what the next block goes on with
        ('A pipe of 6 "', 'A pipe of 6 "'),
    ],
)
def test_spaces_inside_marks_and_at_the_edges_of_blocks(find, text, expected):
    assert mended(find("punctuation", 'find = "spaced-quotes"', text), text) == expected


def test_patterns_exceptions_and_templates(find):
    parameters = "match.any = ['(\\w)\\.(,)', '!!']\nmatch.except = ['Inc\\.,']\nsuggest = ['\\1\\2', '!']"
    text = "Acme Inc., said so., and left!!"
    assert mended(find("punctuation", parameters, text), text) == "Acme Inc., said so, and left!"


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet='ab «»„“”‚‘›‹"\n,.', max_size=40))
def test_any_marks_give_disjoint_places(find, text):
    found = places(find("punctuation", 'find = "foreign-quotes"', text), text)
    assert all(start + len(old) <= following for (start, old, _), (following, _, _) in itertools.pairwise(found))
    assert all(old.strip(" ") in tuple('«»„“”‚‘›‹"') for _, old, _ in found)


def test_a_sieve_holds_a_rule_back_where_it_is_not_found(find) -> None:
    parameters = "match.any = '([a-z]+) (On|At) '\nsieve = ' (?:On|At) (?!hand)'"
    assert find("punctuation", parameters, "He left On Monday.")
    assert not find("punctuation", parameters, "He left On hand.")


def test_fused_words_are_split_and_words_are_not(find) -> None:
    text = "The mayor saidthat the road ofthe port was closed. The washer was hotter than the cottage."
    found = find("punctuation", 'find = "fused-words"', text)
    assert [(text[match.span.start : match.span.end], match.suggestions[0].text) for match in found] == [
        ("saidthat", "said that"),
        ("ofthe", "of the"),
    ]


@given(st.sampled_from(sorted(lexicon.common("en"))))
def test_no_common_word_is_fused_but_the_slips_that_lists_hold(word: str) -> None:
    fused = {"".join(mark.new.split()) for mark in punctuation.fused_words(f"They saw {word} there.", "en", None) if mark.new}
    assert fused <= {"ofthe"}


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["andthe", "ofthe", "saidthat", "sand", "The", "council", "“so", "said”", '"', "»", "«", "andthe-x", ".", "it”he"])).map(
        " ".join
    )
)
def test_a_text_that_a_finder_passes_over_holds_nothing_for_it(text):
    document = segment(Document("a.txt", text))
    for find, may in punctuation.FINDERS.values():
        assert may(document) or not list(find(text, "en", RESOURCES))
