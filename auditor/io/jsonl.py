"""Reads JSON Lines: one article a line, each a part of the file named “line N”."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from auditor.errors import InputError
from auditor.io import frontmatter
from auditor.text.segment import lines
from auditor.text.sentences import strip
from auditor.types import Block, Document, Failure, Origin, Scope

HEADLINE_FIELDS = ("headline", "title")
TEXT_FIELDS = ("text", "body", "content")
"""Where an article's headline and its text stand; the first field that is there counts."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read(stream: BinaryIO, path: str, *, limit: int) -> Iterator[Document | Failure]:
    """One document a line; a line that is no article is a Failure that names it, and the others go on. `limit`: bytes a line may have."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            yield Failure(path, f"line {number}: is longer than {limit // 1_000_000} MB")
            while line and not line.endswith(b"\n"):
                line = stream.readline(limit)
        elif line.strip():
            try:
                yield article(line, path, number)
            except InputError as error:
                yield Failure(path, str(error).removeprefix(f"{path}: "))


def article(line: bytes, path: str, number: int) -> Document:
    """The document of one line: its headline, if it has one, on a line above its text. InputError with file and line."""
    where = f"{path}: line {number}"
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: is not UTF-8 (byte {error.start + 1} of the line)") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: is not JSON ({error.msg}, column {error.colno})") from error
    except RecursionError as error:
        raise InputError(f"{where}: is nested too deep") from error
    if not isinstance(values, dict):
        raise InputError(f"{where}: has to be an object with one of the fields {', '.join(TEXT_FIELDS)}")
    body = _field(values, TEXT_FIELDS, where)
    if body is None:
        raise InputError(f"{where}: has none of the fields {', '.join(TEXT_FIELDS)}")
    headline = _field(values, HEADLINE_FIELDS, where)
    text = body if headline is None else f"{headline}\n\n{body}"
    blocks = lines(text)
    if headline is not None and (span := strip(text, 0, len(headline))):
        blocks = (Block(span, Scope.HEADLINE), *(block for block in blocks if block.span.start >= len(headline)))
    provenance = frontmatter.from_values(values, path=where, how="format field")
    clean = _SURROGATE.sub("\ufffd", text)
    notices = ("broken escapes in the text; read as U+FFFD",) if clean != text else ()
    return replace(Document(path, clean, provenance=provenance, blocks=blocks, notices=notices), origin=Origin(part=f"line {number}", encoding=None))


def _field(values: dict[str, object], names: tuple[str, ...], where: str) -> str | None:
    """The first of the fields that is there; a list of texts is read as paragraphs."""
    name = next((name for name in names if values.get(name) is not None), None)
    if name is None:
        return None
    value = values[name]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n\n".join(value)
    if not isinstance(value, str):
        raise InputError(f"{where}: “{name}” has to be a text or a list of texts")
    return value
