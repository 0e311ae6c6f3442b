"""`auditor fix`: what can be mended without a person, as a diff or in the files."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.cli import options as o


def fix(
    paths: o.Paths = None,
    write: Annotated[bool, typer.Option("--write", help="Change the files; without it nothing is changed.")] = False,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="The first suggestion of every finding, deletions and rewordings too.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Print the diff also where files are changed.")] = False,
    source_lang: o.SourceLang = None,
    profile: o.Profile = None,
    variant: o.Variant = None,
    select: o.Select = None,
    ignore: o.Ignore = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME|none", help="The language model (none, unless with --unsafe: safe fixes do not ask it).")
    ] = None,
    offline: o.Offline = False,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
    exclude: o.Exclude = None,
    force_exclude: o.ForceExclude = False,
    files_from: o.FilesFrom = None,
    stdin_filename: o.StdinFilename = None,
    allow_empty: o.AllowEmpty = False,
    color: o.Colour = "auto",
    quiet: o.Quiet = False,
) -> int:
    """Print a diff of the safe fixes (exact names, typographic marks); --write makes them. All other bytes stay as they are."""
    from auditor.cli.fixing import Request, fix
    from auditor.cli.policing import Asked

    flags = {
        "source_lang": source_lang,
        "profile": profile,
        "variant": variant,
        "select": select,
        "ignore": ignore,
        "model": model if model is not None or unsafe else "none",
        "offline": True if offline else None,
        "exclude": exclude,
        "allow_empty": True if allow_empty else None,
    }
    return fix(
        Asked(flags, paths or (), config, isolated, takes_baseline=False),
        Request(
            paths=paths or [],
            files_from=files_from,
            stdin_filename=stdin_filename,
            forced=force_exclude,
            write=write,
            unsafe=unsafe,
            diff=diff or not write,
            color=color,
            quiet=quiet,
        ),
    )
