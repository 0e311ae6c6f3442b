"""What of the groups and places fits a filter: the stretches of the queue and the counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from auditor.review.store.rows import Group, Link
from auditor.review.store.tables import groups, places, texts

_STATES = ("open", "fixed", "dismissed", "query")


def stretch(
    link: Link,
    *,
    state: str,
    rule: str,
    severity: str,
    words: str,
    weight: str,
    text_ids: Sequence[int] | None,
    after: str | None,
    limit: int,
) -> tuple[list[Group], int]:
    """The groups after that one in order of rank that have a place in the state (“”: any), and how many fit in all."""
    fitting = _fitting(state=state, rule=rule, severity=severity, words=words, weight=weight, text_ids=text_ids)
    total = link.execute(sa.select(sa.func.count()).select_from(groups).where(*fitting)).scalar() or 0
    c = groups.c
    query = sa.select(groups).where(*fitting)
    if after is not None:
        at = link.execute(sa.select(c.rank, c.sort).where(c.key == after)).first()
        if at is not None:
            later = sa.or_(c.sort > at.sort, sa.and_(c.sort == at.sort, c.key > after))
            query = query.where(sa.or_(c.rank < at.rank, sa.and_(c.rank == at.rank, later)))
    rows = link.execute(query.order_by(c.rank.desc(), c.sort, c.key).limit(limit)).mappings()
    return [Group(**{str(name): value for name, value in row.items()}) for row in rows], total


def _fitting(*, state: str, rule: str, severity: str, words: str, weight: str, text_ids: Sequence[int] | None) -> list[sa.ColumnElement[bool]]:
    c = groups.c
    fitting: list[sa.ColumnElement[bool]] = [c[state] > 0 if state in _STATES else sa.or_(*(c[name] > 0 for name in _STATES))]
    if rule:
        fitting.append(_named(c.rule, rule))
    if severity:
        fitting.append(c.severity == severity)
    if words:
        fitting.append(c.words.contains(" ".join(words.casefold().split()), autoescape=True))
    if weight:
        fitting.append(c.gating == int(weight == "act"))
    if text_ids is not None:
        p = places.c
        of = sa.select(p.group_key).where(p.text_id.in_(text_ids), p.gone == 0)
        fitting.append(c.key.in_(of.where(p.state == state) if state else of))
    return fitting


def _named(column: sa.ColumnElement[str], rule: str) -> sa.ColumnElement[bool]:
    """The rule of that id, or the rules of a glob that ends in a star."""
    return column.startswith(rule[:-1], autoescape=True) if rule.endswith("*") else column == rule


def text_ids(link: Link, *, path: str, language: str) -> list[int] | None:
    """The texts of a name or from a language; None where the filter names neither."""
    if not path and not language:
        return None
    query = sa.select(texts.c.id).where(texts.c.active == 1)
    query = query.where(texts.c.path == path) if path else query
    query = query.where(texts.c.language == language) if language else query
    return list(link.execute(query).scalars())


def counts(
    link: Link, *, rule: str = "", severity: str = "", words: str = "", weight: str = "", among: Sequence[int] | None = None
) -> dict[str, int]:
    """How many places stand in each state."""
    c = places.c
    query = sa.select(c.state, sa.func.count()).where(c.gone == 0).group_by(c.state)
    query = query.where(_named(c.rule, rule)) if rule else query
    query = query.where(c.severity == severity) if severity else query
    query = query.where(c.words.contains(" ".join(words.casefold().split()), autoescape=True)) if words else query
    query = query.where(c.gating == int(weight == "act")) if weight else query
    query = query.where(c.text_id.in_(among)) if among is not None else query
    return {row[0]: row[1] for row in link.execute(query)}


def counts_by_text(link: Link) -> dict[int, dict[str, int]]:
    """The same for each text."""
    c = places.c
    found: dict[int, dict[str, int]] = {}
    for number, state, count in link.execute(sa.select(c.text_id, c.state, sa.func.count()).where(c.gone == 0).group_by(c.text_id, c.state)):
        found.setdefault(number, {})[state] = count
    return found


def files_of(link: Link, keys: Sequence[str]) -> dict[str, int]:
    """In how many texts each group stands."""
    c = places.c
    query = sa.select(c.group_key, sa.func.count(sa.distinct(c.text_id))).where(c.group_key.in_(keys), c.gone == 0).group_by(c.group_key)
    return {row[0]: row[1] for row in link.execute(query)}


def rules(link: Link) -> list[tuple[str, int]]:
    """The rules of the queue, each with its places."""
    c = groups.c
    held = c.open + c.fixed + c.dismissed + c.query
    query: sa.Select[Any] = sa.select(c.rule, sa.func.sum(held)).where(held > 0).group_by(c.rule).order_by(c.rule)
    return [(row[0], int(row[1])) for row in link.execute(query)]


def languages(link: Link) -> list[str]:
    """The source languages of the texts."""
    query = sa.select(texts.c.language).where(texts.c.active == 1, texts.c.language != "").distinct().order_by(texts.c.language)
    return list(link.execute(query).scalars())


def severities(link: Link) -> list[str]:
    """The severities of the queue."""
    return list(link.execute(sa.select(groups.c.severity).distinct()).scalars())
