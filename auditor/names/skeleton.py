"""A key under which the romanisations of one name meet and different names do not; the only place that defines what counts as the same sound."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ß": "ss", "ł": "l", "đ": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
        "š": "sh", "č": "ch", "ž": "zh", "ż": "zh", "ş": "sh", "ç": "ch", "ţ": "ts", "ț": "ts", "ș": "sh",
        "’": "'", "‘": "'", "ʼ": "'", "ʿ": "'", "ʾ": "'", "`": "'", "‐": "-", "‑": "-", "–": "-",
    }
)  # fmt: skip

_STROKES = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "’": "'"})

ARTICLE = re.compile(r"(?:a(?:l|sh|sch|sz|s|ch|d|dh|r|n|t|z)|el|ul|es|ed|er|en|et|ez)[-‐‑](?=\w)|(?:al|el)\s+(?=\w)", re.IGNORECASE)
"""The Arabic article at the start of a name or of a part of one, assimilated forms with their hyphen included."""

_NO_LETTER = re.compile(r"[^a-z]")
_PARTS = {"ben": "bin", "ibn": "bin", "abdel": "abd", "abdal": "abd", "abdul": "abd", "abdoul": "abd", "abou": "abu", "aboe": "abu"}

# Read top to bottom, longest spelling first: what each convention writes for one sound. `x` stands for sh, ch and kh alike (French ch is sh,
# German and Polish ch is kh), `j` for the consonants of jam, measure and yes, `s` for s, z and ts, `a` for any vowel.
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"schtsch|chtch|shch|szcz|sjtsj", "xx"),
        (r"dsch|dzh|dzj|dj", "j"),
        (r"tsch|tch|tsj|cz", "x"),
        (r"sch|sh|ch|kh|sz|sj", "x"),
        (r"zh|zj", "j"),
        (r"^i(?=[aeou])", "j"),
        (r"ou(?=[aei])", "w"),
        (r"gu(?=[eiy])", "g"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"tz|ts", "s"),
        (r"(?<=[aiou]n)e$", ""),
        (r"(?<=[aeiouy])[jy](?![aeiouy])", ""),
        (r"^[yj](?=[aeiou])|(?<=[aeiouy])[yj](?=[aeiou])", "j"),
        (r"c(?=[eiy])|z", "s"),
        (r"ck|c|q", "k"),
        (r"v", "w"),
        (r"h$", ""),
        (r"[aeiouy]+", "a"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=65536)
def plain(name: str) -> str:
    """The name in lower-case ASCII letters: diacritics dropped (š as sh, ł as l), marks of hamza and ayn kept as a straight apostrophe."""
    if name.isascii():
        return name.lower().replace("`", "'")
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFC", name).casefold().translate(_LETTERS))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def bare(name: str) -> str:
    """The name in lower case with its diacritics dropped and nothing put in their place (š as s), as copy without them prints it."""
    if name.isascii():
        return name.lower()
    folded = unicodedata.normalize("NFD", name.casefold().translate(_STROKES))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def without_article(name: str) -> str:
    """The name without the Arabic article at its start (“al-Sudani” → “Sudani”)."""
    found = ARTICLE.match(name)
    return name[found.end() :] if found else name


@lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """One key a part of the name, joined by spaces; articles and apostrophes count for nothing, vowels only for their place.

    Two spellings of one name should share it, so it is coarse: it says which pairs are worth comparing, never that they are one.
    """
    parts = []
    for word in plain(name).split():
        parts += [_sound(part) for part in without_article(word).split("-") if part not in ("al", "el")]
    return " ".join(part for part in parts if part)


@lru_cache(maxsize=65536)
def _sound(word: str) -> str:
    """The key of one word in lower-case ASCII."""
    word = _NO_LETTER.sub("", word)
    word = _PARTS.get(word, word)
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word
