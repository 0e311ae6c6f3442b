"""Pronouns: “he” and “she” that cannot stand for the one whom the text has just named; the only kind that asks whom a pronoun means.

It speaks only where nobody else can be meant: the pronoun is the first of its sentence, the sentence before opens with its antecedent, and neither
that one nor the two before it name or imply anybody whom the pronoun would fit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from auditor.detect.kind import Detector, Kind, Resources, strings
from auditor.names.gazetteer import gazetteer
from auditor.rules.model import Schema
from auditor.text import language
from auditor.text.words import vocabulary, words
from auditor.types import Document, Match, Rule, Scope, Segment, Span, Suggestion

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_PERSON = re.compile(r"\w+(?:man|men|woman|women|person|people|ers?|ors?|ists?|ians?|ees?|ants?)")
"""Words that end like those for persons; `spared` holds those that are none."""
_PLACE = re.compile(r"\b(?:in|at|near|the|on|across|outside) $", re.IGNORECASE)
_GOES = re.compile(r"\b(?:from|to|towards|of|for|around|via|left|leaves|visited|visits|reached|reaches) $")
"""What stands before a place or a person; a gazetteer tells which."""
_APPOSITION = re.compile(r",[^,;:]{1,60},|, (?:who|which) ")
_NAMED = re.compile(r"^(?: [A-ZÀ-Þ][\w’'-]*)+")
"""The name of a thing behind its noun: “The newspaper El País”."""
_THE = re.compile(r"(?:The|This|That|Its|Their|Our)(?: [\w-]+){1,3}")
_OBJECT = re.compile(r"(?:\b(?:of|by|with|from|to|for|about|like|than|after|before|against|between|among|without)|\w{2}ing) $", re.IGNORECASE)
"""What stands before a name that is no subject."""
_INSIDE = re.compile(r"\b(?:in|at|on|with|for|from|to|by|about|after|before|near|into|inside|outside|behind|between|under|over|through|of|and) $")
"""What stands before a possessive whose owner is the subject of its clause; what the subject does something to may be another's."""
_LEAD = 6
"""How many words may stand before the antecedent in its sentence."""
_BACK, _FAR = 3, 6
"""How many sentences before that of the antecedent are searched for somebody else; more where the pronoun stands in the same sentence."""
_PROSE = (Scope.BODY, Scope.QUOTE)


@dataclass(frozen=True)
class Genders:
    """What the rules list: the pronouns of each gender, form by form (the subject form first), and what says whom they may mean: first names,
    titles and nouns of each gender (`nouns`: those that name a person and imply nobody else), nouns for persons of any, things, words that look
    like one of them and are none, and how names of places begin."""

    pronouns: Mapping[str, tuple[str, ...]]
    names: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]
    persons: frozenset[str]
    nouns: Mapping[str, frozenset[str]]
    things: frozenset[str]
    neutral: str
    spared: frozenset[str]
    places: frozenset[str]

    @cached_property
    def forms(self) -> frozenset[str]:
        """Every pronoun in every form."""
        return frozenset(form for forms in self.pronouns.values() for form in forms)

    @cached_property
    def said(self) -> Sequence[Mapping[str, str]]:
        """The gender of each pronoun, of each title and noun, and of each first name; of a word of both sides the first."""
        return tuple({word: side for side in reversed([*listed]) for word in listed[side]} for listed in (self.pronouns, self.words, self.names))

    @cached_property
    def placed(self) -> re.Pattern[str]:
        """A place that a saint or the like gave its name."""
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(self.places))) or '(?!)'})\.? \w+")

    @cached_property
    def opened(self) -> frozenset[str]:
        """The pronouns in the subject form."""
        return frozenset(forms[0] for forms in self.pronouns.values())

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """A pronoun in the subject form at the start of a sentence, with a word in small letters behind it."""
        subjects = "|".join(re.escape(forms[0].capitalize()) for forms in self.pronouns.values())
        return re.compile(rf"({subjects}) (?=[a-z])")

    @cached_property
    def called(self) -> re.Pattern[str]:
        """A noun that says the gender of the person whom it names, at the start of a sentence."""
        nouns = "|".join(sorted(re.escape(noun) for side in self.nouns.values() for noun in side)) or "(?!)"
        return re.compile(rf"(?:The|An?|This|That) (?:[a-z-]+ ){{0,2}}(?P<noun>{nouns})(?![\w’'-])")

    def of_noun(self, noun: str) -> str | None:
        """The gender of a noun that names a person."""
        return next((gender for gender, nouns in self.nouns.items() if noun in nouns), None)

    def of_word(self, word: str) -> str | None:
        """The gender that a pronoun, title or noun says, if any."""
        small = word.casefold().rstrip(".")
        return self.said[1].get(small) or self.said[0].get(small)

    def of_pronoun(self, word: str) -> str | None:
        """The gender of a pronoun in any of its forms; None for any other word."""
        return self.said[0].get(word.casefold())

    def of_name(self, name: str, surnames: Mapping[str, str], common: frozenset[str] = frozenset()) -> str | None:
        """The gender of a run of capitalised words: by its title, the first of its names, or, where that is its only one, the surname as the
        text has it elsewhere. `common` are words that open a sentence and are no name."""
        *parts, last = name.split()
        if not self.places.isdisjoint(parts) or (len(parts) == 1 and parts[0].casefold() in common):  # “The Trump team”, “His Clinton interview”
            return None
        for part in parts:
            said = self.of_word(part) or self.said[2].get(folded(part))
            if said is not None or part.casefold().rstrip(".") not in self.persons | common:
                return said
        return surnames.get(last)


@dataclass(frozen=True)
class Scene:
    """What a finder goes by: the text, the rule's words, and words whose capital makes no name."""

    document: Document
    genders: Genders
    common: frozenset[str]

    @cached_property
    def surnames(self) -> Mapping[str, str]:
        """The gender of the surnames of this text."""
        return _surnames(self.document, self.genders, self.common)


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A name without its diacritics."""
    return "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))


Finder = Callable[[Document, Scene], Iterator[Match]]


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind, each by the finder that it names."""
    finders = [(rule, FINDERS[str(rule.params["find"])]) for rule in rules]
    genders = read(rules)

    @cache
    def common(code: str) -> frozenset[str]:
        facts = resources.language(code)
        return frozenset(word.casefold() for word in (*facts.function_words, *facts.months, *facts.weekdays))

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        facts = resources.language(document.provenance.target_lang)
        if not vocabulary(document).isdisjoint(genders.forms):
            scene = Scene(document, genders, common(facts.code))
            for rule, find in finders:
                for match in find(document, scene):
                    yield rule, match

    return detect


def read(rules: Sequence[Rule]) -> Genders:
    """The parameters of the rules together: what one rule lists holds for all."""
    sides = ("male", "female")

    def listed(key: str) -> frozenset[str]:
        return frozenset(word for rule in rules for word in strings(rule, key))

    return Genders(
        pronouns={side: strings(rules[0], f"{side}.pronouns") for side in sides},
        names={side: frozenset(map(folded, listed(f"{side}.names"))) for side in sides},
        words={side: listed(f"{side}.words") for side in sides},
        persons=listed("persons"),
        nouns={side: listed(f"{side}.nouns") for side in sides},
        things=listed("things"),
        neutral=next((str(rule.params["neutral"]) for rule in rules if "neutral" in rule.params), ""),
        spared=listed("spared"),
        places=listed("places"),
    )


def persons(document: Document, scene: Scene) -> Iterator[Match]:
    """“She” for a man or “he” for a woman, where a title or a first name says which: first of the next sentence, or later in the same."""
    for before, segment, first in _firsts(document, scene):
        subject, said = _subject(before, scene), str(scene.genders.of_pronoun(first.group()))
        if subject is None or subject[1] == said:
            continue
        named = subject[0]
        lead, behind = segment.text[: first.start()], segment.text[first.end() :]
        own = (before.text[: named.start], _APPOSITION.sub(" ", before.text[named.end :]))
        fits = any(_fits(text, said, scene, endings=False) for text in (lead, own[1]))
        fits = fits or any(_fits(text, said, scene, nouns=False, endings=False) for text in (own[0], *_earlier(document, before)))
        if not fits and not _names(behind, said, scene, behind=True):
            yield _match(before, named, segment, Span(*first.span()), scene, others=_again(segment, first, said, scene))
    for segment, small in zip(document.segments, words(document), strict=True):
        subject = _subject(segment, scene) if segment.scope in _PROSE and not scene.genders.forms.isdisjoint(small) else None
        if subject is None or any(quotation.overlaps(segment.span) for quotation in document.quotations):
            continue
        named = subject[0]
        later = next((word for word in _WORD.finditer(segment.text, named.end) if scene.genders.of_pronoun(word.group())), None)
        if later is None or scene.genders.of_pronoun(later.group()) == subject[1] or not _may_mean_the_subject(segment.text, later, scene):
            continue
        if later.group() not in scene.genders.opened and not _INSIDE.search(segment.text[: later.start()]):
            continue
        said = str(scene.genders.of_pronoun(later.group()))
        rest = (segment.text[: named.start], segment.text[named.end : later.start()])
        fits = any(_fits(text, said, scene, endings=False) for text in rest)
        fits = fits or any(_names(text, said, scene) for text in _earlier(document, segment, back=_FAR))
        if not fits and not _names(segment.text[later.end() :], said, scene, behind=True):
            yield _match(segment, named, segment, Span(*later.span()), scene)


def _firsts(document: Document, scene: Scene) -> Iterator[tuple[Segment, Segment, re.Match[str]]]:
    """Sentences with the sentence before each and its first pronoun, where that may be its subject or whose the subject is, not far from the
    start. Quotations are left out, with what follows one."""
    for before, segment, small in zip(document.segments, document.segments[1:], words(document)[1:], strict=False):
        if before.scope not in _PROSE or segment.scope not in _PROSE or scene.genders.forms.isdisjoint(small):
            continue
        first = next((word for word in _WORD.finditer(segment.text) if scene.genders.of_pronoun(word.group())), None)
        if first is None or len(segment.text[: first.start()].split()) > _LEAD or not _may_mean_the_subject(segment.text, first, scene):
            continue
        opening = Span(segment.span.start, segment.span.start + first.end())
        if not any(quotation.overlaps(span) for quotation in document.quotations for span in (before.span, opening)):
            yield before, segment, first


def _may_mean_the_subject(text: str, pronoun: re.Match[str], scene: Scene) -> bool:
    """Whether a pronoun is a subject or says whose something is: the object of a verb (“chose her to”) is never its subject."""
    written, gender = pronoun.group().casefold(), scene.genders.of_pronoun(pronoun.group())
    forms = scene.genders.pronouns[str(gender)]
    follows = _WORD.match(text, pronoun.end() + 1)
    if follows is None or text[pronoun.end() : pronoun.end() + 1] != " " or not follows.group()[0].islower():
        return False
    return written in forms[:2] and (written == forms[0] or follows.group() not in scene.common)


def _again(segment: Segment, first: re.Match[str], said: str, scene: Scene) -> tuple[Span, ...]:
    """Further pronouns of the gender in the sentence, as long as nobody comes in between."""
    return tuple(
        Span(segment.span.start + word.start(), segment.span.start + word.end())
        for word in _WORD.finditer(segment.text, first.end())
        if scene.genders.of_pronoun(word.group()) == said and not _fits(segment.text[first.end() : word.start()], "", scene)
    )


def _names(text: str, said: str, scene: Scene, *, behind: bool = False) -> bool:
    """Whether a stretch holds a name, a noun or a pronoun of this gender; of what stands `behind` a pronoun, other pronouns say nothing, and a noun
    of either gender does (“his wife”, “her son”)."""
    genders = scene.genders
    for word in _WORD.findall(genders.placed.sub(" ", text)):
        noun = genders.of_word(word) if not behind or genders.of_pronoun(word) is None else None
        if noun == said or (behind and noun is not None) or folded(word) in genders.names[said] or scene.surnames.get(word) == said:
            return True
    return False


def _subject(segment: Segment, scene: Scene) -> tuple[Span, str] | None:
    """The person of known gender with which a sentence opens, a name or a noun such as “the actress”, and the gender."""
    named = _first_name(segment.text)
    gender = scene.genders.of_name(named.group(), scene.surnames, scene.common) if named else None
    if named is None or gender is None:
        called = scene.genders.called.match(segment.text)
        return (Span(*called.span()), str(scene.genders.of_noun(called["noun"]))) if called else None
    before = segment.text[: named.start()]
    far = len(_WORD.findall(before)) > _LEAD or _OBJECT.search(before) or _OBJECT.search(f"{named.group().split()[0]} ")
    return None if far or named.group().endswith(("’s", "'s", "’", "'")) else (Span(*named.span()), gender)


def things(document: Document, scene: Scene) -> Iterator[Match]:
    """“He” or “she” for what is no person: the sentence before opens with a thing, and nobody is named."""
    genders = scene.genders
    for before, segment, found in _openings(document, genders):
        named = _thing(before.text, genders)
        if named is not None:
            rest, said = _NAMED.sub("", before.text[named.end :]), str(genders.of_pronoun(found[1]))
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


def _earlier(document: Document, segment: Segment, *, back: int = _BACK) -> Sequence[str]:
    return tuple(other.text for other in document.segments[max(0, segment.id - back) : segment.id])


def _first_name(text: str) -> re.Match[str] | None:
    """The first run of capitalised words that is more than the word that opens the sentence."""
    return next((match for match in _capitals().finditer(text) if match.start() or " " in match.group()), None) or _capitals().match(text)


def _surnames(document: Document, genders: Genders, common: frozenset[str]) -> Mapping[str, str]:
    """The gender of every last word of a name whose title or first name says it, where nobody else in the text bears it."""
    found: dict[str, set[str | None]] = {}
    for match in _capitals().finditer(document.text):
        *given, last = match.group().split() if " " in match.group() else ("",)
        if given and not {name.casefold() for name in given} <= common:
            found.setdefault(_bare(last), set()).add(genders.of_name(match.group(), {}, common))
    return {surname: said for surname, (said, *others) in found.items() if said is not None and not others}


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
        parts = re.split(r"[ -]+", match.group())
        unknown = any(part.casefold() not in known for part in parts) and not _is_no_person(text, match, parts, genders)
        if unknown and genders.of_name(_bare(match.group()), scene.surnames, scene.common) in (None, said):
            return True
    return False


def _is_no_person(text: str, name: re.Match[str], parts: Sequence[str], genders: Genders) -> bool:
    """Whether a run of capitalised words is a place or a body by what stands around it, or by a gazetteer."""
    before = text[: name.start()]
    behind = _WORD.match(text, name.end() + 1)
    thing = not genders.things.isdisjoint(map(str.casefold, parts)) or (behind is not None and behind.group() in genders.things)
    return thing or _PLACE.search(before) is not None or (_GOES.search(before) is not None and gazetteer().is_place(_bare(name.group())))


@cache
def _capitals() -> re.Pattern[str]:
    """Runs of capitalised words, name particles between them included."""
    particles = "|".join(re.escape(particle.strip()) for particle in language.words("particles") if particle.strip().isalpha())
    return re.compile(rf"[A-ZÀ-Þ][\w’'-]*(?:[ -]+(?:(?:{particles}) )*[A-ZÀ-Þ][\w’'-]*)*")


def _bare(name: str) -> str:
    """A name without the ending of its genitive."""
    return re.sub(r"[’']s?$", "", name)


def _match(
    before: Segment, named: Span, segment: Segment, span: Span, scene: Scene, *, neutral: bool = False, others: tuple[Span, ...] = ()
) -> Match:
    """The pronoun at `span` of a sentence, with the same form of the other gender, or the neutral pronoun, instead."""
    written = segment.text[span.start : span.end]
    said = scene.genders.of_pronoun(written)
    forms = scene.genders.pronouns
    other = next(theirs for gender, theirs in forms.items() if gender != said)
    fitting = [theirs for mine, theirs in zip(forms[str(said)], other, strict=False) if mine == written.casefold()]
    new = dict.fromkeys([scene.genders.neutral] if neutral else fitting[:1])
    return Match(
        Span(segment.span.start + span.start, segment.span.start + span.end),
        suggestions=tuple(Suggestion(form.capitalize() if written[0].isupper() else form) for form in new),
        values={"antecedent": before.text[named.start : named.end]},
        occurrences=others,
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
            "male.nouns": "strings",
            "female.pronouns": "strings",
            "female.names": "strings",
            "female.words": "strings",
            "female.nouns": "strings",
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
