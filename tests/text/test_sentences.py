"""The sentences here are made up; `|` stands where a sentence ends."""

import pytest

from auditor.text.sentences import sentences
from auditor.types import Span

CASES = [
    "The bridge fell.|Nobody was hurt.",
    "He met Mr. Novak and Dr. Weiss.|They talked.",
    "The shop opens at 9 a.m. on Sundays and closes at 6 p.m.|The owner sleeps late.",
    "It stands at No. 7 Mill Lane.|Brown Inc. said it would move.",
    "The U.S. Senate and a U.S. judge agreed.|The U.S.|The rest came later.",
    "A pro-U.S. party won.|The DPRK-U.S. talks failed.",
    "J. R. Hartley wrote it.|George W. Bush read it.",
    "They chose plan B.|But it failed.",
    "The lamp belonged to Henry XIII. Prince Reuss.|It is lost.",
    "He was born after World War II.|President Truman was in office.",
    "The law of 3. October is old.|On the 2. floor lives a baker.",
    "It happened in 2020.|killed by a falling tree.",
    "He was last seen in Tunis.|thrown from a horse near the port.",
    "It cost 3.5 million.|Nobody paid 1.200 euros.",
    "“Why now?” she asked.|“Because.”|He shrugged.",
    "“Never!” cried the crowd.|Nobody moved.",
    "He waited ... and waited … in vain.|So it goes.",
    "See booking.example.com or mail a.b@c.org today.|Thanks.",
    "1. The first point.|2. The second point.",
    "He said (see p. 5) that it rained.|It did.",
    "The firm (Acme Ltd.) paid.|All was well.",
    'He nodded.|"We know," he said.|"Go on."',
    "They sell fruit, veg, etc. on Mondays.",
]


def split(text: str, code: str = "en") -> list[str]:
    return [text[span.start : span.end] for span in sentences(text, Span(0, len(text)), code)]


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_they_end(case: str) -> None:
    assert split(case.replace("|", " ")) == case.split("|")


def test_a_space_lost_after_a_stop_does_not_join_sentences() -> None:
    assert split("He left early.The others stayed.”She slept.") == ["He left early.", "The others stayed.”", "She slept."]


def test_a_quotation_keeps_its_sentences() -> None:
    assert split("“It is late. We leave,” she said.") == ["“It is late.", "We leave,” she said."]


def test_a_mark_that_stands_apart_belongs_to_what_goes_before() -> None:
    assert split("“The sea is calm. ” Then it rained.") == ["“The sea is calm. ”", "Then it rained."]


def test_lines_inside_a_block_do_not_end_a_sentence() -> None:
    assert split("The road was\nclosed for\r\nhours.\nIt opened at six.") == ["The road was\nclosed for\r\nhours.", "It opened at six."]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("de", "Er kam z. B. am 3. Oktober um 8 Uhr. Sie blieb.", 2),
        ("fr", "M. Dupont est venu. « Il pleut. » Elle est partie.", 3),
        ("zh", "今天下雨。明天晴天。", 2),
        ("ru", "Он пришёл в 5 ч. вечера. Она ушла.", 2),
    ],
)
def test_other_languages_have_sentences_too(code: str, text: str, expected: int) -> None:
    assert len(split(text, code)) == expected


def test_nothing_is_no_sentence() -> None:
    assert split("") == split(" \n ") == []


def test_a_long_line_is_split_like_a_short_one() -> None:
    line = "The rain fell on the roofs “of the old. town,” said the U.S. mayor. " * 2_000
    assert len(split(line)) == 4_000
