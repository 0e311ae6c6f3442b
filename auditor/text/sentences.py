"""Where a sentence ends; the only place that splits running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import sentencex

from auditor.text.language import Language, language, words
from auditor.types import Span

_CLOSERS = "\"”’»)\\]“'›」』"
_STOP = re.compile(rf"[.!?…。！？؟][{_CLOSERS}]*(?=\s)|(?<=[^\W\d_]{{2}})[.!?][{_CLOSERS}]*(?=[“„«]?[^\W\d_a-z])|[。！？][{_CLOSERS}]*")
_SPACES = re.compile(r"\s+")
_BREAKS = str.maketrans(dict.fromkeys("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029\t", " "))
_LAST_WORD = re.compile(r"[^\s(\[{“”„\"«»‘‚/–—]+$")
_NEXT_WORD = re.compile(r"[\s“”„\"«»‘’'(\[–—-]*([\w’'.-]+)")
_ROMAN = re.compile(r"[IVXL]{1,6}")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)*-?[^\W\d_]")
_NUMBER = re.compile(r"\d{1,2}")
_ADDRESS = re.compile(r"[/@]|^www\.|^https?:", re.IGNORECASE)
_WINDOW = 80


def sentences(text: str, block: Span, code: str) -> Iterator[Span]:
    """The sentences of a block in order, white space between them left out, everything else inside one of them.

    `code` is the language that the text is written in. The boundaries are sentencex's, set right for abbreviations, initials, ordinals,
    quotations of several sentences and missing spaces; a stop before a small letter splits, so that a clause that lost its sentence is seen.
    """
    facts = language(code)
    cuts = sorted({cut for cut in _candidates(text, block, code) if _holds(text, block, cut, facts)})
    pieces: list[Span] = []
    for start, end in zip([block.start, *cuts], [*cuts, block.end], strict=True):
        piece = strip(text, start, end)
        if not len(piece):
            continue
        # A piece without a letter or figure is a mark that stands apart: it belongs to what goes before.
        if pieces and not any(map(str.isalnum, text[piece.start : piece.end])):
            piece = Span(pieces.pop().start, piece.end)
        pieces.append(piece)
    yield from pieces


def strip(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends; empty at `start` if there is nothing else."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    return Span(start + left, start + max(left, len(inner.rstrip())))


def _candidates(text: str, block: Span, code: str) -> Iterator[int]:
    line = text[block.start : block.end].translate(_BREAKS)
    for boundary in sentencex.get_sentence_boundaries(code, line):
        end = boundary["end_index"]
        if 0 < end < len(line):
            yield block.start + len(line[:end].rstrip())
    for stop in _STOP.finditer(text, block.start, block.end):
        if stop.end() < block.end:
            yield stop.end()


def _holds(text: str, block: Span, cut: int, facts: Language) -> bool:
    """Whether a sentence ends at `cut`, which stands right after a stop and its closing marks."""
    before = text[max(block.start, cut - _WINDOW) : cut]
    bare = before.rstrip(_CLOSERS.replace("\\", ""))
    after = text[cut : min(block.end, cut + _WINDOW)]
    following = _NEXT_WORD.match(after)
    if following is None:
        return True
    upcoming = following[1]
    if not bare.endswith("."):
        # Other stops end a sentence unless it goes on in small letters: “Yahoo! said”, “Why?” she asked.
        return not upcoming[0].islower()
    if bare.endswith(("..", "…")) and upcoming[0].islower():
        return False
    if bare != before and upcoming[0].islower():
        return False
    found = _LAST_WORD.search(bare[:-1])
    if found is None:
        return True
    word = found[0]
    opens = upcoming[0].isupper() and upcoming.casefold().strip("’'.") in facts.function_words
    if not after[0].isspace() and _ADDRESS.search(word):
        return False
    if _number_goes_on(word, upcoming, first=not bare[: found.start()].strip(), facts=facts):
        return False
    if _ROMAN.fullmatch(word) and _is_regnal(bare[: found.start()], upcoming, after, facts):
        return False
    strong, weak = _abbreviations(facts.code)
    if word in strong or (word[0].isupper() and word.casefold() in strong and word.casefold() != word):
        return False
    if word in weak or word.rstrip(".") in weak or ("." in word and _INITIAL.fullmatch(word)):
        return opens
    if _INITIAL.fullmatch(word):
        return opens or not word.isupper()
    return True


def _number_goes_on(word: str, upcoming: str, *, first: bool, facts: Language) -> bool:
    """“1. The first” as a list, “3. October”, “on the 3. floor”; a sentence may end with “in 2020.” and go on in small letters."""
    if not _NUMBER.fullmatch(word):
        return False
    return first or upcoming[0].islower() or upcoming.rstrip(".,") in _months(facts.code)


def _is_regnal(before: str, upcoming: str, after: str, facts: Language) -> bool:
    """Whether a Roman numeral with a stop belongs to a name: “Henry XIII. Prince Reuss”, not “after World War II. President …”."""
    words_before = before.split()
    if not words_before or not words_before[-1][0].isupper() or words_before[-1] in facts.numbered_nouns:
        return False
    if upcoming[0].islower():
        return True
    rest = after.lstrip()
    return any(re.match(rf"{re.escape(title)}\b", rest) for title in facts.titles if len(title) > 2)


@cache
def _abbreviations(code: str) -> tuple[frozenset[str], frozenset[str]]:
    """Strong and weak abbreviations of the language; those of other languages that hold a stop inside (“z.B”) are strong too."""
    facts = language(code)
    foreign = {word for word in words("abbreviations") if "." in word}
    weak = {*facts.weak_abbreviations, *facts.month_abbreviations} - set(facts.months)
    return frozenset({*facts.abbreviations, *foreign} - weak), frozenset(weak)


@cache
def _months(code: str) -> frozenset[str]:
    facts = language(code)
    return frozenset({*facts.months, *facts.month_abbreviations})
