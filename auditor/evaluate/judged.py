"""What readers made of the hits of rules: one line a judgement, without a word of the text; the only place that reads and writes them.

A judgement holds the rule, a hash of the hit in its sentence, the verdict, the date, and the kind of text where that is not machine output
(`on`: native …): the precision of a rule is that on machine output alone. A hit that is drawn to be read (`unread`) has its text
beside it and stays with the reader; `taken` keeps of it what may be kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from math import sqrt
from pathlib import Path

from auditor.errors import InputError
from auditor.types import Finding

VERDICTS = ("right", "wrong")
_Z = 1.96
_KEYS = frozenset({"rule", "context", "verdict", "date"})
_OUTPUT = "mt"
"""The label of machine output."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reading of one hit."""

    rule: str
    context: str
    verdict: str
    date: str
    on: str = _OUTPUT


def context(finding: Finding) -> str:
    """A hash of the hit in its sentence: the same hit in another run has the same, whatever stands around the sentence."""
    folded = " ".join(finding.sentence.casefold().split())
    return hashlib.sha256("\0".join((finding.rule, finding.at.text.casefold(), folded)).encode()).hexdigest()[:16]


def read(path: Path) -> tuple[Judgement, ...]:
    """The judgements of a file, the last one of each hit; none where there is no file. InputError with file and line for a line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    found = {}
    for number, line in enumerate(lines, 1):
        judgement = _judgement(path, number, line, strict=True)
        if judgement is not None:
            found[judgement.rule, judgement.context] = judgement
    return tuple(found[key] for key in sorted(found))


def taken(path: Path, date: str) -> Iterator[Judgement]:
    """The judgements in a file of hits as a reader filled it in; hits without a verdict are passed over. `date` is set where a line has none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    for number, line in enumerate(lines, 1):
        judgement = _judgement(path, number, line, strict=False, date=date)
        if judgement is not None:
            yield judgement


def _judgement(path: Path, number: int, line: str, *, strict: bool, date: str = "") -> Judgement | None:
    if not line.strip():
        return None
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: line {number}: is no JSON ({error.msg})") from error
    if not isinstance(row, dict) or (strict and row.keys() - {"on"} != _KEYS):
        raise InputError(f"{path}: line {number}: a judgement has {', '.join(sorted(_KEYS))}, perhaps on, and nothing else")
    verdict, day = str(row.get("verdict", "")), str(row.get("date") or date)
    if not strict and not verdict:
        return None
    if verdict not in VERDICTS:
        raise InputError(f"{path}: line {number}: verdict “{verdict}” is none of {', '.join(VERDICTS)}")
    if not _DATE.fullmatch(day):
        raise InputError(f"{path}: line {number}: date “{day}” is no day such as 2026-01-31")
    return Judgement(str(row.get("rule", "")), str(row.get("context", "")), verdict, day, str(row.get("on", _OUTPUT)))


def write(path: Path, judgements: Iterable[Judgement]) -> None:
    """The judgements in order of rule and hit, one a line."""
    ordered = sorted(judgements, key=lambda judgement: (judgement.rule, judgement.context))
    rows = ({key: value for key, value in asdict(judgement).items() if (key, value) != ("on", _OUTPUT)} for judgement in ordered)
    path.write_text("".join(json.dumps(row, sort_keys=True) + "\n" for row in rows), encoding="utf-8")


def unread(findings: Iterable[Finding], known: Iterable[Judgement], *, most: int, on: str = _OUTPUT) -> Iterator[Mapping[str, str]]:
    """Hits to read, at most `most` of each rule, none twice and none that was judged: each with its sentence and an empty verdict."""
    seen = {(judgement.rule, judgement.context) for judgement in known}
    drawn: dict[str, int] = {}
    for finding in findings:
        key = (finding.rule, context(finding))
        if key in seen or drawn.get(finding.rule, 0) >= most:
            continue
        seen.add(key)
        drawn[finding.rule] = drawn.get(finding.rule, 0) + 1
        place = {"text": finding.at.text, "sentence": finding.sentence, "path": finding.at.path}
        yield {"rule": key[0], "context": key[1], "verdict": "", "on": on, **place}


def sums(judgements: Iterable[Judgement], *, on: str = _OUTPUT) -> dict[str, tuple[int, int]]:
    """By rule how many hits on one kind of text were judged right, and how many were judged."""
    out: dict[str, tuple[int, int]] = {}
    for judgement in (judgement for judgement in judgements if judgement.on == on):
        right, judged = out.get(judgement.rule, (0, 0))
        out[judgement.rule] = right + (judgement.verdict == "right"), judged + 1
    return out


def interval(right: int, judged: int) -> tuple[float, float]:
    """The 95 % interval of a precision (Wilson's score interval); (0, 1) where nothing was judged."""
    if not judged:
        return 0.0, 1.0
    share, square = right / judged, _Z * _Z / judged
    middle, half = share + square / 2, _Z * sqrt(share * (1 - share) / judged + square / (4 * judged))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))
