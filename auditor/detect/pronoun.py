"""Pronouns: “he” and “she” that cannot stand for the one whom the text has just named; the only kind that asks whom a pronoun means.

It speaks only where nobody else can be meant: the pronoun opens a sentence, the sentence before opens with its antecedent, and neither that
one nor the two before it name anybody whom the pronoun would fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from auditor.detect.kind import Detector, Kind, Resources, strings
from auditor.rules.model import Schema
from auditor.text import language
from auditor.text.words import vocabulary, words
from auditor.types import Document, Match, Rule, Scope, Segment, Span, Suggestion

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_PERSON = re.compile(r"\w+(?:man|men|woman|women|person|people|ers?|ors?|ists?|ians?|ees?|ants?)")
"""Words that end like those for persons; `spared` holds those that are none."""
_PLACE = re.compile(r"\b(?:in|at|near|the|on) $")
_THE = re.compile(r"(?:The|This|That|Its|Their|Our)(?: [\w-]+){1,3}")
_LEAD = 6
"""How many words may stand before the antecedent in its sentence."""
_BACK = 2
"""How many sentences before that of the antecedent are searched for somebody else."""
_PROSE = (Scope.BODY, Scope.QUOTE)


@dataclass(frozen=True)
class Genders:
    """A rule's parameters: the pronouns of each gender, form by form (the subject form first), and what says whom they may mean: first names
    and titles of each gender, nouns for persons of any, things, words that look like one of them and are none, and how names of places begin."""

    pronouns: Mapping[str, tuple[str, ...]]
    names: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]
    persons: frozenset[str]
    things: frozenset[str]
    neutral: str
    spared: frozenset[str]
    places: frozenset[str]

    @cached_property
    def forms(self) -> frozenset[str]:
        """Every pronoun in every form."""
        return frozenset(form for forms in self.pronouns.values() for form in forms)

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """A pronoun in the subject form at the start of a sentence, with a word in small letters behind it."""
        subjects = "|".join(re.escape(forms[0].capitalize()) for forms in self.pronouns.values())
        return re.compile(rf"({subjects}) (?=[a-z])")

    def of_word(self, word: str) -> str | None:
        """The gender that a pronoun, title or noun says, if any."""
        small = word.casefold().rstrip(".")
        return next((gender for gender in self.pronouns if small in self.words[gender] or small in self.pronouns[gender]), None)

    def of_pronoun(self, word: str) -> str | None:
        """The gender of a pronoun in any of its forms; None for any other word."""
        return next((gender for gender, forms in self.pronouns.items() if word.casefold() in forms), None)

    def of_name(self, name: str, surnames: Mapping[str, str]) -> str | None:
        """The gender of a run of capitalised words: by its title, its first name, or the surname as the text has it elsewhere."""
        parts = name.split()
        if self.places & set(parts[:-1]):
            return None
        for part in parts[:-1]:
            said = self.of_word(part) or next((gender for gender, names in self.names.items() if part in names), None)
            if said is not None:
                return said
        return surnames.get(parts[-1])


@dataclass(frozen=True)
class Scene:
    """What a finder goes by: the text, the rule's words, and words whose capital makes no name."""

    document: Document
    genders: Genders
    common: frozenset[str]

    @cached_property
    def surnames(self) -> Mapping[str, str]:
        """The gender of the surnames of this text."""
        return _surnames(self.document, self.genders)


Finder = Callable[[Document, Scene], Iterator[Match]]


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind, each by the finder that it names."""
    finders = [(rule, FINDERS[str(rule.params["find"])], read(rule)) for rule in rules]

    @cache
    def common(code: str) -> frozenset[str]:
        facts = resources.language(code)
        return frozenset(word.casefold() for word in (*facts.function_words, *facts.months, *facts.weekdays))

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        facts = resources.language(document.provenance.target_lang)
        for rule, find, genders in finders:
            if vocabulary(document).isdisjoint(genders.forms):
                continue
            for match in find(document, Scene(document, genders, common(facts.code))):
                yield rule, match

    return detect


def read(rule: Rule) -> Genders:
    """The rule's parameters."""
    sides = ("male", "female")
    return Genders(
        pronouns={side: strings(rule, f"{side}.pronouns") for side in sides},
        names={side: frozenset(strings(rule, f"{side}.names")) for side in sides},
        words={side: frozenset(strings(rule, f"{side}.words")) for side in sides},
        persons=frozenset(strings(rule, "persons")),
        things=frozenset(strings(rule, "things")),
        neutral=str(rule.params.get("neutral", "")),
        spared=frozenset(strings(rule, "spared")),
        places=frozenset(strings(rule, "places")),
    )


def persons(document: Document, scene: Scene) -> Iterator[Match]:
    """“She” for a man or “he” for a woman, where a title or a first name says which: at the start of the next sentence, or later in the same."""
    genders = scene.genders
    for before, segment, found in _openings(document, genders):
        named = _subject(before, scene)
        said = _gender(found[1], genders)
        if named is None or genders.of_name(named.group(), scene.surnames) == said:
            continue
        rest = (before.text[: named.start()], before.text[named.end() :])
        if not any(_fits(text, said, scene, nouns=False, endings=False) for text in (*rest, *_earlier(document, before))):
            yield _match(before, Span(*named.span()), segment, Span(*found.span(1)), scene)
    for segment, small in zip(document.segments, words(document), strict=True):
        if genders.forms.isdisjoint(small):
            continue
        named = _subject(segment, scene) if segment.scope in _PROSE else None
        if named is None or any(quotation.overlaps(segment.span) for quotation in document.quotations):
            continue
        own = genders.of_name(named.group(), scene.surnames)
        later = next((word for word in _WORD.finditer(segment.text, named.end()) if genders.of_pronoun(word.group())), None)
        if later is None or genders.of_pronoun(later.group()) == own:
            continue
        said = str(genders.of_pronoun(later.group()))
        rest = (segment.text[: named.start()], segment.text[named.end() : later.start()])
        if not any(_fits(text, said, scene, nouns=False, endings=False) for text in (*rest, *_earlier(document, segment))):
            yield _match(segment, Span(*named.span()), segment, Span(*later.span()), scene)


def _subject(segment: Segment, scene: Scene) -> re.Match[str] | None:
    """The name of known gender with which a sentence opens."""
    named = _first_name(segment.text)
    if named is None or scene.genders.of_name(named.group(), scene.surnames) is None:
        return None
    lead = len(_WORD.findall(segment.text[: named.start()]))
    return None if lead > _LEAD or named.group().endswith(("’s", "'s", "’", "'")) else named


def things(document: Document, scene: Scene) -> Iterator[Match]:
    """“He” or “she” for what is no person: the sentence before opens with a thing, and nobody is named."""
    genders = scene.genders
    for before, segment, found in _openings(document, genders):
        named = _thing(before.text, genders)
        if named is not None:
            rest, said = before.text[named.end :], _gender(found[1], genders)
            if not _fits(rest, said, scene) and not any(_fits(text, said, scene, endings=False) for text in _earlier(document, before)):
                yield _match(before, named, segment, Span(*found.span(1)), scene, neutral=True)


def _thing(text: str, genders: Genders) -> Span | None:
    """The thing with which a sentence opens, up to the first word that names one: “The town council”."""
    opened = _THE.match(text)
    ends = [word.end() for word in _WORD.finditer(opened.group()) if word.group().casefold() in genders.things] if opened else []
    return Span(0, ends[0]) if ends and text[ends[0] : ends[0] + 1] not in ("’", "'", "-") else None


def _openings(document: Document, genders: Genders) -> Iterator[tuple[Segment, Segment, re.Match[str]]]:
    """Sentences that a pronoun opens, each with the sentence before it. Quotations are left out, with what follows one."""
    for before, segment in zip(document.segments, document.segments[1:], strict=False):
        found = genders.opening.match(segment.text)
        if not found or before.scope not in _PROSE or segment.scope not in _PROSE:
            continue
        opening = Span(segment.span.start, segment.span.start + found.end(1))
        if not any(quotation.overlaps(span) for quotation in document.quotations for span in (before.span, opening)):
            yield before, segment, found


def _earlier(document: Document, segment: Segment) -> Sequence[str]:
    return tuple(other.text for other in document.segments[max(0, segment.id - _BACK) : segment.id])


def _gender(pronoun: str, genders: Genders) -> str:
    return next(gender for gender, forms in genders.pronouns.items() if pronoun.casefold() == forms[0])


def _first_name(text: str) -> re.Match[str] | None:
    """The first run of capitalised words that is more than the word that opens the sentence."""
    return next((match for match in _capitals().finditer(text) if match.start() or " " in match.group()), None) or _capitals().match(text)


def _surnames(document: Document, genders: Genders) -> Mapping[str, str]:
    """The gender of every last word of a name whose title or first name says it, where the text does not contradict itself."""
    found: dict[str, set[str]] = {}
    for match in _capitals().finditer(document.text):
        said = genders.of_name(match.group(), {}) if " " in match.group() or "\n" in match.group() else None
        if said is not None:
            found.setdefault(_bare(match.group().split()[-1]), set()).add(said)
    return {surname: next(iter(said)) for surname, said in found.items() if len(said) == 1}


def _fits(text: str, said: str, scene: Scene, *, nouns: bool = True, endings: bool = True) -> bool:
    """Whether a stretch names somebody whom a pronoun of this gender may mean: a person of it or of unknown gender. Of words that say no
    gender, `nouns` (“the lawyer”) and `endings` (whatever ends like “lawyer”) count where asked for."""
    genders = scene.genders
    for written in _WORD.findall(text):
        word = written.casefold()
        single = word.removesuffix("s") if len(word) > 3 else word
        if genders.of_word(word) == said or genders.of_word(single) == said or (nouns and {word, single} & genders.persons):
            return True
        if endings and written == word and _PERSON.fullmatch(word) and not {word, single} & genders.spared:
            return True
    known = genders.spared | genders.things | scene.common
    for match in _capitals().finditer(text):
        unknown = any(part.casefold() not in known for part in match.group().split()) and not _PLACE.search(text[: match.start()])
        if unknown and genders.of_name(_bare(match.group()), scene.surnames) in (None, said):
            return True
    return False


@cache
def _capitals() -> re.Pattern[str]:
    """Runs of capitalised words, name particles between them included."""
    particles = "|".join(re.escape(particle.strip()) for particle in language.words("particles") if particle.strip().isalpha())
    return re.compile(rf"[A-ZÀ-Þ][\w’'-]*(?:[ -]+(?:(?:{particles}) )*[A-ZÀ-Þ][\w’'-]*)*")


def _bare(name: str) -> str:
    """A name without the ending of its genitive."""
    return re.sub(r"[’']s?$", "", name)


def _match(before: Segment, named: Span, segment: Segment, span: Span, scene: Scene, *, neutral: bool = False) -> Match:
    """The pronoun at `span` of a sentence, with the same form of the other gender, or the neutral pronoun, instead."""
    written = segment.text[span.start : span.end]
    said = scene.genders.of_pronoun(written)
    forms = scene.genders.pronouns
    other = next(theirs for gender, theirs in forms.items() if gender != said)
    fitting = [theirs for mine, theirs in zip(forms[str(said)], other, strict=False) if mine == written.casefold()]
    new = dict.fromkeys([scene.genders.neutral] if neutral else fitting)
    return Match(
        Span(segment.span.start + span.start, segment.span.start + span.end),
        suggestions=tuple(Suggestion(form.capitalize() if written[0].isupper() else form) for form in new),
        values={"antecedent": before.text[named.start : named.end]},
        related=(Span(before.span.start + named.start, before.span.start + named.end),),
    )


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
            "places": "strings",
        },
        required=frozenset({"find", "male.pronouns", "female.pronouns"}),
        values=frozenset({"antecedent"}),
        choices={"find": tuple(FINDERS)},
    ),
    build,
)
