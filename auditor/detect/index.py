"""Which patterns can match a text at all: the letters that each cannot do without; the only place that prunes rules for speed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from itertools import product
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from ahocorasick_rs import AhoCorasick

from auditor.rules.pattern import translate

_MOST = 64
"""How many spellings of a stretch of a pattern are written out; beyond it the stretch counts as unknown."""
_SYMBOL = re.compile(r"\\.|\[\^?\]?[^\]]*\]", re.DOTALL)
"""An escaped character or a class."""
_GROUP = re.compile(r"\([^()]*\)")
"""A group without groups inside."""
_COUNT = re.compile(r"\{\d*,?\d*\}")
_RUN = re.compile(r"[\w ,'\"-]+(?P<quantified>[?*+])?")
_UNKNOWN = "\0"
_FREQUENT = frozenset(re.findall(r"\w+", "a an and as at be by for from has have in is it of on that the to was with"))
_PART = re.compile(r"\w+|[^\w\s]\w?")
_LOOSE = re.compile(r" [.,;:!?)]")
_COMMON = ".,'\"-"
_WIDEST = 40
"""The most letters of a class that are written out."""
_SURE = 20
"""Bits of rarity that make a stretch good enough to look no further."""


class Index:
    """Patterns by the letters that each needs. `candidates` never leaves out a pattern that could match.

    `whole`: the patterns are those of rules/pattern.py and taken on whole words; otherwise they are plain regular expressions.
    """

    def __init__(self, patterns: Sequence[str], *, whole: bool = True) -> None:
        by_literal: dict[str, set[int]] = defaultdict(set)
        always = []
        for number, pattern in enumerate(patterns):
            needed = required(pattern) if whole else _required(parser.parse(pattern), whole=False)
            if needed is None:
                always.append(number)
            for literal in needed or ():
                by_literal[literal].add(number)
        self._always = always
        self._fold = folded if whole else lowered
        shapes: dict[str, list[tuple[bool, bool, tuple[int, ...]]]] = defaultdict(list)
        for literal, numbers in sorted(by_literal.items()):
            left, right = literal[0] == " " and _is_word(literal[1]), literal[-1] == " " and _is_word(literal[-2])
            shapes[literal[left : len(literal) - right]].append((left, right, tuple(sorted(numbers))))
        self._shapes: Sequence[Sequence[tuple[bool, bool, tuple[int, ...]]]] = tuple(shapes.values())
        self._finder = AhoCorasick(list(shapes)) if shapes else None

    @cached_property
    def unindexed(self) -> int:
        """How many patterns have to be tried on every text."""
        return len(self._always)

    def candidates(self, text: str) -> list[int]:
        """The numbers of the patterns that may match in the text, in order."""
        if self._finder is None:
            return list(self._always)
        found = set(self._always)
        text = self._fold(text)
        last = len(text)
        for literal, start, end in self._finder.find_matches_as_indexes(text, overlapping=True):
            for left, right, numbers in self._shapes[literal]:
                if (left and start and _is_word(text[start - 1])) or (right and end < last and _is_word(text[end])):
                    continue
                found.update(numbers)
        return sorted(found)


def lowered(text: str) -> str:
    """The text as literals of plain patterns are sought in it: lower case, one space for white space and at either end."""
    return f" {' '.join(text.lower().split())} "


def folded(text: str) -> str:
    """The same for the patterns of rules, to which a curly mark is a straight one and any hyphen a hyphen."""
    text = lowered(text)
    return text if text.isascii() else _straight(text)


def _straight(text: str) -> str:
    return text.replace("’", "'").replace("“", '"').replace("”", '"').replace("‑", "-").replace("‐", "-")


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


@cache
def required(pattern: str) -> frozenset[str] | None:
    """Texts (folded) of which every match of the pattern, taken on whole words, holds at least one; None: no such texts can be named. A space
    beside a letter at either end stands for the end of a word."""
    plain = _plain(pattern)
    if plain is not None:
        return plain
    return _required(parser.parse(translate(pattern)), whole=True)


def _plain(pattern: str) -> frozenset[str] | None:
    """A stretch outside all groups, where the pattern is one branch. Found without parsing, which takes far longer; None where that is not enough."""
    bare, count = _COUNT.sub("*", _SYMBOL.sub(_UNKNOWN, pattern)), 1
    while count:
        bare, count = _GROUP.subn(_UNKNOWN, bare)
    if "|" in bare:
        return None
    best, most = None, _SURE - 1
    for run in _RUN.finditer(bare):
        quantified = run["quantified"] is not None
        text = run.group()[:-2] if quantified else run.group()
        literal = _literal(_straight(text.lower()), left=run.start() == 0, right=run.end() == len(bare) and not quantified)
        if literal is not None and _bits(literal) > most:
            best, most = literal, _bits(literal)
    return None if best is None else frozenset({best})


def _literal(text: str, *, left: bool, right: bool) -> str | None:
    """A stretch as `required` gives it; None when it is empty."""
    bare = " ".join(text.split())
    if not bare:
        return None
    begins = text[0].isspace() or (left and _is_word(bare[0]))
    ends = text[-1].isspace() or (right and _is_word(bare[-1]))
    return " " * begins + bare + " " * ends


def _bits(literal: str) -> int:
    """How rare a stretch is: three bits a letter of a rarer word, six or nine a mark, more where a letter stands right behind or a space before."""
    bits = 0
    for part in _PART.findall(literal):
        if _is_word(part[0]):
            bits += 5 if part in _FREQUENT else 3 * len(part)
        else:
            bits += (6 if part[0] in _COMMON else 9) + 8 * (len(part) - 1)
    return bits + 6 * len(_LOOSE.findall(literal))


def _cost(literals: Iterable[str]) -> float:
    """How often one of the literals is to be expected in a text, in some unit."""
    return sum(2.0 ** -_bits(literal) for literal in literals)


_Spellings = frozenset[str]
_NOTHING: _Spellings = frozenset({""})
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_Stretch = tuple[bool, _Spellings, bool]
"""Consecutive parts of a pattern whose spellings are all known; whether its left and right ends are ends of words."""


def _required(items: Iterable[Any], *, whole: bool) -> frozenset[str] | None:
    """The cheapest set of literals of a parsed pattern, `whole` as for `Index`."""
    found = _choices(items, left=whole, right=whole)
    return _cheapest([frozenset(map(_straight, literals)) for literals in found] if whole else found)


def _cheapest(found: Sequence[frozenset[str]]) -> frozenset[str] | None:
    return min(found, key=lambda literals: (_cost(literals), min(literals)), default=None)


def _choices(items: Iterable[Any], *, left: bool, right: bool) -> list[frozenset[str]]:
    """Every set of literals that a sequence of parsed parts cannot do without: of its stretches, and of the groups that cannot be written out."""
    spelled = [(item, _spell_one(*item)) for item in items]
    out = []
    for begins, stretch, ends in _stretches(spelled, left=left, right=right):
        found = [_literal(text, left=begins, right=ends) for text in stretch]
        if None not in found:
            out.append(frozenset(literal for literal in found if literal is not None))
    for (code, value), spellings in spelled:
        if code is codes.ASSERT:
            out += _choices(value[1], left=False, right=False)
        elif spellings is None and code is codes.SUBPATTERN:
            out += _choices(value[-1], left=False, right=False)
        elif spellings is None and code is codes.BRANCH:
            alone = len(spelled) == 1
            branches = [_cheapest(_choices(branch, left=left and alone, right=right and alone)) for branch in value[1]]
            if None not in branches:
                out.append(frozenset().union(*(branch for branch in branches if branch is not None)))
        elif spellings is None and code in _REPEATS and value[0]:
            out += _choices(value[2], left=False, right=False)
    return out


def _stretches(spelled: Iterable[tuple[Any, _Spellings | None]], *, left: bool, right: bool) -> list[_Stretch]:
    """Every run of parts with known spellings between parts that can be anything. Runs that grow too large are cut, the part before the cut
    counting on both sides; a letter or class that is repeated without end closes one run and opens the next."""
    out: list[_Stretch] = []
    known = last = _NOTHING
    for item, spellings in spelled:
        grown = None if spellings is None else _join(known, spellings)
        if grown is not None and spellings is not None:
            known, last = grown, spellings if spellings != _NOTHING else last
            continue
        again = _repeated(item) if spellings is None else None
        joined = _join(known, again) if again else None
        out.append((left, known if joined is None else joined, False))
        following = spellings or again or _NOTHING
        left, known = False, (_join(last, following) if spellings else None) or following
        last = following
    out.append((left, known, right))
    return out


def _repeated(item: Any) -> _Spellings | None:  # noqa: ANN401 - the parser's own tuples
    """The spellings of what is repeated once or more without a limit that can be written out."""
    code, value = item
    return _spell(value[2]) if code in _REPEATS and value[0] else None


def _join(first: _Spellings, second: _Spellings) -> _Spellings | None:
    if len(first) * len(second) > _MOST:
        return None
    if len(first) == len(second) == 1:
        return frozenset({next(iter(first)) + next(iter(second))})
    return frozenset(a + b for a, b in product(first, second))


def _spell(items: Sequence[Any]) -> _Spellings | None:
    """All spellings of a sequence of parsed parts, white space as one space; None when they cannot be written out."""
    spellings = _NOTHING
    for code, value in items:
        part = _spell_one(code, value)
        joined = None if part is None else _join(spellings, part)
        if joined is None:
            return None
        spellings = joined
    return spellings


def _spell_one(code: Any, value: Any) -> _Spellings | None:  # noqa: ANN401 - the parser's own tuples
    if code is codes.LITERAL:
        return _letter(value)
    if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        return _NOTHING
    if code is codes.SUBPATTERN:
        return _spell(value[-1])
    if code is codes.BRANCH:
        branches = [_spell(branch) for branch in value[1]]
        known = [branch for branch in branches if branch is not None]
        spellings: _Spellings = frozenset().union(*known)
        return spellings if len(known) == len(branches) and len(spellings) <= _MOST else None
    if code is codes.IN:
        return _spell_class(value)
    if code in _REPEATS:
        return _spell_repeat(value)
    return None


@cache
def _letter(point: int) -> _Spellings:
    letter = chr(point)
    return frozenset({" " if letter.isspace() else letter.lower()})


def _spell_class(members: Sequence[Any]) -> _Spellings | None:
    if members == [(codes.CATEGORY, codes.CATEGORY_SPACE)]:
        return frozenset({" "})
    letters: _Spellings = frozenset()
    for code, value in members:
        first, last = value if code is codes.RANGE else (value, value)
        if code not in (codes.LITERAL, codes.RANGE) or last - first >= _WIDEST:
            return None
        letters = letters.union(*map(_letter, range(first, last + 1)))
    return letters if len(letters) <= _WIDEST else None


def _spell_repeat(value: tuple[int, Any, Sequence[Any]]) -> _Spellings | None:
    least, most, items = value
    inner = _spell(items)
    if inner == frozenset({" "}):
        return inner if least else frozenset({"", " "})
    if inner is None or most is codes.MAXREPEAT or most > 3:
        return None
    out: set[str] = set()
    for times in range(least, most + 1):
        grown: _Spellings | None = _NOTHING
        for _ in range(times):
            grown = None if grown is None else _join(grown, inner)
        if grown is None:
            return None
        out |= grown
    return frozenset(out) if len(out) <= _MOST else None
