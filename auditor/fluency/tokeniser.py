"""Turns a passage into token ids with their spans; the only place that decides which tokens belong to the text and which to its context."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.fluency.scorer import Passage, Tokens

if TYPE_CHECKING:
    from tokenizers import Tokenizer


_HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, as broken JSON leaves it: no Unicode text, and no tokeniser takes it."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A passage's tokens, context first; the text's begin at `first`, and `spans` are theirs alone."""

    ids: tuple[int, ...]
    first: int
    spans: tuple[tuple[int, int], ...]


def encode(tokeniser: Tokenizer, passage: Passage) -> Encoded:
    """Context and text are read as one string; a token that reaches into the text is the text's, its span clipped to it."""
    edge = len(passage.context)
    found = tokeniser.encode(_HALF.sub("\ufffd", passage.context + passage.text), add_special_tokens=False)
    ids, offsets = found.ids, found.offsets
    first = next((place for place, (_, end) in enumerate(offsets) if end > edge), len(ids))
    spans = tuple((max(0, start - edge), end - edge) for start, end in offsets[first:])
    return Encoded(tuple(ids), first, spans)


def joined(encoded: Encoded, logprobs: Sequence[float]) -> Tokens:
    """The result for a passage once each of its tokens is scored."""
    return Tokens(encoded.spans, tuple(logprobs))
