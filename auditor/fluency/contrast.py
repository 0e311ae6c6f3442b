"""What a replacement gains or loses in its context; the only place that compares wordings by their probability.

The plain gain prefers what is short and common: of 1,800 pairs of a bad and a good wording it preferred the good one in 0.72. What follows the
wording tells more than the wording itself, and how probable the wording is by itself has to be taken off: so weighed it is right in 0.81, and
from stated odds on in 0.95 (`reports/fluency.md`). The weights are a model's own and stand in its manifest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor import tables
from auditor.fluency.scorer import Passage, Scorer, Store, Tokens, tokens
from auditor.types import Document, Span

_BEFORE = 300
"""Code points of context before the wording, some 64 tokens."""
_AFTER = 75
"""Code points after it that are scored too, some 16 tokens: a wording has to fit what follows."""
_NEAR, _NEXT_TO = 400, 100
"""Code points of a document on either side that are handed on; what is read is cut to the number of tokens."""
_WORD = re.compile(r"\S+\s*")
_NEXT = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True)
class Contrast:
    """A wording in its place, and what might stand there instead (an empty suggestion deletes it)."""

    prefix: str
    original: str
    suggestions: tuple[str, ...]
    suffix: str


def placed(document: Document, span: Span, suggestions: Sequence[str]) -> Contrast:
    """A span of a document and what might stand there instead; what follows ends with the paragraph."""
    text = document.text
    block = next((b.span for b in document.blocks if b.span.covers(span)), Span(0, len(text)))
    after = text[span.end : min(block.end, span.end + _NEXT_TO)]
    return Contrast(text[max(0, span.start - _NEAR) : span.start], text[span.start : span.end], tuple(suggestions), after)


@dataclass(frozen=True, slots=True)
class Gain:
    """What a suggestion gains over the original, in nats of log-probability: the wording and what follows it, both in their context; and the
    wording read by itself, where nothing but its commonness and length can tell."""

    wording: float
    following: float
    alone: float

    @property
    def nats(self) -> float:
        """The whole gain in context: log p(suggestion and what follows) − log p(original and what follows). Above 0: it is more probable."""
        return self.wording + self.following


@dataclass(frozen=True, slots=True)
class Verification:
    """How a model's gains are weighed, and from which odds they are trusted.

    The logarithm of the odds that a suggestion is the better wording is the weighted sum of its gain. From `sure` on it was right in 0.95 with as
    many bad suggestions as good ones; from `least` on where the rule itself is right in three of four.
    """

    source: str
    wording: float
    following: float
    alone: float
    least: float
    sure: float

    def odds(self, gain: Gain) -> float:
        """The logarithm of the odds that the suggestion is better; 0: as good as the original."""
        return self.wording * gain.wording + self.following * gain.following + self.alone * gain.alone


def gains(scorer: Scorer, requests: Sequence[Contrast], *, cache: Store | None = None) -> list[tuple[Gain, ...]]:
    """For each request the gain of each suggestion. All passages of all requests are scored together, equal ones once."""
    wanted = [_Wanted(*_passage(whole, wording)) for request in requests for whole in (_whole(request),) for wording in _wordings(whole)]
    results = tokens(scorer, [passage for one in wanted for passage in (one.passage, one.alone)], cache=cache)
    found = iter([_sums(one, next(results), next(results)) for one in wanted])
    return [tuple(_less(found, next(found), len(request.suggestions))) for request in requests]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The passage of a wording, where in its text the wording ends, and the wording by itself."""

    passage: Passage
    end: int
    alone: Passage


def _wordings(request: Contrast) -> tuple[str, ...]:
    return (request.original, *request.suggestions)


def _less(found: Iterator[tuple[float, float, float]], original: tuple[float, float, float], count: int) -> Iterator[Gain]:
    for _ in range(count):
        wording, following, alone = next(found)
        yield Gain(wording - original[0], following - original[1], alone - original[2])


def _sums(wanted: _Wanted, result: Tokens, alone: Tokens) -> tuple[float, float, float]:
    wording = following = 0.0
    for (start, _), logprob in zip(result.spans, result.logprobs, strict=True):
        if start < wanted.end:
            wording += logprob
        else:
            following += logprob
    return wording, following, sum(alone.logprobs)


def _whole(request: Contrast) -> Contrast:
    """The request with the next word in all wordings, if one of them is empty: what a deletion leaves is read as a wording too."""
    found = _NEXT.match(request.suffix)
    if all(_wordings(request)) or not found:
        return request
    more = found.group()
    return Contrast(request.prefix, request.original + more, tuple(one + more for one in request.suggestions), request.suffix[len(more) :])


def _passage(request: Contrast, wording: str) -> tuple[Passage, int, Passage]:
    """The context ends before the last white space of the prefix: a space or a word begun there is one token with the wording."""
    prefix = request.prefix
    if len(prefix) > _BEFORE:
        cut = prefix[-_BEFORE:]
        prefix = cut[len(cut) - len(cut.lstrip()) :] if prefix[-_BEFORE - 1].isspace() else _after_first_word(cut)
    edge = len(prefix.rstrip()) if prefix[-1:].isspace() else _word_start(prefix)
    before, left = prefix[:edge], prefix[edge:]
    if left[-1:].isspace() and (wording or request.suffix)[:1].isspace():
        left = left[:-1]  # what a deletion leaves is one space, not two
    return Passage(before, left + wording + _head(request.suffix)), len(left) + len(wording), Passage("", f" {wording.strip()}")


def _after_first_word(text: str) -> str:
    """The text less a first word that was cut through."""
    found = _WORD.match(text)
    return text[found.end() :] if found and found.end() < len(text) else text


def _word_start(text: str) -> int:
    """Where the white space before the last word begins; 0 where there is none."""
    word = max((place + 1 for place, mark in enumerate(text) if mark.isspace()), default=0)
    return len(text[:word].rstrip())


def _head(suffix: str) -> str:
    """The first words of the suffix; one that is short ends its paragraph, and that a text may end here is scored too."""
    if len(suffix) <= _AFTER:
        return suffix if suffix.endswith("\n") else suffix + "\n"
    end = max((place for place, mark in enumerate(suffix[: _AFTER + 1]) if mark.isspace()), default=0)
    return suffix[:end] if end else suffix[:_AFTER]


_WEIGHTS = ("wording", "following", "alone", "least", "sure")


def parse(path: Path, text: str, table: Mapping[str, Any]) -> Verification:
    """A manifest's [calibration.verification]. DataError with file, line and key."""
    where = "calibration.verification"
    tables.refuse_unknown(table, ("source", *_WEIGHTS), path=path, text=text, table=where)
    for key in _WEIGHTS:
        if not isinstance(table.get(key), int | float):
            raise tables.wrong(path, text, where, key, "is missing or no number")
    return Verification(str(table.get("source", "")), *(float(table[key]) for key in _WEIGHTS))


def render(verification: Verification) -> str:
    """The verification as the TOML that `parse` reads."""
    lines = ["[calibration.verification]", f'source = "{verification.source}"']
    return "\n".join([*lines, *(f"{key} = {getattr(verification, key)}" for key in _WEIGHTS)]) + "\n"
