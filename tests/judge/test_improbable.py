from auditor.judge.improbable import improbable
from auditor.types import Document, Peak, Rule, Scope, Score, Segment, Severity, Span

TEXT = "Storm hits coast. Boats the ashore stayed were. “Nobody hurt was here.”"
CUTS = (0, 17), (18, 47), (48, len(TEXT))


def document(*scopes):
    segments = tuple(
        Segment(n, TEXT[start:end], Span(start, end), scope, 0) for n, ((start, end), scope) in enumerate(zip(CUTS, scopes, strict=True))
    )
    return Document("storm.txt", TEXT, segments=segments, quotations=(Span(48, len(TEXT)),))


def rule(**params):
    return Rule("en/improbable", None, "en", "fluency", {"percentile": 99.0, "tokens": 5, **params}, "m", "linguistic/grammar", Severity.NEUTRAL)


def hits(scores, found=None, **params):
    return [match for _, match in improbable(found or document(*[Scope.BODY] * 3), scores, [rule(**params)])]


def score(segment, percentile, tokens=9, *peaks):
    return Score(segment, -5.0 * tokens, tokens, 0.0, percentile, tuple(Peak(Span(*span), 9.0) for span in peaks))


def test_a_sentence_beyond_the_percentile_is_a_hit_with_the_words_that_weigh_most():
    (match,) = hits([score(0, 98.9), score(1, 99.0, 9, (24, 27), (28, 34)), score(2, None)])
    assert match.span == Span(18, 47)
    assert match.values == {"percentile": "99.0", "peaks": "“the”, “ashore”"}
    assert match.evidence == {"surprisal_nats_per_token": 5.0, "percentile": 99.0}


def test_the_worst_sentence_of_a_text_is_no_hit_by_being_the_worst():
    assert hits([score(0, 97.0), score(1, 98.0), score(2, 40.0)]) == []


def test_without_a_percentile_nothing_is_said():
    assert hits([Score(n, -900.0, 9) for n in range(3)]) == []


def test_short_sentences_quotations_and_other_scopes_are_left_alone():
    assert hits([score(1, 99.9, 4)]) == []
    assert hits([score(2, 99.9)]) == []
    assert hits([score(0, 99.9)], document(Scope.HEADLINE, Scope.BODY, Scope.BODY)) == []
    assert len(hits([score(0, 99.9)], document(Scope.HEADLINE, Scope.BODY, Scope.BODY), scope=("headline",))) == 1
