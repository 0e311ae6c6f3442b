"""What an editor decides: accepts, dismisses, asks, edits; each is one entry of the log that says how it is taken back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.errors import UsageError
from auditor.fix import as_standing, widened
from auditor.review import editing, lines
from auditor.review.editing import Change
from auditor.review.filling import check, copy_of
from auditor.review.model import SCOPES, Done, NotFoundError
from auditor.review.project import Project
from auditor.review.store import log, rows
from auditor.review.store.rows import Group, Link, Place, Text
from auditor.review.working import Copy, line_and_column, refusal
from auditor.types import Scope, Span

MISSED = "missed"
"""The rule and the state of what an editor marked that no rule had found."""

_LONGEST = 20_000


@dataclass(slots=True)
class Work:
    """One text while it is edited: its copy and its places as they move, and the steps that the log keeps."""

    text: Text
    copy: Copy
    working: str
    scores: list[list[object]]
    places: dict[int, Place]
    steps: list[dict[str, object]] = field(default_factory=list)

    @classmethod
    def on(cls, project: Project, link: Link, number: int) -> Work:
        """The text of that number, which nobody else changes meanwhile."""
        text = rows.text_by_id(link, number, locked=True)
        places = {place.id: place for place in rows.places_of_text(link, number)}
        return cls(text, copy_of(text, project.config.max_bytes), text.working, json.loads(text.scores), places)

    def replace(self, span: Span, new: str, place: int = 0) -> str:
        """Prints `new` instead of a span; why that cannot be, or nothing. `place` is settled by it and stands where the new words do."""
        edits, change = editing.edit(self.copy.original.text, self.working, self.copy.edits, span, new)
        copy = self.copy.with_edits(edits)
        reason = refusal(copy, change.made)
        if reason:
            return reason
        self.copy, self.working = copy, self.working[: span.start] + new + self.working[span.end :]
        touched = self.move(change, place)
        self.steps.append({"change": editing.packed(change), "place": place, "touched": touched})
        return ""

    def move(self, change: Change, place: int = 0) -> list[list[int]]:
        """Moves the places and the scores with a change; those that it touches, each with where it stood seen from the change."""
        touched: list[list[int]] = []
        for one in list(self.places.values()):
            moved = None if one.id == place else editing.shifted(Span(one.start, one.end), change)
            if moved is None:
                touched.append([one.id, one.start - change.start, one.end - change.start])
                moved = Span(change.start, change.start + (len(change.new) if one.id == place else 0))
            self.places[one.id] = replace(one, start=moved.start, end=moved.end)
        self.scores = [kept for item in self.scores if (kept := _moved_score(item, change)) is not None]
        return touched

    def save(self, link: Link, by: str, at: str, before: Mapping[int, Place]) -> None:
        """Writes the text and the places that are not as they were."""
        changed = [place for place in self.places.values() if place != before.get(place.id)]
        rows.change_places(link, changed)
        rows.change_text(
            link,
            self.text.id,
            edits=editing.dumped(self.copy.edits),
            working=self.working,
            working_sha=self.copy.standing_sha(),
            scores=json.dumps(self.scores),
            version=self.text.version + 1,
            changed_by=by,
            changed_at=at,
            stale=1,
        )


def _moved_score(item: list[object], change: Change) -> list[object] | None:
    start, end, percentile, surprisal, peaks = item
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert isinstance(peaks, list)
    span = editing.shifted(Span(start, end), change)
    if span is None:
        return None
    by = span.start - start
    return [span.start, span.end, percentile, surprisal, [[a + by, b + by, value] for a, b, value in peaks]]


def accept(project: Project, key: str, version: int, by: str, text: str, ids: Sequence[int]) -> Done:
    """Prints `text` at the open places of a group, or at those of them that are given."""
    text = checked(text)
    with project.writing() as link:
        group = project.free(link, key, by, version, asked=f"to print {quoted(text)}" if text else "to cut it")
        chosen = _chosen(link, key, ids, ("open", "query"))
        at = project.moment()
        entry = log.record(link, at=at, by=by, action="accept", said="", payload={}, group_key=key, text_id=chosen[0].text_id)
        by_text: dict[int, list[Place]] = defaultdict(list)
        for place in chosen:
            by_text[place.text_id].append(place)
        payload = _Payload()
        refused: list[str] = []
        settled: list[Place] = []
        for number, places in sorted(by_text.items()):
            work = Work.on(project, link, number)
            before = dict(work.places)
            done = [place for place in reversed(places) if _print(work, place, text, group, refused)]
            if done:
                settled += payload.take(work, before, done, by=by, at=at, entry=entry, printed=text)
                work.save(link, by, at, before)
        if not settled:
            raise UsageError("; ".join(refused) or "nothing stands there to be changed")
        _say(link, "fixed", by, at, f"printed “{text}”" if text else "cut", settled, entry)
        said = f"{quoted(group.text)} is now {quoted(text)}" if text else f"{quoted(group.text)} is cut"
        said += _in_places(len(settled))
        log.refill(link, entry, payload.packed, said)
        return _finished(link, payload.keys | {key}, key, by, at, said, len(settled), entry, tuple(refused))


def _print(work: Work, place: Place, text: str, group: Group, refused: list[str]) -> bool:
    """Prints the text at one place with the capital that stands there; says why where it cannot."""
    here = work.places.get(place.id)
    if here is None:
        return False
    span = Span(here.start, here.end)
    standing = work.working[span.start : span.end]
    new = text if text == standing else as_standing(text, standing, group.text)
    new = text if new is None else new
    if new == standing:
        reason = "that is what stands there"
    elif not new and place.scope == Scope.CREDIT:
        reason = "a credit line is not dropped: restore the credit that your licence requires"
    else:
        if not new:
            document = work.copy.standing()
            span = widened(document, span) if document.text == work.working else span
        reason = work.replace(span, new, place.id)
    if reason:
        line, _ = line_and_column(work.working, span.start)
        refused.append(f"{work.text.path}, line {line}: “{standing}” is left: {reason}")
    return not reason


@dataclass(slots=True)
class _Payload:
    """What an entry has to know to be taken back: the steps in each text, and how the places stood before."""

    texts: list[dict[str, object]] = field(default_factory=list)
    states: list[list[object]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    @property
    def packed(self) -> dict[str, object]:
        return {"texts": self.texts, "states": self.states}

    def take(self, work: Work, before: Mapping[int, Place], done: Sequence[Place], *, by: str, at: str, entry: int, printed: str) -> list[Place]:
        """The places that the steps settled, as they stood: those that were meant, and open ones whose words were touched."""
        self.texts.append({"id": work.text.id, "steps": work.steps})
        meant = {place.id for place in done}
        touched = {number for step in work.steps for number, *_ in _touched(step)}
        settled = [before[number] for number in sorted(meant | touched) if number in meant or before[number].state in ("open", "query")]
        for place in settled:
            words = printed if place.id in meant else ""
            said = f"fixed by {by} on {at[:10]}" if place.id in meant else f"edited by {by} on {at[:10]}"
            self.note(place)
            work.places[place.id] = replace(work.places[place.id], state="fixed", printed=words, said=said, entry=entry)
        return settled

    def note(self, place: Place) -> None:
        """How a place stood."""
        self.states.append([place.id, place.state, place.printed, place.said, place.entry])
        self.keys.add(place.group_key)


def _touched(step: Mapping[str, object]) -> list[list[int]]:
    touched = step["touched"]
    assert isinstance(touched, list)
    return touched


def decide(project: Project, key: str, version: int, by: str, verdict: str, scope: str, note: str, ids: Sequence[int]) -> Done:
    """Lets a finding stand (dismissed) or puts it as a question to the source (query)."""
    if scope not in SCOPES:
        raise UsageError(f"a dismissal reaches here, document or everywhere, not “{scope}”")
    note = checked(note)
    with project.writing() as link:
        group = project.free(link, key, by, version, asked="to let it stand" if verdict == "dismissed" else "to ask the source")
        at = project.moment()
        allowed = ("open", "query", "dismissed") if scope != "here" else ("open", "query") if verdict == "dismissed" else ("open",)
        chosen = _chosen(link, key, ids, allowed)
        texts = {number: rows.text_by_id(link, number) for number in {place.text_id for place in chosen}}
        if scope != "here":
            among = None if scope == "everywhere" else sorted(texts)
            chosen = [place for place in rows.places_of_words(link, group.rule, group.words, among) if place.state in ("open", "query")]
            if not chosen:
                raise NotFoundError("nothing of it is open any more")
        entry = log.record(link, at=at, by=by, action=verdict, said="", payload={}, group_key=key, text_id=chosen[0].text_id)
        payload = _put_down(link, chosen, verdict, by, at, note, entry)
        if scope == "here":
            _say(link, verdict, by, at, note, chosen, entry)
        else:
            paths = [lines.file_of(text) for text in texts.values()] if scope == "document" else []
            log.say(link, lines.on_words(verdict, by, at, note, group.rule, group.words, paths), entry=entry)
        reach = {"here": _in_places(len(chosen)), "document": " in this text", "everywhere": " everywhere"}[scope]
        said = f"{quoted(group.text)} {_VERBS[verdict]}{reach}"
        log.refill(link, entry, payload.packed, said)
        return _finished(link, payload.keys | {key}, key, by, at, said, len(chosen), entry)


def passage(project: Project, path: str, version: int, by: str, span: Span, verdict: str, note: str) -> Done:
    """Settles everything that is open in a passage of a text at once: a paragraph that is ruined as a whole is one decision."""
    if verdict not in _VERBS:
        raise UsageError(f"a passage is {' or '.join(_VERBS)}, not “{verdict}”")
    note = checked(note)
    with project.writing() as link:
        text = project.free_text(link, path, version)
        chosen = [p for p in rows.places_of_text(link, text.id) if p.state == "open" and span.start <= p.start and p.end <= span.end]
        if not chosen:
            raise NotFoundError("nothing is open there any more")
        for key in sorted({place.group_key for place in chosen}):
            project.free(link, key, by, None)
        at = project.moment()
        entry = log.record(link, at=at, by=by, action=verdict, said="", payload={}, text_id=text.id)
        payload = _put_down(link, chosen, verdict, by, at, note, entry)
        _say(link, verdict, by, at, note, chosen, entry)
        what = f"{len(chosen):,} findings in this passage" if len(chosen) > 1 else quoted(chosen[0].text)
        said = f"{what} {_VERBS[verdict] if len(chosen) == 1 else _VERBS[verdict].replace('is ', 'are ', 1)}"
        log.refill(link, entry, payload.packed, said)
        return replace(_finished(link, payload.keys, "", by, at, said, len(chosen), entry), version=text.version, path=path)


_VERBS: Mapping[str, str] = {"dismissed": "is let stand", "query": "is a question to the source"}


def _put_down(link: Link, chosen: Sequence[Place], verdict: str, by: str, at: str, note: str, entry: int) -> _Payload:
    """Writes a verdict on places; how they stood before."""
    payload = _Payload()
    told = f"{verdict} by {by} on {at[:10]}" + (f": {note}" if note else "")
    for place in chosen:
        payload.note(place)
        rows.change_place(link, place.id, state=verdict, said=told, entry=entry)
    return payload


def edit(project: Project, path: str, version: int, by: str, span: Span, new: str, key: str, shown: tuple[int, str] | None = None) -> Done:
    """Edits a text freely and audits it again; findings whose words were changed are settled, and come back if they are found again.

    `shown`: what the editor had before her, and where; UsageError where it does not stand there, and for lines that are no copy.
    """
    new = checked(new)
    with project.writing() as link:
        text = project.free_text(link, path, version, at=span.start, asked=new)
        if not 0 <= span.start <= span.end <= len(text.working):
            raise UsageError(f"the text ends before that: it has {len(text.working):,} signs")
        if shown is not None and not text.working.startswith(shown[1], shown[0]):
            raise UsageError("The paragraph is not the one that this page showed: load the page anew")
        if copy_of(text, project.config.max_bytes).is_front(span.start):
            raise UsageError("These lines tell of the file (its language, its title) and are no copy: change them in the file itself")
        old = text.working[span.start : span.end]
        new = new.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in text.working else new
        if old == new:
            raise UsageError("that is what stands there")
        at = project.moment()
        work = Work.on(project, link, text.id)
        before = dict(work.places)
        meant = next((p.id for p in before.values() if key and p.group_key == key and span.covers(Span(p.start, p.end)) and p.end > p.start), 0)
        reason = work.replace(span, new)
        if reason:
            raise UsageError(f"that cannot be printed there: {reason}")
        said = f"{quoted(old)} is now {quoted(new)}" if old and new else f"{quoted(old)} is cut" if old else f"{quoted(new)} is put in"
        entry = log.record(link, at=at, by=by, action="edit", said=said, payload={}, group_key=key, text_id=text.id)
        payload = _Payload()
        done = [before[meant]] if meant else []
        settled = payload.take(work, before, done, by=by, at=at, entry=entry, printed=new)
        work.save(link, by, at, before)
        _say(link, "fixed", by, at, f"edited to “{new}”", settled, entry)
        log.refill(link, entry, payload.packed, said)
        merged = check(project, link, rows.text_by_id(link, text.id))
        keys = payload.keys | merged.keys | ({key} if key else set())
        found = f"; {merged.came} new finding{'s' * (merged.came != 1)} in {path}" if merged.came else ""
        done_ = _finished(link, keys, key, by, at, said + found, len(settled), entry)
        return replace(done_, version=rows.text_by_id(link, text.id).version)


def _chosen(link: Link, key: str, ids: Sequence[int], states: Iterable[str]) -> list[Place]:
    """The places of a group that a decision is on: those given, else the open ones."""
    wanted, allowed = set(ids), set(states)
    places = rows.places_of_group(link, key)
    found = [place for place in places if place.id in wanted] if wanted else [place for place in places if place.state == "open"]
    found = found or ([] if wanted else places)
    found = [place for place in found if place.state in allowed]
    if not found:
        raise NotFoundError("nothing of it is open any more")
    return found


def _say(link: Link, verdict: str, by: str, at: str, note: str, chosen: Sequence[Place], entry: int) -> None:
    numbers = sorted({place.text_id for place in chosen})
    alive = rows.places_in_state(link, ("open", "query"), numbers, entry=entry)
    texts = rows.texts_by_id(link, numbers)
    log.say(link, lines.on_places(verdict, by, at, note, [p for p in chosen if p.rule != MISSED], texts, alive), entry=entry)


def _finished(
    link: Link, keys: Iterable[str], key: str, by: str, at: str, said: str, settled: int, entry: int, refused: tuple[str, ...] = ()
) -> Done:
    rows.recount(link, (name for name in keys if name))
    for name in sorted(set(keys)):
        if name:
            rows.advance(link, name, by, at)
    rows.let_go(link, key, by)
    group = rows.group(link, key) if key else None
    return Done(said, settled, refused, group.version if group else 0, entry)


def checked(text: str) -> str:
    """A text as it may be kept; UsageError for one that is too long or holds what no text may."""
    if len(text) > _LONGEST:
        raise UsageError(f"that is longer than {_LONGEST:,} signs")
    if "\0" in text:
        raise UsageError("it holds a sign that no text may have (NUL)")
    return text.encode("utf-8", "replace").decode()


def quoted(text: str) -> str:
    """Words as a sentence of ours names them: on one line, shortened."""
    short = " ".join(text.split())
    return f"“{short if len(short) <= 60 else short[:58] + ' …'}”"


def _in_places(number: int) -> str:
    return f" in {number} places" if number > 1 else ""
