"""What editors decided of findings and of texts (`.auditor/decisions.jsonl`): the only place that reads, weighs and appends decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from auditor.errors import DataError, nearest
from auditor.judge.wording import folded
from auditor.policy import journal
from auditor.types import Document, Finding

NAME = Path(".auditor") / "decisions.jsonl"
"""Where the decisions of a project stand, from its folder."""

VERDICTS = ("fixed", "dismissed", "query", "missed", "signed-off", "undone")
SCOPES = ("here", "place", "document", "everywhere")

_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the file. `at` is ISO 8601; `scope` here is the finding with this fingerprint, place that of its places alone which has it,
    document the same words under the same rule in this text, everywhere in any. A sign-off names the text by `text_sha256`; `undone` takes
    back the last decision on the same thing."""

    verdict: str
    by: str
    at: str
    fingerprint: str = ""
    rule: str = ""
    text: str = ""
    scope: str = "here"
    path: str = ""
    text_sha256: str = ""
    note: str = ""

    @property
    def said_by(self) -> str:
        """“NAME on 2026-05-04”."""
        return f"{self.by} on {self.at[:10]}"


_KEYS = tuple(f.name for f in fields(Decision))


def text_sha256(document: Document) -> str:
    """The hash by which a sign-off knows a text: of the readable text as UTF-8, so that neither markup nor the encoding of the file counts."""
    return hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()


def read(path: Path) -> tuple[Decision, ...]:
    """The decisions of a file in the order of its lines; none where there is no file. DataError with file, line and key."""
    return tuple(read_one(path, number, record) for number, record in journal.records(path))


def append(path: Path, decision: Decision) -> None:
    """Writes one decision behind the others. DataError for one that says nothing, UsageError where the file cannot be written."""
    record = {key: value for key, value in asdict(decision).items() if value != ""}
    read_one(path, 0, record)
    journal.append(path, record)


def read_one(path: Path, number: int, record: Mapping[str, object]) -> Decision:
    """The decision of one record. DataError with file, line (unless it is 0) and key where it is none."""

    def wrong(problem: str) -> DataError:
        return DataError(f"{path}: line {number}: {problem}" if number else f"{path}: {problem}")

    known = {key: record[key] for key in _KEYS if record.get(key) is not None}
    for key, value in known.items():
        if not isinstance(value, str):
            raise wrong(f"“{key}” has to be a text")
    for key in ("verdict", "by", "at"):
        if not known.get(key):
            guess = nearest(key, [name for name in record if name not in _KEYS])
            raise wrong(f"has no “{key}”{guess}")
    decision = Decision(**{key: str(value) for key, value in known.items()})
    for key, value, allowed in (("verdict", decision.verdict, VERDICTS), ("scope", decision.scope, SCOPES)):
        if value not in allowed:
            raise wrong(f"“{key}” cannot be “{value}”{nearest(value, allowed)}; it is one of {', '.join(allowed)}")
    if _moment(decision.at) is None:
        raise wrong(f"“at” is no date and time such as 2026-05-04T12:30:00+00:00: “{decision.at}”")
    missing = _missing(decision)
    if missing:
        raise wrong(f"has no “{missing}”, which “{decision.verdict}” with the scope “{decision.scope}” needs")
    return decision


def _missing(decision: Decision) -> str:
    """The key without which the decision speaks of nothing."""
    if decision.verdict == "missed":
        return ""
    if of_text(decision):
        return "" if decision.text_sha256 else "text_sha256"
    if decision.scope in ("here", "place"):
        return "" if decision.fingerprint else "fingerprint"
    if not decision.rule or not decision.text:
        return "text" if decision.rule else "rule"
    return "path" if decision.scope == "document" and not decision.path and not decision.text_sha256 else ""


def of_text(decision: Decision) -> bool:
    """Whether it is on a whole text: a sign-off, or the undoing of one."""
    return decision.verdict == "signed-off" or (decision.verdict == "undone" and not decision.fingerprint and not decision.rule)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What holds: by what each is about, the decision and its rank in time."""

    held: Mapping[_Key, tuple[int, Decision]] = field(default_factory=dict)

    def of_finding(self, finding: Finding, path: str, sha: str) -> Decision | None:
        """The latest decision that holds for a finding, all of its places, of the text with this path and hash."""
        found = self._of_finding(finding, path, sha)
        return found[1] if found else None

    def of_places(self, finding: Finding, path: str, sha: str) -> tuple[Decision | None, ...]:
        """The same for each of its places, `at` first: the decision on the finding, or a later one on that place."""
        whole = self._of_finding(finding, path, sha)
        out = []
        for mark in finding.fingerprints or (finding.fingerprint,):
            held = [item for item in (whole, self.held.get(("place", mark))) if item is not None]
            out.append(max(held, key=lambda item: item[0])[1] if held else None)
        return tuple(out)

    def _of_finding(self, finding: Finding, path: str, sha: str) -> tuple[int, Decision] | None:
        words = (finding.rule, folded(finding.at.text))
        keys: list[_Key] = [("here", mark) for mark in {finding.fingerprint, *finding.fingerprints}]
        keys += [("document", *words, path), ("document", *words, sha), ("everywhere", *words)]
        found = [self.held[key] for key in keys if key in self.held]
        return max(found, key=lambda item: item[0]) if found else None

    def sign_off(self, sha: str) -> Decision | None:
        """The sign-off of a text by its hash."""
        found = self.held.get(("text", sha))
        return found[1] if found else None

    def outdated(self, path: str, sha: str) -> Decision | None:
        """The latest sign-off of a text under this path that was edited since."""
        found = [item for key, item in self.held.items() if key[0] == "text" and item[1].path and item[1].path == path and item[1].text_sha256 != sha]
        return max(found, key=lambda item: item[0])[1] if found else None


def weigh(decisions: Iterable[Decision]) -> Decisions:
    """The latest decision on each thing, by time and then by line; an undone one gives way to the one before it."""
    stacks: dict[_Key, list[tuple[int, Decision]]] = {}
    ordered = sorted(enumerate(decisions), key=lambda pair: (_moment(pair[1].at), pair[0]))
    for rank, (_, decision) in enumerate(ordered):
        if decision.verdict == "missed":
            continue
        for key in _keys(decision):
            stack = stacks.setdefault(key, [])
            if decision.verdict != "undone":
                stack.append((rank, decision))
            elif stack:
                stack.pop()
    return Decisions({key: stack[-1] for key, stack in stacks.items() if stack})


def _keys(decision: Decision) -> list[_Key]:
    if of_text(decision):
        return [("text", decision.text_sha256)]
    if decision.scope in ("here", "place"):
        return [(decision.scope, decision.fingerprint)]
    words = (decision.rule, folded(decision.text))
    if decision.scope == "everywhere":
        return [("everywhere", *words)]
    return [("document", *words, name) for name in (decision.path, decision.text_sha256) if name]
