"""The folder is looked at again while the page is open: new and changed texts join, what is gone is said, decisions hold."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from auditor.config import Config
from auditor.review import looking
from auditor.review.model import Filters, NotFoundError
from tests.review.conftest import audited

GAS = "---\nsource_language: de\n---\nGas flows again\n\nSelenskyj thanked the the crew.\n"
RAIN = "---\nsource_language: de\n---\nRain at last\n\nIn Bonn, Selenskyj looked at the the sky.\n"


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "gas.txt").write_text(GAS, encoding="utf-8")
    return folder


def looked(desk, **options):
    before = len(desk.news.said)
    desk.look("Mary", **options)
    assert desk.looker.wait(60)
    return " ".join(desk.news.said[before:])


def item(desk, text, **filters):
    return next(one for one in desk.queue(Filters(**filters), None, 100).items if one.text == text)


def test_a_new_text_joins_and_what_was_decided_holds(desks, copy, database):
    desk = desks(database=database)
    assert looked(desk) == "Nothing in the folder has changed."
    one = item(desk, "the the")
    desk.dismiss(one.key, one.version, "Mary", "everywhere")
    (copy / "rain.txt").write_text(RAIN, encoding="utf-8")
    assert "1 text is new (copy/rain.txt)" in looked(desk)
    assert [row.path for row in desk.texts()] == ["copy/gas.txt", "copy/rain.txt"]
    assert item(desk, "Selenskyj").open == 2
    assert item(desk, "the the", state="dismissed").places == 2, "dismissed everywhere: in what came later too"
    desk.undo("Mary")
    assert item(desk, "the the").open == 2
    assert looked(desk) == "Nothing in the folder has changed."


def test_a_text_that_others_changed_keeps_edits_and_decisions(desks, copy, database):
    desk = desks(database=database)
    one, name = item(desk, "the the"), item(desk, "Selenskyj")
    desk.accept(one.key, one.version, "Mary", "the")
    desk.query(name.key, name.version, "Joe")
    version = desk.text("copy/gas.txt").version
    (copy / "gas.txt").write_text(GAS.replace("Gas flows", "Late: gas flows") + "\nWe left the the town.\n", encoding="utf-8")
    assert "1 text was changed by others (copy/gas.txt)" in looked(desk)
    view = desk.text("copy/gas.txt")
    assert "thanked the crew" in view.text
    assert view.text.endswith("We left the the town.\n")
    assert view.version > version, "a form that is open on the older text is told"
    assert desk.progress(Filters()).fixed == 1
    assert item(desk, "Selenskyj", state="query").places == 1
    assert item(desk, "the the").open == 1


def test_a_text_that_is_gone_is_said_and_comes_back_with_its_decisions(desks, copy, database):
    (copy / "rain.txt").write_text(RAIN, encoding="utf-8")
    desk = desks(database=database)
    view = desk.text("copy/rain.txt")
    at = view.text.index("looked")
    desk.edit("copy/rain.txt", view.version, "Mary", at, at + 6, "gazed")
    one = item(desk, "the the")
    place = next(place.id for place in desk.item(one.key).places if place.path == "copy/rain.txt")
    desk.dismiss(one.key, one.version, "Mary", places=[place])
    (copy / "rain.txt").unlink()
    said = looked(desk)
    assert "1 text is no longer there (copy/rain.txt)" in said
    assert "come back if the file does" in said
    with pytest.raises(NotFoundError):
        desk.text("copy/rain.txt")
    assert item(desk, "the the").places == 1
    (copy / "rain.txt").write_text(RAIN, encoding="utf-8")
    assert "1 text is new" in looked(desk)
    assert "gazed at" in desk.text("copy/rain.txt").text
    assert item(desk, "the the", state="dismissed").places == 2


def test_a_file_that_cannot_be_read_or_a_folder_out_of_reach_takes_nothing_away(desks, copy, tmp_path):
    (copy / "a.docx").write_bytes(b"PK nothing")
    desk = desks()
    assert [failure.path for failure in desk.failures] == ["copy/a.docx"]
    copy.rename(tmp_path / "away")
    looked(desk)
    assert [row.path for row in desk.texts()] == ["copy/gas.txt"]
    assert "does not exist" in desk.failures[0].reason
    (tmp_path / "away").rename(copy)
    (copy / "a.docx").unlink()
    assert looked(desk) == "Nothing in the folder has changed."
    assert not desk.failures


def test_what_is_decided_and_edited_while_the_folder_is_read_holds(desks, copy, monkeypatch, database):
    """The look is stopped in the middle of its audit; meanwhile an editor goes on."""
    reached, go_on = threading.Event(), threading.Event()

    def slow(texts, policy):
        report = audited(Config())(texts, policy)
        reached.set()
        assert go_on.wait(30)
        return report

    for number in range(3):
        (copy / f"{number}.txt").write_text(RAIN.replace(" sky.", f" sky {number}."), encoding="utf-8")
    desk = desks(database=database, again=slow)
    taken_back = item(desk, "Selenskyj")
    desk.dismiss(taken_back.key, taken_back.version, "Mary")
    (copy / "0.txt").write_text((copy / "0.txt").read_text("utf-8").replace("Rain", "More rain"), encoding="utf-8")
    desk.look("Joe")
    assert reached.wait(30)
    assert desk.news.running
    desk.undo("Mary")
    one = item(desk, "the the")
    chosen = [place.id for place in desk.item(one.key).places if place.path == "copy/0.txt"]
    desk.dismiss(one.key, one.version, "Mary", places=chosen)
    view = desk.text("copy/1.txt")
    desk.edit("copy/1.txt", view.version, "Mary", len(view.text) - 1, len(view.text) - 1, " Nobody knew.")
    go_on.set()
    assert desk.looker.wait(60)
    assert item(desk, "Selenskyj").open == 4
    assert desk.text("copy/1.txt").text.endswith("Nobody knew.\n")
    assert desk.text("copy/0.txt").text.count("More rain") == 1
    assert item(desk, "the the", state="dismissed").places == 4
    assert desk.progress(Filters()).dismissed == 1
    desk.undo("Mary")
    desk.undo("Mary")
    assert desk.progress(Filters()).dismissed == 0, "the decision can still be taken back"


def test_added_copy_is_audited_once_more_as_the_start_audits(desks, copy):
    """What only a language model finds is not there when copy is added, and joins the list when the look is done."""

    def sighted(texts, policy):
        report = audited(Config())(texts, policy)
        return replace(report, run=replace(report.run, model="one"), audits=tuple(map(doubted, report.audits)))

    def doubted(audit):
        finding = next(one for one in audit.findings if one.rule == "en/word-twice")
        return replace(
            audit, findings=(*audit.findings, replace(finding, rule="learned/doubt", kind="learned", fingerprint="0" * 16, fingerprints=()))
        )

    desk = desks(audited=sighted, again=sighted)
    assert len(desk.queue(Filters(rule="learned/*"), None, 9).items) == 1
    name = desk.add("crane.txt", b"A crane fell\n\nNear the the hall a crane fell down.\n", "de", "Mary")
    assert desk.looker.wait(60)
    assert "judged like the other texts" in desk.news.said[-1]
    assert len(desk.queue(Filters(rule="learned/*", file=name), None, 9).items) == 1
    one = item(desk, "the the", file=name, rule="learned/*")
    desk.dismiss(one.key, one.version, "Mary")
    assert looked(desk) == "Nothing in the folder has changed."


def test_a_look_that_fails_says_so_and_leaves_the_desk_as_it_was(desks, copy):
    def broken(texts, policy):
        raise RuntimeError("no memory")

    desk = desks(again=broken)
    before = desk.progress(Filters())
    (copy / "rain.txt").write_text(RAIN, encoding="utf-8")
    assert "could not be looked at again (an error of ours: RuntimeError: no memory)" in looked(desk)
    assert desk.progress(Filters()) == before
    assert not desk.news.running


def test_nobody_is_told_that_nothing_changed_unless_they_asked(desks, copy, monkeypatch):
    desk = desks()
    assert looked(desk, asked=False) == "", "the start was only just now"
    monkeypatch.setattr(looking, "FRESH", 0.0)
    assert looked(desk, asked=False) == ""
    (copy / "rain.txt").write_text(RAIN, encoding="utf-8")
    assert "1 text is new" in looked(desk, asked=False)
