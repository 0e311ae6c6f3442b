"""How common a word is in English news; the only place that reads the counts, `languages/en-counts.tsv`."""

from __future__ import annotations

from functools import cache
from math import log10

from auditor.text import language

_FILE = "en-counts.tsv"
_PER = 1e9


def commonness(word: str) -> float | None:
    """The logarithm (base 10) of how often a word occurs in a thousand million words: 7.7 for “the”, 5 for a word in every 10,000.

    None for a word that the counted news holds in fewer than two texts.
    """
    return _table().get(folded(word))


def folded(word: str) -> str:
    """The form under which a word is counted: lower case, straight apostrophe."""
    return word.replace("’", "'").lower()


@cache
def _table() -> dict[str, float]:
    counts: dict[str, int] = {}
    for line in (language.folder() / _FILE).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            word, count = line.split("\t")
            counts[word] = int(count)
    total = counts.pop("")
    return {word: log10(count / total * _PER) for word, count in counts.items()}
