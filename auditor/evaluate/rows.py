"""Reads labelled texts: one JSON object a line with `text` or `segments`, `label` and `src_lang`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from auditor.errors import InputError
from auditor.types import Document, Provenance

LABELS = ("mt", "postedit", "human", "native")


class Row(NamedTuple):
    """A text with its label and the system that wrote it: language, year and name, as far as the row says them."""

    label: str
    document: Document
    system: str


def rows(path: Path, *, tags: Sequence[str] = ()) -> Iterator[Row]:
    """The rows of a file. One without label is native; a native one is tagged with the next of `tags` in turn.

    InputError with file and line for a row that is none.
    """
    native = 0
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                label, text, source_lang, system = _row(path, number, line)
                if label == "native" and tags:
                    source_lang = tags[native % len(tags)]
                    native += 1
                how = "flag" if source_lang else "unknown"
                yield Row(label, Document(f"{path.name}:{number}", text, provenance=Provenance(source_lang=source_lang, how=how)), system)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _row(path: Path, number: int, line: str) -> tuple[str, str, str | None, str]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: line {number}: is no JSON ({error.msg})") from error
    body = row.get("text") if isinstance(row, dict) else None
    segments = row.get("segments") if isinstance(row, dict) else None
    if isinstance(segments, list) and all(isinstance(item, str) for item in segments):
        body = "\n".join(segments)
    if not isinstance(body, str):
        raise InputError(f"{path}: line {number}: has neither “text” nor “segments”")
    title = row.get("title")
    text = f"{title}\n\n{body}" if isinstance(title, str) and title.strip() else body
    label = row.get("label", "native")
    if label not in LABELS:
        raise InputError(f"{path}: line {number}: label “{label}” is none of {', '.join(LABELS)}")
    source_lang = row.get("src_lang")
    system = " ".join(str(value) for key in ("src_lang", "year", "system") if isinstance(value := row.get(key), str | int) and value)
    return label, text, source_lang if isinstance(source_lang, str) and label != "native" else None, system
