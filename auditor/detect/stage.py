"""Runs the kinds over a document: the rules narrowed to its source language, one detector a kind, built once a language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache

from auditor.detect.kind import Detector, Kind, Resources
from auditor.rules.model import RuleSet
from auditor.types import Document, Match, Rule

Hit = tuple[Rule, Match]
Detect = Callable[[Document], list[Hit]]


def detector(rules: RuleSet, kinds: Mapping[str, Kind], resources: Resources) -> Detect:
    """A function from a document to its hits in order of place.

    A document with a source language meets the rules for it and for any source; one without meets all rules, and the caller keeps
    from those of a language only what it takes as traces of that language. The rules of a language are built when first met.
    """
    languages = sorted({rule.source for rule in rules if rule.source is not None})

    @cache
    def built(source_lang: str | None) -> tuple[Detector, ...]:
        by_kind: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            if rule.kind in kinds and rule.source == source_lang:
                by_kind[rule.kind].append(rule)
        return tuple(kinds[kind].build(tuple(by_kind[kind]), resources) for kind in sorted(by_kind))

    def detect(document: Document) -> list[Hit]:
        source_lang = document.provenance.source_lang
        met = languages if source_lang is None else [code for code in languages if code == source_lang]
        hits = [hit for code in (None, *met) for run in built(code) for hit in run(document)]
        return sorted(hits, key=lambda hit: (hit[1].span, hit[0].id))

    return detect
