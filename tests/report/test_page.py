import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from auditor.report import page
from auditor.report.notes import notes_of
from auditor.report.options import Options
from auditor.report.visible import HIDDEN
from auditor.types import Report, Rule, Span

VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """The page read back: well-formed or it fails."""

    def __init__(self, written: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.copy: list[str] = []
        self.raw: dict[str, str] = {"style": "", "script": ""}
        self.feed(written)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        assert len(dict(attributes)) == len(attributes)
        if dict(attributes).get("class") == "copy":
            self.copy.append("")
        if tag == "br":
            self.copy[-1] += "\n"
        if tag not in VOID:
            self.open.append(f"{tag} {dict(attributes).get('class')}")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().split()[0] == tag

    def handle_data(self, data: str) -> None:
        within = self.open[-1].split()[0] if self.open else ""
        if within in self.raw:
            self.raw[within] += data
        if "div copy" in self.open and not any(name.startswith("sup") for name in self.open):
            self.copy[-1] += data

    def having(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


def written(report: Report, **options: object) -> str:
    return "".join(page.render(report, Options(**options)))  # type: ignore[arg-type]


@pytest.fixture(params=["sample", "hostile"], name="report")
def _report(request: pytest.FixtureRequest) -> Report:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def test_it_is_whole_and_its_links_lead_somewhere(report: Report, rules: dict[str, Rule]) -> None:
    read = Page(written(report, rules=rules, verbose=True))
    ids = Counter(attributes["id"] for _, attributes in read.elements if attributes.get("id"))
    assert max(ids.values()) == 1
    links = [attributes["href"] or "" for attributes in read.having("a")]
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    labels = [attributes["aria-labelledby"] for _, attributes in read.elements if attributes.get("aria-labelledby")]
    assert set(labels) <= set(ids)


def test_it_loads_nothing_and_runs_only_its_own_script(report: Report) -> None:
    text = written(report)
    read = Page(text)
    assert len(read.having("script")) == len(read.having("style")) == 1
    assert not any(
        key in {"src", "srcset", "action"} or key.startswith("on") or key == "style" for _, attributes in read.elements for key in attributes
    )
    policy = next(attributes["content"] for attributes in read.having("meta") if attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(read.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not re.search(r"url\(|@import|https?:", read.raw["style"] + read.raw["script"])


def test_the_copy_is_all_there(sample: Report) -> None:
    read = Page(written(sample))
    assert len(read.copy) == len(sample.audits)
    for shown, audit in zip(read.copy, sample.audits, strict=True):
        assert audit.document is not None
        assert "".join(shown.split()) == "".join(audit.document.text.split())


def test_hostile_copy_is_shown_not_run(hostile: Report) -> None:
    text = written(hostile)
    assert not HIDDEN.search(text.replace("\n", "").replace("\t", ""))
    assert "</script><script>alert(1)</script> ⟨U+202E⟩gnp.exe &amp; <b>bold</b>" in Page(text).copy[0]


def test_every_finding_has_a_note_and_its_marks(sample: Report) -> None:
    read = Page(written(sample))
    notes = {attributes["id"]: attributes for attributes in read.having("li") if (attributes.get("class") or "").startswith("note ")}
    assert len(notes) == 15
    marks = Counter(attributes["data-note"] for attributes in read.having("mark"))
    places = {f"d1n{note.sign}": 1 + len(note.finding.occurrences) for note in notes_of(sample.audits[0].findings, "d1")}
    assert all(marks[key] >= count for key, count in places.items())
    assert set(marks) <= set(notes)
    assert all({"data-severity", "data-status", "data-rule"} <= set(attributes) for attributes in notes.values())


def test_notes_that_count_are_numbered_the_others_lettered(sample: Report) -> None:
    signs = [note.sign for note in notes_of(sample.audits[0].findings, "d1")]
    assert signs == ["1", "2", "3", "4", "5", "6", "7", "8", "a", "b", "c", "d"]
    preview = [replace(sample.audits[0].findings[2], gating=False)] * 30
    assert [note.sign for note in notes_of(preview, "x")][24:28] == ["y", "z", "aa", "ab"]


def test_the_triage_comes_first_what_is_to_hold_on_top(sample: Report) -> None:
    text = written(sample)
    table = text[text.index("<tbody>") : text.index("</tbody>")]
    assert re.findall(r"verdict (\w+)", table) == ["hold", "fix", "fix", "fine"]
    assert text.index("<tbody>") < text.index("<article")
    assert "not translated (German)" in table
    assert "84.2 (76.8 to 91)" in table


def test_languages_are_declared(sample: Report) -> None:
    read = Page(written(sample))
    assert read.having("html") == [{"lang": "en"}]
    assert [attributes["lang"] for attributes in read.having("div") if attributes.get("class") == "copy"] == ["en", "en", "en", "de"]


def test_fluency_is_a_cell_a_sentence(sample: Report) -> None:
    read = Page(written(sample))
    cells = [attributes for attributes in read.having("a") if re.fullmatch(r"#d1s\d+", attributes["href"] or "")]
    assert len(cells) == len(sample.audits[0].scores)
    assert all("less fluent than" in (attributes["title"] or "") for attributes in cells)
    assert any(attributes.get("class") == "peak" for attributes in read.having("span"))


def test_overlapping_findings_are_both_marked(sample: Report) -> None:
    audit = sample.audits[0]
    first = audit.findings[1]
    overlapping = replace(first, rule="und/other", at=replace(first.at, inner=Span(first.at.inner.start + 6, first.at.inner.end + 8)))
    report = replace(sample, audits=(replace(audit, findings=(first, overlapping)),), across=())
    read = Page(written(report))
    assert {attributes["data-note"] for attributes in read.having("mark")} == {"d1n1", "d1n2"}


def test_the_script_is_small_and_the_page_light() -> None:
    assert len(page.asset("page.js").splitlines()) < 150
    assert len((page.asset("page.js") + page.asset("page.css")).encode()) < 30_000


def test_without_findings_there_is_nothing_to_filter(sample: Report) -> None:
    text = written(replace(sample, audits=(sample.audits[2],), across=()))
    assert "<form" not in text
    assert "No findings." in text


def test_without_the_texts_no_link_leads_nowhere(sample: Report) -> None:
    read = Page(written(replace(sample, audits=tuple(replace(audit, document=None) for audit in sample.audits))))
    ids = {attributes["id"] for _, attributes in read.elements if attributes.get("id")}
    links = {(attributes["href"] or "")[1:] for attributes in read.having("a")}
    assert links <= ids
    assert not read.having("mark")
