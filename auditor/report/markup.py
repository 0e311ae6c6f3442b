"""Writes HTML so that unescaped text cannot get in: only `text` and `element` make the type `Html`."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from typing import NewType

from auditor.report.visible import HIDDEN, picture, visible

Html = NewType("Html", str)
"""Markup that is safe to put into a page."""

NOTHING = Html("")
_VOID = frozenset({"br", "input", "meta"})


def text(value: object) -> Html:
    """Any value as escaped text on one line, hidden characters made visible."""
    return Html(html.escape(visible(str(value))))


def copy(value: str) -> Html:
    """A passage of audited copy: line ends kept as breaks, hidden characters as small labelled signs."""
    return Html(HIDDEN.sub(_sign, html.escape(value)))


def _sign(found: re.Match[str]) -> str:
    character = found.group()
    if character == "\t":
        return character
    if character in "\n\r":
        return "<br>\n" if character == "\n" else ""
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return element("span", text(picture(character)), class_="unseen", title=f"hidden character: {name.lower()}")


def element(name: str, /, *children: Html, **attributes: str | int | bool | None) -> Html:
    """An element. Attribute names take `-` for `_` and lose a last `_` (`class_`); True stands for a bare attribute, None and False for none."""
    end = NOTHING if name in _VOID else Html(f"</{name}>")
    return join((opening(name, **attributes), *children, end))


def opening(name: str, /, **attributes: str | int | bool | None) -> Html:
    """The start tag alone."""
    written = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = key.removesuffix("_").replace("_", "-")
        written.append(f" {label}" if value is True else f' {label}="{html.escape(visible(str(value)))}"')
    return Html(f"<{name}{''.join(written)}>")


def closing(name: str) -> Html:
    """The end tag alone."""
    return Html(f"</{name}>")


def join(parts: Iterable[Html], separator: Html = NOTHING) -> Html:
    """Pieces of markup one after the other."""
    return Html(separator.join(parts))
