"""Performs an audit for the command line: settings, policy, documents, model, reports, exit code."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from auditor import pipeline
from auditor.cli.modelling import fluency, remembered
from auditor.cli.policing import Asked, log_override, policed
from auditor.cli.reading import documents
from auditor.cli.rendering import outputs, render
from auditor.cli.say import complain, say
from auditor.cli.settings import listing
from auditor.config import Config, bar
from auditor.errors import UsageError
from auditor.mqm.gate import notices, verdict
from auditor.policy.settle import Policy
from auditor.report import WITH_TEXT
from auditor.types import Document, Failure, Report, Rule

_MOST_NOTICES = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line; None and () where nothing was said."""

    paths: list[str] | None = None
    source_lang: str | None = None
    target_lang: str | None = None
    profile: str | None = None
    variant: str | None = None
    output_format: str = "terminal"
    output_file: Path | None = None
    report: list[str] | None = None
    select: list[str] | None = None
    ignore: list[str] | None = None
    fail_on: str | None = None
    min_score: float | None = None
    baseline: str | None = None
    strict_baseline: bool = False
    new_from: str | None = None
    policy_from: str | None = None
    show_decided: bool = False
    override: str | None = None
    by: str | None = None
    model: str | None = None
    sensitivity: str | None = None
    offline: bool = False
    jobs: int | None = None
    executor: str | None = None
    no_cache: bool = False
    config: Path | None = None
    isolated: bool = False
    exclude: list[str] | None = None
    force_exclude: bool = False
    files_from: str | None = None
    stdin_filename: str | None = None
    statistics: bool = False
    show_settings: bool = False
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False
    exit_zero: bool = False
    allow_empty: bool = False
    gate: bool = False

    def asked(self) -> Asked:
        """What it says of settings and of earlier decisions."""
        flags = {
            "source_lang": self.source_lang,
            "target_lang": self.target_lang,
            "profile": self.profile,
            "variant": self.variant,
            "select": self.select,
            "ignore": self.ignore,
            "gate_fail_on" if self.gate else "fail_on": self.fail_on,
            "gate_min_score" if self.gate else "min_score": self.min_score,
            "baseline": self.baseline,
            "model": self.model,
            "sensitivity": self.sensitivity,
            "offline": True if self.offline else None,
            "jobs": self.jobs,
            "executor": self.executor,
            "cache": False if self.no_cache else None,
            "exclude": self.exclude,
            "allow_empty": True if self.allow_empty else None,
        }
        return Asked(flags, self.paths or (), self.config, self.isolated, self.new_from, self.policy_from)


@dataclass(frozen=True, slots=True)
class Audited:
    """What came of a run, with what it rests on."""

    report: Report
    config: Config
    policy: Policy
    rules: Mapping[str, Rule]


def audit(request: Request) -> int:
    """The exit code of the contract: 0, 1 (the gate failed) or 2 (something could not be read)."""
    if (request.override is None) != (request.by is None) or not all(said is None or said.strip() for said in (request.override, request.by)):
        raise UsageError("--override needs a reason, and --by the name of whoever takes it on: --override REASON --by NAME")
    wanted = outputs(request.output_format, request.output_file, request.report or (), request.color)
    if request.show_settings:
        with policed(request.asked()) as (config, _):
            print("\n".join(listing(config)))
        return 0
    done = run(request, keep_documents=request.verbose or any(name in WITH_TEXT for name, _ in wanted))
    report, code = _judged(request, done)
    for name, path in wanted:
        render(name, path, report, done.rules, color=request.color, verbose=request.verbose, decided=request.show_decided)
    if request.statistics:
        _statistics(report)
    _say_verdict(request, report)
    return code


def run(request: Request, *, keep_documents: bool = False, takes_baseline: bool = True) -> Audited:
    """The audit itself, of what the request names; without the baseline where one is to be made."""
    if not request.paths and request.files_from is None:
        raise UsageError("which files? name files or folders of copy, or - for standard input")
    with ExitStack() as stack:
        config, policy = stack.enter_context(policed(replace(request.asked(), takes_baseline=takes_baseline)))
        if request.strict_baseline and policy.baseline is None:
            raise UsageError("--strict-baseline: there is no baseline; “auditor baseline create” writes it, --baseline names another")
        results = stack.enter_context(remembered(config, quiet=request.quiet))
        rules, warnings = pipeline.rule_set(config, results)
        for warning in warnings:
            say(f"warning: {warning}", quiet=request.quiet)
        named = {"files_from": request.files_from, "stdin_filename": request.stdin_filename}
        stream = _announce(documents(config, request.paths or [], **named, forced=request.force_exclude), quiet=request.quiet)
        model = stack.enter_context(fluency(config, quiet=request.quiet, results=results))
        report = pipeline.report(
            config,
            stream,
            rules=rules,
            fluency=model,
            keep_documents=keep_documents,
            notices=warnings,
            policy=policy,
            results=results,
        )
        return Audited(report, config, policy, pipeline.explained(report, rules, results))


def _judged(request: Request, done: Audited) -> tuple[Report, int]:
    """The report with the gate's verdict, and the exit code; an override is written down before anything is let pass."""
    config, report = done.config, done.report
    fail_on = config.gate_fail_on if request.gate else config.fail_on
    min_score = config.gate_min_score if request.gate else config.min_score
    reasons = verdict(report, fail_on=fail_on, min_score=min_score, own=partial(bar, config, gate=request.gate))
    if request.strict_baseline and report.stale:
        reasons += ("the baseline holds findings that are no longer found",)
    if request.override is not None and request.by is not None and reasons and not report.failures:
        log_override(config, reason=request.override, by=request.by, gate=reasons, paths=[audit.path for audit in report.audits])
        said = f"the gate was overridden by {request.by}: {request.override}; it would have failed: {'; '.join(reasons)}"
        report, reasons = replace(report, policy=(*report.policy, said)), ()
    if request.gate or reasons:
        report = replace(report, gate=reasons)
    if report.failures or (not report.audits and not config.allow_empty):
        return report, 2
    return report, 1 if reasons and not request.exit_zero else 0


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


def _statistics(report: Report) -> None:
    counts = Counter(finding.rule for item in report.audits for finding in item.findings)
    for rule, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        say(f"{count:6}  {rule}")


def _say_verdict(request: Request, report: Report) -> None:
    """What goes to standard error at the end: errors always, the verdict and its reasons, what else is to be known unless quiet."""
    for failure in report.failures:
        complain(f"{failure.path}: {failure.reason}")
    if not report.audits and not report.failures and not request.allow_empty:
        complain("no file of copy was found; --allow-empty makes that fine")
    for line in report.policy:
        say(line, quiet=request.quiet)
    if report.gate is None:
        return
    short = notices(report)
    for notice in short[:_MOST_NOTICES]:
        say(notice, quiet=request.quiet)
    if len(short) > _MOST_NOTICES:
        say(f"and {len(short) - _MOST_NOTICES:,} more are too short to judge", quiet=request.quiet)
    for reason in report.gate:
        say(f"gate: {reason}")
    count = len(report.audits)
    if report.gate:
        say(f"gate: failed ({len(report.gate)} reason{'s' * (len(report.gate) > 1)}, {count} document{'s' * (count != 1)})")
    elif report.failures:
        say("gate: not passed: a file could not be read", quiet=request.quiet)
    else:
        say(f"gate: passed ({count} document{'s' * (count != 1)})", quiet=request.quiet)
