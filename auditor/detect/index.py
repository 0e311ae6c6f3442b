"""Which patterns can match a text at all: the letters that each cannot do without; the only place that prunes rules for speed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, product
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from ahocorasick_rs import AhoCorasick

from auditor.rules.pattern import translate
from auditor.text.words import remembered, small_letters, spaced
from auditor.types import Document

_MOST, _POOR = (64, 700), 2.0**-6
"""How many spellings of a stretch of a pattern are written out: the second number where the first gives no set so rare (as `_cost` has it)."""
_SYMBOL = re.compile(r"\\.|\[\^?\]?[^\]]*\]", re.DOTALL)
"""An escaped character or a class."""
_GROUP = re.compile(r"\([^()]*\)")
"""A group without groups inside."""
_CASELESS = re.compile(r"\(\?[a-zA-Z]*i")
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
            needed = required(pattern) if whole else _required_plain(pattern)
            if needed is None:
                always.append(number)
            for literal in needed or ():
                by_literal[literal].add(number)
        self._always = always
        self._read = in_folded if whole else in_spaced
        shapes: dict[str, list[tuple[bool, bool, tuple[int, ...]]]] = defaultdict(list)
        for literal, numbers in sorted(by_literal.items()):
            left, right = whole and literal[0] == " " and _is_word(literal[1]), whole and literal[-1] == " " and _is_word(literal[-2])
            shapes[literal[left : len(literal) - right]].append((left, right, tuple(sorted(numbers))))
        self._shapes: Sequence[Sequence[tuple[bool, bool, tuple[int, ...]]]] = tuple(shapes.values())
        self._finder = AhoCorasick(list(shapes)) if shapes else None

    @cached_property
    def unindexed(self) -> int:
        """How many patterns have to be tried on every text."""
        return len(self._always)

    def candidates(self, text: str) -> list[int]:
        """The numbers of the patterns that may match in the text, in order."""
        return self.found(self._read([text])).get(0, [])

    def found(self, texts: Read) -> dict[int, list[int]]:
        """The same for many texts in one pass, by the number of the text, in order; a text with none is left out."""
        hits: dict[int, set[int]] = {number: set(self._always) for number in range(len(texts.ends))} if self._always else {}
        joined, ends, shapes, number, last = texts.joined, texts.ends, self._shapes, 0, len(texts.joined)
        for literal, start, end in self._finder.find_matches_as_indexes(joined, overlapping=True) if self._finder else ():
            while end > ends[number]:
                number += 1
            for left, right, numbers in shapes[literal]:
                if left and start and ((mark := joined[start - 1]).isalnum() or mark == "_"):  # `_is_word`, which is too slow to call
                    continue
                if right and end < last and ((mark := joined[end]).isalnum() or mark == "_"):
                    continue
                hits.setdefault(number, set()).update(numbers)
        return {number: sorted(hits[number]) for number in sorted(hits)}


@dataclass(frozen=True, slots=True)
class Read:
    """Texts as literals are sought in them, one behind the other, and where each ends. A space stands at either end of each: no literal holds two."""

    joined: str
    ends: tuple[int, ...]


def _read(parts: Sequence[str]) -> Read:
    return Read("".join(parts), tuple(accumulate(map(len, parts))))


def in_spaced(texts: Iterable[str]) -> Read:
    """The texts for an index of plain patterns."""
    return _read([spaced(text) for text in texts])


def in_folded(texts: Iterable[str]) -> Read:
    """The texts for an index of the patterns of rules, to which case is nothing, a curly mark a straight one and any hyphen a hyphen."""
    return _read([_straight(spaced(text.lower())) for text in texts])


@remembered
def sentences(document: Document) -> Read:
    """The segments of a document for an index of the patterns of rules, read once for all kinds."""
    return _read([_straight(text) for text in small_letters(document)])


def _straight(text: str) -> str:
    if text.isascii():
        return text
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


def _required_plain(pattern: str) -> frozenset[str] | None:
    """The same for a plain regular expression, in the case in which it is written; one that does not heed case is not read."""
    return None if _CASELESS.search(pattern) else _required(parser.parse(pattern), whole=False)


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
    """How rare a stretch is: three bits a letter of a rarer word, six for a capital, six or nine a mark, more where a letter stands right behind
    or a space before."""
    bits = 0
    for part in _PART.findall(literal):
        if _is_word(part[0]):
            bits += (5 if part in _FREQUENT else 3 * len(part)) + 6 * part[0].isupper()
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
    items = list(items)
    # What stands before and behind a match belongs to the text too: “(?<=[a-z] )Was” cannot do without “ Was”.
    first, last = _looked_at(items[:1], -1), _looked_at(items[-1:], 1)
    around = [*first, *items[bool(first) : len(items) - bool(last)], *last]
    best: frozenset[str] | None = None
    for writer in (_Writer(most, lower=whole) for most in _MOST):
        found = writer.choices(items, left=whole, right=whole)
        if first or last:
            found += writer.choices(around, left=whole and not first, right=whole and not last)
        best = _cheapest([frozenset(map(_straight, literals)) for literals in found] if whole else found)
        if best is not None and _cost(best) < _POOR:
            break
    return best


def _looked_at(items: Sequence[Any], direction: int) -> Sequence[Any]:
    """What a part asks for that stands behind (1) or before (-1) it."""
    return [part for code, value in items if code is codes.ASSERT and value[0] == direction for part in value[1]]


def _cheapest(found: Sequence[frozenset[str]]) -> frozenset[str] | None:
    return min(found, key=lambda literals: (_cost(literals), min(literals)), default=None)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes out what parts of parsed patterns match: up to `most` spellings of a stretch, beyond which the stretch counts as unknown.
    `lower`: in small letters."""

    most: int
    lower: bool

    def choices(self, items: Iterable[Any], *, left: bool, right: bool) -> list[frozenset[str]]:
        """Every set of literals that a sequence of parts cannot do without: of its stretches, and of the groups that cannot be written out."""
        spelled = [(item, self._part(*item)) for item in items]
        out = []
        for begins, stretch, ends in self._stretches(spelled, left=left, right=right):
            found = [_literal(text, left=begins, right=ends) for text in stretch]
            if None not in found:
                out.append(frozenset(literal for literal in found if literal is not None))
        for (code, value), spellings in spelled:
            if code is codes.ASSERT:
                out += self.choices(value[1], left=False, right=False)
            elif spellings is None and code is codes.SUBPATTERN:
                out += self.choices(value[-1], left=False, right=False)
            elif spellings is None and code is codes.BRANCH:
                alone = len(spelled) == 1
                branches = [_cheapest(self.choices(branch, left=left and alone, right=right and alone)) for branch in value[1]]
                if None not in branches:
                    out.append(frozenset().union(*(branch for branch in branches if branch is not None)))
            elif spellings is None and code in _REPEATS and value[0]:
                out += self.choices(value[2], left=False, right=False)
        return out

    def _stretches(self, spelled: Iterable[tuple[Any, _Spellings | None]], *, left: bool, right: bool) -> list[_Stretch]:
        """Every run of parts with known spellings between parts that can be anything. Runs that grow too large are cut, the part before the cut
        counting on both sides; of a part that cannot be written out, what it begins with, at least its first letters, closes one run and what it
        ends with opens the next."""
        out: list[_Stretch] = []
        known = last = _NOTHING
        for item, spellings in spelled:
            head = self._edge([item], last=False) if spellings is None else spellings
            grown = self._join(known, head)
            if grown is not None and spellings is not None:
                known, last = grown, spellings if spellings != _NOTHING else last
                continue
            out.append((left, known if grown is None else grown, False))
            firsts = frozenset(text[:1] for text in head)
            if grown is None and (longer := self._join(known, firsts)) is not None:
                out.append((left, longer, False))
            elif grown is None and (bridge := self._join(_ends(known), firsts)) is not None:
                out.append((False, bridge, False))
            if spellings is None:
                known = last = self._edge([item], last=True)
            else:
                known, last = self._join(last, spellings) or self._join(_ends(known), spellings) or spellings, spellings
            left = False
        out.append((left, known, right))
        return out

    def _edge(self, items: Sequence[Any], *, last: bool) -> _Spellings:
        """What a sequence of parts begins with, or (`last`) ends with, as far as it can be written out; at worst nothing."""
        known = _NOTHING
        for code, value in reversed(items) if last else items:
            part = self._part(code, value)
            whole = part is not None
            if part is None and code is codes.SUBPATTERN:
                part = self._edge(value[-1], last=last)
            elif part is None and code is codes.BRANCH:
                part = frozenset().union(*(self._edge(branch, last=last) for branch in value[1]))
            elif part is None and code in _REPEATS and value[0]:
                part = self._edge(value[2], last=last)
            joined = None if part is None else self._join(part, known) if last else self._join(known, part)
            if joined is None and part is not None:  # too many: the letters next to what is known will do
                next_to = frozenset(text[-1:] if last else text[:1] for text in part)
                joined, whole = self._join(next_to, known) if last else self._join(known, next_to), False
            if joined is None:
                return known
            known = joined
            if not whole:
                return known
        return known

    def _join(self, first: _Spellings, second: _Spellings) -> _Spellings | None:
        if len(first) * len(second) > self.most:
            return None
        if len(first) == len(second) == 1:
            return frozenset({next(iter(first)) + next(iter(second))})
        return frozenset(a + b for a, b in product(first, second))

    def _spell(self, items: Sequence[Any]) -> _Spellings | None:
        """All spellings of a sequence of parts, white space as one space; None when they cannot be written out."""
        spellings = _NOTHING
        for code, value in items:
            part = self._part(code, value)
            joined = None if part is None else self._join(spellings, part)
            if joined is None:
                return None
            spellings = joined
        return spellings

    def _part(self, code: Any, value: Any) -> _Spellings | None:  # noqa: ANN401 - the parser's own tuples
        if code is codes.LITERAL:
            return _letter(value, lower=self.lower)
        if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
            return _NOTHING
        if code is codes.SUBPATTERN:
            return self._spell(value[-1])
        if code is codes.BRANCH:
            branches = [self._spell(branch) for branch in value[1]]
            known = [branch for branch in branches if branch is not None]
            spellings: _Spellings = frozenset().union(*known)
            return spellings if len(known) == len(branches) and len(spellings) <= self.most else None
        if code is codes.IN:
            return _spell_class(value, lower=self.lower)
        if code in _REPEATS:
            return self._repeat(value)
        return None

    def _repeat(self, value: tuple[int, Any, Sequence[Any]]) -> _Spellings | None:
        least, most, items = value
        inner = self._spell(items)
        if inner == frozenset({" "}):
            return inner if least else frozenset({"", " "})
        if inner is None or most is codes.MAXREPEAT or most > 3:
            return None
        out: set[str] = set()
        for times in range(least, most + 1):
            grown: _Spellings | None = _NOTHING
            for _ in range(times):
                grown = None if grown is None else self._join(grown, inner)
            if grown is None:
                return None
            out |= grown
        return frozenset(out) if len(out) <= self.most else None


def _ends(known: _Spellings) -> _Spellings:
    return frozenset(text[-1:] for text in known)


@cache
def _letter(point: int, *, lower: bool) -> _Spellings:
    letter = chr(point)
    return frozenset({" " if letter.isspace() else letter.lower() if lower else letter})


def _spell_class(members: Sequence[Any], *, lower: bool) -> _Spellings | None:
    if members == [(codes.CATEGORY, codes.CATEGORY_SPACE)]:
        return frozenset({" "})
    letters: _Spellings = frozenset()
    for code, value in members:
        first, last = value if code is codes.RANGE else (value, value)
        if code not in (codes.LITERAL, codes.RANGE) or last - first >= _WIDEST:
            return None
        letters = letters.union(*(_letter(point, lower=lower) for point in range(first, last + 1)))
    return letters if len(letters) <= _WIDEST else None
