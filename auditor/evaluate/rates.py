"""How often rules fire, by label: the sums, and the table that is made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from auditor.evaluate.rows import LABELS
from auditor.types import Audit, Rule, Run, Severity


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


def tally(audits: Iterable[tuple[str, Audit]]) -> dict[str, Tally]:
    """The sums by label."""
    out: dict[str, Tally] = {}
    for label, audit in audits:
        out.setdefault(label, Tally()).add(audit)
    return out


def table(tallies: dict[str, Tally], rules: Sequence[Rule], run: Run, *, data: Sequence[str]) -> Iterator[str]:
    """A Markdown page, line by line: the signature, findings per 1,000 words by label, hits by rule and label."""
    labels = [label for label in LABELS if label in tallies]
    yield "# How often each rule fires"
    yield ""
    yield f"Signature: `{run.signature}|data:{'+'.join(data)}`"
    yield ""
    yield "| texts | documents | words | findings per 1,000 words | of them major or critical |"
    yield "|---|---|---|---|---|"
    for label in labels:
        sums = tallies[label]
        yield f"| {label} | {sums.documents:,} | {sums.words:,} | {_per(sums.findings, sums.words, 1000)} | {_per(sums.grave, sums.words, 1000)} |"
    yield ""
    yield f"| rule | severity | status | {' | '.join(f'hits, {label}' for label in labels)} | per 10,000 native sentences |"
    yield "|---" * (len(labels) + 4) + "|"
    native = tallies.get("native", Tally())
    for rule in rules:
        counts = " | ".join(str(tallies[label].hits[rule.id]) for label in labels)
        yield f"| {rule.id} | {rule.severity} | {rule.status} | {counts} | {_per(native.hits[rule.id], native.sentences, 10_000)} |"


def _per(count: int, size: int, unit: int) -> str:
    return f"{unit * count / size:.2f}" if size else "–"
