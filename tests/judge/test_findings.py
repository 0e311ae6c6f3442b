import pytest

from auditor.io.plain import document
from auditor.judge.findings import judge
from auditor.types import Match, Rule, Severity, Span, Status, Suggestion

TEXT = "The party took place. “The party took place,” she said. The party will come.\n\nThe party took place."


def rule(name="und/x", category="style/unidiomatic", status=Status.STABLE, suggest=("group",)):
    return Rule(name, None, None, "phrase", {}, "“{match}” is odd.", category, Severity.MINOR, status, suggest=suggest)


def match(word="party", number=0, **given):
    start = -1
    for _ in range(number + 1):
        start = TEXT.index(word, start + 1)
    return Match(Span(start, start + len(word)), **given)


def findings(*hits):
    return judge(document(TEXT, source_lang="de"), hits)


def test_a_finding_says_where_what_and_why():
    (found,) = findings((rule(), match()))
    assert (found.at.text, found.at.line, found.at.column) == ("party", 1, 5)
    assert found.message == "“party” is odd."
    assert found.suggestions == (Suggestion("group"),)
    assert found.sentence == "The party took place."
    assert (found.gating, found.source_lang) == (True, "de")


def test_preview_rules_do_not_gate_and_are_trusted_less():
    (stable,), (preview,) = findings((rule(), match())), findings((rule(status=Status.PREVIEW), match()))
    assert not preview.gating
    assert preview.confidence < stable.confidence


def test_the_same_words_are_one_finding_with_occurrences():
    (found,) = findings((rule(), match("will")), (rule("und/y"), match(number=2)), (rule("und/y"), match(number=0)))[:1]
    assert [place.inner.start for place in (found.at, *found.occurrences)] == [match(number=0).span.start, match(number=2).span.start]


def test_inside_a_quotation_wording_has_no_suggestion_but_names_and_marks_keep_theirs():
    (wording,) = findings((rule(), match(number=1)))
    assert wording.suggestions == ()
    assert wording.message.endswith("Inside a quotation: check against the original.")
    (name,) = findings((rule(category="terminology/inconsistent-with-resource"), match(number=1)))
    assert name.suggestions == (Suggestion("group"),)
    assert "quotation" not in name.message


@pytest.mark.parametrize("before", ["", "A new first line.\n\n"])
def test_the_fingerprint_survives_what_happens_elsewhere(before):
    (found,) = findings((rule(), match("will")))
    moved = document(before + TEXT, source_lang="de", path="elsewhere.txt")
    span = Span(match("will").span.start + len(before), match("will").span.end + len(before))
    (again,) = judge(moved, [(rule(), Match(span))])
    assert again.fingerprint == found.fingerprint
    (other,) = findings((rule("und/y"), match("will")))
    assert other.fingerprint != found.fingerprint


def test_a_gain_of_the_language_model_raises_confidence():
    (plain,), (sure,) = findings((rule(), match())), findings((rule(), match(evidence={"lm_probability": 0.96})))
    assert sure.confidence > plain.confidence
