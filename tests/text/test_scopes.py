import pytest

from auditor.text.language import words
from auditor.text.scopes import is_teaser, scopes
from auditor.types import Scope

BODY = "The council met on Tuesday evening and voted for the new swimming pool by a narrow margin."


def of(*blocks: str) -> list[str]:
    return [str(scope) for scope in scopes(blocks, "en")]


def test_a_first_line_without_a_stop_is_a_headline() -> None:
    assert of("Council votes for pool", BODY) == ["headline", "body"]


def test_a_headline_printed_twice_is_two_headlines() -> None:
    assert of("Council votes for pool", "Council votes for pool – The Valley Echo", BODY) == ["headline", "headline", "body"]


def test_a_question_may_stand_over_a_story_or_open_it() -> None:
    assert of("Who needs another pool?", BODY)[0] == "headline"
    assert of("Who needs another pool?", "We do.")[0] == "body"


def test_a_text_that_is_one_line_is_body() -> None:
    assert of("Council votes for pool") == ["body"]
    assert of(BODY) == ["body"]


def test_crossheads_stand_between_paragraphs() -> None:
    assert of(BODY, "A long quarrel", BODY, "Who pays for it?", BODY) == ["body", "crosshead", "body", "crosshead", "body"]


def test_a_question_that_somebody_asks_is_no_crosshead() -> None:
    assert of(BODY, "“Who pays for it?”", BODY) == ["body", "body", "body"]
    assert of(BODY, "“Who pays for it?", BODY) == ["body", "body", "body"]


def test_the_last_line_is_no_crosshead() -> None:
    assert of(BODY, BODY, "More soon") == ["body", "body", "body"]


@pytest.mark.parametrize(
    "line",
    [
        "AFP",
        "(dpa)",
        "with/jkl (Portal, AFP)",
        "dpa/lby",
        "Photo: Jane Doe",
        "© Valley Echo",
        "By Jane Doe and John Roe",
        "Source: Reuters",
        "(Photo: J. Doe, AP)",
    ],
)
def test_credit_lines(line: str) -> None:
    assert of("Council votes for pool", BODY, BODY, line)[-1] == "credit"


@pytest.mark.parametrize(
    "line", ["The agency Reuters reported it first on Monday.", "By noon it was over.", "AFP photographers were there.", "He is AP."]
)
def test_sentences_about_agencies_are_no_credits(line: str) -> None:
    assert of("Council votes for pool", BODY, BODY, line)[-1] == "body"


def test_a_caption_is_known_by_how_it_opens() -> None:
    assert of(BODY, "Photo: The old pool on the day when it was closed for good", BODY)[1] == "caption"


@pytest.mark.parametrize(
    "line",
    [
        "• Also read: Mayor resigns",
        "Read also: Mayor resigns",
        "See also Mayor resigns",
        "Also read | Mayor resigns",
        "» Read more",
        "Related:",
        "Lesen Sie auch: Bürgermeister tritt zurück",
        "- Read also “Mayor resigns”",
    ],
)
def test_teasers(line: str) -> None:
    assert is_teaser(line, "en")


@pytest.mark.parametrize(
    "line",
    [
        "Read also means something else here.",
        "Watch Tower officials declined to comment.",
        "See also what he said.",
        "Related costs rose.",
        "Readers also write.",
    ],
)
def test_sentences_are_no_teasers(line: str) -> None:
    assert not is_teaser(line, "en")


def test_scopes_are_values_of_the_type() -> None:
    assert set(scopes(["Pool", BODY, "AFP"], "en")) <= set(Scope)


@pytest.mark.parametrize("field", ["credit_words", "teaser_openers"])
def test_what_credits_and_teasers_open_with_begins_with_a_word(field):
    # Lines are told from each other by their words before any expression is tried on them.
    assert [word for word in words(field) if not word[0].isalnum()] == []
