"""How often rules fire, by label: the sums, and the table that is made of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from auditor.evaluate.judged import interval
from auditor.evaluate.rows import LABELS
from auditor.types import Audit, Rule, Run, Severity

_ENOUGH = 2_000
"""Words of a system from which it has a row."""


@dataclass(slots=True)
class Tally:
    """The sums of one label."""

    documents: int = 0
    words: int = 0
    sentences: int = 0
    findings: int = 0
    grave: int = 0
    hits: Counter[str] = field(default_factory=Counter)

    def add(self, audit: Audit) -> None:
        """Counts an audit: its findings above neutral, each with its further places in `hits`."""
        self.documents += 1
        self.words += audit.words
        self.sentences += audit.sentences
        for finding in audit.findings:
            if finding.severity is not Severity.NEUTRAL:
                self.findings += 1
                self.grave += finding.severity.rank >= Severity.MAJOR.rank
                self.hits[finding.rule] += 1 + len(finding.occurrences)


@dataclass(frozen=True, slots=True)
class Tallies:
    """The sums by label, and by label and system."""

    labels: dict[str, Tally]
    systems: dict[tuple[str, str], Tally]


def tally(audits: Iterable[tuple[str, str, Audit]]) -> Tallies:
    """The sums of audits, each with its label and its system."""
    out = Tallies({}, {})
    for label, system, audit in audits:
        out.labels.setdefault(label, Tally()).add(audit)
        if system:
            out.systems.setdefault((label, system), Tally()).add(audit)
    return out


Readings = Mapping[str, tuple[int, int]]
"""By rule how many hits were judged right, and how many were judged."""
_NONE: Readings = MappingProxyType({})


def table(
    found: Tallies, rules: Sequence[Rule], run: Run, *, data: Sequence[str], judged: Readings = _NONE, judged_native: Readings = _NONE
) -> Iterator[str]:
    """A Markdown page, line by line: the signature, findings per 1,000 words by label, hits by rule and label, the precision of the hits on
    machine output that were `judged` with its 95 % interval, how many of those read on native news were right, and findings by system."""
    tallies = found.labels
    labels = [label for label in LABELS if label in tallies]
    yield "# How often each rule fires"
    yield ""
    yield f"Signature: `{run.signature}|data:{'+'.join(data)}`"
    yield ""
    yield "| texts | documents | words | findings per 1,000 words | of them major or critical |"
    yield "|---|---|---|---|---|"
    for label in labels:
        yield f"| {label} | {_frequent(tallies[label])} |"
    yield ""
    counted = " | ".join(f"hits, {label}" for label in labels)
    yield f"| rule | severity | status | {counted} | per 10,000 native sentences | judged right | precision | native, right |"
    yield "|---" * (len(labels) + 7) + "|"
    native = tallies.get("native", Tally())
    for rule in rules:
        counts = " | ".join(str(tallies[label].hits[rule.id]) for label in labels)
        rate, reading = _per(native.hits[rule.id], native.sentences, 10_000), _judged(judged.get(rule.id, (0, 0)))
        right, read = judged_native.get(rule.id, (0, 0))
        yield f"| {rule.id} | {rule.severity} | {rule.status} | {counts} | {rate} | {reading} | {f'{right} of {read}' if read else '–'} |"
    yield from _by_system(found.systems)


def _by_system(systems: Mapping[tuple[str, str], Tally]) -> Iterator[str]:
    """Systems with enough words, the human translators of the same texts among them."""
    read = {key: sums for key, sums in systems.items() if sums.words >= _ENOUGH}
    if not read:
        return
    yield from ("", "## By system", "", f"Systems with {_ENOUGH:,} words and more: source language, year and name.", "")
    yield from ("| system | texts | documents | words | findings per 1,000 words | of them major or critical |", "|---|---|---|---|---|---|")
    for (label, system), sums in sorted(read.items(), key=lambda item: (item[0][1].split()[:2], LABELS.index(item[0][0]), item[0][1])):
        yield f"| {system} | {label} | {_frequent(sums)} |"


def _frequent(sums: Tally) -> str:
    return f"{sums.documents:,} | {sums.words:,} | {_per(sums.findings, sums.words, 1000)} | {_per(sums.grave, sums.words, 1000)}"


def lines(
    tallies: dict[str, Tally], rules: Sequence[Rule], run: Run, *, data: Sequence[str], judged: Readings, judged_native: Readings = _NONE
) -> Iterator[str]:
    """The same as JSON, a line a rule."""
    native = tallies.get("native", Tally())
    for rule in rules:
        right, count = judged.get(rule.id, (0, 0))
        low, high = interval(right, count)
        native_right, native_count = judged_native.get(rule.id, (0, 0))
        row = {
            "rule": rule.id,
            "severity": rule.severity,
            "status": rule.status,
            "hits": {label: tallies[label].hits[rule.id] for label in LABELS if label in tallies},
            "per_10000_native_sentences": round(10_000 * native.hits[rule.id] / native.sentences, 2) if native.sentences else None,
            "judged": count,
            "right": right,
            "precision": round(right / count, 3) if count else None,
            "precision_low": round(low, 3),
            "precision_high": round(high, 3),
            "judged_native": native_count,
            "right_native": native_right,
            "signature": f"{run.signature}|data:{'+'.join(data)}",
        }
        yield json.dumps(row, ensure_ascii=False)


def _judged(counts: tuple[int, int]) -> str:
    right, count = counts
    if not count:
        return "– | –"
    low, high = interval(right, count)
    return f"{right} of {count} | {right / count:.2f} ({low:.2f}–{high:.2f})"


def _per(count: int, size: int, unit: int) -> str:
    return f"{unit * count / size:.2f}" if size else "–"
