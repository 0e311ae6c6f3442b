"""One pass for scores and eye; what is known of both is not read again, and comes back to the bit."""

import numpy as np
import pytest

from auditor.fluency import document as fluency
from auditor.fluency.cache import Cache
from auditor.learned.head import outputs
from auditor.learned.look import look
from auditor.learned.words import rows
from auditor.text.segment import segment
from auditor.types import Document

TEXTS = ("The minister spoke. He left early.", "Rain fell.\n\nIt fell all night, she said.", "", "The minister spoke. He left early.")


@pytest.fixture
def documents():
    return [segment(Document(f"{number}.txt", text)) for number, text in enumerate(TEXTS)]


def test_scores_are_those_of_fluency_alone_and_each_text_is_read_once(documents, telling, head):
    scores, seen = look(documents, telling, head)
    assert [passage.text for call in telling.calls for passage in call] == list(dict.fromkeys(filter(None, TEXTS)))
    assert scores == fluency.score(documents, telling)
    assert [[document.text[s.start : s.end] for s in one.spans] for document, one in zip(documents, seen, strict=True)] == [
        text.replace(".", "").replace(",", "").split() for text in TEXTS
    ]


def test_outputs_are_those_of_the_head(documents, telling, head):
    _, seen = look(documents, telling, head)
    passage = fluency.stretches(documents[1])[0].passage
    np.testing.assert_array_equal(seen[1].outputs, outputs(head, rows(passage, telling.one(passage))))
    assert len(seen[2].spans) == len(seen[2].outputs) == 0


def test_a_long_text_keeps_its_places(telling, head):
    document = segment(Document("long.txt", " ".join(f"Sentence {number} says a little more than the one before." for number in range(300))))
    assert len(fluency.stretches(document)) > 2
    _, (seen,) = look([document], telling, head)
    assert [document.text[span.start : span.end] for span in seen.spans] == document.text.replace(".", "").split()


def test_cached_comes_back_to_the_bit(documents, telling, head, tmp_path):
    cache = Cache(tmp_path / "scores.sqlite")
    first = look(documents, telling, head, cache=cache)
    calls = len(telling.calls)
    again = look(documents, telling, head, cache=cache)
    cache.close()
    assert len(telling.calls) == calls
    assert again[0] == first[0]
    for one, other in zip(first[1], again[1], strict=True):
        assert list(one.spans) == list(other.spans)
        np.testing.assert_array_equal(one.outputs, other.outputs)


def test_scores_kept_without_the_eye_are_read_again(documents, telling, head, tmp_path):
    cache = Cache(tmp_path / "scores.sqlite")
    fluency.score(documents, telling, cache=cache)
    calls = len(telling.calls)
    _, seen = look(documents, telling, head, cache=cache)
    cache.close()
    assert len(telling.calls) == calls + 1
    assert all(len(one.spans) == len(one.outputs) for one in seen)
