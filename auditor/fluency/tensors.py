"""Keeps a model's arrays in one flat file that is mapped, not read; the only place that knows how it is laid out."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
FILES = ("weights.bin", "weights.json")
_ALIGNED = 64
"""Arrays begin at multiples of this many bytes."""


def write(folder: Path, arrays: Iterable[tuple[str, Array]]) -> None:
    """Writes named arrays, one at a time: no more than one of them need be in memory."""
    index: dict[str, tuple[str, tuple[int, ...], int]] = {}
    binary, listing = (folder / name for name in FILES)
    with binary.open("wb") as file:
        for name, array in arrays:
            file.write(bytes(-file.tell() % _ALIGNED))
            index[name] = (array.dtype.str, array.shape, file.tell())
            file.write(np.ascontiguousarray(array).data)
    listing.write_text(json.dumps(index), encoding="utf-8")


class Tensors:
    """The arrays of a folder by name, views of the mapped file: several processes share one copy, and the system may drop it."""

    def __init__(self, folder: Path) -> None:
        binary, listing = (folder / name for name in FILES)
        self._index = json.loads(listing.read_text(encoding="utf-8"))
        with binary.open("rb") as file:
            # Copy on write: the engine wants memory that could be written, and nobody does.
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)

    def __contains__(self, name: str) -> bool:
        return name in self._index

    def __getitem__(self, name: str) -> Array:
        kind, shape, start = self._index[name]
        return np.frombuffer(self._map, np.dtype(kind), int(np.prod(shape)), start).reshape(shape)

    def release(self) -> None:
        """Gives back the memory that mapped pages take: what was read is read again from the file when it is asked for."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)
