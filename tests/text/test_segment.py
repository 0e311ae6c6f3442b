import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.text.blocks import lines
from auditor.text.segment import segment
from auditor.types import Block, Document, Scope, Span

STORY = """Lighthouse to close

The lighthouse at Cape Elm will close in May. Its keeper, Mr. Okafor, said: “I will miss it. I was happy here.” He leaves on Monday.

Why now?

The light costs too much, the harbour office said.
• Also read: Ferry runs aground
“It is over.”

AFP"""


def shown(document: Document) -> list[tuple[str, str]]:
    return [(str(part.scope), part.text) for part in document.segments]


def test_a_story_is_divided_into_scopes_and_sentences() -> None:
    assert shown(segment(Document("a.txt", STORY))) == [
        ("headline", "Lighthouse to close"),
        ("body", "The lighthouse at Cape Elm will close in May."),
        ("body", "Its keeper, Mr. Okafor, said: “I will miss it."),
        ("quote", "I was happy here.”"),
        ("body", "He leaves on Monday."),
        ("crosshead", "Why now?"),
        ("body", "The light costs too much, the harbour office said."),
        ("teaser", "• Also read: Ferry runs aground"),
        ("quote", "“It is over.”"),
        ("credit", "AFP"),
    ]


def test_quotations_are_marked() -> None:
    document = segment(Document("a.txt", STORY))
    assert [STORY[span.start : span.end] for span in document.quotations] == ["“I will miss it. I was happy here.”", "“It is over.”"]


def test_a_teaser_run_on_behind_a_sentence_is_seen() -> None:
    document = segment(Document("a.txt", "The ferry ran aground. Read also: Lighthouse to close"))
    assert [str(part.scope) for part in document.segments] == ["body", "teaser"]


def test_an_agency_behind_the_last_stop_is_a_credit() -> None:
    document = segment(Document("a.txt", "The ferry ran aground. dpa"))
    assert shown(document) == [("body", "The ferry ran aground."), ("credit", "dpa")]


def test_what_the_format_says_stands() -> None:
    text = "It rained. It poured."
    document = segment(Document("a.html", text, blocks=(Block(Span(0, len(text)), Scope.HEADLINE),)))
    assert shown(document) == [("headline", text)]


def test_hard_wrapped_copy_is_read_in_paragraphs() -> None:
    text = (
        "The council of the small town by the river met on Monday to\n"
        "talk about the bridge, which has been closed since the flood of\n"
        "last winter and which nobody wants to pay for any more. The\n"
        "mayor left early.\n\n"
        "Nobody was surprised by that, since the mayor had left every\n"
        "meeting early since the flood, and the council had stopped to\n"
        "wait for him years ago.\n"
    )
    assert [part.text.replace("\n", " ") for part in segment(Document("a.txt", text)).segments][1] == "The mayor left early."
    assert len(lines(text)) == 2


def test_one_sentence_a_line_stays_one_sentence_a_line() -> None:
    text = "The council met on Monday.\nThe mayor left early.\nNobody was surprised.\nThe bridge stays closed.\n"
    assert len(lines(text)) == 4


def test_segmenting_twice_changes_nothing() -> None:
    once = segment(Document("a.txt", STORY))
    assert segment(once) == once


ALPHABET = st.sampled_from([*"aB1 .!?,:\n\r\t“”\"'’«»()…。-\u2028\u00a0\U0001f600", "Mr. ", "U.S. ", "XIII. ", "Also read: ", "AFP"])


@settings(deadline=None, max_examples=300)
@given(st.lists(ALPHABET, max_size=60).map("".join))
def test_segments_are_ordered_disjoint_exact_and_complete(text: str) -> None:
    document = segment(Document("a.txt", text))
    segments = document.segments
    assert [part.id for part in segments] == list(range(len(segments)))
    assert all(text[part.span.start : part.span.end] == part.text and part.text.strip() == part.text != "" for part in segments)
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(segments))
    assert all(document.blocks[part.block].span.covers(part.span) for part in segments)
    covered = {at for part in segments for at in range(part.span.start, part.span.end)}
    assert all(at in covered for at, character in enumerate(text) if not character.isspace())
