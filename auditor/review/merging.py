"""Brings what an audit found of a text together with what the store knows of it: places keep what was decided on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.review.found import Found
from auditor.review.store import rows
from auditor.review.store.rows import Link, Place
from auditor.types import Span

DECIDED = ("dismissed", "query")


@dataclass(slots=True)
class Merged:
    """What came of it: the groups to be counted anew, and places whose decision has to be said again for their new fingerprint."""

    keys: set[str] = field(default_factory=set)
    carried: list[Place] = field(default_factory=list)
    came: int = 0


Sees = Callable[[Place], bool]
"""Whether an audit would have found the place again if it were still to be found."""


def merge(link: Link, number: int, found: Sequence[Found], *, sees: Sees, later: bool = False) -> Merged:
    """Puts the places that were found in the text of that number into the store. `later`: it was decided on while they were sought, so that what
    the store says of a place counts, not what the finding knew."""
    held = rows.places_of_text(link, number, gone=True)
    alive = [place for place in held if place.gone != 1 and place.state != "fixed"]
    fixed = [place for place in held if place.gone != 1 and place.state == "fixed"]
    pairs, rest, left = _paired(found, alive)
    again, rest, _ = _paired(rest, [place for place in held if place.gone == 1 and place.state != "fixed"])
    merged = Merged()
    changed = [_updated(place, item, merged, later=later) for place, item in (*pairs, *again)]
    standing = [place for place in left if not sees(place)]
    changed += [replace(place, gone=1) for place in left if place not in standing]
    changed += [replace(place, gone=0) for place in (*standing, *fixed) if place.gone]
    taken = [Span(place.start, place.end) for place in standing]
    new: list[Found] = []
    for item in rest:
        reopened = next((place for place in fixed if _still(place, item)), None)
        if reopened is not None:
            fixed.remove(reopened)
            changed.append(
                _updated(replace(reopened, state="open", said="still found after the fix", printed="", entry=0), item, merged, later=later)
            )
        elif not any(span.overlaps(item.span) for span in taken):
            new.append(item)
    merged.came = len(new) + len(again)
    _store(link, number, new, changed, held, merged)
    return merged


def _paired(found: Sequence[Found], places: Sequence[Place]) -> tuple[list[tuple[Place, Found]], list[Found], list[Place]]:
    """Places with what was found of them again: at the same spot, else by a fingerprint that it has had; and what is left on both sides."""
    by_spot = {(place.rule, place.start, place.end): place for place in reversed(places) if not place.gone}
    by_mark = {(place.rule, mark): place for place in reversed(places) for mark in json.loads(place.known_as)}
    pairs, left, met = [], [], set()
    for item in found:
        place = by_spot.get((item.rule, item.span.start, item.span.end))
        if place is not None and place.id not in met:
            met.add(place.id)
            pairs.append((place, item))
        else:
            left.append(item)
    rest = []
    for item in left:
        place = by_mark.get((item.rule, item.fingerprint))
        if place is not None and place.id not in met:
            met.add(place.id)
            pairs.append((place, item))
        else:
            rest.append(item)
    return pairs, rest, [place for place in places if place.id not in met]


def _still(place: Place, item: Found) -> bool:
    """Whether what was settled as fixed is found at its old place as before."""
    near = place.start <= item.span.end and item.span.start <= max(place.end, place.start)
    return place.rule == item.rule and place.words == item.words and near


def _updated(place: Place, item: Found, merged: Merged, *, later: bool) -> Place:
    marks: list[str] = json.loads(place.known_as)
    is_new = item.fingerprint not in marks
    state, said, entry = place.state, place.said, place.entry
    if later and item.state in ("open", *DECIDED) and state in ("open", *DECIDED):
        pass
    elif item.state not in ("open", *DECIDED):
        state, said = item.state, ""
    elif item.state in DECIDED and (place.state != item.state or not place.said):
        state, said = item.state, item.said
        entry = 0 if place.state != item.state else place.entry
    elif item.state == "open" and place.state in DECIDED and not is_new:
        state, said, entry = "open", "", 0  # taken back in the decisions file
    elif item.state == "open" and place.state not in ("open", *DECIDED):
        state, said, entry = "open", "", 0
    now = replace(
        place,
        group_key=item.key,
        words=item.words,
        text=item.text,
        start=item.span.start,
        end=item.span.end,
        fingerprint=item.fingerprint,
        known_as=json.dumps([*marks, item.fingerprint] if is_new else marks),
        finding=item.finding,
        severity=item.severity,
        confidence=item.confidence,
        gating=int(item.gating),
        scope=item.scope,
        message=item.message,
        evidence=item.evidence,
        outside=int(item.outside),
        state=state,
        said=said,
        entry=entry,
        gone=0,
    )
    if is_new and item.state == "open" and state in DECIDED:
        merged.carried.append(now)
    return now


def _store(link: Link, number: int, new: Sequence[Found], changed: Sequence[Place], held: Sequence[Place], merged: Merged) -> None:
    before = {place.id: place for place in held}
    really = [place for place in changed if place != before[place.id]]
    rows.change_places(link, really)
    rows.put_places(link, [_row(number, item) for item in new])
    merged.keys |= {place.group_key for place in really} | {before[place.id].group_key for place in really} | {item.key for item in new}


def _row(number: int, item: Found) -> dict[str, object]:
    return {
        "text_id": number,
        "group_key": item.key,
        "rule": item.rule,
        "words": item.words,
        "text": item.text,
        "start": item.span.start,
        "end": item.span.end,
        "fingerprint": item.fingerprint,
        "known_as": json.dumps([item.fingerprint]),
        "finding": item.finding,
        "severity": item.severity,
        "confidence": item.confidence,
        "gating": int(item.gating),
        "scope": item.scope,
        "message": item.message,
        "evidence": item.evidence,
        "outside": int(item.outside),
        "state": item.state,
        "said": item.said,
    }


def put_groups(link: Link, found: Sequence[tuple[int, Found]]) -> None:
    """The groups of the places that were found, each with the number of its text; those that are there get what the rules say of them now."""
    first: dict[str, tuple[int, Found]] = {}
    for order, item in found:
        held = first.get(item.key)
        if held is None or (item.rank, -order) > (held[1].rank, -held[0]):
            first[item.key] = (order, item)
    known = rows.known_groups(link, list(first))
    rows.put_groups(link, [dict(_group(order, item)) for key, (order, item) in first.items() if key not in known])
    for key, (_, item) in first.items():
        group = known.get(key)
        if group is not None and (group.severity, group.confidence, group.options) != (item.severity, item.confidence, item.options):
            values = {"severity": item.severity, "confidence": item.confidence, "rank": item.rank, "options": item.options}
            rows.change_group(link, key, gating=int(item.gating), **values)


def _group(order: int, item: Found) -> Iterator[tuple[str, object]]:
    values: Mapping[str, object] = {
        "key": item.key,
        "rule": item.rule,
        "words": item.words,
        "text": item.text,
        "category": item.category,
        "severity": item.severity,
        "confidence": item.confidence,
        "gating": int(item.gating),
        "rank": item.rank,
        "sort": f"{order:07} {item.span.start:09}",
        "options": item.options,
    }
    yield from values.items()
