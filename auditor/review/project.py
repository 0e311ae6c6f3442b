"""What a desk works with: the store, the rules, the decisions as they hold now, the file that they are appended to, the clock."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from auditor import pipeline
from auditor.config import Config
from auditor.errors import UsageError
from auditor.lm import Fluency
from auditor.names.aliases import AliasTable
from auditor.policy import decisions, journal
from auditor.policy.decisions import Decision, Decisions
from auditor.policy.settle import Policy
from auditor.review.model import ConflictError, HeldError, NotFoundError
from auditor.review.store import log, rows
from auditor.review.store.rows import Engine, Group, Link, Text
from auditor.review.working import paragraph
from auditor.rules.model import RuleSet
from auditor.types import Audit, Document, Span


class InPlace:
    """Audits texts one at a time without the language model; what that takes is made once."""

    def __init__(self, config: Config, rules: RuleSet, table: AliasTable) -> None:
        self._waiting: list[Document] = []
        self._is_warm = False
        blind = Fluency(missing="re-audited in place, without the language model")
        one = replace(config, window=1, jobs=1)
        self._audits = pipeline.audits(one, self._stream(), rules=rules, table=table, fluency=blind, keep_documents=True)

    def _stream(self) -> Iterator[Document]:
        while True:
            yield self._waiting.pop()

    def warm(self) -> None:
        """Makes what the first audit would have to make."""
        if not self._is_warm:
            self.audit(Document("", "Nothing."))

    def audit(self, document: Document) -> Audit:
        """The audit of one text, before any decision."""
        self._is_warm = True
        self._waiting.append(document)
        done = next(self._audits)
        assert isinstance(done, Audit)
        return done


_LATE = 100
"""Lines before the last one that are looked through again."""

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Memory:
    """What may be forgotten and is read again: the alias table, the decisions up to a line, the last moment that was given out."""

    table: AliasTable
    said: tuple[list[Decision], list[Decision]] = field(default_factory=lambda: ([], []))
    line: int = 0
    seen: set[int] = field(default_factory=set)
    held: Decisions = field(default_factory=Decisions)
    signed: Decisions = field(default_factory=Decisions)
    moment: datetime = _NEVER
    problem: str = ""
    in_place: InPlace | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """`folder` is the project's, that paths are relative to; `file` the decisions file (None: a shared database, which is exported)."""

    engine: Engine
    config: Config
    rules: RuleSet
    policy: Policy
    folder: Path
    file: Path | None
    inbox: Path
    memory: _Memory
    lease: float = 60.0
    clock: Callable[[], float] = time.time
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def table(self) -> AliasTable:
        """The alias table as it is now."""
        return self.memory.table

    def moment(self) -> str:
        """Now, as the log writes it; later than any moment before, whatever the clock says, so that the order of decisions is that of their times."""
        now = datetime.fromtimestamp(self.clock(), UTC)
        self.memory.moment = max(now, self.memory.moment + timedelta(microseconds=1))
        return self.memory.moment.isoformat(timespec="microseconds")

    @contextmanager
    def writing(self) -> Iterator[Link]:
        """A transaction; what it decided stands in the database and in the decisions file when it ends."""
        with self.lock:
            try:
                with rows.writing(self.engine) as link:
                    last = log.latest(link)
                    self.memory.moment = max(self.memory.moment, datetime.fromisoformat(last)) if last else self.memory.moment
                    yield link
            except BaseException:  # what was read of lines that were not kept is forgotten
                self.memory.line, self.memory.said, self.memory.seen = 0, ([], []), set()
                raise
            self.flush()

    @contextmanager
    def reading(self) -> Iterator[Link]:
        """A view of the store at one moment."""
        with rows.reading(self.engine) as link:
            yield link

    def flush(self) -> None:
        """Appends to the decisions file what is not in it yet. The database is written first: what a crash leaves between the two is put
        right at the next start, or at the next decision; `problem` says why the file cannot be written."""
        if self.file is None:
            return
        try:
            with rows.writing(self.engine) as link:  # the lock keeps a second desk on this store from appending the same lines
                waiting = log.unwritten(link)
                if waiting:
                    journal.append(self.file, *(json.loads(record) for _, record in waiting))
                    log.mark_written(link, [number for number, _ in waiting])
        except UsageError as error:
            self.memory.problem = f"{error}; the decisions are kept in the store and will be appended"
            return
        self.memory.problem = ""

    def repair(self) -> None:
        """Brings the decisions file and the store together: what stands in the one and not in the other is added there."""
        source = self.file or self.folder / decisions.NAME
        with rows.writing(self.engine) as link:
            found = []
            for number, record in journal.records(source):
                decisions.read_one(source, number, record)
                found.append(record)
            log.say(link, found, entry=0, written=True)
            known = {json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in found}
            log.mark_written(link, [number for number, record in log.unwritten(link) if record in known])
        self.flush()

    def decisions(self, link: Link) -> Decisions:
        """The decisions on findings that hold now."""
        self._read_on(link)
        return self.memory.held

    def sign_off(self, link: Link, sha: str) -> Decision | None:
        """The sign-off of the text with that hash."""
        self._read_on(link)
        return self.memory.signed.sign_off(sha)

    def _read_on(self, link: Link) -> None:
        with self.lock:
            memory = self.memory
            late = log.lines_after(link, memory.line - _LATE)  # another desk's lines may come in after ones with higher numbers
            fresh = [(number, record) for number, record in late if number not in memory.seen]
            for number, record in fresh:
                memory.seen.add(number)
                decision = decisions.read_one(Path("decisions"), number, json.loads(record))
                memory.said[decisions.of_text(decision)].append(decision)
                memory.line = max(memory.line, number)
            if fresh:
                memory.held, memory.signed = map(decisions.weigh, memory.said)

    @property
    def in_place(self) -> InPlace:
        """What audits one text at a time; to be used inside `writing`."""
        if self.memory.in_place is None:
            self.memory.in_place = InPlace(self.config, self.rules, self.memory.table)
        return self.memory.in_place

    def reload_aliases(self) -> None:
        """Reads the alias table anew."""
        self.memory.table = pipeline.alias_table(self.config)
        self.memory.in_place = None

    def free(self, link: Link, key: str, by: str, version: int | None, *, asked: str = "") -> Group:
        """The group, to be acted on by somebody who saw this version of it (None: any) and wants what `asked` says. NotFound, Held or Conflict
        where it is not to be."""
        group = rows.group(link, key, locked=True)
        if group is None:
            raise NotFoundError("that finding is not here any more")
        left = group.held_until - self.clock()
        if group.held_by not in ("", by) and left > 0:
            raise HeldError(group.held_by, left)
        if version is not None and group.version != version:
            last = next((entry.said for entry in log.history(link, group_key=key, most=1)), "")
            raise ConflictError(
                f"{group.changed_by or 'somebody'} was quicker: the finding on “{group.text}” has changed",
                by=group.changed_by,
                at=group.changed_at,
                now=last or _standing(group),
                asked=asked,
                version=group.version,
            )
        return group

    def free_text(self, link: Link, path: str, version: int, *, at: int = 0, asked: str = "") -> Text:
        """The same for a text, in which `asked` is wanted in the paragraph at `at`."""
        text = self.text(link, path)
        text = rows.text_by_id(link, text.id, locked=True)
        if text.version != version:
            raise ConflictError(
                f"{text.changed_by or 'somebody'} has changed {path} meanwhile",
                by=text.changed_by,
                at=text.changed_at,
                now=_paragraph(text.working, at) if asked else text.working,
                asked=asked,
                version=text.version,
            )
        return text

    def text(self, link: Link, path: str) -> Text:
        """A text of this run by its name; NotFound where there is none."""
        found = rows.text(link, path)
        if found is None or not found.active:
            raise NotFoundError(f"there is no text “{path}” here")
        return found


def project(
    engine: Engine,
    config: Config,
    rules: RuleSet,
    policy: Policy,
    *,
    folder: Path,
    file: Path | None,
    inbox: Path,
    lease: float,
    clock: Callable[[], float] = time.time,
) -> Project:
    """A project with the alias table as its files have it now."""
    return Project(engine, config, rules, policy, folder, file, inbox, _Memory(pipeline.alias_table(config)), lease, clock)


def _paragraph(text: str, at: int) -> str:
    place = min(at, len(text))
    whole = paragraph(text, Span(place, place))
    return text[whole.start : whole.end]


def _standing(group: Group) -> str:
    counts = ((group.open, "open"), (group.fixed, "fixed"), (group.dismissed, "dismissed"), (group.query, "a question to the source"))
    return ", ".join(f"{number} {name}" for number, name in counts if number)
