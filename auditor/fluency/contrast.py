"""What a replacement gains or loses in its context; the only place that compares wordings by their probability."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.fluency.scorer import Passage, Scorer, Store, tokens

_BEFORE = 300
"""Code points of context before the wording, some 64 tokens."""
_AFTER = 75
"""Code points after it that are scored too, some 16 tokens: a wording has to fit what follows."""
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Contrast:
    """A wording in its place, and what might stand there instead (an empty suggestion deletes it)."""

    prefix: str
    original: str
    suggestions: tuple[str, ...]
    suffix: str


def gains(scorer: Scorer, requests: Sequence[Contrast], *, cache: Store | None = None) -> list[tuple[float, ...]]:
    """For each request and suggestion log p(suggestion, suffix | prefix) − log p(original, suffix | prefix), in nats.

    Above zero: the suggestion is the more probable. All passages of all requests are scored together, equal ones once.
    """
    passages = [_passage(request, wording) for request in requests for wording in (request.original, *request.suggestions)]
    sums = iter([sum(result.logprobs) for result in tokens(scorer, passages, cache=cache)])
    out = []
    for request in requests:
        before = next(sums)
        out.append(tuple(next(sums) - before for _ in request.suggestions))
    return out


def _passage(request: Contrast, wording: str) -> Passage:
    """The context ends before the last white space of the prefix: a space or a word begun there is one token with the wording."""
    prefix = request.prefix
    if len(prefix) > _BEFORE:
        cut = prefix[-_BEFORE:]
        prefix = cut[len(cut) - len(cut.lstrip()) :] if prefix[-_BEFORE - 1].isspace() else _after_first_word(cut)
    edge = len(prefix.rstrip()) if prefix[-1:].isspace() else _word_start(prefix)
    before, left = prefix[:edge], prefix[edge:]
    if not wording and left[-1:].isspace() and request.suffix[:1].isspace():
        left = left[:-1]  # what a deletion leaves is one space, not two
    return Passage(before, left + wording + _head(request.suffix))


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
