"""Whether an edit is the better wording in its context, and from which odds on that is said; the only place that reads `models/edits`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

from auditor import tables
from auditor.edits import hints
from auditor.edits.forms import Known
from auditor.edits.hints import Hint, Lookout
from auditor.edits.propose import Book
from auditor.fluency.contrast import Contrast, Gain, Verification, gains, placed
from auditor.fluency.manifest import folder
from auditor.fluency.scorer import Scorer, Store
from auditor.types import Document, Span

_TEXTS = ("model", "licence", "made")


@dataclass(frozen=True, slots=True)
class Odds:
    """`doubt`: how far below the eye's own threshold a word may lie at which an edit is tried. The place is a finding from odds of `finding` on; what
    the edit puts there is suggested from odds of `suggestion` on, that being the harder question."""

    doubt: float
    finding: float
    suggestion: float


@dataclass(frozen=True, slots=True)
class Scales:
    """`model`: the name@revision of the only language model that they are for. `hint`: the weights of `hints.FEATURES`, their constant and the least
    odds of a hint. `senses`: the odds of the edits that put another word there for what the word was meant to say; `slips`: those of all others."""

    model: str
    hint: Mapping[str, float]
    slips: Odds
    senses: Odds

    def of(self, how: str) -> Odds:
        """The odds of the edits of a sort, one of `hints.HOWS`."""
        return self.senses if how == "sense" else self.slips

    def reads(self, signature: str) -> bool:
        """Whether they were made for the language model of that signature."""
        return signature.split("|", maxsplit=1)[0] == self.model

    def lookout(self, allowed: Book, known: Known) -> Lookout:
        """What makes an edit a hint."""
        return Lookout(allowed, known, tuple(self.hint[name] for name in hints.FEATURES), self.hint["constant"], self.hint["least"])


@dataclass(frozen=True, slots=True)
class Weighed:
    """A hint, its gain, and the logarithm of the odds that it is the better wording."""

    hint: Hint
    gain: Gain
    odds: float

    @property
    def probability(self) -> float:
        """The odds as a share."""
        return 1 / (1 + exp(-self.odds))


def path() -> Path:
    """Where the scales that come with the program lie."""
    return folder() / "edits" / "edits.toml"


def load(path: Path) -> Scales:
    """The scales that a file describes. DataError with file, line and key."""
    content, text = tables.read(path)
    tables.refuse_unknown(content, (*_TEXTS, "hint", "odds", "sense"), path=path, text=text, table="")
    for key in _TEXTS:
        if not isinstance(content.get(key), str):
            raise tables.wrong(path, text, "", key, "is missing or no text")
    slips, senses = (Odds(**_numbers(path, text, content, table, ("doubt", "finding", "suggestion"))) for table in ("odds", "sense"))
    return Scales(content["model"], _numbers(path, text, content, "hint", (*hints.FEATURES, "constant", "least")), slips, senses)


def _numbers(path: Path, text: str, content: Mapping[str, Any], table: str, keys: tuple[str, ...]) -> dict[str, float]:
    found = content.get(table)
    if not isinstance(found, dict):
        raise tables.wrong(path, text, table, None, "is missing")
    tables.refuse_unknown(found, keys, path=path, text=text, table=table)
    for key in keys:
        if not isinstance(found.get(key), int | float):
            raise tables.wrong(path, text, table, key, "is missing or no number")
    return {key: float(found[key]) for key in keys}


def weigh(
    batch: Sequence[tuple[Document, Sequence[Hint]]], scorer: Scorer, verification: Verification, *, cache: Store | None = None
) -> list[list[Weighed]]:
    """The hints of each document with their gains and odds, the best first; of those that overlap the best alone."""
    requests = [in_place(document, hint) for document, found in batch for hint in found]
    measured = iter(gains(scorer, requests, cache=cache))
    return [_best([_weighed(hint, next(measured)[0], verification) for hint in found]) for _, found in batch]


def _weighed(hint: Hint, gain: Gain, verification: Verification) -> Weighed:
    return Weighed(hint, gain, verification.odds(gain))


def _best(weighed: Sequence[Weighed]) -> list[Weighed]:
    kept: list[Weighed] = []
    for one in sorted(weighed, key=lambda one: (-one.odds, one.hint.edit.span, one.hint.edit.text)):
        if not any(one.hint.edit.span.overlaps(other.hint.edit.span) for other in kept):
            kept.append(one)
    return kept


def in_place(document: Document, hint: Hint) -> Contrast:
    """The edit in its place, from the word on where the versions part."""
    edit = hint.edit
    same = document.text.index(" ", edit.span.start) + 1 - edit.span.start if edit.how == "insert" else 0
    return placed(document, Span(edit.span.start + same, edit.span.end), (edit.text[same:],))
