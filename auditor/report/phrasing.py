"""How a report speaks to an editor: the words and the order that the terminal, the page and the line formats share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from babel import Locale

from auditor.judge.wording import shorten
from auditor.mqm.score import CALIBRATION, MEANING, calibrated
from auditor.report.options import Options
from auditor.types import Audit, Document, Evidence, Finding, Located, Provenance, Quality, Report, Run, Scope, Severity, Suggestion, Triage

LINE_END = re.compile(r"\r\n|\n|\r")
_LINE_PART = re.compile(r"line (\d+)")
_MOST_LINES = 8
"""Further lines that a finding of one text names."""

TRIAGE: Mapping[Triage, str] = {
    Triage.FINE: "nothing that has to be mended",
    Triage.FIX: "mend what is marked",
    Triage.HOLD: "not to be published as it stands",
}
"""What each verdict asks of the editor."""

_KNOWN_FROM: Mapping[str, str] = {
    "flag": "as the command line says",
    "front matter": "by its front matter",
    "sidecar": "by its metadata file",
    "override": "by the configuration",
    "format field": "by the file's language field",
    "path": "by its path",
    "outlet tag": "by the outlet's tag",
    "source text": "by its source text",
}

_SCOPES: Mapping[Scope, str] = {
    Scope.HEADLINE: "headline",
    Scope.QUOTE: "quotation",
    Scope.CROSSHEAD: "crosshead",
    Scope.CAPTION: "caption",
    Scope.CREDIT: "credit line",
    Scope.TEASER: "teaser",
}

_EVIDENCE: Mapping[str, str] = {
    "convention": "spelling convention",
    "lm_gain_nats": "gain of the suggestion in the language model (nats)",
    "surprisal_mean": "mean surprisal (nats per token)",
    "percentile": "fluency percentile against native news",
}


def everything(report: Report) -> Iterator[Finding]:
    """Every finding that is to be acted on: document by document in order of position, then those across the folder."""
    yield from reported(report, Options())


def reported(report: Report, options: Options) -> Iterator[Finding]:
    """What every format lists: `everything`, and where it was asked for what was decided before."""
    for audit in report.audits:
        yield from shown(audit, options)[0]
    yield from shown_across(report, options)


def shown_across(report: Report, options: Options) -> list[Finding]:
    """The findings across the folder that are listed."""
    return sorted((*report.across, *(report.decided if options.decided else ())), key=place_order)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of one document from its top to its end."""
    return sorted(findings, key=_position)


def place_order(finding: Finding) -> tuple[str, str, int, int, str, str]:
    """Orders findings of several texts: by path, then by place."""
    return finding.at.path, finding.at.part or "", *_position(finding)


def _position(finding: Finding) -> tuple[int, int, str, str]:
    return finding.at.span.start, finding.at.span.end, finding.rule, finding.fingerprint


def shown(audit: Audit, options: Options) -> tuple[list[Finding], int]:
    """The findings of a document that are listed, in order, and how many were decided before and are left out."""
    chosen = in_order((*audit.findings, *audit.decided) if options.decided else audit.findings)
    return chosen, 0 if options.decided else len(audit.decided)


@cache
def language_name(code: str) -> str:
    """The English name of a language by its code; the code itself when it has none."""
    return str(Locale("en").languages.get(code.replace("-", "_"), code))


def came_from(provenance: Provenance) -> str:
    """Which language a text was translated from and how that is known, as a phrase without a capital."""
    code = provenance.source_lang
    if not provenance.translated:
        return f"stands in {language_name(provenance.language or code or 'another language')}: not translated"
    if code is None:
        return "source language unknown, only rules for any source ran"
    name = language_name(code)
    if provenance.how == "inferred":
        return f"probably from {name} (inferred from its traces, {percent(provenance.confidence)} sure)"
    known = _KNOWN_FROM.get(provenance.how, provenance.how)
    return f"from {name} ({known}{f' “{provenance.detail}”' if provenance.detail else ''})"


def score_words(quality: Quality) -> str:
    """The score of a document with its interval."""
    if quality.score is None:
        return "too short to score"
    interval = f" ({figure(quality.low)} to {figure(quality.high)})" if quality.low is not None and quality.high is not None else ""
    return f"score {figure(quality.score)}{interval}"


def calibrated_words(quality: Quality) -> str:
    """The calibrated score of a document; empty where it is too short for one."""
    return "" if quality.score is None else f"calibrated {figure(calibrated(quality.penalties, quality.words))}"


def score_meaning(report: Report) -> str:
    """What the scores are and what their intervals say; empty where no text has a score."""
    if all(audit.quality.score is None for audit in report.audits):
        return ""
    formula = "Score: 100 · (1 − penalties / words), with its 95 % interval; calibrated: MQM's linear calibrated score"
    return f"{formula} ({CALIBRATION.named}). {MEANING}"


def figure(value: float | None) -> str:
    """A score as a person reads it: one decimal unless it is whole."""
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")


def percent(share: float) -> str:
    """A share of 1 in per cent."""
    return f"{share * 100:.0f}%"


def named(path: str, part: str | None) -> str:
    """A text by its path, in a container with its part."""
    return path if part is None else f"{path} ({part})"


def readable(place: Located, document: Document | None) -> str:
    """The words at a place as they read, without the markup that may stand among them in the file, where the text is at hand."""
    if document is None or (place.path, place.part) != (document.path, document.origin.part):
        return place.text
    return document.text[place.inner.start : place.inner.end]


def compared(related: Iterable[Located], document: Document | None) -> dict[str, list[int]]:
    """The words that a finding is compared with, shortened where they are long, and which of `related` hold them."""
    groups: dict[str, list[int]] = {}
    for number, place in enumerate(related):
        groups.setdefault(shorten(readable(place, document)), []).append(number)
    return groups


def scope_words(scope: Scope) -> str:
    """What part of the page a finding stands in; empty for running text."""
    return _SCOPES.get(scope, "")


def count(number: int, noun: str, plural: str = "") -> str:
    """“1 text”, “1,200 texts”."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def by_severity(findings: Iterable[Finding]) -> str:
    """“2 major, 1 minor”, the gravest first; empty without findings."""
    tally = dict.fromkeys(reversed(Severity), 0)
    for finding in findings:
        tally[finding.severity] += 1
    return ", ".join(f"{number:,} {severity}" for severity, number in tally.items() if number)


def remedy(suggestion: Suggestion) -> str:
    """What to print instead, or that the passage goes."""
    return suggestion.text or "cut it"


def evidence_lines(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Each piece of evidence as a name and a value that a person can read, by name."""
    for name, value in sorted(evidence.items()):
        shown_value = f"{value:.3g}" if isinstance(value, float) else str(value)
        yield _EVIDENCE.get(name, name.replace("_", " ")), shown_value


def level(finding: Finding) -> str:
    """How the programs of others rank it: error, warning or note. What does not gate is a note whatever its severity."""
    if not finding.gating or finding.severity is Severity.NEUTRAL:
        return "note"
    return "warning" if finding.severity is Severity.MINOR else "error"


def told(finding: Finding) -> str:
    """The finding in a sentence or two, for formats that have one text: in a container its place, what it is, what to print instead, where else."""
    at = finding.at
    where = f"{at.part}:{at.line}:{at.column}: " if at.part is not None else ""
    lines = list(dict.fromkeys(place.line for place in finding.occurrences if (place.path, place.part) == (at.path, at.part)))
    more = f" and {len(lines) - _MOST_LINES:,} more" if len(lines) > _MOST_LINES else ""
    also = f" Also in line{'s' * (len(lines) > 1)} {', '.join(map(str, lines[:_MOST_LINES]))}{more}." if lines else ""
    return f"{where}{advice(finding)}{also}"


def advice(finding: Finding) -> str:
    """What it is and what to print instead."""
    fixes = f" Instead: {'; '.join(map(remedy, finding.suggestions))}." if finding.suggestions else ""
    return f"{finding.message}{fixes}"


def line_in_file(at: Located) -> int:
    """The line of a place as other programs count: in JSON lines that of the article, in other containers, which have none, the first."""
    article = _LINE_PART.fullmatch(at.part or "")
    return int(article[1]) if article else at.line if at.part is None else 1


def columns(at: Located) -> tuple[int, int]:
    """First column and the one behind the last, in code points, of what stands on the first line of a place."""
    return at.column, at.column + len(LINE_END.split(at.text, maxsplit=1)[0])


def from_root(path: str, options: Options) -> str:
    """A path from the folder that readers of the format start in, with `/`; one that lies elsewhere stays as it is."""
    name = path.removeprefix(f"{options.root.rstrip('/')}/") if options.root else path
    return name.removeprefix("./")


def gate_words(report: Report) -> str:
    """Whether the gate lets the run pass; empty where no gate was asked for."""
    if report.gate is None:
        return ""
    if report.gate:
        return f"The gate failed: {'; '.join(report.gate[:3])}{f'; and {len(report.gate) - 3:,} more' if len(report.gate) > 3 else ''}."
    return "The gate did not pass: a file could not be read." if report.failures else "The gate passed."


def unchecked(report: Report) -> Iterator[str]:
    """What could not be checked and why, each reason once with the texts it holds for (three by name)."""
    yield from report.notices
    held: dict[str, list[str]] = {}
    for audit in report.audits:
        for reason in audit.skipped:
            held.setdefault(reason, []).append(named(audit.path, audit.part))
    for reason, names in held.items():
        if len(names) == len(report.audits) > 1:
            yield f"{reason} (every text)"
        else:
            more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
            yield f"{reason} ({', '.join(names[:3])}{more})"


def totals(report: Report) -> Iterator[str]:
    """The closing count: the texts by verdict, the findings by weight, and what they rest on."""
    triage = Counter(audit.triage for audit in report.audits)
    verdicts = ", ".join(
        f"{triage[kind]:,} {word}" for kind, word in ((Triage.HOLD, "to hold"), (Triage.FIX, "to fix"), (Triage.FINE, "fine")) if triage[kind]
    )
    unread = f"; {unread_words(len(report.failures))}" if report.failures else ""
    yield f"{count(len(report.audits), 'text')}{': ' + verdicts if verdicts else ''}{unread}."
    findings = list(everything(report))
    gating = [finding for finding in findings if finding.gating]
    preview = len(findings) - len(gating)
    decided = sum(len(audit.decided) for audit in report.audits) + len(report.decided)
    weight = by_severity(gating)
    act = f"{count(len(gating), 'finding')} to act on ({weight})" if gating else "Nothing to act on"
    also = f", {preview:,} {'more ' if gating else ''}worth a look" if preview else ""
    before = f"; {decided:,} decided before" if decided else ""
    yield f"{act}{also}{before}."
    sentences = sum(audit.sentences for audit in report.audits)
    yield f"{count(report.run.rules, 'rule')} read {count(sentences, 'sentence')}; {model_words(report.run)}."


def unread_words(number: int) -> str:
    """“1 file could not be read”."""
    return f"{count(number, 'file')} could not be read"


def model_words(run: Run) -> str:
    """Which language model scored the text."""
    if run.model.startswith("none"):
        reason = run.model.removeprefix("none").removeprefix(" (").removesuffix(")")
        return f"no language model{f' ({reason})' if reason else ''}"
    return f"language model {run.model}"


def origin_short(provenance: Provenance) -> str:
    """The source language in a word or two, for a table."""
    if not provenance.translated:
        return f"not translated ({language_name(provenance.language or provenance.source_lang or 'unknown')})"
    if provenance.source_lang is None:
        return "unknown"
    name = language_name(provenance.source_lang)
    return f"{name}, inferred ({percent(provenance.confidence)})" if provenance.how == "inferred" else name
