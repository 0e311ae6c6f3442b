import json
import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import pipeline
from auditor.errors import AuditorError, UsageError
from auditor.io.edit import edited
from auditor.policy import decisions
from auditor.review.filling import copy_of
from auditor.review.model import ConflictError, Filters, HeldError, NotFoundError
from auditor.review.store import rows

TALKS = """---
source_language: de
---
Talks resume in the the hall

President Selenskyj thanked the workers. “It is good”, said Selenskyj .

Nobody spoke of the weather. The president left at noon .
"""
GAS = """---
source_language: de
---
Gas flows again

Selenskyj thanked the the crew. The station stood still for weeks.
"""


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "talks.txt").write_text(TALKS, encoding="utf-8")
    (folder / "gas.txt").write_text(GAS, encoding="utf-8")
    return folder


def items(desk, **filters):
    return desk.queue(Filters(**filters), None, 100).items


def item(desk, text, **filters):
    return next(one for one in items(desk, **filters) if one.text == text)


def audit(auditor, *arguments):
    ran = auditor("audit", *arguments, "--model", "none", "-f", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_the_queue_is_ordered_grouped_and_filtered(desks, copy, database):
    desk = desks(database=database)
    listed = items(desk)
    ranks = [{"critical": 25, "major": 5, "minor": 1, "neutral": 0.2}[one.severity] * one.confidence for one in listed]
    assert ranks == sorted(ranks, reverse=True)
    twice = item(desk, "the the")
    assert (twice.places, twice.open, twice.files) == (2, 2, 2)
    assert {option.text for option in twice.options} == {"the"}
    assert item(desk, "the the", file="copy/gas.txt").path == "copy/gas.txt"
    assert not items(desk, file="copy/none.txt")
    assert {one.rule for one in items(desk, rule="names/*")} == {"names/romanisation"}
    assert [one.text for one in items(desk, words="THE  the")] == ["the the"]
    assert {one.severity for one in items(desk, severity="major")} == {"major"}
    assert not items(desk, state="dismissed")
    first = desk.queue(Filters(), None, 2)
    rest = desk.queue(Filters(), first.next, 100)
    assert [one.key for one in (*first.items, *rest.items)] == [one.key for one in listed]
    assert first.total == rest.total == len(listed)
    assert rest.next is None
    assert desk.choices().files == ("copy/gas.txt", "copy/talks.txt")
    assert desk.choices().languages == (("de", "German"),)


def test_one_decision_settles_every_place_and_undo_is_exact(desks, copy, database):
    desk = desks(database=database)
    one = item(desk, "Selenskyj")
    done = desk.accept(one.key, one.version, "Mary", "Zelensky")
    assert (done.settled, done.refused) == (3, ())
    assert desk.text("copy/talks.txt").text == TALKS.replace("Selenskyj", "Zelensky")
    assert desk.text("copy/gas.txt").text == GAS.replace("Selenskyj", "Zelensky")
    assert desk.progress(Filters()).fixed == 3
    assert sum(line.startswith("-") and not line.startswith("---") for line in desk.diff().splitlines()) == 2
    back = desk.undo("Mary")
    assert (back.key, back.settled) == (one.key, 3)
    assert desk.text("copy/talks.txt").text == TALKS
    assert desk.text("copy/gas.txt").text == GAS
    assert desk.diff() == ""
    assert item(desk, "Selenskyj").open == 3
    with pytest.raises(NotFoundError):
        desk.undo("Mary")


def test_a_place_may_be_left_out_and_a_capital_stays(desks, tmp_path, database):
    (tmp_path / "copy").mkdir()
    text = "{} day came and went quietly.\n"
    for name, words in (("a", "The the"), ("b", "So the the"), ("c", "Then the the")):
        (tmp_path / "copy" / f"{name}.txt").write_text(text.format(words), encoding="utf-8")
    desk = desks(database=database)
    one = item(desk, "The the")
    chosen = [place.id for place in desk.item(one.key).places][:2]
    option = one.options[0].text
    desk.accept(one.key, one.version, "Mary", option, chosen)
    assert [desk.text(f"copy/{name}.txt").text for name in "abc"] == [text.format(words) for words in ("The", "So the", "Then the the")]
    left = item(desk, "The the")
    assert (left.open, left.places) == (1, 3)


def test_a_dismissal_reaches_as_far_as_it_says(desks, copy, auditor, database):
    desk = desks(database=database)
    one = item(desk, "Selenskyj")
    assert one.places == 3
    talks = [place.id for place in desk.item(one.key).places if place.path == "copy/talks.txt"]
    desk.dismiss(one.key, one.version, "Mary", "here", "ours", talks[:1])
    assert item(desk, "Selenskyj").open == 2
    one = item(desk, "Selenskyj")
    desk.dismiss(one.key, one.version, "Mary", "everywhere")
    assert not items(desk, rule="names/romanisation")
    assert desk.progress(Filters()).dismissed == 3
    (copy / "new.txt").write_text("---\nsource_language: de\n---\nIn Bonn, Selenskyj spoke at length about the harvest.\n", encoding="utf-8")
    again = desks(database=database)
    assert not items(again, rule="names/romanisation")
    assert again.progress(Filters()).dismissed == 4
    again.undo("Mary")
    assert item(again, "Selenskyj").open == 3, "what the first decision settled stays settled; a new text had none"


def test_a_decision_of_an_earlier_run_holds_and_can_be_taken_back(desks, copy, database):
    desk = desks(database=database)
    one = item(desk, "the the")
    desk.accept(one.key, one.version, "Mary", "the")
    query = item(desk, "Selenskyj")
    desk.query(query.key, query.version, "Joe", "which one?")
    desk.close()
    again = desks(database=database)
    assert again.progress(Filters()).fixed == 2
    assert again.progress(Filters()).query == 3
    assert "the the" not in again.text("copy/talks.txt").text
    assert again.item(query.key).places[0].said.startswith("query by Joe on ")
    again.undo("Mary")
    assert again.text("copy/talks.txt").text == TALKS


def test_a_later_decision_on_the_same_words_keeps_an_earlier_one_from_being_undone(desks, copy, database):
    desk = desks(database=database)
    one = item(desk, "the the")
    desk.accept(one.key, one.version, "Mary", "the")
    view = desk.text("copy/gas.txt")
    at = view.text.index("the crew")
    desk.edit("copy/gas.txt", view.version, "Joe", at, at + 8, "all hands")
    with pytest.raises(ConflictError, match="Joe") as refused:
        desk.undo("Mary")
    assert refused.value.by == "Joe"
    assert "all hands" in desk.text("copy/gas.txt").text
    assert "the the" not in desk.text("copy/talks.txt").text, "all or nothing"
    desk.undo("Joe")
    desk.undo("Mary")
    assert desk.text("copy/gas.txt").text == GAS


def test_two_editors_meet_on_one_finding(desks, copy, database):
    desk = desks(database=database)
    one = item(desk, "Selenskyj")
    desk.lease(one.key, "Mary")
    assert item(desk, "Selenskyj").held == "Mary"
    for action in (lambda: desk.lease(one.key, "Joe"), lambda: desk.dismiss(one.key, one.version, "Joe")):
        with pytest.raises(HeldError) as held:
            action()
        assert (held.value.by, 0 < held.value.seconds <= 60) == ("Mary", True)
    desks.clock.now += 40
    desk.heartbeat(one.key, "Mary")
    desks.clock.now += 40
    with pytest.raises(HeldError):
        desk.lease(one.key, "Joe")
    desks.clock.now += 61
    desk.lease(one.key, "Joe")
    with pytest.raises(HeldError):
        desk.heartbeat(one.key, "Mary")
    desk.release(one.key, "Joe")
    desk.dismiss(one.key, one.version, "Mary")
    with pytest.raises(ConflictError) as conflict:
        desk.accept(one.key, one.version, "Joe", "Zelensky")
    assert (conflict.value.by, conflict.value.now) == ("Mary", "“Selenskyj” is let stand in 3 places")
    assert (conflict.value.version, conflict.value.asked) == (one.version + 1, "to print “Zelensky”")


def test_editors_in_threads_lose_nothing(desks, copy, database):
    desk = desks(database=database)
    one = item(desk, "Selenskyj")
    ids = [place.id for place in desk.item(one.key).places]
    problems = []

    def work(name, number):
        for _ in range(50):
            try:
                desk.accept(one.key, desk.item(one.key).item.version, name, "Zelensky", [number])
            except ConflictError:
                continue
            except Exception as error:  # noqa: BLE001
                problems.append(error)
            return

    threads = [threading.Thread(target=work, args=(f"editor {number}", number)) for number in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert desk.progress(Filters()).fixed == 3
    assert desk.text("copy/talks.txt").text == TALKS.replace("Selenskyj", "Zelensky")


def test_an_edit_settles_what_it_touches_moves_the_rest_and_is_audited(desks, copy, database):
    desk = desks(database=database)
    view = desk.text("copy/talks.txt")
    at = view.text.index("in the the hall")
    done = desk.edit("copy/talks.txt", view.version, "Mary", at, at + len("in the the hall"), "today in Bonn ,")
    assert done.settled == 1
    now = desk.text("copy/talks.txt")
    marks = [mark for paragraph in now.paragraphs for mark in paragraph.marks if mark.key]
    assert all(now.text[mark.start : mark.start + len(mark.text)] == mark.text for mark in marks)
    assert {" ,", "Selenskyj"} <= {mark.text for mark in marks if mark.state == "open"}
    assert item(desk, " ,").path == "copy/talks.txt"
    desk.undo("Mary")
    assert desk.text("copy/talks.txt").text == TALKS
    assert not [one for one in items(desk) if one.text == " ,"]
    assert item(desk, "the the").open == 2
    with pytest.raises(ConflictError) as conflict:
        desk.edit("copy/talks.txt", view.version, "Joe", at, at + 2, "x")
    assert (conflict.value.now, conflict.value.asked) == ("Talks resume in the the hall", "x")


def test_the_desk_edits_copy_alone_and_what_was_shown(desks, copy):
    desk = desks()
    view = desk.text("copy/gas.txt")
    at = view.text.index("source_language")
    for start in (0, at):
        with pytest.raises(UsageError, match="no copy"):
            desk.edit("copy/gas.txt", view.version, "Mary", start, start, "x")
    start = view.text.index("Gas flows")
    with pytest.raises(UsageError, match="load the page anew"):
        desk.edit("copy/gas.txt", view.version, "Mary", start, start + 3, "Oil", shown=(start, "Gas flew"))
    assert desk.text("copy/gas.txt").text == GAS
    desk.edit("copy/gas.txt", view.version, "Mary", start, start + 3, "Oil", shown=(start, "Gas flows again"))
    assert desk.text("copy/gas.txt").text == GAS.replace("Gas flows", "Oil flows")


def test_a_dismissal_survives_an_edit_beside_it(desks, copy, auditor, tmp_path):
    desk = desks()
    one = item(desk, "Selenskyj")
    desk.dismiss(one.key, one.version, "Mary")
    view = desk.text("copy/talks.txt")
    at = view.text.index("President ")
    desk.edit("copy/talks.txt", view.version, "Mary", at, at + len("President"), "Mr")
    assert not [one for one in items(desk) if one.text == "Selenskyj"]
    desk.write(None, backup=False)
    desk.close()
    found = audit(auditor, "copy")
    assert not [one for one in found["findings"] if one["text"] == "Selenskyj"], "the next audit honours it under its new fingerprint"


def test_the_next_audit_and_gate_honour_the_decisions_in_every_format(desks, copy, auditor):
    desk = desks()
    one = item(desk, "Selenskyj")
    desk.dismiss(one.key, one.version, "Mary", "everywhere")
    marks = item(desk, " .")
    chosen = [place.id for place in desk.item(marks.key).places][:1]
    desk.dismiss(marks.key, marks.version, "Mary", "here", "meant", chosen)
    desk.close()
    found = audit(auditor, "copy/talks.txt")
    assert not [row for row in found["findings"] if row["text"] == "Selenskyj"]
    (left,) = [row for row in found["findings"] if row["text"] == " ."]
    assert (left["line"], left["occurrences"]) == (8, [])
    for name in ("concise", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjsonl", "csv", "markdown", "html", "terminal"):
        ran = auditor("audit", "copy/talks.txt", "--model", "none", "-f", name)
        assert ran.code == 0, ran.err
        assert "romanisation of the name" not in ran.out, name
    assert "romanisation" not in auditor("gate", "copy", "--model", "none", "--fail-on", "major").err


def test_a_sign_off_holds_until_an_edit_and_the_gate_knows_it(desks, copy, auditor):
    desk = desks()
    view = desk.text("copy/gas.txt")
    desk.sign_off("copy/gas.txt", view.version, "Mary")
    assert desk.text("copy/gas.txt").signed.startswith("Mary on ")
    assert auditor("gate", "copy/gas.txt", "--model", "none", "--fail-on", "minor").code == 0
    version = desk.text("copy/gas.txt").version
    desk.edit("copy/gas.txt", version, "Joe", len(GAS) - 1, len(GAS) - 1, " Nobody knew why.")
    assert desk.text("copy/gas.txt").signed == ""
    desk.undo("Joe")
    assert desk.text("copy/gas.txt").signed.startswith("Mary on "), "the text is again what she let pass"
    desk.undo("Mary")
    assert desk.text("copy/gas.txt").signed == ""
    assert auditor("gate", "copy/gas.txt", "--model", "none", "--fail-on", "minor").code == 1


def test_what_was_missed_is_marked_and_kept(desks, copy, database):
    desk = desks(database=database)
    view = desk.text("copy/gas.txt")
    at = view.text.index("stood still")
    desk.missed("copy/gas.txt", view.version, "Mary", at, at + 11, "style/unidiomatic", "minor", "was idle")
    line = json.loads(desk.export().splitlines()[-1])
    assert (line["verdict"], line["text"], line["category"], line["severity"], line["start"]) == (
        "missed",
        "stood still",
        "style/unidiomatic",
        "minor",
        at,
    )
    (mark,) = [mark for paragraph in desk.text("copy/gas.txt").paragraphs for mark in paragraph.marks if mark.state == "missed"]
    assert mark.text == "stood still"
    with pytest.raises(UsageError, match="type of error"):
        desk.missed("copy/gas.txt", view.version, "Mary", at, at + 11, "style/odd", "minor")
    desk.undo("Mary")
    assert not [mark for paragraph in desk.text("copy/gas.txt").paragraphs for mark in paragraph.marks if mark.state == "missed"]


def test_export_and_import_give_another_desk_the_same_states(desks, copy, database, tmp_path):
    desk = desks(database=database)
    one, twice = item(desk, "Selenskyj"), item(desk, " .")
    desk.dismiss(one.key, one.version, "Mary", "everywhere", "our style")
    desk.query(twice.key, twice.version, "Mary", "?", [desk.item(twice.key).places[0].id])
    view = desk.text("copy/gas.txt")
    desk.sign_off("copy/gas.txt", view.version, "Joe")
    held, said = desk.progress(Filters()), desk.export()
    desk.close()
    (tmp_path / ".auditor" / "decisions.jsonl").unlink(missing_ok=True)
    (tmp_path / ".auditor" / "review.sqlite").unlink(missing_ok=True)
    other = desks(database="")
    assert other.progress(Filters()).open == held.total
    done = other.import_(said, "Ann")
    assert other.progress(Filters()) == held
    assert done.settled == 4
    assert other.text("copy/gas.txt").signed.startswith("Joe on ")
    assert other.import_(said, "Ann").settled == 0
    assert other.export() == said
    with pytest.raises(AuditorError, match="line 1"):
        other.import_(b'{"verdict":"dismised"}', "Ann")


def test_what_a_crash_left_between_store_and_file_is_put_right(desks, copy, monkeypatch, tmp_path):
    desk = desks()
    one, file = item(desk, "Selenskyj"), tmp_path / ".auditor" / "decisions.jsonl"
    monkeypatch.setattr(
        "auditor.policy.journal.append", lambda *_: (_ for _ in ()).throw(UsageError("decisions.jsonl: cannot be written (disk full)"))
    )
    done = desk.dismiss(one.key, one.version, "Mary")
    assert "disk full" in done.refused[0]
    assert not file.exists()
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    desk.close()
    again = desks()
    assert [line.verdict for line in decisions.read(file)] == ["dismissed"] * len(decisions.read(file))
    assert file.read_bytes() == again.export()
    assert not [one for one in items(again) if one.text == "Selenskyj"]


def test_written_files_differ_in_the_fixes_alone(desks, tmp_path, database):
    folder = tmp_path / "copy"
    folder.mkdir()
    raw = "\ufeffThe the day\r\n\r\nCafé talks in the the “hall” .\r\n".encode()
    (folder / "a.txt").write_bytes(raw)
    html = b"<p>The <b>the</b> <i>the</i> day &amp; more.</p>\n<p>In <b>Bonn</b> they met in the the hall&nbsp;.</p>"
    (folder / "b.html").write_bytes(html)
    lines = [json.dumps({"text": f"Number {number}: they met in the the hall."}) for number in range(3)]
    (folder / "c.jsonl").write_bytes("\n".join(lines).encode())
    desk = desks(database=database)
    one = next(one for one in items(desk) if one.text.casefold() == "the the")
    desk.accept(one.key, one.version, "Mary", one.options[0].text)
    out = desk.write(tmp_path / "out", backup=False)
    assert len(out.files) == 3
    assert (folder / "a.txt").read_bytes() == raw
    desk.write(None, backup=True)
    assert (folder / "a.txt").read_bytes() == raw.replace(b"The the", b"The").replace(b"the the", b"the")
    assert (folder / "a.txt.bak").read_bytes() == raw
    assert b"in the hall&nbsp;.</p>" in (folder / "b.html").read_bytes()
    assert [json.loads(line)["text"] for line in (folder / "c.jsonl").read_text().splitlines()] == [
        f"Number {n}: they met in the hall." for n in range(3)
    ]
    assert (tmp_path / "out" / "copy" / "a.txt").read_bytes() == (folder / "a.txt").read_bytes()
    again = desks(database=database)
    assert again.progress(Filters()).fixed == one.places
    again.undo("Mary")
    again.write(None, backup=False)
    assert ((folder / "a.txt").read_bytes(), (folder / "b.html").read_bytes()) == (raw, html), "taken back after it was written"
    assert (folder / "c.jsonl").read_bytes() == "\n".join(lines).encode()


def test_a_file_that_others_changed_is_not_overwritten_and_edits_follow_it(desks, copy, database):
    desk = desks(database=database)
    one = item(desk, "the the")
    desk.accept(one.key, one.version, "Mary", "the")
    theirs = "Late news first.\n\n" + TALKS.partition("---\n")[2].partition("---\n")[2].replace("weather", "wind")
    (copy / "talks.txt").write_text(theirs, encoding="utf-8")
    done = desk.write(None, backup=False)
    assert [name for name in done.files if "gas" in name]
    assert "changed by others" in done.refused[0]
    assert (copy / "talks.txt").read_text(encoding="utf-8") == theirs
    desk.close()
    again = desks(database=database)
    assert again.text("copy/talks.txt").text == theirs.replace("the the", "the")
    assert not again.write(None, backup=False).refused


def test_a_refused_edit_says_why_and_changes_nothing(desks, tmp_path, database):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "a.txt").write_bytes("Caf\xe9 talks in the the hall.\n".encode("cp1252"))
    desk = desks(database=database)
    one = item(desk, "the the")
    with pytest.raises(UsageError, match="cannot be written in"):
        desk.accept(one.key, one.version, "Mary", "the 東京")
    assert item(desk, "the the").version == one.version
    assert desk.diff() == ""


def test_a_desk_that_is_opened_beside_another_takes_nothing_from_it(desks, copy, database, monkeypatch):
    desk = desks(database=database)
    one = item(desk, "the the")
    report = pipeline.report

    def meanwhile(*arguments, **options):
        done = report(*arguments, **options)
        desk.accept(one.key, one.version, "Mary", "the")
        return done

    monkeypatch.setattr(pipeline, "report", meanwhile)
    other = desks(database=database)
    monkeypatch.setattr(pipeline, "report", report)
    for each in (desk, other):
        assert each.text("copy/talks.txt").text == TALKS.replace("the the", "the")
        assert each.progress(Filters()).fixed == 2
    theirs = item(other, "Selenskyj")
    other.accept(theirs.key, theirs.version, "Joe", "Zelensky")
    assert "Zelensky" in desk.text("copy/gas.txt").text
    with pytest.raises(ConflictError):
        desk.dismiss(theirs.key, theirs.version, "Mary")
    desk.undo("Mary")
    other.undo("Joe")
    assert [desk.text(f"copy/{name}.txt").text for name in ("talks", "gas")] == [TALKS, GAS]


def test_dirty_copy_is_settled_like_any_other(desks, tmp_path, database):
    folder = tmp_path / "copy"
    folder.mkdir()
    raw = "The talks \0 went on.\r\nCafé \ufeff in the the 🌍 hall .\r\n\u202eabc\u2028 end\r".encode("utf-16")
    (folder / "a.txt").write_bytes(raw)
    (folder / "Ünï “code” .txt").write_bytes("In the the hall.".encode("cp1252"))
    (folder / "empty.txt").write_bytes(b"")
    (folder / "bad.docx").write_bytes(b"PK nothing")
    desk = desks(database=database)
    assert [failure.path for failure in desk.failures] == ["copy/bad.docx"]
    one = item(desk, "the the")
    assert one.places == 2
    desk.accept(one.key, one.version, "Mary", "the")
    desk.write(None, backup=False)
    assert (folder / "a.txt").read_bytes().decode("utf-16") == raw.decode("utf-16").replace("the the", "the")
    assert (folder / "Ünï “code” .txt").read_bytes() == b"In the hall."
    assert "\0" in desk.text("copy/a.txt").text
    assert "\n+Café" in desk.diff()


def test_a_passage_is_settled_at_once(desks, copy, database):
    desk = desks(database=database)
    view = desk.text("copy/talks.txt")
    start = view.text.index("President")
    end = view.text.index("Nobody")
    done = desk.settle_passage("copy/talks.txt", view.version, "Mary", start, end, "query", "nonsense")
    assert done.settled == 3
    assert desk.progress(Filters()).query == 3
    assert item(desk, "Selenskyj").open == 1
    desk.undo("Mary")
    assert desk.progress(Filters()).query == 0
    with pytest.raises(NotFoundError):
        desk.settle_passage("copy/talks.txt", view.version, "Mary", 0, 2, "query")
    with pytest.raises(UsageError):
        desk.settle_passage("copy/talks.txt", view.version, "Mary", start, end, "fixed")


def test_what_counts_is_told_from_what_is_worth_a_look(desks, copy, database):
    desk = desks(database=database)
    act, look = (items(desk, weight=weight) for weight in ("act", "look"))
    assert all(one.gating for one in act)
    assert not any(one.gating for one in look)
    assert {one.key for one in (*act, *look)} == {one.key for one in items(desk)}
    assert desk.progress(Filters(weight="act")).open == sum(one.open for one in act)


def test_pasted_copy_is_kept_audited_and_never_over_another(desks, copy, database):
    desk = desks(database=database)
    data = b"President Selenskyj thanked the the crew.\n"
    first = desk.add("../../etc/talks.txt", data, "de", "Mary")
    second = desk.add("talks.txt", data, "", "Mary")
    assert len({first, second, "copy/talks.txt"}) == 3
    assert (copy / "talks.txt").read_text(encoding="utf-8") == TALKS
    assert item(desk, "the the", file=first).open == 4
    assert next(row.language for row in desk.texts() if row.path == first) == "de"
    for name, content, said in (
        ("a.pdf", b"x", "PDF"),
        ("a.txt", b" \n", "empty"),
        ("a.docx", b"no zip", "a.*docx"),
        ("a.txt", b"x" * 21_000_000, "MB"),
    ):
        with pytest.raises(AuditorError, match=said):
            desk.add(name, content, "", "Mary")
    assert len(desk.texts()) == 4


def test_a_wrong_address_of_a_database_is_said(desks, copy, tmp_path):
    for address, said in (
        ("postgresql://me:secret@localhost/x", "password"),
        ("mysql://me@localhost/x", "no database that can be used"),
        ("postgresql://me@127.0.0.1:1/x", "cannot be used"),
        ("postgresql://me@127.0.0.1:1/x?passfile=none", "password file none"),
        ("nonsense", "no address"),
    ):
        with pytest.raises(UsageError, match=said) as error:
            desks(database=address)
        assert "secret" not in str(error.value)


def test_an_alias_is_written_and_holds_at_once(desks, copy, tmp_path, database):
    desk = desks(database=database)
    one = item(desk, "Selenskyj")
    desk.alias(one.key, "Mary", "Zelenski", "Wolodimir Selenskij")
    assert "Wolodimir Selenskij" in (tmp_path / ".auditor" / "aliases" / "own.toml").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="kind"):
        desk.alias(one.key, "Mary", "A", "B", "thing")


def test_undo_takes_back_a_comment_and_a_name(desks, copy, tmp_path, database):
    desk = desks(database=database)
    one, own = item(desk, "Selenskyj"), tmp_path / ".auditor" / "aliases" / "own.toml"
    desk.comment(one.key, "Mary", "as AP has it")
    desk.alias(one.key, "Mary", "Zelenski", "Wolodimir Selenskij")
    first = own.read_bytes()
    desk.alias(one.key, "Mary", "Bonne", "Bonn")
    assert "Bonne" in own.read_text("utf-8")
    assert "“Bonn” is printed as “Bonne”" in desk.undo("Mary").said
    assert own.read_bytes() == first
    desk.undo("Mary")
    assert not own.exists()
    assert [said.text for said in desk.item(one.key).comments] == ["as AP has it"]
    desk.undo("Mary")
    assert not desk.item(one.key).comments
    (entry,) = [entry for entry in desk.item(one.key).history if "as AP has it" in entry.said and entry.undone]
    assert entry.said == "wrote “as AP has it”"
    with pytest.raises(NotFoundError):
        desk.undo("Mary")


def test_a_name_stays_where_its_file_was_changed_since(desks, copy, tmp_path):
    desk = desks()
    one, own = item(desk, "Selenskyj"), tmp_path / ".auditor" / "aliases" / "own.toml"
    desk.alias(one.key, "Mary", "Zelenski", "Wolodimir Selenskij")
    own.write_text(own.read_text("utf-8") + "# mine\n", "utf-8")
    with pytest.raises(UsageError, match="changed since"):
        desk.undo("Mary")
    assert "# mine" in own.read_text("utf-8")
    assert not [entry for entry in desk.item(one.key).history if entry.undone]


def test_comments_and_history_are_told(desks, copy, database):
    desk = desks(database=database)
    one = item(desk, "Selenskyj")
    desk.comment(one.key, "Joe", "ask the desk")
    desk.dismiss(one.key, one.version, "Mary", note="ours")
    desk.undo("Mary")
    detail = desk.item(one.key)
    assert [(comment.by, comment.text) for comment in detail.comments] == [("Joe", "ask the desk")]
    assert [(entry.by, entry.undone) for entry in detail.history] == [("Mary", False), ("Mary", True), ("Joe", False)]
    assert detail.why
    assert detail.places[0].quote.marked == "Selenskyj"


def act(desk, kind, one, other, words):
    """One action on whatever the two fractions point at."""
    listed = items(desk, state="")
    chosen = listed[int(one * (len(listed) - 1))] if listed else None
    path = ("copy/gas.txt", "copy/talks.txt")[one > 0.5]
    if kind == "edit":
        view = desk.text(path)
        start = int(one * len(view.text))
        desk.edit(path, view.version, "Mary", start, min(len(view.text), start + int(other * len(view.text))), words)
    elif kind == "undo" or chosen is None:
        desk.undo("Mary")
    elif kind == "accept":
        desk.accept(chosen.key, chosen.version, "Mary", words)
    elif kind == "dismiss":
        desk.dismiss(chosen.key, chosen.version, "Mary", ("here", "document", "everywhere")[int(other * 14) % 3])
    else:
        desk.reopen(chosen.key, chosen.version, "Mary")


actions = st.lists(
    st.tuples(
        st.sampled_from(("accept", "edit", "undo", "dismiss", "reopen")),
        st.floats(0, 1),
        st.floats(0, 0.2),
        st.sampled_from(("", "x", "the the", " y\nz")),
    ),
    max_size=12,
)


@given(actions)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_the_text_is_the_original_with_its_edits_and_places_stand_on_their_words(desks, copy, tmp_path, steps):
    for name in ("decisions.jsonl", "review.sqlite", "review.sqlite-wal", "review.sqlite-shm"):
        (tmp_path / ".auditor" / name).unlink(missing_ok=True)
    desk = desks()
    for step in steps:
        with suppress(AuditorError):
            act(desk, *step)
        with desk.project.reading() as link:
            for text in rows.active(link):
                made = copy_of(text, 10**7)
                assert edited(made.original, made.edits) == text.working
                for place in rows.places_of_text(link, text.id):
                    if place.state != "fixed":
                        assert text.working[place.start : place.end] == place.text
    desk.close()


def test_what_was_found_in_words_that_are_taken_back_goes_with_them(desks, copy, database):
    desk = desks(database=database)
    one = item(desk, "Selenskyj")
    before = item(desk, "the the").open
    desk.accept(one.key, one.version, "Mary", "the the")
    while desk.idle():
        pass
    assert item(desk, "the the").open == before + one.open
    desk.undo("Mary")
    assert item(desk, "the the").open == before
    assert item(desk, "Selenskyj").open == one.open


def test_a_hundred_undos_in_a_row_are_exact(desks, copy):
    desk = desks()
    made = 0
    for round_ in range(6):
        for text in ("copy/gas.txt", "copy/talks.txt"):
            view = desk.text(text)
            at = 40 + 3 * round_
            desk.edit(text, view.version, "Mary", at, at + round_, "ab " * (round_ % 3) + "c")
            made += 1
        if listed := items(desk):
            desk.dismiss(listed[0].key, listed[0].version, "Mary")
            made += 1
    for _ in range(made):
        desk.undo("Mary")
    assert (desk.text("copy/talks.txt").text, desk.text("copy/gas.txt").text) == (TALKS, GAS)
    assert desk.progress(Filters()) == replace(desk.progress(Filters()), fixed=0, dismissed=0, query=0)
    assert item(desk, "the the").open == 2
