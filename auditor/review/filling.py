"""Audits texts for the desk: all of them at the start with the language model, one of them in place after an edit without it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditor import pipeline
from auditor.errors import InputError
from auditor.io.edit import edited
from auditor.lm import Fluency
from auditor.policy.baseline import relative
from auditor.policy.decisions import Decisions, text_sha256
from auditor.policy.settle import settle
from auditor.report import phrasing
from auditor.review import editing
from auditor.review.found import Found, found, scores
from auditor.review.merging import Merged, merge, put_groups
from auditor.review.project import Project
from auditor.review.store import log, rows
from auditor.review.store.rows import Link, Place, Text
from auditor.review.working import Copy, digest, mapped, own_bytes
from auditor.types import Audit, Document, Failure, Finding

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as it was read for this run, and at work: with the edits that the store has for it."""

    name: str
    copy: Copy
    original: Document
    document: Document
    known: Text | None
    sha: str
    notice: str = ""


def copy_of(text: Text, limit: int) -> Copy:
    """The text at work, out of the store."""
    return Copy(text.file, text.part, text.data, editing.loaded(text.edits), limit)


def fill(project: Project, documents: Iterable[Document | Failure], fluency: Fluency, progress: Progress) -> tuple[Failure, ...]:
    """Audits the documents and brings the store up to them; what cannot be read is given back. Texts that are not among them leave the run."""
    read: list[_Read] = []
    failures: list[Failure] = []

    def stream() -> Iterator[Document | Failure]:
        names: set[str] = set()
        data: tuple[str, bytes] = ("", b"")
        for item in documents:
            if isinstance(item, Document):
                try:
                    data = data if data[0] == item.path else (item.path, Path(item.path).read_bytes())
                    one = _at_work(project, item, data[1], names)
                except (OSError, InputError) as error:
                    yield Failure(item.path, str(error))
                    continue
                names.add(one.name)
                read.append(one)
                progress(one.name)
                yield one.document
            else:
                yield item

    with project.reading() as link:
        policy = replace(project.policy, decisions=project.decisions(link))
    report = pipeline.report(project.config, stream(), rules=project.rules, fluency=fluency, keep_documents=True, policy=policy)
    failures += report.failures
    sighted = not report.run.model.startswith("none")
    together = (*report.across, *report.decided)
    by_file: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for finding in together:
        for place in {(at.path, at.part) for at in (finding.at, *finding.occurrences)}:
            by_file[place].append(finding)
    with project.writing() as link:
        kept = _kept(project, link, list(zip(read, report.audits, strict=True)), by_file, sighted=sighted)
        rows.deactivate(link, kept)
        rows.recount(link)
    return tuple(failures)


def add(project: Project, documents: Iterable[Document | Failure]) -> tuple[str, ...]:
    """Audits further texts, without the language model, and puts them into the run; their names. InputError for what cannot be read."""
    with project.reading() as link:
        names = set(rows.paths(link))
    read = []
    for item in documents:
        if isinstance(item, Failure):
            raise InputError(f"{item.path}: {item.reason}")
        read.append(_at_work(project, item, Path(item.path).read_bytes(), names))
        names.add(read[-1].name)
    with project.writing() as link:
        held = project.decisions(link)
        _kept(project, link, [(one, _audited(project, one.document, held)) for one in read], {}, sighted=False)
        rows.recount(link)
    return tuple(one.name for one in read)


def _audited(project: Project, document: Document, held: Decisions) -> Audit:
    """One text audited in place, with what was decided of its findings."""
    audit = project.in_place.audit(document)
    policy = replace(project.policy, decisions=held, baseline=None, change=None)
    settled = settle(audit.document or document, audit.findings, policy, known=tuple, ran=lambda _: False)
    return replace(audit, findings=settled.findings, decided=(*audit.decided, *settled.decided))


def _at_work(project: Project, document: Document, data: bytes, names: set[str]) -> _Read:
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
    return _Read(name, copy, document if not copy.edits else copy.original, standing, known, sha, notice)


def _kept(
    project: Project, link: Link, done: Sequence[tuple[_Read, Audit]], across: dict[tuple[str, str | None], list[Finding]], *, sighted: bool
) -> list[int]:
    """Puts texts and places into the store; the numbers of the texts."""
    numbers = []
    holding: list[tuple[int, Found]] = []
    carried: list[Place] = []
    waiting: list[tuple[int, list[Found]]] = []
    for order, (one, audit) in enumerate(done):
        now = rows.text(link, one.name)
        if now is not None and (one.known is None or now.version != one.known.version):  # edited at another desk while it was audited here
            rows.change_text(link, now.id, active=1, stale=1)
            numbers.append(now.id)
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
        carried += merge(link, number, places, sees=lambda place: sighted or not place.outside or place.rule.startswith("names/")).carried
    carry(project, link, carried)
    return numbers


def _put(link: Link, one: _Read, audit: Audit, order: int, working: str, fluency: str, *, sighted: bool) -> int:
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
