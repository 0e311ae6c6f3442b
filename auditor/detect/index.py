"""Which rules can match a sentence at all: the words that a pattern cannot do without; the only place that prunes rules for speed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from itertools import product
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from auditor.rules.pattern import translate

_WORD = re.compile(r"\w+")
_MOST = 256
"""How many spellings of a stretch of a pattern are written out; beyond it the stretch counts as unknown."""
_SYMBOL = re.compile(r"\\.|\[\^?\]?[^\]]*\]", re.DOTALL)
"""An escaped character or a class."""
_GROUP = re.compile(r"\([^()]*\)")
"""A group without groups inside."""
_UNKNOWN = "\0"
_PLAIN = re.compile(r"(?:^|(?<=[ '\",]))(\w{4,})(?=$|[ '\",](?![?*+{]))")
"""A word outside all groups that stands in every match: whole, and with what parts it from the next word."""
_CHOICE = re.compile(r"(?:^|(?<=[ '\",]))\((?:\?:)?([^()?][^()]*)\)(?=$|[ '\",](?![?*+{]))")
"""A group that stands in every match, with nothing in it but alternatives."""
_FREQUENT = frozenset(re.findall(r"\w+", "a an and as at be by for from has have in is it of on that the to"))


class Index:
    """Patterns by the words that each needs. `candidates` never leaves out a pattern that could match."""

    def __init__(self, patterns: Sequence[str]) -> None:
        by_word: dict[str, set[int]] = defaultdict(set)
        always = set()
        for number, pattern in enumerate(patterns):
            needed = required(pattern)
            if needed is None:
                always.add(number)
            for word in needed or ():
                by_word[word].add(number)
        self._by_word: Mapping[str, set[int]] = dict(by_word)
        self._always = frozenset(always)

    @cached_property
    def unindexed(self) -> int:
        """How many patterns have to be tried on every sentence."""
        return len(self._always)

    def candidates(self, text: str) -> list[int]:
        """The numbers of the patterns that may match in the text, in order."""
        found = set(self._always)
        for word in set(_WORD.findall(text.lower())):
            found.update(self._by_word.get(word, ()))
        return sorted(found)


@cache
def required(pattern: str) -> frozenset[str] | None:
    """Words (lower case) of which every match of the pattern, taken on whole words, holds at least one; None: no such words can be named."""
    plain = _plain(pattern)
    if plain is not None:
        return plain
    parsed = parser.parse(translate(pattern))
    best: frozenset[str] | None = None
    for stretch in _stretches(list(parsed)):
        needed = _pick(stretch)
        if needed and (best is None or _cost(needed) < _cost(best)):
            best = needed
    return best


def _plain(pattern: str) -> frozenset[str] | None:
    """A rare word outside all groups, or one of each alternative of a group, where the pattern is one branch. Found without parsing, which takes
    far longer; None where that is not enough."""
    bare, count = _SYMBOL.sub(_UNKNOWN, pattern), 1
    choices = [choice[1] for choice in _CHOICE.finditer(bare) if bare.count("(", 0, choice.start()) == bare.count(")", 0, choice.start())]
    while count:
        bare, count = _GROUP.subn(_UNKNOWN, bare)
    if "|" in bare:
        return None
    single = _rarest(bare)
    if single is not None:
        return frozenset({single})
    picked = [[_rarest(alternative) for alternative in choice.split("|")] for choice in choices]
    sure = [frozenset(word for word in words if word is not None) for words in picked if None not in words]
    return min(sure, key=_cost, default=None)


def _rarest(text: str) -> str | None:
    """The rarest-looking word of a stretch without groups that stands in every match."""
    return max((word for word in map(str.lower, _PLAIN.findall(text)) if word not in _FREQUENT), key=_rarity, default=None)


_Spellings = frozenset[str]
_Stretch = tuple[bool, _Spellings, bool]
"""Consecutive parts of a pattern whose spellings are all known; whether its left and right ends are ends of words."""


def _stretches(items: list[Any]) -> list[_Stretch]:
    """Every run of parts with known spellings between parts that can be anything. Runs that grow too large are cut at white space."""
    out: list[_Stretch] = []
    known: _Spellings = frozenset({""})
    left = True
    for item in items:
        spellings = _spell([item])
        grown = None if spellings is None else _join(known, spellings)
        if grown is None and spellings is not None and all(text.endswith(" ") for text in known):
            out.append((left, known, True))
            left, known = True, spellings
        elif grown is None:
            out.append((left, known, False))
            left, known = False, frozenset({""})
        else:
            known = grown
    out.append((left, known, True))
    return out


def _pick(stretch: _Stretch) -> frozenset[str] | None:
    """The rarest-looking whole word that all spellings share, or else one of each; None when a spelling has none."""
    left, spellings, right = stretch
    found = [
        {match.group() for match in _WORD.finditer(text) if (left or match.start() > 0) and (right or match.end() < len(text))} for text in spellings
    ]
    shared = set.intersection(*found)
    return frozenset({max(shared, key=_rarity)}) if shared else frozenset(max(each, key=_rarity) for each in found) if all(found) else None


def _rarity(word: str) -> tuple[bool, int, str]:
    return word not in _FREQUENT, len(word), word


def _cost(words: Iterable[str]) -> tuple[int, int]:
    words = tuple(words)
    return sum(word in _FREQUENT for word in words), len(words)


def _join(first: _Spellings, second: _Spellings) -> _Spellings | None:
    if len(first) * len(second) > _MOST:
        return None
    return frozenset(a + b for a, b in product(first, second))


def _spell(items: Sequence[Any]) -> _Spellings | None:
    """All spellings of a sequence of parsed parts, white space as one space; None when they cannot be written out."""
    spellings: _Spellings | None = frozenset({""})
    for code, value in items:
        part = _spell_one(code, value)
        spellings = None if part is None or spellings is None else _join(spellings, part)
        if spellings is None:
            return None
    return spellings


def _spell_one(code: Any, value: Any) -> _Spellings | None:  # noqa: ANN401 - the parser's own tuples
    if code is codes.LITERAL:
        return frozenset({chr(value).lower()})
    if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        return frozenset({""})
    if code is codes.SUBPATTERN:
        return _spell(value[-1])
    if code is codes.BRANCH:
        branches = [_spell(branch) for branch in value[1]]
        known = [branch for branch in branches if branch is not None]
        return frozenset().union(*known) if len(known) == len(branches) else None
    if code is codes.IN:
        return _spell_class(value)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return _spell_repeat(value)
    return None


def _spell_class(members: Sequence[Any]) -> _Spellings | None:
    if members == [(codes.CATEGORY, codes.CATEGORY_SPACE)]:
        return frozenset({" "})
    if all(code is codes.LITERAL for code, _ in members):
        return frozenset(chr(value).lower() for _, value in members)
    return None


def _spell_repeat(value: tuple[int, Any, Sequence[Any]]) -> _Spellings | None:
    least, most, items = value
    inner = _spell(items)
    if inner is not None and inner == frozenset({" "}) and least == 1:
        return inner
    if inner is None or most is codes.MAXREPEAT or most > 3:
        return None
    out: set[str] = set()
    for times in range(least, most + 1):
        grown: _Spellings | None = frozenset({""})
        for _ in range(times):
            grown = None if grown is None else _join(grown, inner)
        if grown is None:
            return None
        out |= grown
    return frozenset(out)
