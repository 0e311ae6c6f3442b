"""The word index: it may only leave out rules that cannot match."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect.index import Index, in_folded, required
from auditor.rules.pattern import views, words

_PARTS = [
    "act",
    "ing",
    " ",
    "up",
    "(take|takes|took)",
    "(the )?",
    "a",
    "[sz]",
    "\\w+",
    "e?",
    "on(ly)?",
    ".",
    "s*",
    "(by|with) ",
    "fog of",
    "don't",
    "-",
    "factions",
    " votes",
    "rivals ?",
    "(?!up)",
    "([)(|] )?",
    "(ruling|(grand )?coalition) ",
    "|",
]
_PATTERNS = st.lists(st.sampled_from([*_PARTS, "-", "(?:in|at)"]), min_size=1, max_size=6).map("".join)
_WORDS = [
    "act",
    "acting",
    "up",
    "take",
    "takes",
    "took",
    "the",
    "a",
    "on",
    "only",
    "by",
    "with",
    "fog",
    "of",
    "don’t",
    "in",
    "at",
    "s",
    "Act",
    ",",
    ".",
    "factions",
    "Factions",
    "votes",
    "rivals",
    "ruling",
    "coalition",
]
_TEXTS = st.lists(st.sampled_from([*_WORDS, "s", ",", "."]), max_size=10).map(" ".join)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("acting up", {" acting up "}),
        (
            "materiali[sz]ed (themselves|itself)",
            {" materialised themselves ", " materialized themselves ", " materialised itself ", " materialized itself "},
        ),
        ("materiali[sz]ed itself?", {" materialised itsel", " materialized itsel"}),
        (r"the \w+ian cabinet", {"ian cabinet "}),
        ("(a|the) fog of( \\w+)? (factions|groups)", {" a fog of", " the fog of"}),
        ("goes? without|goes? with", {" goes without ", " goe without ", " goes with ", " goe with "}),
        ("Bundestag", {" bundestag "}),
        ("don't", {" don't "}),
        (r"pre\w+", {" pre"}),
        (r"\w+tion\w*", {"tion"}),
        (r"[ \t]+[,;]+", {" ,", " ;"}),
        (r"\w+(?= by|, with)", {" by", ", with"}),
    ],
)
def test_required_literals(pattern: str, needed: set[str]) -> None:
    found = required(pattern)
    assert found is not None
    assert found <= needed or all(any(piece in literal for piece in found) for literal in needed), found


@pytest.mark.parametrize("pattern", ["x*", r"\w+ \w+", "(a|.+)", "(go )?"])
def test_patterns_without_a_certain_literal_are_always_candidates(pattern: str) -> None:
    assert required(pattern) is None
    assert Index([pattern]).candidates("anything") == [0]


def test_a_literal_at_the_end_of_a_word_asks_for_its_end() -> None:
    assert Index(["aid", "ban on"]).candidates("He said that the Urban onslaught went on.") == []
    assert Index(["aid", "ban on"]).candidates("Aid, he said, and a ban  on it.") == [0, 1]


@settings(deadline=None, max_examples=300)
@given(st.lists(_PATTERNS, min_size=1, max_size=4), _TEXTS)
def test_index_on_finds_what_index_off_finds(patterns: list[str], text: str) -> None:
    candidates = Index(patterns).candidates(text)
    for number, pattern in enumerate(patterns):
        if any(words(pattern).search(view) for view in views(text, headline=True)):
            assert number in candidates


def test_index_prunes() -> None:
    index = Index([f"word{number} again" for number in range(1000)])
    assert index.candidates("He said word7 again.") == [7]
    assert index.unindexed == 0


_PLAIN = st.lists(
    st.sampled_from(["[a-z]{2,}", "[.!?]", r"\b", " ", "(,)", "[;:]+", "(?=[A-Z])", "(?<=b)", "A|", "[^,]", "b{1,4}", "“"]), min_size=1, max_size=6
).map("".join)


@settings(deadline=None, max_examples=300)
@given(_PLAIN, st.text("abAB.,;: “!", max_size=20))
def test_plain_patterns_are_not_taken_on_whole_words(pattern: str, text: str) -> None:
    found = re.search(pattern, text)
    if found and found.group():
        assert Index([pattern], whole=False).candidates(text) == [0]


@settings(deadline=None, max_examples=100)
@given(st.lists(_PATTERNS, min_size=1, max_size=4), st.lists(_TEXTS, max_size=5))
def test_many_texts_in_one_pass_are_read_as_each_by_itself(patterns: list[str], texts: list[str]) -> None:
    index = Index(patterns)
    found = index.found(in_folded(texts))
    assert [found.get(number, []) for number in range(len(texts))] == [index.candidates(text) for text in texts]


def test_what_a_pattern_looks_at_beside_its_match_is_needed_too() -> None:
    index = Index([r"(?<=[a-z] )(?:On|At)(?= the)", r"\b([a-z]{2,}[.,])([A-Z][a-z]+)"], whole=False)
    assert index.candidates("It went on at the port. On it went, Atlas saw.") == []
    assert index.candidates("It stood On the port.Then") == [0, 1]


def test_a_plain_pattern_that_does_not_heed_case_is_always_a_candidate() -> None:
    assert Index(["(?i:abc)"], whole=False).candidates("ABC") == [0]
