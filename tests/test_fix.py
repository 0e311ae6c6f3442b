import pytest

from auditor.fix import fixes
from auditor.io.edit import edited
from auditor.io.place import locate
from auditor.io.plain import document as plain
from auditor.types import Finding, Scope, Severity, Span, Status, Suggestion


def at(text, words, number=0):
    start = -1
    for _ in range(number + 1):
        start = text.text.index(words, start + 1)
    return locate(text, Span(start, start + len(words)))


def finding(text, words, new, *, safe=False, further=(), scope=Scope.BODY, status="new"):
    return Finding(
        rule="und/a",
        kind="phrase",
        category="style/awkward",
        severity=Severity.MINOR,
        confidence=0.9,
        at=at(text, words),
        sentence=words,
        scope=scope,
        message="m",
        suggestions=tuple(Suggestion(item, safe=safe) for item in ([new] if isinstance(new, str) else new)),
        evidence={},
        related=(),
        occurrences=tuple(at(text, *item) for item in further),
        rule_status=Status.STABLE,
        gating=True,
        source_lang=None,
        fingerprint="f",
        status=status,
    )


def mended(text, *findings, unsafe=False):
    return edited(text, fixes(text, findings, unsafe=unsafe).edits)


def test_only_a_safe_first_suggestion_is_taken_unless_more_is_asked_for():
    text = plain("One two three.\n")
    found = finding(text, "two", "2"), finding(text, "three", ["3"], safe=True), finding(text, "One", [], safe=True)
    assert mended(text, *found) == "One two 3.\n"
    assert fixes(text, found, unsafe=False).unsafe == 1
    assert mended(text, *found, unsafe=True) == "One 2 3.\n"


def test_a_deletion_is_never_safe_and_a_credit_is_never_deleted():
    text = plain("One two.\n\nCredit\n")
    assert mended(text, finding(text, "two", "", safe=True)) == text.text
    assert mended(text, finding(text, "Credit", "", scope=Scope.CREDIT), unsafe=True) == text.text
    assert mended(text, finding(text, "Credit", "Restored", scope=Scope.CREDIT), unsafe=True) == "One two.\n\nRestored\n"


@pytest.mark.parametrize("status", ["dismissed", "suppressed", "signed-off", "query"])
def test_what_was_decided_is_left_alone(status):
    text = plain("One two.\n")
    assert mended(text, finding(text, "two", "2", safe=True, status=status)) == text.text
    assert mended(text, finding(text, "two", "2", safe=True, status="baseline")) == "One 2.\n"


def test_further_places_are_mended_as_they_stand():
    text = plain("Old news. The old news, some OLD news and an old thing.\n")
    found = finding(text, "Old news", "New news", safe=True, further=[("old news",), ("OLD news",), ("old thing",)])
    assert mended(text, found) == "New news. The new news, some OLD news and an old thing.\n"


@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ("One.\n\nCut\n\nTwo.\n", "Cut", "One.\n\nTwo.\n"),
        ("One.\r\n\r\nTwo.\r\n\r\nCut me\r\n", "Cut me", "One.\r\n\r\nTwo.\r\n"),
        ("Cut\n\n  One.\n", "Cut", "  One.\n"),
        ("Cut\n", "Cut", ""),
        ("One cut two.\n", "cut", "One two.\n"),
        ("One cut.\n", "cut", "One.\n"),
        ("Cut one.\n", "Cut", "one.\n"),
        ("a(cut)b c.\n", "cut", "a()b c.\n"),
    ],
)
def test_a_deletion_takes_white_space_along(before, words, after):
    text = plain(before)
    assert mended(text, finding(text, words, ""), unsafe=True) == after


def test_of_edits_that_meet_the_first_is_made():
    text = plain("One two three.\n")
    assert mended(text, finding(text, "One two", "1 2", safe=True), finding(text, "two three", "2 3", safe=True)) == "1 2 three.\n"
    assert mended(text, finding(text, "One", "1", safe=True), finding(text, " two", " 2", safe=True)) == "1 2 three.\n"
