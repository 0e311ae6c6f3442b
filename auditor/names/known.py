"""Where a document holds spellings of the alias table, looked up once for all; the only place that decides which segments are read for them."""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick

from auditor.names.aliases import AliasTable, Entry, shaped
from auditor.types import Document, Span

Known = Sequence[tuple[Span, tuple[Entry, ...]]]
"""The known spellings of a segment; the spans count in it."""

_last: list[tuple[Document, AliasTable, tuple[Known, ...]]] = []
_finders: list[tuple[AliasTable, AhoCorasick]] = []


def known(document: Document, table: AliasTable) -> tuple[Known, ...]:
    """For each segment what `table.scan` finds in it. A segment that holds the letters of no spelling is not read word by word."""
    if not _last or _last[0][0] is not document or _last[0][1] is not table:
        _last[:] = [(document, table, tuple(tuple(table.scan(s.text)) if _holds(s.text, table) else () for s in document.segments))]
    return _last[0][2]


def _holds(text: str, table: AliasTable) -> bool:
    if not _finders or _finders[0][0] is not table:
        _finders[:] = [(table, AhoCorasick(list(table.index)))]
    folded = f" {shaped(text).casefold()} "
    return any(
        not (folded[start - 1].isalnum() or folded[end].isalnum())
        for _, start, end in _finders[0][1].find_matches_as_indexes(folded, overlapping=True)
    )
