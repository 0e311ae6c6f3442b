"""The made pages: each scar as the machine leaves it, what an editor prints instead, and its family."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "made"
LANGUAGES = ("ar", "de", "es", "fr")
_SCAR = re.compile(r"\{\{(?P<left>[^{}]*?)~~(?P<right>[^{}]*?)~~(?P<family>\w+)\}\}")


@dataclass(frozen=True)
class Scar:
    start: int
    end: int
    text: str
    family: str


@dataclass(frozen=True)
class Page:
    name: str
    language: str
    text: str
    scars: tuple[Scar, ...]
    clean: str


def pages() -> list[Page]:
    return [page for language in LANGUAGES for page in _read(language)]


def _read(language: str) -> list[Page]:
    _, *parts = re.split(r"(?m)^====\n", (FOLDER / f"{language}.txt").read_text(encoding="utf-8"))
    return [_page(f"{language}-{number:02}", language, part) for number, part in enumerate(parts, 1)]


def _page(name: str, language: str, marked: str) -> Page:
    text, scars, last = "", [], 0
    for found in _SCAR.finditer(marked):
        text += marked[last : found.start()]
        scars.append(Scar(len(text), len(text) + len(found["left"]), found["left"], found["family"]))
        text += found["left"]
        last = found.end()
    clean = _SCAR.sub(lambda found: found["right"], marked)
    clean = "".join(line for line in re.sub(r"(?m) +$", "", clean).splitlines(keepends=True) if line.strip() or line == "\n")
    return Page(name, language, text + marked[last:], tuple(scars), re.sub(r"\n{3,}", "\n\n", clean))
