"""A finding on the page as a note to its text: the sign that ties it to its mark, and its card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.report import phrasing
from auditor.report.markup import NOTHING, Html, copy, element, join, text
from auditor.report.options import Options
from auditor.types import CATEGORIES, Document, Finding, Located


@dataclass(frozen=True, slots=True)
class Note:
    """A finding as a note to its text: `sign` stands at the mark and at the note, `key` is unique on the page."""

    sign: str
    key: str
    finding: Finding


def notes_of(findings: Sequence[Finding], prefix: str) -> list[Note]:
    """The findings of a document as notes: numbered where they count against the text, lettered where they are worth a look; in that order."""
    gating = [finding for finding in findings if finding.gating]
    preview = [finding for finding in findings if not finding.gating]
    signs = [*(str(number) for number in range(1, len(gating) + 1)), *(_letters(number) for number in range(len(preview)))]
    return [Note(sign, f"{prefix}n{sign}", finding) for sign, finding in zip(signs, gating + preview, strict=True)]


def _letters(number: int) -> str:
    """a, b … z, aa, ab …"""
    before, here = divmod(number, 26)
    return (_letters(before - 1) if before else "") + chr(ord("a") + here)


def marked_in(place: Located, document: Document | None) -> bool:
    """Whether the place is marked in the copy, so that a link to it leads somewhere."""
    if document is None:
        return False
    return place.path == document.path and place.part == document.origin.part and 0 <= place.inner.start <= place.inner.end <= len(document.text)


def card(note: Note, document: Document | None, options: Options, *, explain: bool = True, away: Html = NOTHING) -> Html:
    """One note: what it is, the remedy, why (where `explain`), where else, how sure. `away` names the text where the note stands apart from it."""
    finding = note.finding
    status = "gating" if finding.gating else "preview"
    scope = phrasing.scope_words(finding.scope)
    where = f"line {finding.at.line}{f', {scope}' if scope else ''}"
    marked = marked_in(finding.at, document)
    sign = element("a", text(note.sign), href=f"#{note.key}m0", aria_label=f"To note {note.sign} in the text") if marked else text(note.sign)
    head = element(
        "p",
        element("span", sign, class_="number"),
        element("span", text(finding.severity), class_="severity"),
        element("span", away, text(f"{', ' if away else ''}{where}"), class_="where"),
        element("code", text(finding.rule)),
        class_="top",
    )
    return element(
        "li",
        head,
        element("p", text(finding.message), class_="message"),
        _remedies(finding),
        _reason(finding, options) if explain else NOTHING,
        *_elsewhere(note, document),
        _basis(finding),
        id=note.key,
        class_=f"note {finding.severity} {status}",
        tabindex=-1,
        data_severity=finding.severity,
        data_status=status,
        data_rule=finding.rule,
    )


def _remedies(finding: Finding) -> Html:
    if not finding.suggestions:
        return NOTHING
    fixes = []
    for suggestion in finding.suggestions:
        label = element("ins", copy(suggestion.text)) if suggestion.text else element("span", text(phrasing.remedy(suggestion)))
        fixes.append(join((label, element("span", text(" safe to apply"), class_="quiet"))) if suggestion.safe else label)
    return element("p", Html('<span aria-hidden="true">→ </span>'), join(fixes, text(" · ")), class_="remedy")


def _reason(finding: Finding, options: Options) -> Html:
    rule = options.rules.get(finding.rule)
    return element("p", text(rule.why), class_="why") if rule is not None and rule.why else NOTHING


def _elsewhere(note: Note, document: Document | None) -> Iterator[Html]:
    """Its further places and what it is compared with, as links where they are marked in the copy."""
    finding = note.finding
    if finding.occurrences:
        further = [_place(place, f"{note.key}m{number}", note, document) for number, place in enumerate(finding.occurrences, 1)]
        yield element("p", text("Also in "), join(further, text(", ")))
    if finding.related:
        groups = [
            join(
                (
                    text(f"“{words}” in "),
                    join((_place(finding.related[number], f"{note.key}r{number}", note, document) for number in numbers), text(", ")),
                )
            )
            for words, numbers in phrasing.compared(finding.related, document).items()
        ]
        yield element("p", text("Compare "), join(groups, text("; ")))


def _place(place: Located, anchor: str, note: Note, document: Document | None) -> Html:
    here = (place.path, place.part) == (note.finding.at.path, note.finding.at.part)
    words = text(f"{'' if here else f'{phrasing.named(place.path, place.part)}, '}line {place.line}")
    return element("a", words, href=f"#{anchor}") if marked_in(place, document) else words


def _basis(finding: Finding) -> Html:
    facts = [text(f"{phrasing.percent(finding.confidence)} sure"), element("span", text(finding.category), title=CATEGORIES.get(finding.category))]
    facts += [text(f"{name}: {value}") for name, value in phrasing.evidence_lines(finding.evidence)]
    if finding.status != "new":
        facts.append(text(f"decided: {finding.status}"))
    return element("p", join(facts, text(" · ")), class_="basis")
