import json
import random

import pytest

from auditor.evaluate.coverage import by_document, by_sentence, covered, rate, systems


def row(number, penalties=(), **more):
    spans = [{"start": 0, "end": 4, "severity": severity, "rater": rater} for severity, rater in penalties]
    fixed = {"unit": "mqm", "src_lang": "de", "dataset": "own", "system": "a", "doc_id": str(number // 10), "n_raters": 2}
    return {**fixed, "tgt": "word " * 20, "spans": spans, **more}


@pytest.fixture
def data(tmp_path):
    draw = random.Random(3)
    kinds = [(), (), (("minor", "r1"),), (("major", "r1"), ("minor", "r2")), (("critical", "r2"),)]
    rows = [row(number, draw.choices(kinds, [5, 3, 4, 3, 0.3])[0]) for number in range(200)]
    other = [row(number, system="short") for number in range(3)]
    path = tmp_path / "spans.jsonl"
    path.write_text("\n".join(map(json.dumps, [*rows, *other, row(1, unit="word-tag")])), encoding="utf-8")
    return path


def test_penalties_are_the_mean_over_raters(tmp_path):
    path = tmp_path / "x.jsonl"
    rows = [row(n, [("major", "r1"), ("minor", "r2")], omissions=[{"severity": "critical", "rater": "r1"}]) for n in range(130)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (sentences,) = systems([path]).values()
    assert {sentence.row for sentence in sentences} == {(15.5, 20)}
    assert rate(sentences) == 15.5 / 20


def test_a_system_with_too_few_words_has_no_truth(data):
    assert list(systems([data])) == ["de/own/a"]


@pytest.mark.parametrize("draw_article", [by_sentence, by_document])
def test_an_article_has_its_words(data, draw_article):
    (sentences,) = systems([data]).values()
    article = draw_article(sentences, random.Random(0), 310)
    assert sum(words for _, words in article) == 320


def test_the_interval_covers_and_the_same_seed_says_the_same(data):
    (sentences,) = systems([data]).values()
    found = covered(sentences, words=None, articles=150)
    assert found == covered(sentences, words=None, articles=150)
    assert found.inside >= 0.9
    assert found.inside + found.below + found.above == pytest.approx(1.0)


def test_the_page(auditor, data):
    ran = auditor("evaluate", "--coverage", data, "--articles", "20")
    assert ran.code == 0
    assert "data:spans.jsonl|articles:20+4|level:0.95" in ran.out
    assert "| de/own/a | 4,000 |" in ran.out
    assert "| 300 to 800 |" in ran.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1: is no JSON"),
        ("[]", "line 1: is no JSON object"),
        (json.dumps(row(0, [("huge", "r")])), "line 1: 'huge'"),
        (json.dumps(row(0, tgt=None)), "no “tgt”"),
        (json.dumps(row(0, omissions=3)), "“omissions”"),
    ],
)
def test_a_wrong_row_is_said_with_file_and_line(auditor, tmp_path, line, said):
    path = tmp_path / "x.jsonl"
    path.write_text(line, encoding="utf-8")
    ran = auditor("evaluate", "--coverage", path)
    assert ran.code == 2
    assert said in ran.err
