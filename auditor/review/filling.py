"""Audits texts for the desk: all of them at the start with the language model, one of them in place after an edit without it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.errors import InputError
from auditor.io.edit import edited
from auditor.policy.baseline import relative
from auditor.policy.decisions import Decisions, text_sha256
from auditor.policy.settle import Policy, settle
from auditor.report import phrasing
from auditor.review import editing, standing
from auditor.review.found import Found, found, scores
from auditor.review.merging import Merged, merge, put_groups
from auditor.review.project import Project
from auditor.review.store import log, rows
from auditor.review.store.rows import Link, Place, Text
from auditor.review.working import Copy, digest, mapped, own_bytes
from auditor.types import Audit, Document, Failure, Finding, Provenance, Report

Audited = Callable[[Iterator[Document | Failure], Policy], Report]
"""Audits texts as a run of the program does, after the policy; the audits come with their documents."""

State = tuple[str, str, Provenance, str, tuple[str, ...], str]
"""What the findings of a text rest on: its bytes, its words, what its file says of it, its source text, what the other texts say, the names."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text as it was read for this run, and at work: with the edits that the store has for it."""

    name: str
    copy: Copy
    original: Document
    document: Document
    known: Text | None
    sha: str
    notice: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the file is another one than the store knows."""
        return self.known is None or self.sha != self.known.sha


def copy_of(text: Text, limit: int) -> Copy:
    """The text at work, out of the store."""
    return Copy(text.file, text.part, text.data, editing.loaded(text.edits), limit)


@dataclass(frozen=True, slots=True)
class Filled:
    """What an audit brought: the files that could not be read, what each text was audited as, and the texts that were edited meanwhile."""

    failures: tuple[Failure, ...] = ()
    states: Mapping[str, State] = field(default_factory=dict)
    late: tuple[str, ...] = ()


def fill(
    project: Project, reads: Iterable[Read | Failure], audited: Audited, *, before: Mapping[str, State] | None = None, gone: Collection[int] = ()
) -> Filled:
    """Audits the texts and brings the store up to them. At the start texts that are not among them leave the run.

    Later, with the states of `before`, only those of `gone` do, what is as it was is left alone, and what was decided meanwhile holds.
    """
    read: list[Read] = []
    table = project.table

    def stream() -> Iterator[Document | Failure]:
        for one in reads:
            if isinstance(one, Read):
                read.append(one)
                yield one.document
            else:
                yield one

    with project.reading() as link:
        policy = replace(project.policy, decisions=project.decisions(link))
    report = audited(stream(), policy)
    across: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for finding in (*report.across, *report.decided):
        for place in {(at.path, at.part) for at in (finding.at, *finding.occurrences)}:
            across[place].append(finding)
    sighted = not report.run.model.startswith("none")
    states = {
        one.name: (*stamp(one), tuple(finding.fingerprint for finding in across.get((audit.path, audit.part), ())), table.digest)
        for one, audit in zip(read, report.audits, strict=True)
    }
    with project.writing() as link:
        texts = [(number, one, audit) for number, (one, audit) in enumerate(zip(read, report.audits, strict=True))]
        wanted = [item for item in texts if before is None or before.get(item[1].name) != states[item[1].name]]
        numbers, late = _kept(project, link, wanted, across, sighted=sighted, later=before is not None)
        if before is None:
            rows.deactivate(link, rows.numbers(link) - set(numbers))
        else:
            rows.deactivate(link, gone)
            standing.settle(project, link, numbers)
        if project.table is not table:  # a name was added meanwhile
            for number in numbers:
                rows.change_text(link, number, stale=1)
        rows.recount(link)
    return Filled(report.failures, {name: state for name, state in states.items() if name not in late}, tuple(late))


def stamp(one: Read) -> tuple[str, str, Provenance, str]:
    """What a text is audited as, by itself."""
    document = one.document
    return one.sha, text_sha256(document), document.provenance, text_sha256(document.source) if document.source else ""


def add(project: Project, documents: Iterable[Document | Failure]) -> tuple[str, ...]:
    """Audits further texts, without the language model, and puts them into the run; their names. InputError for what cannot be read."""
    with project.reading() as link:
        names = set(rows.paths(link))
    read: list[Read] = []
    for one in at_work(project, documents, names):
        if isinstance(one, Failure):
            raise InputError(f"{one.path}: {one.reason}")
        read.append(one)
    with project.writing() as link:
        held = project.decisions(link)
        _kept(project, link, [(0, one, _audited(project, one.document, held)) for one in read], {}, sighted=False, later=False)
        rows.recount(link)
    return tuple(one.name for one in read)


def _audited(project: Project, document: Document, held: Decisions) -> Audit:
    """One text audited in place, with what was decided of its findings."""
    audit = project.in_place.audit(document)
    policy = replace(project.policy, decisions=held, baseline=None, change=None)
    settled = settle(audit.document or document, audit.findings, policy, known=tuple, ran=lambda _: False)
    return replace(audit, findings=settled.findings, decided=(*audit.decided, *settled.decided))


def at_work(project: Project, documents: Iterable[Document | Failure], names: Collection[str] = ()) -> Iterator[Read | Failure]:
    """The texts as they stand at work; none gets one of the `names`, which are taken."""
    taken = set(names)
    data: tuple[str, bytes] = ("", b"")
    for item in documents:
        if isinstance(item, Failure):
            yield item
            continue
        try:
            data = data if data[0] == item.path else (item.path, Path(item.path).read_bytes())
            one = _at_work(project, item, data[1], taken)
        except OSError as error:
            yield Failure(item.path, f"cannot be read ({error.strerror})")
        except InputError as error:
            yield Failure(item.path, str(error))
        else:
            taken.add(one.name)
            yield one


def _at_work(project: Project, document: Document, data: bytes, names: set[str]) -> Read:
    """The document with the edits that the store has for it, where the file is as the store knows it or others changed it elsewhere."""
    path, part = relative(document.path, project.folder), document.origin.part or ""
    name = f"{path} ({part})" if part.startswith("line ") else path
    name = next(one for one in (name, *(f"{name} [{number}]" for number in range(2, len(names) + 3))) if one not in names)
    own = own_bytes(document, data)
    sha, limit = digest(own), project.config.max_bytes
    with project.reading() as link:
        known = rows.text(link, name)
    copy, notice = Copy(document.path, part, own, (), limit), ""
    if known is not None and sha in (known.sha, known.written):
        copy = replace(copy, data=known.data, edits=editing.loaded(known.edits))
        sha = known.sha
    elif known is not None and known.edits != "[]" and document.text != known.working:
        before = copy_of(known, limit).original.text
        edits, lost = editing.carried(before, document.text, editing.loaded(known.edits))
        copy = copy.with_edits(edits)
        if copy.made().refused:
            lost, copy = (*lost, *edits), copy.with_edits(())
        notice = f"the file was changed by others; {len(lost)} of {len(edits) + len(lost)} edits had no place in it any more" if lost else ""
    standing = copy.standing() if copy.edits else document
    return Read(name, copy, document if not copy.edits else copy.original, standing, known, sha, notice)


def _kept(
    project: Project,
    link: Link,
    done: Sequence[tuple[int, Read, Audit]],
    across: Mapping[tuple[str, str | None], list[Finding]],
    *,
    sighted: bool,
    later: bool,
) -> tuple[list[int], list[str]]:
    """Puts texts and places into the store; the numbers of the texts, and the names of those that were edited while they were audited."""
    numbers: list[int] = []
    late: list[str] = []
    holding: list[tuple[int, Found]] = []
    carried: list[Place] = []
    waiting: list[tuple[int, list[Found]]] = []
    for order, one, audit in done:
        now = rows.text(link, one.name)
        if now is not None and (one.known is None or now.version != one.known.version):  # edited at another desk while it was audited here
            rows.change_text(link, now.id, active=1, stale=1)
            numbers.append(now.id)
            late.append(one.name)
            continue
        document = audit.document or one.document
        working = edited(one.original, one.copy.edits)
        mapping = mapped(document.text, working)
        findings = [*audit.findings, *audit.decided, *across.get((audit.path, audit.part), ())]
        places = list(found(document, findings, mapping, working, project.rules))
        number = _put(link, one, audit, order, working, scores(document, audit.scores, mapping), sighted=sighted)
        numbers.append(number)
        holding += [(order, item) for item in places]
        waiting.append((number, places))
    put_groups(link, holding)
    for number, places in waiting:
        sees = lambda place: sighted or not place.outside or place.rule.startswith("names/")  # noqa: E731
        carried += merge(link, number, places, sees=sees, later=later).carried
    carry(project, link, carried)
    return numbers, late


def _put(link: Link, one: Read, audit: Audit, order: int, working: str, fluency: str, *, sighted: bool) -> int:
    provenance = audit.provenance
    values: dict[str, object] = {
        "file": one.document.path,
        "part": one.copy.part,
        "number": order,
        "data": one.copy.data,
        "sha": one.sha,
        "working": working,
        "working_sha": text_sha256(one.document),
        "edits": editing.dumped(one.copy.edits),
        "language": provenance.source_lang or "",
        "target": provenance.target_lang,
        "source": one.document.source.text if one.document.source else "",
        "words": audit.words,
        "notices": json.dumps([*audit.skipped, *audit.remarks, *([one.notice] if one.notice else ())], ensure_ascii=False),
        "triage": audit.triage.value,
        "score": phrasing.score_words(audit.quality),
        "stale": 0,
        "active": 1,
    }
    if sighted or one.known is None:
        values["scores"] = fluency
    if one.known is None:
        return rows.put_text(link, path=one.name, **values)
    if (one.known.sha, one.known.edits) != (values["sha"], values["edits"]):
        values |= {"version": one.known.version + 1, "written": ""}
    rows.change_text(link, one.known.id, **values)
    return one.known.id


def check(project: Project, link: Link, text: Text) -> Merged:
    """Audits one text again as it stands now, without the language model. What only that had found stands where its words were not touched."""
    copy = copy_of(text, project.config.max_bytes)
    document = copy.standing()
    audit = _audited(project, document, project.decisions(link))
    document = audit.document or document
    places = list(found(document, [*audit.findings, *audit.decided], mapped(document.text, text.working), text.working, project.rules))
    baseline = project.policy.baseline.entries if project.policy.baseline else {}
    places = [replace(item, state="baseline") if item.fingerprint in baseline else item for item in places if not item.outside]
    put_groups(link, [(text.number, item) for item in places])
    merged = merge(link, text.id, places, sees=lambda place: not place.outside)
    carry(project, link, merged.carried)
    rows.change_text(link, text.id, stale=0, triage=audit.triage.value, score=phrasing.score_words(audit.quality))
    rows.recount(link, merged.keys)
    return merged


def carry(project: Project, link: Link, places: Iterable[Place]) -> None:
    """Says decisions again for places whose surroundings, and so their fingerprints, have changed."""
    for place in places:
        text = rows.text_by_id(link, place.text_id)
        by = place.said.partition(" by ")[2].partition(" on ")[0] or "auditor"
        record = {
            "verdict": place.state,
            "by": by,
            "at": project.moment(),
            "fingerprint": place.fingerprint,
            "rule": place.rule,
            "text": place.text,
            "scope": "place",
            "path": text.path.partition(" (line ")[0],
            "note": "the words round it were edited since",
        }
        log.say(link, [record], entry=place.entry)
