"""Pronouns: “he” and “she” that cannot stand for the one whom the text has just named; the only kind that asks whom a pronoun means.

It speaks only where nobody else can be meant: the pronoun opens a sentence, the sentence before opens with its antecedent, and neither that
one nor the two before it name anybody whom the pronoun would fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from auditor.detect.kind import Detector, Kind, Resources
from auditor.rules.model import Schema
from auditor.text import language
from auditor.types import Document, Match, Rule, Scope, Segment, Span, Suggestion

_CAPITALS = re.compile(r"[A-ZÀ-Þ][\w’'-]*(?:[ -]+(?:(?:[a-z]{2,3} )?[A-ZÀ-Þ][\w’'-]*))*")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_LEAD = 6
"""How many words may stand before the antecedent in its sentence."""
_BACK = 2
"""How many sentences before that of the antecedent are searched for somebody else."""
_PROSE = (Scope.BODY, Scope.QUOTE)


@dataclass(frozen=True)
class Genders:
    """A rule's parameters: pronouns that open a sentence, by gender (the first of each is the subject form), and words that say a person's."""

    pronouns: Mapping[str, tuple[str, ...]]
    names: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]
    persons: frozenset[str]
    things: frozenset[str]
    neutral: str
    spared: frozenset[str]

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """A pronoun in the subject form at the start of a sentence, with a word in small letters behind it."""
        subjects = "|".join(re.escape(forms[0].capitalize()) for forms in self.pronouns.values())
        return re.compile(rf"({subjects}) (?=[a-z])")

    def of_word(self, word: str) -> str | None:
        """The gender that a pronoun, title or noun says, if any."""
        small = word.casefold().rstrip(".")
        return next((gender for gender in self.pronouns if small in self.words[gender] or small in self.pronouns[gender]), None)

    def of_name(self, name: str, surnames: Mapping[str, str]) -> str | None:
        """The gender of a run of capitalised words: by its title, its first name, or the surname as the text has it elsewhere."""
        parts = name.split()
        for part in parts[:-1]:
            said = self.of_word(part) or next((gender for gender, names in self.names.items() if part in names), None)
            if said is not None:
                return said
        return surnames.get(parts[-1])


Finder = Callable[[Document, Genders], Iterator[Match]]


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind, each by the finder that it names."""
    del resources
    finders = [(rule, FINDERS[str(rule.params["find"])], read(rule)) for rule in rules]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        for rule, find, genders in finders:
            for match in find(document, genders):
                yield rule, match

    return detect


def read(rule: Rule) -> Genders:
    """The rule's parameters."""
    sides = ("male", "female")
    return Genders(
        pronouns={side: _strings(rule, f"{side}.pronouns") for side in sides},
        names={side: frozenset(_strings(rule, f"{side}.names")) for side in sides},
        words={side: frozenset(_strings(rule, f"{side}.words")) for side in sides},
        persons=frozenset(_strings(rule, "persons")),
        things=frozenset(_strings(rule, "things")),
        neutral=str(rule.params.get("neutral", "")),
        spared=frozenset(_strings(rule, "spared")),
    )


def persons(document: Document, genders: Genders) -> Iterator[Match]:
    """“She” for a man or “he” for a woman, where a title or a first name says which."""
    surnames = _surnames(document, genders)
    for before, segment, found in _openings(document, genders):
        said = _gender(found[1], genders)
        named = _first_name(before.text)
        if named is None or genders.of_name(named.group(), surnames) in (None, said) or len(_WORD.findall(before.text[: named.start()])) > _LEAD:
            continue
        rest = before.text[: named.start()] + "," + before.text[named.end() :]
        if before.text[named.end() :].startswith(("’s", "'s", "’ ")) or named.group().endswith(("’s", "'s")) or _fits(rest, said, genders, surnames):
            continue
        if not any(_fits(other.text, said, genders, surnames) for other in _earlier(document, before)):
            other = next(forms[0] for gender, forms in genders.pronouns.items() if gender != said)
            yield _match(before, segment, found, named, other)


def things(document: Document, genders: Genders) -> Iterator[Match]:
    """“He” or “she” for what is no person: the sentence before opens with a thing, and nobody is named."""
    for before, segment, found in _openings(document, genders):
        named = re.match(r"(?:The|This|That|Its|Their|Our) ((?:[\w-]+ ){0,2}?)([\w-]+)\b(?![’'-])", before.text)
        if named is None or named[2].casefold() not in genders.things:
            continue
        said = _gender(found[1], genders)
        rest = before.text[named.end() :]
        if not any(_fits(text, said, genders, {}) for text in (rest, *(other.text for other in _earlier(document, before)))):
            yield _match(before, segment, found, named, genders.neutral)


def _openings(document: Document, genders: Genders) -> Iterator[tuple[Segment, Segment, re.Match[str]]]:
    """Sentences that a pronoun opens, each with the sentence before it. Quotations are left out, with what follows one."""
    for before, segment in zip(document.segments, document.segments[1:], strict=False):
        found = genders.opening.match(segment.text)
        quoted = any(quotation.overlaps(span) for quotation in document.quotations for span in (before.span, Span(segment.span.start, segment.span.start + 3)))
        if found and not quoted and before.scope in _PROSE and segment.scope in _PROSE:
            yield before, segment, found


def _earlier(document: Document, segment: Segment) -> Sequence[Segment]:
    return document.segments[max(0, segment.id - _BACK) : segment.id]


def _gender(pronoun: str, genders: Genders) -> str:
    return next(gender for gender, forms in genders.pronouns.items() if pronoun.casefold() == forms[0])


def _first_name(text: str) -> re.Match[str] | None:
    """The first run of capitalised words that is more than the word that opens the sentence."""
    return next((match for match in _CAPITALS.finditer(text) if match.start() or " " in match.group()), None) or _CAPITALS.match(text)


def _surnames(document: Document, genders: Genders) -> Mapping[str, str]:
    """The gender of every last word of a name whose title or first name says it, where the text does not contradict itself."""
    found: dict[str, set[str]] = {}
    for match in _CAPITALS.finditer(document.text):
        said = genders.of_name(match.group(), {})
        if said is not None:
            found.setdefault(re.sub(r"[’']s$", "", match.group().split()[-1]), set()).add(said)
    return {surname: next(iter(said)) for surname, said in found.items() if len(said) == 1}


def _fits(text: str, said: str, genders: Genders, surnames: Mapping[str, str]) -> bool:
    """Whether a stretch names somebody whom a pronoun of this gender may mean: a person of it or of unknown gender."""
    for match in _WORD.finditer(text):
        word = match.group().casefold()
        if genders.of_word(word) == said or word in genders.persons or word.rstrip("s") in genders.persons:
            return True
        if re.fullmatch(r"\w+(?:man|men|woman|women|person|people|er|ers|or|ors|ist|ists|ian|ians)", word) and word not in genders.spared:
            return True
    known = genders.spared | genders.things | _common()
    for match in _CAPITALS.finditer(text):
        if match.start() and re.search(r"\b(?:in|at|near|the|on) $", text[: match.start()]):
            continue
        parts = [part for part in match.group().split() if part.casefold() not in known]
        name = re.sub(r"[’']s$", "", match.group())
        if parts and genders.of_name(name, surnames) in (None, said):
            return True
    return False


def _common() -> frozenset[str]:
    facts = language.language("".join(("e", "n")))
    return frozenset(word.casefold() for word in (*facts.function_words, *facts.months, *facts.weekdays))


def _match(before: Segment, segment: Segment, found: re.Match[str], named: re.Match[str], other: str) -> Match:
    span = Span(segment.span.start, segment.span.start + found.end(1))
    antecedent = Span(before.span.start + named.start(), before.span.start + named.end())
    return Match(
        span,
        suggestions=(Suggestion(other.capitalize()),),
        values={"antecedent": named.group()},
        related=(antecedent,),
    )


def _strings(rule: Rule, key: str) -> tuple[str, ...]:
    value = rule.params.get(key, ())
    return tuple(value) if isinstance(value, tuple) else ()


FINDERS: Mapping[str, Finder] = {"persons": persons, "things": things}

KIND = Kind(
    Schema(
        keys={
            "find": "string",
            "male.pronouns": "strings",
            "male.names": "strings",
            "male.words": "strings",
            "female.pronouns": "strings",
            "female.names": "strings",
            "female.words": "strings",
            "persons": "strings",
            "things": "strings",
            "neutral": "string",
            "spared": "strings",
        },
        required=frozenset({"find", "male.pronouns", "female.pronouns"}),
        values=frozenset({"antecedent"}),
        choices={"find": tuple(FINDERS)},
    ),
    build,
)
