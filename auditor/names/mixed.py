"""Spellings of a person that no list holds because each half of them does: one language's given name before the surname as English has it, or the
reverse (“Alexandre Lukashenko”, “Michail Gorbachev”)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

_ENGLISH_TOO = "ru"
"""A convention that English copy follows by itself now and then: Ukrainians by the Russian form of their name."""
_PARTS = 2
"""Words of the names that are taken apart; in longer ones nothing tells where the surname begins."""


def mixed(right: Iterable[str], variants: Mapping[str, Iterable[str]], borne: Collection[str] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each foreign given name before each right surname, and the first right given name before each foreign surname, with the conventions whose
    the foreign half is, in order. `right` are the right forms of the full name, the first one that to print; `variants` foreign ones by convention;
    `borne` words in small letters that are right in somebody’s name, and so no foreign half.
    """
    known = [name.split(" ") for name in right]
    whole = [parts for parts in known if len(parts) == _PARTS]
    if not whole or whole[0] is not known[0]:
        return
    halves: tuple[dict[str, set[str]], dict[str, set[str]]] = ({}, {})
    for code, names in variants.items():
        if code == _ENGLISH_TOO:
            continue
        for parts in (name.split(" ") for name in names):
            for half, word in zip(halves, parts, strict=False) if len(parts) == _PARTS else ():
                half.setdefault(word, set()).add(code)
    given, surnames = ({parts[at].casefold() for parts in whole} for at in range(_PARTS))
    listed = {name.casefold() for name in (*right, *(name for names in variants.values() for name in names))}
    own = {*given, *surnames, *borne}
    found = {
        f"{first} {parts[1]}": codes for first, codes in halves[0].items() if first[0].isupper() and first.casefold() not in own for parts in whole
    }
    found |= {f"{whole[0][0]} {last}": codes for last, codes in halves[1].items() if last.casefold() not in own}
    yield from ((name, tuple(sorted(found[name]))) for name in sorted(found) if name.casefold() not in listed)
