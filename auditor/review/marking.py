"""What an editor does beside deciding: marks what was missed, signs a text off, leaves a remark; each is one entry of the log."""

from __future__ import annotations

import json

from auditor.errors import UsageError
from auditor.policy.decisions import Decision
from auditor.review import lines
from auditor.review.deciding import MISSED, checked, quoted
from auditor.review.filling import check
from auditor.review.model import Done, NotFoundError
from auditor.review.project import Project
from auditor.review.store import log, rows
from auditor.review.working import line_and_column
from auditor.types import CATEGORIES, Scope, Severity, Span


def missed(project: Project, path: str, version: int, by: str, span: Span, category: str, severity: str, note: str) -> Done:
    """Marks words that no rule found: a line of gold, and a mark in the text."""
    note = checked(note)
    if category not in CATEGORIES:
        raise UsageError(f"“{category}” is no type of error; it is one of {', '.join(CATEGORIES)}")
    if severity not in set(Severity):
        raise UsageError(f"“{severity}” is no severity; it is one of {', '.join(Severity)}")
    with project.writing() as link:
        text = project.free_text(link, path, version)
        if not 0 <= span.start < span.end <= len(text.working):
            raise UsageError("select the words first")
        words, at = text.working[span.start : span.end], project.moment()
        line, column = line_and_column(text.working, span.start)
        record = {"verdict": "missed", "by": by, "at": at, "text": words, "path": lines.file_of(text), "text_sha256": text.working_sha}
        record |= {"note": note} if note else {}
        place = {"category": category, "severity": severity, "start": span.start, "end": span.end, "line": line, "column": column}
        said = f"{quoted(words)} is marked as missed"
        entry = log.record(link, at=at, by=by, action="missed", said=said, payload={}, text_id=text.id)
        rows.put_places(link, [_missed_row(text.id, span, words, category, severity, note or CATEGORIES[category], f"marked by {by}", entry)])
        number = max(p.id for p in rows.places_of_text(link, text.id) if p.entry == entry)
        log.refill(link, entry, {"came": [number]}, said)
        log.say(link, [{**record, **place}], entry=entry)
        return Done(said, 1, version=text.version, entry=entry)


def _missed_row(number: int, span: Span, words: str, category: str, severity: str, message: str, said: str, entry: int) -> dict[str, object]:
    mark = f"missed-{entry}"
    values: dict[str, object] = {"text_id": number, "group_key": "", "rule": MISSED, "words": words.casefold(), "text": words}
    values |= {"start": span.start, "end": span.end, "fingerprint": mark, "known_as": json.dumps([mark]), "finding": mark}
    values |= {"severity": severity, "confidence": 1.0, "scope": Scope.BODY.value, "message": message, "outside": 1, "state": MISSED}
    return values | {"said": said, "entry": entry, "evidence": json.dumps([["type", category]])}


def sign_off(project: Project, path: str, version: int, by: str) -> Done:
    """Lets a text pass as it stands; an edit makes that void."""
    with project.writing() as link:
        text = project.free_text(link, path, version)
        if text.stale:
            check(project, link, text)
        at = project.moment()
        before = [text.signed_sha, text.signed_by, text.signed_at]
        rows.change_text(link, text.id, signed_sha=text.working_sha, signed_by=by, signed_at=at)
        said = f"{path} is signed off"
        entry = log.record(link, at=at, by=by, action="sign-off", said=said, payload={"signed": before}, text_id=text.id)
        record = Decision("signed-off", by, at, path=lines.file_of(text), text_sha256=text.working_sha)
        log.say(link, [{"verdict": record.verdict, "by": by, "at": at, "path": record.path, "text_sha256": record.text_sha256}], entry=entry)
        return Done(said, 1, version=text.version, entry=entry)


def comment(project: Project, key: str, by: str, text: str) -> Done:
    """A remark on a group, for whoever comes to it next."""
    text = checked(text).strip()
    if not text:
        raise UsageError("the comment is empty")
    with project.writing() as link:
        group = rows.group(link, key)
        if group is None:
            raise NotFoundError("that finding is not here any more")
        at = project.moment()
        number = log.comment(link, rule=group.rule, words=group.words, by=by, at=at, text=text)
        entry = log.record(link, at=at, by=by, action="comment", said=f"wrote {quoted(text)}", payload={"comment": number}, group_key=key)
        return Done("the comment is kept", version=group.version, entry=entry)
