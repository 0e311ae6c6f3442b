"""Writes the reports of a run to standard output and to files."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from auditor.cli.say import hang_up
from auditor.errors import UsageError, nearest
from auditor.io.write import write
from auditor.report import FORMATS, Options
from auditor.types import Report, Rule


def outputs(name: str, file: Path | None, further: Sequence[str], color: str) -> list[tuple[str, Path | None]]:
    """Formats and where each goes; None is standard output. UsageError for what cannot be written."""
    wanted = [(name, file)]
    for item in further:
        named, equals, path = item.partition("=")
        if not equals or not path:
            raise UsageError(f"--report takes FORMAT=PATH, not “{item}”")
        wanted.append((named, None if path == "-" else Path(path)))
    for named, _ in wanted:
        if named not in FORMATS:
            raise UsageError(f"there is no format “{named}”{nearest(named, FORMATS)}; there are {', '.join(FORMATS)}")
    paths = [path for _, path in wanted]
    twice = next((path for path in paths if paths.count(path) > 1), False)
    if twice is not False:
        raise UsageError(f"two reports go to {twice or 'standard output'}; name a file for one: --report FORMAT=PATH")
    if color not in ("auto", "always", "never"):
        raise UsageError(f"--color is auto, always or never, not “{color}”")
    return wanted


def render(name: str, path: Path | None, report: Report, rules: Mapping[str, Rule], *, color: str, verbose: bool, decided: bool) -> None:
    """One report; a file is replaced as a whole or not at all."""
    on_terminal = path is None and sys.stdout.isatty()
    columns = os.get_terminal_size(sys.stdout.fileno()).columns if on_terminal else 100
    colour = color == "always" or (color == "auto" and on_terminal and "NO_COLOR" not in os.environ)
    options = Options(colour=colour, width=max(40, columns), verbose=verbose, decided=decided, rules=rules, root=Path.cwd().as_posix())
    chunks = FORMATS[name](report, options)
    if path is not None:
        write(path, chunks)
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.stdout.writelines(chunks)
        sys.stdout.flush()
    except BrokenPipeError:
        hang_up()  # the reader has gone (head, less); the other reports and the exit code are still due
