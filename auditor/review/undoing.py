"""Takes entries of the log back by entries of their own: text, places and decisions are as they were, and the log says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NoReturn

from auditor.errors import UsageError
from auditor.review import editing, lines, naming, standing
from auditor.review.deciding import Work
from auditor.review.filling import check
from auditor.review.merging import DECIDED
from auditor.review.model import ConflictError, Done, NotFoundError
from auditor.review.project import Project
from auditor.review.store import log, rows
from auditor.review.store.log import Logged
from auditor.review.store.rows import Link, Place
from auditor.types import Span

ACTIONS = ("accept", "dismissed", "query", "edit", "missed", "sign-off", "comment", "alias")
"""What can be taken back."""


def undo(project: Project, by: str) -> Done:
    """Takes back the last thing that somebody did. NotFound where there is none, Conflict where a later decision builds on it."""
    with project.writing() as link:
        entry = log.last(link, by, ACTIONS)
        if entry is None:
            raise NotFoundError("you have nothing to take back")
        return taken_back(project, link, entry, by)


def reopen(project: Project, key: str, version: int, by: str, ids: Sequence[int]) -> Done:
    """Takes back what settled the places of a group (or those that are given), whoever did it."""
    with project.writing() as link:
        project.free(link, key, by, version)
        places = [place for place in rows.places_of_group(link, key) if place.state != "open" and (not ids or place.id in ids)]
        numbers = sorted({place.entry for place in places if place.entry}, reverse=True)
        done = [taken_back(project, link, entry, by) for number in numbers if (entry := log.entry(link, number)) is not None]
        rest = [place for place in places if not place.entry]
        if rest:  # decided in another run: all that is known of it is the line
            done.append(_reopened(project, link, key, rest, by))
        if not done:
            raise NotFoundError("nothing of it is settled")
        group = rows.group(link, key)
        settled = sum(item.settled for item in done)
        said = f"open again: {done[-1].said.removeprefix('taken back: ')}"
        return replace(done[-1], said=said, settled=settled, version=group.version if group else 0)


def _reopened(project: Project, link: Link, key: str, places: Sequence[Place], by: str) -> Done:
    at = project.moment()
    said = f"“{places[0].text}” is open again"
    entry = log.record(link, at=at, by=by, action="reopen", said=said, payload={}, group_key=key, text_id=places[0].text_id)
    texts = {number: rows.text_by_id(link, number) for number in {place.text_id for place in places}}
    alive = {number: rows.places_of_text(link, number) for number in texts}
    records = lines.on_places("undone", by, at, "", places, texts, alive)
    words = lines.on_words("undone", by, at, "", places[0].rule, places[0].words, ())
    paths = lines.on_words("undone", by, at, "", places[0].rule, places[0].words, (lines.file_of(text) for text in texts.values()))
    log.say(link, [*records, *words, *paths], entry=entry, live=False)
    for place in places:
        rows.change_place(link, place.id, state="open", said="", entry=0)
    rows.recount(link, [key])
    rows.advance(link, key, by, at)
    return Done(said, len(places), entry=entry)


def taken_back(project: Project, link: Link, entry: Logged, by: str) -> Done:
    """Takes one entry back. Conflict, with nothing changed, where that cannot be."""
    payload: dict[str, Any] = json.loads(entry.payload)
    at = project.moment()
    said = f"taken back: {entry.said}"
    number = log.record(link, at=at, by=by, action="undo", said=said, payload={"of": entry.id}, group_key=entry.group_key, text_id=entry.text_id)
    states: dict[int, list[Any]] = {row[0]: row[1:] for row in payload.get("states", [])}
    held = {place.id: place for place in rows.places_by_id(link, list(states))}
    for place in held.values():
        if place.entry not in (entry.id, 0) or (place.entry == 0 and place.state != "open"):
            _refuse(link, entry, place.entry)
    changed_texts = []
    keys = {place.group_key for place in held.values()}
    for text in payload.get("texts", []):
        keys |= _text_back(project, link, entry, text, [place for place in held.values() if place.text_id == text["id"]], by, at)
        changed_texts.append(text["id"])
    for place in rows.places_by_id(link, list(states)):
        state, printed, told, of = states[place.id]
        rows.change_place(link, place.id, state=state, printed=printed, said=told, entry=of)
    for place in rows.places_by_id(link, payload.get("came", [])):
        rows.change_place(link, place.id, gone=1)
    _beside_back(project, link, entry, payload)
    live = log.live_lines(link, entry.id)
    log.say(link, lines.undone((record for _, record in live), by, at), entry=number, live=False)
    log.end_lines(link, [line for line, _ in live])
    log.undo(link, entry.id, number)
    for rule, words in {(place.rule, place.words) for place in held.values()} if entry.action in DECIDED else ():
        keys |= standing.settle_words(project, link, rule, words)
    for text_id in changed_texts:
        if entry.action == "edit":
            keys |= check(project, link, rows.text_by_id(link, text_id)).keys
    rows.recount(link, (key for key in keys if key))
    for key in sorted(keys - {""}):
        rows.advance(link, key, by, at)
    group = rows.group(link, entry.group_key) if entry.group_key else None
    path = rows.text_by_id(link, entry.text_id).path if entry.text_id else ""
    return Done(said, max(1, len(states)), version=group.version if group else 0, entry=number, key=entry.group_key, path=path)


def _beside_back(project: Project, link: Link, entry: Logged, payload: dict[str, Any]) -> None:
    """What was done beside the copy: a sign-off, a comment, a name."""
    if "signed" in payload:
        _signed_back(link, entry, payload["signed"])
    if "comment" in payload:
        log.drop_comment(link, payload["comment"])
    if "names" in payload:
        naming.taken_back(project, link, payload["names"])


def _text_back(project: Project, link: Link, entry: Logged, kept: dict[str, Any], settled: Sequence[Place], by: str, at: str) -> set[str]:
    """Takes the steps in one text back, the last first; words that they touched stand where they stood.

    What was found since in the words that go is gone with them: the groups of that are returned.
    """
    work = Work.on(project, link, kept["id"])
    lost: set[int] = set()
    before = dict(work.places)
    for step in reversed(kept["steps"]):
        done = editing.reverted(work.working, work.copy.edits, editing.unpacked(step["change"]))
        if done is None:
            _refuse(link, entry, 0, text_id=kept["id"])
        edits, back = done
        work.copy = work.copy.with_edits(edits)
        work.working = work.working[: back.start] + back.new + work.working[back.span.end :]
        returning = {number: Span(back.start + start, back.start + end) for number, start, end in step["touched"]}
        lost |= {number for number, _, _ in work.move(back)} - returning.keys()
        for number, span in returning.items():
            place = work.places.get(number)
            if place is not None and 0 <= span.start <= span.end <= len(work.working):
                work.places[number] = replace(place, start=span.start, end=span.end)
    work.save(link, by, at, before)
    for number in lost:
        rows.change_place(link, number, gone=1)
    for place in settled:
        if place.id not in work.places:
            _back_in_text(link, work, kept, place)
    return {before[number].group_key for number in lost}


def _back_in_text(link: Link, work: Work, kept: dict[str, Any], place: Place) -> None:
    """A place that had left the text: where its words stand again, if they do."""
    for step in kept["steps"]:
        for number, start, end in step["touched"]:
            at = step["change"]["start"]
            if number == place.id and work.working[at + start : at + end] == place.text:
                rows.change_place(link, place.id, start=at + start, end=at + end, gone=0)


def _refuse(link: Link, entry: Logged, later: int, text_id: int = 0) -> NoReturn:
    """Says what builds on the entry."""
    found = log.entry(link, later) if later else None
    if found is None and text_id:
        later_ones = log.history(link, text_id=text_id, since=entry.id)
        found = next((item for item in later_ones if item.action != "undo" and not item.undone), None)
    if found is None:
        raise UsageError(f"“{entry.said}” cannot be taken back: the words there are others now; edit the text instead")
    raise ConflictError(
        f"“{entry.said}” cannot be taken back: {found.by} did something with it since ({found.said})",
        by=found.by,
        at=found.at,
        now=found.said,
        asked=entry.said,
    )


def _signed_back(link: Link, entry: Logged, before: list[str]) -> None:
    text = rows.text_by_id(link, entry.text_id, locked=True)
    if (text.signed_by, text.signed_at) != (entry.by, entry.at):
        _refuse(link, entry, 0, text_id=entry.text_id)
    sha, by, at = before
    rows.change_text(link, text.id, signed_sha=sha, signed_by=by, signed_at=at)
