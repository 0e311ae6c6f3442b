"""Which rules have earned the status “stable”, and the packs in which it is written; the only place that changes a status."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import InputError
from auditor.evaluate.rates import Tally
from auditor.types import Rule, Status

PRECISION = 0.9
MANY = 30
"""Judged hits from which the precision alone decides."""
FEW = 10
"""Right hits that are enough for a rule that native news hardly knows."""
RARE = 1.0
"""Hits per 10,000 native sentences up to which a rule counts as unknown there."""
_STATUS = re.compile(r'(?m)^status\s*=\s*"[a-z]+"[^\n]*\n?')
_SURVEY = re.compile(r'(?m)^status\s*=\s*"stable"\s*#[^\n]*survey')


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status that a rule has earned and the figures that say so."""

    status: Status
    because: str


def earned(rule: Rule, native: Tally, judged: tuple[int, int]) -> Verdict | None:
    """The status of a rule by its figures; None where they do not suffice to change it.

    Stable: precision of 0.9 on 30 judged hits, or at most one hit per 10,000 native sentences and 10 hits judged right, nine in ten of those
    judged. Preview: less than nine in ten of 10 judged hits, or, without 30 good ones, more than one hit per 10,000 native sentences.
    """
    right, count = judged
    if rule.status is Status.DEPRECATED or not native.sentences:
        return None
    rate = 10_000 * native.hits[rule.id] / native.sentences
    because = f"{right} of {count} judged hits right; {rate:.1f} per 10,000 native sentences"
    good = right >= PRECISION * count
    if (count >= MANY or (right >= FEW and rate <= RARE)) and good:
        return Verdict(Status.STABLE, because)
    if (count >= FEW and not good) or rate > RARE:
        return Verdict(Status.PREVIEW, because)
    return None


def settle(folder: Path, rules: Sequence[Rule], native: Tally, judged: Mapping[str, tuple[int, int]]) -> tuple[str, ...]:
    """Writes what the rules have earned into the packs of the folder; a line for each rule that changed."""
    verdicts = {rule.id: found for rule in rules if (found := earned(rule, native, judged.get(rule.id, (0, 0)))) is not None}
    return tuple(f"{name}: {verdicts[name].status} ({verdicts[name].because})" for name in write(folder, rules, verdicts))


def write(folder: Path, rules: Sequence[Rule], verdicts: Mapping[str, Verdict]) -> tuple[str, ...]:
    """Writes the statuses that differ into the packs of the folder and says which rules changed. A rule whose status names the survey as its
    evidence keeps it unless native news knows it. InputError for a rule that its pack does not hold."""
    changed = []
    texts: dict[Path, str] = {}
    for rule in rules:
        verdict = verdicts.get(rule.id)
        if verdict is None or verdict.status is rule.status:
            continue
        pack, name = rule.id.split("/")
        path = folder / f"{pack}.toml"
        if not path.is_file():
            continue
        text = texts.setdefault(path, path.read_text(encoding="utf-8"))
        table = re.search(rf"(?ms)^\[{re.escape(name)}\]\n(?:(?!^\[).)*", text)
        if table is None:
            raise InputError(f"{path}: holds no rule [{name}]")
        if _SURVEY.search(table.group()) and "judged hits" not in verdict.because:
            continue
        line = f'status = "{verdict.status}"  # {verdict.because}\n'
        body = _STATUS.sub("", table.group(), count=1)
        head, _, rest = body.partition("\n")
        texts[path] = text[: table.start()] + f"{head}\n{line}{rest}" + text[table.end() :]
        changed.append(rule.id)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return tuple(changed)
