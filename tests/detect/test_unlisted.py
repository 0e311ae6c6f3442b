"""Names that no table holds: what a gazetteer explains, and names against the tag."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.text.segment import segment
from auditor.types import Document, Provenance


def place(find, text, source="de"):
    return [text[m.span.start : m.span.end] for m in find("unlisted", 'check = "place"', text, source_lang=source)]


def test_a_place_has_one_finding_with_its_further_places(find):
    text = "Shells hit Petropawliwka on Monday. By noon Petropawliwka's school had burned, and Berdytschiw was dark."
    first, second = find("unlisted", 'check = "place"', text, source_lang="de")
    assert [s.text for s in first.suggestions] == ["Petropavlivka"]
    assert [text[o.start : o.end] for o in first.occurrences] == ["Petropawliwka"]
    assert [s.text for s in second.suggestions] == ["Berdychiv"]
    assert not any(s.safe for match in (first, second) for s in match.suggestions)
    assert first.evidence["convention"] == "de"


def test_a_third_language_s_form_came_through_a_relay(find):
    text = "Shells hit Petropawliwka on Monday."
    (match,) = find("unlisted", 'check = "place"', text, source_lang="fr")
    assert [s.text for s in match.suggestions] == ["Petropavlivka"]
    assert "convention" not in match.evidence  # German or Polish


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Shells hit Petropavlivka on Monday.", "de"),
        ("Petropawliwka scored.", "de"),  # opens its sentence
        ("The court heard Mr. Petropawliwka on Monday.", "de"),
        ("The coach praised Jan Petropawliwka, and Petropawliwka smiled.", "de"),
        ("Shells hit Petropawliwka on Monday.", "en"),
    ],
)
def test_what_may_be_something_else_is_silent(find, text, source):
    assert place(find, text, source) == []


def test_what_english_prints_too_is_silent(find):
    assert place(find, "Troops left Douma, Maikop and Congo-Brazzaville on Monday.", "fr") == []


@pytest.mark.parametrize("source", [None, "uk"])
def test_without_a_source_that_has_a_convention_any_will_do(find, source):
    (found,) = find("unlisted", 'check = "place"', "Shells hit Berdytschiw on Monday.", source_lang=source)
    assert [s.text for s in found.suggestions] == ["Berdychiv"]
    assert found.evidence["convention"] == "de"


def test_a_person_needs_every_part_on_record(find):
    def person(text):
        return [s.text for m in find("unlisted", 'check = "person"', text, source_lang="de") for s in m.suggestions]

    assert person("The engineer Wiktor Sokolow stayed.") == ["Viktor Sokolov"]
    assert person("The engineer Wiktor Quorzel stayed.") == []
    assert person("The engineer Wiktor stayed.") == []


def against(find, text, source):
    return find("unlisted", 'check = "convention"', text, source_lang=source)


def test_two_names_of_one_other_convention_speak_against_the_tag(find):
    text = "Residents of Petropawliwka fled. The engineer Wiktor Sokolow stayed in Berdytschiw."
    (found,) = against(find, text, "fr")
    assert found.evidence["convention"] == "de"
    assert found.evidence["tag"] == "fr"
    assert found.suggestions == ()
    assert len(found.related) == 2


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Residents of Petropawliwka fled. The engineer Wiktor Sokolow stayed.", "de"),
        ("Residents of Petropawliwka fled.", "fr"),  # one name is no pattern
        ("Residents of Petropawliwka fled. Others left Berdytchiv, a town near Petropawliwka.", "fr"),  # one follows the tag
    ],
)
def test_names_that_follow_the_tag_or_a_single_one_are_silent(find, text, source):
    assert against(find, text, source) == []


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(["Petropawliwka", "Berdytchiv", "Wiktor Sokolow", "Mr.", "the", "in", "Paris", ".", "“", "”", "\n\n"]), max_size=14),
    st.sampled_from(["de", "fr", "pl", "ar"]),
    st.sampled_from(["place", "person", "convention"]),
)
def test_spans_are_names_of_the_text_and_never_overlap(words, source, check):
    from auditor.detect import KINDS
    from auditor.detect.kind import Resources
    from auditor.names import aliases
    from auditor.text.language import language
    from auditor.types import Rule, Severity

    text = " ".join(words)
    rule = Rule("names/x", None, None, "unlisted", {"check": check}, "“{match}”", "style/awkward", Severity.MINOR)
    document = segment(Document("x.txt", text, provenance=Provenance(source, "flag")))
    detector = KINDS["unlisted"].build((rule,), Resources(language=language, aliases=aliases.load([])))
    spans = [span for _, match in detector(document) for span in (match.span, *match.occurrences)]
    assert all(text[span.start : span.end].strip() for span in spans)
    assert not any(one.overlaps(two) for i, one in enumerate(spans) for two in spans[i + 1 :])
    assert list(detector(replace(document))) == list(detector(document))
