"""The pronoun kind: it speaks only where nobody else can be meant."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PERSONS = """find = "persons"
male.pronouns = ["he", "his", "him"]
female.pronouns = ["she", "her", "her"]
male.names = ["Otto", "Emil"]
female.names = ["Hilde"]
male.words = ["mr", "husband"]
female.nouns = ["actress"]
female.words = ["mrs", "wife"]
persons = ["lawyer"]
spared = ["paper", "over"]
places = ["San"]
"""
THINGS = PERSONS.replace("persons", "things", 1) + 'neutral = "it"\nthings = ["council", "club"]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hilde Moser left at noon. He took the train.", [("He", "She", "Hilde Moser")]),
        ("Otto Moser left at noon. She took the train.", [("She", "He", "Otto Moser")]),
        ("Otto Moser left at noon. He took the train.", []),
        ("Otto Moser lived in her old flat.", [("her", "his", "Otto Moser")]),
        ("Otto Moser chose her to speak.", []),
        ("Otto Moser commuted her sentence.", []),
        ("After treating Otto Moser she left.", []),
        ("Hilde Moser left at noon. Now he runs a mill, and his dog barks.", [("he", "she", "Hilde Moser")]),
        ("Hilde Moser left at noon. His dog barks.", [("His", "Her", "Hilde Moser")]),
        ("Hilde Moser left at noon. He likes his wife.", []),
        ("The Moser team left. Mrs Moser slept. The Moser team said he was ill.", []),
        ("The actress left at noon. He took the train.", [("He", "She", "The actress")]),
        ("The actress’s son left at noon. He took the train.", []),
        ("Denying Hilde Moser his share was wrong.", []),
        ("Otto Moser presented his new cabinet. He smiled.", []),
        ("Mrs Moser slept. It was late. Moser woke at six. He was ill.", [("He", "She", "Moser")]),
        ("Mrs Moser and Mr Moser slept. It was late. Moser woke at six. He was ill.", []),
        ("Otto Moser left with Hilde Kern. She took the train.", []),
        ("Otto Moser left with his wife. She took the train.", []),
        ("Otto Moser’s lawyer left at noon. She took the train.", []),
        ("The wife of Otto Moser left at noon. She took the train.", []),
        ("Otto von Moser left at noon. She took the train.", [("She", "He", "Otto von Moser")]),
        ("Otto Moser met Kim Lang. She took the train.", []),
        ("San Emil Church burnt down. She was loved by all.", []),
        ("“Otto Moser is here,” it said. She came too.", []),
        ("Hilde Kern sang. It was cold. Otto Moser left at noon. She took the train.", []),
    ],
)
def test_persons(find, text, said):
    found = find("pronoun", PERSONS, text)
    assert [(text[m.span.start : m.span.end], m.suggestions[0].text, m.values["antecedent"]) for m in found] == said


def test_further_pronouns_of_the_sentence_are_further_places(find):
    text = "Hilde Moser left at noon. He took his hat, and Kim Lang saw that he limped."
    (match,) = find("pronoun", PERSONS, text)
    assert [text[span.start : span.end] for span in match.occurrences] == ["his"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The town council met at noon. She voted for the bridge.", ["She"]),
        ("The club lost. He now plays in the third division.", ["He"]),
        ("The club lost. It now plays in the third division.", []),
        ("The club has a new coach, Otto Moser. He lives in the town.", []),
        ("A lawyer came. The council met at noon. She spoke.", []),
        ("Hilde Kern came. The council met at noon. She spoke.", []),
        ("Otto Kern came. The council met at noon. She spoke.", ["She"]),
        ("The council’s clerk rose. She spoke.", []),
        ("The council met with the organiser. She spoke.", []),
        ("The council met over a paper. She spoke up for the bridge.", ["She"]),
    ],
)
def test_things(find, text, said):
    found = find("pronoun", THINGS, text)
    assert [text[match.span.start : match.span.end] for match in found] == said
    assert all(match.suggestions[0].text == "It" for match in found)


PARTS = ["Otto", "Hilde", "Moser", "Mrs", "the council", "The club", "met", "his", "her", "wife", "He", "She", "left", ".", ".", "“", "”", "\n"]


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.sampled_from(PARTS), max_size=25).map(" ".join))
def test_what_is_marked_is_a_pronoun_and_the_other_one_is_suggested(find, text):
    for match in [*find("pronoun", PERSONS, text), *find("pronoun", THINGS, text)]:
        written = text[match.span.start : match.span.end].casefold()
        assert written in {"he", "him", "his", "she", "her"}
        assert match.suggestions[0].text.casefold() != written
        assert match.related[0].start < match.span.start


def test_all_pronouns_of_the_other_gender_right_is_silent(find):
    assert find("pronoun", PERSONS, "Hilde Moser left. She took her bag. Otto Moser stayed. He took his time.") == []
