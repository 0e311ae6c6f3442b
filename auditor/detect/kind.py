"""What a kind of check is: the parameters of its rules, and how a set of rules becomes one detector."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.names.aliases import AliasTable
from auditor.rules.model import Schema
from auditor.text.language import Language
from auditor.types import Document, Match, Rule

Detector = Callable[[Document], Iterable[tuple[Rule, Match]]]


@dataclass(frozen=True, slots=True)
class Resources:
    """What detectors look things up in. `language(code)` gives the facts of a language (an empty Language for an unknown code);
    `profile` is the house style whose forms count as right; `variant` en-US, en-GB or empty."""

    language: Callable[[str], Language]
    aliases: AliasTable
    profile: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of check. `build` is called once per process with all rules of the kind; the detector it returns is a pure function of the
    document and skips rules that do not apply to the document's source language only where the caller has narrowed them."""

    schema: Schema
    build: Callable[[Sequence[Rule], Resources], Detector]


def prose(document: Document) -> Iterator[int]:
    """Indexes of the segments that are running text or quotation (no headlines, captions, credits, teasers)."""
    for segment in document.segments:
        if segment.scope in ("body", "quote"):
            yield segment.id


def strings(rule: Rule, key: str) -> tuple[str, ...]:
    """A parameter of a rule that is a list of texts; empty where the rule does not state it."""
    value = rule.params.get(key, ())
    return tuple(value) if isinstance(value, tuple) else ()
