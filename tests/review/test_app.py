"""The page in this process: addresses, forms, errors in words, safety; the browser has tests of its own."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from auditor import pipeline
from auditor.config import Config
from auditor.policy.settle import Policy
from auditor.review.actions import ACTIONS, Form, _common, back, onward
from auditor.review.app import application
from auditor.review.pages import SHORTCUTS, filters_of, narrowed, query_of
from auditor.review.security import Access
from auditor.review.views import DOWNLOADS, VIEWS, Room
from tests.review.conftest import desk_over


@dataclass
class Web:
    """A browser without a script over the page."""

    client: TestClient
    access: Access
    desk: object
    lines: list
    folder: object = None

    def get(self, address):
        return self.client.get(address)

    def post(self, where, /, *, csrf=None, files=None, **fields):
        session = self.client.cookies.get(self.access.cookie) or ""
        fields = {"csrf": self.access.form_token(session) if csrf is None else csrf, **fields}
        return self.client.post(where, data=fields, files=files)

    def form(self, page):
        """The hidden fields and ticked places of the form for decisions."""
        part = page.text[page.text.index('id="decide"') :]
        part = part[: part.index("</form>")]
        fields = {html.unescape(name): html.unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', part)}
        return {**fields, "place": re.findall(r'name="place" value="(\d+)"', part)}

    def heading(self, page):
        return html.unescape(re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)[1])


@pytest.fixture(scope="module", autouse=True)
def rules():
    """The rules are read once for all desks of this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "rule_set", lambda _: READ)
        yield


READ = pipeline.rule_set(Config())


def web(folder, *, proxy="", reading=False, limit=100_000, lang="de"):
    config = Config(folder=folder.parent)
    desk = desk_over(config, [str(folder)], policy=Policy(folder.parent), inbox=folder)
    access, lines = Access("Anna", 8448, proxy=proxy, reading=reading, limit=limit), []
    client = TestClient(application(Room(desk, "copy", languages=(("de", "German"),)), access, lines.append), "http://127.0.0.1:8448")
    return Web(client, access, desk, lines)


@pytest.fixture
def page(folder):
    made = web(folder)
    made.get(f"/?token={made.access.token}")
    yield made
    made.desk.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory, texts):
    """A page for tests that change nothing."""
    copy = tmp_path_factory.mktemp("project") / "copy"
    copy.mkdir()
    for name, text in texts.items():
        (copy / name).write_bytes(text.encode())
    made = web(copy)
    made.folder = copy
    made.get(f"/?token={made.access.token}")
    yield made
    made.desk.close()


def test_the_start_page_holds_the_queue(folder):
    made = web(folder)
    first = made.get(f"/?token={made.access.token}")
    assert first.status_code == 200
    assert made.access.token not in str(first.url)
    listed = first.text[first.text.index('<nav class="queue"') :]
    assert "Selenskyj" in listed
    assert 'class="fixes"' in first.text
    made.desk.close()


def test_every_page_opens_and_holds_no_markup_of_the_copy(shared):
    for address in (*VIEWS, "/text?path=copy/kyiv.txt", "/?state=any", "/?words=envoys", "/?file=copy/gas.txt"):
        if address == "/text":
            continue
        answer = shared.get(address)
        assert answer.status_code == 200, address
        assert "<script>" not in answer.text
        assert "<img" not in answer.text


def test_a_decision_leads_to_the_next_finding_and_says_how_it_is_undone(page):
    start = page.get("/")
    after = page.post("/accept", **page.form(start), option="0")
    assert after.status_code == 200
    assert page.heading(after) != page.heading(start)
    assert "Undo takes it back" in after.text
    assert "Undo takes it back" not in page.get("/").text
    undone = page.post("/undo", back="/")
    assert page.heading(undone) == page.heading(start)


def test_the_script_gets_the_next_page_in_the_answer(page):
    start = page.get("/")
    form = page.form(start)
    page.client.headers["X-Swap"] = "1"
    answer = page.post("/dismiss", **form, scope="here")
    assert answer.history == []
    assert answer.headers["x-address"].startswith("/?")
    assert page.heading(page.get(answer.headers["x-address"])) == page.heading(answer)


def test_what_cannot_be_done_is_said_on_the_page_that_it_came_from(shared):
    start = shared.get("/")
    form = shared.form(start)
    shared.client.headers["X-Swap"] = "1"
    for path, fields, words in (
        ("/accept", {"option": "own", "own": "  "}, "no words to print"),
        ("/accept", {"option": "99"}, "no longer there"),
        ("/accept", {"option": "x"}, "load the page anew"),
        ("/dismiss", {"scope": "document!"}, "did you mean “document”"),
        ("/comment", {"comment": " "}, "empty"),
        ("/unclear", {}, "press the button"),
        ("/accept", {"option": "0", "version": "9" * 30}, "load the page anew"),
    ):
        answer = shared.post(path, **{**form, **fields})
        assert answer.status_code == 400, path
        assert words in html.unescape(answer.text)
        assert shared.heading(answer) == shared.heading(start)
    del shared.client.headers["X-Swap"]


def test_a_decision_on_what_has_changed_is_a_choice_between_both(page):
    form = page.form(page.get("/"))
    page.desk.release(form["key"], "Anna")
    page.desk.dismiss(form["key"], int(form["version"]), "Mary", "here", "it is right")
    answer = page.post("/accept", **form, option="0")
    assert answer.status_code == 409
    assert "Mary" in answer.text
    assert "Keep this and go on" in answer.text


def test_a_finding_that_a_colleague_has_open_cannot_be_decided(page):
    form = page.form(page.get("/"))
    page.desk.release(form["key"], "Anna")
    page.desk.lease(form["key"], "Mary")
    answer = page.get(f"/?item={form['key']}")
    assert "Mary is on this finding" in answer.text
    assert 'formaction="/accept"' not in answer.text
    assert page.post("/heartbeat", key=form["key"]).status_code == 409
    assert page.post("/dismiss", **form, scope="here").status_code == 409


def test_a_form_needs_the_token_of_its_session(shared):
    form = {name: value for name, value in shared.form(shared.get("/")).items() if name != "csrf"}
    before = shared.desk.progress(filters_of({}))
    for path in (*ACTIONS, "/heartbeat", "/release"):
        assert shared.post(path, csrf="", **form).status_code == 403, path
        assert shared.post(path, csrf="x" * 64, **form).status_code == 403, path
    assert shared.desk.progress(filters_of({})) == before


def test_a_reader_sees_everything_and_changes_nothing(folder):
    made = web(folder)
    start = made.get(f"/?token={made.access.reading_token}")
    assert start.status_code == 200
    assert '<form method="post"' not in start.text
    for path in ACTIONS:
        assert made.post(path).status_code == 403
    assert made.get("/changes").status_code == 200
    made.desk.close()


@pytest.mark.parametrize(
    "path", ["../secret.txt", "/etc/passwd", "copy/../../secret.txt", "copy/none.txt", "", "copy\\kyiv.txt", "copy/kyiv.txt\x00"]
)
def test_only_known_texts_have_a_page(shared, path):
    (shared.folder.parent.parent / "secret.txt").write_text("secret")
    answer = shared.client.get("/text", params={"path": path})
    assert answer.status_code == 404
    assert "secret" not in answer.text.replace("secret.txt", "")


@pytest.mark.parametrize("name", ["../app.py", "%2e%2e/app.py", "page.css", "x"])
def test_only_known_files_are_served(shared, name):
    assert shared.get(f"/static/{name}").status_code in (404, 403)
    assert shared.get(f"/out/{name}").status_code == 404


@pytest.mark.parametrize("name", ["report.css", "review.css", "review.js", "icon.svg"])
def test_the_page_loads_nothing_from_elsewhere(shared, name):
    answer = shared.get(f"/static/{name}")
    assert answer.status_code == 200
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|url\(", answer.text)


def test_a_text_is_pasted_and_a_file_is_dropped(page, folder):
    answer = page.post("/add", name="My story", text="A headline\n\nThe the mayor left.\n", source_lang="de")
    assert "1 text added" in answer.text
    answer = page.post("/add", files=[("files", ("../../up.txt", b"A headline\n\nThe the mayor came.\n", "text/plain"))])
    assert "1 text added" in answer.text
    assert not (folder.parent.parent / "up.txt").exists()
    assert len(list(folder.glob("*.txt"))) == 4
    assert len(page.desk.texts()) == 4
    answer = page.post("/add", text=" ")
    assert "nothing to add" in answer.text


def test_the_folder_is_looked_at_again(page, folder):
    assert "Nothing in the folder has changed" in page.post("/look", back="/texts").text
    (folder / "late.txt").write_text("A headline\n\nThe the mayor left.\n", "utf-8")
    (folder / "bad.docx").write_bytes(b"PK nothing")
    answer = page.post("/look", back="/texts")
    assert page.desk.looker.wait(30)
    told = answer.text + page.get("/texts").text
    assert "1 text is new (copy/late.txt)" in told
    assert "1 file could not be read" in told
    assert "copy/late.txt" in page.get("/texts").text
    assert "1 text is new" not in page.get("/texts").text, "it is told once"


def test_what_a_look_brings_is_told_to_everybody_once(page, folder):
    mary = TestClient(page.client.app, "http://127.0.0.1:8448")
    mary.get(f"/?token={page.access.token}")
    (folder / "late.txt").write_text("A headline\n\nThe the mayor left.\n", "utf-8")
    page.post("/look", back="/")
    assert page.desk.looker.wait(30)
    assert "1 text is new" in mary.get("/news").json()["said"]
    assert mary.get("/news").json() == {"running": False, "said": ""}
    assert "1 text is new" not in mary.get("/").text


def test_a_session_that_begins_has_the_folder_looked_at(page, folder, monkeypatch):
    monkeypatch.setattr("auditor.review.looking.FRESH", 0.0)
    (folder / "late.txt").write_text("A headline\n\nThe the mayor left.\n", "utf-8")
    mary = TestClient(page.client.app, "http://127.0.0.1:8448")
    mary.get(f"/?token={page.access.token}")
    assert page.desk.looker.wait(30)
    assert "1 text is new (copy/late.txt)" in page.get("/").text
    assert len(page.desk.texts()) == 3


def test_too_much_at_once_is_refused(page):
    assert page.post("/add", text="x" * 200_000).status_code == 413
    assert len(page.desk.texts()) == 2


def test_the_user_comes_from_the_proxy_only_where_it_is_trusted(folder):
    made = web(folder)
    made.get(f"/?token={made.access.token}")
    made.client.headers["X-User"] = "Mallory"
    assert "Mallory" not in made.get("/").text
    made.desk.close()
    trusting = web(folder, proxy="x-user")
    answer = trusting.get(f"/?token={trusting.access.token}")
    assert answer.status_code == 403
    assert "names nobody" in answer.text
    trusting.client.headers["X-User"] = "Mary <b>\x07"
    assert "Mary &lt;b&gt;" in trusting.get("/").text
    del trusting.client.headers["X-User"]
    answer = trusting.client.get("/", headers=[(b"x-user", "Siân O’Neill".encode())])
    assert "Siân O’Neill" in answer.text
    trusting.desk.close()


def test_an_edit_and_a_missed_error_and_a_sign_off(page):
    view = page.desk.text("copy/gas.txt")
    start = view.text.index("Selenskyj thanked")
    was = view.text[start : view.text.index(".", start) + 1]
    about = {"path": "copy/gas.txt", "text_version": str(view.version)}
    answer = page.post("/edit", **about, start=str(start), was=was, text=was.replace("thanked", "praised"))
    assert "praised" in answer.text
    about["text_version"] = str(page.desk.text("copy/gas.txt").version)
    assert "nothing was changed" in page.post("/edit", **about, start=str(start), was=was, text=was).text
    fields = {"category": "accuracy/mistranslation", "severity": "major", "near": "0"}
    assert "do not stand in the text" in page.post("/missed", **about, words="no such words", **fields).text
    assert page.post("/missed", **about, words="had   stood still", **fields).status_code == 200
    assert "no kind of error" in page.post("/missed", **about, words="stood", category="accuracy/mistake").text
    about["text_version"] = str(page.desk.text("copy/gas.txt").version)
    assert "Signed off by Anna" in page.post("/sign-off", **about).text


def test_an_edit_of_what_a_colleague_moved_goes_where_the_words_stand_or_nowhere(page):
    view = page.desk.text("copy/gas.txt")
    start = view.text.index("Selenskyj thanked")
    was = view.text[start : view.text.index("\n", start)]
    form = {"path": "copy/gas.txt", "text_version": str(view.version), "start": str(start), "was": was, "text": was.replace("thanked", "praised")}
    at = view.text.index("Gas flows")
    page.desk.edit("copy/gas.txt", view.version, "Mary", at, at, "An opening that pushes all behind it away. ")
    stood = page.desk.text("copy/gas.txt").text
    answer = page.post("/edit", **form)
    assert answer.status_code == 409
    assert page.desk.text("copy/gas.txt").text == stood
    part = answer.text[answer.text.index("What you decided") :]
    assert was.replace("thanked", "praised") in html.unescape(re.sub(r"<[^>]+>", "", part))
    again = {html.unescape(name): html.unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', part)}
    again.pop("csrf", None)
    page.post("/edit", **again)
    assert page.desk.text("copy/gas.txt").text == stood.replace("thanked", "praised", 1)


def test_front_matter_is_no_copy(folder):
    (folder / "front.txt").write_text("---\nsource_language: de\n---\n\nPresident Selenskyj came.\n", encoding="utf-8")
    made = web(folder)
    made.get(f"/?token={made.access.token}")
    view = made.desk.text("copy/front.txt")
    assert [paragraph.scope == "front" for paragraph in view.paragraphs] == [True, True, True, False]
    assert made.get("/text?path=copy/front.txt").text.count(">Edit<") == 1
    assert "<textarea" not in made.get("/text?path=copy/front.txt&edit=0").text.partition("</article>")[0]
    form = {"path": "copy/front.txt", "text_version": str(view.version), "start": "4", "was": "source_language: de", "text": "source_language: fr"}
    assert "no copy" in made.post("/edit", **form).text
    assert made.desk.text("copy/front.txt").text == view.text
    made.desk.close()


def test_an_edit_of_a_paragraph_that_is_gone_or_was_never_there_is_refused(page):
    view = page.desk.text("copy/gas.txt")
    form = {
        "path": "copy/gas.txt",
        "text_version": str(view.version),
        "start": str(len(view.text) - 20),
        "was": "Nothing of this.",
        "text": "Nothing.",
    }
    assert "load the page anew" in page.post("/edit", **form).text
    at = view.text.index("Gas flows")
    page.desk.edit("copy/gas.txt", view.version, "Mary", at, at, "Well. ")
    answer = page.post("/edit", **form)
    assert answer.status_code == 409
    assert "Decide so all the same" not in answer.text
    assert page.desk.text("copy/gas.txt").text == view.text.replace("Gas flows", "Well. Gas flows")


def test_a_ruined_paragraph_is_one_question_and_one_undo(page):
    start = page.get("/?file=copy/gas.txt")
    form = re.search(r'action="/passage".*?</form>', start.text, re.DOTALL)[0]
    fields = {html.unescape(name): html.unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)}
    before = page.desk.progress(filters_of({"file": "copy/gas.txt"}))
    assert before.open > 1
    assert page.post("/passage", **fields, verdict="fixed").text.count("cannot be “fixed”") == 1
    answer = page.post("/passage", **fields, verdict="query")
    assert page.desk.progress(filters_of({"file": "copy/gas.txt"})).query == before.open
    assert page.heading(answer) == "Nothing fits these filters"
    page.post("/undo", back="/")
    assert page.desk.progress(filters_of({"file": "copy/gas.txt"})) == before


def test_what_is_taken_along(page):
    page.post("/accept", **page.form(page.get("/")), option="0")
    for name in DOWNLOADS:
        answer = page.get(f"/out/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.content
    assert '"verdict"' in page.get("/out/decisions.jsonl").text
    exported = page.get("/out/decisions.jsonl").content
    assert page.post("/import", files=[("file", ("d.jsonl", exported, "text/plain"))]).status_code == 200
    assert page.post("/import", files=[("file", ("d.jsonl", b"{", "text/plain"))]).status_code == 200


def test_an_error_of_ours_is_a_page_in_words(shared, monkeypatch):
    monkeypatch.setattr(type(shared.desk), "texts", lambda self: 1 / 0)
    quiet = TestClient(shared.client.app, "http://127.0.0.1:8448", raise_server_exceptions=False, cookies=dict(shared.client.cookies))
    answer = quiet.get("/texts")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert "Traceback" not in answer.text
    assert ["ZeroDivisionError" in line for line in shared.lines] == [True]


def test_an_unknown_address_is_a_page_in_words(shared):
    assert "no page at this address" in shared.get("/nowhere").text
    assert shared.client.delete("/").status_code == 405


@pytest.mark.parametrize(
    "query", [{}, {"state": "any"}, {"state": "fixed", "file": "a b&c.txt", "words": "“ü”"}, {"severity": "major", "rule": "de-en/*"}]
)
def test_filters_stand_in_the_address_as_they_were_asked(query):
    filters = filters_of(query)
    from auditor.review.pages import queried

    assert filters_of(queried(query_of(filters))) == filters
    assert bool(narrowed(filters)) == bool(query)


@pytest.mark.parametrize("back_to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""])
def test_a_form_leads_to_no_other_site(back_to):
    form = Form([("back", back_to)], (), {"back": back_to})
    assert back(form) == "/"
    assert onward(form).startswith("/?") or onward(form) == "/"


@pytest.mark.parametrize(
    ("was", "now", "shared"),
    [("a bc", "a bc", (4, 0)), ("aa", "aaa", (0, 0)), ("a bcd e", "a bxd e", (2, 2)), ("", "x", (0, 0)), ("xy", "", (0, 0)), ("a, a", "a", (1, 0))],
)
def test_only_what_differs_is_an_edit(was, now, shared):
    assert _common(was, now) == shared


@given(st.text("ab .\r\n", max_size=12), st.text("ab .\r\n", max_size=12))
def test_an_edit_leads_from_what_was_to_what_is(was, now):
    before, after = _common(was, now)
    assert before + after <= min(len(was), len(now))
    assert was[:before] + now[before : len(now) - after] + was[len(was) - after :] == now


def test_the_script_knows_every_key_of_the_help(shared):
    script = shared.get("/static/review.js").text
    keys = dict(re.findall(r'(\w+): "(.)"', script[script.index("DEFAULTS") : script.index("};")]))
    assert keys == {name: key for name, _, key in SHORTCUTS}
    assert len(script.splitlines()) < 300
