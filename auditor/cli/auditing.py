"""Performs an audit for the command line: settings, documents, model, report files, exit code."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor import pipeline
from auditor.cli.modelling import fluency
from auditor.cli.reading import documents
from auditor.cli.say import complain, hang_up, say
from auditor.cli.settings import listing, resolve
from auditor.config import Config
from auditor.errors import UsageError, nearest
from auditor.mqm.gate import verdict
from auditor.report import FORMATS, Options
from auditor.types import Document, Failure, Report, Rule


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line; None and () where nothing was said."""

    paths: list[str] | None
    source_lang: str | None
    target_lang: str | None
    profile: str | None
    variant: str | None
    output_format: str
    output_file: Path | None
    report: list[str] | None
    select: list[str] | None
    ignore: list[str] | None
    fail_on: str | None
    min_score: float | None
    model: str | None
    offline: bool
    jobs: int | None
    executor: str | None
    no_cache: bool
    config: Path | None
    isolated: bool
    exclude: list[str] | None
    files_from: str | None
    stdin_filename: str | None
    statistics: bool
    show_settings: bool
    color: str
    quiet: bool
    verbose: bool
    exit_zero: bool
    allow_empty: bool
    gate: bool

    def settings(self) -> Config:
        """The Config of this run."""
        flags = {
            "source_lang": self.source_lang,
            "target_lang": self.target_lang,
            "profile": self.profile,
            "variant": self.variant,
            "select": self.select,
            "ignore": self.ignore,
            "gate_fail_on" if self.gate else "fail_on": self.fail_on,
            "gate_min_score" if self.gate else "min_score": self.min_score,
            "model": self.model,
            "offline": True if self.offline else None,
            "jobs": self.jobs,
            "executor": self.executor,
            "cache": False if self.no_cache else None,
            "exclude": self.exclude,
            "allow_empty": True if self.allow_empty else None,
        }
        return resolve(flags, config_file=self.config, isolated=self.isolated)

    def outputs(self) -> list[tuple[str, Path | None]]:
        """Formats and where each goes; None is standard output. UsageError for a format that does not exist."""
        wanted = [(self.output_format, self.output_file)]
        for item in self.report or ():
            name, equals, path = item.partition("=")
            if not equals or not path:
                raise UsageError(f"--report takes FORMAT=PATH, not “{item}”")
            wanted.append((name, Path(path)))
        for name, _ in wanted:
            if name not in FORMATS:
                raise UsageError(f"there is no format “{name}”{nearest(name, FORMATS)}; there are {', '.join(FORMATS)}")
        if self.color not in ("auto", "always", "never"):
            raise UsageError(f"--color is auto, always or never, not “{self.color}”")
        return wanted


def audit(request: Request) -> int:
    """The exit code of the contract: 0, 1 (the gate failed) or 2 (something could not be read)."""
    config = request.settings()
    if request.show_settings:
        print("\n".join(listing(config)))
        return 0
    outputs = request.outputs()
    if not request.paths and request.files_from is None:
        raise UsageError("which files? name files or folders of copy, or - for standard input")
    rules, warnings = pipeline.rule_set(config)
    for warning in warnings:
        say(f"warning: {warning}", quiet=request.quiet)
    stream = documents(config, request.paths or [], files_from=request.files_from, stdin_filename=request.stdin_filename)
    keep = request.verbose or any(name in ("html", "terminal") for name, _ in outputs)
    with fluency(config, quiet=request.quiet) as model:
        report = pipeline.report(config, _announce(stream, quiet=request.quiet), rules=rules, fluency=model, keep_documents=keep, notices=warnings)
    for name, path in outputs:
        _write(name, path, report, _options(request, path, rules.by_id))
    if request.statistics:
        _statistics(report)
    return _exit_code(request, config, report)


def _announce(stream: Iterator[Document | Failure], *, quiet: bool) -> Iterator[Document | Failure]:
    """The stream; on a terminal with the name of the file that is being read, on one line that is wiped at the end."""
    live = sys.stderr.isatty() and not quiet
    for number, item in enumerate(stream, 1):
        if live:
            sys.stderr.write(f"\r\x1b[K{number}: {Path(item.path).name[:60]!r}")
            sys.stderr.flush()
        yield item
    if live:
        sys.stderr.write("\r\x1b[K")


def _options(request: Request, path: Path | None, rules: dict[str, Rule] | object) -> Options:
    assert isinstance(rules, dict)
    on_terminal = path is None and sys.stdout.isatty()
    auto = on_terminal and "NO_COLOR" not in os.environ
    columns = os.get_terminal_size(sys.stdout.fileno()).columns if on_terminal else 100
    colour = request.color == "always" or (request.color == "auto" and auto)
    return Options(colour=colour, width=max(40, columns), verbose=request.verbose, rules=rules)


def _write(name: str, path: Path | None, report: Report, options: Options) -> None:
    """Renders one report; a file is replaced as a whole or not at all."""
    chunks = FORMATS[name](report, options)
    if path is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        try:
            sys.stdout.writelines(chunks)
            sys.stdout.flush()
        except BrokenPipeError:
            hang_up()  # the reader has gone (head, less); the other reports and the exit code are still due
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(chunks)
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def _statistics(report: Report) -> None:
    counts = Counter(finding.rule for item in report.audits for finding in item.findings)
    for rule, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        say(f"{count:6}  {rule}")


def _exit_code(request: Request, config: Config, report: Report) -> int:
    fail_on = config.gate_fail_on if request.gate else config.fail_on
    min_score = config.gate_min_score if request.gate else config.min_score
    reasons = verdict(report, fail_on=fail_on, min_score=min_score)
    for failure in report.failures:
        complain(f"{failure.path}: {failure.reason}")
    if request.gate or reasons:
        _say_verdict(request, report, reasons)
    if report.failures:
        return 2
    if not report.audits and not config.allow_empty:
        complain("no file of copy was found; --allow-empty makes that fine")
        return 2
    return 1 if reasons and not request.exit_zero else 0


def _say_verdict(request: Request, report: Report, reasons: tuple[str, ...]) -> None:
    for reason in reasons:
        say(f"gate: {reason}")
    count = len(report.audits)
    if reasons:
        say(f"gate: failed ({len(reasons)} reason{'s' * (len(reasons) > 1)}, {count} document{'s' * (count != 1)})")
    elif report.failures:
        say("gate: not passed: a file could not be read", quiet=request.quiet)
    else:
        say(f"gate: passed ({count} document{'s' * (count != 1)})", quiet=request.quiet)
