"""How often the interval of a score holds the truth: articles drawn from annotated output of one system, against that system's own rate."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from auditor.errors import InputError
from auditor.mqm.interval import LEVEL, Row, interval
from auditor.mqm.score import PENALTY, SHORT
from auditor.types import Severity

LENGTHS = (50, 75, 100, 150, 200, 300, 800)
"""Words of the articles that are drawn, beside those of 300 to 800 words."""

FEWER = 5
"""Of these, and of articles made of whole texts, a fifth as many are drawn."""

BAND = (0.93, 0.97)
_ARTICLE = (300, 800)
_LEAST = 2500
"""Words of a system's output below which its own rate is not known well enough to be the truth."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """An annotated sentence: its penalty and words, and the text that it stands in."""

    row: Row
    document: str


@dataclass(frozen=True, slots=True)
class Covered:
    """The shares of a system's articles whose interval holds, lies below and lies above its true rate, and the interval's mean width."""

    inside: float
    below: float
    above: float
    width: float


def systems(paths: Sequence[Path]) -> dict[str, tuple[Sentence, ...]]:
    """The annotated sentences of each system with 2,500 words or more, by “source language/data set/system”.

    A row counts if its unit is MQM with severities; its penalty is the mean over its raters, errors marked on the source side included.
    InputError with file and line for a row that is none.
    """
    found: dict[str, list[Sentence]] = defaultdict(list)
    for path in paths:
        for where, row in _rows(path):
            if str(row.get("unit", "")).startswith("mqm"):
                name, sentence = _sentence(where, row)
                found[name].append(sentence)
    return {name: tuple(rows) for name, rows in sorted(found.items()) if sum(s.row[1] for s in rows) >= _LEAST}


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                where = f"{path}: line {number}"
                try:
                    row = json.loads(line)
                except json.JSONDecodeError as error:
                    raise InputError(f"{where}: is no JSON ({error.msg})") from error
                if not isinstance(row, dict):
                    raise InputError(f"{where}: is no JSON object")
                yield where, row
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def _sentence(where: str, row: Mapping[str, object]) -> tuple[str, Sentence]:
    target, marked = row.get("tgt"), [*_list(where, row, "spans"), *_list(where, row, "omissions")]
    if not isinstance(target, str):
        raise InputError(f"{where}: has no “tgt”")
    totals: Counter[str] = Counter()
    for error in marked:
        try:
            totals[str(error.get("rater"))] += PENALTY[Severity(str(error.get("severity")))]
        except ValueError as unknown:
            raise InputError(f"{where}: {unknown}") from unknown
    stated = row.get("n_raters")
    raters = max(1, len(totals), stated if isinstance(stated, int) else 1)
    name = "/".join(str(row.get(key)) for key in ("src_lang", "dataset", "system"))
    return name, Sentence((sum(totals.values()) / raters, len(target.split())), str(row.get("doc_id")))


def _list(where: str, row: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = row.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InputError(f"{where}: “{key}” is no list of errors")
    return value


def rate(sentences: Sequence[Sentence]) -> float:
    """Penalty per word of all that is known of a system."""
    return sum(s.row[0] for s in sentences) / sum(s.row[1] for s in sentences)


Draw = Callable[[Sequence[Sentence], random.Random, int], list[Row]]


def by_sentence(sentences: Sequence[Sentence], draw: random.Random, words: int) -> list[Row]:
    """An article of at least `words` words: sentences of the system, each drawn from all of them."""
    article: list[Row] = []
    while sum(row[1] for row in article) < words:
        article.append(draw.choice(sentences).row)
    return article


def by_document(sentences: Sequence[Sentence], draw: random.Random, words: int) -> list[Row]:
    """The same of whole texts, the last one cut: errors of one text come together, as they do in life."""
    texts: dict[str, list[Row]] = defaultdict(list)
    for sentence in sentences:
        texts[sentence.document].append(sentence.row)
    every = list(texts.values())
    article: list[Row] = []
    while sum(row[1] for row in article) < words:
        for row in draw.choice(every):
            if sum(r[1] for r in article) < words:
                article.append(row)
    return article


def covered(sentences: Sequence[Sentence], *, words: int | None, articles: int, draw_article: Draw = by_sentence) -> Covered:
    """What becomes of `articles` articles of `words` words (None: of 300 to 800) by one system; seeded."""
    truth, draw = rate(sentences), random.Random(0)  # noqa: S311 (a simulation, not a secret)
    bounds = [interval(draw_article(sentences, draw, words or draw.randint(*_ARTICLE))) for _ in range(articles)]
    below = sum(high < truth for _, high in bounds) / articles
    above = sum(low > truth for low, _ in bounds) / articles
    return Covered(1 - below - above, below, above, mean(high - low for low, high in bounds))


def page(found: Mapping[str, Sequence[Sentence]], *, signature: str, articles: int) -> Iterator[str]:
    """A Markdown page, line by line: coverage by system, by length, and for articles made of whole texts."""
    yield "# How often the interval of the score holds the truth"
    yield ""
    yield f"Signature: `{signature}|articles:{articles}+{articles // FEWER}|level:{LEVEL:g}`"
    yield ""
    yield from _METHOD
    yield ""
    yield "| system | words | true penalty per 1,000 words | covered | interval below the truth | above it | mean width (points of the score) |"
    yield "|---|---|---|---|---|---|---|"
    ordinary = {name: covered(rows, words=None, articles=articles) for name, rows in found.items()}
    for name, rows in found.items():
        c = ordinary[name]
        facts = (f"{sum(s.row[1] for s in rows):,}", f"{1000 * rate(rows):.0f}", *map(_percent, (c.inside, c.below, c.above)), f"{100 * c.width:.1f}")
        yield f"| {name} | {' | '.join(facts)} |"
    yield ""
    yield "| words of an article | mean | lowest | highest | systems within 93–97 % | systems below |"
    yield "|---|---|---|---|---|---|"
    yield f"| 300 to 800 | {_spread(list(ordinary.values()))} |"
    for words in LENGTHS:
        yield f"| {words} | {_spread([covered(rows, words=words, articles=articles // FEWER) for rows in found.values()])} |"
    whole = [covered(rows, words=None, articles=articles // FEWER, draw_article=by_document) for rows in found.values()]
    yield f"| 300 to 800, whole texts | {_spread(whole)} |"


_METHOD = (
    "An article is drawn sentence by sentence from the annotated output of one system until it has its words; its interval is computed from",
    "the penalties that the annotators gave (0, 1, 5, 25; mean over the raters of a sentence), and covers if the penalty rate of all that is",
    "annotated of the system lies in it. Nominal are 95 %. Articles made of whole texts show what sentences drawn one by one do not: errors of",
    f"one text come together, and the interval then covers less. A text below {SHORT} words gets no score: it is too short to judge.",
    "The prior sample of the interval and its tails were set on annotations of this kind (newstest 2020 and 2021, TED, biomedical abstracts).",
)


def _spread(all_covered: Sequence[Covered]) -> str:
    shares = [c.inside for c in all_covered]
    if not shares:
        return "– | – | – | 0 of 0 | 0"
    within = sum(BAND[0] <= round(share, 3) <= BAND[1] for share in shares)
    below = sum(round(share, 3) < BAND[0] for share in shares)
    return f"{_percent(mean(shares))} | {_percent(min(shares))} | {_percent(max(shares))} | {within} of {len(shares)} | {below}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
