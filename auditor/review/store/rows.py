"""Texts, places and groups: how they are read, put in and changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from auditor.review.store.tables import groups, places, texts

Link = sa.Connection
Engine = sa.Engine

_CHUNK = 500
"""Values of one IN list: both databases have a limit."""

_AT_ONCE = 100
"""Rows of one statement."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text at work; `data` are the bytes that it was read from (of JSON lines, its line), `edits` as `editing.dumped`."""

    id: int
    path: str
    file: str
    part: str
    number: int
    data: bytes
    sha: str
    written: str
    working: str
    working_sha: str
    edits: str
    version: int
    changed_by: str
    changed_at: str
    language: str
    target: str
    source: str
    words: int
    scores: str
    notices: str
    triage: str
    score: str
    stale: int
    active: int
    signed_sha: str
    signed_by: str
    signed_at: str

    @property
    def signed(self) -> str:
        """Who let it pass as it stands, and when; empty: nobody."""
        return _signed(self)


def _signed(row: Any) -> str:  # noqa: ANN401  a text, or what a list has of it
    return f"{row.signed_by} on {row.signed_at[:10]}" if row.signed_sha and row.signed_sha == row.working_sha else ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of texts shows of one."""

    id: int
    path: str
    file: str
    version: int
    language: str
    words: int
    triage: str
    score: str
    signed: str
    edited: bool


@dataclass(frozen=True, slots=True)
class Body:
    """A text without its bytes: what a list needs to show places in it."""

    id: int
    path: str
    working: str
    version: int
    language: str
    target: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a finding, in code points of its text as it stands."""

    id: int
    text_id: int
    group_key: str
    rule: str
    words: str
    text: str
    start: int
    end: int
    fingerprint: str
    known_as: str
    finding: str
    severity: str
    confidence: float
    gating: int
    scope: str
    message: str
    evidence: str
    outside: int
    state: str
    printed: str
    said: str
    entry: int
    gone: int


@dataclass(frozen=True, slots=True)
class Group:
    """One rule on the same words with the same suggestions."""

    key: str
    rule: str
    words: str
    text: str
    category: str
    severity: str
    confidence: float
    gating: int
    rank: float
    sort: str
    options: str
    version: int
    changed_by: str
    changed_at: str
    open: int
    fixed: int
    dismissed: int
    query: int
    held_by: str
    held_until: float


_PLACE = tuple(places.c[name] for name in Place.__slots__)


def _places(link: Link, query: sa.Select[Any]) -> list[Place]:
    """The places of a query for `_PLACE`, built by position: there may be thousands."""
    return [Place(*row) for row in link.execute(query)]


@contextmanager
def writing(engine: sa.Engine) -> Iterator[Link]:
    """A transaction that writes: all of it or nothing, on the disk when it ends."""
    with engine.begin() as link:
        yield link


@contextmanager
def reading(engine: sa.Engine) -> Iterator[Link]:
    """A transaction that only reads and waits for nobody."""
    with engine.connect().execution_options(reads=True) as link:
        yield link


def _rows(link: Link, query: sa.Select[Any]) -> Iterator[Mapping[str, Any]]:
    for row in link.execute(query).mappings():
        yield {str(name): value for name, value in row.items()}


def text(link: Link, path: str) -> Text | None:
    """The text of that name in this run."""
    return next((Text(**row) for row in _rows(link, sa.select(texts).where(texts.c.path == path))), None)


def text_by_id(link: Link, number: int, *, locked: bool = False) -> Text:
    """A text by its number; `locked`: nobody else changes it until the transaction ends."""
    query = sa.select(texts).where(texts.c.id == number)
    return next(Text(**row) for row in _rows(link, query.with_for_update() if locked else query))


def texts_by_id(link: Link, numbers: Iterable[int]) -> dict[int, Text]:
    """Texts by their numbers."""
    wanted, found = sorted(set(numbers)), {}
    for start in range(0, len(wanted), _CHUNK):
        query = sa.select(texts).where(texts.c.id.in_(wanted[start : start + _CHUNK]))
        found.update({row["id"]: Text(**row) for row in _rows(link, query)})
    return found


def listed(link: Link) -> list[Listed]:
    """The texts of this run in order."""
    c = texts.c
    told = (c.signed_by, c.signed_at, c.signed_sha, c.working_sha, c.edits)
    wanted = (c.id, c.path, c.file, c.version, c.language, c.words, c.triage, c.score, *told)
    rows = link.execute(sa.select(*wanted).where(c.active == 1).order_by(c.number, c.path))
    return [Listed(*row[:8], signed=_signed(row), edited=row.edits != "[]") for row in rows]


def paths(link: Link) -> list[str]:
    """The names of the texts of this run in order."""
    return list(link.execute(sa.select(texts.c.path).where(texts.c.active == 1).order_by(texts.c.number, texts.c.path)).scalars())


def bodies(link: Link, numbers: Iterable[int]) -> dict[int, Body]:
    """What is shown of texts, by their numbers."""
    wanted = sa.select(*(texts.c[name] for name in Body.__slots__)).where(texts.c.id.in_(sorted(set(numbers))))
    return {row["id"]: Body(**row) for row in _rows(link, wanted)}


def active(link: Link, *, edited: bool = False) -> Iterator[Text]:
    """Every text of this run, whole, in order; `edited`: only those that hold edits, or whose files do."""
    c = texts.c
    query = sa.select(c.id).where(c.active == 1).order_by(c.number, c.path)
    query = query.where(sa.or_(c.edits != "[]", sa.and_(c.written != "", c.written != c.sha))) if edited else query
    for number in link.execute(query).scalars().all():
        yield text_by_id(link, number)


def stale(link: Link) -> int | None:
    """A text that was edited since it was audited."""
    return link.execute(sa.select(texts.c.id).where(texts.c.stale == 1, texts.c.active == 1).limit(1)).scalar()


def put_text(link: Link, **values: object) -> int:
    """A new text; its number."""
    done = link.execute(sa.insert(texts).values(**values))
    return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0


def change_text(link: Link, number: int, /, **values: object) -> None:
    """Some values of a text."""
    link.execute(sa.update(texts).where(texts.c.id == number).values(**values))


def bump(link: Link, number: int, version: int, by: str, at: str) -> bool:
    """Counts the version of a text up, unless it is no longer `version`."""
    same = sa.and_(texts.c.id == number, texts.c.version == version)
    return link.execute(sa.update(texts).where(same).values(version=version + 1, changed_by=by, changed_at=at)).rowcount == 1


def numbers(link: Link) -> set[int]:
    """The texts of this run."""
    return set(link.execute(sa.select(texts.c.id).where(texts.c.active == 1)).scalars())


def deactivate(link: Link, left: Iterable[int]) -> None:
    """Leaves texts out of this run, with their places."""
    for number in sorted(left):
        change_text(link, number, active=0)
        link.execute(sa.update(places).where(places.c.text_id == number, places.c.gone == 0).values(gone=2))


def places_of_text(link: Link, number: int, *, gone: bool = False) -> list[Place]:
    """The places of a text in order; with `gone` those too that are not in it any more."""
    query = sa.select(*_PLACE).where(places.c.text_id == number)
    query = query if gone else query.where(places.c.gone == 0)
    return _places(link, query.order_by(places.c.start, places.c.end, places.c.id))


def places_in_state(link: Link, states: Sequence[str], among: Sequence[int] | None = None, *, entry: int = 0) -> dict[int, list[Place]]:
    """The places in one of the states, or settled by the entry, of all texts of this run or of some, by text in order."""
    c = places.c
    fitting = sa.and_(c.gone == 0, sa.or_(c.state.in_(states), c.entry == entry) if entry else c.state.in_(states))
    query = sa.select(*_PLACE).where(fitting).order_by(c.text_id, c.start, c.end, c.id)
    found: dict[int, list[Place]] = {}
    for start in range(0, 1 if among is None else len(among), _CHUNK):
        for place in _places(link, query if among is None else query.where(c.text_id.in_(among[start : start + _CHUNK]))):
            found.setdefault(place.text_id, []).append(place)
    return found


def places_of_group(link: Link, key: str, *, most: int | None = None) -> list[Place]:
    """The places of a group: the open ones first, then text by text in order."""
    rank = sa.case((places.c.state == "open", 0), else_=1)
    query = sa.select(*_PLACE).where(places.c.group_key == key, places.c.gone == 0)
    query = query.order_by(rank, places.c.text_id, places.c.start, places.c.id)
    return _places(link, query if most is None else query.limit(most))


def first_places(link: Link, keys: Sequence[str], state: str, numbers: Sequence[int] | None) -> dict[str, Place]:
    """For each group the place that the queue shows: the first one in the state, of the texts if such are given."""
    c = places.c
    chosen = sa.select(sa.func.min(c.id)).where(c.group_key.in_(keys), c.gone == 0).group_by(c.group_key)
    if state:
        chosen = chosen.where(c.state == state)
    if numbers is not None:
        chosen = chosen.where(c.text_id.in_(numbers))
    return {row["group_key"]: Place(**row) for row in _rows(link, sa.select(places).where(c.id.in_(chosen)))}


def places_of_words(link: Link, rule: str, words: str, text_ids: Sequence[int] | None = None) -> list[Place]:
    """The places where a rule stumbles over the same words, in all texts or in some."""
    query = sa.select(places).where(places.c.rule == rule, places.c.words == words, places.c.gone == 0)
    query = query if text_ids is None else query.where(places.c.text_id.in_(text_ids))
    return [Place(**row) for row in _rows(link, query.order_by(places.c.text_id, places.c.start))]


def places_by_id(link: Link, ids: Sequence[int]) -> list[Place]:
    """Places by their numbers."""
    found = []
    for start in range(0, len(ids), _CHUNK):
        query = sa.select(places).where(places.c.id.in_(ids[start : start + _CHUNK]))
        found += [Place(**row) for row in _rows(link, query)]
    return sorted(found, key=lambda place: (place.text_id, place.start, place.id))


def put_places(link: Link, rows: Sequence[Mapping[str, object]]) -> None:
    """New places, all with the same keys."""
    _insert(link, places, rows)


def change_place(link: Link, number: int, /, **values: object) -> None:
    """Some values of a place."""
    link.execute(sa.update(places).where(places.c.id == number).values(**values))


def change_places(link: Link, changed: Sequence[Place]) -> None:
    """The places as they are now, by their numbers."""
    if changed:
        columns: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in Place.__slots__ if name != "id"}
        query = sa.update(places).where(places.c.id == sa.bindparam("new_id")).values(**columns)
        link.execute(query, [{f"new_{name}": getattr(place, name) for name in Place.__slots__} for place in changed])


def group(link: Link, key: str, *, locked: bool = False) -> Group | None:
    """A group by its key."""
    query = sa.select(groups).where(groups.c.key == key)
    return next((Group(**row) for row in _rows(link, query.with_for_update() if locked else query)), None)


def known_groups(link: Link, keys: Sequence[str]) -> dict[str, Group]:
    """Those of the groups that there are."""
    found = {}
    for start in range(0, len(keys), _CHUNK):
        query = sa.select(groups).where(groups.c.key.in_(keys[start : start + _CHUNK]))
        found.update({row["key"]: Group(**row) for row in _rows(link, query)})
    return found


def put_groups(link: Link, rows: Sequence[Mapping[str, object]]) -> None:
    """New groups, all with the same keys."""
    _insert(link, groups, rows)


def _insert(link: Link, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> None:
    """New rows; a server is not asked once for each of them."""
    if not rows:
        return
    if link.dialect.name == "sqlite":
        link.execute(sa.insert(table), [dict(row) for row in rows])
        return
    for start in range(0, len(rows), _AT_ONCE):
        link.execute(sa.insert(table).values([dict(row) for row in rows[start : start + _AT_ONCE]]))


def change_group(link: Link, key: str, /, **values: object) -> None:
    """Some values of a group."""
    link.execute(sa.update(groups).where(groups.c.key == key).values(**values))


def advance(link: Link, key: str, by: str, at: str) -> None:
    """Counts the version of a group up."""
    c = groups.c
    link.execute(sa.update(groups).where(c.key == key).values(version=c.version + 1, changed_by=by, changed_at=at))


def recount(link: Link, keys: Iterable[str] | None = None) -> None:
    """The numbers of places by state that the groups (None: all) hold, counted anew."""
    p, g = places.c, groups.c

    def count(state: str) -> sa.ScalarSelect[int]:
        of = sa.and_(p.group_key == g.key, p.gone == 0, p.state == state)
        return sa.select(sa.func.count()).select_from(places).where(of).scalar_subquery()

    query = sa.update(groups).values({state: count(state) for state in ("open", "fixed", "dismissed", "query")})
    if keys is None:
        link.execute(query)
        return
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), _CHUNK):
        link.execute(query.where(g.key.in_(wanted[start : start + _CHUNK])))


def hold(link: Link, key: str, by: str, *, now: float, until: float) -> bool:
    """Puts somebody on a group, unless somebody else is on it."""
    c = groups.c
    free = sa.or_(c.held_by == "", c.held_by == by, c.held_until <= now)
    return link.execute(sa.update(groups).where(c.key == key, free).values(held_by=by, held_until=until)).rowcount == 1


def let_go(link: Link, key: str, by: str) -> None:
    """Takes somebody off a group."""
    link.execute(sa.update(groups).where(groups.c.key == key, groups.c.held_by == by).values(held_by="", held_until=0.0))
