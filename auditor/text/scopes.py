"""What part of a news page a block is, where the format does not say; the only place for the signs of headlines, credits and teasers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from auditor.text.blocks import CLOSING, is_stopped
from auditor.text.language import language, words
from auditor.types import Scope

_ENDS = tuple(".…。,;:")
_FIRST = re.compile(r"[\W_]*([a-zA-Z0-9]+)(?!\w)")
_WORD = re.compile(r"\w+")
_NO_WORD = re.compile(r"\W+")
_BULLETS = "•·▪●■◦*>»▶►→➤➡"
_OPENING = "“„«»\"‘'"
_HEADLINE_WORDS = 25
_QUESTION_WORDS = 14
_CROSSHEAD_WORDS = 12
_CREDIT_WORDS = 12
_BYLINE_WORDS = 8
_INITIALS = 3
_HEADLINES = 3
_LAST_BLOCKS = 3


def scopes(blocks: Sequence[str], code: str) -> list[Scope]:
    """The scope of each block's text, in order; `code` is the language that the text is written in.

    A headline is a short first block without a final stop (up to three: a repeated one, a kicker), a crosshead a short one between
    paragraphs, a question among them. Scope.QUOTE is not given here: it belongs to sentences.
    """
    found = [_furniture(block, code, last=len(blocks) - number <= _LAST_BLOCKS and number > 0) for number, block in enumerate(blocks)]
    prose = [number for number, scope in enumerate(found) if scope is None and is_stopped(blocks[number])]
    out: list[Scope] = []
    for number, block in enumerate(blocks):
        scope = found[number]
        if scope is None and number < _HEADLINES and set(out) <= {Scope.HEADLINE, Scope.CREDIT} and _is_headline(blocks, number, prose):
            scope = Scope.HEADLINE
        if scope is None and number and _is_crosshead(block, prose_follows=bool(prose) and prose[-1] > number):
            scope = Scope.CROSSHEAD
        out.append(scope or Scope.BODY)
    return out


def is_teaser(line: str, code: str) -> bool:
    """Whether the line opens as a link to another story does: “• Also read: …”, “See also”."""
    return _opens(line, code) and _teaser(code).match(line) is not None


def _opens(line: str, code: str) -> bool:
    """Whether a line may be a teaser, a caption or a byline: each opens with words that are listed."""
    first = _FIRST.match(line)
    return first is None or first[1].lower() in _first_words(code)


def is_credit(line: str, code: str) -> bool:
    """Whether the line holds agencies, credit words and initials and nothing else: “AFP”, “(dpa/lby)”, “Photo: AP”."""
    rest = _without_credits(line)
    return rest is not None and _are_initials(rest, code)


def _are_initials(rest: Sequence[str], code: str) -> bool:
    return all(len(word) <= _INITIALS and word.lower() not in language(code).function_words for word in rest)


def _without_credits(line: str) -> list[str] | None:
    """The words of a line that are no credit words; None if all are others."""
    if _credit_starts().isdisjoint(_WORD.findall(line)) or not _credit().search(line):
        return None
    return _NO_WORD.sub(" ", _credit().sub(" ", line)).split()


def _furniture(block: str, code: str, *, last: bool) -> Scope | None:
    opens = _opens(block, code)
    if opens and _teaser(code).match(block):
        return Scope.TEASER
    count = len(block.split())
    if (opens and _caption(code).match(block)) or ("©" in block and not is_stopped(block)):
        return Scope.CAPTION if count > _BYLINE_WORDS else Scope.CREDIT
    if count <= _CREDIT_WORDS and ((opens and _byline(code).match(block)) or _is_credit(block, code, last=last)):
        return Scope.CREDIT
    return None


def _is_headline(blocks: Sequence[str], number: int, prose: Sequence[int]) -> bool:
    block = blocks[number]
    count = len(block.split())
    if not prose or prose[-1] <= number or _is_ended(block):
        return False
    if is_stopped(block):
        # A question or a cry may stand over a story, but so may a story open: what follows has to be longer.
        return number == 0 and count <= _QUESTION_WORDS and len(blocks[1].split()) > count
    return count <= _HEADLINE_WORDS


def _is_crosshead(block: str, *, prose_follows: bool) -> bool:
    return prose_follows and not _is_ended(block) and len(block.split()) <= _CROSSHEAD_WORDS and _asks_or_names(block)


def _is_ended(block: str) -> bool:
    return block.rstrip(CLOSING).endswith(_ENDS)


def _asks_or_names(block: str) -> bool:
    """No final stop at all, or a question that is not somebody's speech."""
    return not is_stopped(block) or (block.rstrip().endswith("?") and block[0] not in _OPENING)


def _is_credit(block: str, code: str, *, last: bool) -> bool:
    """Nothing but credits; at the end of a text one agency is enough where there is no sentence."""
    rest = _without_credits(block)
    if rest is None:
        return False
    return _are_initials(rest, code) or (last and len(rest) <= _BYLINE_WORDS and not is_stopped(block.rstrip(")")))


def _either(found: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(found, key=lambda word: (-len(word), word)))


@cache
def _teaser(code: str) -> re.Pattern[str]:
    """An opener after a bullet, before a colon or arrow, or, if it has several words, before a capital: “Watch Tower officials” is none."""
    openers = sorted({*language(code).teaser_openers, *words("teaser_openers")})
    several = [opener for opener in openers if " " in opener]
    return re.compile(
        rf"\s*[{_BULLETS}][\s{_BULLETS}]*(?i:{_either(openers)})\b"
        rf"|[\s{_BULLETS}|+–—-]*(?i:{_either(openers)})(?:\s*[:|»>▶►→…]|\s[–—-]\s|\s*$)"
        rf"|[\s{_BULLETS}|+–—-]*(?i:{_either(several)})\s+[“„«\"'’‘]?[A-Z]"
    )


@cache
def _first_words(code: str) -> frozenset[str]:
    """The words with which links to other stories, captions and bylines open, in small letters."""
    facts = language(code)
    openers = (*facts.teaser_openers, *words("teaser_openers"), *facts.caption_openers, *words("caption_openers"), *facts.byline_openers)
    return frozenset(first.group().lower() for first in map(_WORD.search, openers) if first is not None)


@cache
def _caption(code: str) -> re.Pattern[str]:
    openers = _either(sorted({*language(code).caption_openers, *words("caption_openers")}))
    return re.compile(rf"\W*(?:{openers})\s*(?:[:©/|]|\()")


@cache
def _byline(code: str) -> re.Pattern[str]:
    """“By Jane Doe and John Roe”: an opener and up to five capitalised words, nothing else."""
    openers = _either(language(code).byline_openers)
    if not openers:
        return re.compile(r"(?!)")
    return re.compile(rf"\W*(?:{openers}):?\s+(?:[A-Z][\w.’'-]+(?:\s+(?:and|[A-Z]\.)\s+|\s*,\s*|\s+|$)){{2,5}}$")


@cache
def _credit() -> re.Pattern[str]:
    """Agencies and credit words of every language: they travel untranslated."""
    return re.compile(rf"(?<![\w-])(?:{_either(words('credit_words'))})(?![\w-])")


@cache
def _credit_starts() -> frozenset[str]:
    """The first word of each."""
    return frozenset(first.group() for first in map(_WORD.search, words("credit_words")) if first is not None)
