"""What a rule table may hold: the schema that every kind declares, and the set of rules of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from auditor.types import Rule


@dataclass(frozen=True, slots=True)
class Schema:
    """The parameters of a kind. `keys`: dotted name → "patterns" (rules/pattern.py), "strings", "string", "number" or "flag"; `values`: placeholders
    that its matches fill in messages beside {match} and {suggestion}; `choices`: dotted name → what it may hold (each item, of a list).

    `check` yields what only the kind can tell is wrong with a rule: the dotted name of the key ("" for the rule as a whole) and the problem."""

    keys: Mapping[str, str]
    required: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    check: Callable[[Rule], Iterator[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class RuleSet:
    """The rules of a run in order of id, and the digest that stands in its signature."""

    rules: tuple[Rule, ...]
    digest: str

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """Rules by id."""
        return {rule.id: rule for rule in self.rules}

    def of_kind(self, kind: str) -> Sequence[Rule]:
        """The rules of one kind, in order of id."""
        return tuple(rule for rule in self.rules if rule.kind == kind)


class Unread(RuleSet):
    """Rules of which digest and number are known; the packs are read when one is asked for."""

    def __init__(self, digest: str, number: int, read: Callable[[], RuleSet]) -> None:
        vars(self).update(digest=digest, _number=number, _read=read)

    def __len__(self) -> int:
        return int(vars(self)["_number"])

    def __reduce__(self) -> tuple[type[RuleSet], tuple[tuple[Rule, ...], str]]:
        return RuleSet, (self.rules, self.digest)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in order of id."""
        found: RuleSet = vars(self)["_read"]()
        return found.rules
