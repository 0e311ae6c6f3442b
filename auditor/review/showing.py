"""What the store knows, as the page shows it; nothing here changes anything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from auditor.report.phrasing import language_name
from auditor.review import editing
from auditor.review.deciding import MISSED
from auditor.review.filling import copy_of
from auditor.review.model import (
    FRONT,
    Choices,
    Comment,
    Counts,
    Detail,
    Entry,
    Filters,
    Item,
    Mark,
    NotFoundError,
    Option,
    Page,
    Paragraph,
    Quote,
    TextRow,
    TextView,
    Where,
    Word,
)
from auditor.review.project import Project
from auditor.review.store import log, queue, rows
from auditor.review.store.rows import Body, Group, Link, Place, Text
from auditor.review.working import line_and_column, mapped, paragraph, paragraphs
from auditor.rules.figures import figures
from auditor.story.align import align_source
from auditor.text.segment import segment
from auditor.types import Document, Provenance, Severity, Span

_MOST_PLACES = 1_000
_STATE_ORDER = ("open", "query", "fixed", "dismissed")


def page(project: Project, filters: Filters, after: str | None, limit: int) -> Page:
    """A stretch of the queue."""
    with project.reading() as link:
        among = queue.text_ids(link, path=filters.file, language=filters.language)
        if among == []:
            return Page((), 0, None)
        groups, total = queue.stretch(
            link,
            state=filters.state,
            rule=filters.rule,
            severity=filters.severity,
            words=filters.words,
            weight=filters.weight,
            text_ids=among,
            after=after,
            limit=limit + 1,
        )
        more, groups = len(groups) > limit, groups[:limit]
        keys = [group.key for group in groups]
        first = rows.first_places(link, keys, filters.state, among) if keys else {}
        bodies = rows.bodies(link, (place.text_id for place in first.values()))
        files = queue.files_of(link, keys) if keys else {}
        now = project.clock()
        items = tuple(
            _item(group, first[group.key], bodies[first[group.key].text_id], files.get(group.key, 1), now) for group in groups if group.key in first
        )
        return Page(items, total, groups[-1].key if more and groups else None)


def _item(group: Group, place: Place, body: Body, files: int, now: float) -> Item:
    states = {"open": group.open, "query": group.query, "fixed": group.fixed, "dismissed": group.dismissed}
    return Item(
        key=group.key,
        version=group.version,
        rule=group.rule,
        text=group.text,
        message=place.message,
        category=group.category,
        severity=group.severity,
        confidence=group.confidence,
        gating=bool(group.gating),
        state=next((state for state in _STATE_ORDER if states[state]), place.state),
        path=body.path,
        line=line_and_column(body.working, place.start)[0],
        quote=_quote(body.working, Span(place.start, place.end)),
        language=body.language,
        options=tuple(Option(text, bool(safe), gain) for text, safe, gain in json.loads(group.options)),
        places=sum(states.values()),
        open=group.open,
        files=files,
        held=group.held_by if group.held_until > now else "",
    )


def _quote(text: str, span: Span) -> Quote:
    whole = paragraph(text, span)
    return Quote(text[whole.start : span.start], text[span.start : span.end], text[span.end : whole.end])


def detail(project: Project, key: str) -> Detail:
    """Everything on one group. NotFound where it is not (any more)."""
    with project.reading() as link:
        group = rows.group(link, key)
        places = [place for place in rows.places_of_group(link, key, most=_MOST_PLACES) if place.state in _STATE_ORDER] if group else []
        if group is None or not places:
            raise NotFoundError("that finding is not here any more")
        texts = {number: rows.text_by_id(link, number) for number in dict.fromkeys(place.text_id for place in places)}
        first = places[0]
        body = texts[first.text_id]
        shown = Body(body.id, body.path, body.working, body.version, body.language, body.target)
        item = _item(group, first, shown, len(texts), project.clock())
        rule = project.rules.by_id.get(group.rule)
        fluency, strip = _fluency(body, first)
        return Detail(
            item,
            tuple(_where(place, texts[place.text_id]) for place in places),
            why=rule.why if rule else "",
            refs=rule.refs if rule else (),
            evidence=_evidence(first),
            fluency=fluency,
            strip=strip,
            precision=_precision(link, group),
            comments=tuple(Comment(by, at, text) for by, at, text in log.comments_on(link, group.rule, group.words)),
            history=tuple(Entry(one.id, one.by, one.at, one.said, bool(one.undone)) for one in log.history(link, group_key=key)),
        )


def _evidence(place: Place) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(place.evidence))


def _precision(link: Link, group: Group) -> str:
    """What was measured of the rule, and what became of its findings here."""
    here = queue.counts(link, rule=group.rule)
    settled = [f"{here[state]:,} {words}" for state, words in (("fixed", "mended"), ("dismissed", "let stand")) if here.get(state)]
    parts = [figures(group.rule).reading, f"here {' and '.join(settled)}" if settled else ""]
    return "; ".join(filter(None, parts))


def _where(place: Place, text: Text) -> Where:
    line, column = line_and_column(text.working, place.start)
    span = Span(place.start, place.end)
    return Where(
        id=place.id,
        path=text.path,
        version=text.version,
        line=line,
        column=column,
        start=place.start,
        end=place.end,
        quote=_quote(text.working, span),
        state=place.state,
        scope=place.scope,
        printed=place.printed,
        source=_source(text, span),
        source_language=text.language,
        said=place.said,
    )


def _source(text: Text, span: Span) -> str:
    """The source sentence of a place, where there is a source text and a sentence of it belongs to ours."""
    if not text.source or not text.language:
        return ""
    ours, theirs, beads = _aligned(text.working, text.source, text.target, text.language)
    number = next((index for index, one in enumerate(ours) if one.start <= span.start < max(one.end, one.start + 1)), None)
    found = next((theirs_of for ours_of, theirs_of in beads if number in ours_of), ()) if number is not None else ()
    return " ".join(theirs[index] for index in found)


@lru_cache(maxsize=64)
def _aligned(working: str, source: str, target: str, language: str) -> tuple[list[Span], list[str], list[tuple[range, range]]]:
    ours = segment(Document("", working, provenance=Provenance(target_lang=target)))
    theirs = segment(Document("", source, provenance=Provenance(target_lang=language)))
    words = [[one.text for one in document.segments] for document in (ours, theirs)]
    beads = align_source(*words, target_lang=target, source_lang=language)
    return [one.span for one in ours.segments], words[1], [(bead.ours, bead.theirs) for bead in beads]


def _fluency(text: Text, place: Place) -> tuple[str, tuple[Word, ...]]:
    """How fluent the sentence of a place is, and its words by how much they stand out."""
    for start, end, percentile, surprisal, peaks in json.loads(text.scores):
        if start <= place.start < end:
            unlikely = f"{surprisal:.1f} nats per token: how unlikely its words are to the language model"
            said = f"less fluent than {percentile:.0f}% of native news" if percentile is not None else unlikely
            return said, tuple(_words(text.working, Span(start, end), peaks))
    return "", ()


def _words(text: str, span: Span, peaks: Sequence[tuple[int, int, float]]) -> Iterator[Word]:
    position = span.start
    for start, end, surprisal in sorted(peaks):
        if start >= position:
            yield from (Word(word) for word in text[position:start].split())
            yield Word(text[start:end], surprisal, min(5, max(1, int(surprisal / 3))))
            position = end
    yield from (Word(word) for word in text[position : span.end].split())


def view(project: Project, link: Link, text: Text) -> TextView:
    """A text as it stands, paragraph by paragraph with its marks."""
    copy = copy_of(text, project.config.max_bytes)
    document = segment(copy.standing())
    mapping = mapped(document.text, text.working)
    scopes = [(span.start, one.scope.value) for one in document.segments if (span := mapping(one.span)) is not None]
    places = [place for place in rows.places_of_text(link, text.id) if place.end > place.start and place.state in (*_STATE_ORDER, MISSED)]
    edits = [span for span in editing.spans(copy.edits) if len(span)]
    shown, numbers = [], iter(range(1, len(places) + 1))
    first = min((start for start, _ in scopes), default=0)
    for span in paragraphs(text.working):
        scope = next((name for start, name in scopes if span.start <= start < span.end), "body" if span.end > first else FRONT)
        shown.append(Paragraph(scope, span.start, tuple(_marks(text.working, span, places, edits, numbers))))
    return TextView(
        path=text.path,
        version=text.version,
        sha256=text.working_sha,
        language=text.target,
        source_language=text.language,
        text=text.working,
        paragraphs=tuple(shown),
        signed=text.signed,
        notices=tuple(json.loads(text.notices)),
        source=text.source,
        edited=text.edits != "[]",
    )


def _marks(text: str, within: Span, places: Sequence[Place], edits: Sequence[Span], numbers: Iterator[int]) -> Iterator[Mark]:
    position = within.start
    for place in places:
        start, end = max(place.start, position), min(place.end, within.end)
        if end <= start or place.start < within.start:
            continue
        yield from _plain(text, Span(position, start), edits)
        edited = any(span.overlaps(Span(start, end)) for span in edits)
        yield Mark(text[start:end], start, place.group_key, place.rule, place.severity, place.state, place.message, next(numbers), edited=edited)
        position = end
    yield from _plain(text, Span(position, within.end), edits)


def _plain(text: str, within: Span, edits: Sequence[Span]) -> Iterator[Mark]:
    position = within.start
    for span in edits:
        start, end = max(span.start, position), min(span.end, within.end)
        if end > start:
            if start > position:
                yield Mark(text[position:start], position)
            yield Mark(text[start:end], start, edited=True)
            position = end
    if position < within.end:
        yield Mark(text[position : within.end], position)


def text_rows(project: Project) -> tuple[TextRow, ...]:
    """Every text with its counts."""
    with project.reading() as link:
        counted = queue.counts_by_text(link)
        return tuple(
            TextRow(
                one.path, one.version, one.language, one.words, counts(counted.get(one.id, {})), one.signed, edited=one.edited,
                triage=one.triage, score=one.score,
            )
            for one in rows.listed(link)
        )  # fmt: skip


def counts(found: Mapping[str, int]) -> Counts:
    """The states that are shown."""
    return Counts(*(found.get(state, 0) for state in ("open", "fixed", "dismissed", "query")))


def progress(project: Project, filters: Filters) -> Counts:
    """How much of what fits the filters, whatever its state, is settled."""
    with project.reading() as link:
        among = queue.text_ids(link, path=filters.file, language=filters.language)
        named = {"rule": filters.rule, "severity": filters.severity, "words": filters.words, "weight": filters.weight}
        return counts(queue.counts(link, **named, among=among))


def choices(project: Project) -> Choices:
    """What the filters may be set to."""
    with project.reading() as link:
        languages = tuple((code, language_name(code)) for code in queue.languages(link))
        held = set(queue.severities(link))
        severities = tuple(severity.value for severity in reversed(Severity) if severity.value in held)
        return Choices(tuple(rows.paths(link)), languages, tuple(queue.rules(link)), severities)
