"""Repetition: words doubled, phrases in a loop, sentences and headlines printed twice; the only kind that compares a text with itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import eq
from typing import TypeVar

from auditor.detect.kind import Detector, Kind, Resources
from auditor.detect.lines import TOP, Line, lines
from auditor.rules.model import Schema
from auditor.text.words import words as words_of
from auditor.types import Document, Match, Rule, Scope, Segment, Span, Suggestion

_WORD = re.compile(r"\w[\w'’-]*")
_LETTERS = re.compile(r"\w+")
_NO_LETTERS = re.compile(r"[\W_]+")
_LONGEST_PERIOD = 12
_FAR = 4 * _LONGEST_PERIOD
_OPENING, _SEEN = 24, 6
"""How many code points of a text are read for its opening, and how many letters of them count."""
_TAIL = re.compile(r"\s+[-–—|•]\s+[^-–—|•]{2,40}$")
"""A site's name behind a headline."""
_NEAR = 3
"""How many sentences on a repeated sentence counts as an echo; farther away it may be a refrain."""
_HEADLINE_WORDS = 25
_BETWEEN = re.compile(r"[\s,;–—-]*")
"""What may stand between the rounds of a loop; a bracket or full stop makes it a gloss or a refrain."""
_ENDS = re.compile(r"\s*(?:[.,!?”\"’)]|$)")
_CLOCK = re.compile(r"\d:\d\d$")
"""The length of a recording behind a headline: its label, no copy of the page's title."""
_PROSE = (Scope.BODY, Scope.QUOTE, Scope.CAPTION)


@dataclass(frozen=True, slots=True)
class Limits:
    """A rule's parameters: words that may stand doubled, the fewest words that count, and how alike (0–100, chrF) two lines have to be."""

    allow: frozenset[str]
    least: int
    alike: float


def build(rules: Sequence[Rule], resources: Resources) -> Detector:
    """One detector for all repetition rules, each by the finder that it names."""
    del resources
    finders = [(rule, FINDERS[str(rule.params["find"])], _limits(rule)) for rule in rules]

    def detect(document: Document) -> Iterator[tuple[Rule, Match]]:
        found = [(rule, find, match) for rule, find, limits in finders for match in find(document, limits)]
        paragraphs = [span for _, find, match in found if find is paragraphs_again for span in (match.span, *match.occurrences)]
        for rule, find, match in found:
            left = _without(match, paragraphs) if find is sentences_again else match
            if left is not None:
                yield rule, left

    return detect


def _without(match: Match, paragraphs: Sequence[Span]) -> Match | None:
    """The match less its places in paragraphs that are reported as repeated; None where nothing is left."""
    left = [span for span in (match.span, *match.occurrences) if not any(paragraph.covers(span) for paragraph in paragraphs)]
    return replace(match, span=left[0], occurrences=tuple(left[1:])) if left else None


_TITLE = 3
"""Letters up to which a word with a capital rather opens a title (“from the The Hague office”) than is a name (“said Said Ali”)."""
_OFTEN = 3
"""Times that one word stands twice in a text from which it is no slip."""


def doubled_words(document: Document, limits: Limits) -> Iterator[Match]:
    """“the the”: one word twice with only white space between. Names (“said Said Ali”), quotations, the words of `allow` and what a text doubles
    again and again (“dan dan noodles”) are left alone."""
    small_text = document.text.lower()
    for segment, small in zip(document.segments, words_of(document), strict=True):
        for first, second in _pairs(segment) if _doubles(small) else ():
            word = first.group().lower()
            span = Span(segment.span.start + first.start(), segment.span.start + second.end())
            raised, again = first.group()[0].isupper(), second.group()[0].isupper()
            named = (again or first.start() > 0) if raised else (again and len(word) > _TITLE)
            joined = "-" in (
                segment.text[first.start() - 1 : first.start()],
                segment.text[second.end() : second.end() + 1],
            )  # “seven-time time trial”
            if word in limits.allow or not word.isalpha() or named or joined or _quoted(document, span):
                continue
            if not _always_twice(word, small_text):
                yield Match(span, suggestions=(Suggestion(first.group()),))


def _always_twice(word: str, small_text: str) -> bool:
    """Whether a text doubles a word again and again and never has it alone: a name (“dan dan noodles”), unlike three slips of “the the”."""
    twice = len(re.findall(rf"\b{word}\s{word}\b", small_text))
    return twice >= _OFTEN and len(re.findall(rf"\b{word}\b", small_text)) == 2 * twice


def _doubles(small: Sequence[str]) -> bool:
    """Whether a word may stand twice in a row among runs of letters, of which it is one to three (“o’clock o’clock”)."""
    if len(set(small)) == len(small):
        return False
    two, three = list(pairwise(small)), list(zip(small, small[1:], small[2:], strict=False))
    return any(map(eq, small, small[1:])) or any(map(eq, two, two[2:])) or any(map(eq, three, three[3:]))


def _pairs(segment: Segment) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Neighbours of one spelling that have no third beside them (that is a loop, or rhetoric)."""
    found = list(_WORD.finditer(segment.text))
    same = [
        a.group().lower() == b.group().lower() and segment.text[a.end() : b.start()].isspace() and "\n" not in segment.text[a.end() : b.start()]
        for a, b in pairwise(found)
    ]
    for number, is_same in enumerate(same):
        alone = not any(same[near] for near in (number - 1, number + 1) if 0 <= near < len(same))
        if is_same and alone:
            yield found[number], found[number + 1]


_PLURAL = re.compile(r"[a-z]{3,}s|[a-z]{3,}(?:ness|ion|ment|ity|[ae]nce|ous)")
"""A noun in the plural or an abstract one, by its ending: what rhetoric repeats (“again and again”) is shorter."""
_ALONE = re.compile(
    r"(?:^|[“\"(,;:]\s?|\b(?:the|of|that|for|by|with|and|to|from|in|all|as|many|other|some|between|both|our|their|his|her|its|these|several|few"
    r"|\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|hundred) )$",
    re.IGNORECASE,
)
_CLOSED_OFF = re.compile(r"\s*(?:[.,;:!?)”\"]|$)|\s(?:have|has|had|is|are|was|were|will|would|can|could|may|must|in|at)\b")


def doubled_conjuncts(document: Document, limits: Limits) -> Iterator[Match]:
    """“nurses and nurses”: one noun on both sides of “and”, where the source had two words (a woman's and a man's, or two of one sense).

    Either has to stand alone: nothing that tells the two apart precedes the first and follows the second (“Indian authors and authors of Indian
    descent”). The words of `allow` (“thousands and thousands”), comparatives and quotations are left alone."""
    for segment, small in zip(document.segments, words_of(document), strict=True):
        if "and" not in small or segment.scope not in _PROSE or not _joins_alike(small):
            continue
        found = list(_WORD.finditer(segment.text))
        for first, middle, second in zip(found, found[1:], found[2:], strict=False):
            word = first.group()
            span = Span(segment.span.start + first.start(), segment.span.start + second.end())
            joined = middle.group() == "and" and second.group() == word.lower() and segment.text[first.end() : second.start()] == " and "
            if not joined or word.lower() in limits.allow or not _PLURAL.fullmatch(word.lower()) or _quoted(document, span):
                continue
            if _ALONE.search(segment.text, 0, first.start()) or _CLOSED_OFF.match(segment.text, second.end()):
                yield Match(span, suggestions=(Suggestion(word),))


def _joins_alike(small: Sequence[str]) -> bool:
    """Whether “and” stands between one word twice: nouns of the kind have letters alone, so that each is one run."""
    return any(middle == "and" and before == behind for before, middle, behind in zip(small, small[1:], small[2:], strict=False))


def loops(document: Document, limits: Limits) -> Iterator[Match]:
    """A phrase three times or more in a row (a single word four times, a phrase of `least` words twice): what a decoder does when it
    is stuck. A title printed twice in a line is not its doing."""
    for segment, small in zip(document.segments, words_of(document), strict=True):
        if not _returns(small):
            continue
        found = list(_WORD.finditer(segment.text))
        words = [match.group().lower() for match in found]
        begin = 0
        while begin < len(words):
            period, times = _loop(segment.text, found, words, begin, limits)
            if not period:
                begin += 1
                continue
            last = begin + period * times - 1
            start = segment.span.start
            span = Span(start + found[begin].start(), start + found[last].end())
            once = segment.text[found[begin].start() : found[begin + period - 1].end()]
            if not _quoted(document, span):
                yield Match(span, suggestions=(Suggestion(once),), values={"times": str(times), "phrase": once})
            begin = last + 1


def _returns(small: Sequence[str]) -> bool:
    """Whether three words in a row come back soon enough for a loop, among runs of letters, of which a word may hold several."""
    if len(set(small)) == len(small):
        return False
    threes = list(zip(small, small[1:], small[2:], strict=False))
    if len(set(threes)) == len(threes):
        return False
    seen: dict[tuple[str, str, str], int] = {}
    for number, three in enumerate(threes):
        if number - seen.get(three, -_FAR) < _FAR:
            return True
        seen[three] = number
    return False


def _loop(text: str, found: list[re.Match[str]], words: list[str], begin: int, limits: Limits) -> tuple[int, int]:
    """The shortest period of a loop that starts here and how often it runs; (0, 0) for none."""
    for period in range(1, min(_LONGEST_PERIOD, (len(words) - begin) // 2) + 1):
        if words[begin] != words[begin + period]:
            continue
        phrase = words[begin : begin + period]
        times = 1
        while words[begin + times * period : begin + (times + 1) * period] == phrase:
            after = begin + times * period
            between = text[found[after - 1].end() : found[after].start()]
            if not _BETWEEN.fullmatch(between):
                break
            times += 1
        title = sum(found[begin + number].group()[0].isupper() for number in range(period))
        twice = period >= limits.least and 2 * title < period and not (times == 2 and _is_list(text, found, begin, period))
        needed = 4 if period == 1 else 2 if twice else 3
        if times >= needed and any(word.isalpha() and word not in limits.allow for word in phrase):
            return period, times
    return 0, 0


def _is_list(text: str, found: list[re.Match[str]], begin: int, period: int) -> bool:
    """“deputy head of the unit; deputy head of the unit for trade”: two items of a list with the same first words."""
    last = begin + 2 * period - 1
    between = text[found[begin + period - 1].end() : found[begin + period].start()]
    return ";" in between or (not between.isspace() and not _ENDS.match(text, found[last].end()))


def sentences_again(document: Document, limits: Limits) -> Iterator[Match]:
    """A sentence of the story that stands again, word for word, within the next few sentences. Echoes that follow each other as their
    originals did are one match."""
    seen: dict[str, list[Segment]] = {}
    for segment in _alike_openings(document.segments):
        if segment.scope in _PROSE and len(segment.text.split()) >= limits.least:
            seen.setdefault(_key(segment.text), []).append(segment)
    runs: list[list[tuple[Segment, list[Segment]]]] = []
    for first, *others in seen.values():
        echoes = [later for earlier, later in zip((first, *others), others, strict=False) if later.id - earlier.id <= _NEAR]
        if echoes and runs and runs[-1][-1][0].id + 1 == first.id and runs[-1][-1][1][0].id + 1 == echoes[0].id:
            runs[-1].append((first, echoes))
        elif echoes:
            runs.append([(first, echoes)])
    for run in runs:
        spans = sorted(echo.span for _, echoes in run for echo in echoes)
        yield Match(spans[0], suggestions=(Suggestion(""),), occurrences=tuple(spans[1:]), related=tuple(first.span for first, _ in run))


def headline_again(document: Document, limits: Limits) -> Iterator[Match]:
    """The headline a second time: whole lines that are alike. The copies but one are the finding, the one to keep is related.

    Of copies at the top of the page the last is the article's own and is kept; copies farther down are the ones to go.
    """
    page = lines(document.text)
    for head in page[:TOP]:
        ended = head.text.endswith((".", ":", ",", ";")) or _CLOCK.search(head.text)
        if ended or not limits.least <= len(head.text.split()) <= _HEADLINE_WORDS:
            continue
        opening, first = _opening(head.text), _bare_key(head.text)
        copies = [line for line in page[head.number + 1 :] if _is_copy(opening, first, line, limits.alike)]
        if copies:
            top = [line for line in (head, *copies) if line.number < TOP]
            kept = top[-1]
            others = [line for line in (head, *copies) if line is not kept]
            yield _copy(others, kept)
            return


def _copy(others: list[Line], kept: Line) -> Match:
    first, *rest = (line.span for line in others)
    return Match(first, suggestions=(Suggestion(""),), occurrences=tuple(rest), related=(kept.span,))


def _is_copy(opening: str, first: str, line: Line, least: float) -> bool:
    """Whether a line is the headline again: the same without case and site name, or at the top of the page, without a stop, nearly so.
    `opening` and `first` are the headline's opening and key."""
    if line.number >= TOP and _opening(line.text) != opening:
        return False
    second = _bare_key(line.text)
    return first == second or (line.number < TOP and not line.text.endswith(".") and _alike(first, second, least))


def _alike(first: str, second: str, least: float) -> bool:
    """Whether two lines say one thing: by chrF (sacreBLEU) at least `least`."""
    if max(len(first), len(second)) > 1.25 * min(len(first), len(second)):
        return False
    shared = set(first.split()) & set(second.split())
    return 2 * len(shared) >= len(set(first.split())) and _chrf(first, second) >= least


def _chrf(first: str, second: str) -> float:
    from sacrebleu.metrics.chrf import CHRF

    return float(CHRF().sentence_score(first, [second]).score)


def paragraphs_again(document: Document, limits: Limits) -> Iterator[Match]:
    """A paragraph that stands again anywhere in the text, word for word."""
    seen: dict[str, list[Span]] = {}
    for line in _alike_openings(lines(document.text)):
        if len(line.text.split()) >= limits.least:
            seen.setdefault(_key(line.text), []).append(line.span)
    for first, *others in seen.values():
        if others:
            yield Match(others[0], suggestions=(Suggestion(""),), occurrences=tuple(others[1:]), related=(first,))


_Text = TypeVar("_Text", Segment, Line)


def _alike_openings(texts: Sequence[_Text]) -> Iterator[_Text]:
    """Those, in order, whose opening another one has too: no others can be alike."""
    openings = [_opening(item.text) for item in texts]
    counts = Counter(openings)
    return (item for item, opening in zip(texts, openings, strict=True) if counts[opening] > 1)


@lru_cache(maxsize=4096)
def _opening(text: str) -> str:
    """The first letters of a text's key: two texts of one key have the same."""
    return _NO_LETTERS.sub("", text[:_OPENING].casefold())[:_SEEN]


def _key(text: str) -> str:
    return " ".join(_LETTERS.findall(text.casefold()))


@lru_cache(maxsize=1024)
def _bare_key(text: str) -> str:
    """The key of a headline without a site's name behind it."""
    return _key(_TAIL.sub("", text))


def _quoted(document: Document, span: Span) -> bool:
    return any(quotation.covers(span) for quotation in document.quotations)


Finder = Callable[[Document, Limits], Iterator[Match]]
FINDERS: Mapping[str, Finder] = {
    "doubled-conjuncts": doubled_conjuncts,
    "doubled-words": doubled_words,
    "loops": loops,
    "sentences-again": sentences_again,
    "headline-again": headline_again,
    "paragraphs-again": paragraphs_again,
}


def _limits(rule: Rule) -> Limits:
    allow = rule.params.get("allow", ())
    return Limits(
        allow=frozenset(allow if isinstance(allow, tuple) else ()),
        least=int(str(rule.params.get("least", 4))),
        alike=float(str(rule.params.get("alike", 80))),
    )


KIND = Kind(
    Schema(
        keys={"find": "string", "allow": "strings", "least": "number", "alike": "number"},
        required=frozenset({"find"}),
        choices={"find": tuple(FINDERS)},
        values=frozenset({"times", "phrase"}),
    ),
    build,
)
