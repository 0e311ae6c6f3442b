"""`auditor config`: every setting, its value, and where it came from."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.cli import options as o


def config(
    path: Annotated[str | None, typer.Argument(metavar="PATH", help="Show what holds for this file, overrides included.", show_default=False)] = None,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
) -> int:
    """Print every setting, its value, and where it came from."""
    from auditor.cli.settings import listing, resolve

    print("\n".join(listing(resolve({}, config_file=config, isolated=isolated, paths=[path] if path else []), path)))
    return 0
