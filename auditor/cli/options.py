"""The options that several commands share, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[list[str] | None, typer.Argument(metavar="PATH…", help="Files and folders of copy; - reads standard input.", show_default=False)]
SourceLang = Annotated[str | None, typer.Option("--source-lang", "-s", metavar="CODE", help="The language that the texts were translated from.")]
TargetLang = Annotated[str | None, typer.Option(metavar="CODE", help="The language that they stand in (en).")]
Profile = Annotated[str | None, typer.Option(metavar="NAME", help="House style: which accepted forms of names are ours.")]
Variant = Annotated[str | None, typer.Option(metavar="en-US|en-GB", help="Spelling of the house.")]
Format = Annotated[
    str,
    typer.Option(
        "--output-format",
        "-f",
        metavar="FORMAT",
        help="terminal, concise, json, jsonl, sarif, github, gitlab, junit, checkstyle, rdjsonl, csv, markdown or html.",
    ),
]
OutputFile = Annotated[Path | None, typer.Option("--output-file", "-o", metavar="FILE", help="Write the report there instead of standard output.")]
Reports = Annotated[list[str] | None, typer.Option("--report", metavar="FORMAT=PATH", help="A further report of the same run; may be repeated.")]
Select = Annotated[list[str] | None, typer.Option("--select", metavar="RULE-GLOB", help="Only these rules (de-en/*, names/romanisation).")]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="RULE-GLOB", help="Not these rules.")]
FailOn = Annotated[str | None, typer.Option(metavar="SEVERITY", help="minor, major, critical or never: exit 1 from this severity on.")]
MinScore = Annotated[float | None, typer.Option(metavar="N", help="Exit 1 where a document scores below N of 100.")]
Baseline = Annotated[str | None, typer.Option(metavar="FILE", help="The findings to live with (.auditor-baseline.json, if it is there).")]
StrictBaseline = Annotated[bool, typer.Option("--strict-baseline", help="Fail also where the baseline holds what is no longer found.")]
NewFrom = Annotated[str | None, typer.Option(metavar="GITREF", help="Report only what the change since this revision brought.")]
PolicyFrom = Annotated[str | None, typer.Option(metavar="GITREF", help="Settings, baseline, aliases and decisions as they stood there.")]
ShowDecided = Annotated[bool, typer.Option("--show-decided", help="List also what was decided before (baseline, dismissed …).")]
OverrideReason = Annotated[str | None, typer.Option("--override", metavar="REASON", help="gate only: let the texts pass; it is written down.")]
By = Annotated[str | None, typer.Option(metavar="NAME", help="Who takes an override on.")]
Model = Annotated[str | None, typer.Option(metavar="NAME|none", help="The language model; none runs without.")]
Sensitivity = Annotated[str | None, typer.Option(metavar="low|normal|high", help="How much the learned eye reports.")]
Offline = Annotated[bool, typer.Option("--offline", help="Fetch nothing, whatever is missing.")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", metavar="N", min=0, help="Processes for detection (0: as many as pay).")]
Executor = Annotated[str | None, typer.Option(metavar="local", help="What runs them.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Score every sentence again.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="This configuration instead of the nearest one.")]
Isolated = Annotated[bool, typer.Option("--isolated", help="Read no configuration file and no environment.")]
Exclude = Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Files and folders to leave out.")]
ForceExclude = Annotated[bool, typer.Option("--force-exclude", help="Leave out also files that are named, where ignore files or --exclude say so.")]
FilesFrom = Annotated[str | None, typer.Option(metavar="FILE|-", help="Read the paths from a file, one a line.")]
StdinFilename = Annotated[str | None, typer.Option(metavar="NAME", help="What standard input is called in the report.")]
Watch = Annotated[bool, typer.Option("--watch", help="Stay, and do it again whenever a text or a setting changes.")]
Statistics = Annotated[bool, typer.Option("--statistics", help="Count findings by rule at the end.")]
ShowSettings = Annotated[bool, typer.Option("--show-settings", help="Print every setting and where it came from, and stop.")]
Colour = Annotated[str, typer.Option("--color", metavar="auto|always|never", help="Colour on the terminal.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No notices and no progress.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="More: evidence, and the score of every sentence.")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where findings or the score would make it 1.")]
AllowEmpty = Annotated[bool, typer.Option("--allow-empty", help="No matching file is fine.")]
