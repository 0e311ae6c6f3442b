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


@given(st.text("abcdeginstuy", min_size=1, max_size=9), st.sets(st.text("abcdeginstuy", min_size=1, max_size=9)))
def test_no_form_is_unknown_or_the_word_itself(word, others):
    known = (WORDS | others | {word}).__contains__
    for form in (*forms.verbs(word, {}, known), *forms.nouns(word, known), *forms.adverbs(word, known)):
        assert known(form)
        assert form != word
