"""`auditor evaluate`: how often each rule fires on labelled texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import options as o


def evaluate(
    data: Annotated[list[Path], typer.Argument(metavar="FILE…", help="JSON lines with text or segments, label and src_lang.")],
    tags: Annotated[str, typer.Option(metavar="CODES", help="Source languages that native texts are tagged with in turn.")] = "de,fr",
    select: o.Select = None,
    ignore: o.Ignore = None,
    model: o.Model = None,
    offline: o.Offline = False,
    jobs: o.Jobs = None,
    output_file: o.OutputFile = None,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
    quiet: o.Quiet = False,
) -> int:
    """Count how often each rule fires on machine output, human translations and native English."""
    from auditor import pipeline
    from auditor.cli.modelling import fluency
    from auditor.cli.settings import resolve
    from auditor.errors import UsageError
    from auditor.evaluate.rates import table, tally
    from auditor.evaluate.rows import rows
    from auditor.types import Audit

    flags = {"select": select, "ignore": ignore, "model": model, "offline": True if offline else None, "jobs": jobs}
    settings = resolve(flags, config_file=config, isolated=isolated)
    rules, _ = pipeline.rule_set(settings)
    codes = [code for code in tags.split(",") if code]
    labels: list[str] = []

    def documents() -> pipeline.Documents:
        for path in data:
            for label, document in rows(path, tags=codes):
                labels.append(label)
                yield document

    with fluency(settings, quiet=quiet) as loaded:
        done = pipeline.audits(settings, documents(), rules=rules, table=pipeline.alias_table(settings), fluency=loaded)
        counted = tally((labels[number], audit) for number, audit in enumerate(done) if isinstance(audit, Audit))
        page = "\n".join(table(counted, tuple(rules), pipeline.signature(rules, loaded), data=[path.name for path in data])) + "\n"
    if output_file is None:
        print(page, end="")
    else:
        try:
            output_file.write_text(page, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{output_file}: cannot be written ({error.strerror})") from error
    return 0
