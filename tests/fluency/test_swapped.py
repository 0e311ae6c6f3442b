"""Another model gives other surprisals; calibrated on the same native texts it moves no rule."""

import random

import pytest

from auditor.fluency.calibration import calibrate
from auditor.fluency.document import samples, score
from auditor.fluency.openvino import OpenVinoScorer
from auditor.judge.improbable import improbable
from auditor.text.segment import segment
from auditor.types import Document, Rule, Severity

WORDS = tuple(
    "the storm on coast and mayor said boats in harbour of rain at noon for fishermen council to road was were night wind".split()  # noqa: SIM905
)


def news(seed, count):
    draw = random.Random(seed)
    texts = []
    for _ in range(count):
        lines = [" ".join(draw.choices(WORDS, k=draw.randint(6, 24))).capitalize() + "." for _ in range(8)]
        texts.append(segment(Document("news.txt", "Storm hits coast\n\n" + "\n\n".join(lines) + "\n")))
    return texts


@pytest.fixture(scope="module")
def random_model(tiny, tmp_path_factory):
    scorer = OpenVinoScorer(tiny.gguf, name="tiny@1", folder=tmp_path_factory.mktemp("tiny"), start="<|endoftext|>", mode="f32", workers=1)
    yield scorer
    scorer.close()


def share(scorer, percentile):
    """How many of 100 native sentences, none of them calibrated with, a rule speaks of at a percentile."""
    calibration = calibrate(samples(news(1, 60), scorer), source="made up")
    rule = Rule("en/r", None, "en", "fluency", {"percentile": percentile, "tokens": 1}, "m", "linguistic/grammar", Severity.NEUTRAL)
    texts = news(2, 60)
    scores = score(texts, scorer, calibration=calibration)
    body = sum(len(text.segments) - 1 for text in texts)
    return 100 * sum(len(list(improbable(text, found, [rule]))) for text, found in zip(texts, scores, strict=True)) / body


@pytest.mark.parametrize("percentile", [80.0, 95.0])
def test_a_rule_speaks_as_often_with_either_model(counting, random_model, percentile):
    assert share(counting, percentile) == pytest.approx(100 - percentile, abs=6)
    assert share(random_model, percentile) == pytest.approx(100 - percentile, abs=6)


@pytest.mark.parametrize("which", ["counting", "random_model"])
def test_one_native_word_in_fifty_is_a_peak_with_either_model(which, request):
    scorer = request.getfixturevalue(which)
    calibration = calibrate(samples(news(1, 60), scorer), source="made up")
    assert calibration.adjustment is not None
    texts = news(2, 60)
    peaks = sum(len(one.peaks) for scores in score(texts, scorer, calibration=calibration) for one in scores)
    words = sum(len(one.text.split()) for text in texts for one in text.segments)
    assert 0.005 < peaks / words < 0.04
