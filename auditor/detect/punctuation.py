"""Punctuation: marks of the source language, marks in the wrong place or number; the only kind that looks at marks and the spaces beside them.

A rule gives patterns (plain regular expressions, in which a space is a space) or names a finder for what patterns cannot see. Its `sieve` is an
expression that is found fast, because it begins with a mark, wherever a pattern matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.detect.index import Index, in_spaced
from auditor.detect.kind import Detector, Kind, Resources, strings
from auditor.detect.suggestion import fill, problem
from auditor.rules.model import Schema
from auditor.text import lexicon
from auditor.text.words import vocabulary
from auditor.types import Document, Match, Rule, Span, Suggestion

_CLOSING = {"«": "»", "»": "«", "‹": "›", "›": "‹", "„": '“”"', "‚": "‘’"}
"""Marks that open a quotation in some language and in no English one, with what may close it there."""
_ANY_FOREIGN = re.compile(f"[{''.join(_CLOSING)}]")
_SINGLE = "‹›‚"
_LONGEST = 800
"""A quotation longer than this is taken for two stray marks."""
_SPACES = "[ \\t\u00a0\u202f\u2009]*"
_FUSED = re.compile('([\\w.,!?])([“”"])([^\\W\\d_]{2,}|[AI](?= ))')
_ANY_FUSED = re.compile('[“”"](?<=[\\w.,!?].)(?:[^\\W\\d_]{2}|[AI] )')
"""The same, which is found faster: it begins with a mark."""
_SMALL = re.compile(r"(?<![\w.@/’'-])[a-z]{5,}(?![\w@/’'-])")
_SEAMED = frozenset(re.findall(r"\w+", "the and of that this my his her its their was were is are has have had said with from which who while"))
"""Small words that are no part of compounds (unlike over, under, out, in)."""
_IN_ORDER = tuple(sorted(_SEAMED))
_JOINED = frozenset(a + b for a in _SEAMED for b in _SEAMED if not {a, b}.isdisjoint({"the", "and", "of", "that"}))
"""Two of them, which no word is made of; lists hold many (“ofthe”), so frequent a slip it is."""
_STRAIGHT = re.compile('"')
_OPENS, _CLOSES = re.compile(r'\A" (?=[^\W\d_a-z])'), re.compile(r'(?<=\w[.!?]) "\Z')
"""A mark with its space that begins a block before a capital, and one that ends it behind a full stop."""
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place where a mark is wrong, and what to print there."""

    span: Span
    new: str | None


Finder = Callable[[str, str, Resources], Iterable[Mark]]
"""From a block's text and the target language to marks, spans counted in the block."""

May = Callable[[Document], bool]
"""Whether the finder can find anything in the document."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule with its parameters read."""

    rule: Rule
    patterns: tuple[re.Pattern[str], ...]
    exceptions: tuple[re.Pattern[str], ...]
    sieve: re.Pattern[str]
    find: Finder | None
    may: May | None


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all punctuation rules. Places with one wording and one remedy are one match."""
    settings = [read(rule) for rule in rules]
    numbered = [(setting, pattern) for setting in settings for pattern in setting.patterns]
    finders = [setting for setting in settings if setting.find is not None]
    index = Index([pattern.pattern for _, pattern in numbered], whole=False)

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        groups: dict[str, dict[tuple[str, str | None], list[Span]]] = {}
        texts = [document.text[block.span.start : block.span.end] for block in document.blocks]
        candidates = index.found(in_spaced(texts))
        able = [setting for setting in finders if setting.may is not None and setting.may(document)]
        for number in range(len(texts)) if able else candidates:
            block, text = document.blocks[number], texts[number]
            possible: dict[str, tuple[Setting, list[re.Pattern[str]]]] = {setting.rule.id: (setting, []) for setting in able}
            for setting, pattern in map(numbered.__getitem__, candidates.get(number, ())):
                if setting.rule.id not in possible and not setting.sieve.search(text):
                    continue
                possible.setdefault(setting.rule.id, (setting, []))[1].append(pattern)
            for setting, patterns in possible.values():
                for mark in _marks(setting, patterns, text, document.provenance.target_lang, resources):
                    at = Span(block.span.start + mark.span.start, block.span.start + mark.span.end)
                    group = groups.setdefault(setting.rule.id, {})
                    group.setdefault((document.text[at.start : at.end], mark.new), []).append(at)
        for setting in settings:
            for (_, new), (first, *others) in groups.get(setting.rule.id, {}).items():
                suggestions = () if new is None else (Suggestion(new, safe=True),)
                yield setting.rule, Match(first, suggestions=suggestions, occurrences=tuple(others))

    return detect


def read(rule: Rule) -> Setting:
    """The rule's parameters."""
    name = str(rule.params.get("find", ""))
    return Setting(
        rule=rule,
        patterns=tuple(re.compile(pattern) for pattern in strings(rule, "match.any")),
        exceptions=tuple(re.compile(pattern) for pattern in strings(rule, "match.except")),
        sieve=re.compile(str(rule.params.get("sieve", ""))),
        find=FINDERS[name][0] if name else None,
        may=FINDERS[name][1] if name else None,
    )


def check(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is wrong with the rule: nothing to find, a pattern that is no plain regular expression, a suggestion that fits none."""
    patterns = strings(rule, "match.any")
    if "find" not in rule.params and not patterns:
        yield "", "needs “match.any” or “find”"
    for key in ("match.any", "match.except", "sieve"):
        for pattern in (str(rule.params.get(key, "")),) if key == "sieve" else strings(rule, key):
            try:
                re.compile(pattern)
            except re.error as error:
                yield key, f"is no pattern: “{pattern}” ({error.msg})"
    for template in rule.suggest if patterns else ():
        if wrong := problem(template, patterns):
            yield "suggest", wrong


def _marks(setting: Setting, patterns: Sequence[re.Pattern[str]], text: str, target: str, resources: Resources) -> Iterator[Mark]:
    """The rule's places in a block by those of its patterns that may match there, in order, none overlapping, exceptions left out."""
    found = [] if setting.find is None else list(setting.find(text, target, resources))
    for pattern in patterns:
        for match in pattern.finditer(text):
            filled = (fill(template, match, pattern.pattern, match.group()) for template in setting.rule.suggest)
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
    if not _ANY_FOREIGN.search(text):
        return
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


def spaced_quotes(text: str, target: str, resources: Resources) -> Iterator[Mark]:
    """`" so "`: a space inside straight marks. Which mark opens and which closes is told by counting; in a block with an odd mark, and in one in
    which a mark has no space on either side or on both, only the first and the last thing of the block are sure: a quotation may run over blocks."""
    del target, resources
    marks = [match.start() for match in _STRAIGHT.finditer(text)]
    if not marks:
        return
    if len(marks) % 2 or not all(_is_pair(text, *pair) for pair in zip(marks[::2], marks[1::2], strict=True)):
        yield from (Mark(Span(*found.span()), '"') for edge in (_OPENS, _CLOSES) for found in edge.finditer(text))
        return
    for opening, closing in zip(marks[::2], marks[1::2], strict=True):
        if text[opening + 1] in " \u00a0" and text[opening + 2] not in "'‘":
            yield Mark(Span(opening, opening + 2), '"')
        if text[closing - 1] in " \u00a0" and closing - 1 > opening + 1 and text[closing - 2] not in "'’":
            yield Mark(Span(closing - 1, closing + 1), '"')


def _is_pair(text: str, opening: int, closing: int) -> bool:
    """Whether a straight mark may open and another close a quotation by what stands outside them."""
    before, after = text[opening - 1 : opening], text[closing + 1 : closing + 2]
    return not (before and not before.isspace() and before not in "([—–-") and not (after and not after.isspace() and after not in ".,;:!?)]—–-")


def fused_words(text: str, target: str, resources: Resources) -> Iterator[Mark]:
    """“andthe”: two words without their space, one of them a small word that compounds do not have. A word that the language knows is none."""
    del resources
    common = lexicon.common(target)
    if not common:
        return
    for match in _SMALL.finditer(text):
        word = match.group()
        if (word not in common or word in _JOINED) and _is_fused(word, target) and (parts := _parts(word, target)):
            yield Mark(Span(*match.span()), " ".join(parts))


def _parts(word: str, code: str) -> tuple[str, str] | None:
    """The two words that a word is made of, one of `_SEAMED` and a frequent one, or None."""
    frequent = lexicon.frequent(code)
    for small in _IN_ORDER:
        for first, second in ((small, word.removeprefix(small)), (word.removesuffix(small), small)):
            other = second if first == small else first
            if first + second == word and len(other) > 1 and (other in frequent or other in _SEAMED):
                return first, second
    return None


def _may_fuse(document: Document) -> bool:
    target, words = document.provenance.target_lang, vocabulary(document)
    common = lexicon.common(target)
    return bool(common) and any(_is_fused(word, target) for word in (words - common) | (words & _JOINED))


@lru_cache(maxsize=65536)
def _is_fused(word: str, code: str) -> bool:
    return _SMALL.fullmatch(word) is not None and _parts(word, code) is not None and (word in _JOINED or word not in lexicon.known(code))


FINDERS: Mapping[str, tuple[Finder, May]] = {
    "foreign-quotes": (foreign_quotes, lambda document: _ANY_FOREIGN.search(document.text) is not None),
    "fused-quotes": (fused_quotes, lambda document: _ANY_FUSED.search(document.text) is not None),
    "fused-words": (fused_words, _may_fuse),
    "spaced-quotes": (spaced_quotes, lambda document: '"' in document.text),
}


KIND = Kind(
    Schema(
        keys={"match.any": "patterns", "match.except": "patterns", "find": "string", "sieve": "string"},
        choices={"find": tuple(FINDERS)},
        check=check,
    ),
    build,
)
