"""What was measured of each rule, as `auditor evaluate` wrote it; the only place that reads that table back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from auditor.errors import DataError


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one rule: hits by label (mt, postedit, human, native), hits per 10,000 sentences of native English news, how many hits on machine
    output were judged and how many of them right, the 95 % interval of that share, the signature of the run, and the same of hits on native news."""

    hits: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    native: float | None = None
    judged: int = 0
    right: int = 0
    low: float = 0.0
    high: float = 1.0
    signature: str = ""
    judged_native: int = 0
    right_native: int = 0

    @property
    def reading(self) -> str:
        """“right in 28 of 30 judged hits”; empty where nothing was judged."""
        return f"right in {self.right} of {self.judged} judged hits" if self.judged else ""

    @property
    def summary(self) -> str:
        """One line with all that is known; says so where nothing is."""
        if not self.signature:
            return "not measured"
        share = f" ({self.right / self.judged:.2f}, 95 % {self.low:.2f}–{self.high:.2f})" if self.judged else ""
        read = f"{self.reading}{share}" if self.judged else "no hit judged yet"
        counted = ", ".join(f"{count:,} on {_TEXTS.get(label, label)}" for label, count in self.hits.items())
        rate = "" if self.native is None else f"; {self.native:g} per 10,000 native sentences"
        alarms = f", right in {self.right_native} of {self.judged_native} read there" if self.judged_native else ""
        return f"{read}; hits: {counted}{rate}{alarms}"


_TEXTS = {"mt": "machine output", "postedit": "post-edited output", "human": "human translations", "native": "native news"}


def path() -> Path:
    """The table in the package or, in a clone, among the reports."""
    package = Path(str(resources.files("auditor")))
    inside = package / "rules.jsonl"
    return inside if inside.is_file() else package.parent / "reports" / "rules.jsonl"


def figures(rule: str) -> Figures:
    """What was measured of a rule by its id (`de-en/acting-up`); empty figures for a rule that was not there, or of a project's own."""
    return _table(path()).get(rule, Figures())


@cache
def _table(place: Path) -> Mapping[str, Figures]:
    """The whole table; empty where there is none. DataError with file and line for a row that is none."""
    try:
        lines = place.read_text(encoding="utf-8").splitlines() if place.is_file() else []
    except OSError as error:
        raise DataError(f"{place}: cannot be read ({error.strerror})") from error
    found = {}
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            found[row["rule"]] = Figures(
                row["hits"],
                row["per_10000_native_sentences"],
                row["judged"],
                row["right"],
                row["precision_low"],
                row["precision_high"],
                row["signature"],
                row.get("judged_native", 0),
                row.get("right_native", 0),
            )
        except (ValueError, TypeError, KeyError) as error:
            raise DataError(f"{place}: line {number}: is no row of measured figures ({error})") from error
    return found
