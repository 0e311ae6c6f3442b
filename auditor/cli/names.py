"""`auditor names`: which convention each name follows and its house-style form; one line out for one line in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from auditor.cli import options as o


def names(
    given: Annotated[list[str], typer.Argument(metavar="NAME…", help="Names; - reads one a line from standard input.")],
    source_lang: o.SourceLang = None,
    profile: o.Profile = None,
    form: Annotated[str, typer.Option("--output-format", "-f", metavar="FORMAT", help="terminal or jsonl.")] = "terminal",
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
) -> int:
    """Say which romanisation convention each name follows, and its English form."""
    from auditor.cli.say import visible
    from auditor.cli.settings import resolve
    from auditor.errors import UsageError
    from auditor.names.aliases import of_run
    from auditor.names.convention import judge_name

    if form not in ("terminal", "jsonl"):
        raise UsageError(f"--output-format is terminal or jsonl here, not “{form}”")
    settings = resolve({"source_lang": source_lang, "profile": profile}, config_file=config, isolated=isolated)
    table = of_run(settings)
    for name in _lines(given):
        found = judge_name(name, table, source_lang=settings.source_lang, profile=settings.profile)
        if form == "jsonl":
            row = {
                "text": name,
                "convention": {code: round(value, 4) for code, value in found.convention.items()},
                "canonical": found.canonical,
                "how": found.how,
                "entity_id": found.entity_id,
                "changed": found.changed,
                "confidence": round(found.confidence, 4),
            }
            print(json.dumps(row, ensure_ascii=False))
        else:
            best = max(found.convention, key=lambda code: found.convention[code])
            right = found.canonical if found.changed else "as it is" if found.canonical else "not in the table"
            print(f"{visible(name):32}  {right or '':32}  {best} {found.convention[best]:.2f}")
    return 0


def _lines(given: list[str]) -> Iterator[str]:
    for name in given:
        if name == "-":
            yield from (line.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n") for line in sys.stdin.buffer)
        else:
            yield name
