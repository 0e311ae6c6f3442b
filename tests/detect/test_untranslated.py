"""The untranslated kind: what of another language stands in English, and what may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.detect import KINDS
from auditor.detect.kind import Resources
from auditor.names import aliases
from auditor.text import lexicon
from auditor.text.language import language
from auditor.text.segment import segment
from auditor.types import Document, Provenance, Rule, Severity

LEAD = "The river rose by a metre in the night and the schools of the town stay shut. "


def texts(matches, text):
    return [text[span.start : span.end] for match in matches for span in (match.span, *match.occurrences)]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Das Wasser steht noch immer auf der Straße und in den Kellern.", "German"),
        ("L'eau est encore dans les caves et sur les routes.", "French"),
        ("El agua sigue en las calles y en los sótanos.", "Spanish"),
        ("Вода стоит в подвалах.", "another language"),
    ],
)
def test_sentence_left_standing(find, sentence, name):
    text = LEAD + sentence + " Boats are on the way."
    (match,) = find("untranslated", 'find = "sentences"', text)
    assert texts([match], text)[0] == " ".join(sentence.split()[:12])
    assert match.values["language"] == name


def test_sentences_in_a_row_are_one_finding(find):
    text = LEAD + "Das Wasser steht noch auf der Straße. Es ist nicht mehr zu halten. The rain goes on. Wir wissen nicht mehr, was noch kommt."
    assert [len(match.occurrences) for match in find("untranslated", 'find = "sentences"', text)] == [1, 0]


@pytest.mark.parametrize(
    "text",
    [
        LEAD,
        LEAD + "“Wir schaffen das schon noch,” he said.",
        LEAD + "Le Monde, Die Zeit, El País and De Telegraaf reported.",
        LEAD + "The Tour de France passes the Place de la Concorde, de facto the end.",
    ],
)
def test_names_and_short_quotations_are_meant(find, text):
    assert find("untranslated", 'find = "sentences"', text) == []
    assert find("untranslated", 'find = "words"', text, source_lang="fr") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They went mit der boat to the town.", ["mit der"]),
        ("They went noch nicht on, aber auch not back.", ["noch nicht", "aber auch"]),
        ("They sang “mit der Zeit” (mit dem band) in Halle an der Saale.", []),
        ("They also all saw that war in so many towns.", []),
    ],
)
def test_runs_of_small_words_of_the_source(find, text, expected):
    assert texts(find("untranslated", 'find = "words"', text, source_lang="de"), text) == expected
    assert find("untranslated", 'find = "words"', text, source_lang=None) == []


def test_phrases_that_english_took_over(find):
    assert find("untranslated", 'find = "words"', "They went dans la boat.", source_lang="fr")
    assert not find("untranslated", 'find = "words"\nallow = ["dans la"]', "They went dans la boat.", source_lang="fr")


def test_letters_that_english_lacks(find):
    text = "The maire spoke of a fête, the encyclopædia and élus at São Luís. The élus of Évian wept, “hélas” (déjà)."
    assert texts(find("untranslated", 'find = "letters"\nallow = ["f[eê]tes?"]', text, source_lang="fr"), text) == ["élus", "élus"]


def test_text_that_was_not_translated_is_another_kinds(find):
    from auditor.text.segment import segment
    from auditor.types import Document, Provenance

    document = segment(Document("x.txt", "Das Wasser steht noch auf der Straße.", provenance=Provenance("de", language="de", translated=False)))
    assert find("untranslated", 'find = "sentences"', "", document=document) == []


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        ("“Die Stadt hat noch nichts über die Sperrung gesagt.” (The city has said nothing about it yet.)", False),
        ("“Die Stadt hat noch nichts über die Sperrung gesagt.” “The city has said nothing about it yet,” she said.", False),
        ("“Die Stadt hat noch nichts über die Sperrung gesagt.” It means that nobody knows.", False),
        ("“Die Stadt hat noch nichts über die Sperrung gesagt.” It rained.", True),
        ("Die Stadt hat noch nichts über die Sperrung gesagt. It means that nobody knows.", True),
    ],
)
def test_a_quotation_with_its_translation_beside_it_is_meant(find, beside, found):
    text = f"The bridge over the river has been closed since Monday. {beside}"
    assert bool(find("untranslated", 'find = "sentences"\ngloss.any = ["it means"]', text)) is found


WORDS = 'find = "common-words"'


def test_a_source_word_that_english_lacks_is_found_wherever_it_stands(find) -> None:
    text = "The council spoke of a nachhaltig policy. It was nachhaltig, she said, and not only in name."
    (match,) = find("untranslated", WORDS, text, source_lang="de")
    places = (match.span, *match.occurrences)
    assert [text[span.start : span.end] for span in places] == ["nachhaltig", "nachhaltig"]
    assert match.values["language"] == "German"


def test_a_source_word_is_left_alone_where_it_is_meant(find) -> None:
    for text in (
        "The council spoke of a “nachhaltig” policy.",
        "The council spoke of a lasting (nachhaltig) policy.",
        "The firm Zwölfling nachhaltig was founded in May.",
        "The Nachhaltig prize went to a school.",
    ):
        assert not find("untranslated", WORDS, text, source_lang="de"), text
    assert not find("untranslated", WORDS, "The council spoke of a nachhaltig policy.", source_lang="fr")
    assert not find("untranslated", WORDS, "The council spoke of a nachhaltig policy.")


@given(st.lists(st.sampled_from(sorted(lexicon.common("en"))[::97]), min_size=3, max_size=12))
def test_no_english_word_is_a_source_word(words: list[str]) -> None:
    document = segment(Document("x.txt", " ".join(words) + ".", provenance=Provenance("de", "flag")))
    rule = Rule("en/x", None, "en", "untranslated", {"find": "common-words"}, "m", "accuracy/untranslated", Severity.MAJOR)
    detect = KINDS["untranslated"].build((rule,), Resources(language, aliases.AliasTable()))
    assert not list(detect(document))
