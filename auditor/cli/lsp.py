"""`auditor lsp`: the language server on standard input and output, for editors to start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import options as o


def lsp(
    model: Annotated[str, typer.Option(metavar="NAME|none", help="The language model; none keeps to the rules, which answer at once.")] = "none",
    source_lang: o.SourceLang = None,
    profile: o.Profile = None,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
    stdio: Annotated[bool, typer.Option("--stdio", hidden=True, help="What editors add.")] = True,  # noqa: ARG001  there is no other way
) -> int:
    """Serve editors: findings while one writes, quick fixes, and why (needs the extra: pip install 'auditor[lsp]')."""
    from auditor.errors import UsageError

    try:
        from auditor.lsp import server
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        raise UsageError("the language server needs pygls: pip install 'auditor[lsp]'") from error

    from auditor import config as configuration
    from auditor.cli.modelling import fluency
    from auditor.cli.policing import project_folder
    from auditor.cli.settings import resolve
    from auditor.config import Config
    from auditor.policy import decisions
    from auditor.policy.settle import Policy

    flags: Mapping[str, object] = {"model": model, "source_lang": source_lang, "profile": profile}

    def settings(folder: Path) -> tuple[Config, Policy, tuple[Path, ...]]:
        found = resolve(flags, config_file=config, isolated=isolated, start=folder)
        file = config or (None if isolated else configuration.find(folder))
        project = project_folder(found)
        held = project / decisions.NAME
        policy = Policy() if isolated else Policy(project, decisions.weigh(decisions.read(held)))
        own = sorted((project / ".auditor").glob("*/*.toml"))
        return found, policy, tuple(path for path in (file, held, *own) if path is not None)

    serving = server(settings, lambda found: fluency(found, quiet=True))
    with serving.held:
        serving.start_io()
    return 0
