"""The fragment kind: clauses without a sentence, sentences without an end."""

import pytest


def texts(matches, text):
    return [text[match.span.start : match.span.end] for match in matches]


def test_orphan_points_at_the_clause_and_shows_the_sentence_before(find):
    text = "They met Ines Roth. arrested in Linz last May. Then it rained."
    (match,) = find("fragment", 'find = "orphans"', text)
    assert texts([match], text) == ["arrested in Linz last May."]
    assert text[match.related[0].start : match.related[0].end] == "They met Ines Roth."


def test_long_orphan_is_marked_by_its_beginning(find):
    text = "They met her. " + " ".join(f"word{'x' * number}" for number in range(1, 30)) + "."
    (match,) = find("fragment", 'find = "orphans"', text)
    assert len(texts([match], text)[0].split()) == 12


@pytest.mark.parametrize(
    "text",
    [
        "They sell phones. iPhones are dear.",
        "The book is by him. von Berg wrote it.",
        "The address is short. example.org is free.",
        "It costs approx. five euros.",
        "Why? because it rained.",
        "It rained … and rained.",
        "“We met. arrested them, we did.”",
        "They met.\narrested in Linz last May.",
    ],
)
def test_small_starts_that_are_right_or_not_ours(find, text):
    assert find("fragment", 'find = "orphans"', text) == []


def test_starts_and_exceptions_choose(find):
    text = "They met her. arrested in Linz. the rain fell."
    assert texts(find("fragment", "find = 'orphans'\nstart.any = ['[a-z]+ed']", text), text) == ["arrested in Linz."]
    (match,) = find("fragment", "find = 'lost-capitals'\nmatch.except = ['[a-z]+ed']", text)
    assert (texts([match], text), match.suggestions[0].text, match.suggestions[0].safe) == (["the"], "The", True)


def test_cut_line_ends_in_a_word_that_cannot_end_one(find):
    parameters = "find = 'cuts'\nend.any = ['the', 'of an']\nmatch.except = ['poem']"
    lines = (
        "The mayor told the council on Monday that he saw the",
        "No line of this list has the",
        "It rained on the town and the roof of an",
        "This is a poem that always ends like this with the",
    )
    text = "\n\n".join(lines)
    assert texts(find("fragment", parameters, text), text) == ["that he saw the", "the roof of an"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the mayor opened the new bridge over the river today.", ["the"]),
        ("It rained.\n\nthe mayor opened the new bridge over the river.", ["the"]),
        ("The Bridge\n\nthe mayor opened the new bridge over the river today.", ["the"]),
        ("“the bridge is open and will stay so,” said the mayor.", ["the"]),
        ("It rained and then\nthe mayor opened the new bridge over the river.", []),
        ("He opened:\n\nthe new bridge over the river in the far south.", []),
        ("On the 50.\n\nanniversary of the bridge the mayor came with a band.", []),
        ("the mayor opened the new bridge over the river", []),
        ("the mayor came.", []),
        ("de Gaulle opened the new bridge over the river in May.", []),
        ("youtube-dl opened the new bridge over the river in the rain.", []),
        ("(the mayor opened the new bridge over the river today.)", []),
        ("www.moos.at has the news of the new bridge over the river.", []),
    ],
)
def test_paragraphs_that_open_small(find, text, said):
    found = find("fragment", 'find = "small-openings"', text)
    assert texts(found, text) == said
    assert all(match.suggestions[0].text == "The" for match in found)
