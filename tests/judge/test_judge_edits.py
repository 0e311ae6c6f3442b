from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from auditor.edits.hints import Hint
from auditor.edits.propose import HOWS, Edit
from auditor.edits.weigh import Odds, Scales, Weighed
from auditor.fluency.contrast import Gain
from auditor.judge.edits import doubted, slips, suggested
from auditor.learned.decode import LEAVES
from auditor.learned.eye import Threshold
from auditor.types import Document, Match, Rule, Severity, Span, Suggestion

TEXT = "The storm has hit of the coast at dawn and it went on."
DOCUMENT = Document("a.txt", TEXT)
SCALES = Scales("model@1", {}, Odds(1.0, 1.5, 2.0), Odds(2.0, 0.5, 0.5))


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def weighed(old: str, new: str, odds: float, leaf: str = "extra-word") -> Weighed:
    return Weighed(Hint(Edit(f"grammar/{leaf}", "drop", span(old), new, 1, "x"), 1.0, 0.0, (0.0, 0.0, 0.0)), Gain(1.0, 2.0, 0.0), odds)


def rule(name: str, kind: str) -> Rule:
    return Rule(name, None, None, kind, {}, "m", "linguistic/grammar", Severity.MINOR)


RULES = [rule("grammar/extra-word", "edit"), rule("grammar/article", "edit")]
EYE = rule("learned/grammar", "learned")


def test_an_edit_of_enough_odds_is_a_finding_and_of_more_a_suggestion():
    (first, second) = slips([weighed("of", "", 3.0), weighed("at", "", 1.9), weighed("on", "", 1.4)], RULES, SCALES)
    assert (first[0].id, first[1].span, first[1].suggestions) == ("grammar/extra-word", span("of"), (Suggestion(""),))
    assert first[1].evidence == {"lm_gain_nats": 3.0, "lm_probability": 0.953}
    assert (second[1].span, second[1].suggestions) == (span("at"), ())


def test_another_sense_has_odds_of_its_own():
    sense = weighed("storm", "gale", 0.6)
    sense = replace(sense, hint=replace(sense.hint, edit=replace(sense.hint.edit, how="sense")))
    ((_, match),) = slips([sense, weighed("at", "", 0.6)], RULES, SCALES)
    assert (match.span, match.suggestions) == (span("storm"), (Suggestion("gale"),))


def test_a_rule_that_does_not_run_finds_nothing():
    assert not list(slips([weighed("of", "", 9.0)], RULES[1:], SCALES))


def suggestion(marked: str, *edits: Weighed, kind: Rule = EYE, own: tuple[Suggestion, ...] = ()) -> tuple[str, list[str]]:
    ((_, match),) = suggested(DOCUMENT, [(kind, Match(span(marked), suggestions=own))], edits, SCALES)
    return TEXT[match.span.start : match.span.end], [item.text for item in match.suggestions or ()]


def test_what_the_eye_marked_gets_the_best_edit_that_touches_it():
    assert suggestion("hit of", weighed("of", "", 2.5), weighed("hit", "struck", 2.1)) == ("hit of", ["hit"])
    assert suggestion("of the", weighed("of", "", 2.5)) == ("of the", ["the"])
    assert suggestion("has", weighed("has hit", "hit", 2.5)) == ("has hit", ["hit"])


def test_it_stays_without_where_no_edit_is_good_near_or_short_enough():
    for edits in ([], [weighed("of", "", 1.9)], [weighed("dawn", "sunrise", 9.0)], [weighed("hit of the coast at", "", 9.0)]):
        assert suggestion("hit of", *edits) == ("hit of", [])


def test_only_what_the_eye_says_without_a_suggestion_gets_one():
    assert suggestion("of", weighed("of", "", 9.0), own=(Suggestion("on"),)) == ("of", ["on"])
    assert suggestion("of", weighed("of", "", 9.0), kind=RULES[1]) == ("of", [])


def test_doubted_is_what_the_eye_nearly_marks():
    outputs = np.zeros((3, 2 + len(LEAVES)), np.float32)
    outputs[:, 0] = (-3.1, -2.9, 0.0)
    spans = (span("storm"), span("has"), span("hit"))
    eye = SimpleNamespace(
        thresholds={"normal": Threshold(-2.0, -3.0, 0.0)},
        expected=0.0,
        inertia=1,
        shifts=dict.fromkeys(("name", "quotation", "headline", "figure", "opening"), 0.0),
    )
    found = doubted(DOCUMENT, SimpleNamespace(spans=spans, outputs=outputs), eye, SCALES)
    assert set(found) == set(HOWS)
    assert found["drop"] == [span("has"), span("hit")]
    assert found["sense"] == [span("storm"), span("has"), span("hit")]
