"""Reads TOML and says where in the file something is wrong; the only place that turns a key into a line number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import rtoml

from auditor.errors import DataError, nearest

Table = dict[str, Any]


def read(path: Path) -> tuple[Table, str]:
    """The parsed file and its text. DataError with file and line when it cannot be read or parsed."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is not UTF-8 (byte {error.start})") from error
    try:
        return rtoml.loads(text), text
    except rtoml.TomlParsingError:
        return _strictly(path, text), text


def _strictly(path: Path, text: str) -> Table:
    """What `tomllib` makes of the text: it says better where something is wrong, but takes six times as long."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: {_plain(str(error), text)}") from error


def _plain(message: str, text: str) -> str:
    """tomllib's “… (at line 3, column 4)” as “line 3: …”; its end of document as the last line."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column \d+\)", message)
    return f"line {found[2]}: {found[1]}" if found else f"line {len(text.splitlines())}: {message}"


def line_of(text: str, table: str, key: str | None = None, *, number: int = 0) -> int:
    """1-based line of `key` (perhaps dotted) inside the table whose header is `[table]` or `[[table]]` (or of the header itself).

    Of several `[[table]]` the one of that number, from 0."""
    lines = text.splitlines()
    header = re.compile(rf"\s*\[\[?\s*\"?{re.escape(table)}\"?\s*\]\]?") if table else None
    start = next(islice((n for n, line in enumerate(lines) if header and header.match(line)), number, None), 0)
    if key is None:
        return start + 1
    written = r"\s*\.\s*".join(f'"?{re.escape(part)}"?' for part in key.split("."))
    entry = re.compile(rf"\s*(?:[\w-]+\s*\.\s*)*{written}\s*[=.]|\s*\[\[?.*\.{written}\s*\]")
    first = start + 1 if header and lines and header.match(lines[start]) else 0
    for at, line in enumerate(lines[first:], first):
        if entry.match(line):
            return at + 1
    outer, _, last = key.rpartition(".")
    if outer and line_of(text, f"{table}.{outer}") > 1:
        return line_of(text, f"{table}.{outer}", last)
    return line_of(text, table, outer) if outer else start + 1


def refuse_unknown(found: Iterable[str], known: Iterable[str], *, path: Path, text: str, table: str, number: int = 0) -> None:
    """DataError for the first key that is not known, with its line and the nearest known key."""
    known = set(known)
    for key in found:
        if key not in known:
            line = line_of(text, table, key, number=number)
            where = f" in [{table}]" if table else ""
            raise DataError(f"{path}: line {line}: unknown key “{key}”{where}{nearest(key, known)}")


def wrong(path: Path, text: str, table: str, key: str | None, problem: str, *, number: int = 0) -> DataError:
    """The DataError for a value that is not what it has to be."""
    named = f"[{table}]" if key is None else f"“{key}” in [{table}]" if table else f"“{key}”"
    return DataError(f"{path}: line {line_of(text, table, key, number=number)}: {named} {problem}")


def strings(value: object) -> tuple[str, ...] | None:
    """The value as strings (one string counts as a list of one), or None if it is something else."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None


def flatten(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Nested tables as dotted keys: {"match": {"any": …}} → {"match.any": …}."""
    out: dict[str, object] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            out.update(flatten(value, f"{name}."))
        else:
            out[name] = value
    return out
