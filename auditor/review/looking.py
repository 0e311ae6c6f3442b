"""Looks at the folder again while the page is open: what is new, what others changed, what is gone; one look at a time, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditor.errors import AuditorError
from auditor.report.phrasing import count
from auditor.review import filling
from auditor.review.filling import Audited, Filled, Read, State, stamp
from auditor.review.project import Project
from auditor.review.store import log, queue, rows
from auditor.types import Document, Failure

FRESH = 30.0
"""Seconds within which nobody needs to look again unasked."""

_NOTHING = "Nothing in the folder has changed."
_MOST_NAMES = 3
_OWN = 4
"""How many of the parts of a state are the text's own."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the texts come from: `read` gives those of the paths that the page was started with and of further files."""

    paths: tuple[str, ...]
    read: Callable[[Sequence[str]], Iterator[Document | Failure]]
    audited: Audited


@dataclass(frozen=True, slots=True)
class News:
    """What looks have brought: `running` while there is one, `said` in the order that it came, `failures` the files that cannot be read now."""

    running: bool = False
    said: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(slots=True)
class _Memory:
    states: Mapping[str, State]
    news: News
    thread: threading.Thread | None = None
    wanted: list[tuple[str, bool]] = field(default_factory=list)
    ended: float = field(default_factory=time.monotonic)


class Looker:
    """Holds the thread that looks, and what the texts were last audited as."""

    def __init__(self, project: Project, sources: Sources, first: Filled) -> None:
        self._project, self._sources = project, sources
        self._held = _Memory(first.states, News(failures=first.failures))
        self._lock = threading.Lock()

    @property
    def news(self) -> News:
        """What the looks up to now have brought."""
        return self._held.news

    def begin(self, by: str, *, asked: bool = True) -> None:
        """Looks, or where a look is running looks once more after it. Nobody `asked`: not where the last look has only just ended, and nothing is
        said where nothing has changed."""
        with self._lock:
            if not asked and (self._held.thread is not None or time.monotonic() - self._held.ended < FRESH):
                return
            self._held.wanted[:] = [(by, asked)]
            if self._held.thread is None:
                self._held.news = News(running=True, said=self.news.said, failures=self.news.failures)
                self._held.thread = threading.Thread(target=self._work, name="looks at the folder again", daemon=True)
                self._held.thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Waits for the look that is running, at most so long; whether none is running now."""
        thread = self._held.thread
        if thread is not None:
            thread.join(seconds)
        return not self.news.running

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._held.wanted:
                    self._held.news = News(said=self.news.said, failures=self.news.failures)
                    self._held.thread, self._held.ended = None, time.monotonic()
                    return
                by, asked = self._held.wanted.pop()
            try:
                said, failures = self._look(by)
            except AuditorError as error:
                said, failures = f"The folder could not be looked at again: {error}", self.news.failures
            except Exception as error:  # noqa: BLE001  a thread has nobody to raise it to: it is said, and the desk goes on
                said, failures = f"The folder could not be looked at again (an error of ours: {type(error).__name__}: {error})", self.news.failures
            with self._lock:
                self._held.news = News(running=True, said=(*self.news.said, *((said,) if asked or said != _NOTHING else ())), failures=failures)

    def _look(self, by: str) -> tuple[str, tuple[Failure, ...]]:
        """One look: what it brought in a sentence, and the files that cannot be read."""
        project, before = self._project, self._held.states
        with project.reading() as link:
            known = {one.path: one for one in rows.listed(link)}
            open_before = queue.counts(link).get("open", 0)
        further = sorted({one.file for one in known.values() if Path(one.file).exists()})  # the inbox may lie elsewhere
        reads = list(filling.at_work(project, self._sources.read(further)))
        texts = {one.name: one for one in reads if isinstance(one, Read)}
        unread = tuple(one for one in reads if isinstance(one, Failure))
        gone = {name: one for name, one in known.items() if name not in texts and not self._is_kept(one.file, unread)}
        failures = tuple(one for one in unread if Path(one.path).exists() or one.path in self._sources.paths)
        changed = [name for name, one in texts.items() if before.get(name, ())[:_OWN] != stamp(one)]
        if not (changed or gone):
            return _NOTHING, failures
        filled = filling.fill(project, reads, self._sources.audited, before=before, gone=[one.id for one in gone.values()])
        self._held.states = filled.states
        came = [name for name in changed if name not in known]
        others = [name for name in changed if name in known and texts[name].is_changed]
        said = _said(came, others, sorted(gone), [name for name, one in gone.items() if one.edited], filled.late)
        with project.writing() as link:
            more = queue.counts(link).get("open", 0) - open_before
            said += f" {count(more, 'more open place')}." if more > 0 else ""
            log.record(link, at=project.moment(), by=by, action="look", said=said, payload={})
        return said, failures

    def _is_kept(self, file: str, unread: Sequence[Failure]) -> bool:
        """Whether a text stays though it was not read: its file is there and could not be read, or the whole folder is out of reach."""
        if Path(file).exists():
            return any(one.path == file for one in unread)
        return any(not Path(path).exists() and Path(path) in Path(file).parents for path in self._sources.paths)


def _said(came: Sequence[str], others: Sequence[str], gone: Sequence[str], edited: Sequence[str], late: Sequence[str]) -> str:
    parts = [f"{count(len(came), 'text')} {_be(came)} new ({_names(came)})"] if came else []
    parts += [f"{count(len(others), 'text')} {'was' if len(others) == 1 else 'were'} changed by others ({_names(others)})"] if others else []
    parts += [f"{count(len(gone), 'text')} {_be(gone)} no longer there ({_names(gone)}); what was decided is kept"] if gone else []
    parts += [f"the edits of {_names(edited)} come back if the file does"] if edited else []
    parts += [f"{_names(late)} {'was' if len(late) == 1 else 'were'} edited meanwhile: look again"] if late else []
    return f"The folder was looked at again: {'; '.join(parts) or 'what was added or edited here was judged like the other texts'}."


def _be(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return f"{', '.join(names[:_MOST_NAMES])}{more}"
