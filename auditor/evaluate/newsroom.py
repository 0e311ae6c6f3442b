"""What a newsroom's own decisions say of the rules: precision by rule, and which rules are demoted to advice in its configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor import tables
from auditor.errors import UsageError
from auditor.evaluate.judged import interval
from auditor.io.write import write
from auditor.judge.wording import folded
from auditor.policy.decisions import Decision, weigh

FLOOR = 0.8
"""A rule is demoted that is right less often than this,"""

LEAST = 10
"""in at least so many decisions."""

_DEMOTE = re.compile(r"(?m)^demote[ \t]*=[ \t]*\[[^\]]*\][^\n]*\n?")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How editors decided on the findings of one rule: mended, let stand, put as a question."""

    fixed: int = 0
    dismissed: int = 0
    query: int = 0

    @property
    def judged(self) -> int:
        """Those that say whether the rule was right."""
        return self.fixed + self.dismissed

    @property
    def precision(self) -> float:
        """The share of them in which it was; 1 where nothing was judged."""
        return self.fixed / self.judged if self.judged else 1.0


def verdicts(decisions: Iterable[Decision]) -> dict[str, Verdicts]:
    """The decisions that hold, by rule. One decision of an editor counts once, in however many places it settled a finding."""
    held = {id(decision): decision for _, decision in weigh(decisions).held.values()}.values()
    once = {(one.rule, one.by, one.at, folded(one.text), one.verdict) for one in held if one.rule}
    found: dict[str, Verdicts] = {}
    for rule, *_, verdict in once:
        known = found.get(rule, Verdicts())
        counts = {"fixed": known.fixed, "dismissed": known.dismissed, "query": known.query}
        if verdict in counts:
            found[rule] = Verdicts(**{**counts, verdict: counts[verdict] + 1})
    return dict(sorted(found.items()))


def below(found: Mapping[str, Verdicts], *, floor: float) -> tuple[str, ...]:
    """The rules that were right less often than `floor`."""
    return tuple(rule for rule, one in found.items() if one.judged >= LEAST and one.precision < floor)


def page(found: Mapping[str, Verdicts], *, floor: float, data: Sequence[str]) -> Iterator[str]:
    """A Markdown page, line by line: the rules that were decided on, the least often right first."""
    yield "# What became of the findings of each rule"
    yield ""
    yield f"Decisions of editors: {'+'.join(data)}. A bulk decision counts once. A rule is demoted below {floor:.0%} in at least {LEAST} decisions."
    yield ""
    yield "| rule | mended | let stand | question | right | 95 % interval | |"
    yield "|---|---|---|---|---|---|---|"
    low = set(below(found, floor=floor))
    for rule, one in sorted(found.items(), key=lambda pair: (pair[1].precision, -pair[1].judged, pair[0])):
        least, most = interval(one.fixed, one.judged)
        share = f"{one.precision:.2f} | {least:.2f}–{most:.2f}" if one.judged else "– | –"
        yield f"| {rule} | {one.fixed} | {one.dismissed} | {one.query} | {share} | {'demote' if rule in low else ''} |"


def demote(path: Path, found: Mapping[str, Verdicts], rules: Iterable[str], *, today: str) -> tuple[str, ...]:
    """Adds rules to `demote` of a configuration file, each with a note of why; all else stays. The rules that were not there before."""
    content, text = tables.read(path)
    table = content.get("tool", {}).get("auditor", {}) if path.name == "pyproject.toml" else content
    before = tables.strings(table.get("demote", []))
    if before is None:
        raise UsageError(f"{path}: “demote” has to be a list of texts")
    new = tuple(rule for rule in rules if rule not in before)
    if not new:
        return ()
    notes = {rule: f"  # right in {found[rule].fixed} of {found[rule].judged} decisions, {today}" for rule in new}
    known = _notes(text)
    lines = [f'    "{rule}",{notes.get(rule) or known.get(rule, "")}\n' for rule in (*before, *new)]
    setting = f"demote = [\n{''.join(lines)}]\n"
    write(path, [_put(text, setting, header="tool.auditor" if path.name == "pyproject.toml" else "")])
    return new


def _notes(text: str) -> dict[str, str]:
    """The comments beside the rules that are demoted already."""
    held = _DEMOTE.search(text)
    return {rule: f"  {note.strip()}" for rule, note in re.findall(r'"([^"]+)",[ \t]*(#[^\n]*)', held.group() if held else "")}


def _put(text: str, setting: str, *, header: str) -> str:
    """The text with the setting in place of the old one, else at the top of its table."""
    start, end = _table(text, header)
    held = _DEMOTE.search(text, start, end)
    if held is not None:
        return text[: held.start()] + setting + text[held.end() :]
    return text[:start] + setting + text[start:]


def _table(text: str, header: str) -> tuple[int, int]:
    """Where the settings of a table begin and end."""
    start = 0
    if header:
        found = re.search(rf"(?m)^\[{re.escape(header)}\][^\n]*\n", text)
        if found is None:
            raise UsageError(f"[{header}] is written in a way that cannot be added to; put “demote” there by hand")
        start = found.end()
    else:
        comments = re.match(r"(?:[ \t]*(?:#[^\n]*)?\n)*", text)
        start = comments.end() if comments else 0
    following = re.search(r"(?m)^\[", text[start:])
    return start, start + following.start() if following else len(text)
