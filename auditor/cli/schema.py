"""`auditor schema`: the JSON Schemas of the machine formats."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def schema(name: Annotated[str | None, typer.Argument(metavar="FORMAT", help="json or jsonl.", show_default=False)] = None) -> int:
    """Print the JSON Schema of a machine format, or of all of them by name."""
    from auditor.errors import UsageError, nearest
    from auditor.report.schema import SCHEMAS

    if name is not None and name not in SCHEMAS:
        raise UsageError(f"there is no schema “{name}”{nearest(name, SCHEMAS)}; there are {', '.join(SCHEMAS)}")
    print(json.dumps(SCHEMAS if name is None else SCHEMAS[name], indent=2, ensure_ascii=False))
    return 0
