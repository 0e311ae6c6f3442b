"""Surnames in small letters: “Roman berbr”. Where a model loses the capital of a name, the given name before it keeps its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from string import ascii_lowercase

from auditor.detect.kind import Detector, Kind, Resources
from auditor.names.gazetteer import gazetteer
from auditor.names.skeleton import plain
from auditor.rules.model import Schema
from auditor.text import lexicon
from auditor.text.words import holding, vocabulary
from auditor.types import Document, Match, Rule, Scope, Span, Suggestion

_PAIR = re.compile(r"(?<![\w’'.&/@#-])([^\W\d_a-z][^\W\d_A-Z]+) ([^\W\d_A-Z]{4,})(?![\w’'@-]|[.]\w)")
_LEAST = 4
"""Letters of the second word of a pair."""
_CAPITALISED = re.compile(r"(?<![\w’'-])[^\W\d_a-zß-öø-ÿ][\w]{2,}")
_LOST = 2
"""Letters that a name may have lost with its capital (“elensky”, Zelensky)."""
_PART = 3
"""Fewest letters of either half of a compound."""
_ELSE = frozenset(["Chad", "Christian", "Georgia", "German", "Israel", "Jordan", "Paris"])
"""Given names that as often are something else, before any word."""


def build(rules: Sequence[Rule], resources: Resources) -> Detector:  # noqa: ARG001 (every kind is built so)
    """One detector for all rules of the kind."""

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        if document.provenance.translated and not lexicon.common(document.provenance.target_lang).isdisjoint(vocabulary(document)):
            for match in _lowered(document):
                yield from ((rule, match) for rule in rules)

    return detect


def _lowered(document: Document) -> Iterator[Match]:
    """A match a surname, with every place where the text has it in small letters."""
    target = document.provenance.target_lang
    common = lexicon.common(target)
    names: dict[str, None] = {}
    rare = {word for word in vocabulary(document) - common if len(word) >= _LEAST and word in document.text}  # a surname is one of them
    for segment in holding(document, rare):
        if segment.scope not in (Scope.CREDIT, Scope.TEASER):
            pairs = (pair for pair in _PAIR.finditer(segment.text) if pair[2] not in common and _is_given(pair[1], target))
            names.update({pair[2]: None for pair in pairs if _is_strange(pair[2], target)})
    for name in names:
        first, *others = (Span(*found.span()) for found in re.finditer(rf"(?<![\w’'-]){name}(?![\w-])", document.text))
        right = _capitalised(name, document.text, target)
        suggestions = (Suggestion(right),) if right else ()
        yield Match(first, suggestions=suggestions, evidence={"known_by": "given name"}, occurrences=tuple(others))


@lru_cache(maxsize=4096)
def _is_given(word: str, target: str) -> bool:
    """Whether persons have the word as a part of their names in the language of the text too."""
    return word not in _ELSE and any(not known.place and target in known.conventions for known in gazetteer().readings(word))


@lru_cache(maxsize=4096)
def _is_strange(word: str, target: str) -> bool:
    """Whether a word that is none of the common ones is none of the language, nor two of its words in one, nor a slip of the pen away from one."""
    common = lexicon.common(target)
    if word != word.lower():
        return False
    halves = ((word[:at], word[at:]) for at in range(_PART, len(word) - _PART + 1))
    return not any(a in common and b in common for a, b in halves) and common.isdisjoint(_slips(word)) and word not in lexicon.known(target)


def _slips(word: str) -> Iterator[str]:
    """The words that one letter put in, left out, exchanged or moved makes of a word."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in ascii_lowercase:
            yield before + letter + after
            yield before + letter + after[1:]


def _capitalised(name: str, text: str, target: str) -> str:
    """How the text itself writes the name elsewhere, a lost first letter included; else with a capital, where that is on record."""
    end = plain(name)
    for found in _CAPITALISED.finditer(text):
        whole = plain(found.group())
        if whole.endswith(end) and len(whole) - len(end) <= _LOST:
            return found.group()
    right = name[0].upper() + name[1:]
    return right if _is_given(right, target) else ""


KIND = Kind(Schema(keys={}), build)
