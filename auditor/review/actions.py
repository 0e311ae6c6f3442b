"""What each form of the page does at the desk, and where the editor goes from there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from urllib.parse import urlencode

from auditor.errors import UsageError, nearest
from auditor.names.aliases import KINDS
from auditor.report.phrasing import count
from auditor.review import pages
from auditor.review.model import SCOPES, ConflictError, Done, NotFoundError
from auditor.review.views import Visit, is_open
from auditor.review.working import paragraphs
from auditor.types import CATEGORIES, Severity


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form in their order, and its files."""

    fields: Sequence[tuple[str, str]] = ()
    files: Sequence[Upload] = ()
    first: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.first.get(name, "")

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value for key, value in self.fields if key == name]

    def number(self, name: str) -> int:
        """A whole number; UsageError for anything else."""
        value = self[name]
        if not value.isdecimal() or len(value) > 18:
            raise UsageError(f"The form has no right “{name}”: load the page anew")
        return int(value)


@dataclass(frozen=True, slots=True)
class Next:
    """Where to go and what to say there."""

    address: str
    said: str


Action = Callable[[Visit, Form], Next]

LOOKING = "The folder is being read again beside your work; what is found joins the list, and you are told."

_PATIENCE = 1.5
"""Seconds that an editor waits for a look at the folder; after them it goes on beside the page."""

_ALIKE = 0.5
"""How alike two states of one paragraph are at least."""
_NEAREST = 50
"""Paragraphs that are compared: each takes milliseconds, and a book has thousands."""


def back(form: Form) -> str:
    """The address of the page that a form stood on."""
    if form["path"] and not form["key"]:
        return f"/text?{urlencode({'path': form['path']})}"
    if form["key"]:
        return f"/?{pages.with_(form['back'], item=form['key'], place=form['place_shown'])}"
    return form["back"] if re.match(r"/(?![/\\])", form["back"]) else "/"


def onward(form: Form) -> str:
    """The next finding, or the list where this was the last one."""
    return f"/?{form['onward'] or form['back']}".rstrip("?")


def _onward(visit: Visit, form: Form, done: Done) -> Next:
    """The next finding of the list that is still open: one decision may have settled several."""
    file = pages.queried(form["back"]).get("file", "")
    for key in form["later"].split("."):
        try:
            if key and is_open(visit.room.desk.item(key, visit.by), file):
                return Next(f"/?{pages.with_(form['back'], item=key)}", _said(done, undone=True))
        except NotFoundError:
            continue
    return Next(onward(form) if not form["later"] else f"/?{form['back']}".rstrip("?"), _said(done, undone=True))


def _said(done: Done, *, undone: bool = False) -> str:
    refused = f" Not done: {'; '.join(done.refused)}." if done.refused else ""
    return f"{done.said.rstrip('.')}.{refused}{' Undo takes it back.' if undone else ''}"


def _places(form: Form) -> tuple[int, ...]:
    """The ticked places; all where the finding has but one."""
    ticked = tuple(int(value) for value in form.all("place") if value.isdecimal())
    if form["several"] and not ticked:
        raise UsageError("No place is ticked: tick those that are meant")
    return ticked


def accept(visit: Visit, form: Form) -> Next:
    """A suggestion by its number, or the editor's own words."""
    desk, key, version = visit.room.desk, form["key"], form.number("version")
    if form["option"] == "own":
        words = form["own"]
        if not words.strip():
            raise UsageError("There are no words to print: type them, or rewrite the paragraph to cut these")
    else:
        options = desk.item(key, visit.by).item.options
        number = form.number("option")
        if number >= len(options):
            raise NotFoundError("That suggestion is no longer there")
        words = options[number].text
    return _onward(visit, form, desk.accept(key, version, visit.by, words, _places(form)))


def dismiss(visit: Visit, form: Form) -> Next:
    """The words may stand: here, in this text, or everywhere."""
    scope = form["scope"] or "here"
    if scope not in SCOPES:
        raise UsageError(f"A finding cannot be dismissed “{scope}”{nearest(scope, SCOPES)}")
    places = _places(form) if scope == "here" else ()
    return _onward(visit, form, visit.room.desk.dismiss(form["key"], form.number("version"), visit.by, scope, form["note"].strip(), places))


def query(visit: Visit, form: Form) -> Next:
    """Only the source can say."""
    return _onward(visit, form, visit.room.desk.query(form["key"], form.number("version"), visit.by, form["note"].strip(), _places(form)))


def passage(visit: Visit, form: Form) -> Next:
    """All that stands in one paragraph at once: a ruined one holds many findings and one question."""
    verdict = form["verdict"]
    if verdict not in ("query", "dismissed"):
        raise UsageError(f"A paragraph cannot be “{verdict}”{nearest(verdict, ('query', 'dismissed'))}")
    place = form["path"], form.number("text_version"), visit.by, form.number("start"), form.number("end")
    return _onward(visit, form, visit.room.desk.settle_passage(*place, verdict, form["note"].strip()))


def reopen(visit: Visit, form: Form) -> Next:
    """To be settled after all."""
    done = visit.room.desk.reopen(form["key"], form.number("version"), visit.by, _places(form))
    return Next(back(form), _said(done))


def comment(visit: Visit, form: Form) -> Next:
    """A remark for colleagues."""
    if not form["comment"].strip():
        raise UsageError("The comment is empty")
    return Next(back(form), _said(visit.room.desk.comment(form["key"], visit.by, form["comment"].strip())))


def undo(visit: Visit, form: Form) -> Next:
    """Takes the user's last action back and shows what it was about."""
    done = visit.room.desk.undo(visit.by)
    kept = pages.queried(form["back"].partition("?")[2]) if form["back"].partition("?")[0] == "/" else {}
    kept = {name: value for name, value in kept.items() if name not in ("item", "place")}
    if done.key:
        return Next(f"/?{urlencode({**kept, 'item': done.key})}", _said(done))
    if done.path:
        return Next(f"/text?{urlencode({'path': done.path})}", _said(done))
    return Next(back(form), _said(done))


def edit(visit: Visit, form: Form) -> Next:
    """A paragraph in other words; only what differs is an edit, so that the findings round it stay where they are."""
    was, now = _lines(form["was"], form["was"]), _lines(form["text"], form["was"])
    if now == was:
        raise UsageError("The paragraph stands as it did: nothing was changed")
    before, after = _common(was, now)
    start, version = form.number("start"), form.number("text_version")
    end = start + len(was) - after
    span = start + before, end
    try:
        words = now[before : len(now) - after]
        done = visit.room.desk.edit(form["path"], version, visit.by, *span, words, key=form["key"], shown=(start, was))
    except ConflictError as error:
        raise _about_the_paragraph(visit, form, error, was, now) from error
    if form["key"]:
        return _onward(visit, form, done)
    return Next(f"/text?{urlencode({'path': form['path']})}#e{start}", _said(done, undone=True))


def _about_the_paragraph(visit: Visit, form: Form, error: ConflictError, was: str, now: str) -> ConflictError:
    """The conflict told by the whole paragraph as it stands now, and what the form has to say to print the editor's words in its place all the
    same. A paragraph that is gone, or stands there twice, cannot be chosen so."""
    view, near = visit.room.desk.text(form["path"]), form.number("start")
    texts = {span: view.text[span.start : span.end].rstrip() for span in paragraphs(view.text)}
    whole = was.strip()
    same = [span for span, text in texts.items() if text == whole]  # as alike as can be, and found without a comparison
    close = same or sorted((span for span, text in texts.items() if abs(len(text) - len(was)) <= len(was)), key=lambda span: abs(span.start - near))
    alike = {span: SequenceMatcher(None, whole, texts[span], autojunk=False).ratio() for span in close[:_NEAREST]}
    best = max(alike, key=lambda span: (alike[span], -abs(span.start - near)), default=None)
    if best is None or alike[best] < _ALIKE or list(texts.values()).count(texts[best]) > 1:
        return ConflictError(str(error), by=error.by, at=error.at, asked=now)
    stands = texts[best].lstrip()
    fields = {"text_version": str(view.version), "start": str(best.start + len(texts[best]) - len(stands)), "was": stands}
    return ConflictError(str(error), by=error.by, at=error.at, now=stands, asked=now.strip("\r\n"), version=view.version, fields=fields)


def _lines(text: str, like: str) -> str:
    """A form sends every line end as CR LF; the text has its own."""
    plain = text.replace("\r\n", "\n")
    return plain.replace("\n", "\r\n") if "\r\n" in like and "\n" not in like.replace("\r\n", "") else plain


def _common(was: str, now: str) -> tuple[int, int]:
    """How many characters two texts share at their beginning, and at their end beyond those; whole words, so that what differs can be read."""
    most = min(len(was), len(now))
    before = next((index for index in range(most) if was[index] != now[index]), most)
    while before > 0 and any(len(text) > before and text[before - 1].isalnum() and text[before].isalnum() for text in (was, now)):
        before -= 1
    after = next((index for index in range(most - before) if was[-1 - index] != now[-1 - index]), most - before)
    while after > 0 and any(len(text) > after and text[-after].isalnum() and text[-after - 1].isalnum() for text in (was, now)):
        after -= 1
    return before, after


def missed(visit: Visit, form: Form) -> Next:
    """An error that no rule saw, found again by its words and by where they were selected."""
    category, severity = form["category"], form["severity"] or Severity.MINOR
    if category not in CATEGORIES:
        raise UsageError(f"There is no kind of error “{category}”{nearest(category, CATEGORIES)}")
    if severity not in tuple(Severity):
        raise UsageError(f"There is no severity “{severity}”{nearest(severity, tuple(Severity))}")
    view = visit.room.desk.text(form["path"])
    words = form["words"].split()
    near = form.number("near") if form["near"] else 0
    places = [found.span() for found in re.finditer(r"\s+".join(map(re.escape, words)), view.text)] if words else []
    if not places:
        raise UsageError("These words do not stand in the text: select them, or type them exactly")
    start, end = min(places, key=lambda place: abs(place[0] - near))
    done = visit.room.desk.missed(form["path"], form.number("text_version"), visit.by, start, end, category, str(severity), form["note"].strip())
    return Next(back(form), _said(done, undone=True))


def sign_off(visit: Visit, form: Form) -> Next:
    """The text is taken on as it stands."""
    return Next(back(form), _said(visit.room.desk.sign_off(form["path"], form.number("text_version"), visit.by), undone=True))


def check(visit: Visit, form: Form) -> Next:
    """The rules read the text as it stands now."""
    return Next(back(form), _said(visit.room.desk.check(form["path"])))


def alias(visit: Visit, form: Form) -> Next:
    """A name for the project's table."""
    kind = form["kind"] or KINDS[0]
    if kind not in KINDS:
        raise UsageError(f"There is no kind of name “{kind}”{nearest(kind, KINDS)}")
    canonical, surface = form["canonical"].strip(), form["surface"].strip()
    if not canonical or not surface:
        raise UsageError("A name needs the form that the house writes and the one that was found")
    return Next(back(form), _said(visit.room.desk.alias(form["key"], visit.by, canonical, surface, kind)))


def add(visit: Visit, form: Form) -> Next:
    """Copy that was pasted or dropped, kept as files and audited."""
    desk, lang = visit.room.desk, form["source_lang"]
    given = [upload for upload in form.files if upload.name or upload.data]
    if form["text"].strip():
        name = form["name"].strip() or re.sub(r"\W+", "-", form["text"].strip()[:40].splitlines()[0]).strip("-").lower() or "pasted"
        given.append(Upload(name if Path(name).suffix else f"{name}.txt", form["text"].replace("\r\n", "\n").encode("utf-8", "surrogatepass")))
    if not given:
        raise UsageError("There is nothing to add: choose a file or paste a text")
    paths = [desk.add(upload.name, upload.data, lang, visit.by) for upload in given]
    where = f"/?{urlencode({'file': paths[0]})}" if len(paths) == 1 else "/"
    once_more = f" {LOOKING}" if desk.news.running else ""
    return Next(where, f"{count(len(paths), 'text')} added and audited.{once_more}")


def look(visit: Visit, form: Form) -> Next:
    """The folder once more: what is new or was changed there. What takes long goes on beside the page, which says so."""
    before = len(visit.room.desk.news.said)
    news = visit.room.desk.look(visit.by, _PATIENCE)
    visit.room.heard[visit.session] = len(news.said)
    said = " ".join(news.said[before:])
    return Next(back(form), said if said and not news.running else f"{said} {LOOKING}".strip())


def write(visit: Visit, form: Form) -> Next:
    """The corrected files."""
    out = Path(visit.room.out) if form["where"] == "out" and visit.room.out else None
    written = visit.room.desk.write(out, form["backup"] == "yes")
    refused = f" Not written: {'; '.join(written.refused)}." if written.refused else ""
    return Next("/changes", f"{count(len(written.files), 'file')} written{f' to {out}' if out else ''}.{refused}")


def take_in(visit: Visit, form: Form) -> Next:
    """Decisions that were made elsewhere."""
    data = b"".join(upload.data for upload in form.files)
    if not data.strip():
        raise UsageError("The file of decisions is empty")
    return Next("/changes", _said(visit.room.desk.import_(data, visit.by)))


def unclear(_visit: Visit, _form: Form) -> Next:
    """What the return key does in a field without a script."""
    raise UsageError("Nothing was decided: press the button that is meant")


ACTIONS: Mapping[str, Action] = {
    "/accept": accept,
    "/dismiss": dismiss,
    "/query": query,
    "/passage": passage,
    "/reopen": reopen,
    "/comment": comment,
    "/undo": undo,
    "/edit": edit,
    "/missed": missed,
    "/sign-off": sign_off,
    "/check": check,
    "/alias": alias,
    "/add": add,
    "/look": look,
    "/write": write,
    "/import": take_in,
    "/unclear": unclear,
}
"""Every form by its path."""
