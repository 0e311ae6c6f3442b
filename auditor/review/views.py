"""What each page shows: from an address and the desk to HTML; nothing here changes what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from markupsafe import Markup

from auditor.names.aliases import KINDS
from auditor.report import markup, phrasing
from auditor.review import pages
from auditor.review.desk import Desk
from auditor.review.model import STATES, Choices, Detail, Filters, HeldError, Item, NotFoundError, Page, Where
from auditor.types import CATEGORIES, Severity

STRETCH = 60
"""Findings that the list shows at a time."""

_MOST_PLACES, _MOST_LINES, _AHEAD, _MOST_FILES = 200, 2_000, 30, 60


@dataclass(frozen=True, slots=True)
class Room:
    """What all visits of one running page share. `at_work` is which finding each session has open, so that it can be given back; `heard` how much
    of what looks at the folder brought each session was told."""

    desk: Desk
    project: str
    inbox: str = ""
    out: str = ""
    languages: tuple[tuple[str, str], ...] = ()
    at_work: dict[str, str] = field(default_factory=dict)
    heard: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: whose, from which session, to which address. `said` is what the last action did (`amiss`: why it did nothing)."""

    room: Room
    by: str
    writes: bool
    session: str
    form_token: str
    path: str = "/"
    query: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    amiss: bool = False

    @property
    def address(self) -> str:
        """The path with its query."""
        asked = urlencode({name: value for name, value in self.query.items() if value})
        return f"{self.path}?{asked}" if asked else self.path

    def moved(self, address: str, said: str = "", *, amiss: bool = False) -> Visit:
        """The same visit at another address, with what is to be said there."""
        path, _, query = address.partition("#")[0].partition("?")
        return replace(self, path=path, query=pages.queried(query), said=said, amiss=amiss)


View = Callable[[Visit], str]


def arrived(visit: Visit) -> Visit:
    """The visit with what looks at the folder have brought since this session was last told; a session that is new has the folder looked at."""
    desk, heard = visit.room.desk, visit.room.heard
    if visit.session not in heard and visit.writes and desk.looker is not None:
        heard[visit.session] = len(desk.news.said)
        desk.look(visit.by, asked=False)
    told = heard.get(visit.session, len(desk.news.said))
    if visit.said or told >= len(desk.news.said):
        return visit
    return replace(visit, said=unheard(visit))


def unheard(visit: Visit) -> str:
    """What this session was not told yet, which it is now."""
    said, told = visit.room.desk.news.said, visit.room.heard.get(visit.session, 0)
    visit.room.heard[visit.session] = len(said)
    return " ".join(said[told:])


def page(visit: Visit, name: str, here: str, title: str, **values: object) -> str:
    """A page with what all pages need."""
    shared = {
        "title": title,
        "project": visit.room.project,
        "here": here,
        "by": visit.by,
        "writes": visit.writes,
        "csrf": visit.form_token,
        "hidden": hidden({"csrf": visit.form_token}),
        "address": visit.address,
        "said": visit.said,
        "amiss": visit.amiss,
        "looking": visit.room.desk.news.running,
    }
    return pages.render(name, {**shared, **values})


def hidden(values: Mapping[str, object]) -> Markup:
    """Fields of a form that are not shown."""
    fields = (markup.opening("input", type="hidden", name=name, value=str(value)) for name, value in values.items() if value not in (None, ""))
    return Markup(markup.join(fields))  # noqa: S704  escaped by `markup`


def queue(visit: Visit) -> str:
    """The list of findings and the one at hand."""
    desk, filters, after = visit.room.desk, pages.filters_of(visit.query), visit.query.get("after") or None
    listed, choices, counts = desk.queue(filters, after, STRETCH), desk.choices(), desk.progress(filters)
    visit, detail = _at_hand(visit, listed)
    rows = {"texts": len(choices.files), "list": listed, "counts": counts, "filters": filters, "narrowed": pages.narrowed(filters)}
    rows |= {
        "weights": [(words, pages.query_of(replace(filters, weight=value)), value) for value, words in pages.WEIGHTS],
        "base": pages.query_of(filters),
        "stretch": after or "",
        "size": min(STRETCH, max(1, listed.total - len(listed.items))),
    }
    title = detail.item.message if detail else "Findings"
    return page(visit, "queue.html", "queue", title, **rows, **_menus(choices, filters), **_opened(visit, filters, listed, detail))


def _menus(choices: Choices, filters: Filters) -> dict[str, object]:
    """What the filters may be set to; of very many texts one is chosen on the page of the texts."""
    many = len(choices.files) > _MOST_FILES
    files = [path for path in choices.files if not many or path == filters.file]
    return {
        "states": [(state, state) for state in STATES],
        "severities": [(severity, severity) for severity in choices.severities],
        "files": [(path, path) for path in files],
        "many": many,
        "rules": [(rule, f"{rule} ({number:,})") for rule, number in choices.rules],
        "languages": [(code, name) for code, name in choices.languages],
    }


def _at_hand(visit: Visit, listed: Page) -> tuple[Visit, Detail | None]:
    """The finding that is asked for, else the first of the list that nobody else is on."""
    desk, wanted = visit.room.desk, visit.query.get("item", "")
    if wanted:
        try:
            found = desk.item(wanted, visit.by)
            if is_open(found, visit.query.get("file", "")) or visit.query.get("state", "open") != "open":
                return visit, found
        except NotFoundError:
            gone = "That finding is no longer there: the text was changed."
            visit = visit if visit.said else replace(visit, said=gone)
    free = [item for item in listed.items if item.held in ("", visit.by)] or list(listed.items)
    for item in free:
        try:
            return visit, desk.item(item.key, visit.by)
        except NotFoundError:  # settled by somebody else since the list was read
            continue
    return visit, None


def is_open(detail: Detail, file: str) -> bool:
    """Whether something of a finding is still to be settled, in this text where one is named."""
    return any(place.state == "open" and file in ("", place.path) for place in detail.places)


def _opened(visit: Visit, filters: Filters, listed: Page, detail: Detail | None) -> dict[str, object]:
    """What the page shows of the finding at hand; whoever may write holds it from now on."""
    _give_back(visit, detail)
    if detail is None:
        return {"detail": None}
    item, base, after = detail.item, pages.query_of(filters), visit.query.get("after", "")
    keys = [each.key for each in listed.items]
    place = _place(detail, visit.query.get("place", ""))
    held_by = _held(visit, item)
    here = keys.index(item.key) if item.key in keys else -1
    free = [each.key for each in listed.items[here + 1 :] if each.held in ("", visit.by)]
    following = pages.with_(base, after=after, item=free[0]) if free else pages.with_(base, after=listed.next) if listed.next else ""
    carried = {
        "key": item.key,
        "version": item.version,
        "back": pages.with_(base, after=after),
        "onward": following,
        "later": ".".join(free[:_AHEAD]),
    }
    carried |= {"place_shown": place.id, "several": "yes" if len(detail.places) > 1 else ""}
    shown = detail.places[:_MOST_PLACES]
    rest = [one.id for one in detail.places[_MOST_PLACES:] if one.state == "open"]
    return {
        "detail": detail,
        "place": place,
        "held_by": held_by,
        "previous": pages.with_(base, after=after, item=keys[here - 1]) if here > 0 else "",
        "following": following,
        "carried": hidden(carried),
        "shown": shown,
        "rest": rest,
        "text_query": urlencode({"path": place.path}),
        "text_anchor": place.start - len(place.quote.before),
        "kinds": KINDS,
    }


def _place(detail: Detail, wanted: str) -> Where:
    """The place whose passage is shown: the one asked for, else the first that is open."""
    named = (place for place in detail.places if str(place.id) == wanted)
    open_ones = (place for place in detail.places if place.state == "open")
    return next(named, None) or next(open_ones, None) or detail.places[0]


def _held(visit: Visit, item: Item) -> str:
    """Takes the finding for this user; who else has it, if anybody."""
    if not visit.writes or not item.open:
        return item.held if item.held != visit.by else ""
    try:
        visit.room.desk.lease(item.key, visit.by)
    except HeldError as error:
        return error.by
    visit.room.at_work[visit.session] = item.key
    return ""


def _give_back(visit: Visit, detail: Detail | None) -> None:
    before = visit.room.at_work.get(visit.session)
    if before and visit.writes and (detail is None or detail.item.key != before):
        visit.room.at_work.pop(visit.session, None)
        visit.room.desk.release(before, visit.by)


def text(visit: Visit) -> str:
    """A text with all its marks."""
    view = visit.room.desk.text(visit.query.get("path", ""))
    marks = {mark.number: mark for paragraph in view.paragraphs for mark in paragraph.marks if mark.key}
    editing = visit.query.get("edit", "")
    return page(
        visit,
        "text.html",
        "texts",
        view.path,
        view=view,
        marks=list(marks.values()),
        query=urlencode({"path": view.path}),
        editing=int(editing) if editing.isdecimal() else -1,
        of_text=hidden({"path": view.path, "text_version": view.version}),
        categories=sorted(CATEGORIES.items(), key=lambda pair: pair[0].rpartition("/")[2]),
    )


def texts(visit: Visit) -> str:
    """All texts with what is settled of each."""
    rows = visit.room.desk.texts()
    counts = visit.room.desk.progress(Filters())
    signed = sum(bool(row.signed) for row in rows)
    return page(visit, "texts.html", "texts", "Texts", rows=rows, counts=counts, signed=signed, failures=visit.room.desk.failures)


def changes(visit: Visit) -> str:
    """What writing would change in the files."""
    desk = visit.room.desk
    diff = desk.diff()
    lines, cut = pages.diff_lines(diff, _MOST_LINES)
    changed = sum(line.startswith("+++ ") for line in diff.splitlines())
    return page(
        visit, "changes.html", "changes", "Changes", diff=lines, cut=cut, changed=changed, counts=desk.progress(Filters()), out=visit.room.out
    )


def add(visit: Visit) -> str:
    """Where copy is dropped or pasted."""
    return page(visit, "add.html", "add", "Add copy", inbox=visit.room.inbox, languages=visit.room.languages)


def guide(visit: Visit) -> str:
    """How the page is used, and its keys."""
    return page(visit, "help.html", "help", "Help and shortcuts", shortcuts=pages.SHORTCUTS)


VIEWS: Mapping[str, View] = {"/": queue, "/text": text, "/texts": texts, "/changes": changes, "/add": add, "/help": guide}
"""Every page by its path."""

DOWNLOADS: Mapping[str, tuple[str, Callable[[Desk], str | bytes]]] = {
    "changes.html": ("text/html; charset=utf-8", lambda desk: desk.changes("html")),
    "changes.csv": ("text/csv; charset=utf-8", lambda desk: desk.changes("csv")),
    "changes.diff": ("text/x-diff; charset=utf-8", lambda desk: desk.diff()),
    "decisions.jsonl": ("application/jsonl; charset=utf-8", lambda desk: desk.export()),
}
"""What can be taken along: its type and where it comes from."""


def languages(codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Source languages for a menu, by name."""
    return tuple(sorted(((code, phrasing.language_name(code)) for code in codes), key=lambda pair: pair[1]))


def severities() -> tuple[str, ...]:
    """What an editor may call an error that was missed."""
    return tuple(severity.value for severity in Severity if severity is not Severity.NEUTRAL)
