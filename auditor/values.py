"""Frozen values as JSON and back, bit by bit; the only place that knows how: fields in order, without their names."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def packed(value: object) -> bytes:
    """A value made of dataclasses, tuples, mappings of text, texts, numbers, truth values, enumerations of text and None."""
    return json.dumps(_plain(value), separators=(",", ":")).encode("ascii")


def unpacked(kind: type[T], data: bytes) -> T:
    """The value of that type that `packed` was given; a type may not hold itself."""
    found: T = _reader(typing.cast("typing.Hashable", kind))(json.loads(data))
    return found


def _plain(value: Any) -> Any:  # noqa: ANN401 (what JSON has)
    kind = type(value)
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if is_dataclass(kind):
        return [_plain(getattr(value, name)) for name in _names(kind)]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    raise TypeError(f"{kind.__name__} is not kept")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:  # noqa: ANN401 (a type as annotated)
    """What turns plain JSON into a value of the annotated type; None for what is that already."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = [_reader(part) for part in arguments if part is not types.NoneType]
        one = inner[0]
        return _same if all(part is _same for part in inner) else lambda raw: None if raw is None else one(raw)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            item = _reader(arguments[0])
            return tuple if item is _same else lambda raw: tuple(map(item, raw))
        items = [_reader(part) for part in arguments]
        return lambda raw: tuple(read(part) for read, part in zip(items, raw, strict=True))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {member.value: member for member in hint}.__getitem__
    if is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        readers = [_reader(hints[name]) for name in _names(typing.cast("type", hint))]
        make = typing.cast("Callable[..., Any]", hint)
        if all(read is _same for read in readers):
            return lambda raw: make(*raw)
        return lambda raw: make(*[part if read is _same else read(part) for read, part in zip(readers, raw, strict=True)])
    return _same


def _same(raw: Any) -> Any:  # noqa: ANN401
    return raw
