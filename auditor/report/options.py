"""What may be asked of a format beside the report itself: the only place for options of output."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from auditor.types import Report, Rule


@dataclass(frozen=True, slots=True)
class Options:
    """How a report is written.

    `colour`: escape codes for a terminal; `width`: its columns; `verbose`: evidence, and fluency sentence by sentence; `decided`: findings that
    were decided before (baseline, dismissed …) are listed too, else they are counted; `rules`: the rules of the run by id, for their reasons;
    `root`: the folder that files are named from where a format's readers take no full paths.
    """

    colour: bool = False
    width: int = 100
    verbose: bool = False
    decided: bool = False
    rules: Mapping[str, Rule] = field(default_factory=dict)
    root: str = ""


Format = Callable[[Report, Options], Iterator[str]]
"""A format: the report as chunks of text, in order, the last one ending with a line end."""
