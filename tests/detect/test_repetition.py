"""The repetition kind: what counts as a copy, and which copy is kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect import KINDS
from auditor.text.segment import segment
from auditor.types import Document

HEAD = "Rain floods three towns on the upper Danube"
BODY = "It rained all night.\nThe river rose by a metre.\nSchools stay shut.\nThe army has sent boats.\n"


def texts(matches, text):
    return [text[span.start : span.end] for match in matches for span in (match.span, *match.occurrences)]


def test_doubled_words_but_not_tripled_named_or_quoted(find):
    text = "He saw the the van. It was cold, cold, and New New York was cold cold cold. “We we go,” she said. Sing Sing is shut."
    assert texts(find("repetition", 'find = "doubled-words"', text), text) == ["the the"]
    assert find("repetition", 'find = "doubled-words"\nallow = ["the"]', text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("He fled, said Said Ali.", []),
        ("Ali, Said said, is ill.", []),
        ("The whale (Phocoena phocoena) is rare.", []),
        ("The seven-time time trial champion won the relay relay-style.", []),
        ("We like dan dan noodles. They like dan dan noodles. All like dan dan noodles.", []),
        ("He came from the The Hague office.", ["the The"]),
        ("At at noon he came.", ["At at"]),
        ("We like dan dan noodles.", ["dan dan"]),
        ("The sea hit the the pier, the the port and the the town.", ["the the", "the the", "the the"]),
    ],
)
def test_doubled_names_and_dishes(find, text, said):
    assert texts(find("repetition", 'find = "doubled-words"', text), text) == said


def test_loops_are_told_with_their_phrase_and_count(find):
    text = "They came from the town from the town from the town at last."
    (match,) = find("repetition", 'find = "loops"', text)
    assert (texts([match], text), match.values) == (["from the town from the town from the town"], {"times": "3", "phrase": "from the town"})
    assert match.suggestions[0].text == "from the town"


@pytest.mark.parametrize("text", ["Of the people (of the people) of the people.", "No no no.", "A rose is a rose is a thorn.", "Day by day by boat."])
def test_rhetoric_is_no_loop(find, text):
    assert find("repetition", 'find = "loops"', text) == []


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["river", "boat", "town", "rain", "night"]), min_size=2, max_size=4, unique=True), st.integers(3, 5))
def test_every_loop_is_found_whole(words, times):
    from auditor.detect.repetition import Limits, loops
    from auditor.text.segment import segment
    from auditor.types import Document

    phrase = " ".join(words)
    document = segment(Document("x.txt", "They said " + " ".join([phrase] * times) + " again."))
    found = list(loops(document, Limits(frozenset(), 4, 80)))
    assert [(match.values["phrase"], match.values["times"]) for match in found] == [(phrase, str(times))]


def test_sentence_again_soon_after(find):
    text = "The river rose by a metre. Schools stay shut. The river rose by a metre. The river rose by a metre."
    (match,) = find("repetition", 'find = "sentences-again"', text)
    assert len(match.occurrences) == 1
    assert match.related[0].start == 0
    far = text[:26] + " Schools stay shut." * 4 + " The river rose by a metre."
    assert find("repetition", 'find = "sentences-again"\nleast = 5', far) == []


def test_sentences_repeated_together_are_one_match(find):
    text = "The river rose by a metre. Schools stay shut until Monday. The river rose by a metre. Schools stay shut until Monday. It rains on."
    (match,) = find("repetition", 'find = "sentences-again"\nleast = 5', text)
    assert (match.span.start, len(match.occurrences), len(match.related)) == (text.rindex("The river"), 1, 2)


def test_a_repeated_paragraph_is_not_reported_by_its_sentences_too(rules, resources):
    head = 'kind = "repetition"\nmessage = "“{match}”"\ncategory = "style/awkward"\nseverity = "minor"\nleast = 5\n'
    both = rules(f'[a]\n{head}find = "paragraphs-again"\n[b]\n{head}find = "sentences-again"\n')
    text = "The river rose by a metre at Moos.\nIt rains on.\nThe river rose by a metre at Moos.\nThe dam holds at Au. The dam holds at Au.\n"
    found = KINDS["repetition"].build(both, resources)(segment(Document("x.txt", text)))
    assert [(rule.id, text[match.span.start : match.span.end]) for rule, match in found] == [
        ("en/a", "The river rose by a metre at Moos."),
        ("en/b", "The dam holds at Au."),
    ]


def test_of_two_headlines_the_last_is_kept(find):
    text = f"{HEAD}\n{HEAD}\n{BODY}"
    (match,) = find("repetition", 'find = "headline-again"', text)
    assert (match.span.start, match.related[0].start) == (0, len(HEAD) + 1)


def test_a_copy_far_down_goes(find):
    text = f"{HEAD}\n{BODY}{HEAD} - Upper Post\n"
    (match,) = find("repetition", 'find = "headline-again"', text)
    assert match.related[0].start == 0
    assert texts([match], text) == [f"{HEAD} - Upper Post"]


@pytest.mark.parametrize(
    ("second", "alike"),
    [
        ("Rain floods three towns on the Upper Danube", True),
        ("Rain flooded three towns on the upper Danube", True),
        (f"{HEAD} | Upper Post", True),
        ("Rain floods four villages on the lower Rhine", False),
        (f"{HEAD} after a night in which the dams broke, the army says", False),
    ],
)
def test_alike_is_chrf_on_whole_lines(find, second, alike):
    assert bool(find("repetition", 'find = "headline-again"\nalike = 80', f"{HEAD}\n{second}\n{BODY}")) is alike


def test_paragraph_again_anywhere(find):
    text = BODY + BODY.splitlines()[1]
    (match,) = find("repetition", 'find = "paragraphs-again"\nleast = 5', text)
    assert match.span.end == len(text)
    assert find("repetition", 'find = "paragraphs-again"\nleast = 7', text) == []


@pytest.mark.parametrize("twice", ["the the", "o’clock o’clock", "vis-à-vis vis-à-vis"])
def test_a_word_of_several_parts_may_stand_twice(twice):
    from auditor.detect.repetition import _doubles
    from auditor.text.words import words

    assert _doubles(words(segment(Document("a.txt", f"We met at {twice} today.")))[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The ward needs nurses and nurses.", ["nurses and nurses"]),
        ("Nurses and nurses are needed in the ward.", ["Nurses and nurses"]),
        ("Forty singers and singers joined the choir.", ["singers and singers"]),
        ("They spoke of mediation and mediation.", ["mediation and mediation"]),
        ("They met Indian authors and authors of Indian descent.", []),
        ("It was seen by thousands and thousands.", []),
        ("He tried again and again.", []),
        ("He sold boats and cars, and cars and boats.", []),
        ("“There are rules and rules,” he said.", []),
    ],
)
def test_one_noun_on_both_sides_of_and(find, text, said):
    assert texts(find("repetition", 'find = "doubled-conjuncts"\nallow = ["thousands"]', text), text) == said
