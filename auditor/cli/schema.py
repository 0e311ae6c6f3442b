"""`auditor schema`: the JSON Schemas of the machine formats and of the configuration."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from typing import Annotated, Any

import typer

CONFIG = "config"
"""The name of the configuration's schema."""

_TEXTS: Mapping[str, Any] = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}
_TYPES: Mapping[object, Mapping[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number", "minimum": 0},
    tuple[str, ...]: _TEXTS,
}


def schema(name: Annotated[str | None, typer.Argument(metavar="NAME", help="json, jsonl or config.", show_default=False)] = None) -> int:
    """Print the JSON Schema of a machine format or of auditor.toml (config), or all of them by name."""
    from auditor.errors import UsageError, nearest
    from auditor.report.schema import SCHEMAS

    schemas = {**SCHEMAS, CONFIG: config_schema()}
    if name is not None and name not in schemas:
        raise UsageError(f"there is no schema “{name}”{nearest(name, schemas)}; there are {', '.join(schemas)}")
    print(json.dumps(schemas if name is None else schemas[name], indent=2, ensure_ascii=False))
    return 0


def config_schema() -> dict[str, Any]:
    """The schema (draft 7, which editors of TOML read) of auditor.toml, made from the settings themselves."""
    from auditor.config import OVERRIDABLE, SETTINGS, Config, written

    hints = typing.get_type_hints(Config)
    settings = {name: _setting(hints[name], setting) for name, setting in SETTINGS.items()}
    override = {
        "files": {**_TEXTS, "description": "Globs in the language of .gitignore, relative to the folder of the file."},
        **{written(name): {key: value for key, value in settings[name].items() if key != "default"} for name in OVERRIDABLE},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "auditor.toml",
        "description": "Settings of auditor: auditor.toml, .auditor.toml, or [tool.auditor] in pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **{written(name): setting for name, setting in settings.items()},
            "extend": {"type": "string", "minLength": 1, "description": "A configuration file that is read first; relative to this one."},
            "overrides": {
                "type": "array",
                "description": "What holds for some files only; the last that fits has the last word, and ignore adds up.",
                "items": {"type": "object", "additionalProperties": False, "required": ["files"], "properties": override},
            },
        },
    }


def _setting(hint: Any, setting: Any) -> dict[str, Any]:  # noqa: ANN401  a type as annotated, and a field of any
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    choices = setting.metadata["choices"]
    default = list(setting.default) if isinstance(setting.default, tuple) else setting.default
    return {
        **_TYPES[hint],
        **({"enum": list(choices)} if choices else {}),
        **({} if default is None else {"default": default}),
        "description": setting.metadata["text"],
    }
