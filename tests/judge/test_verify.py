import pytest

from auditor.fluency.contrast import Verification
from auditor.fluency.scorer import Tokens
from auditor.judge.verify import verify
from auditor.types import Block, Document, Match, Rule, Severity, Span, Suggestion

TEXT = "Storm hits coast\n\nThe actual mayor has stayed ashore since Monday."
DOCUMENT = Document("storm.txt", TEXT, blocks=(Block(Span(0, 16)), Block(Span(18, len(TEXT)))))


class Lengths:
    """One token for each character, nothing surprises but the letters given."""

    signature, context, notices = "lengths@1", 100, ()

    def __init__(self, **nats):
        self.nats = nats
        self.passages = []

    def score(self, passages):
        self.passages += passages
        return [Tokens(tuple((at, at + 1) for at in range(len(p.text))), tuple(-self.nats.get(mark, 0.0) for mark in p.text)) for p in passages]

    def close(self):
        pass


def hit(start, end, *suggestions, lm=True):
    rule = Rule("fr-en/r", "fr", "en", "phrase", {}, "m", "style/unidiomatic", Severity.MINOR, verify="lm" if lm else "", suggest=("whatever",))
    return rule, Match(Span(start, end), suggestions=tuple(map(Suggestion, suggestions)) or None, evidence={"known": 1.0})


def settled(scorer, *hits, least=2.0, alone=0.0):
    (kept,) = verify([(DOCUMENT, hits)], scorer, Verification("made up", 0.5, 1.0, alone, least, 9.0))
    return kept


ACTUAL = TEXT.index("actual"), TEXT.index("actual") + 6


def test_a_hit_stands_where_a_suggestion_is_better_by_the_measured_odds():
    scorer = Lengths(a=3.0)  # “actual” has two of them
    ((_, match),) = settled(scorer, hit(*ACTUAL, "current"))
    assert match.evidence == {"known": 1.0, "lm_gain_nats": 6.0, "lm_probability": pytest.approx(0.953, abs=1e-3)}
    assert settled(scorer, hit(*ACTUAL, "current"), least=3.1) == []


def test_what_is_rare_by_itself_is_no_reason():
    assert settled(Lengths(a=3.0), hit(*ACTUAL, "current"), alone=-0.5) == []


def test_suggestions_come_best_first_and_those_that_are_no_better_go():
    ((_, match),) = settled(Lengths(a=3.0), hit(*ACTUAL, "real", "current", "bananas", "actual"))
    assert [s.text for s in match.suggestions] == ["current", "real"]


def test_a_rule_of_its_own_certainty_is_not_asked():
    scorer = Lengths(a=3.0)
    kept = settled(scorer, hit(*ACTUAL, "Kaaaa", lm=False))
    assert len(kept) == 1
    assert scorer.passages == []


def test_without_a_suggestion_nothing_is_verified():
    rule, match = hit(*ACTUAL)
    from dataclasses import replace

    assert settled(Lengths(a=3.0), (replace(rule, suggest=()), match)) == []


def test_the_context_ends_with_the_paragraph():
    scorer = Lengths()
    settled(scorer, hit(0, 5, "Gale"))
    assert scorer.passages[0].text == "Storm hits coast\n"
    assert scorer.passages[2].text == "Gale hits coast\n"
