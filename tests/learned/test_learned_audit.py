"""The eye in a whole audit: its findings stand beside the others', and a run without it says why."""

from dataclasses import replace

import pytest

from auditor import pipeline
from auditor.config import Config
from auditor.learned.eye import Eye, Threshold
from auditor.types import Document

TEXT = "The minister spoke on Monday.\n\nHe left early, and nobody saw him go."
EVERYTHING = Threshold(-99.0, -99.0, 0.0)
NOTHING = Threshold(99.0, 99.0, 0.0)


@pytest.fixture
def eye(head) -> Eye:
    shifts = dict.fromkeys(("name", "quotation", "headline", "figure", "opening"), 0.0)
    thresholds = {"low": NOTHING, "normal": EVERYTHING, "high": EVERYTHING}
    return Eye(head, "telling@1", 0.0, 50, shifts, thresholds, 1.0, 0.0)


def audited(fluency, **settings):
    config = Config(source_lang="de", jobs=1, **settings)
    rules, _ = pipeline.rule_set(config)
    (audit,) = pipeline.audits(config, [Document("a.txt", TEXT)], rules=rules, table=pipeline.alias_table(config), fluency=fluency)
    return audit


def test_what_the_eye_sees_is_found(telling, eye):
    audit = audited(pipeline.Fluency(telling, eye=eye))
    found = [finding for finding in audit.findings if finding.rule.startswith("learned/")]
    words = {word for finding in found for place in (finding.at, *finding.occurrences) for word in place.text.replace(",", "").split()}
    assert words == set(TEXT.replace(".", "").replace(",", "").split())
    assert all(0 < finding.confidence < 1 and not finding.gating and not finding.suggestions for finding in found)
    assert len([call for call in telling.calls if any(passage.text == TEXT for passage in call)]) == 1


def test_sensitivity_decides_and_rules_can_be_left_out(telling, eye):
    fluency = pipeline.Fluency(telling, eye=eye)
    for settings in ({"sensitivity": "low"}, {"ignore": ("learned/*",)}):
        assert not [finding for finding in audited(fluency, **settings).findings if finding.rule.startswith("learned/")]


def test_a_run_without_the_eye_says_why(telling, eye):
    audit = audited(pipeline.Fluency(telling, blind="not used: it was not trained on telling"))
    assert "learned eye: not used: it was not trained on telling" in audit.skipped
    assert not [finding for finding in audit.findings if finding.rule.startswith("learned/")]
    assert not [note for note in audited(pipeline.Fluency(telling, eye=eye)).skipped if "eye" in note]


def test_scores_alone_do_without_the_eye(telling, eye):
    class Blind:
        """Fails where it is asked for anything."""

    fluency = pipeline.Fluency(telling, eye=replace(eye, head=Blind()))
    ((_, scores),) = pipeline.scored(Config(source_lang="de"), [Document("a.txt", TEXT)], fluency)
    assert len(scores) == 2
