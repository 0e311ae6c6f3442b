from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.fluency import document
from auditor.fluency.calibration import LEVELS, Band, Calibration
from auditor.fluency.document import score
from auditor.types import Document, Scope, Segment, Span

TEXT = "Storm hits coast\n\nFishermen in the Algarve stayed ashore.  Nobody was hurt, said the mayor’s office.\n"


def cut(text, *marks):
    """A document whose segments end after the marks, white space left out."""
    segments, start = [], 0
    for mark in marks:
        end = text.index(mark, start) + len(mark)
        while text[start].isspace():
            start += 1
        scope = Scope.BODY if segments else Scope.HEADLINE
        segments.append(Segment(len(segments), text[start:end], Span(start, end), scope, len(segments)))
        start = end
    return Document("storm.txt", text, segments=tuple(segments))


STORM = cut(TEXT, "coast", "ashore.", "office.")


def test_each_segment_gets_the_sums_of_its_tokens(counting):
    (scores,) = score([STORM], counting)
    assert [one.segment for one in scores] == [0, 1, 2]
    # Storm, hits, coast: their lengths with the space before, and a tenth for each token before.
    assert scores[0].tokens == 3
    assert scores[0].logprob == pytest.approx(-(5.0 + 5.1 + 6.2))
    assert scores[0].squares == pytest.approx(5.0**2 + 5.1**2 + 6.2**2)
    assert scores[0].surprisal == pytest.approx(5.4333, abs=1e-3)
    assert scores[0].percentile is None


def test_a_segment_is_read_after_what_stands_before_it(counting):
    alone = cut("Fishermen in the Algarve stayed ashore.", "ashore.")
    assert score([alone], counting)[0][0].logprob > score([STORM], counting)[0][1].logprob


def test_peaks_are_whole_words_the_most_surprising_first(counting):
    peaks = score([STORM], counting)[0][2].peaks
    words = [TEXT[peak.span.start : peak.span.end] for peak in peaks]
    assert words[0] == "mayor’s", "an apostrophe does not part a word"
    assert all(before.surprisal >= after.surprisal for before, after in pairwise(peaks))
    assert all(peak.surprisal >= 9.0 for peak in peaks)


def test_a_name_is_no_peak_but_a_first_word_may_be_one(counting):
    text = "Unbelievable developments surrounded Krasnoyarskaya yesterday."
    (scores,) = score([cut(text, ".")], counting)
    assert [text[peak.span.start : peak.span.end] for peak in scores[0].peaks] == ["developments", "Unbelievable", "surrounded", "yesterday"]


def test_an_empty_document_and_a_white_segment_have_no_tokens(counting):
    nothing = Document("empty.txt", "")
    white = Document("white.txt", "  \n\n ", segments=(Segment(0, "", Span(2, 2), Scope.BODY, 0),))
    scores = score([nothing, STORM, white], counting)
    assert scores[0] == ()
    assert len(scores[1]) == 3
    assert [one.tokens for one in scores[2]] == [0]
    assert scores[2][0].surprisal == 0.0


def test_a_score_does_not_depend_on_the_other_documents(counting):
    other = cut("Rates rise again. Banks cheer.", "again.", "cheer.")
    together = score([other, STORM, other], counting)
    assert together == score([other], counting) + score([STORM], counting) + score([other], counting)


def test_percentiles_come_from_the_calibration_of_the_scope(counting):
    quantiles = tuple(level / 10 for level in LEVELS)
    shifted = tuple(value + 3 for value in quantiles)
    bands = (Band("headline", 1, 99, 5.0, 1.0, shifted), Band("text", 1, 99, 5.0, 1.0, quantiles))
    calibration = Calibration("made up", 1, 7.0, bands)
    (scores,) = score([STORM], counting, calibration=calibration)
    assert scores[0].percentile == pytest.approx((scores[0].surprisal - 3) * 10, abs=0.01)
    assert scores[1].percentile == pytest.approx(scores[1].surprisal * 10, abs=0.01)
    assert min(peak.surprisal for one in scores for peak in one.peaks) >= 7.0


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("ab .\n“é😀", max_size=30), max_size=12), st.integers(8, 60))
def test_a_long_document_is_cut_into_passages_that_hold_it_once(parts, most):
    text, segments = "", []
    for part in parts:
        kept = part.strip()
        text += " "
        segments.append(Segment(len(segments), kept, Span(len(text), len(text) + len(kept)), Scope.BODY, 0))
        text += kept
    long = Document("long.txt", text, segments=tuple(segments))
    whole, before = document._WHOLE, document._BEFORE
    document._WHOLE, document._BEFORE = most, most // 4
    try:
        pieces = document.stretches(long)
    finally:
        document._WHOLE, document._BEFORE = whole, before
    start, end = (segments[0].span.start, segments[-1].span.end) if segments else (0, 0)
    assert "".join(piece.passage.text for piece in pieces) == text[start:end]
    at = start
    for piece in pieces:
        assert piece.start == at
        assert text[:at].endswith(piece.passage.context)
        assert len(piece.passage.text) > 0
        assert len(piece.passage.context) + len(piece.passage.text) <= most
        at += len(piece.passage.text)


def test_a_document_that_is_cut_is_scored_to_its_end(counting, monkeypatch):
    monkeypatch.setattr(document, "_WHOLE", 40)
    monkeypatch.setattr(document, "_BEFORE", 10)
    (scores,) = score([STORM], counting)
    (call,) = counting.calls
    assert len(call) > 1
    whole = counting.one(call[0])
    assert sum(one.tokens for one in scores) >= len(whole.spans)
    assert all(one.tokens for one in scores)


def test_native_samples_hold_each_sentence_and_the_opening_by_itself(counting):
    found = list(document.samples([STORM, cut("No headline here at all.", "all.")], counting))
    assert [one.group for one in found] == ["headline", "text", "text", "headline", "opening"]
    (alone,) = score([cut("Fishermen in the Algarve stayed ashore.", "ashore.")], counting)
    assert found[-1].surprisal == alone[0].surprisal
    assert [len(one.sentence.words) for one in found] == [3, 6, 7, 5, 0]


def test_a_token_across_the_edge_of_a_segment_is_counted_where_it_ends(counting):
    body = STORM.segments[1]
    parts = (replace(body, id=0, text="Fish", span=Span(18, 22)), replace(body, id=1, text="ermen", span=Span(22, 27)))
    tight = replace(STORM, segments=parts)
    (scores,) = score([tight], counting)
    assert [one.tokens for one in scores] == [0, 1]


def test_front_matter_is_neither_scored_nor_context():
    text = "---\nsource_language: cs\n---\nOne line. Another."
    first, second = text.index("One"), text.index("Another")
    spans = (Span(first, first + 9), Span(second, len(text)))
    segments = tuple(Segment(number, text[span.start : span.end], span, Scope.BODY, 0) for number, span in enumerate(spans))
    (piece,) = document.stretches(Document("a.txt", text, segments=segments))
    assert piece.start == first
    assert piece.passage.context == ""
    assert piece.passage.text == "One line. Another."
