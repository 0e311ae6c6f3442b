"""Punctuation: marks of the source language, marks in the wrong place or number; the only kind that looks at marks and the spaces beside them.

A rule gives patterns (plain regular expressions, in which a space is a space) or names a finder for what patterns cannot see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.detect.kind import Detector, Kind, Resources, strings
from auditor.detect.suggestion import fill, problem
from auditor.rules.model import Schema
from auditor.types import Document, Match, Rule, Span, Suggestion

_CLOSING = {"«": "»", "»": "«", "‹": "›", "›": "‹", "„": '“”"', "‚": "‘’"}
"""Marks that open a quotation in some language and in no English one, with what may close it there."""
_SINGLE = "‹›‚"
_LONGEST = 800
"""A quotation longer than this is taken for two stray marks."""
_SPACES = "[ \\t\u00a0\u202f\u2009]*"
_FUSED = re.compile('([\\w.,!?])([“”"])([A-Za-z][A-Za-z]+)')
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place where a mark is wrong, and what to print there."""

    span: Span
    new: str | None


Finder = Callable[[str, str, Resources], Iterable[Mark]]
"""From a block's text and the target language to marks, spans counted in the block."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule with its parameters read."""

    rule: Rule
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    exceptions: tuple[re.Pattern[str], ...]
    find: Finder | None


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all punctuation rules. Places with one wording and one remedy are one match."""
    settings = [read(rule) for rule in rules]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        for setting in settings:
            groups: dict[tuple[str, str | None], list[Span]] = {}
            for block in document.blocks:
                text = document.text[block.span.start : block.span.end]
                for mark in _marks(setting, text, document.provenance.target_lang, resources):
                    at = Span(block.span.start + mark.span.start, block.span.start + mark.span.end)
                    groups.setdefault((document.text[at.start : at.end], mark.new), []).append(at)
            for (_, new), (first, *others) in groups.items():
                suggestions = () if new is None else (Suggestion(new, safe=True),)
                yield setting.rule, Match(first, suggestions=suggestions, occurrences=tuple(others))

    return detect


def read(rule: Rule) -> Setting:
    """The rule's parameters."""
    name = str(rule.params.get("find", ""))
    return Setting(
        rule=rule,
        patterns=tuple((pattern, re.compile(pattern)) for pattern in strings(rule, "match.any")),
        exceptions=tuple(re.compile(pattern) for pattern in strings(rule, "match.except")),
        find=FINDERS[name] if name else None,
    )


def check(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is wrong with the rule: nothing to find, a pattern that is no plain regular expression, a suggestion that fits none."""
    patterns = strings(rule, "match.any")
    if "find" not in rule.params and not patterns:
        yield "", "needs “match.any” or “find”"
    for key in ("match.any", "match.except"):
        for pattern in strings(rule, key):
            try:
                re.compile(pattern)
            except re.error as error:
                yield key, f"is no pattern: “{pattern}” ({error.msg})"
    for template in rule.suggest if patterns else ():
        if wrong := problem(template, patterns):
            yield "suggest", wrong


def _marks(setting: Setting, text: str, target: str, resources: Resources) -> Iterator[Mark]:
    """The rule's places in a block, in order, none overlapping, exceptions left out."""
    found = [] if setting.find is None else list(setting.find(text, target, resources))
    for pattern, compiled in setting.patterns:
        for match in compiled.finditer(text):
            filled = (fill(template, match, pattern, match.group()) for template in setting.rule.suggest)
            found.append(Mark(Span(*match.span()), next((new for new in filled if new is not None), None)))
    if not found:
        return
    spared = sorted(Span(*match.span()) for exception in setting.exceptions for match in exception.finditer(text))
    end = reached = number = 0
    for mark in sorted(found, key=lambda mark: mark.span):
        while number < len(spared) and spared[number].start < mark.span.end:
            reached = max(reached, spared[number].end)
            number += 1
        if mark.span.start >= max(end, reached):
            end = mark.span.end
            yield mark


def foreign_quotes(text: str, target: str, resources: Resources) -> Iterator[Mark]:
    """Pairs of quotation marks that the target language does not have: »…«, « … », „…“. Spaces inside them belong to the marks."""
    pairs = resources.language(target).quotation
    own = {mark for pair in pairs for mark in pair}
    used: set[int] = set()
    position = 0
    while len(pairs) > 1:
        opened = re.compile("[" + "".join(mark for mark in _CLOSING if mark not in own) + "]" + _SPACES).search(text, position)
        if not opened:
            return
        mark = opened.group()[0]
        position = opened.end()
        if opened.start() in used or _is_bullet(text, opened):
            continue
        closings = re.compile(rf"{_SPACES}[{_CLOSING[mark]}](?!\w)").finditer(text, opened.end(), opened.end() + _LONGEST)
        closed = next((one for one in closings if one.end() - 1 not in used and text[opened.end() : one.start()].strip()), None)
        if closed:
            double, single = pairs[0], pairs[1]
            opening, closing = single if mark in _SINGLE else double
            yield Mark(Span(*opened.span()), opening)
            yield Mark(Span(*closed.span()), closing)
            used.add(closed.end() - 1)


def _is_bullet(text: str, opened: re.Match[str]) -> bool:
    """“» Read on”, an arrow with a space behind it at the start of a line or after another space."""
    mark, before = opened.group()[0], text[: opened.start()]
    return mark in "»›" and len(opened.group()) > 1 and (not before.strip(" ") or before[-1] in " \n»›>")


def fused_quotes(text: str, target: str, resources: Resources) -> Iterator[Mark]:
    """A quotation mark with letters on both sides: whether the space is missing before or behind it, its form or the marks before it tell."""
    del target, resources
    for match in _FUSED.finditer(text):
        before, mark, word = match.groups()
        if mark == '"' and _DIGIT.match(before):
            continue
        opens = mark == "“" or (mark == '"' and text.count('"', 0, match.start(2)) % 2 == 0)
        yield Mark(Span(*match.span()), f"{before} {mark}{word}" if opens else f"{before}{mark} {word}")


FINDERS: Mapping[str, Finder] = {"foreign-quotes": foreign_quotes, "fused-quotes": fused_quotes}


KIND = Kind(
    Schema(
        keys={"match.any": "patterns", "match.except": "patterns", "find": "string"},
        choices={"find": tuple(FINDERS)},
        check=check,
    ),
    build,
)
