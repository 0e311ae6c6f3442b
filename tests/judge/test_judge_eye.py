"""What the eye saw as findings: under the rule of its kind, silent for good reasons, one with the rules that agree."""

from types import MappingProxyType

import numpy as np
import pytest

from auditor.judge.eye import agreed, marked, values
from auditor.learned.eye import Eye, Threshold
from auditor.learned.head import LEAVES, OUTPUTS
from auditor.learned.look import Seen
from auditor.rules import loader
from auditor.text.segment import segment
from auditor.types import Document, Match, Rule, Severity, Span

SHIFTS = {"name": 2.0, "quotation": 1.0, "headline": 0.0, "figure": 9.0, "opening": 0.5}
THRESHOLDS = {"low": Threshold(4.0, 2.0, 0.0), "normal": Threshold(3.0, 1.5, 0.0), "high": Threshold(2.0, 1.0, 0.0)}


def eye(**more) -> Eye:
    settings = {"expected": 0.0, "inertia": 50, "shifts": SHIFTS, "thresholds": THRESHOLDS, "slope": 1.0, "intercept": -1.0}
    return Eye(head=None, model="Telling@1", **(settings | more))


def rule(name: str, severity: Severity = Severity.MINOR, kind: str = "learned") -> Rule:
    return Rule(f"learned/{name}", None, None, kind, MappingProxyType({}), "“{match}” reads odd.", "style/unidiomatic", severity)


RULES = [rule("mistranslation", Severity.MAJOR), rule("unidiomatic"), rule("grammar"), rule("spelling")]


def seen(document: Document, logits: dict[str, float], leaf: str = "unidiomatic", grave: float = -1.0) -> Seen:
    spans, start = [], 0
    for word in document.text.replace(".", "").replace(",", "").replace('"', "").split():
        start = document.text.index(word, start)
        spans.append(Span(start, start + len(word)))
        start += len(word)
    outputs = np.full((len(spans), OUTPUTS), -4.0, np.float32)
    outputs[:, 1 + LEAVES.index(leaf)] = 1.0
    outputs[:, -1] = grave
    for number, span in enumerate(spans):
        outputs[number, 0] = logits.get(document.text[span.start : span.end], -4.0)
    return Seen(tuple(spans), outputs)


def test_a_phrase_is_marked_under_the_rule_of_its_kind():
    document = segment(Document("a.txt", "The accord was put on the feet by both sides."))
    ((found, match),) = marked(document, seen(document, {"on": 1.6, "feet": 3.5, "the": 2.0}), eye(), RULES, sensitivity="normal")
    assert found.id == "learned/unidiomatic"
    assert document.text[match.span.start : match.span.end] == "on the feet"
    assert match.values == {"peak": "feet"}
    assert match.confidence == match.evidence["eye"] == pytest.approx(1 / (1 + np.exp(-2.5)), abs=0.01)


def test_a_rule_that_does_not_run_reports_nothing():
    document = segment(Document("a.txt", "The accord was put on the feet by both sides."))
    assert not list(marked(document, seen(document, {"feet": 3.5}), eye(), RULES[:1], sensitivity="normal"))


def test_more_sensitivity_marks_more():
    document = segment(Document("a.txt", "The accord was put on the feet by both sides."))
    found = seen(document, {"accord": 2.5, "feet": 3.5, "sides": 4.5})
    assert [len(list(marked(document, found, eye(), RULES, sensitivity=one))) for one in ("low", "normal", "high")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "word", "cost"),
    [
        ("They met Selenskyj there.", "Selenskyj", 2.0),
        ("They met 47th there.", "47th", 9.0),
        ("Feet matter here.", "Feet", 0.5),
        ('He said "put feet there" and left.', "feet", 1.0),
        ("They met there.", "met", 0.0),
    ],
)
def test_a_place_costs(text, word, cost):
    document = segment(Document("a.txt", text))
    document = segment(document) if not document.quotations else document
    found = seen(document, {word: 3.0})
    worth, _ = values(document, found, eye(), weight=0.0)
    at = [document.text[span.start : span.end] for span in found.spans].index(word)
    assert worth[at] == pytest.approx(3.0 - cost)


def test_only_a_grave_sense_is_major():
    document = segment(Document("a.txt", "The accord was put on the feet by both sides."))
    for leaf, grave, severity in (("mistranslation", 1.0, "major"), ("mistranslation", -1.0, "minor"), ("unidiomatic", 1.0, "minor")):
        ((_, match),) = marked(document, seen(document, {"feet": 3.5}, leaf, grave), eye(), RULES, sensitivity="normal")
        assert match.severity == severity


def test_sentences_are_not_joined():
    document = segment(Document("a.txt", "They built feet. Feet were built."))
    found = list(marked(document, seen(document, {"feet": 4.0, "Feet": 4.0}), eye(), RULES, sensitivity="normal"))
    assert [document.text[match.span.start : match.span.end] for _, match in found] == ["feet", "Feet"]


def test_a_rule_explains_and_the_eye_confirms():
    other = rule("acting-up", kind="phrase")
    hits = [(other, Match(Span(0, 8))), (other, Match(Span(20, 28)))]
    learned = [(RULES[1], Match(Span(4, 12), confidence=0.8)), (RULES[1], Match(Span(40, 44), confidence=0.6))]
    found = agreed(hits, learned)
    assert [(one.id, match.span.start) for one, match in found] == [("learned/acting-up", 0), ("learned/acting-up", 20), ("learned/unidiomatic", 40)]
    assert found[0][1].confidence == pytest.approx(0.7 + 0.3 * 0.8 / 2)
    assert found[0][1].evidence["eye"] == 0.8
    assert found[1][1].confidence is None


def test_a_neutral_remark_explains_nothing():
    other = rule("improbable", Severity.NEUTRAL, kind="fluency")
    learned = [(RULES[1], Match(Span(4, 12), confidence=0.8))]
    assert [one.id for one, _ in agreed([(other, Match(Span(0, 100)))], learned)] == ["learned/improbable", "learned/unidiomatic"]


def test_every_kind_of_problem_is_declared():
    from auditor.stages import SCHEMAS

    declared = {one.id: one for one in loader.load_pack(loader.packs_folder() / "learned.toml", SCHEMAS)}
    assert sorted(declared) == sorted(f"learned/{leaf}" for leaf in LEAVES)
    for one in declared.values():
        assert one.message.startswith("“{match}” reads like")
        assert one.why
