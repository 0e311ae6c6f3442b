"""`auditor baseline`: takes the findings of today's copy as known, so that the gate speaks of what comes after."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli import options as o

if TYPE_CHECKING:
    from auditor.cli.auditing import Audited
    from auditor.types import Finding

app = typer.Typer(help="The findings to live with: write them down, keep them current.", no_args_is_help=True, rich_markup_mode=None)

Accept = Annotated[bool, typer.Option("--accept-new", help="Take in also findings that are new.")]
Force = Annotated[bool, typer.Option("--force", help="Write over a baseline that is there.")]


@app.command()
def create(
    paths: o.Paths = None,
    baseline: o.Baseline = None,
    source_lang: o.SourceLang = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    exclude: o.Exclude = None,
    model: o.Model = None,
    offline: o.Offline = False,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
    quiet: o.Quiet = False,
    force: Force = False,
) -> int:
    """Write down every finding of the copy as known."""
    from auditor.errors import UsageError

    path, done = _audited(locals(), known=False)
    if path.exists() and not force:
        raise UsageError(f"{path}: is there already; “auditor baseline update” keeps it current, --force writes it anew")
    return _written(path, done, accept_new=True)


@app.command()
def update(
    paths: o.Paths = None,
    baseline: o.Baseline = None,
    source_lang: o.SourceLang = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    exclude: o.Exclude = None,
    model: o.Model = None,
    offline: o.Offline = False,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
    quiet: o.Quiet = False,
    accept_new: Accept = False,
) -> int:
    """Bring it up to date: what is gone goes, what moved has its new file; exit 1, and nothing written, where findings are new."""
    from auditor.cli.say import say

    path, done = _audited(locals(), known=True)
    new = _found(done)
    if new and not accept_new:
        for finding in new:
            say(f"new: {finding.at.path}:{finding.at.line}:{finding.at.column} {finding.rule} {finding.message}")
        say(f"baseline: {len(new)} new, nothing written; mend them, or take them in with --accept-new")
        return 1
    return _written(path, done, accept_new=accept_new)


@app.command()
def prune(
    paths: o.Paths = None,
    baseline: o.Baseline = None,
    source_lang: o.SourceLang = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    exclude: o.Exclude = None,
    model: o.Model = None,
    offline: o.Offline = False,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
    quiet: o.Quiet = False,
) -> int:
    """Take out what is no longer found in the files that are read, or whose file is gone."""
    path, done = _audited(locals(), known=True)
    return _written(path, done, accept_new=False)


def _audited(given: Mapping[str, Any], *, known: bool) -> tuple[Path, Audited]:
    """The run that the baseline is made of, and its file; `given` holds the command's options, those of a Request under its own names.

    An error where a text could not be read, or the baseline is not there that has to be."""
    from auditor.cli.auditing import Request, run
    from auditor.cli.policing import baseline_file
    from auditor.errors import DataError, InputError

    request = Request(**{name: given[name] for name in given if name in Request.__dataclass_fields__})
    done = run(request, takes_baseline=known)
    path, _ = baseline_file(done.config)
    if known and done.policy.baseline is None:
        raise DataError(f"{path}: there is no such baseline; “auditor baseline create” writes it")
    if done.report.failures:
        first = done.report.failures[0]
        raise InputError(f"{first.path}: {first.reason}; nothing written: a baseline speaks of every text")
    if not done.report.audits and not done.config.allow_empty:
        raise InputError("no file of copy was found; nothing written")
    return path, done


def _found(done: Audited) -> list[Finding]:
    """What the run reports as new."""
    return [*(finding for audit in done.report.audits for finding in audit.findings), *done.report.across]


def _written(path: Path, done: Audited, *, accept_new: bool) -> int:
    """Writes what the baseline knew and is still found, or stands in files that were not read, and what is new where that is accepted."""
    from auditor.cli.say import say
    from auditor.policy import baseline
    from auditor.policy.settle import places

    report, policy = done.report, done.policy
    decided = (*(finding for audit in report.audits for finding in audit.decided), *report.decided)
    kept = [finding for finding in decided if finding.status == "baseline"] + (_found(done) if accept_new else [])
    unread = baseline.unread(policy.baseline, policy.folder, [audit.path for audit in report.audits]) if policy.baseline else ()
    fresh = baseline.counted((*unread, *places(kept, policy.folder)), report.run.signature)
    baseline.write(path, fresh)
    gone = sum(number for *_, number in report.stale)
    out = f", {gone} taken out" if gone else ""
    say(f"baseline: {path}: {baseline.total(fresh)} findings in {len(report.audits)} texts{out}")
    return 0
