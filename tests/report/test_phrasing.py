import pytest

from auditor.report.phrasing import by_severity, came_from, count, figure, language_name, score_words
from auditor.types import Provenance, Quality, Report


@pytest.mark.parametrize(
    ("provenance", "words"),
    [
        (Provenance("fr", "flag"), "from French (as the command line says)"),
        (Provenance("de", "outlet tag", detail="– DW (German)"), "from German (by the outlet's tag “– DW (German)”)"),
        (Provenance("ar", "inferred", 0.714), "probably from Arabic (inferred from its traces, 71% sure)"),
        (Provenance(), "source language unknown, only rules for any source ran"),
        (Provenance("de", "path", language="de", translated=False), "stands in German: not translated"),
    ],
)
def test_where_a_text_came_from(provenance: Provenance, words: str) -> None:
    assert came_from(provenance) == words


def test_figures() -> None:
    assert [figure(value) for value in (100.0, 84.24, 0.05, None)] == ["100", "84.2", "0.1", "–"]
    assert count(1, "text") == "1 text"
    assert count(1200, "text") == "1,200 texts"
    assert score_words(Quality(None, None, None, None, 0, 3)) == "too short to score"
    assert score_words(Quality(90.0, None, None, None, 0, 300)) == "score 90"


def test_languages_have_names() -> None:
    assert (language_name("pt-BR"), language_name("uk"), language_name("zz")) == ("Brazilian Portuguese", "Ukrainian", "zz")


def test_the_gravest_comes_first(sample: Report) -> None:
    assert by_severity(finding for audit in sample.audits for finding in audit.findings) == "1 critical, 2 major, 11 minor"
    assert by_severity([]) == ""
