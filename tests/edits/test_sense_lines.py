"""What the lines of packs/sense.toml may say: real words, each line once, each put in the form that stands there."""

import pytest

from auditor.edits.propose import SCHEMA, book, edits, words
from auditor.rules.loader import load_pack, packs_folder
from auditor.text import lexicon

RULES = [rule for name in ("grammar", "sense") for rule in load_pack(packs_folder() / f"{name}.toml", {"edit": SCHEMA}, trusted=True)]
LINES = [(rule.id, key, line) for rule in RULES for key in ("nouns", "verbs", "words") for line in rule.params.get(key, ())]
BOOK = book(RULES)


def put(text: str, source_lang: str | None = None) -> set[str]:
    """Every text that an edit of sense can give."""
    spans, known = words(text), lexicon.common("en").__contains__
    found = [edit for number in range(len(spans)) for edit in edits(text, spans, number, BOOK, known) if edit.how == "sense"]
    return {text[: edit.span.start] + edit.text + text[edit.span.end :] for edit in found if BOOK.allows(edit.rule, source_lang)}


def test_no_line_stands_twice_in_a_rule():
    heads = [(rule, key, line.partition(" ")[0]) for rule, key, line in LINES]
    assert sorted({head for head in heads if heads.count(head) > 1}) == []


def test_what_is_put_there_are_words_that_copy_uses():
    known = lexicon.common("en")
    assert [line for _, _, line in LINES for other in line.partition(" ")[2].replace("|", " ").split() if other.lower() not in known] == []
    assert all(line.partition(" ")[2] for _, _, line in LINES)
    assert [line for _, _, line in LINES if line.partition(" ")[0] in line.partition(" ")[2].split("|")] == []


@pytest.mark.parametrize(
    ("text", "expected", "source_lang"),
    [
        ("He withdrew a candidature.", "He withdrew an application.", None),
        ("The union realised two strikes.", "The union carried out two strikes.", None),
        ("It was an exposition of icons.", "It was an exhibition of icons.", None),
        ("Both functionaries had left.", "Both officials had left.", None),
        ("Fire from the northern direction.", "Fire from the northern front.", "uk"),
        ("Two state enterprises closed.", "Two state companies closed.", "zh"),
    ],
)
def test_a_sense_is_put_right(text, expected, source_lang):
    assert expected in put(text, source_lang)


@pytest.mark.parametrize(
    "text", ["Fire from the northern direction.", "Two state enterprises closed.", "The Reunion ended.", "It was a family photograph."]
)
def test_what_is_right_or_for_other_sources_is_left(text):
    assert put(text) == set()
