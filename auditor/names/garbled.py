"""Names that differ by a slip of one word from one known name: the only place that says how far a slip goes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice

from auditor.names.aliases import AliasTable, Entity, Form
from auditor.names.skeleton import bare, plain, skeleton

_SHORT, _LONG = 6, 9
"""Letters of a word in which one edit, and two, may be a slip: shorter words are other names."""
_GLIDES = re.compile(r"[yij]")
Index = Mapping[tuple[str, ...], tuple[tuple[str, Entity], ...]]
"""By the words of a full name with one left out (its place holds an empty word): the word left out, and whose name it is."""


def index(table: AliasTable, others: Iterable[str] = ()) -> Index:
    """The full names of persons, in every right form of two words and more; organisations are made of words that others use too. `others`
    are names of persons beside those of the table: a slip in their surnames counts, for with another given name they are other persons."""
    found: dict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
    listed = [Entity(f"{plain(name)} {number}", "person", Form(name)) for number, name in enumerate(others) if not table.entries(name)]
    persons = [*(entity for entity in table.entities if entity.kind == "person"), *listed]
    by_id = {entity.id: entity for entity in persons}
    for entity in persons:
        for form in entity.full.right:
            for key, word in _holes(form) if entity.path else islice(_holes(form), form.count(" "), None):
                found[key].add((word, entity.id))
    return {key: tuple((word, by_id[name]) for word, name in sorted(words)) for key, words in found.items()}


def meant(name: str, known: Index) -> Entity | None:
    """The one entity whose name this is with a slip in one word; None where there is none, or more than one, or only the romanisation differs."""
    near = [(word, right, entity) for key, word in _holes(name) for right, entity in known.get(key, ())]
    found = {entity.id: entity for word, right, entity in near if is_slip(word, right)}
    exact = {entity.id for word, right, entity in near if word == right or skeleton(word) == skeleton(right)} if found else set()
    return next(iter(found.values())) if len(found) == 1 and not exact else None


def _holes(name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    words = bare(name).split()
    if len(words) > 1:
        for at, word in enumerate(words):
            yield (*words[:at], "", *words[at + 1 :]), word


@lru_cache(maxsize=4096)
def is_slip(word: str, right: str) -> bool:
    """Whether the one can be a slip for the other: the same first letter, one edit, or two in a long word, and no romanisation of it."""
    if (
        word[:1] != right[:1]
        or min(len(word), len(right)) < _SHORT
        or skeleton(word) == skeleton(right)
        or _GLIDES.sub("", word) == _GLIDES.sub("", right)
    ):
        return False
    return 0 < edits(word, right) <= (2 if min(len(word), len(right)) >= _LONG else 1)


def edits(one: str, two: str) -> int:
    """Letters added, left out, replaced or swapped with their neighbour to turn the one into the other (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        last, row, earlier = row, [i], before
        for j, b in enumerate(two, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]
