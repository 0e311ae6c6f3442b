"""What openly licensed gazetteers know of a spelling: who writes it so and what English prints; the only place that reads their file."""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

CODES = ("en", "fr", "de", "es", "it", "pt", "nl", "pl")
UNKNOWN = 1 << len(CODES)
"""Bit of a mask: GeoNames lists the spelling without saying whose it is."""
PLACE, SURE = 1, 2
"""Flags of an English form: it is a place, not a part of a person's name; English spells the name in one way only."""
_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "‐": "-", "‑": "-", "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class Known:
    """One reading of a spelling: the English form it stands for, and the conventions that write it so (“en” among them: right in English)."""

    english: str
    conventions: tuple[str, ...]
    place: bool
    sure: bool


_ARRAYS = {"keys": "Q", "targets": "I", "masks": "H", "flags": "B", "places": "I"}
"""What the file holds beside the English forms, with the type code of each array; little-endian."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Spellings by a 64-bit hash, sorted; `places` holds 32 bits of the hash of every place's main name, which nothing may replace."""

    keys: Sequence[int]
    targets: Sequence[int]
    masks: Sequence[int]
    flags: Sequence[int]
    places: Sequence[int]
    english: Sequence[str]

    def readings(self, spelling: str) -> tuple[Known, ...]:
        """Every reading of the spelling, in the order of the English forms; empty where no gazetteer has it."""
        wanted = key(spelling)
        low = bisect_left(self.keys, wanted)
        return tuple(self._known(at) for at in range(low, bisect_right(self.keys, wanted, lo=low)))

    def _known(self, at: int) -> Known:
        number, mask = self.targets[at], self.masks[at]
        flags = self.flags[number]
        return Known(self.english[number], tuple(code for bit, code in enumerate(CODES) if mask >> bit & 1), bool(flags & PLACE), bool(flags & SURE))

    def persons(self) -> tuple[str, ...]:
        """The English names of the well-known persons."""
        return tuple(name for name, flags in zip(self.english, self.flags, strict=True) if " " in name and not flags & PLACE)

    def is_place(self, name: str) -> bool:
        """Whether some place of the world has this main name."""
        wanted = key(name) & 0xFFFFFFFF
        at = bisect_left(self.places, wanted)
        return at < len(self.places) and self.places[at] == wanted


def fold(spelling: str) -> str:
    """The spelling without case, with one kind of apostrophe, hyphen and space and composed letters."""
    return " ".join(unicodedata.normalize("NFC", spelling).casefold().translate(_MARKS).split())


@lru_cache(maxsize=65536)
def key(spelling: str) -> int:
    """The 64-bit key under which a spelling stands."""
    return int.from_bytes(hashlib.blake2b(fold(spelling).encode(), digest_size=8).digest(), "big")


def weights_folder() -> Path:
    """Where our own small weights lie: in the wheel, or beside the package in a clone."""
    inside = Path(str(resources.files("auditor"))) / "models" / "names"
    return inside if inside.is_dir() else Path(str(resources.files("auditor"))).parent / "models" / "names"


def write(path: Path, found: Gazetteer) -> None:
    """Writes the file that `read` reads; the same gazetteer gives the same bytes."""
    with ZipFile(path, "w") as archive:
        for name, code in _ARRAYS.items():
            values = array(code, getattr(found, name))
            if sys.byteorder == "big":
                values.byteswap()
            archive.writestr(ZipInfo(name), values.tobytes(), ZIP_DEFLATED)
        archive.writestr(ZipInfo("english"), "\n".join(found.english), ZIP_DEFLATED)


def read(path: Path) -> Gazetteer:
    """A gazetteer from its file."""
    with ZipFile(path) as archive:
        arrays = {name: array(code) for name, code in _ARRAYS.items()}
        for name, values in arrays.items():
            values.frombytes(archive.read(name))
            if sys.byteorder == "big":
                values.byteswap()
        return Gazetteer(**arrays, english=archive.read("english").decode().split("\n"))


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer that comes with the program."""
    return read(weights_folder() / "gazetteer.zip")
