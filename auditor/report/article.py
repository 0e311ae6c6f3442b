"""One document on the page: its copy with the findings marked, the notes beside it, its fluency as a strip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.report import phrasing
from auditor.report.fluency import fluency_words
from auditor.report.markup import NOTHING, Html, closing, element, join, opening, text
from auditor.report.notes import Note, card, marked_in, notes_of
from auditor.report.options import Options
from auditor.report.weave import Layer, paragraphs, share, weave
from auditor.types import Audit, Document, Peak, Scope, Score

BANDS: Sequence[tuple[float, str]] = ((50, "b0"), (75, "b1"), (90, "b2"), (95, "b3"), (99, "b4"), (101, "b5"))
"""Fluency by percentile against native news: the upper end of each band and its class on the page."""

_BLOCKS: Mapping[Scope, tuple[str, str | None]] = {
    Scope.HEADLINE: ("h3", None),
    Scope.CROSSHEAD: ("h4", None),
    Scope.CAPTION: ("p", "aside"),
    Scope.CREDIT: ("p", "aside"),
    Scope.TEASER: ("p", "aside"),
}


def article(audit: Audit, index: int, options: Options) -> Iterator[Html]:
    """The whole section of a document, in pieces."""
    key = f"d{index}"
    chosen, left_out = phrasing.shown(audit, options)
    notes = notes_of(chosen, key)
    yield opening("article", id=key, class_=f"document {audit.triage}", aria_labelledby=f"{key}h", data_file=key)
    yield _head(audit, key)
    yield opening("div", class_="spread")
    yield _copy(audit, notes, key)
    yield opening("aside", class_="notes", aria_label="Notes to this text")
    gating = [note for note in notes if note.finding.gating]
    preview = [note for note in notes if not note.finding.gating]
    if not notes:
        yield element("p", text("No findings."), class_="quiet")
    yield _list(gating, audit.document, options, "To act on")
    yield _list(preview, audit.document, options, "Worth a look, not counted against the text")
    if left_out:
        yield element("p", text(f"{phrasing.count(left_out, 'finding')} decided before, not shown."), class_="quiet")
    yield Html("</aside></div></article>\n")


def _head(audit: Audit, key: str) -> Html:
    facts = (
        phrasing.came_from(audit.provenance),
        phrasing.count(audit.words, "word"),
        phrasing.score_words(audit.quality),
        phrasing.calibrated_words(audit.quality),
    )
    reasons = [element("li", text(reason)) for reason in audit.reasons]
    skipped = [element("li", text(f"Not checked: {reason}"), class_="quiet") for reason in audit.skipped]
    return element(
        "header",
        element("h2", text(phrasing.named(audit.path, audit.part)), id=f"{key}h"),
        element("p", verdict(audit), text(f" {' · '.join(filter(None, facts))}"), class_="facts"),
        element("ul", *reasons, *skipped, class_="reasons") if reasons or skipped else NOTHING,
        _strip(audit, key),
    )


def verdict(audit: Audit) -> Html:
    """The triage as a word in its colour."""
    return element("strong", text(audit.triage.capitalize()), class_=f"verdict {audit.triage}")


def _strip(audit: Audit, key: str) -> Html:
    """A cell a sentence, higher and darker the less fluent it is."""
    known = [score for score in audit.scores if score.percentile is not None]
    if not known:
        return NOTHING
    cells = [_cell(score, key, audit.document) for score in known]
    return element(
        "div",
        element("div", *cells, class_="strip", aria_hidden="true"),
        element("p", text(fluency_words(known)), class_="quiet"),
        element("label", element("input", type="checkbox", class_="show-peaks"), text(" Underline the words that stand out")),
        class_="fluency",
    )


def _cell(score: Score, key: str, document: Document | None) -> Html:
    percentile = score.percentile or 0.0
    band = next(name for limit, name in BANDS if percentile < limit)
    title = f"Sentence {score.segment + 1}: less fluent than {percentile:.0f}% of native news"
    if document is None:
        return element("span", class_=band, title=title)
    words = ", ".join(f"“{document.text[peak.span.start : peak.span.end]}”" for peak in score.peaks)
    title += f"; stands out: {words}" if words else ""
    return element("a", href=f"#{key}s{score.segment}", class_=band, title=title, tabindex=-1)


def _copy(audit: Audit, notes: Sequence[Note], key: str) -> Html:
    document = audit.document
    if document is None:
        return element("div", element("p", text("The text itself was not kept for this report."), class_="quiet"), class_="copy")
    spans = paragraphs(document)
    shared = share(_layers(audit, document, notes, key), spans)
    scopes = {segment.block: segment.scope for segment in reversed(document.segments)}
    block_of = {block.span: index for index, block in enumerate(document.blocks)}
    body = []
    for span, layers in zip(spans, shared, strict=True):
        name, style = _BLOCKS.get(scopes.get(block_of.get(span, -1), Scope.BODY), ("p", None))
        body.append(element(name, weave(document.text, span, layers), class_=style, dir="auto"))
    return element("div", *body, class_="copy", lang=audit.provenance.language or audit.provenance.target_lang)


def _layers(audit: Audit, document: Document, notes: Sequence[Note], key: str) -> Iterator[Layer]:
    end = closing("span")
    for score in audit.scores:
        if 0 <= score.segment < len(document.segments):
            yield Layer(
                document.segments[score.segment].span, opening("span", id=f"{key}s{score.segment}", class_="s"), opening("span", class_="s"), end
            )
        for peak in score.peaks:
            start = opening("span", class_="peak", title=_standing_out(peak))
            yield Layer(peak.span, start, opening("span", class_="peak"), end, depth=3)
    for note in notes:
        yield from _marks(note, document)


def _standing_out(peak: Peak) -> str:
    if peak.adjusted is None:
        return f"surprisal {peak.surprisal:.1f} nats"
    return f"stands out: {peak.adjusted:.1f} nats with its neighbours beyond what native news needs here (surprisal {peak.surprisal:.1f})"


def _marks(note: Note, document: Document) -> Iterator[Layer]:
    """The place of a finding, its further places, and what it is compared with."""
    finding = note.finding
    style = f"mark {finding.severity} {'gating' if finding.gating else 'preview'}"
    for number, place in enumerate((finding.at, *finding.occurrences)):
        if not marked_in(place, document):
            continue
        anchor = f"{note.key}m{number}"
        reference = element(
            "sup", element("a", text(note.sign), href=f"#{note.key}", aria_label=f"Note {note.sign}"), class_=style, data_note=note.key
        )
        yield Layer(
            place.inner,
            opening("mark", id=anchor, class_=style, data_note=note.key),
            opening("mark", class_=style, data_note=note.key),
            closing("mark"),
            reference,
            depth=2,
        )
    for number, place in enumerate(finding.related):
        if marked_in(place, document):
            start = opening("span", id=f"{note.key}r{number}", class_="compared")
            yield Layer(place.inner, start, opening("span", class_="compared"), closing("span"), depth=1)


def _list(notes: Sequence[Note], document: Document | None, options: Options, heading: str) -> Html:
    if not notes:
        return NOTHING
    explained: set[str] = set()
    cards = []
    for note in notes:
        cards.append(card(note, document, options, explain=note.finding.rule not in explained))
        explained.add(note.finding.rule)
    return join((element("h3", text(heading)), element("ol", *cards)))
