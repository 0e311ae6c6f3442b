"""What only the language model or the other texts had shown survives an audit in place where its words are untouched."""

from auditor.review.found import Found, group_key
from auditor.review.merging import merge, put_groups
from auditor.review.model import Filters
from auditor.review.store import rows
from auditor.types import Span

TEXT = "President Selenskyj thanked the crew. The station stood still for weeks. Nobody knew the reason.\n"


def seen(words, mark):
    at = TEXT.index(words)
    key = group_key("learned/calque", words, [])
    return Found(
        key=key,
        rule="learned/calque",
        words=words,
        text=words,
        span=Span(at, at + len(words)),
        fingerprint=mark,
        finding=mark,
        category="style/unidiomatic",
        severity="minor",
        confidence=0.8,
        gating=False,
        scope="body",
        message="reads like a translation",
        evidence="[]",
        options="[]",
        outside=True,
        state="open",
        said="",
    )


def test_it_moves_with_its_words_and_goes_with_them(desks, tmp_path, database):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "a.txt").write_text(TEXT, encoding="utf-8")
    desk = desks(database=database)
    both = [seen("stood still", "a" * 16), seen("knew the reason", "b" * 16)]
    with desk.project.writing() as link:
        put_groups(link, [(0, item) for item in both])
        merge(link, 1, both, sees=lambda _: False)
        rows.recount(link)
    found = {item.text for item in desk.queue(Filters(rule="learned/*"), None, 10).items}
    assert found == {"stood still", "knew the reason"}
    view = desk.text("copy/a.txt")
    desk.edit("copy/a.txt", view.version, "Mary", 0, 9, "Mr")
    desk.check("copy/a.txt")
    marks = [mark for paragraph in desk.text("copy/a.txt").paragraphs for mark in paragraph.marks if mark.rule == "learned/calque"]
    assert [(mark.text, mark.state) for mark in marks] == [("stood still", "open"), ("knew the reason", "open")]
    view = desk.text("copy/a.txt")
    at = view.text.index("still")
    desk.edit("copy/a.txt", view.version, "Mary", at, at + 5, "idle")
    assert [item.text for item in desk.queue(Filters(rule="learned/*"), None, 10).items] == ["knew the reason"]
    assert [item.text for item in desk.queue(Filters(rule="learned/*", state="fixed"), None, 10).items] == ["stood still"]
    desk.undo("Mary")
    desk.undo("Mary")
    assert desk.text("copy/a.txt").text == TEXT
    assert len(desk.queue(Filters(rule="learned/*"), None, 10).items) == 2
    again = desks(database=database)
    assert len(again.queue(Filters(rule="learned/*"), None, 10).items) == 2, "a run without the model says nothing against it"
