"""Gives every finding its status (new, baseline, dismissed …): the one decision about what is reported, which the formats only print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.errors import nearest
from auditor.policy import baseline
from auditor.policy.baseline import Baseline, Counts, relative
from auditor.policy.change import Change
from auditor.policy.decisions import Decisions, text_sha256
from auditor.policy.suppressions import Suppression, suppressions
from auditor.text.at import segment_at
from auditor.types import Audit, Document, Finding, Scope

OPEN = frozenset({"new", "query", "fixed"})
"""What is still to be acted on. A finding that an editor marked as fixed, or as a question to the source, and that still stands in the file, is."""

_SAID = ("dismissed", "query", "fixed")

At = Callable[[Finding, int], tuple[str, Scope]]
"""The sentence and the scope of a finding's place, by the place's number."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What was decided before a run. Paths are relative to `folder`.

    `baseline`: findings that the project lives with; `change`: only what it brought is new; `judged`: the change whose own decisions do not
    count, and `vetted`: by file, the comments that it found there; `remarks`: what is to be said of all this.
    """

    folder: Path = Path()
    decisions: Decisions = field(default_factory=Decisions)
    baseline: Baseline | None = None
    change: Change | None = None
    judged: Change | None = None
    vetted: Mapping[str, Counter[tuple[str, ...]]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def is_of_the_whole(self) -> bool:
        """Whether a finding's status depends on those of the other texts."""
        return self.baseline is not None or self.change is not None


@dataclass(frozen=True, slots=True)
class Settled:
    """The findings of a text: to be acted on, and decided before; by whom it was signed off; what is amiss in the decisions on it."""

    findings: tuple[Finding, ...]
    decided: tuple[Finding, ...] = ()
    signed_off: str = ""
    remarks: tuple[str, ...] = ()


def settle(
    document: Document, findings: Sequence[Finding], policy: Policy, *, known: Callable[[], Collection[str]], ran: Callable[[str], bool]
) -> Settled:
    """The findings of one text after sign-off, decisions and comments. `known` gives the run's rules; `ran` says of one whether it was at work."""
    path, held = relative(document.path, policy.folder), policy.decisions
    sha = text_sha256(document) if held.held else ""
    sign_off = held.sign_off(sha)
    if sign_off is not None:
        return Settled((), tuple(replace(finding, status="signed-off", gating=False) for finding in findings), sign_off.said_by)
    void = held.outdated(path, sha)
    remarks = [f"signed off by {void.said_by} and edited since: the sign-off is void"] if void else []
    comments = suppressions(document)
    obeyed = tuple(_obeyed(comments, document.path, policy))
    out = [part for finding in findings for part in _decided(finding, path, sha, held, _at(document))]
    settled = [
        part
        for finding in out
        for part in (restated(finding, [_silenced(finding, place, obeyed) for place in _places(finding)], _at(document)) if obeyed else (finding,))
    ]
    remarks += [f"line {comment.line}: auditor-ignore is not obeyed: {comment.problem}" for comment in comments if comment.problem]
    vetted = [comment for comment in comments if not comment.problem]
    remarks += [
        f"line {c.line}: auditor-ignore {', '.join(c.rules)} came with this change and is not obeyed ({c.reason})" for c in vetted if c not in obeyed
    ]
    remarks += list(_unused(obeyed, out, known, ran))
    return Settled(*_divided(settled), remarks=tuple(remarks))


def _decided(finding: Finding, path: str, sha: str, held: Decisions, at: At) -> Iterator[Finding]:
    """The finding as it was decided, in parts where its places were decided differently."""
    decisions = held.of_places(finding, path, sha) if held.held else ()
    said = {decision.verdict: decision for decision in reversed(decisions) if decision is not None and decision.verdict in _SAID}
    if not said:
        yield finding
        return
    statuses = [decision.verdict if decision is not None and decision.verdict in said else finding.status for decision in decisions]
    for part in restated(finding, statuses, at):
        decision = said.get(part.status)
        if decision is None:
            yield part
        else:
            told = f"{decision.verdict} by {decision.said_by}{f': {decision.note}' if decision.note else ''}"
            yield replace(part, evidence={**part.evidence, "decision": told})


def _obeyed(comments: Sequence[Suppression], path: str, policy: Policy) -> Iterator[Suppression]:
    """The comments that count: where the gate's policy comes from a revision, no more than the file had there."""
    if policy.judged is None or policy.judged.is_unchanged(path):
        yield from (comment for comment in comments if not comment.problem)
        return
    allowed = Counter(policy.vetted.get(policy.judged.named(path), {}))
    for comment in comments:
        if not comment.problem and allowed[comment.written] > 0:
            allowed[comment.written] -= 1
            yield comment


def _silenced(finding: Finding, number: int, comments: Sequence[Suppression]) -> str:
    place = (finding.at, *finding.occurrences)[number]
    silenced = finding.status in OPEN and any(comment.covers(finding.rule, place) for comment in comments)
    return "suppressed" if silenced else finding.status


def _unused(
    comments: Sequence[Suppression], findings: Sequence[Finding], known: Callable[[], Collection[str]], ran: Callable[[str], bool]
) -> Iterator[str]:
    for comment in comments:
        used = any(comment.covers(finding.rule, place) for finding in findings for place in (finding.at, *finding.occurrences))
        if used:
            continue
        for glob in comment.rules:
            if not any(sign in glob for sign in "*?[") and glob not in known():
                yield f"line {comment.line}: auditor-ignore names “{glob}”, which is no rule of this run{nearest(glob, known())}"
            elif ran(glob):
                yield f"line {comment.line}: auditor-ignore {glob} silences nothing and can go"


def _places(finding: Finding) -> range:
    return range(1 + len(finding.occurrences))


def _at(document: Document) -> At:
    def at(finding: Finding, number: int) -> tuple[str, Scope]:
        place = (finding.at, *finding.occurrences)[number]
        segment = segment_at(document.segments, place.inner.start)
        return (segment.text, segment.scope) if segment else (place.text, Scope.BODY)

    return at


def restated(finding: Finding, statuses: Sequence[str], at: At) -> Iterator[Finding]:
    """The finding once for each status that its places have, each with the places of that status, so that it stands where it has to be acted on.

    `at` gives the sentence and the scope of a place by its number.
    """
    places = (finding.at, *finding.occurrences)
    for status in dict.fromkeys(statuses):
        numbers = [number for number in range(len(places)) if statuses[number] == status]
        first = numbers[0]
        sentence, scope = (finding.sentence, finding.scope) if first == 0 else at(finding, first)
        marks = tuple(finding.fingerprints[number] for number in numbers) if finding.fingerprints else ()
        yield replace(
            finding,
            at=places[first],
            occurrences=tuple(places[number] for number in numbers[1:]),
            sentence=sentence,
            scope=scope,
            fingerprint=marks[0] if marks else finding.fingerprint,
            fingerprints=marks,
            status=status,
        )


def _divided(findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    return tuple(f for f in findings if f.status in OPEN), tuple(replace(f, gating=False) for f in findings if f.status not in OPEN)


@dataclass(frozen=True, slots=True)
class Whole:
    """The run after baseline and change: the findings of each audit, those across the texts, and what of the baseline is no longer found."""

    audits: tuple[Settled, ...]
    across: Settled
    stale: Mapping[tuple[str, str], int]


def settle_whole(audits: Sequence[Audit], across: Sequence[Finding], policy: Policy, before: Counts) -> Whole:
    """The findings that neither the change found (`before`: the counts of the old versions of its files) nor the baseline knows.

    Audits come with their documents, since a finding whose first place is known moves on to the next.
    """
    texts = {(audit.path, audit.part): audit.document for audit in audits if audit.document is not None}
    groups = [list(audit.findings) for audit in audits] + [_across_decided(across, policy)]
    statuses = [[[finding.status for _ in _places(finding)] for finding in group] for group in groups]
    names = {place.path: relative(place.path, policy.folder) for group in groups for f in group for place in (f.at, *f.occurrences)}
    stale: Counter[tuple[str, str]] = Counter()
    if policy.baseline is not None:
        read = {relative(audit.path, policy.folder) for audit in audits}
        counts = policy.baseline.counts

        def covered(wanted: list[tuple[str, str]]) -> list[bool]:
            known, left = baseline.allot(counts, wanted, lambda path: baseline.is_free(path, policy.folder, read))
            stale.update({place: number for place, number in left.items() if baseline.is_free(place[1], policy.folder, read)})
            return known

        _mark(groups, statuses, "baseline", covered, names)
    if policy.change is not None:
        same = {path for path in names if policy.change.is_unchanged(path)}
        _mark(groups, statuses, "unchanged", lambda wanted: [path in same for _, path in wanted], {})
        _mark(groups, statuses, "unchanged", lambda wanted: baseline.allot(before, wanted, lambda _: True)[0], names)

    def at(finding: Finding, number: int) -> tuple[str, Scope]:
        place = (finding.at, *finding.occurrences)[number]
        document = texts.get((place.path, place.part))
        return _at(document)(finding, number) if document is not None else (place.text, Scope.BODY)

    done = [
        Settled(*_divided([part for finding, said in zip(group, marks, strict=True) for part in restated(finding, said, at)]))
        for group, marks in zip(groups, statuses, strict=True)
    ]
    audited = tuple(
        replace(settled, decided=(*audit.decided, *settled.decided), signed_off=audit.signed_off, remarks=audit.remarks)
        for audit, settled in zip(audits, done[:-1], strict=True)
    )
    return Whole(audited, done[-1], stale)


def across_settled(across: Sequence[Finding], policy: Policy) -> Settled:
    """The findings across the texts after the decisions on them."""
    return Settled(*_divided(_across_decided(across, policy)))


def _across_decided(across: Sequence[Finding], policy: Policy) -> list[Finding]:
    def at(finding: Finding, number: int) -> tuple[str, Scope]:
        return (finding.at, *finding.occurrences)[number].text, Scope.BODY

    return [part for finding in across for part in _decided(finding, relative(finding.at.path, policy.folder), "", policy.decisions, at)]


def _mark(
    groups: Sequence[Sequence[Finding]],
    statuses: Sequence[Sequence[list[str]]],
    status: str,
    covered: Callable[[list[tuple[str, str]]], list[bool]],
    names: Mapping[str, str],
) -> None:
    """Gives the status to the open places that are covered; places are asked for as fingerprint and path (by `names`, where it has it)."""
    open_places: list[tuple[list[str], int]] = []
    wanted: list[tuple[str, str]] = []
    for group, marks in zip(groups, statuses, strict=True):
        for finding, said in zip(group, marks, strict=True):
            for number, place in enumerate((finding.at, *finding.occurrences)):
                if said[number] in OPEN:
                    open_places.append((said, number))
                    mark = finding.fingerprints[number] if finding.fingerprints else finding.fingerprint
                    wanted.append((mark, names.get(place.path, place.path)))
    for (said, number), is_covered in zip(open_places, covered(wanted), strict=True):
        if is_covered:
            said[number] = status


def places(findings: Sequence[Finding], folder: Path) -> Iterator[tuple[tuple[str, str], str, str]]:
    """Every place of some findings as a baseline counts it: fingerprint and path, the rule, the words."""
    for finding in findings:
        for number, place in enumerate((finding.at, *finding.occurrences)):
            mark = finding.fingerprints[number] if finding.fingerprints else finding.fingerprint
            yield (mark, relative(place.path, folder)), finding.rule, place.text
