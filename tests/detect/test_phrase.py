"""The phrase kind: where a pattern counts, what vetoes it, what it suggests."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect import KINDS
from auditor.detect.kind import Resources
from auditor.errors import DataError
from auditor.names import aliases
from auditor.text.language import language
from auditor.text.segment import segment
from auditor.types import Document, Provenance, Rule, Scope, Segment, Severity, Span

TEXT = "The fog of factions grew. Fog of Factions is a film. FOG OF FACTIONS is a game."


def texts(matches: list, text: str) -> list[str]:
    return [text[match.span.start : match.span.end] for match in matches]


def test_small_pattern_meets_the_capital_of_a_start_and_no_other(find) -> None:
    text = "Acting up again, they left. They saw Acting Up and heard “Acting up” sung."
    assert texts(find("phrase", 'match.any = "acting up"', text), text) == ["Acting up", "Acting up"]
    assert texts(find("phrase", 'match.any = "acting up"\ncase = true', text), text) == []


def test_title_case_headline_is_read_in_any_case(find) -> None:
    text = "Ministers Deplore Five Victims\nThe fire broke out at night. They deplore five victims, and Deplore Five is a band."
    assert texts(find("phrase", 'match.any = "deplore (two|five)"', text), text) == ["Deplore Five", "deplore five"]


def test_exceptions_near_the_match_veto(find) -> None:
    parameters = 'match.any = "faction"\nmatch.except = ["rival", "armed \\\\w+"]'
    assert find("phrase", parameters, "The faction voted no.")
    assert not find("phrase", parameters, "A rival and smaller faction voted no.")
    assert not find("phrase", parameters, "An armed faction voted no.")
    assert find("phrase", parameters, "The rival team of the town lost, and after that the faction voted no.")


def test_topics_of_the_document_and_of_the_sentence(find) -> None:
    text = "The Bundestag met. The faction voted no."
    assert find("phrase", 'match.any = "faction"\nnear.any = ["Bundestag"]', text)
    assert not find("phrase", 'match.any = "faction"\nnear.any = ["Bundestag"]\nnear.within = "sentence"', text)
    assert not find("phrase", 'match.any = "faction"\nnear.any = ["Landtag"]', text)
    assert not find("phrase", 'match.any = "faction"\nnear.none = ["bundestag"]', text)


def test_scopes(find) -> None:
    text = "Faction splits over tax\nThe faction voted no. “The faction voted no.”"
    assert texts(find("phrase", 'match.any = "faction"\nscope = ["quote"]', text), text) == ["faction"]
    assert len(find("phrase", 'match.any = "faction"', text)) == 3


def test_source_text_guards_where_it_is_known(find) -> None:
    text = "The faction voted no."
    span = Span(0, len(text))
    parameters = 'match.any = "faction"\nsource.any = ["fraktion(en)?"]'
    for source, expected in ((None, 1), ("Die Fraktion stimmte dagegen.", 1), ("Die Splittergruppe stimmte dagegen.", 0)):
        document = Document("x.txt", text, segments=(Segment(0, text, span, Scope.BODY, 0, source),))
        assert len(find("phrase", parameters, text, document=document)) == expected


def test_longest_of_overlapping_matches(find) -> None:
    text = "They have taken the decision now."
    assert texts(find("phrase", 'match.any = ["taken the", "have taken the decision", "the decision now"]', text), text) == [
        "have taken the decision"
    ]


def test_suggestions_agree_and_keep_the_capital(find) -> None:
    parameters = "match.any = '(form|forms|formed) itself'\nsuggest = ['{1:take|takes|took} shape', 'came about']"
    text = "Forms itself anew. It formed itself."
    assert [[item.text for item in match.suggestions] for match in find("phrase", parameters, text)] == [
        ["Takes shape", "Came about"],
        ["took shape", "came about"],
    ]
    assert not any(item.safe for match in find("phrase", parameters, text) for item in match.suggestions)


def test_what_stands_there_is_not_suggested(find) -> None:
    assert [
        item.text for item in find("phrase", "match.any = 'take place'\nsuggest = ['take place', 'happen']", "They take place.")[0].suggestions
    ] == ["happen"]


_RULES = tuple(
    Rule(f"en/{number}", None, "en", "phrase", {"match.any": (pattern,)}, "m", "style/awkward", Severity.MINOR)
    for number, pattern in enumerate(["fog of", "act(ing)? up", "(take|takes) place", r"\w+ed by", "the Bundestag", "it's"])
)
_RESOURCES = Resources(language=language, aliases=aliases.load([]))
_DETECT = KINDS["phrase"].build(_RULES, _RESOURCES)
_WORDS = ["Fog", "fog", "of", "acting", "act", "up", "takes", "place", "killed", "by", "the", "Bundestag", "it’s", ".", "\n", "“", "”"]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(_WORDS), max_size=25).map(" ".join))
def test_all_rules_together_find_what_each_finds_alone(text: str) -> None:
    document = segment(Document("x.txt", text, provenance=Provenance()))
    together = sorted((rule.id, match.span) for rule, match in _DETECT(document))
    alone = sorted((rule.id, match.span) for one in _RULES for rule, match in KINDS["phrase"].build([one], _RESOURCES)(document))
    assert together == alone
    for _, span in together:
        assert any(piece.span.covers(span) for piece in document.segments)


def test_topics_are_shared_by_name(find) -> None:
    parameters = 'match.any = "votes"\nnear.topics = ["football"]'
    assert find("phrase", parameters, "The striker scored. He won all votes.")
    assert not find("phrase", parameters, "The minister won all votes.")


def test_a_list_of_topics_that_is_none_is_named_with_the_nearest(rules) -> None:
    head = '[x]\nkind = "phrase"\nmessage = "m"\ncategory = "style/awkward"\nseverity = "minor"\nmatch.any = "a"\n'
    with pytest.raises(DataError, match=r"line 7.*“futball”.*football"):
        rules(head + 'near.topics = ["futball"]')
    with pytest.raises(DataError, match="“xx”"):
        rules(head + 'sources = ["xx"]')


def test_a_rule_for_several_source_languages(find) -> None:
    parameters = 'match.any = "faction"\nsources = ["de", "fr"]'
    assert find("phrase", parameters, "The faction left.", source_lang="fr")
    assert not find("phrase", parameters, "The faction left.", source_lang="es")
    assert not find("phrase", parameters, "The faction left.")


def test_unquoted_is_silent_inside_quotation_marks(find) -> None:
    text = "“The faction left,” she said. The faction left."
    assert [match.span.start for match in find("phrase", 'match.any = "faction"\nunquoted = true', text)] == [text.rindex("faction")]


def test_what_stands_right_beside(find) -> None:
    text = "A new faction left. The old faction came back. No faction stayed."
    assert len(find("phrase", 'match.any = "faction"\nbefore.any = ["new", "old"]', text)) == 2
    assert len(find("phrase", 'match.any = "faction"\nbefore.none = ["(the )?old", "no"]', text)) == 1
    assert len(find("phrase", 'match.any = "faction"\nafter.any = "left|stayed"', text)) == 2
    assert len(find("phrase", 'match.any = "faction"\nafter.none = "came back"', text)) == 2
    assert not find("phrase", 'match.any = "faction"\nbefore.any = "aim a"', "Claim a faction.")


def test_a_weak_rule_waits_for_company(rules, resources) -> None:
    head = '[{}]\nkind = "phrase"\nmessage = "m"\ncategory = "style/awkward"\nseverity = "minor"\nmatch.any = "{}"\n'
    pack = head.format("weak", "stressed") + "company = 2\n" + head.format("one", "acting up") + head.format("two", "faction")
    detect = KINDS["phrase"].build(rules(pack), resources)

    def fired(text: str) -> set[str]:
        return {rule.id for rule, _ in detect(segment(Document("x.txt", text)))}

    assert fired("He stressed it while acting up.") == {"en/one"}
    assert fired("He stressed it while acting up. The faction left.") == {"en/one", "en/two", "en/weak"}
