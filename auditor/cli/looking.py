"""How the page audits: at its start in this process, later, when it looks at its folder again, in one beside it, so that editors wait for nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

from auditor import pipeline
from auditor.cli.modelling import fluency
from auditor.cli.settings import cache_folder
from auditor.config import Config
from auditor.errors import UsageError
from auditor.fluency import manifest
from auditor.policy.settle import Policy
from auditor.results import Results
from auditor.review.filling import Audited
from auditor.run import Processes
from auditor.types import Document, Failure, Report

_AT_ONCE = 4
"""Texts that are audited before it is asked again whether the page is still there."""

Given = tuple[tuple[Document | Failure, ...], Policy]
Stage = Callable[[Given], Report]


def audited_here(config: Config, kept: Path | None) -> Audited:
    """In this process; the model is given back afterwards. What is found is kept in the cache, or in the folder `kept` where nothing may be."""

    def audited(texts: Iterator[Document | Failure], policy: Policy) -> Report:
        with _auditor(config, kept) as audit:
            return audit(texts, policy)

    return audited


def audited_aside(config: Config, kept: Path | None, stopped: threading.Event) -> Audited:
    """In a process of its own, a few texts at a time, so that a page that is left (`stopped`) need not wait for all of them."""

    def audited(texts: Iterator[Document | Failure], policy: Policy) -> Report:
        whole = tuple(texts)
        with closing(Processes[Given, Report](partial(_stage, config, kept), jobs=1)) as aside:
            for start in range(0, len(whole), _AT_ONCE):
                if stopped.is_set():
                    raise UsageError("the page was left")
                list(aside.map([(whole[start : start + _AT_ONCE], Policy())]))  # kept, and known to the run over all of them
            return next(aside.map([(whole, policy)]))

    return audited


def _stage(config: Config, kept: Path | None) -> Stage:
    """What the process beside the page does; it ends with its work."""
    audit = ExitStack().enter_context(_auditor(config, kept))
    return lambda given: audit(iter(given[0]), given[1])


@contextmanager
def _auditor(config: Config, kept: Path | None) -> Iterator[Callable[[Iterator[Document | Failure], Policy], Report]]:
    with ExitStack() as stack:
        results = stack.enter_context(closing(Results((kept or cache_folder()) / "results.sqlite", config, models=manifest.folder())))
        model = stack.enter_context(fluency(config, quiet=True, results=results))
        rules, _ = pipeline.rule_set(config, results)

        def audit(texts: Iterator[Document | Failure], policy: Policy) -> Report:
            return pipeline.report(config, texts, rules=rules, fluency=model, keep_documents=True, policy=policy, results=results)

        yield audit
