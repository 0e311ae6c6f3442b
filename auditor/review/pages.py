"""From the desk's values to HTML: the templates and the words and short forms that they use; the only door to jinja2."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from auditor.report import markup, phrasing
from auditor.review.model import Counts, Filters, Item, Paragraph, Quote
from auditor.types import CATEGORIES

SHORTCUTS: Sequence[tuple[str, str, str]] = (
    ("next", "Next finding (in a text: next mark)", "j"),
    ("previous", "Previous finding (in a text: the mark before)", "k"),
    ("accept", "Accept the first suggestion", "a"),
    ("own", "Other words instead (in a text: what was missed)", "e"),
    ("rewrite", "Rewrite the paragraph", "r"),
    ("dismiss", "Dismiss here", "d"),
    ("here", "Dismiss in this text", "x"),
    ("everywhere", "Dismiss everywhere", "D"),
    ("query", "Query: needs the source", "q"),
    ("passage", "Query everything in this paragraph", "p"),
    ("clear", "Dismiss everything in this paragraph", "P"),
    ("note", "Type a reason or a question", "n"),
    ("comment", "Comment", "c"),
    ("text", "The whole text, to note what was missed", "t"),
    ("sign", "Sign the text off", "s"),
    ("undo", "Undo the last decision", "u"),
    ("look", "Look at the folder again", "l"),
    ("filter", "Filter", "/"),
    ("help", "This page", "?"),
)
"""Every action that has a key: its name in the script, what it does, and the key at first."""

WEIGHTS: Sequence[tuple[str, str]] = (("", "All"), ("act", "To act on"), ("look", "Worth a look"))
"""What the queue may be narrowed to by how far its rules are trusted."""

_AROUND = 70
"""Characters on each side of a place in a list of places."""


def render(name: str, values: Mapping[str, object]) -> str:
    """A page as text; whatever is not markup of ours is escaped."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("auditor.review"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        {
            "visible": lambda value: Markup(markup.text(value)),  # noqa: S704  escaped there, as everything from `markup`
            "copy": lambda value: Markup(markup.copy(value)),  # noqa: S704
            "short": _short,
            "whole": whole,
            "words": lambda paragraph: words_of(paragraph),
            "name": lambda path: Markup(markup.text(PurePosixPath(path).name)),  # noqa: S704
            "language": lambda code: phrasing.language_name(code) if code else "unknown",
            "from_language": lambda code: f"from {phrasing.language_name(code)}" if code else "source language unknown",
            "category": lambda category: CATEGORIES.get(category, category),
            "moment": lambda at: at[:16].replace("T", " "),
            "gain": _gain,
            "settled": _settled,
            "plain": lambda number: f"{number:,}",
            "count_of": lambda number, noun: phrasing.count(number, noun),
            "query": urlencode,
            "with": with_,
        }
    )
    return environment


def whole(quote: Quote) -> str:
    """The paragraph of a place."""
    return f"{quote.before}{quote.marked}{quote.after}"


def words_of(paragraph: Paragraph) -> str:
    """A paragraph as plain text."""
    return "".join(mark.text for mark in paragraph.marks)


def with_(query: str, **values: object) -> str:
    """A query string with further values; those that are empty are left out."""
    return "&".join(part for part in (query, urlencode({name: value for name, value in values.items() if value not in (None, "")})) if part)


def query_of(filters: Filters) -> str:
    """The filters as they stand in the address bar: only what differs from the plain queue."""
    names = ("file", "language", "rule", "severity", "weight", "words")
    asked = {name: getattr(filters, name) for name in names if getattr(filters, name)}
    return urlencode(asked if filters.state == "open" else {**asked, "state": filters.state or "any"})


def filters_of(query: Mapping[str, str]) -> Filters:
    """The filters that an address asks for; `state=any` is any state, none the open ones."""
    asked = {name: query.get(name, "").strip() for name in ("file", "language", "rule", "severity", "weight", "words")}
    state = query.get("state", "open")
    return Filters(**asked, state="" if state == "any" else state)


def queried(query: str) -> dict[str, str]:
    """A query string as values by name."""
    return dict(parse_qsl(query))


def narrowed(filters: Filters) -> str:
    """What the queue is narrowed to, in words; empty for the plain queue."""
    parts = [filters.words and f"“{filters.words}”", filters.severity, filters.rule, filters.language and phrasing.language_name(filters.language)]
    parts += [
        filters.weight and dict(WEIGHTS).get(filters.weight, filters.weight).lower(),
        filters.file and PurePosixPath(filters.file).name,
        "" if filters.state == "open" else filters.state or "any state",
    ]
    return ", ".join(part for part in parts if part)


def _short(quote: Quote, item: Item) -> Markup:
    """A place on a line: its words marked, and as much round them as helps to tell one place from another."""
    before, after = quote.before[-_AROUND:], quote.after[:_AROUND]
    before = before if len(before) == len(quote.before) else f"…{before[before.find(' ') :]}"
    after = after if len(after) == len(quote.after) else f"{after[: after.rfind(' ') + 1]}…"
    marked = markup.element("mark", markup.text(quote.marked or "‸"), class_=f"mark {item.severity} gating")
    return Markup(markup.join((markup.text(before), marked, markup.text(after))))  # noqa: S704


def _gain(nats: float) -> str:
    """What the language model makes of a suggestion, as a ratio of probabilities."""
    if nats <= 0:
        return "no likelier to the language model"
    return "far likelier" if nats > math.log(1000) else f"{math.exp(nats):,.0f}× as likely" if nats > math.log(2) else "a little likelier"


def _settled(counts: Counts) -> str:
    named = ((counts.fixed, "fixed"), (counts.dismissed, "dismissed"), (counts.query, "to ask"))
    return ", ".join(f"{number:,} {word}" for number, word in named if number)


def diff_lines(diff: str, most: int) -> tuple[list[tuple[str, str]], int]:
    """The lines of a unified diff with their kind (add, cut, at or none), at most so many, and how many are left out."""
    lines = diff.splitlines()
    return [(_kind(line), line) for line in lines[:most]], max(0, len(lines) - most)


def _kind(line: str) -> str:
    if line.startswith(("+++", "---", "@@")):
        return "at"
    return {"+": "add", "-": "cut"}.get(line[:1], "")


def difference(now: str, asked: str) -> list[tuple[str, str]]:
    """Word by word from what stands now to what was asked for: kept (""), cut or added (add) pieces."""
    old, new = re.findall(r"\s+|\S+", now), re.findall(r"\s+|\S+", asked)
    return list(_pieces(difflib.SequenceMatcher(None, old, new, autojunk=False), old, new))


def _pieces(matcher: difflib.SequenceMatcher[str], old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            yield "", "".join(old[first:last])
            continue
        if last > first:
            yield "cut", "".join(old[first:last])
        if end > start:
            yield "add", "".join(new[start:end])
