"""What was done, by whom and when; the decisions as lines; comments. All of it only grows, but for a comment that is taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from auditor.review.store.rows import Link
from auditor.review.store.tables import comments, lines, log


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of the log; `payload` says how it is taken back, `undone` which entry did so (0: none)."""

    id: int
    at: str
    by: str
    action: str
    group_key: str
    text_id: int
    said: str
    payload: str
    undone: int


def record(link: Link, *, at: str, by: str, action: str, said: str, payload: Mapping[str, object], group_key: str = "", text_id: int = 0) -> int:
    """A new entry; its number."""
    values = {"at": at, "by": by, "action": action, "group_key": group_key, "text_id": text_id, "said": said, "payload": _json(payload)}
    done = link.execute(sa.insert(log).values(**values))
    return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0


def refill(link: Link, number: int, payload: Mapping[str, object], said: str) -> None:
    """The payload and the words of an entry that was made first, so that it has a number."""
    link.execute(sa.update(log).where(log.c.id == number).values(payload=_json(payload), said=said))


def _json(payload: Mapping[str, object]) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def entry(link: Link, number: int) -> Logged | None:
    """An entry by its number."""
    return _one(link, sa.select(log).where(log.c.id == number))


def last(link: Link, by: str, actions: Sequence[str]) -> Logged | None:
    """The last thing that somebody did and that still holds, with a way back: older programs kept none of comments and names."""
    query = sa.select(log).where(log.c.by == by, log.c.undone == 0, log.c.action.in_(actions), log.c.payload != "{}")
    return _one(link, query.order_by(log.c.id.desc()).limit(1))


def latest(link: Link) -> str:
    """When the last entry was made; empty where there is none."""
    return link.execute(sa.select(log.c.at).order_by(log.c.id.desc()).limit(1)).scalar() or ""


def undo(link: Link, number: int, by_entry: int) -> None:
    """Marks an entry as taken back by another."""
    link.execute(sa.update(log).where(log.c.id == number).values(undone=by_entry))


def history(link: Link, *, group_key: str = "", text_id: int = 0, since: int = 0, most: int = 50) -> list[Logged]:
    """The entries on a group, on a text or on anything, the latest first."""
    query = sa.select(log).where(log.c.id > since)
    query = query.where(log.c.group_key == group_key) if group_key else query
    query = query.where(log.c.text_id == text_id) if text_id else query
    return [Logged(**_named(row)) for row in link.execute(query.order_by(log.c.id.desc()).limit(most)).mappings()]


def edits(link: Link) -> list[Logged]:
    """The edits that belong to no finding and still hold, the latest first."""
    query = sa.select(log).where(log.c.action == "edit", log.c.undone == 0, log.c.group_key == "").order_by(log.c.id.desc())
    return [Logged(**_named(row)) for row in link.execute(query).mappings()]


def _one(link: Link, query: sa.Select[Any]) -> Logged | None:
    row = link.execute(query).mappings().first()
    return None if row is None else Logged(**_named(row))


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def say(link: Link, records: Iterable[Mapping[str, object]], *, entry: int, live: bool = True, written: bool = False) -> int:
    """Adds decisions as lines, each once; how many were new."""
    rows = {}
    for item in records:
        text = _json(item)
        rows[_digest(text)] = text
    known = set(link.execute(sa.select(lines.c.digest).where(lines.c.digest.in_(list(rows)))).scalars()) if len(rows) <= 500 else _known(link, rows)
    fresh = [
        {"record": text, "digest": digest, "entry": entry, "live": int(live), "written": int(written)}
        for digest, text in rows.items()
        if digest not in known
    ]
    if fresh:
        link.execute(sa.insert(lines), fresh)
    return len(fresh)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _known(link: Link, rows: Mapping[str, str]) -> set[str]:
    return set(link.execute(sa.select(lines.c.digest)).scalars()) & rows.keys()


def lines_after(link: Link, number: int) -> list[tuple[int, str]]:
    """The lines later than that one, in order."""
    return [(row.id, row.record) for row in link.execute(sa.select(lines.c.id, lines.c.record).where(lines.c.id > number).order_by(lines.c.id))]


def live_lines(link: Link, entry: int) -> list[tuple[int, str]]:
    """The lines of an entry that still hold."""
    query = sa.select(lines.c.id, lines.c.record).where(lines.c.entry == entry, lines.c.live == 1)
    return [(row.id, row.record) for row in link.execute(query.order_by(lines.c.id))]


def end_lines(link: Link, numbers: Sequence[int]) -> None:
    """Marks lines as taken back."""
    for number in numbers:
        link.execute(sa.update(lines).where(lines.c.id == number).values(live=0))


def unwritten(link: Link) -> list[tuple[int, str]]:
    """The lines that are not in the file yet."""
    query = sa.select(lines.c.id, lines.c.record).where(lines.c.written == 0).order_by(lines.c.id)
    return [(row.id, row.record) for row in link.execute(query)]


def mark_written(link: Link, numbers: Sequence[int]) -> None:
    """Marks lines as standing in the file."""
    for start in range(0, len(numbers), 500):
        link.execute(sa.update(lines).where(lines.c.id.in_(numbers[start : start + 500])).values(written=1))


def comment(link: Link, *, rule: str, words: str, by: str, at: str, text: str) -> int:
    """Adds a comment on what a rule says of some words; its number."""
    done = link.execute(sa.insert(comments).values(rule=rule, words=words, by=by, at=at, text=text))
    return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0


def drop_comment(link: Link, number: int) -> None:
    """Takes a comment off the list; the entry that made it keeps its words."""
    link.execute(sa.delete(comments).where(comments.c.id == number))


def comments_on(link: Link, rule: str, words: str) -> list[tuple[str, str, str]]:
    """The comments on what a rule says of some words: by, at, text."""
    c = comments.c
    query = sa.select(c.by, c.at, c.text).where(c.rule == rule, c.words == words).order_by(c.id)
    return [(row.by, row.at, row.text) for row in link.execute(query)]
