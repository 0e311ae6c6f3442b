"""What a finding rests on, in an editor's words."""

import pytest

from auditor.review.found import told


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ({"entity": "some-body", "known_by": "alias"}, [("How it was noticed", "this spelling stands in the table of names")]),
        ({"convention": "de"}, [("Spelled as in", "German")]),
        ({"known_by": "a word of ours", "lm_gain_nats": 3.2, "decision": "Mary"}, []),
        ({"eye": 0.81, "lm_probability": 0.825}, [("From marked translations", "81% sure"), ("The language model", "82% sure")]),
        ({"places": 3}, [("places", "3")]),
    ],
)
def test_evidence_reads_as_a_person_says_it(evidence, words):
    assert list(told(evidence)) == words
