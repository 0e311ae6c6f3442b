"""Letter correspondences: what each language writes for a sound that English romanisation spells otherwise; the only place that lists them.

Sources: the transcription guides of Duden (de), Fundéu and the Spanish Wikipedia (es), Onze Taal (nl), PWN (pl), the French Wiktionary (fr) and
the scholarly transliteration that Italian uses (it).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from auditor.names.skeleton import plain

Pairs = tuple[tuple[str, str], ...]

CORRESPONDENCES: Mapping[str, Pairs] = {
    "fr": (
        ("chtch", "shch"), ("tch", "ch"), ("ch", "sh"), ("dj", "j"), ("ou", "u"), ("ou", "w"), ("oui", "wi"), ("oue", "we"), ("oua", "wa"),
        ("iou", "yu"), ("gue", "ge"), ("gui", "gi"), ("ss", "s"), ("j", "zh"), ("ine", "in"), ("ane", "an"), ("une", "un"), ("ia", "ya"),
        ("ie", "ye"), ("ben", "bin"), ("abou", "abu"), ("el-", "al-"),
    ),
    "de": (
        ("schtsch", "shch"), ("tsch", "ch"), ("dsch", "j"), ("sch", "sh"), ("sch", "zh"), ("ch", "kh"), ("w", "v"), ("z", "ts"), ("j", "y"),
        ("s", "z"), ("ss", "s"), ("as-", "al-"), ("asch-", "al-"), ("ad-", "al-"), ("ar-", "al-"), ("an-", "al-"), ("az-", "al-"),
    ),
    "es": (("j", "kh"), ("y", "j"), ("gue", "ge"), ("gui", "gi"), ("sheij", "sheikh"), ("dz", "z"), ("al ", "al-"), ("cu", "ku"), ("qu", "k")),
    "it": (("gh", "g"), ("sci", "shi"), ("sci", "sh"), ("c", "ts"), ("j", "y"), ("gi", "j"), ("zz", "z"), ("ci", "chi"), ("ch", "kh")),
    "nl": (
        ("sjtsj", "shch"), ("tsj", "ch"), ("zj", "zh"), ("sj", "sh"), ("dj", "j"), ("oe", "u"), ("j", "y"), ("ch", "kh"), ("aboe", "abu"),
        ("ie", "i"),
    ),
    "pl": (
        ("szcz", "shch"), ("cz", "ch"), ("sz", "sh"), ("dzh", "j"), ("ch", "kh"), ("w", "v"), ("j", "y"), ("c", "ts"), ("ie", "e"),
        ("asz-", "al-"), ("as-", "al-"), ("ow", "ev"),
    ),
    "pt": (("tch", "ch"), ("ch", "sh"), ("x", "sh"), ("j", "zh"), ("qu", "k"), ("gue", "ge"), ("gui", "gi"), ("ss", "s")),
}  # fmt: skip
"""By convention: what it writes, what English writes, in lower-case letters without diacritics."""

# Correspondences that turn many a native name into another (Martine, Martin; Sara, Zara): they count for nothing by themselves.
_WEAK = frozenset(
    {("ss", "s"), ("s", "z"), ("ine", "in"), ("ane", "an"), ("une", "un"), ("ie", "i"), ("ie", "e"), ("zz", "z"), ("c", "ts"), ("dz", "z")}
)
# Differences that no convention owns: they neither prove nor disprove anything.
_NEUTRAL: Pairs = (("i", "y"), ("y", "i"), ("yj", "y"), ("ij", "y"), ("iy", "y"), ("yy", "y"), ("yi", "y"), ("'", ""), ("", "'"))
# What English itself spells in several ways in a name of another script: neutral where a whole name is compared with one of a known bearer.
_LOOSE: Pairs = (
    ("u", "ou"), ("u", "oo"), ("i", "ee"), ("k", "q"), ("q", "k"), ("ei", "ai"), ("ai", "ei"), ("w", "u"), ("k", "c"), ("iya", "ia"), ("ia", "iya"),
    ("in", "ine"), ("hosein", "hussein"), ("husein", "hossein"), ("husain", "hussein"), ("hussein", "hossein"), ("hossein", "hussein"),
)  # fmt: skip
# What a convention writes in the name of a known bearer; in a name of nobody known these letters say too little.
_OF_BEARERS: Mapping[str, Pairs] = {
    "de": (("j", "i"),), "es": (("g", "gh"), ("u", "w")), "it": (("j", "i"), ("g", "gh")), "nl": (("j", "i"),),
    "pl": (("j", "i"), ("g", "gh")), "pt": (("g", "gh"), ("u", "w"), ("c", "k")),
}  # fmt: skip
_IDLE = frozenset({*_WEAK, *_NEUTRAL, *_LOOSE})


@lru_cache(maxsize=16384)
def explained(foreign: str, english: str, convention: str) -> int:
    """How many correspondences of the convention turn `foreign` into `english`; 0 if they do not, or if none is needed.

    Both are compared without case and diacritics; a doubled consonant counts as a single one.
    """
    return _aligned(plain(foreign), plain(english), (*CORRESPONDENCES.get(convention, ()), *_NEUTRAL)) or 0


@lru_cache(maxsize=16384)
def loosely_explained(foreign: str, english: str, convention: str) -> int | None:
    """The same for whole names in plain letters, with what English spells in several ways counting as equal; None where that does not do."""
    return _aligned(foreign, english, (*CORRESPONDENCES.get(convention, ()), *_OF_BEARERS.get(convention, ()), *_NEUTRAL, *_LOOSE))


def _aligned(left: str, right: str, pairs: Pairs) -> int | None:
    """The most correspondences that turn the one into the other; None where none do."""
    best: dict[tuple[int, int], int] = {(0, 0): 0}
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            found = best.get((i, j))
            if found is None:
                continue
            for step_left, step_right, gain in _steps(left, right, i, j, pairs):
                after = (i + step_left, j + step_right)
                best[after] = max(best.get(after, 0), found + gain)
    return best.get((len(left), len(right)))


def _steps(left: str, right: str, i: int, j: int, pairs: Pairs) -> list[tuple[int, int, int]]:
    """What may be read next at these places: letters taken of each side, and 1 where a correspondence is used."""
    steps = []
    if i < len(left) and j < len(right) and left[i] == right[j]:
        steps.append((1, 1, 0))
    if 0 < i < len(left) and left[i] == left[i - 1] and left[i] not in "aeiou":
        steps.append((1, 0, 0))
    if 0 < j < len(right) and right[j] == right[j - 1] and right[j] not in "aeiou":
        steps.append((0, 1, 0))
    for a, b in pairs:
        if left.startswith(a, i) and right.startswith(b, j):
            steps.append((len(a), len(b), int((a, b) not in _IDLE)))
    return steps


def conventions_of(foreign: str, english: str) -> dict[str, int]:
    """The conventions under which `foreign` is a spelling of the name that `english` spells the English way, with the correspondences used.

    Empty where none explains it, or where `english` can as well be read as a foreign spelling of `foreign`.
    """
    there = {code: count for code in sorted(CORRESPONDENCES) if (count := explained(foreign, english, code))}
    back = max((explained(english, foreign, code) for code in sorted(CORRESPONDENCES)), default=0)
    return {code: count for code, count in there.items() if count > back}
