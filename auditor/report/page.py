"""The format html: one self-contained page, the triage of the folder first, then every text with its notes; it works without its script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from pathlib import PurePosixPath

from auditor.judge.wording import shorten
from auditor.report import phrasing
from auditor.report.article import article, verdict
from auditor.report.markup import NOTHING, Html, closing, element, join, opening, text
from auditor.report.notes import card, notes_of
from auditor.report.options import Options
from auditor.types import Audit, Finding, Report, Scope, Severity, Triage

_ORDER = (Triage.HOLD, Triage.FIX, Triage.FINE)


def render(report: Report, options: Options) -> Iterator[str]:
    """The page in pieces, a document at a time."""
    yield _head(report)
    yield _masthead(report)
    yield opening("main", id="texts")
    yield _triage(report.audits, options)
    yield _filters(report, options)
    yield _across(report, options)
    for index, audit in enumerate(report.audits, 1):
        yield join(article(audit, index, options))
    yield _listed("Decided before", "decided", report.policy)
    unread = [f"{failure.path} could not be read: {failure.reason}" for failure in report.failures]
    yield _listed("Not checked", "unchecked", [*unread, *phrasing.unchecked(report)])  # clean differs from blind
    yield closing("main")
    meaning = element("p", text(phrasing.score_meaning(report)))
    yield element("footer", meaning, element("p", text("What produced this report")), element("p", element("code", text(report.run.signature))))
    yield f"<script>{asset('page.js')}</script>\n</body>\n</html>\n"


@cache
def asset(name: str) -> str:
    """The style sheet or the script that stands beside this module."""
    return resources.files("auditor.report").joinpath(name).read_text("utf-8")


def _head(report: Report) -> Html:
    style, script = asset("page.css"), asset("page.js")
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    parts = (
        Html('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        Html('\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'),
        element("title", text(f"Translation audit: {_subject(report)}")),
        Html(f"\n<style>{style}</style>\n</head>\n<body>\n"),
    )
    return join(parts)


def _digest(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _subject(report: Report) -> str:
    """The folder that the texts share, or the one text."""
    paths = [PurePosixPath(audit.path) for audit in report.audits]
    if len(paths) == 1:
        return str(paths[0])
    shared: list[str] = []
    for names in zip(*(path.parent.parts for path in paths), strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return str(PurePosixPath(*shared)) if shared else phrasing.count(len(paths), "text")


def _masthead(report: Report) -> Html:
    verdicts, *counts = phrasing.totals(report)
    return element(
        "header",
        Html('<a class="skip" href="#texts">Skip to the texts</a>'),
        element("p", text(f"Translation audit · {_subject(report)}"), class_="kicker"),
        element("h1", text(verdicts.removesuffix("."))),
        element("p", text(" ".join((*counts, phrasing.gate_words(report))).rstrip()), class_="standfirst"),
        class_="masthead",
    )


def _triage(audits: Sequence[Audit], options: Options) -> Html:
    """The table of the folder, what needs a person first."""
    order = sorted(range(len(audits)), key=lambda index: (_ORDER.index(audits[index].triage), index))
    heads = ("Verdict", "Text", "Translated from", "Score", "Findings", "Why")
    return element(
        "section",
        element("h2", text("The texts"), id="triage"),
        element(
            "table",
            element("thead", element("tr", *(element("th", text(head), scope="col") for head in heads))),
            element("tbody", *(_row(audits[index], index + 1, options) for index in order)),
        ),
        aria_labelledby="triage",
        class_="triage",
    )


def _row(audit: Audit, index: int, options: Options) -> Html:
    chosen, _ = phrasing.shown(audit, options)
    gating = [finding for finding in chosen if finding.gating]
    preview = len(chosen) - len(gating)
    found = "; ".join(part for part in (phrasing.by_severity(gating), f"{preview} to look at" if preview else "") if part) or "none"
    headline = _headline(audit)
    return element(
        "tr",
        element("td", verdict(audit)),
        element(
            "th",
            element("a", text(phrasing.named(audit.path, audit.part)), href=f"#d{index}"),
            element("span", text(headline), class_="headline", lang=audit.provenance.language, dir="auto") if headline else NOTHING,
            scope="row",
        ),
        element("td", text(phrasing.origin_short(audit.provenance)), data_label="Translated from"),
        element("td", text(phrasing.score_words(audit.quality).removeprefix("score ")), data_label="Score", class_="figure"),
        element("td", text(found), data_label="Findings"),
        element("td", text("; ".join(audit.reasons)), data_label="Why"),
    )


def _headline(audit: Audit) -> str:
    """The text's own headline, or its first sentence where it has none."""
    segments = audit.document.segments if audit.document is not None else ()
    if not segments:
        return ""
    return shorten(next((segment for segment in segments if segment.scope == Scope.HEADLINE), segments[0]).text, most=120)


def _filters(report: Report, options: Options) -> Html:
    """Shown by the script, which they need."""
    findings: list[Finding] = list(phrasing.reported(report, options))
    if not findings:
        return NOTHING
    severities = [severity for severity in reversed(Severity) if any(finding.severity == severity for finding in findings)]
    rules = sorted({finding.rule for finding in findings})
    files = [(f"d{index}", phrasing.named(audit.path, audit.part)) for index, audit in enumerate(report.audits, 1) if audit.findings]
    return element(
        "form",
        element(
            "fieldset", element("legend", text("Severity"), class_="unshown"), *(_box("severity", severity, severity) for severity in severities)
        ),
        element(
            "fieldset",
            element("legend", text("Status"), class_="unshown"),
            _box("status", "gating", "to act on"),
            _box("status", "preview", "worth a look"),
        ),
        _select("rule", "Rule", [("", "all rules"), *((rule, rule) for rule in rules)]),
        _select("file", "Text", [("", "all texts"), *files]),
        element(
            "p",
            Html('<button type="button" data-step="-1" aria-label="Previous finding">←</button> '),
            Html('<button type="button" data-step="1" aria-label="Next finding">→</button> '),
            element("output", text(phrasing.count(len(findings), "finding")), aria_live="polite"),
            class_="steps",
        ),
        id="filters",
        aria_label="Which findings are shown",
        hidden=True,
    )


def _box(name: str, value: str, label: str) -> Html:
    return element("label", element("input", type="checkbox", name=name, value=value, checked=True), text(f" {label}"))


def _select(name: str, label: str, choices: Sequence[tuple[str, str]]) -> Html:
    return element(
        "label", text(f"{label} "), element("select", *(element("option", text(words), value=value) for value, words in choices), name=name)
    )


def _across(report: Report, options: Options) -> Html:
    """What concerns several texts at once."""
    findings = phrasing.shown_across(report, options)
    if not findings:
        return NOTHING
    index_of = {(audit.path, audit.part): index for index, audit in enumerate(report.audits, 1)}
    cards = []
    for note in notes_of(findings, "x"):
        at = note.finding.at
        name, index = text(phrasing.named(at.path, at.part)), index_of.get((at.path, at.part))
        cards.append(card(note, None, options, away=name if index is None else element("a", name, href=f"#d{index}")))
    return element(
        "section", element("h2", text("Across the texts"), id="across"), element("ol", *cards), aria_labelledby="across", class_="across notes"
    )


def _listed(title: str, key: str, lines: Sequence[str]) -> Html:
    if not lines:
        return NOTHING
    items = (element("li", text(line)) for line in lines)
    return element("section", element("h2", text(title), id=key), element("ul", *items), aria_labelledby=key, class_="unchecked")
