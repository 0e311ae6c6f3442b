"""`auditor aliases`: looks into the table of names, and checks it."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.cli import options as o

app = typer.Typer(help="The table of names: list it, check it.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(
    containing: Annotated[str | None, typer.Argument(metavar="TEXT", help="Only entities with this in a form.", show_default=False)] = None,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
) -> int:
    """List the entities: canonical form, kind, region, other languages' spellings."""
    from auditor import pipeline
    from auditor.cli.settings import resolve

    wanted = (containing or "").casefold()
    for entity in pipeline.alias_table(resolve({}, config_file=config, isolated=isolated)).entities:
        form = entity.full
        foreign = {code: (*form.variants.get(code, ()), *form.only.get(code, ())) for code in sorted({*form.variants, *form.only})}
        spelled = "; ".join(f"{code}: {', '.join(surfaces)}" for code, surfaces in foreign.items())
        line = f"{form.canonical}  ({entity.kind}{', ' + entity.region if entity.region else ''})  {spelled}"
        if wanted in f"{entity.id} {' '.join(form.right)} {line}".casefold():
            print(line.rstrip())
    return 0


@app.command()
def lint(config: o.ConfigFile = None, isolated: o.Isolated = False) -> int:
    """Check the tables; exit 1 when something is doubtful, 2 when a table cannot be read."""
    from auditor import pipeline
    from auditor.cli.settings import resolve
    from auditor.names.aliases import lint as doubts

    table = pipeline.alias_table(resolve({}, config_file=config, isolated=isolated))
    problems = doubts(table)
    for problem in problems:
        print(f"{problem.path}: [{problem.entity}] {problem.text}")
    print(f"{len(table)} entities, {len(problems)} doubtful")
    return 1 if problems else 0
