import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.edits import forms

WORDS = frozenset(
    re.findall(
        r"\w+",
        """walk walks walked walking try tries tried trying stop stops stopped stopping city cities bus buses quick quickly happy happily
        simple simply basic basically house houses glass use uses used using""",
    )
)
KNOWN = WORDS.__contains__
IRREGULAR = forms.table(["go goes went gone going", "lie lies lay lain lying", "lay lays laid laying"])


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("walked", {"walk", "walks", "walking"}),
        ("tries", {"try", "tried", "trying"}),
        ("stopping", {"stop", "stops", "stopped"}),
        ("using", {"use", "uses", "used"}),
        ("went", {"go", "goes", "gone", "going"}),
        ("lay", {"lie", "lies", "lain", "lying", "lays", "laid", "laying"}),
        ("glass", set()),
    ],
)
def test_forms_of_a_verb(word, expected):
    assert set(forms.verbs(word, IRREGULAR, KNOWN)) == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("city", ("cities",)), ("cities", ("city",)), ("buses", ("bus",)), ("house", ("houses",)), ("glass", ()), ("quick", ())]
)
def test_number_of_a_noun(word, expected):
    assert forms.nouns(word, KNOWN) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("quick", ("quickly",)),
        ("quickly", ("quick",)),
        ("happily", ("happy",)),
        ("simple", ("simply",)),
        ("simply", ("simple",)),
        ("basically", ("basic",)),
        ("bus", ()),
    ],
)
def test_adverb_and_adjective(word, expected):
    assert forms.adverbs(word, KNOWN) == expected


LINES = {
    "make": ("make", "makes", "made", "making"),
    "come": ("come", "comes", "came", "come", "coming"),
    "hit": ("hit", "hits", "hitting"),
    "man": ("man", "men"),
}


@pytest.mark.parametrize(
    ("word", "other", "verb", "expected"),
    [
        ("try", "make", True, [("try", "make"), ("tries", "makes"), ("tried", "made"), ("trying", "making")]),
        ("use", "hit", True, [("use", "hit"), ("uses", "hits"), ("used", "hit"), ("using", "hitting")]),
        (
            "make",
            "come out",
            True,
            [("make", "come out"), ("makes", "comes out"), ("made", "came out"), ("made", "come out"), ("making", "coming out")],
        ),
        ("city", "man", False, [("city", "man"), ("cities", "men")]),
        ("glass", "city bus", False, [("glass", "city bus"), ("glasses", "city buses")]),
    ],
)
def test_forms_go_with_forms(word, other, verb, expected):
    assert list(forms.alike(word, other, LINES, verb=verb)) == expected


@given(st.from_regex(r"[a-z]{2,9}", fullmatch=True), st.from_regex(r"[a-z]{2,9}( [a-z]{1,5})?", fullmatch=True), st.booleans())
def test_each_form_is_paired_once_and_keeps_the_words_beside_it(word, other, verb):
    pairs = list(forms.alike(word, other, {}, verb=verb))
    assert pairs[0] == (word, other)
    assert len(set(pairs)) == len(pairs)
    assert {len(two.split()) for _, two in pairs} == {len(other.split())}


@given(st.text("abcdeginstuy", min_size=1, max_size=9), st.sets(st.text("abcdeginstuy", min_size=1, max_size=9)))
def test_no_form_is_unknown_or_the_word_itself(word, others):
    known = (WORDS | others | {word}).__contains__
    for form in (*forms.verbs(word, {}, known), *forms.nouns(word, known), *forms.adverbs(word, known)):
        assert known(form)
        assert form != word
