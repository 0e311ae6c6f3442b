import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.text.blocks import lines
from auditor.text.quotations import quotations
from auditor.types import Block, Span


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in quotations(text, lines(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He called it “a shame” and left.", ["“a shame”"]),
        ('He called it "a shame" and "a joke".', ['"a shame"', '"a joke"']),
        ("Er sagte: „Das ist gut“, dann ging er.", ["„Das ist gut“"]),
        ("Er sagte: „Das ist gut”, dann ging er.", ["„Das ist gut”"]),
        ("Sie rief »Halt« und lief.", ["»Halt«"]),
        ("Elle a dit : « Il pleut » et puis rien.", ["« Il pleut »"]),
        ("The ‘old’ town isn’t far from the boys’ school.", ["‘old’"]),
        ("It’s the ’90s, rock ’n’ roll and the workers’ party.", []),
        ("He praised ‘the workers’ party’ again.", ["‘the workers’ party’"]),
        ("'Leave it,' he said. It's John's dog.", ["'Leave it,'"]),
        ("“He said ‘no’ twice,” she wrote.", ["“He said ‘no’ twice,”"]),
        ('A 6\'2" man and a 5" nail.', []),
        ('Spaced " marks of a machine " here.', ['" marks of a machine "']),
        ("”Så är det”, sade hon.", ["”Så är det”"]),
        ("他说“今天下雨”。", ["“今天下雨”"]),
        ("Closed the “wrong way“ round.", ["“wrong way“"]),
        ("No marks at all.", []),
    ],
)
def test_quotations_are_found_with_their_marks(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_an_unclosed_quotation_ends_with_its_block() -> None:
    assert found("“First paragraph of a speech.\n“Second one.”\nAnd then.") == ["“First paragraph of a speech.", "“Second one.”"]


def test_a_lost_closing_mark_does_not_turn_the_rest_inside_out() -> None:
    assert found('He said "we go. Then "they" came.') == ['"we go. Then', '"they"']


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ab s.,\n“”„\"«»‘’'"))
def test_quotations_are_ordered_disjoint_and_inside_their_block(text: str) -> None:
    blocks = lines(text)
    spans = quotations(text, blocks)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(any(block.span.covers(span) for block in blocks) and len(span) for span in spans)


def test_blocks_limit_quotations() -> None:
    text = "“one two”"
    assert quotations(text, (Block(Span(0, 4)), Block(Span(5, 9)))) == (Span(0, 4),)
