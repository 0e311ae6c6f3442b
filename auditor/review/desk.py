"""The desk: everything that the page may ask and do, over one project; safe to be called from several threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from auditor import pipeline
from auditor.config import Config, is_given
from auditor.errors import UsageError
from auditor.io.read import read
from auditor.policy import decisions
from auditor.policy.settle import Policy
from auditor.review import deciding, filling, inbox, marking, naming, output, showing, standing, undoing
from auditor.review.filling import Audited, Read
from auditor.review.looking import Looker, News, Sources
from auditor.review.model import Choices, Counts, Detail, Done, Filters, NotFoundError, Page, TextRow, TextView, Written
from auditor.review.project import Project, project
from auditor.review.store import rows
from auditor.review.store.tables import opened
from auditor.types import Document, Failure, Span

STORE = Path(".auditor") / "review.sqlite"
"""The working store of a project, from its folder."""

_PATIENCE = 10.0
"""Seconds that a look which is running gets when the page is left."""

Given = ParamSpec("Given")


def _ours(path: str) -> Path:
    return Path(path) if Path(path).is_dir() else Path(path).parent


def open_desk(
    config: Config,
    paths: Sequence[str],
    *,
    audited: Audited,
    policy: Policy,
    again: Audited | None = None,
    database: str = "",
    password: str = "",
    passfile: Path | None = None,
    inbox: Path | None = None,
    progress: Callable[[str], None] | None = None,
    lease_seconds: float = 60.0,
) -> Desk:
    """Audits the texts of the paths and opens the desk on them; what was decided in an earlier run holds.

    `audited` does so now, `again` whenever the folder is looked at again, in a thread beside the page (the same unless told otherwise).
    The store is `.auditor/review.sqlite` in the project's folder, or the database at a postgresql:// address, whose password is not in it.
    """
    folder = config.folder or Path()
    engine = opened(database, file=folder / STORE, password=password, passfile=passfile)
    rules, _ = pipeline.rule_set(config)
    file = None if database else folder / decisions.NAME
    box = inbox or _ours(paths[0])
    work = project(engine, config, rules, policy, folder=folder, file=file, inbox=box, lease=lease_seconds)
    base = Path() if config.folder is None or is_given(config, "exclude") else config.folder

    def texts(further: Sequence[str] = ()) -> Iterator[Document | Failure]:
        return read((*paths, *further), exclude=config.exclude, base=base, limit=config.max_bytes)

    try:
        work.repair()
        first = filling.fill(work, _announced(filling.at_work(work, texts()), progress), audited)
        with work.writing() as link:
            standing.settle(work, link)
    except BaseException:
        engine.dispose()
        raise
    return Desk(work, Looker(work, Sources(tuple(paths), texts, again or audited), first))


def _announced(reads: Iterator[Read | Failure], progress: Callable[[str], None] | None) -> Iterator[Read | Failure]:
    for one in reads:
        if progress is not None and isinstance(one, Read):
            progress(one.name)
        yield one


def _told(action: Callable[Given, Done]) -> Callable[Given, Done]:
    """The action, which says where its decision could not be appended to the file."""

    @wraps(action)
    def told(*arguments: Given.args, **options: Given.kwargs) -> Done:
        done = action(*arguments, **options)
        desk = arguments[0]
        assert isinstance(desk, Desk)
        problem = desk.project.memory.problem
        return replace(done, refused=(*done.refused, problem)) if problem else done

    return told


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that can be asked and done; without a `looker` the folder is not looked at again.

    Every action takes who acts (`by`) and the version of what was seen. ConflictError: it has changed since; HeldError: somebody else is on it;
    NotFoundError: it is not there (any more); any other AuditorError says what is wrong with what was asked.
    """

    project: Project
    looker: Looker | None = None

    def close(self) -> None:
        """Lets the store go, after a look that is running."""
        if self.looker is not None:
            self.looker.wait(_PATIENCE)
        self.project.engine.dispose()

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The files that cannot be read."""
        return self.news.failures

    @property
    def news(self) -> News:
        """What looking at the folder again has brought."""
        return self.looker.news if self.looker is not None else News()

    def look(self, by: str, wait: float = 0.0, *, asked: bool = True) -> News:
        """Looks at the folder again, in a thread of its own; what has come of it after so many seconds. Unasked it says only what has changed."""
        if self.looker is None:
            raise UsageError("this page cannot look at its folder again")
        self.looker.begin(by, asked=asked)
        self.looker.wait(wait)
        return self.news

    def queue(self, filters: Filters, after: str | None, limit: int) -> Page:
        """A stretch of the queue, the gravest and surest first; `after` is the key of the last item before it."""
        return showing.page(self.project, filters, after, limit)

    def item(self, key: str, by: str = "") -> Detail:  # noqa: ARG002  who asks may matter to another store
        """Everything on one group."""
        return showing.detail(self.project, key)

    def choices(self) -> Choices:
        """What the filters may be set to."""
        return showing.choices(self.project)

    def progress(self, filters: Filters) -> Counts:
        """How much of what fits the filters (but for the state) is settled."""
        return showing.progress(self.project, filters)

    def texts(self) -> tuple[TextRow, ...]:
        """Every text with its counts."""
        return showing.text_rows(self.project)

    def text(self, path: str) -> TextView:
        """A text as it stands, audited anew where it was edited since."""
        with self.project.reading() as link:
            found = self.project.text(link, path)
        if found.stale:
            self.check(path)
        with self.project.reading() as link:
            return showing.view(self.project, link, self.project.text(link, path))

    @_told
    def accept(self, key: str, version: int, by: str, text: str, places: Sequence[int] = ()) -> Done:
        """Prints `text` at the open places of a group, or at those that are given; an empty text cuts them."""
        return deciding.accept(self.project, key, version, by, text, places)

    @_told
    def dismiss(self, key: str, version: int, by: str, scope: str = "here", note: str = "", places: Sequence[int] = ()) -> Done:
        """Lets a finding stand: at its open places or those given, wherever these words stand in the same texts, or everywhere."""
        return deciding.decide(self.project, key, version, by, "dismissed", scope, note, places)

    @_told
    def query(self, key: str, version: int, by: str, note: str = "", places: Sequence[int] = ()) -> Done:
        """Puts a finding as a question to the source."""
        return deciding.decide(self.project, key, version, by, "query", "here", note, places)

    @_told
    def settle_passage(self, path: str, version: int, by: str, start: int, end: int, verdict: str, note: str = "") -> Done:
        """Settles all that is open from `start` to `end` of a text in one entry: dismissed or query."""
        return deciding.passage(self.project, path, version, by, Span(start, end), verdict, note)

    @_told
    def reopen(self, key: str, version: int, by: str, places: Sequence[int] = ()) -> Done:
        """Takes back what settled a group, whoever did it."""
        return undoing.reopen(self.project, key, version, by, places)

    @_told
    def undo(self, by: str) -> Done:
        """Takes back the last thing that somebody did."""
        return undoing.undo(self.project, by)

    @_told
    def comment(self, key: str, by: str, text: str) -> Done:
        """A remark on a group."""
        return marking.comment(self.project, key, by, text)

    @_told
    def edit(self, path: str, version: int, by: str, start: int, end: int, text: str, key: str = "", shown: tuple[int, str] | None = None) -> Done:
        """Prints `text` instead of what stands from `start` to `end`, and audits the text again. `shown`: the words that the editor had before
        her, with their place: nothing is done where others stand there."""
        return deciding.edit(self.project, path, version, by, Span(start, end), text, key, shown)

    @_told
    def missed(self, path: str, version: int, by: str, start: int, end: int, category: str, severity: str, note: str = "") -> Done:
        """Marks an error of the translation that no rule found."""
        return marking.missed(self.project, path, version, by, Span(start, end), category, severity, note)

    @_told
    def sign_off(self, path: str, version: int, by: str) -> Done:
        """Lets a text pass as it stands; void once it is edited."""
        return marking.sign_off(self.project, path, version, by)

    @_told
    def alias(self, key: str, by: str, canonical: str, surface: str, kind: str = "person") -> Done:
        """Teaches the project's alias table that `surface` is to be printed as `canonical`; texts that hold it are audited again."""
        return naming.alias(self.project, key, by, canonical, surface, kind)

    def lease(self, key: str, by: str) -> None:
        """Takes a group for a while. HeldError where somebody else has it."""
        work = self.project
        with work.lock, rows.writing(work.engine) as link:
            now = work.clock()
            if not rows.hold(link, key, by, now=now, until=now + work.lease):
                work.free(link, key, by, None)
                raise NotFoundError("that finding is not here any more")

    def heartbeat(self, key: str, by: str) -> None:
        """Keeps it. HeldError where it has gone to somebody else meanwhile."""
        self.lease(key, by)

    def release(self, key: str, by: str) -> None:
        """Lets it go."""
        with self.project.lock, rows.writing(self.project.engine) as link:
            rows.let_go(link, key, by)

    def add(self, name: str, data: bytes, source_lang: str, by: str) -> str:
        """Keeps pasted or dropped copy in the inbox and audits it; the name of the text. It is audited once more as the start audits, by a look."""
        added = inbox.add(self.project, name, data, source_lang, by)
        if self.looker is not None:
            self.looker.begin(by)
        return added

    @_told
    def check(self, path: str) -> Done:
        """Audits a text again as it stands, without the language model."""
        with self.project.writing() as link:
            merged = filling.check(self.project, link, self.project.text(link, path))
            for key in sorted(merged.keys - {""}):
                rows.advance(link, key, "", self.project.moment())
            return Done(f"{path} was audited again: {merged.came} new", merged.came)

    def idle(self) -> bool:
        """Audits one text that was edited since it was audited; whether more are left."""
        work = self.project
        with work.lock:
            with work.reading() as link:
                number = rows.stale(link)
            if number is None:
                work.in_place.warm()
                return False
            with work.writing() as link:
                filling.check(work, link, rows.text_by_id(link, number, locked=True))
        return True

    def diff(self) -> str:
        """What writing would change."""
        return output.diff(self.project)

    def write(self, out: Path | None, backup: bool) -> Written:  # noqa: FBT001  one flag of a form
        """Writes the corrected files in their place or into a folder."""
        return output.write(self.project, out, backup=backup)

    def changes(self, form: str) -> str:
        """What was settled and edited, as csv or html."""
        return output.changes(self.project, form)

    def export(self) -> bytes:
        """Every decision as a line of decisions.jsonl."""
        return output.export(self.project)

    @_told
    def import_(self, data: bytes, by: str) -> Done:
        """Decisions made elsewhere."""
        return output.take_in(self.project, data, by)
