"""Which sentences of two texts belong together: a monotone alignment by dynamic programming in a band, so that the cost is bounded."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from auditor.story.figures import Figure, figures
from auditor.text.language import language

MOST_CELLS = 200_000
"""Pairs of sentences that are looked at; the band round the diagonal is as wide as that allows."""

_MOVES = ((1, 1), (1, 0), (0, 1), (1, 2), (2, 1))
_MERGED = 0.08
"""What a pair costs in which two sentences stand for one."""
_SLACK = 40


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences of our text and of theirs that belong together, by index; one side is empty where a sentence has no partner. `likeness` 0–1."""

    ours: range
    theirs: range
    likeness: float


@dataclass(frozen=True, slots=True)
class Unit:
    """What a sentence is compared by: its length in characters without spaces and its marks (n-grams, or figures and names)."""

    length: int
    marks: Counter[Hashable]
    total: int

    def __add__(self, other: Unit) -> Unit:
        return Unit(self.length + other.length, self.marks + other.marks, self.total + other.total)


Likeness = Callable[[Unit, Unit], float]


def align_reference(ours: Sequence[str], theirs: Sequence[str]) -> list[Bead]:
    """Sentences of two texts in one language: alike by character n-grams of three and four, as chrF counts them."""
    return _align([_ngrams(text) for text in ours], [_ngrams(text) for text in theirs], _overlap, least=0.12)


def align_source(ours: Sequence[str], theirs: Sequence[str], *, target_lang: str, source_lang: str) -> list[Bead]:
    """Sentences of a translation and its source: alike by length (Gale and Church 1993), figures, names, quotations and question marks."""
    left = [_anchors(text, target_lang, strict=False) for text in ours]
    right = [_anchors(text, source_lang, strict=True) for text in theirs]
    ratio = _mean_length(left) / _mean_length(right)  # of sentences, not of texts: one may lack half of the other

    def likeness(a: Unit, b: Unit) -> float:
        spread = math.log((a.length + 5) / (b.length * ratio + 5))
        by_length = math.exp(-2.0 * spread * spread)
        if not a.marks and not b.marks:
            return 0.6 * by_length
        return 0.5 * by_length + 0.5 * _overlap(a, b)

    return _align(left, right, likeness, least=0.2)


def _mean_length(units: Sequence[Unit]) -> float:
    return (sum(unit.length for unit in units) + 1) / (len(units) + 1)


def _ngrams(text: str) -> Unit:
    line = "".join(text.casefold().split())
    marks = Counter[Hashable](line[start : start + size] for size in (3, 4) for start in range(len(line) - size + 1))
    return Unit(len(line), marks, marks.total())


def _anchors(text: str, code: str, *, strict: bool) -> Unit:
    marks: Counter[Hashable] = Counter()
    for figure in figures(text, code, strict=strict):
        marks[_anchor(figure)] += 2
    for word in text.replace("-", " ").split():
        plain = fold(word)
        if len(plain) >= 4 and (word[:1].isupper() or word[1:2].isupper()):
            marks[plain[:5]] += 1
    if "?" in text or "？" in text or "؟" in text:
        marks["?"] += 1
    if any(mark in text for pair in (*language(code).quotation, ('"', '"')) for mark in pair if mark not in "'’‘"):
        marks['"'] += 1
    return Unit(len("".join(text.split())), marks, marks.total())


def _anchor(figure: Figure) -> Hashable:
    """A figure as both languages may have it: the digits of a number, the day of a date."""
    value = min(figure.values, key=str)
    return (figure.kind, value[1:] if isinstance(value, tuple) else value)


def fold(word: str) -> str:
    """The letters of a word in Latin script without marks, in small letters; empty for a word in another script."""
    letters = unicodedata.normalize("NFKD", word.casefold().replace("ß", "ss"))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


def _overlap(a: Unit, b: Unit) -> float:
    """The F-score of the marks that both have; 0 where one has none."""
    small, large = (a, b) if len(a.marks) < len(b.marks) else (b, a)
    shared = sum(min(count, large.marks[mark]) for mark, count in small.marks.items() if mark in large.marks)
    return 2 * shared / (a.total + b.total) if shared else 0.0


def _align(ours: Sequence[Unit], theirs: Sequence[Unit], likeness: Likeness, *, least: float) -> list[Bead]:
    """The alignment with the greatest sum of likeness above `least`, each pair counted by the sentences that it holds."""
    rows, columns = len(ours), len(theirs)
    band = max(2, min(_SLACK + abs(rows - columns), MOST_CELLS // (2 * rows + 1)))
    ours_by, theirs_by = _runs(ours), _runs(theirs)
    slope = columns / max(1, rows)
    best: list[dict[int, float]] = []
    back: list[dict[int, tuple[int, int, float]]] = []
    for i in range(rows + 1):
        middle = round(i * slope)
        best.append({})
        back.append({})
        for j in range(max(0, middle - band), min(columns, middle + band) + 1):
            options = [(0.0, 0, 0, 0.0)] if i == j == 0 else []
            for di, dj in _MOVES:
                before = best[i - di].get(j - dj) if di <= i and dj <= j else None
                if before is None:
                    continue
                alike, gain = 0.0, 0.0
                if di and dj:
                    alike = likeness(ours_by[di][i - di], theirs_by[dj][j - dj])
                    gain = (di + dj) / 2 * (alike - least) - _MERGED * (di + dj - 2)
                options.append((before + gain, di, dj, alike))
            if options:
                best[i][j], *move = max(options, key=lambda option: option[0])
                back[i][j] = (int(move[0]), int(move[1]), float(move[2]))
    return _path(back, rows, columns)


def _runs(units: Sequence[Unit]) -> dict[int, Sequence[Unit]]:
    """The units one by one, and each with the next one."""
    return {1: units, 2: [first + second for first, second in pairwise(units)]}


def _path(back: Sequence[dict[int, tuple[int, int, float]]], rows: int, columns: int) -> list[Bead]:
    beads: list[Bead] = []
    i, j = rows, columns
    while i or j:
        di, dj, alike = back[i][j]
        beads.append(Bead(range(i - di, i), range(j - dj, j), alike))
        i, j = i - di, j - dj
    return beads[::-1]
