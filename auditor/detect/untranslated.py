"""Words and sentences of another language left standing; the only kind that tells languages apart inside a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from auditor.detect.index import Index
from auditor.detect.kind import Detector, Kind, Resources, strings
from auditor.rules.model import Schema
from auditor.rules.pattern import anywhere
from auditor.text import language, lexicon
from auditor.text.language import Language
from auditor.text.provenance import sentence_language
from auditor.text.words import holding, vocabulary
from auditor.text.words import words as words_of
from auditor.types import Document, Match, Rule, Scope, Segment, Span

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LETTERS = re.compile(r"\w+")
_ACCENTED = re.compile("[\u0080-\u024f]")
_OTHER_SCRIPT = re.compile("[\u0250-\u1fff\u2c00-\ufeff\uff01-\U0010ffff]")
_BEYOND = re.compile("[\u0250-\u1fff\u2070-\U0010ffff]")
"""What holds every letter beyond the Latin ones."""
_SKIPPED = (Scope.CREDIT, Scope.TEASER)
_SHOWN = 12
"""How many words of a sentence are marked at most."""
_BRACKET = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_OPENS = re.compile(r"[(\[“\"‘'–—-]")
_SENTENCE = 4
"""Fewest words of a sentence that is held against other languages."""
_LEXICAL = 4
"""Fewest letters of a word that is looked up by itself."""
_GLOSS = 8
"""A quotation or bracket shorter than this (words) may be a title, a slogan or a gloss that is meant to be foreign."""


@dataclass(frozen=True, slots=True)
class Tongues:
    """What the finders go by: the language of the text, those whose words may have been left in it (and all their small words), the
    language that it came from, how those small words, the source's own and those that it shares with the target begin, phrases that the text's
    language has taken over, and words that announce a translation."""

    target: Language
    others: tuple[Language, ...]
    small: frozenset[str]
    source: Language
    small_parts: frozenset[str]
    own_parts: frozenset[str]
    shared_parts: frozenset[str]
    allow: tuple[str, ...] = ()
    glosses: tuple[str, ...] = ()


Finder = Callable[[Document, Tongues], Iterator[Match]]


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all rules of the kind, each by the finder that it names."""
    finders = [(rule, FINDERS[str(rule.params["find"])], strings(rule, "allow"), strings(rule, "gloss.any")) for rule in rules]
    known = tuple(language.stated(code) for code in language.codes())

    def tongues(target_code: str, source_code: str) -> Tongues:
        target, source = resources.language(target_code), resources.language(source_code)
        others = tuple(facts for facts in known if facts.code != target.code and facts.function_words)
        small = frozenset[str]().union(*(facts.function_words | facts.shared_with_english for facts in others)) - target.function_words
        return Tongues(
            target, others, small, source, _first_parts(small), _first_parts(source.function_words), _first_parts(source.shared_with_english)
        )

    @cache
    def readers(target_code: str, source_code: str) -> list[tuple[Rule, Finder, Tongues]]:
        general = tongues(target_code, source_code)
        return [(rule, find, replace(general, allow=allow, glosses=glosses)) for rule, find, allow, glosses in finders]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        provenance = document.provenance
        if not provenance.translated:
            return
        for rule, find, mine in readers(provenance.target_lang, provenance.source_lang or ""):
            for match in find(document, mine):
                yield rule, match

    return detect


def _first_parts(small: frozenset[str]) -> frozenset[str]:
    """The letters with which small words begin, as `words_of` has them: a word with an apostrophe is several there."""
    return frozenset(part.group() for part in map(_LETTERS.match, small) if part is not None)


def sentences(document: Document, tongues: Tongues) -> Iterator[Match]:
    """Whole sentences in another script, or whose small words are another language's and which langdetect takes for it too. Sentences of one
    language that follow each other are one problem."""
    together: list[tuple[Segment, str]] = []
    foreign = not document.text.isascii() and _OTHER_SCRIPT.search(document.text) is not None
    present = vocabulary(document) & tongues.small_parts
    if not foreign and not present:
        return
    for segment in document.segments if foreign else holding(document, present):
        if not foreign and sum(map(present.__contains__, words_of(document)[segment.id])) < 2:
            continue
        name = None if segment.scope in _SKIPPED or _is_gloss(document, segment) else _tongue(segment.text, tongues)
        if name is not None and _is_glossed(document, segment, tongues):
            name = None
        if together and (name != together[-1][1] or segment.id > together[-1][0].id + 1):
            yield _joined(together)
            together = []
        if name is not None:
            together.append((segment, name))
    if together:
        yield _joined(together)


def _joined(together: list[tuple[Segment, str]]) -> Match:
    first, *others = (_shown(segment) for segment, _ in together)
    return Match(first, occurrences=tuple(others), values={"language": together[0][1]})


def _tongue(text: str, tongues: Tongues) -> str | None:
    """The name of the language that the sentence stands in if that is not the target language."""
    if _in_other_script(text, tongues.target):
        return tongues.source.name or "another language"
    tokens = [word.group() for word in _WORD.finditer(text)]
    small = [token.casefold() for number, token in enumerate(tokens) if number == 0 or token == token.lower()]
    if len(tokens) < _SENTENCE or sum(token in tongues.small for token in small) < 2:
        return None
    foreign_words = [token for token in small if token in tongues.small]
    own = sum(token in tongues.target.function_words for token in small)
    most = 2 * len(foreign_words)  # a word may count as a language's own and as one that it shares
    if most < max(2, 2 * own) or 5 * most < len(tokens):
        return None
    best = max(tongues.others, key=lambda facts: (_count(foreign_words, facts), facts.code == tongues.source.code, facts.code), default=None)
    if best is None:
        return None
    foreign = _count(foreign_words, best)
    if foreign < max(2, 2 * own) or 5 * foreign < len(tokens):
        return None
    guess = sentence_language(text)
    if guess is None:
        return language.language(best.code).name if foreign > 2 and not own else None
    return None if guess[0] == tongues.target.code else language.language(best.code).name


def _count(words: list[str], facts: Language) -> int:
    """How many of the words, none of which is the target's, are small words of a language. Those that English copy has too (“los”, “der”) count
    beside one that it has not, or three of them together."""
    alone = sum(word in facts.function_words for word in words)
    shared = [word for word in words if word in facts.shared_with_english]
    return alone + len(shared) if alone or len(set(shared)) > 2 else 0


def words(document: Document, tongues: Tongues) -> Iterator[Match]:
    """Two or more of the source's small words in a row inside an English sentence. In quotations, brackets and names they are meant."""
    own, shared = tongues.source.function_words, tongues.source.shared_with_english
    if not own or vocabulary(document).isdisjoint(tongues.own_parts):
        return
    for segment in holding(document, tongues.own_parts):
        small = words_of(document)[segment.id]
        if sum(word in tongues.own_parts or word in tongues.shared_parts for word in small) < 2:
            continue
        found = list(_WORD.finditer(segment.text))
        for begin, end in _runs(segment.text, found, own | shared):
            run = [match.group() for match in found[begin:end]]
            if any(word in own for word in run) and not _is_name(found, begin, end, segment.text):
                span = Span(segment.span.start + found[begin].start(), segment.span.start + found[end - 1].end())
                spared = segment.scope in _SKIPPED or _is_spared(document, segment, span, tongues)
                if not spared and _tongue(segment.text, tongues) is None:
                    yield Match(span, values={"language": tongues.source.name})


def _runs(text: str, found: list[re.Match[str]], small: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Runs of two or more words of a set that only white space parts."""
    begin = 0
    for number in range(len(found) + 1):
        inside = number < len(found) and found[number].group() in small
        joined = 0 < number < len(found) and text[found[number - 1].end() : found[number].start()].isspace()
        if not inside or (number > begin and not joined):
            if number - begin >= 2:
                yield begin, number
            begin = number if inside else number + 1


def letters(document: Document, tongues: Tongues) -> Iterator[Match]:
    """A word in small letters with a letter that English lacks, each word once with its further places. In quotations, brackets and names, and
    where English took it over, it is meant."""
    places: dict[str, list[Span]] = {}
    if document.text.isascii() or not _ACCENTED.search(document.text):
        return
    for segment in document.segments:
        if segment.text.isascii() or segment.scope in _SKIPPED or not _ACCENTED.search(segment.text):
            continue
        for match in _WORD.finditer(segment.text):
            word = match.group()
            if word.isascii() or word != word.lower() or not any(map(_is_accented, word)) or _beside_name(segment.text, match, tongues):
                continue
            span = Span(segment.span.start + match.start(), segment.span.start + match.end())
            if not _is_spared(document, segment, span, tongues) and _tongue(segment.text, tongues) is None:
                places.setdefault(word, []).append(span)
    for first, *others in places.values():
        yield Match(first, occurrences=tuple(others), values={"language": tongues.source.name or "another language"})


def common_words(document: Document, tongues: Tongues) -> Iterator[Match]:
    """A common word of the source language in small letters that the text's language does not have, each once with its further places. In
    quotations, brackets and beside names that language does not know either it is meant."""
    source, target = tongues.source, tongues.target
    listed = lexicon.common(source.code)
    strange = (vocabulary(document) & listed) - lexicon.common(target.code)
    unknown = {word for word in strange if len(word) >= _LEXICAL and word in document.text}
    unknown = unknown - lexicon.known(target.code) if unknown and lexicon.common(target.code) else set()
    places: dict[str, list[Span]] = {}
    for segment in holding(document, unknown):
        if segment.scope in _SKIPPED or _tongue(segment.text, tongues) is not None:
            continue
        for match in _WORD.finditer(segment.text):
            if match.group() in unknown and not _beside_unknown_name(segment.text, match, target.code):
                span = Span(segment.span.start + match.start(), segment.span.start + match.end())
                if not _is_spared(document, segment, span, tongues):
                    places.setdefault(match.group(), []).append(span)
    for first, *others in places.values():
        yield Match(first, occurrences=tuple(others), values={"language": source.name})


def _beside_unknown_name(text: str, match: re.Match[str], code: str) -> bool:
    """“Plaza mayor de Chinchón”: a capitalised word right before or behind that is no word of the language."""
    return any(word[0].isupper() and word.casefold() not in lexicon.known(code) for word in _neighbours(text, match))


def _neighbours(text: str, match: re.Match[str]) -> list[str]:
    before = re.search(r"(\w+)\s+$", text[: match.start()])
    behind = re.match(r"\s+(\w+)", text[match.end() :])
    return [found[1] for found in (before, behind) if found is not None]


def _is_accented(letter: str) -> bool:
    """A Latin letter beyond a to z. The ligatures of “archæology” and “fœtus” are English."""
    return letter.isalpha() and 0x7F < ord(letter) < 0x250 and letter not in "æœºª"


def _beside_name(text: str, match: re.Match[str], tongues: Tongues) -> bool:
    """“São Bento do Sapucaí”: a capital right before or behind, other than the “The” that opens a sentence."""
    before = re.search(r"(\S+)\s+$", text[: match.start()])
    behind = re.match(r"\s+(\S+)", text[match.end() :])
    neighbours = [found[1] for found in (before, behind) if found is not None]
    return any(word[0].isupper() and word.casefold() not in tongues.target.function_words for word in neighbours)


def _is_name(found: list[re.Match[str]], begin: int, end: int, text: str) -> bool:
    """A capital right before or behind the run: “Plaza de la Reina”."""
    before = begin > 0 and found[begin - 1].group()[0].isupper() and text[found[begin - 1].end() : found[begin].start()].isspace()
    behind = end < len(found) and found[end].group()[0].isupper() and text[found[end - 1].end() : found[end].start()].isspace()
    return before or behind


def _is_spared(document: Document, segment: Segment, span: Span, tongues: Tongues) -> bool:
    quoted = any(quotation.overlaps(span) for quotation in document.quotations)
    start = span.start - segment.span.start
    bracketed = segment.text.count("(", 0, start) > segment.text.count(")", 0, start)
    return quoted or bracketed or _is_allowed(segment.text, Span(start, start + len(span)), tongues.allow)


def _is_allowed(text: str, span: Span, allow: tuple[str, ...]) -> bool:
    possible = (allow[number] for number in _index(allow).candidates(text))
    return any(Span(*match.span()).overlaps(span) for phrase in possible for match in anywhere(phrase).finditer(text))


@cache
def _index(allow: tuple[str, ...]) -> Index:
    return Index(allow)


def _is_gloss(document: Document, segment: Segment) -> bool:
    """A short sentence that is a quotation or stands in brackets or beside its translation."""
    count = len(segment.text.split())
    inside = segment.text.startswith("(") or any(quotation.overlaps(segment.span) for quotation in document.quotations)
    return inside and count < _GLOSS


def _is_glossed(document: Document, segment: Segment, tongues: Tongues) -> bool:
    """Whether a quotation has its translation beside it: in brackets, as the next quotation, or announced in a sentence beside it."""
    if not any(quotation.overlaps(segment.span) for quotation in document.quotations):
        return False
    before, after = (document.segments[number].text if 0 <= number < len(document.segments) else "" for number in (segment.id - 1, segment.id + 1))
    announced = any(anywhere(gloss).search(text) for gloss in tongues.glosses for text in (before, segment.text, after))
    beside = next((text for text in (_BRACKET.findall(segment.text) or [after if _OPENS.match(after) else ""])), "")
    return announced or sum(word.casefold() in tongues.target.function_words for word in _WORD.findall(beside)) > 1


def _in_other_script(text: str, target: Language) -> bool:
    """Whether most letters are of a script that the target language does not use; only asked where that is the Latin one."""
    if not _BEYOND.search(text):
        return False
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters if ord(letter) > 0x24F)
    return target.script == "Latn" and len(letters) >= 4 and 2 * foreign > len(letters)


def _shown(segment: Segment) -> Span:
    found = list(re.finditer(r"\S+", segment.text))
    return Span(segment.span.start, segment.span.start + found[min(len(found), _SHOWN) - 1].end())


FINDERS: Mapping[str, Finder] = {"common-words": common_words, "letters": letters, "sentences": sentences, "words": words}


KIND = Kind(
    Schema(
        keys={"find": "string", "allow": "patterns", "gloss.any": "patterns"},
        required=frozenset({"find"}),
        values=frozenset({"language"}),
        choices={"find": tuple(FINDERS)},
    ),
    build,
)
