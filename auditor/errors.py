"""The errors that a user can cause; everything else that is raised is a bug of ours."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class AuditorError(Exception):
    """Something the user can put right: one clear line, exit code 2."""


class UsageError(AuditorError):
    """A flag or an argument that cannot be acted on."""


class InputError(AuditorError):
    """A file of copy that is missing or cannot be read; the other files are still audited."""


class DataError(AuditorError):
    """A pack, alias table, configuration or manifest that is malformed: file, line, key, nearest right thing."""


class ModelError(AuditorError):
    """A language model that cannot be fetched, checked or run; the audit goes on without it and says so."""


def nearest(word: str, known: Iterable[str]) -> str:
    """“; did you mean “x”?” for the known word closest to `word`, or an empty string when none is close."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean “{close[0]}”?" if close else ""
