"""The names of a document as the folder-wide comparison needs them: small, picklable, the document left behind."""

from __future__ import annotations

from auditor.io.place import locate
from auditor.names.aliases import AliasTable
from auditor.names.candidates import candidates
from auditor.names.known import beside
from auditor.names.known import known as known_spellings
from auditor.names.skeleton import plain, skeleton
from auditor.text.language import Language, language
from auditor.types import Document, Extract, Mention, Scope, Span

_SHORTEST = 4


def extract(document: Document, table: AliasTable) -> Extract:
    """Every spelling that the table knows and every other candidate of four letters or more, in order of their first places.

    Places are those of the file. Names of months and days, acronyms, credits and teasers are left out.
    """
    places: dict[str, list[Span]] = {}
    for segment, spellings in zip(document.segments, known_spellings(document, table), strict=True):
        if segment.scope in (Scope.CREDIT, Scope.TEASER):
            continue
        for span, _ in spellings:
            at = Span(segment.span.start + span.start, segment.span.start + span.end)
            places.setdefault(segment.text[span.start : span.end], []).append(at)
    facts, is_known = language(document.provenance.target_lang), beside(document, table)
    for candidate in candidates(document):
        if _is_name(candidate.text, facts) and not is_known(candidate.span):
            places.setdefault(candidate.text, []).append(candidate.span)
    names = [(min(spans), text, len(spans)) for text, spans in places.items()]
    mentions = tuple(Mention(text, skeleton(text), locate(document, span), count) for span, text, count in sorted(names))
    return Extract(document.path, document.origin.part, mentions)


def _is_name(text: str, facts: Language) -> bool:
    return len(plain(text)) >= _SHORTEST and not text.isupper() and text not in facts.months and text not in facts.weekdays
