"""Decisions as lines of decisions.jsonl: which records say what was decided at the desk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from auditor.review.store.rows import Place, Text

Record = Mapping[str, object]


def file_of(text: Text) -> str:
    """The path that decisions name a text by: of its file."""
    return text.path.removesuffix(f" ({text.part})") if text.part else text.path


def on_places(
    verdict: str, by: str, at: str, note: str, chosen: Sequence[Place], texts: Mapping[int, Text], alive: Mapping[int, Sequence[Place]]
) -> list[Record]:
    """The records of a decision on some places: on the whole finding where all of its places that are in the text (`alive`, by text) are among
    them, else on each place; under every fingerprint that they have had, since the file may still be as it was."""
    ids = {place.id for place in chosen}
    records: dict[tuple[str, str], Record] = {}
    for place in chosen:
        mates = [other for other in alive[place.text_id] if (other.finding, other.rule) == (place.finding, place.rule)]
        scope = "here" if all(other.id in ids for other in mates) else "place"
        marks: list[str] = json.loads(place.known_as)
        marks += [place.finding] if scope == "here" and place.finding not in marks else []
        for mark in marks:
            record = {
                "verdict": verdict,
                "by": by,
                "at": at,
                "fingerprint": mark,
                "rule": place.rule,
                "text": place.text,
                "scope": scope,
                "path": file_of(texts[place.text_id]),
            }
            records[scope, mark] = {**record, "note": note} if note else record
    return list(records.values())


def on_words(verdict: str, by: str, at: str, note: str, rule: str, words: str, paths: Iterable[str]) -> list[Record]:
    """The records of a decision on the same words in some texts, or (without paths) anywhere."""
    base: dict[str, object] = {"verdict": verdict, "by": by, "at": at, "rule": rule, "text": words}
    base |= {"note": note} if note else {}
    named = sorted(set(paths))
    return [{**base, "scope": "document", "path": path} for path in named] if named else [{**base, "scope": "everywhere"}]


def undone(records: Iterable[str], by: str, at: str) -> Iterator[Record]:
    """The records that take others back."""
    for text in records:
        record: dict[str, object] = json.loads(text)
        record.pop("note", None)
        yield {**record, "verdict": "undone", "by": by, "at": at}
