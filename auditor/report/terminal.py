"""The format terminal: the report as a note to the editor, file by file, each finding under the words that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.color import ColorSystem
from rich.style import Style

from auditor.report import phrasing
from auditor.report.excerpt import excerpt, wrap
from auditor.report.fluency import fluency_words
from auditor.report.options import Options
from auditor.report.visible import visible
from auditor.types import Audit, Document, Finding, Located, Report, Span

_STYLES: Mapping[str, Style] = {
    name: Style.parse(definition)
    for name, definition in {
        "path": "bold",
        "quiet": "dim",
        "mark": "bold underline",
        "remedy": "green",
        "fine": "bold green",
        "fix": "bold yellow",
        "hold": "bold red",
        "critical": "bold red",
        "major": "bold",
        "minor": "none",
        "neutral": "dim",
    }.items()
}
_GUTTER = 10
"""Columns before the copy: room for line:column."""
_LEAST_WIDTH = 40
_MOST_PLACES = 12
_MOST_PROSE = 90
"""Prose is no easier to read in longer lines."""


@dataclass(frozen=True, slots=True)
class _Pen:
    """How one report is written; `explained` holds the rules whose reason was already given."""

    options: Options
    width: int
    explained: set[str] = field(default_factory=set)

    def style(self, text: str, name: str) -> str:
        """The text in a style of the table where the terminal shows colours."""
        return _STYLES[name].render(text, color_system=ColorSystem.STANDARD) if self.options.colour and text else text

    def prose(self, text: str, *, style: str = "minor", indent: int = _GUTTER, hanging: str = "") -> Iterator[str]:
        """The text made printable and wrapped; `hanging` stands before its first line and sets the indent of the others."""
        room = min(self.width, _MOST_PROSE + _GUTTER) - indent - len(hanging)
        for number, line in enumerate(wrap(visible(text), width=max(room, _LEAST_WIDTH // 2))):
            lead = hanging if number == 0 else " " * len(hanging)
            yield f"{' ' * indent}{lead}{self.style(line, style)}\n"


def render(report: Report, options: Options) -> Iterator[str]:
    """The texts in order, what concerns several, what was not checked, the count, and what produced it."""
    pen = _Pen(options, max(options.width, _LEAST_WIDTH))
    for audit in report.audits:
        yield "".join(_audit(audit, pen))
    yield "".join(_across(report, pen))
    yield "".join(_closing(report, pen))


def _audit(audit: Audit, pen: _Pen) -> Iterator[str]:
    yield f"{pen.style(visible(phrasing.named(audit.path, audit.part)), 'path')}\n"
    verdict = audit.triage.upper()
    first, *others = wrap(visible(" · ".join((verdict, *audit.reasons))), width=pen.width - 2)
    yield f"  {pen.style(verdict, audit.triage)}{first.removeprefix(verdict)}\n"
    yield from (f"  {line}\n" for line in others)
    facts = (phrasing.came_from(audit.provenance), phrasing.count(audit.words, "word"), phrasing.score_words(audit.quality))
    yield from pen.prose(" · ".join(filter(None, (*facts, phrasing.calibrated_words(audit.quality)))), indent=2)
    if pen.options.verbose:
        yield from pen.prose(fluency_words(audit.scores), style="quiet", indent=2)
    chosen, left_out = phrasing.shown(audit, pen.options)
    yield from _findings((finding for finding in chosen if finding.gating), audit.document, pen)
    preview = [finding for finding in chosen if not finding.gating]
    if preview:
        yield "\n"
        yield from pen.prose("Worth a look (not counted against the text)", style="path", indent=2)
        yield from _findings(preview, audit.document, pen)
    if left_out:
        yield f"\n  {pen.style(phrasing.count(left_out, 'finding'), 'quiet')} {pen.style('decided before, not shown', 'quiet')}\n"
    yield "\n"


def _findings(findings: Iterable[Finding], document: Document | None, pen: _Pen) -> Iterator[str]:
    for finding in findings:
        yield "\n"
        yield from _finding(finding, document, pen)


def _finding(finding: Finding, document: Document | None, pen: _Pen, *, path: str = "") -> Iterator[str]:
    if path:
        yield f"  {visible(path)}\n"
    yield from _copy(finding, document, pen)
    yield from pen.prose(finding.message)
    rule = pen.options.rules.get(finding.rule)
    if rule is not None and rule.why and (pen.options.verbose or finding.rule not in pen.explained):
        pen.explained.add(finding.rule)
        yield from pen.prose(rule.why, style="quiet")
    if finding.suggestions:
        yield from pen.prose(" · ".join(map(phrasing.remedy, finding.suggestions)), style="remedy", hanging="→ ")
    if finding.occurrences:
        yield from pen.prose(f"Also at {_places(finding.occurrences, finding.at)}.")
    if finding.related:
        yield from pen.prose(f"Compare {_compared(finding, document)}.")
    if pen.options.verbose:
        for name, value in phrasing.evidence_lines(finding.evidence):
            yield from pen.prose(f"{name}: {value}", style="quiet")
    scope = phrasing.scope_words(finding.scope)
    facts = [finding.severity, *([scope] if scope else []), f"{finding.rule}{_certainty(finding, pen)}"]
    first, *others = wrap(" · ".join(facts), width=pen.width - _GUTTER)
    yield f"{' ' * _GUTTER}{pen.style(finding.severity, finding.severity)}{pen.style(first.removeprefix(finding.severity), 'quiet')}\n"
    yield from (f"{' ' * _GUTTER}{pen.style(line, 'quiet')}\n" for line in others)


def _certainty(finding: Finding, pen: _Pen) -> str:
    status = "" if finding.status == "new" else f" · {finding.status}"
    return f" · {phrasing.percent(finding.confidence)} sure{status}" if pen.options.verbose else status


def _copy(finding: Finding, document: Document | None, pen: _Pen) -> Iterator[str]:
    """The line of the copy, the span underlined: by the terminal where it can, else by a row below."""
    text, span = (document.text, finding.at.inner) if document is not None else _within(finding)
    place = f"{finding.at.line}:{finding.at.column}".rjust(_GUTTER - 2) + "  "
    part = excerpt(text, span, width=pen.width - len(place))
    yield f"{pen.style(place, 'quiet')}{part.before}{pen.style(part.marked, 'mark')}{part.after}\n"
    if not pen.options.colour and part.breadth:
        yield f"{' ' * (len(place) + part.indent)}{'~' * part.breadth}\n"


def _within(finding: Finding) -> tuple[str, Span]:
    """The sentence of a finding and the span in it, for a report that was made without the texts."""
    start = finding.sentence.find(finding.at.text)
    if start < 0:
        return finding.at.text, Span(0, len(finding.at.text))
    return finding.sentence, Span(start, start + len(finding.at.text))


def _across(report: Report, pen: _Pen) -> Iterator[str]:
    chosen = phrasing.shown_across(report, pen.options)
    if not chosen:
        return
    documents = {(audit.path, audit.part): audit.document for audit in report.audits}
    yield f"{pen.style('Across the texts', 'path')}\n"
    for finding in chosen:
        yield "\n"
        yield from _finding(finding, documents.get((finding.at.path, finding.at.part)), pen, path=phrasing.named(finding.at.path, finding.at.part))
    yield "\n"


def _places(places: Sequence[Located], here: Located) -> str:
    listed = ", ".join(f"{_elsewhere(place, here)}{place.line}:{place.column}" for place in places[:_MOST_PLACES])
    return listed if len(places) <= _MOST_PLACES else f"{listed} and {len(places) - _MOST_PLACES:,} more places"


def _compared(finding: Finding, document: Document | None) -> str:
    groups = phrasing.compared(finding.related, document)
    return ", ".join(f"“{words}” ({_places([finding.related[number] for number in numbers], finding.at)})" for words, numbers in groups.items())


def _elsewhere(place: Located, here: Located) -> str:
    return "" if (place.path, place.part) == (here.path, here.part) else f"{phrasing.named(place.path, place.part)} "


def _closing(report: Report, pen: _Pen) -> Iterator[str]:
    if report.failures:
        yield f"{pen.style('Could not be read', 'path')}\n"
        for failure in report.failures:
            yield from pen.prose(f"{failure.path}: {failure.reason}", indent=2)
        yield "\n"
    for title, lines in (("Decided before", report.policy), ("Not checked", list(phrasing.unchecked(report)))):
        if lines:
            yield f"{pen.style(title, 'path')}\n"
            for line in lines:
                yield from pen.prose(line, indent=2)
            yield "\n"
    for line in (*phrasing.totals(report), *filter(None, [phrasing.score_meaning(report)])):
        yield from pen.prose(line, indent=0)
    yield f"{pen.style(visible(report.run.signature), 'quiet')}\n"
