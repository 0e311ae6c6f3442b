"""The word index: it may only leave out rules that cannot match."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect.index import Index, required
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
        ("acting up", {"acting"}),
        ("materiali[sz]ed (themselves|itself)", {"themselves", "itself"}),
        ("materiali[sz]ed itself?", {"materialised", "materialized"}),
        (r"the \w+ian cabinet", {"cabinet"}),
        ("(a|the) fog of( \\w+)? (factions|groups)", {"factions", "groups"}),
        ("goes? without|goes? with", {"without", "goes", "go", "with"}),
        ("Bundestag", {"bundestag"}),
    ],
)
def test_required_words(pattern: str, needed: set[str]) -> None:
    found = required(pattern)
    assert found is not None
    assert found <= needed


@pytest.mark.parametrize("pattern", [r"\w+ing", "x*", r"pre\w+", r"\w+tion\w*", "(a|.+)"])
def test_patterns_without_a_certain_word_are_always_candidates(pattern: str) -> None:
    assert required(pattern) is None
    assert Index([pattern]).candidates("anything") == [0]


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
