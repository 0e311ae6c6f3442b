"""Edits in a whole audit: tried where the eye doubts, weighed by the language model, beside what the eye says or in its place."""

from dataclasses import replace

import numpy as np
import pytest

from auditor import pipeline
from auditor.config import Config
from auditor.edits import hints
from auditor.edits.weigh import Odds, Scales
from auditor.fluency.calibration import LEVELS, Band, Calibration
from auditor.fluency.contrast import Verification
from auditor.learned.eye import Eye, Threshold
from auditor.types import Document

TEXT = "A storm came in the at dawn and nobody slept.\n\n“They ran of the town,” said a nurse who saw it all happen."
BAND = Band("text", 1, 50, 5.0, 1.0, tuple(float(level) for level in LEVELS))
CALIBRATION = Calibration("made up", 100, 9.0, (BAND,), None, Verification("made up", 1.0, 0.0, 0.0, 0.5, 3.0))
EVERYTHING = dict.fromkeys((*hints.FEATURES, "constant"), 0.0) | {"least": -1.0}


@pytest.fixture
def model(telling, width):
    """The stand-in, with a last layer and a table of outputs; what is short is probable."""
    one = telling.one

    def more(passage):
        reading = one(passage)
        return replace(reading, hidden={**reading.hidden, hints.LAYER: np.zeros((len(reading.tokens.spans), width), np.float32)})

    telling.one = more
    telling.rows = lambda words: np.zeros((len(words), width), np.float32)
    return telling


@pytest.fixture
def eye(head) -> Eye:
    shifts = dict.fromkeys(("name", "quotation", "headline", "figure", "opening"), 0.0)
    return Eye(head, "telling@1", 0.0, 50, shifts, dict.fromkeys(("low", "normal", "high"), Threshold(-50.0, -50.0, 0.0)), 1.0, 0.0)


def audited(fluency, **settings):
    config = Config(source_lang="de", jobs=1, **settings)
    rules, _ = pipeline.rule_set(config)
    (audit,) = pipeline.audits(config, [Document("a.txt", TEXT)], rules=rules, table=pipeline.alias_table(config), fluency=fluency)
    return [finding for finding in audit.findings if finding.rule.startswith(("grammar/", "learned/"))]


def fluency(model, eye, *, finding: float = 99.0) -> pipeline.Fluency:
    return pipeline.Fluency(model, CALIBRATION, eye=eye, scales=Scales("telling@1", EVERYTHING, Odds(0.0, finding, 3.0), Odds(0.0, finding, 3.0)))


def test_an_edit_that_gains_enough_is_found_in_place_of_what_the_eye_says(model, eye):
    found = audited(fluency(model, eye, finding=3.0))
    dropped = [finding for finding in found if finding.rule == "grammar/article"]
    assert [(finding.at.text, finding.suggestions[0].text) for finding in dropped] == [("the", "")]
    assert dropped[0].evidence["lm_gain_nats"] == pytest.approx(4.0)
    assert not dropped[0].suggestions[0].safe
    assert not dropped[0].gating


def test_without_odds_of_its_own_it_is_a_suggestion_for_the_eye(model, eye):
    found = audited(fluency(model, eye))
    assert {finding.rule.partition("/")[0] for finding in found} == {"learned"}
    texts = [(finding.at.text, finding.suggestions[0].text) for finding in found if finding.suggestions]
    assert texts
    assert all(len(new) < len(old) for old, new in texts)
    assert not [old for old, _ in texts if old in TEXT[TEXT.index("“") : TEXT.index("”")]]


def test_rules_can_be_left_out_and_an_eye_alone_makes_none(model, eye):
    assert not [finding for finding in audited(fluency(model, eye, finding=3.0), ignore=("grammar/*",)) if finding.rule.startswith("grammar/")]
    bare = replace(fluency(model, eye), scales=None)
    assert not [finding for finding in audited(bare) if finding.suggestions]


def test_nothing_is_tried_where_the_eye_has_no_doubt(model, eye):
    calm = replace(eye, thresholds=dict.fromkeys(("low", "normal", "high"), Threshold(50.0, 50.0, 0.0)))
    assert audited(fluency(model, calm, finding=0.0)) == []
    assert len(model.calls) == 1, "the pass that scores, and no more"
