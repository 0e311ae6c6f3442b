"""What goes to standard error: notices, warnings and errors, one line each, with nothing raw in it."""

from __future__ import annotations

import os
import sys

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}


def visible(text: str) -> str:
    """The text on one line, control characters written out."""
    return text.translate(_CONTROLS)


def say(text: str, *, quiet: bool = False) -> None:
    """A line for the person, unless they asked for quiet."""
    if not quiet:
        print(visible(text), file=sys.stderr)


def complain(text: str) -> None:
    """An error, always said."""
    print(f"auditor: {visible(text)}", file=sys.stderr)


def hang_up() -> None:
    """Standard output leads nowhere from here on: its reader has gone, and Python must not say so at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
