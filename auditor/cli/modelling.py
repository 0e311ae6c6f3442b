"""Opens the language model of a run, fetching it the first time; a model that cannot be had leaves a run that says so."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.say import say
from auditor.cli.settings import cache_folder, machine
from auditor.config import Config
from auditor.errors import ModelError
from auditor.lm import Fluency

if TYPE_CHECKING:  # numpy and all that a model needs are imported where one is opened: a gate without a model starts without them
    from auditor.edits.weigh import Scales
    from auditor.fluency.manifest import Manifest
    from auditor.fluency.scorer import Scorer
    from auditor.learned.eye import Eye
    from auditor.results import Results


@dataclass(frozen=True, slots=True)
class _Known:
    """What an earlier run knew of a model, and the files that it came from: path, size, time."""

    signature: str
    blind: str
    files: tuple[tuple[str, int, int], ...]


@contextmanager
def remembered(config: Config, *, quiet: bool) -> Iterator[Results | None]:
    """What earlier runs found; None with `--no-cache`."""
    if not config.cache:
        yield None
        return
    from auditor.fluency import manifest
    from auditor.results import Results

    results = Results(cache_folder() / "results.sqlite", config, models=manifest.folder())
    for notice in results.notices:
        say(f"note: {notice}", quiet=quiet)
    try:
        yield results
    finally:
        results.close()


@contextmanager
def fluency(config: Config, *, quiet: bool, results: Results | None = None) -> Iterator[Fluency]:
    """The model named in the settings with its cache and calibration; closed at the end.

    With `results` that know the model it is opened when a text has to be scored. DataError for a name that no manifest has; a model that cannot be
    fetched or run comes back as `missing`, with the reason.
    """
    if config.model == "none":
        yield Fluency(missing="not scored (--model none)")
        return
    about = ("model", str(Path(config.model).resolve()) if _is_folder(config.model) else config.model, machine())
    known = results.recall(_Known, *about) if results else None
    with ExitStack() as stack:

        @cache
        def opened() -> Fluency:
            return stack.enter_context(_opened_fluency(config, quiet=quiet))

        if known is not None and all(_stood(path) == (path, size, time) for path, size, time in known.files):
            yield Fluency(blind=known.blind, known=known.signature, opening=opened)
            return
        found = opened()
        if results and found.scorer is not None:
            results.keep(_Known(found.signature, found.blind, _model_files(config)), *about)
        yield found


def _stood(path: str) -> tuple[str, int, int] | None:
    """What tells that a file is the one that it was."""
    try:
        told = Path(path).stat()
    except OSError:
        return None
    return path, told.st_size, told.st_mtime_ns


def _model_files(config: Config) -> tuple[tuple[str, int, int], ...]:
    """The files of a model that is in use."""
    from auditor.fluency import manifest, pull

    place = Path(config.model).resolve() if _is_folder(config.model) else pull.target(manifest.manifest(config.model), cache_folder())
    paths = sorted(path for path in place.iterdir() if path.is_file()) if place.is_dir() else [place]
    return tuple(told for path in paths if (told := _stood(str(path))))


@contextmanager
def _opened_fluency(config: Config, *, quiet: bool) -> Iterator[Fluency]:
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
        yield Fluency(scorer, chosen.calibration if chosen else None, cache, eye=seeing, blind=blind, scales=_scales(seeing))
    finally:
        scorer.close()
        if cache:
            cache.close()


def _eye(chosen: Manifest) -> Eye | None:
    """The learned eye, where it was trained on that language model."""
    from auditor.learned import eye

    found = eye.load(eye.path())
    return found if found.reads(f"{chosen.name}@{chosen.revision}") else None


def _scales(seeing: Eye | None) -> Scales | None:
    """By what edits are weighed, where there is an eye of the same language model."""
    if seeing is None:
        return None
    from auditor.edits import weigh

    found = weigh.load(weigh.path())
    return found if found.reads(seeing.model) else None


def _is_folder(name: str) -> bool:
    return "/" in name or Path(name).is_dir()


def _opened(place: Path, folder: Path, *, quiet: bool) -> Scorer:
    from auditor.fluency import load

    return load.load_folder(place, cache=folder, said=lambda line: say(line, quiet=quiet))


def _fetched(chosen: Manifest, folder: Path, config: Config, seeing: Eye | None, *, quiet: bool) -> Scorer:
    from auditor.edits.hints import LAYER
    from auditor.fluency import load, pull
    from auditor.learned.words import LAYERS

    with bar(f"fetching {chosen.name}", quiet=quiet) as progress:
        path = pull.pull(chosen, folder, offline=config.offline, progress=progress)
    return load.load(chosen, path, cache=folder, layers=(*LAYERS, LAYER) if seeing else (), said=lambda line: say(line, quiet=quiet))


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
