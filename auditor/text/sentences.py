"""Where a sentence ends; the only place that splits running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from auditor.text.blocks import strip
from auditor.text.language import Language, language, words
from auditor.types import Span

_CLOSERS = "\"”’»)\\]“'›」』"
_STOP = re.compile(rf"[.!?…。！？؟][{_CLOSERS}]*")
_JOINED = re.compile(rf"(?:(?<=[^\W\d_]{{2}})|(?<=[^\W\d_]{{2}}\.\.))[.!?][{_CLOSERS}]*(?=[“„«\"]?\[?[^\W\d_a-z])")
"""A stop behind a word, or the last of three dots, with a capital right behind: the space was lost."""
_APART = re.compile(rf"\s[{_CLOSERS}]+(?=\s)")
_FULL_WIDTH = "。！？"
_OTHER_SCRIPT = re.compile("[\u0370-\u1dff\u2c00-\ua7ff\uab30-\ufdff\U00010000-\U0001efff]")
_CLOSING = _CLOSERS.replace("\\", "")
_QUOTES = "\"”’»“'›"
_BREAK = re.compile("[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029\t]")
_LAST_WORD = re.compile(r"[^\s(\[{“”„\"«»‘‚/–—]+$")
_NEXT_WORD = re.compile(r"[\s“”„\"«»‘’'(\[–—…-]*([\w’'.-]+)")
_GOES_ON = tuple(".,;:!?)]}%")
_OPENED = re.compile(r"\s[\"“„«‘'(\[]+$")
_APOSTROPHE = re.compile("[’']")
_ROMAN = re.compile(r"[IVXL]{1,6}")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)*-?[^\W\d_]")
_NUMBER = re.compile(r"\d{1,2}")
_ADDRESS = re.compile(r"[/@]|^www\.|^https?:", re.IGNORECASE)
_PLAIN = 5
_PLAIN_END = re.compile(r"[a-z]{4}[.] [A-Z][a-z ]")
"""The commonest end of a sentence: a word of four small letters or more, a stop, a space, a capital."""
_WINDOW = 80
_WORD = 40


def sentences(text: str, block: Span, code: str) -> Iterator[Span]:
    """The sentences of a block in order, white space between them left out, everything else inside one of them.

    `code` is the language that the text is written in. The boundaries are sentencex's, set right for abbreviations, initials, ordinals,
    quotations of several sentences and missing spaces; a stop before a small letter splits, so that a clause that lost its sentence is seen.
    """
    facts = language(code)
    cuts = [cut for cut in sorted(set(_candidates(text, block, code))) if _holds(text, block, cut, facts)]
    pieces: list[Span] = []
    if not cuts:
        whole = strip(text, block.start, block.end)
        yield from (whole,) if len(whole) else ()
        return
    for start, end in zip([block.start, *cuts], [*cuts, block.end], strict=True):
        piece = strip(text, start, end)
        if not len(piece):
            continue
        # A piece without a letter or figure is a mark that stands apart: it belongs to what goes before.
        if pieces and not any(map(str.isalnum, text[piece.start : piece.end])):
            piece = Span(pieces.pop().start, piece.end)
        pieces.append(piece)
    yield from pieces


def _candidates(text: str, block: Span, code: str) -> Iterator[int]:
    """Where a sentence may end: right after a stop and its closing marks."""
    if not text.isascii() and _OTHER_SCRIPT.search(text, block.start, block.end):
        yield from _of_library(text, block, code)
    for stop in _STOP.finditer(text, block.start, block.end):
        end = stop.end()
        if end == block.end:
            continue
        if text[end].isspace():
            yield end
            apart = _APART.match(text, end, block.end)
            if apart and text[stop.start()] in ".!?…":
                yield apart.end()
        elif text[stop.start()] in _FULL_WIDTH:
            yield end
        elif joined := _JOINED.match(text, stop.start(), block.end):
            yield joined.end()


def _of_library(text: str, block: Span, code: str) -> Iterator[int]:
    """The boundaries that sentencex sees, which knows the stops of every script; in Latin ones it sees none that `_STOP` does not."""
    import sentencex  # a text in Latin letters does not need it

    line = _BREAK.sub(" ", text[block.start : block.end])
    for boundary in sentencex.get_sentence_boundaries(code, line):
        cut = _rstrip(text, block.start, block.start + boundary["end_index"])
        if not block.start < cut < block.end:
            continue
        # It takes a straight mark that opens the next sentence for the close of this one.
        opened = _OPENED.search(text, max(block.start, cut - 4), cut) if not text[cut].isspace() else None
        yield opened.start() if opened else cut


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _holds(text: str, block: Span, cut: int, facts: Language) -> bool:
    """Whether a sentence ends at a candidate, by the marks on both sides; where only a full stop speaks for it, by the words."""
    if _PLAIN_END.match(text, cut - _PLAIN, min(cut + 3, block.end)):
        word = text[text.rfind(" ", max(block.start, cut - _WORD), cut) + 1 : cut - 1]
        strong, weak = _abbreviations(facts.code)
        if word.isalpha() and word not in strong and word not in weak and word.casefold() not in strong:
            return True
    before = text[max(block.start, cut - _WINDOW) : cut]
    bare = before.rstrip(_CLOSING)
    after = text[cut : min(block.end, cut + _WINDOW)]
    following = _NEXT_WORD.match(after)
    if following is None or not bare:
        return after.lstrip()[:1] not in _GOES_ON
    small = following[1][0].islower()
    if not bare.endswith(".") or bare.endswith("..") or bare != before:
        # After other stops, dots and closing marks a sentence may go on in small letters: “Yahoo! said”, “Why?” she asked.
        if small:
            return False
        if not bare.endswith(".") or before[-1] in _QUOTES:
            return True
    return _ends_with(bare[:-1], after, following[1], facts)


def _ends_with(before: str, after: str, upcoming: str, facts: Language) -> bool:
    """Whether a full stop between `before` and `after` ends a sentence and no abbreviation, initial or ordinal."""
    found = _LAST_WORD.search(before, max(0, len(before) - _WORD))
    if found is None:
        return True
    word, lead = found[0].rsplit("-", 1)[-1] or found[0], before[: found.start()].rstrip()
    if not after[0].isspace() and _ADDRESS.search(word):
        return False
    if _NUMBER.fullmatch(word):
        # “1. The first” in a list, “3. October”, “on the 3. floor”; but a sentence may end with “in 2020.” and go on in small letters.
        return bool(lead) and lead[-1] not in ".!?:" and upcoming[0].isupper() and upcoming.rstrip(".,") not in _months(facts.code)
    if _ROMAN.fullmatch(word) and _is_regnal(lead, upcoming, after, facts):
        return False
    strong, weak = _abbreviations(facts.code)
    if word in strong or f"{word}. {upcoming.rstrip('.')}" in strong or (word[0].isupper() and word.casefold() in strong):
        return False
    if word in weak or _INITIAL.fullmatch(word):
        # “the U.S. The”, “plan B. But”: only a word that opens sentences and no names tells.
        opens = upcoming[0].isupper() and _APOSTROPHE.split(upcoming.casefold())[0].strip(".") in facts.function_words
        return opens or (word.islower() and len(word) == 1 and upcoming[0].isupper())
    return True


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
