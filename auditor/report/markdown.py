"""The format markdown: the report for a pull request's comment or a job's summary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.report import phrasing
from auditor.report.options import Options
from auditor.report.visible import visible
from auditor.types import Audit, Finding, Report

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$!]|(?<=www)\.|:(?=//)")
_SPACES = re.compile(r" {2,}")


def render(report: Report, options: Options) -> Iterator[str]:
    """The verdict, a table of the texts, then the findings of each, what was decided before, and what was not checked."""
    yield "# Translation audit\n\n"
    gate = phrasing.gate_words(report)
    yield f"**{escaped(gate)}**\n\n" if gate else ""
    yield "".join(f"{escaped(line)}\n" for line in phrasing.totals(report))
    if report.audits:
        yield "\n| Verdict | Text | Translated from | Score | To act on | Worth a look |\n|---|---|---|---|---|---|\n"
        yield from (_row(audit, options) for audit in report.audits)
    for audit in report.audits:
        chosen, _ = phrasing.shown(audit, options)
        if chosen:
            yield f"\n## {escaped(phrasing.named(audit.path, audit.part))}\n\n"
            yield "".join(_item(finding) for finding in (*filter(_gates, chosen), *(f for f in chosen if not f.gating)))
    across = phrasing.shown_across(report, options)
    if across:
        yield "\n## Across the texts\n\n"
        yield "".join(_item(finding, path=f"{phrasing.named(finding.at.path, finding.at.part)},") for finding in across)
    yield _section("Could not be read", [f"{failure.path}: {failure.reason}" for failure in report.failures])
    yield _section("Decided before", report.policy)
    yield _section("Not checked", phrasing.unchecked(report))
    yield f"\n{escaped(report.run.signature)}\n"


def escaped(text: str) -> str:
    """The text on one line as Markdown that shows just this text: no markup, no link, and nobody's name that a forge would notify."""
    written = _SPACES.sub(" ", _MARKUP.sub(r"\\\g<0>", visible(text).strip()))
    return written.replace("@", "@<!-- -->")


def _gates(finding: Finding) -> bool:
    return finding.gating


def _row(audit: Audit, options: Options) -> str:
    chosen, _ = phrasing.shown(audit, options)
    cells = (
        f"**{audit.triage}**",
        escaped(phrasing.named(audit.path, audit.part)),
        escaped(phrasing.origin_short(audit.provenance)),
        escaped(phrasing.score_words(audit.quality).removeprefix("score ")),
        phrasing.by_severity(filter(_gates, chosen)) or "none",
        str(sum(not finding.gating for finding in chosen) or "none"),
    )
    return f"| {' | '.join(cells)} |\n"


def _item(finding: Finding, *, path: str = "") -> str:
    note = "" if finding.gating else " (worth a look)" if finding.status == "new" else f" ({finding.status})"
    fixes = " · ".join(f"*{escaped(phrasing.remedy(suggestion))}*" for suggestion in finding.suggestions)
    arrow = f" → {fixes}" if fixes else ""
    also = f" Also in line {', '.join(str(place.line) for place in finding.occurrences[:8])}." if finding.occurrences and not path else ""
    where = f"{escaped(path)} line" if path else "line"
    return f"- **{finding.severity}**{note}, {where} {finding.at.line}: {escaped(finding.message)}{arrow}{also} ({escaped(finding.rule)})\n"


def _section(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"- {escaped(line)}\n" for line in lines)
    return f"\n## {title}\n\n{items}" if items else ""
