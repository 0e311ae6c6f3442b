"""What leaves the desk: corrected files, the diff, the report on what was changed, the decisions; and decisions that come in."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import DataError, InputError, UsageError
from auditor.io.encoding import decode
from auditor.io.write import swap
from auditor.policy import decisions
from auditor.report import page as report_page
from auditor.report import table
from auditor.report.diff import unified
from auditor.report.markup import Html, element, join, opening, text
from auditor.review import lines, standing
from auditor.review.filling import copy_of
from auditor.review.model import Done, Written
from auditor.review.project import Project
from auditor.review.store import log, rows
from auditor.review.store.log import Logged
from auditor.review.store.rows import Link, Text
from auditor.review.working import digest, line_and_column

_COLUMNS = ("text", "line", "column", "rule", "severity", "words", "what", "now", "who", "note", "message")
_SETTLED = ("fixed", "dismissed", "query", "missed")


def diff(project: Project) -> str:
    """What writing would change, as a unified diff; of a .docx its readable text."""
    out: list[str] = []
    with project.reading() as link:
        for one in _edited(link):
            copy = copy_of(one, project.config.max_bytes)
            if one.part and not one.part.startswith("line "):
                old, new = copy.original.text, one.working
            else:
                old, new = (decode(data, path=one.file).text for data in (copy.data, copy.made().data))
            out += unified(one.path, old, new)
    return "".join(out)


def _edited(link: Link, *, written: bool = False) -> Iterator[Text]:
    """The texts with edits; with `written` those too whose files hold edits that were taken back since."""
    return (one for one in rows.active(link, edited=True) if one.edits != "[]" or (written and one.written not in ("", one.sha)))


@dataclass(frozen=True, slots=True)
class _Corrected:
    """A file as it is on the disk and as it is to be, with the hash of each of its texts by number."""

    path: Path
    name: str
    old: bytes
    new: bytes
    texts: tuple[tuple[int, str], ...]


def write(project: Project, out: Path | None, *, backup: bool) -> Written:
    """Writes the corrected files: in their place (`backup`: the old one stays beside it as NAME.bak), or into a folder.

    All bytes but those of the edits stay. A file that others changed meanwhile is left as it is, and that is said.
    """
    with project.writing() as link:
        by_file: dict[str, list[Text]] = defaultdict(list)
        for one in _edited(link, written=True):
            by_file[one.file].append(one)
        written, refused, unchanged = [], [], 0
        for name, texts in sorted(by_file.items()):
            try:
                corrected = _corrected(project, name, texts)
                if corrected.new == corrected.old and out is None:
                    unchanged += 1
                    continue
                written.append(str(_put(corrected, out, backup=backup)))
            except (UsageError, InputError) as error:
                refused.append(str(error))
                continue
            if out is None:
                for number, sha in corrected.texts:
                    rows.change_text(link, number, written=sha)
    return Written(tuple(written), unchanged, tuple(refused))


def _corrected(project: Project, name: str, texts: Sequence[Text]) -> _Corrected:
    path = Path(name)
    try:
        old = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{name}: cannot be read ({error.strerror}); it is left as it is") from error
    parts = old.split(b"\n")
    new, shas = old, []
    for one in texts:
        number = int(one.part.removeprefix("line ")) - 1 if one.part.startswith("line ") else None
        now = old if number is None else parts[number] if number < len(parts) else b""
        made = copy_of(one, project.config.max_bytes).made().data
        if digest(now) not in (digest(one.data), one.written, digest(made)):
            raise UsageError(f"{name}: was changed by others since it was audited; it is left as it is")
        shas.append((one.id, digest(made)))
        if number is None:
            new = made
        else:
            parts[number] = made
            new = b"\n".join(parts)
    return _Corrected(path, lines.file_of(texts[0]), old, new, tuple(shas))


def _put(corrected: _Corrected, out: Path | None, *, backup: bool) -> Path:
    path = corrected.path
    if out is None:
        if backup:
            _create(path.with_name(f"{path.name}.bak"), corrected.old, again=False)
        swap(path, corrected.old, corrected.new)
        return path
    name = Path(corrected.name)
    target = out / (Path(name.name) if name.is_absolute() or ".." in name.parts else name)
    if target.exists() and target.samefile(path):
        swap(path, corrected.old, corrected.new)
        return path
    _create(target, corrected.new, again=True)
    return target


def _create(path: Path, data: bytes, *, again: bool) -> None:
    """A new file; one that is there is replaced where `again`, else left."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if again or not path.exists():
            path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def changes(project: Project, form: str) -> str:
    """What was settled and edited, place by place, as csv or html."""
    found = list(_rows(project))
    if form == "csv":
        return "".join([table.row(_COLUMNS), *(table.row(row) for row in found)])
    if form != "html":
        raise UsageError(f"the report on changes is csv or html, not “{form}”")
    style = report_page.asset("page.css")
    head = [element("th", text(name), scope="col") for name in _COLUMNS]
    body = [element("tr", *(element("td", text(cell), dir="auto") for cell in row)) for row in found]
    listing = element("table", element("thead", element("tr", *head)), element("tbody", *body))
    return join(
        (
            Html('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'),
            Html('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
            element("title", text("What was changed")),
            Html(f"\n<style>{style}</style>\n</head>\n"),
            opening("body"),
            element("main", element("h1", text("What was changed")), element("p", text(_summary(found))), listing),
            Html("\n</body>\n</html>\n"),
        )
    )


def _summary(found: Sequence[Sequence[object]]) -> str:
    texts = len({row[0] for row in found})
    return f"{len(found):,} places in {texts:,} texts."


def _rows(project: Project) -> Iterator[tuple[object, ...]]:
    with project.reading() as link:
        settled = rows.places_in_state(link, _SETTLED)
        edits: dict[int, list[Logged]] = defaultdict(list)
        for entry in log.edits(link):
            edits[entry.text_id].append(entry)
        order = [one.id for one in rows.listed(link) if one.id in settled or one.id in edits]
        texts = rows.texts_by_id(link, order)
        for number in order:
            one = texts[number]
            for place in settled.get(number, ()):
                line, column = line_and_column(one.working, place.start)
                who, _, note = place.said.partition(": ")
                now = place.printed or ("(cut or edited)" if place.state == "fixed" else "")
                yield one.path, line, column, place.rule, place.severity, place.text, place.state, now, who, note, place.message
            for entry in edits[number]:
                yield one.path, "", "", "", "", "", "edited", entry.said, f"{entry.by} on {entry.at[:10]}", "", ""


def export(project: Project) -> bytes:
    """Every decision as a line of decisions.jsonl."""
    with project.reading() as link:
        return "".join(f"{record}\n" for _, record in log.lines_after(link, 0)).encode("utf-8", "backslashreplace")


def take_in(project: Project, data: bytes, by: str) -> Done:
    """Decisions made elsewhere: added to ours, each once. DataError with the line for what is none; nothing is added then."""
    source = Path("the decisions")
    records = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DataError(f"{source}: line {number}: is not JSON") from error
            if not isinstance(record, dict):
                raise DataError(f"{source}: line {number}: has to be a JSON object")
            decisions.read_one(source, number, record)
            records.append(record)
    with project.writing() as link:
        entry = log.record(link, at=project.moment(), by=by, action="import", said="", payload={})
        added = log.say(link, records, entry=entry)
        changed = standing.settle(project, link)
        said = f"{added:,} of {len(records):,} decisions are new; {changed:,} places are settled otherwise now"
        log.refill(link, entry, {}, said)
        return Done(said, changed, entry=entry)
