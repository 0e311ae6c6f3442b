"""A text that stands wholly in its source language: the one finding that is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.detect.kind import Detector, Kind, Resources
from auditor.rules.model import Schema
from auditor.types import Document, Match, Rule


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """Marks the first segment of a text that was not translated, whatever its scope."""

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        found = document.provenance
        if found.translated or not document.segments:
            return
        name = resources.language(found.language or "").name or "its source language"
        for rule in rules:
            yield rule, Match(document.segments[0].span, suggestions=(), values={"language": name}, confidence=0.99)

    return detect


KIND = Kind(Schema(keys={}, values=frozenset({"language"})), build)
