"""Suggestions filled from a match: groups, agreement, capitals."""

import re

import pytest

from auditor.detect.suggestion import alternatives, capital, fill, problem
from auditor.rules.pattern import translate, words


def filled(template: str, pattern: str, text: str) -> str | None:
    match = words(pattern).search(text)
    assert match is not None
    return fill(template, match, pattern, match.group())


@pytest.mark.parametrize(
    ("template", "pattern", "text", "expected"),
    [
        (r"\1 office", "(his|her) services", "from her services", "her office"),
        ("{who} office", "(?P<who>his|her) services", "from his services", "his office"),
        ("{1:take|takes|took} shape", "(form|forms|formed) itself", "it forms itself", "takes shape"),
        ("{1:take|takes|took} shape", "(form|forms|formed) itself", "it formed itself", "took shape"),
        ("{verb:make|made} (up)", "(a|the)? ?(?P<verb>do|did) up", "he did up", "made (up)"),
        ("{1:was|were} gone", "(has been|have been) (away)?", "they have been ", "were gone"),
        (r"\1 \2 gone", "(has been)( away)?", "it has been", "has been gone"),
        (r"\2", "(a) b", "a b", None),
        ("{1:one|two|three}", "(a|b) c", "a c", None),
    ],
)
def test_fill(template: str, pattern: str, text: str, expected: str | None) -> None:
    assert filled(template, pattern, text) == expected


def test_capitals_follow_what_is_replaced() -> None:
    assert capital("posturing", "Acting up") == "Posturing"
    assert capital("posturing", "acting up") == "posturing"
    assert capital("posturing", "ACTING UP") == "POSTURING"
    assert capital("a US base", "an American base") == "a US base"


def test_alternatives_are_read_as_written() -> None:
    assert alternatives("(a|b(c|d)) ([)|]|x) (?:y|z)", 1) == ("a", "b(c|d)")
    assert alternatives("(a|b(c|d)) ([)|]|x) (?:y|z)", 2) == ("c", "d")
    assert alternatives("(a|b(c|d)) ([)|]|x) (?:y|z)", 3) == ("[)|]", "x")
    assert alternatives(r"\((?P<n>a|b\|c)\)", "n") == ("a", r"b\|c")


def test_alternatives_agree_with_the_regular_expression() -> None:
    pattern = "(take|takes|took) (?:the )?(lead|rest)"
    for group in (1, 2):
        for alternative in alternatives(pattern, group):
            assert re.search(translate(alternative), "take takes took lead rest")


@pytest.mark.parametrize(
    ("template", "patterns", "expected"),
    [
        (r"\1", ("a",), r"names a group that no pattern has: “\1”"),
        ("{x}", ("(?P<y>a)",), "names a group that no pattern has: “{x}”"),
        ("{1:a|b}", ("(c|d|e)",), "gives 2 forms where the group has 3: “{1:a|b}”"),
        ("{1:a|b}", ("(c|d)", "e", "(f|g|h)"), None),
        ("plain", ("e",), None),
    ],
)
def test_problem(template: str, patterns: tuple[str, ...], expected: str | None) -> None:
    assert problem(template, patterns) == expected
