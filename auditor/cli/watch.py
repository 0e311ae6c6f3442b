"""`--watch`: the audit again whenever a text, a sidecar or a setting has changed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path

from auditor import config as configuration
from auditor.cli.auditing import Request, audit
from auditor.cli.rendering import outputs
from auditor.cli.say import complain, say
from auditor.cli.settings import resolve
from auditor.errors import AuditorError, UsageError
from auditor.io.files import SOURCE_TEXT, find
from auditor.io.read import READERS, STDIN

_PAUSE = 0.4

Stamps = Mapping[Path, tuple[int, int]]
"""When each file was last changed, and its size."""


def watch(request: Request, *, changes: Callable[[Callable[[], Stamps]], Iterator[None]] | None = None) -> int:
    """Audits at once and at every change, until interrupted (130). What is wrong with a setting is said, and may be put right meanwhile."""
    paths = request.paths or []
    if STDIN in paths or request.files_from is not None or not paths:
        raise UsageError("--watch needs files or folders on the command line: standard input and lists do not change")
    own = {path.resolve() for _, path in outputs(request.output_format, request.output_file, request.report or (), request.color) if path is not None}
    code = 0
    for _ in (changes or _polled)(lambda: stamps(request, own)):
        if sys.stdout.isatty():
            sys.stdout.write("\x1b[2J\x1b[H")
        try:
            code = audit(request)
        except AuditorError as error:
            complain(str(error))
            code = 2
        say(f"watching {len(stamps(request, own))} files; interrupt to stop", quiet=request.quiet)
    return code


def _polled(look: Callable[[], Stamps]) -> Iterator[None]:
    """Once, and whenever what is looked at has changed and come to rest."""
    seen = look()
    yield
    while True:
        time.sleep(_PAUSE)
        now = look()
        if now != seen:
            while (now := look()) != seen:
                seen = now
                time.sleep(_PAUSE)
            yield


def stamps(request: Request, own: Set[Path]) -> Stamps:
    """The files that the audit rests on, less the reports that it writes itself."""
    found: dict[Path, tuple[int, int]] = {}
    for path in _files(request):
        try:
            status = path.stat()
        except OSError:
            continue  # gone since it was listed
        if path.resolve() not in own:
            found[path] = status.st_mtime_ns, status.st_size
    return found


def _files(request: Request) -> Iterator[Path]:
    config = request.config or (None if request.isolated else configuration.find(Path.cwd()))
    folder = config.parent if config is not None else Path()
    yield from (path for path in (config, folder / ".auditor-baseline.json") if path is not None)
    yield from (path for path in (folder / ".auditor").rglob("*") if path.is_file())
    exclude = _excluded(request)
    seen: set[tuple[int, int]] = set()
    for name in request.paths or ():
        for found in find(name, suffixes=tuple(READERS), exclude=exclude, base=folder, seen=seen):
            if isinstance(found, str):
                path = Path(found)
                beside = (path.with_name(f"{name}{end}") for name in (path.stem, path.name) for end in (".meta.json", SOURCE_TEXT))
                yield from (path, *beside)


def _excluded(request: Request) -> tuple[str, ...]:
    try:
        return resolve({"exclude": request.exclude}, config_file=request.config, isolated=request.isolated).exclude
    except AuditorError:
        return ()  # said by the audit itself
