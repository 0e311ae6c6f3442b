"""The kind romanisation: which spelling of the table is a problem in a text, and what to print instead."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect import romanisation
from auditor.detect.kind import Resources
from auditor.errors import DataError
from auditor.names.aliases import aliases_folder, load
from auditor.rules import loader
from auditor.text.language import language
from auditor.text.segment import segment
from auditor.types import Document, Provenance, Rule, Severity

SCHEMAS = {"romanisation": romanisation.KIND.schema}
TABLE = load([aliases_folder()])


def rule(name="names/any", **params):
    return Rule(name, None, None, "romanisation", params, "{match} {canonical} {whose}", "terminology/inconsistent-with-resource", Severity.MAJOR)


def matches(text, source=None, profile="", rules=None):
    detect = romanisation.build(rules or [rule()], Resources(language=language, aliases=TABLE, profile=profile))
    document = segment(Document("a.txt", text, provenance=Provenance(source_lang=source)))
    return [match for _, match in detect(document)]


def said(text, source=None, profile=""):
    return [(text[m.span.start : m.span.end], m.suggestions[0].text) for m in matches(text, source, profile)]


def test_one_finding_a_spelling_with_its_further_places_and_the_right_form_as_evidence():
    text = "Kiew was dark. Trams in Kiew stood still. The mayor of Kyiv asked for patience."
    (match,) = matches(text, "de")
    assert text[match.span.start : match.span.end] == "Kiew"
    assert [text[span.start : span.end] for span in match.occurrences] == ["Kiew"]
    assert [text[span.start : span.end] for span in match.related] == ["Kyiv"]
    assert match.suggestions[0].safe
    assert match.evidence == {"known_by": "alias", "entity": "kyiv", "convention": "de"}
    assert match.values == {"canonical": "Kyiv", "whose": "the German", "profile": ""}


def test_a_convention_is_named_only_where_it_can_be_told():
    (match,) = matches("The convoy left Bagdad.")
    assert "convention" not in match.evidence
    assert match.values["whose"] == "another language’s"
    assert matches("The convoy left Bagdad.", "es")[0].evidence["convention"] == "es"


def test_a_possessive_stays():
    text = "They read Lukaschenko’s speech and Kadyrow's reply."
    assert said(text, "de") == [("Lukaschenko", "Lukashenko"), ("Kadyrow", "Kadyrov")]


def test_a_surname_that_others_bear_needs_the_person_in_the_text():
    assert said("Mr. Soudani sells carpets.", "fr") == []
    assert said("Mohamed Chia al-Soudani left. Mr. Soudani’s car waited.", "fr")[1] == ("Soudani", "Sudani")
    assert said("Mohammed Shia al-Sudani left with Hocine Soudani, a doctor.", "fr") == []


def test_an_article_is_raised_where_it_opens_a_sentence():
    text = "Mohammed Shia al-Sudani spoke. Al-Soudani left. Then al-Soudani slept, and al-Soudani’s car waited."
    opening, inside = matches(text, "fr")
    assert (opening.suggestions[0].text, opening.occurrences) == ("Al-Sudani", ())
    assert (inside.suggestions[0].text, len(inside.occurrences)) == ("al-Sudani", 1)


def test_the_form_that_the_text_uses_is_the_one_to_print():
    assert said("Selenskyj spoke. The crowd heard Zelenskyy. Then Zelenskyy left.", "de") == [("Selenskyj", "Zelenskyy")]
    assert said("Selenskyj spoke. The crowd left.", "de") == [("Selenskyj", "Zelensky")]


def test_accepted_forms_are_silent_without_a_profile_and_reported_under_one():
    house = [rule("names/house", form="house")]
    text = "Volodymyr Zelenskiy met al-Qaeda’s victims."
    assert matches(text, rules=[rule(), *house]) == []
    found = [(text[m.span.start : m.span.end], m.suggestions[0].text) for m in matches(text, profile="ap", rules=house)]
    assert found == [("Volodymyr Zelenskiy", "Volodymyr Zelenskyy"), ("al-Qaeda", "al-Qaida")]
    assert matches(text, profile="ap") == []
    assert said("They quoted Selenskyj.", "de", "reuters") == [("Selenskyj", "Zelenskiy")]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Alyssa Milano smiled.", "it"),
        ("The jar dates from 310 BCE.", "fr"),
        ("The analyst Riad Haddad wrote it.", "de"),
        ("The EZB of Zurich is a club.", "fr"),
        ("Peking University hired her.", "de"),
        ("Kiev was the name in those years.", "de"),
        ("He ate poutine in Montreal.", "fr"),
        ("Poutine is served with gravy.", "fr"),
        ("The frigate “Rheinland-Pfalz,” the fourth of her class, sailed.", "de"),
        ('They sang "Warschau" on the quay.', "de"),
    ],
)
def test_near_misses(text, source):
    assert said(text, source) == []


def test_a_quotation_and_a_headline_may_be_put_right_and_a_credit_may_not():
    assert said("“Kiew is calm,” she said.", "de") == [("Kiew", "Kyiv")]
    assert said("HISBOLLAH HITS BACK\n\nRockets fell on the town at night, officials said.", "de") == [("HISBOLLAH", "HEZBOLLAH")]


def test_a_rule_reports_its_own_kinds_of_entity():
    text = "The OTAN left Kiew."
    assert [m.suggestions[0].text for m in matches(text, "fr", rules=[rule(entities=("place",))])] == ["Kyiv"]
    assert [m.suggestions[0].text for m in matches(text, "fr", rules=[rule(entities=("acronym",))])] == ["NATO"]


def test_the_pack_declares_what_the_kind_takes(tmp_path):
    pack = tmp_path / "xyz.toml"
    pack.write_text('[a]\nkind = "romanisation"\nentitys = ["place"]\nmessage = "m"\ncategory = "markup/residue"\nseverity = "minor"\n')
    with pytest.raises(DataError, match="entities"):
        loader.load_pack(pack, SCHEMAS)


PARTS = [
    "Kiew",
    "Kyiv",
    "Selenskyj",
    "Soudani",
    "Mohamed Chia al-Soudani",
    "OTAN",
    "’s",
    "said",
    "The",
    ".",
    "“",
    "”",
    "\n\n",
    "EI",
    "Charia",
    "U.S.",
]


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(PARTS), max_size=25), st.sampled_from([None, "fr", "de"]))
def test_every_match_is_a_known_spelling_changed_and_no_place_is_reported_twice(words, source):
    text = " ".join(words)
    seen = set()
    for match in matches(text, source):
        for span in (match.span, *match.occurrences):
            assert span not in seen
            seen.add(span)
            assert TABLE.entries(text[span.start : span.end])
            assert match.suggestions[0].text != text[span.start : span.end]
        assert not set(match.related) & seen
