"""What the decisions, as they hold now, make of the places that stand: after an import, and after one that reached far was taken back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from auditor.policy.decisions import Decision, Decisions
from auditor.review import lines
from auditor.review.merging import DECIDED
from auditor.review.project import Project
from auditor.review.store import rows
from auditor.review.store.rows import Link, Place, Text


def settle(project: Project, link: Link, among: Collection[int] | None = None) -> int:
    """Gives the places that stand (`among`: in those texts) what the decisions say of them; how many that changed. Sign-offs count too."""
    keys: list[str] = []
    for one in list(rows.active(link)) if among is None else [rows.text_by_id(link, number) for number in among]:
        signed = project.sign_off(link, one.working_sha)
        if signed is not None and not one.signed:
            rows.change_text(link, one.id, signed_sha=one.working_sha, signed_by=signed.by, signed_at=signed.at)
        keys += _settled(project.decisions(link), link, one, rows.places_of_text(link, one.id))
    rows.recount(link, keys)
    return len(keys)


def settle_words(project: Project, link: Link, rule: str, words: str) -> set[str]:
    """The same for the places of the same words that no entry of the log settled; the groups that it changed."""
    places = [place for place in rows.places_of_words(link, rule, words) if not place.entry]
    keys: set[str] = set()
    for number in sorted({place.text_id for place in places}):
        text = rows.text_by_id(link, number)
        keys.update(_settled(project.decisions(link), link, text, [place for place in places if place.text_id == number]))
    return keys


def _settled(held: Decisions, link: Link, text: Text, places: Iterable[Place]) -> list[str]:
    """The group of each place that changed."""
    keys = []
    for place in places:
        if place.state not in ("open", *DECIDED):
            continue
        decision = _held(held, place, lines.file_of(text))
        verdict = decision.verdict if decision is not None and decision.verdict in DECIDED else "open"
        if verdict != place.state:
            note = f": {decision.note}" if decision and decision.note else ""
            said = f"{verdict} by {decision.said_by}{note}" if decision and verdict != "open" else ""
            rows.change_place(link, place.id, state=verdict, said=said, entry=0)
            keys.append(place.group_key)
    return keys


def _held(held: Decisions, place: Place, path: str) -> Decision | None:
    marks: list[str] = json.loads(place.known_as)
    keys: list[tuple[str, ...]] = [("here", mark) for mark in (*marks, place.finding)]
    keys += [("place", mark) for mark in marks]
    keys += [("document", place.rule, place.words, path), ("everywhere", place.rule, place.words)]
    found = [held.held[key] for key in keys if key in held.held]
    return max(found, key=lambda item: item[0])[1] if found else None
