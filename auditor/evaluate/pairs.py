"""Minimal pairs: whether an audit prefers the good of two translations that differ in one thing, phenomenon by phenomenon."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import InputError
from auditor.evaluate.judged import interval
from auditor.mqm.score import penalties
from auditor.types import Audit, Document, Provenance, Run

_LENGTH, _SHORT, _POWER = 5.0, 6.0, 0.8
"""The length penalty of PenLP."""
FEW = 10
"""Pairs of a phenomenon below which it gets no row of its own."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two translations of one sentence, of which `bad` has what the phenomenon names."""

    phenomenon: str
    good: Document
    bad: Document


@dataclass(slots=True)
class Sums:
    """Of one phenomenon: pairs, those where the good side is preferred, by fluency alone, and by findings alone; pairs with different findings."""

    pairs: int = 0
    right: int = 0
    fluent: int = 0
    told: int = 0
    told_right: int = 0


def pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a file of JSON lines with good, bad and phenomenon. InputError with file and line for a row that is none."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(f"{path}: line {number}", f"{path.name}:{number}", line)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def _row(where: str, name: str, line: str) -> Pair:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: is no JSON ({error.msg})") from error
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) and row[key].strip() for key in ("good", "bad", "phenomenon")):
        raise InputError(f"{where}: has no “good”, “bad” and “phenomenon”")
    language, dataset = row.get("src_lang"), row.get("dataset")
    provenance = Provenance(source_lang=language, how="flag") if isinstance(language, str) else Provenance()
    phenomenon: str = f"{dataset}/{row['phenomenon']}" if isinstance(dataset, str) else row["phenomenon"]
    good, bad = (Document(f"{name}:{side}", row[side], provenance=provenance) for side in ("good", "bad"))
    return Pair(phenomenon, good, bad)


def drawn(found: Iterable[Pair], most: int) -> list[Pair]:
    """At most so many pairs of each phenomenon, drawn by a hash of their texts; those of phenomena below FEW go under their data set."""
    by_name: dict[str, list[Pair]] = defaultdict(list)
    for pair in found:
        by_name[pair.phenomenon].append(pair)
    rest: dict[str, list[Pair]] = defaultdict(list)
    for name in [name for name, group in by_name.items() if len(group) < FEW]:
        other = f"{name.partition('/')[0]}/other" if "/" in name else "other"
        rest[other] += [Pair(other, pair.good, pair.bad) for pair in by_name.pop(name)]
    by_name |= rest
    return [pair for name in sorted(by_name) for pair in sorted(by_name[name], key=_drawn)[:most]]


def _drawn(pair: Pair) -> str:
    return hashlib.sha256(f"{pair.good.text}\0{pair.bad.text}".encode()).hexdigest()


def cost(audit: Audit) -> tuple[int, float]:
    """The MQM penalty of all findings, preview included, and what fluency adds to it.

    That is −PenLP: the surprisal of the text over ((5 + tokens) / 6)^0.8 (Lau et al. 2020, “How Furiously Can Colorless Green Ideas
    Sleep?”), so that neither leaving words out nor stringing easy ones together wins; 0.0 where nothing was scored.
    """
    surprisal, tokens = -sum(score.logprob for score in audit.scores), sum(score.tokens for score in audit.scores)
    return penalties(audit.findings, gating=False), surprisal / ((_LENGTH + tokens) / _SHORT) ** _POWER if tokens else 0.0


def sums(audited: Iterable[tuple[Pair, Audit, Audit]]) -> dict[str, Sums]:
    """The sums by phenomenon; a tie is no preference."""
    out: dict[str, Sums] = defaultdict(Sums)
    for pair, good, bad in audited:
        one, (penalty, strange), (penalty_bad, strange_bad) = out[pair.phenomenon], cost(good), cost(bad)
        one.pairs += 1
        one.right += penalty + strange < penalty_bad + strange_bad
        one.fluent += strange < strange_bad
        one.told += penalty != penalty_bad
        one.told_right += penalty < penalty_bad
    return dict(out)


def page(found: Mapping[str, Sums], run: Run, *, data: Sequence[str]) -> Iterator[str]:
    """A Markdown page, line by line: the signature, and a row for each phenomenon."""
    yield "# Whether the better of two translations is preferred"
    yield ""
    yield f"Signature: `{run.signature}|data:{'+'.join(data)}`"
    yield ""
    yield "Each side is audited by itself, without its source. Preferred is the side of lower cost: the MQM penalty of its findings plus its"
    yield "surprisal, normalised by length (PenLP). A tie counts as wrong; intervals are 95 % (Wilson)."
    yield ""
    yield "| phenomenon | pairs | good side preferred | by fluency alone | findings differ | and speak for the good side |"
    yield "|---|---|---|---|---|---|"
    for name in sorted(found):
        one = found[name]
        low, high = interval(one.right, one.pairs)
        shares = f"{one.right / one.pairs:.2f} ({low:.2f}–{high:.2f}) | {one.fluent / one.pairs:.2f}"
        yield f"| {name} | {one.pairs} | {shares} | {one.told} | {one.told_right} |"
