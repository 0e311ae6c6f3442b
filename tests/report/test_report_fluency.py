import pytest

from auditor.report.fluency import fluency_words, percentile, surprisal_mean
from auditor.types import Score

SCORES = [Score(0, -30.0, 10, percentile=10.0), Score(1, -8.0, 2, percentile=95.0), Score(2, -6.0, 4, percentile=40.0), Score(3, -1.0, 1)]


def test_the_mean_is_a_ratio_of_sums() -> None:
    assert surprisal_mean(SCORES) == pytest.approx(45 / 17)
    assert surprisal_mean([]) is None


def test_the_percentile_of_a_document_is_the_median_of_its_sentences() -> None:
    assert percentile(SCORES) == 40.0
    assert percentile(SCORES[3:]) is None


def test_in_words() -> None:
    assert fluency_words(SCORES) == "Fluency: the median sentence is less fluent than 40% of native news; 1 of 3 sentences in the last 5%."
    assert fluency_words(SCORES[3:]) == ""
