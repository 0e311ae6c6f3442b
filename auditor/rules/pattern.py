"""The pattern language of rules: regular expressions that read like text; the only place that says what a space, a mark or a capital matches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

EDGE = r"(?:(?<!\w)|(?!\w))"
"""A place that is not inside a word."""
_OUTSIDE = {" ": r"(?:\s+)", "'": "['’]", '"': '["“”]', "-": "[-‐‑]"}
_INSIDE = {" ": r"\s", "'": "'’", '"': '"“”'}
_HEAD = re.compile(r"\(\?[a-zA-Z]*-?[a-zA-Z]*[:)]")
"""The head of a group with flags, “(?-i:”: its hyphen is no hyphen of the text."""
_SPACES = re.compile(r" +")
_MARK = re.compile('[“"«„‘:;–—•]')
"""A mark that may open something inside a sentence."""
_OPENING = re.compile(r"(?:^|[“\"«„‘]|[:;–—•]\s)\W{0,4}?([^\W\d_])")


def translate(pattern: str) -> str:
    """The regular expression of `re` for a pattern: a space matches any run of white space (no-break spaces too), ' and \" match their curly
    forms, a hyphen its non-breaking form. An escaped character stands for itself."""
    out, position, inside = [], 0, False
    while position < len(pattern):
        mark = pattern[position]
        step = 1
        if mark == "\\":
            out.append(pattern[position : position + 2])
            step = 2
        elif inside:
            inside = mark != "]"
            out.append(_INSIDE.get(mark, mark))
        elif head := _HEAD.match(pattern, position):
            out.append(head.group())
            step = len(out[-1])
        elif mark == "[":
            inside = True
            opened = re.match(r"\[\^?\]?", pattern[position:])
            out.append(opened.group() if opened else mark)
            step = len(out[-1])
        else:
            out.append(_OUTSIDE.get(mark, mark))
            step = len(_SPACES.match(pattern, position).group()) if mark == " " else 1  # type: ignore[union-attr]
        position += step
    return "".join(out)


@cache
def words(pattern: str) -> re.Pattern[str]:
    """The pattern on whole words, in the case in which it is written. re.error when it is malformed."""
    return re.compile(f"{EDGE}(?:{translate(pattern)}){EDGE}")


def finditer(pattern: str, text: str) -> Iterator[re.Match[str]]:
    """The matches of `words(pattern)` in order. The left edge is looked at afterwards: `re` finds a literal start far faster without it."""
    compiled = _open(pattern)
    first = compiled.search(text)
    return iter(()) if first is None else _from(compiled, text, first)


def _from(compiled: re.Pattern[str], text: str, match: re.Match[str] | None) -> Iterator[re.Match[str]]:
    """The match and those behind it that begin at the edge of a word."""
    position = 0
    while match:
        start = match.start()
        if start and _is_word(text[start - 1]) and start < len(text) and _is_word(text[start]):
            position = start + 1
        else:
            yield match
            position = max(match.end(), start + 1)
        match = compiled.search(text, position) if position <= len(text) else None


@cache
def _open(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:{translate(pattern)}){EDGE}")


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


@cache
def has_capital(pattern: str) -> bool:
    """Whether the pattern asks for a capital: then case counts."""
    plain = re.sub(r"\\.", "", pattern)
    return plain != plain.lower()


@cache
def anywhere(pattern: str) -> re.Pattern[str]:
    """The pattern for topics and vetoes: on whole words, in any case unless it holds a capital. re.error when it is malformed."""
    return re.compile(f"{EDGE}(?:{translate(pattern)}){EDGE}", re.NOFLAG if has_capital(pattern) else re.IGNORECASE)


def problem(pattern: str) -> str | None:
    """What is wrong with a pattern, in words, or None."""
    try:
        compiled = words(pattern)
    except re.error as error:
        return f"is no pattern: “{pattern}” ({error.msg})"
    return f"matches nothing at all: “{pattern}”" if compiled.fullmatch("") else None


def views(text: str, *, headline: bool = False) -> tuple[str, ...]:
    """The forms of a sentence in which a pattern is sought, all of one length, so that spans hold in each: as it stands; with the capitals
    that only the start of a sentence, quotation or list item asks for in lower case; for a headline, where capitals mean nothing, all lower."""
    lowered = text
    for found in _OPENING.finditer(text) if _MARK.search(text) else filter(None, (_OPENING.match(text),)):
        at = found.start(1)
        lowered = f"{lowered[:at]}{_lower(found[1])}{lowered[at + 1 :]}"
    forms = [text, lowered]
    if headline:
        forms.append("".join(map(_lower, text)))
    return tuple(dict.fromkeys(forms))


def _lower(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter
