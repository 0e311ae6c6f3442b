"""The page in a real browser: a day's work by keyboard, two editors, a lost program, hostile copy, accessibility."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SEEDS = Path(__file__).parents[2] / "seeds"


def decisions(cwd):
    file = cwd / ".auditor" / "decisions.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def open_places(one):
    return int(re.search(r"(\d+) of (\d+) settled", one.page.inner_text(".queue")).group(1))


def test_the_whole_work_on_the_seeds_by_keyboard_alone(tmp_path, running, editor, auditor):
    copy = tmp_path / "seeds"
    copy.mkdir()
    for path in sorted(SEEDS.glob("0*.txt")):
        shutil.copy(path, copy)
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    one = editor(running(tmp_path, "seeds", "--user", "Anna").address)
    settled = 0
    while "settled" not in one.heading:
        one.press("a" if one.page.locator("[data-action=accept]").count() else "d")
        settled += 1
        assert settled < 200
        assert one.page.evaluate("document.activeElement.tagName") == "H1"
        assert "Undo" in one.said
    assert settled > 10
    one.go("Texts")
    for name in sorted(before):
        one.tab_to(f"a:text('{name}')")
        one.press("Enter", "s")
        assert "Signed off by Anna" in one.page.inner_text("main")
        one.go("Texts")
    one.go("Changes")
    one.tab_to("button:text('Write the files in place')")
    one.press("Enter")
    assert "2 files written" in one.said
    for name, old in before.items():
        assert (copy / f"{name}.bak").read_bytes() == old
        assert (copy / name).read_bytes() != old
    assert {line["by"] for line in decisions(tmp_path)} == {"Anna"}
    ran = auditor("gate", "seeds", "--model", "none")
    assert ran.code == 0, ran.out
    assert "signed off by Anna" in ran.out


def test_undo_takes_decisions_back_one_by_one(folder, running, editor, database):
    shared = ("--database", database) if database else ()
    one = editor(running(folder.parent, "copy", "--user", "Anna", *shared).address)
    first = one.heading
    one.press("a")
    second = one.heading
    one.press("d")
    assert open_places(one) > 1
    one.press("u")
    assert one.heading == second
    one.press("u")
    assert one.heading == first
    assert open_places(one) == 0
    one.press("u")
    assert one.page.locator("#said.amiss").count() == 1
    taken = one.page.request.get("/out/decisions.jsonl").text().splitlines()
    assert [json.loads(line)["verdict"] for line in taken].count("undone") >= 2
    assert len(decisions(folder.parent)) == (0 if database else len(taken))


def test_one_key_settles_forty_places_but_for_those_left_out(folder, running, editor):
    text = "---\nsource_language: de\n---\nTalks in Kyiv\n\n" + "\n\n".join(f"Selenskyj spoke of plan number {number} today." for number in range(40))
    (folder / "many.txt").write_text(text + "\n", "utf-8")
    one = editor(running(folder.parent, "copy/many.txt", "--user", "Anna").address)
    assert "40 places" in one.page.inner_text("fieldset")
    boxes = one.page.locator("input[name=place]")
    boxes.nth(3).uncheck()
    boxes.nth(39).uncheck()
    one.page.locator("h1").focus()
    one.press("a")
    assert "38" in one.said
    assert open_places(one) == 38
    one.press("u")
    assert open_places(one) == 0


def test_two_editors_are_never_on_one_finding_and_neither_writes_over_the_other(folder, running, editor):
    page = running(folder.parent, "copy", "--trust-proxy", "x-user")
    anna = editor(page.address, extra_http_headers={"x-user": "Anna"})
    mary = editor(page.address, extra_http_headers={"x-user": "Mary"})
    assert anna.heading != mary.heading
    theirs = mary.page.url
    mary.page.goto(anna.page.evaluate("document.querySelector('.queue ol [aria-current]').href"))
    assert "Anna is on this finding" in mary.page.inner_text("main")
    assert mary.page.locator("[data-action=accept], [data-action=dismiss]").count() == 0
    mary.page.goto(theirs)
    # the same form, kept open by Anna until after Mary has decided
    key = mary.page.get_attribute("[data-lease]", "data-lease")
    stale = mary.page.locator("#decide").evaluate("form => new URLSearchParams(new FormData(form)).toString()")
    mary.press("d")
    answer = mary.page.evaluate(
        "body => fetch('/dismiss', {method: 'POST', body: new URLSearchParams(body + '&scope=here')}).then(answer => answer.status)", stale
    )
    assert answer == 409
    anna.page.goto(f"{page.base}/?state=any&item={key}")
    assert "Mary" in anna.page.inner_text("main")


def test_a_program_that_is_killed_loses_nothing_that_it_confirmed(folder, running, editor):
    page = running(folder.parent, "copy", "--user", "Anna")
    one = editor(page.address)
    one.press("a", "d")
    confirmed, lines = open_places(one), decisions(folder.parent)
    page.kill()
    one.page.fill("[name=note]", "a reason that took long to write")
    one.page.locator("h1").focus()
    one.page.keyboard.press("d")
    one.page.wait_for_selector("#said.amiss")
    assert "Not saved" in one.said
    assert one.page.input_value("[name=note]") == "a reason that took long to write"
    one.errors.clear()  # the browser says that nobody answers
    again = editor(running(folder.parent, "copy", "--user", "Anna").address)
    assert open_places(again) == confirmed
    assert decisions(folder.parent) == lines


def test_what_came_into_the_folder_since_joins_by_one_key(folder, running, editor):
    one = editor(running(folder.parent, "copy", "--user", "Anna").address)
    first = one.heading
    (folder / "late.txt").write_text("---\nsource_language: de\n---\nLate\n\nThen they met in the the hall.\n", "utf-8")
    one.press("l")
    one.page.wait_for_selector("#said:has-text('1 text is new (copy/late.txt)')", timeout=60_000)
    one.page.wait_for_selector("[data-looking]", state="detached")
    assert one.heading == first, "nobody's page is turned"
    one.go("Texts")
    assert "copy/late.txt" in one.page.inner_text("table")


def test_hostile_copy_is_only_words(folder, running, editor):
    one = editor(running(folder.parent, "copy", "--user", "Anna").address)
    for address in ("/", "/texts", "/text?path=copy/kyiv.txt", "/changes"):
        one.page.goto(address)
        assert one.page.title() != "taken"
        assert one.page.locator("img, script:not([src])").count() == 0
    one.page.goto("/text?path=copy/kyiv.txt")
    assert '<script>document.title = "taken"</script>' in one.page.inner_text(".copy")


def test_what_no_rule_saw_is_noted_by_selecting_it(folder, running, editor):
    one = editor(running(folder.parent, "copy/gas.txt", "--user", "Anna").address)
    one.press("t")
    one.page.evaluate(
        """() => {
          const part = [...document.querySelectorAll(".copy span[data-at]")].find((each) => each.textContent.includes("stood still"));
          const start = part.firstChild.data.indexOf("stood still");
          getSelection().setBaseAndExtent(part.firstChild, start, part.firstChild, start + "stood still".length);
        }"""
    )
    one.page.wait_for_timeout(100)
    assert one.page.input_value("#missed [name=words]") == "stood still"
    one.page.fill("#missed [name=note]", "reads oddly")
    with one.page.expect_response(lambda answer: answer.url.endswith("/missed")):
        one.page.keyboard.press("Control+Enter")
    one.settle()
    assert [line["text"] for line in decisions(folder.parent) if line["verdict"] == "missed"] == ["stood still"]


def test_a_paragraph_is_rewritten_and_a_sign_off_is_void_after_it(folder, running, editor):
    one = editor(running(folder.parent, "copy/gas.txt", "--user", "Anna").address)
    one.press("t", "s")
    assert "Signed off" in one.page.inner_text("main")
    one.page.goto("/")
    one.page.keyboard.press("r")
    one.page.locator("textarea[name=text]").fill("He thanked all workers.")
    one.press("Control+Enter")
    one.page.goto("/text?path=copy/gas.txt")
    assert "He thanked all workers." in one.page.inner_text(".copy")
    assert "Signed off" not in one.page.inner_text("main")


def test_the_keys_can_be_others_and_can_be_off(folder, running, editor):
    one = editor(running(folder.parent, "copy", "--user", "Anna").address)
    one.press("?")
    one.page.fill("#key-dismiss", "b")
    one.page.keyboard.press("Tab")
    one.page.fill("#key-own", "b")
    one.page.keyboard.press("Tab")
    assert "another action" in one.said
    one.go("Findings")
    assert one.page.inner_text("[data-action=dismiss] kbd") == "b"
    before = one.heading
    one.press("b")
    assert one.heading != before
    one.press("?")
    one.page.uncheck("[data-switch=keys]")
    one.go("Findings")
    before = one.heading
    assert not one.page.locator("kbd.key").first.is_visible()
    one.page.keyboard.press("b")
    one.page.wait_for_timeout(300)
    assert one.heading == before


def test_the_page_works_without_its_script(folder, running, editor):
    one = editor(running(folder.parent, "copy", "--user", "Anna").address, java_script_enabled=False)
    before = one.page.text_content("h1")
    one.page.click("button[data-action=accept]")
    assert one.page.text_content("h1") != before
    assert "Undo" in one.page.text_content("#said")
    one.page.fill("[name=note]", "why")
    one.page.press("[name=note]", "Enter")
    assert "Nothing was decided" in one.page.text_content("#said")
    one.page.click("button[data-action=undo]")
    assert one.page.text_content("h1") == before


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_scrolls_sideways(folder, running, editor, width):
    (folder / "long.txt").write_text("A headline\n\n" + "Donaudampfschifffahrts" * 20 + " the the end.\n", "utf-8")
    one = editor(running(folder.parent, "copy", "--user", "Anna").address, viewport={"width": width, "height": 480})
    for address in ("/", "/texts", "/text?path=copy/long.txt", "/changes", "/add", "/help"):
        one.page.goto(address)
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(folder, running, editor, scheme, texts):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    one = editor(running(folder.parent, "copy", "--user", "Anna").address, color_scheme=scheme, bypass_csp=True)
    one.press("a", "u", "j")
    wanted = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
    for address in (
        "",
        "/",
        "/?state=any&words=Selenskyj",
        "/?words=nothing+at+all",
        "/texts",
        "/text?path=copy/kyiv.txt",
        f"/text?path=copy/kyiv.txt&edit={texts['kyiv.txt'].index('Kyiv awaits')}",
        "/changes",
        "/add",
        "/help",
        "/text?path=none",
    ):
        if address:
            one.page.goto(address)
        if "edit=" in address:
            assert one.page.evaluate("document.activeElement.name") == "text"
        found = axe.Axe().run(one.page, options=wanted).response["violations"]
        assert not [(each["id"], each["help"], [node["html"][:200] for node in each["nodes"]]) for each in found], address
    one.errors.clear()  # the address of no text
