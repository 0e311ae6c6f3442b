"""Runs a stage over many items, here or in several processes; the only file that knows of parallelism."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Generic, Protocol, TypeVar

Item = TypeVar("Item", contravariant=True)
Result = TypeVar("Result", covariant=True)
T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol[Item, Result]):
    """Maps the stage that it was made for over items, in order."""

    def map(self, items: Sequence[Item]) -> Iterator[Result]:
        """One result an item, in the order of the items."""

    def close(self) -> None:
        """Gives back what it holds."""


class Serial(Generic[T, R]):
    """In this process. `build` is called once, at the first item."""

    def __init__(self, build: Callable[[], Callable[[T], R]]) -> None:
        self._build = build
        self._stage: Callable[[T], R] | None = None

    def map(self, items: Sequence[T]) -> Iterator[R]:
        """One result an item, in order."""
        stage = self._stage = self._stage or self._build()
        yield from (stage(item) for item in items)

    def close(self) -> None:
        """Holds nothing."""


_stage: Callable[[Any], Any] | None = None


def _install(build: Callable[[], Callable[[Any], Any]]) -> None:
    """In a new worker: builds the stage once, leaves Ctrl-C to the parent, and ends with it."""
    global _stage
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    _stage = build()


def _follow() -> None:
    """Ends this worker once its parent is gone: one that was killed cannot send its workers home."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _apply(item: Any) -> Any:  # noqa: ANN401 (items and results are whatever the stage takes and gives)
    assert _stage is not None
    return _stage(item)


class Processes(Generic[T, R]):
    """In `jobs` processes, started at the first call; `build`, items and results are pickled, errors are raised here."""

    def __init__(self, build: Callable[[], Callable[[T], R]], *, jobs: int) -> None:
        self._build = build
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def map(self, items: Sequence[T]) -> Iterator[R]:
        """One result an item, in order."""
        if self._pool is None:
            # spawn: the parent may hold the threads of a language model, which a fork would copy in an unknown state
            self._pool = ProcessPoolExecutor(
                self._jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_install, initargs=(self._build,)
            )
        yield from self._pool.map(_apply, items, chunksize=max(1, len(items) // (4 * self._jobs)))

    def close(self) -> None:
        """Stops the processes; what is queued is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local(build: Callable[[], Callable[[T], R]], *, jobs: int) -> Executor[T, R]:
    """The executor for `jobs` processes; 1 stays in this process."""
    return Serial(build) if jobs <= 1 else Processes(build, jobs=jobs)
