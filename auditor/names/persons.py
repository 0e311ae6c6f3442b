"""Well-known persons: whom a spelling names under the letters of a convention; the only place that says which spellings of one are alike."""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.names.skeleton import bare

_MIDDLE = re.compile(r"(?:i[cč]|y[cč]|itsch|ytsch|[iy]t?ch|[iy]cz|itsj|ytsj|[oei][wv]na|[iy]n[ií]t?chna|i[nč]i[čc]na)$", re.IGNORECASE)
_ENGLISH_MIDDLE = re.compile(r"(?:[eoi]vich|yich|[eo]vna|ichna)$")
_NO_SOUND = re.compile(r"['’ʼʹʿʾ`]")
_DOUBLED = re.compile(r"([bcdfghklmnprstvwz])\1")


@lru_cache(maxsize=16384)
def sounded(name: str) -> str:
    """The name with what English spells in two ways as one: i and y, ie and e, ks and x, hyphen and space; case and marks count for nothing."""
    text = _NO_SOUND.sub("", bare(name)).replace("-", " ").replace("ks", "x").replace("y", "i")
    return " ".join(re.sub("i+", "i", text).replace("ie", "e").split())


@lru_cache(maxsize=16384)
def spelled(name: str) -> str:
    """The same, further without what the conventions differ in by usage: j and i, double consonants, the u of gue and gui."""
    text = sounded(re.sub("[jJ]", "i", name))
    return re.sub("gu(?=[ei])", "g", _DOUBLED.sub(r"\1", text))


def right_key(name: str) -> str:
    """The gazetteer's key of a well-known person's English forms."""
    return "\x01" + sounded(name)


def foreign_key(name: str) -> str:
    """The gazetteer's key of a well-known person's spellings in other conventions."""
    return "\x02" + spelled(name)


def is_marked(name: str) -> bool:
    """Whether the name bears a diacritic."""
    return bare(name) != name.lower().replace("’", "'")


def without_patronymic(name: str) -> tuple[str, str]:
    """The name without its patronymic, which English copy does not print, and the patronymic if another language than English spells it so."""
    parts = name.split()
    if len(parts) != 3 or not _MIDDLE.search(parts[1]):
        return name, ""
    return f"{parts[0]} {parts[2]}", "" if _ENGLISH_MIDDLE.search(parts[1]) else parts[1]
