"""Opens the language model of a run, fetching it the first time; a model that cannot be had leaves a run that says so."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.say import say
from auditor.cli.settings import cache_folder
from auditor.config import Config
from auditor.errors import ModelError
from auditor.pipeline import Fluency

if TYPE_CHECKING:  # numpy and all that a model needs are imported where one is opened: a gate without a model starts without them
    from auditor.fluency.manifest import Manifest
    from auditor.fluency.scorer import Scorer
    from auditor.learned.eye import Eye


@contextmanager
def fluency(config: Config, *, quiet: bool) -> Iterator[Fluency]:
    """The model named in the settings with its cache and calibration; closed at the end.

    DataError for a name that no manifest has; a model that cannot be fetched or run comes back as `missing`, with the reason.
    """
    if config.model == "none":
        yield Fluency(missing="not scored (--model none)")
        return
    from auditor.fluency import manifest
    from auditor.fluency.cache import Cache

    chosen = None if _is_folder(config.model) else manifest.manifest(config.model)
    folder = cache_folder()
    seeing = _eye(chosen) if chosen else None
    try:
        scorer = _opened(Path(config.model), folder, quiet=quiet) if chosen is None else _fetched(chosen, folder, config, seeing, quiet=quiet)
    except ModelError as error:
        say(f"warning: the language model cannot be used, fluency is not scored: {error}", quiet=quiet)
        yield Fluency(missing=f"not scored: {error}")
        return
    cache = Cache(folder / "scores.sqlite") if config.cache else None
    try:
        for notice in (*scorer.notices, *(cache.notices if cache else ())):
            say(f"note: {notice}", quiet=quiet)
        blind = "" if seeing else f"not used: it was not trained on {chosen.name if chosen else config.model}"
        yield Fluency(scorer, chosen.calibration if chosen else None, cache, eye=seeing, blind=blind)
    finally:
        scorer.close()
        if cache:
            cache.close()


def _eye(chosen: Manifest) -> Eye | None:
    """The learned eye, where it was trained on that language model."""
    from auditor.learned import eye

    found = eye.load(eye.path())
    return found if found.reads(f"{chosen.name}@{chosen.revision}") else None


def _is_folder(name: str) -> bool:
    return "/" in name or Path(name).is_dir()


def _opened(place: Path, folder: Path, *, quiet: bool) -> Scorer:
    from auditor.fluency import load

    return load.load_folder(place, cache=folder, said=lambda line: say(line, quiet=quiet))


def _fetched(chosen: Manifest, folder: Path, config: Config, seeing: Eye | None, *, quiet: bool) -> Scorer:
    from auditor.fluency import load, pull
    from auditor.learned.words import LAYERS

    with bar(f"fetching {chosen.name}", quiet=quiet) as progress:
        path = pull.pull(chosen, folder, offline=config.offline, progress=progress)
    return load.load(chosen, path, cache=folder, layers=LAYERS if seeing else (), said=lambda line: say(line, quiet=quiet))


@contextmanager
def bar(title: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar in bytes on standard error, drawn at its first step and on a terminal only; elsewhere one line says what is fetched."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    console = Console(file=sys.stderr)
    progress = Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), console=console, transient=True)
    task = progress.add_task(title, total=None)
    said = False

    def step(done: int, total: int) -> None:
        nonlocal said
        if not said:
            said = True
            if console.is_terminal and not quiet:
                progress.start()
            else:
                say(f"{title} ({total / 1e6:.0f} MB), once", quiet=quiet)
        progress.update(task, completed=done, total=total)

    try:
        yield step
    finally:
        progress.stop()
