"""Women's surnames with the ending that the source's grammar gave them (“Angela Merkelová”): who the text or the tables know without it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.names.aliases import AliasTable
from auditor.names.candidates import Candidate, candidates
from auditor.names.gazetteer import gazetteer
from auditor.names.inconsistent import Outlier
from auditor.names.persons import right_key
from auditor.names.skeleton import bare
from auditor.types import Document, Scope, Span

_WOMAN = "a"
"""What the given name of a woman ends in, as a rule: a man's (“Petr Novák” beside his wife, “Nováková”) does not."""
_SHORTEST = 3


def feminine(document: Document, endings: Sequence[str], table: AliasTable) -> Iterator[Outlier]:
    """“Nunesová” where the text has “Amanda Nunes”, and “Angela Merkelová”, whom the table or the list of well-known persons has as Angela Merkel.

    `endings` are put to a surname, its last a left out (“Peňová”) or its last e (“Havlová” of Havel). A name that is known as it stands is right.
    """
    if not any(ending in document.text for ending in endings):
        return
    named = [one for one in candidates(document) if not one.text.isupper()]
    women = {bare(one.last): one for one in reversed(named) if " " in one.text and one.text.split(" ")[0].endswith(_WOMAN)}
    whole = {one.span.end: one.span.start for one in named}
    ended = re.compile(rf"(?<![\w’'-])[^\W\d_a-zß-öø-ÿ]\w+?({'|'.join(map(re.escape, endings))})(?!\w|-\w)")
    hits = [
        (Span(whole.get(end, start), end), hit[1])
        for segment in document.segments
        if segment.scope not in (Scope.CREDIT, Scope.TEASER)
        for hit in ended.finditer(segment.text)
        for start, end in [(segment.span.start + hit.start(), segment.span.start + hit.end())]
    ]
    found: dict[tuple[str, str], list[tuple[Span, Span | None]]] = {}
    surnames: dict[str, str] = {}
    for span, ending in sorted(hits, key=lambda hit: " " not in document.text[hit[0].start : hit[0].end]):  # who has a given name first
        text = document.text[span.start : span.end]
        meant = (surnames[text], None) if text in surnames else _meant(text, ending, women, table)
        if meant is not None:
            found.setdefault((text, meant[0]), []).append((span, meant[1]))
            if all(part[0].isupper() for part in text.split()):  # no “von der”: the surname is the last word
                surnames[text.rsplit(" ", 1)[-1]] = meant[0].rsplit(" ", 1)[-1]
    for (text, other), places in found.items():
        others = tuple(dict.fromkeys(place for _, place in places if place is not None))
        yield Outlier(text, tuple(span for span, _ in places), other, others, safe=False, evidence={"known_by": "ending"})


def _meant(name: str, ending: str, women: dict[str, Candidate], table: AliasTable) -> tuple[str, Span | None] | None:
    """Whom a name with an ending means, as English prints her, and where the text has her so; None where nobody tells."""
    given, _, last = name.rpartition(" ")
    stem = last.removesuffix(ending)
    if len(stem) < _SHORTEST or table.entries(last):
        return None
    for surname in (stem, f"{stem}a", f"{stem[:-1]}e{stem[-1]}"):
        woman = women.get(bare(surname))
        if woman is not None and (not given or bare(woman.text) == bare(f"{given} {woman.last}")):
            return woman.text if given else woman.last, woman.span
        if given and _is_known(f"{given} {surname}", table):
            return f"{given} {surname}", None
    return None


def _is_known(full: str, table: AliasTable) -> bool:
    """Whether the table or the list of well-known persons has the name as English prints it."""
    return any(entry.role != "variant" for entry in table.entries(full)) or bool(gazetteer().readings(right_key(full)))
