"""`auditor audit` and `auditor gate`: one audit, two purposes, the same options."""

from __future__ import annotations

from collections.abc import Callable

from auditor.cli import options as o


def command(*, gate: bool) -> Callable[..., int]:
    """The command that reports (exit 0 unless asked otherwise), or the publication gate (exit 1 when a text may not pass)."""

    def perform(
        paths: o.Paths = None,
        source_lang: o.SourceLang = None,
        target_lang: o.TargetLang = None,
        profile: o.Profile = None,
        variant: o.Variant = None,
        output_format: o.Format = "terminal",
        output_file: o.OutputFile = None,
        report: o.Reports = None,
        select: o.Select = None,
        ignore: o.Ignore = None,
        fail_on: o.FailOn = None,
        min_score: o.MinScore = None,
        baseline: o.Baseline = None,
        strict_baseline: o.StrictBaseline = False,
        new_from: o.NewFrom = None,
        policy_from: o.PolicyFrom = None,
        show_decided: o.ShowDecided = False,
        override: o.OverrideReason = None,
        by: o.By = None,
        model: o.Model = None,
        sensitivity: o.Sensitivity = None,
        offline: o.Offline = False,
        jobs: o.Jobs = None,
        executor: o.Executor = None,
        no_cache: o.NoCache = False,
        config: o.ConfigFile = None,
        isolated: o.Isolated = False,
        exclude: o.Exclude = None,
        force_exclude: o.ForceExclude = False,
        files_from: o.FilesFrom = None,
        stdin_filename: o.StdinFilename = None,
        watch: o.Watch = False,
        statistics: o.Statistics = False,
        show_settings: o.ShowSettings = False,
        color: o.Colour = "auto",
        quiet: o.Quiet = False,
        verbose: o.Verbose = False,
        exit_zero: o.ExitZero = False,
        allow_empty: o.AllowEmpty = False,
    ) -> int:
        given = {**locals(), "gate": gate}  # typer knows a command by its signature: these are the fields of Request, name by name
        from auditor.cli.auditing import Request, audit
        from auditor.errors import UsageError

        if override is not None and not gate:
            raise UsageError("--override belongs to “auditor gate”: an audit holds nothing back")
        request = Request(**{name: given[name] for name in Request.__dataclass_fields__})
        if watch:
            from auditor.cli import watch as watching

            return watching.watch(request)
        return audit(request)

    return perform
