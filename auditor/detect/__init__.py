"""The kinds of check by name; a new kind is its file, one line here and its test."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.detect import phrase, residue
from auditor.detect.kind import Kind

KINDS: Mapping[str, Kind] = {
    "phrase": phrase.KIND,
    "residue": residue.KIND,
}
