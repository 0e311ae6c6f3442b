import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.judge.overlap import Candidate, resolve
from auditor.types import Match, Rule, Severity, Span, Suggestion


def rule(name, severity=Severity.MINOR):
    return Rule(f"und/{name}", None, None, "phrase", {}, "m", "style/awkward", severity)


def candidate(name, start, end, *, severity=Severity.MINOR, confidence=0.7, text=None, more=()):
    suggestions = () if text is None else (Suggestion(text),)
    return Candidate(rule(name, severity), Match(Span(start, end), suggestions=suggestions, occurrences=tuple(Span(*m) for m in more)), confidence)


def ids(candidates):
    return [c.rule.id for c in candidates]


def test_a_deletion_beats_a_rewording_then_severity_then_confidence():
    assert ids(resolve([candidate("reword", 0, 9, severity=Severity.CRITICAL, text="x"), candidate("delete", 5, 9, text="")])) == ["und/delete"]
    assert ids(resolve([candidate("minor", 0, 9, confidence=0.99), candidate("major", 5, 9, severity=Severity.MAJOR)])) == ["und/major"]
    assert ids(resolve([candidate("weak", 0, 9), candidate("strong", 5, 9, confidence=0.8)])) == ["und/strong"]


def test_the_loser_is_named_as_evidence():
    (kept,) = resolve([candidate("weak", 0, 9), candidate("strong", 5, 9, confidence=0.8)])
    assert kept.beaten == ("und/weak",)


def test_a_finding_moves_to_its_next_free_place():
    kept = resolve([candidate("delete", 0, 10, text=""), candidate("name", 2, 5, more=[(20, 23), (30, 33)])])
    assert ids(kept) == ["und/delete", "und/name"]
    assert kept[1].match.span == Span(20, 23)
    assert kept[1].match.occurrences == (Span(30, 33),)
    assert kept[0].beaten == ("und/name",)


spans = st.tuples(st.integers(0, 40), st.integers(1, 8)).map(lambda p: (p[0], p[0] + p[1]))
candidates = st.builds(
    lambda name, span, severity, confidence, text, more: candidate(name, *span, severity=severity, confidence=confidence, text=text, more=more),
    st.sampled_from("abcdef"),
    spans,
    st.sampled_from(Severity),
    st.sampled_from([0.5, 0.7, 0.9]),
    st.sampled_from([None, "", "x"]),
    st.lists(spans, max_size=3),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(candidates, max_size=8))
def test_no_two_places_overlap_and_the_order_of_hits_does_not_matter(found):
    kept = resolve(found)
    places = [span for c in kept for span in (c.match.span, *c.match.occurrences)]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(places, 2))
    assert ids(resolve(found[::-1])) == ids(kept)
    if found:
        assert kept
