"""Every small edit of a text that the rules of kind `edit` allow; which of them is any good, the language model has to say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from auditor.edits import forms
from auditor.rules.model import Schema
from auditor.text.language import codes
from auditor.types import Rule, Span

SCHEMA = Schema(
    keys=dict.fromkeys(("swap", "words", "verbs", "nouns", "insert", "drop", "forms", "irregular", "sources"), "strings"),
    choices={"forms": ("verb", "number", "adverb"), "sources": codes()},
)
"""What a rule of this kind may do to a word: `swap` it (a line is a set of words that stand for one another, or `word other|other`), put another in
its place that says what was meant (`words`, and `verbs` and `nouns` in all their forms: a line is always `word other|other`), `insert` one before it,
`drop` it, or put another of its `forms` there (those of `irregular` words stand in lines). A rule with `sources` is for texts from these alone."""

HOWS = ("insert", "drop", "swap", "sense")
"""The sorts of edits; by a `sense` another word is put there for what the word was meant to say."""
WORD = re.compile(r"[^\W_]+(?:['’.\-‐‑][^\W_]+)*")
_PLAIN = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_VOWEL = re.compile(r"(?!uni|us[aeiu]|eu|one\b)[aeiou]|hono|hour|heir|MP\b")
_SENSES = ("words", "verbs", "nouns")
_SHORTEST = 3
"""Letters of a word whose form may be changed."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a rule would put in place of a span; an empty text drops it.

    `word` counts the text's words up to the one where the two versions part; `first` is what then stands there instead, by which the language
    model is asked before anything is tried.
    """

    rule: str
    how: str
    span: Span
    text: str
    word: int
    first: str


@dataclass(frozen=True)
class Book:
    """What the rules allow, by word."""

    swaps: Mapping[str, tuple[tuple[str, str], ...]]
    senses: Mapping[str, tuple[tuple[str, str], ...]]
    inserts: tuple[tuple[str, str], ...]
    drops: Mapping[str, str]
    forms: Mapping[str, str]
    irregular: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, tuple[str, ...]]

    def allows(self, rule: str, source_lang: str | None) -> bool:
        """Whether a rule is for texts from a language; from which language is not known where it is None."""
        return rule not in self.sources or source_lang in self.sources[rule]


def book(rules: Sequence[Rule]) -> Book:
    """The rules of kind `edit` as look-ups."""
    irregular = [line for rule in rules for line in _strings(rule, "irregular")]
    paradigms = {line.partition(" ")[0]: tuple(line.split()) for line in irregular}
    swaps: dict[str, dict[tuple[str, str], None]] = {}
    senses: dict[str, dict[tuple[str, str], None]] = {}
    for rule in rules:
        for word, other in (pair for line in _strings(rule, "swap") for pair in _pairs(line)):
            swaps.setdefault(word, {})[other, rule.id] = None
        for key in _SENSES:
            for word, other in (pair for line in _strings(rule, key) for pair in _others(line)):
                for one, two in forms.alike(word, other, paradigms, verb=key == "verbs") if key != "words" else ((word, other),):
                    senses.setdefault(one, {})[two, rule.id] = None
    return Book(
        {word: tuple(found) for word, found in swaps.items()},
        {word: tuple(found) for word, found in senses.items()},
        tuple((word, rule.id) for rule in rules for word in _strings(rule, "insert")),
        {word: rule.id for rule in rules for word in _strings(rule, "drop")},
        {name: rule.id for rule in rules for name in _strings(rule, "forms")},
        forms.table(irregular),
        {rule.id: found for rule in rules if (found := _strings(rule, "sources"))},
    )


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """Of `am is are` each word with each other; of `is was|has been` the first with each of the rest."""
    if "|" in line:
        yield from _others(line)
    else:
        words = line.split()
        yield from ((word, other) for word in words for other in words if word != other)


def _others(line: str) -> Iterator[tuple[str, str]]:
    """Of `word other|other` the first with each of the rest, which may be several words."""
    first, _, rest = line.partition(" ")
    yield from ((first, other) for other in rest.split("|"))


def _strings(rule: Rule, key: str) -> tuple[str, ...]:
    return cast("tuple[str, ...]", rule.params.get(key, ()))


def words(text: str) -> tuple[Span, ...]:
    """The words of a text in order."""
    return tuple(Span(*match.span()) for match in WORD.finditer(text))


def edits(text: str, spans: Sequence[Span], number: int, allowed: Book, known: forms.Known, *, inserts: bool = True) -> Iterator[Edit]:
    """Every edit at one word of a text, always in one order, the inserts last: at a word in small letters that one space parts from the word
    before, so that no sentence's first word, name or figure is touched; before a name a word may be put in.
    """
    if not number or text[spans[number - 1].end : spans[number].start] != " ":
        return
    before, span = spans[number - 1], spans[number]
    word, last = text[span.start : span.end], text[before.start : before.end]
    if _PLAIN.fullmatch(word):
        for other, rule in (*allowed.swaps.get(word, ()), *_formed(word, allowed, known)):
            yield Edit(rule, "swap", span, other, number, other.partition(" ")[0])
        for other, rule in allowed.senses.get(word, ()):
            if not all(known(one.lower()) for one in other.split(" ")):
                continue
            article = _article(other) if last in ("a", "an") else last
            whole = span if article == last else Span(before.start, span.end)
            yield Edit(rule, "sense", whole, other if article == last else f"{article} {other}", number, other.partition(" ")[0])
        if word in allowed.drops and number + 1 < len(spans) and text[span.end : spans[number + 1].start] == " ":
            yield Edit(allowed.drops[word], "drop", span, "", number, text[spans[number + 1].start : spans[number + 1].end])
    if inserts and word.isalpha():
        for other, rule in allowed.inserts:
            if other not in (word, last.lower()):
                yield Edit(rule, "insert", Span(before.start, span.end), f"{last} {other} {word}", number, other)


def _article(word: str) -> str:
    return "an" if _VOWEL.match(word) else "a"


def _formed(word: str, allowed: Book, known: forms.Known) -> Iterator[tuple[str, str]]:
    """The other forms of a word that no list names."""
    if len(word) < _SHORTEST or word in allowed.swaps or word in allowed.drops:
        return
    for name, rule in allowed.forms.items():
        made = forms.verbs(word, allowed.irregular, known) if name == "verb" else (forms.nouns if name == "number" else forms.adverbs)(word, known)
        yield from ((other, rule) for other in made)
