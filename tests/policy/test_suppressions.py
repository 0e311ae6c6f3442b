import json

import pytest

from auditor.io.html import read as read_html
from auditor.io.markdown import read as read_markdown
from auditor.policy.suppressions import suppressions


def found(text, read=read_markdown):
    document = read(text.encode(), "a.md")
    return [(s.rules, s.reason, s.line, document.text[s.span.start : s.span.end], s.problem) for s in suppressions(document)]


def test_a_comment_speaks_of_the_paragraph_behind_it_or_round_it():
    text = "# Head\n\n<!-- auditor-ignore und/x -- a quotation -->\n\nFirst words.\n\n"
    text += "Second <!-- auditor-ignore names/* en/y -- house\nstyle --> words.\n"
    assert found(text) == [
        (("und/x",), "a quotation", 3, "First words.", ""),
        (("names/*", "en/y"), "house style", 7, "Second words.", ""),
    ]


def test_html():
    page = "<h1>Head</h1>\r\n<!--auditor-ignore und/x -- why-->\r\n<p>First &amp; last.</p><p>Other.</p>"
    assert found(page, read_html) == [(("und/x",), "why", 2, "First & last.", "")]


@pytest.mark.parametrize("body", ["und/x", "und/x --", "-- reason", "", "und/x -- ", "und/x - reason"])
def test_a_rule_and_a_reason_are_needed(body):
    (said,) = found(f"<!-- auditor-ignore {body} -->\n\nWords.\n")
    assert "RULE -- reason" in said[4]


@pytest.mark.parametrize("glob", ["*", "*/*", "enlarge", "?/x"])
def test_a_comment_for_everything_is_not_obeyed(glob):
    (said,) = found(f"<!-- auditor-ignore {glob} -- reason -->\n\nWords.\n")
    assert "is no rule" in said[4]


def test_another_comment_is_none():
    assert found("<!-- auditor-ignored und/x -- reason -->\n\n<!-- note -->\n\nWords.\n") == []


PAGE = """# Talks resume

<!-- auditor-ignore en/image-button -- the caption's own words -->
Enlarge image

<!-- auditor-ignore en/player-text -- nothing of the kind stands here -->
The delegates met on Monday.

<!-- auditor-ignore en/image-buton -- a slip -->
<!-- auditor-ignore fr-en/risk-of-doing -- no French text -->
<!-- auditor-ignore en/image-button -->
Enlarge image

They met.
"""


def test_comments_in_an_audit(auditor, tmp_path):
    (tmp_path / "a.md").write_text(PAGE, encoding="utf-8")
    ran = auditor("audit", "a.md", "--model", "none", "-f", "json")
    report = json.loads(ran.out)
    buttons = [(f["line"], f["status"], f["occurrences"]) for f in report["findings"] if f["rule"] == "en/image-button"]
    assert buttons == [(12, "new", [])]
    assert [(f["line"], f["status"], f["gating"]) for f in report["decided"]] == [(4, "suppressed", False)]
    said = "\n".join(report["policy"])
    assert "a.md: line 6: auditor-ignore en/player-text silences nothing and can go" in said
    assert "names “en/image-buton”, which is no rule of this run; did you mean “en/image-button”" in said
    assert "line 11: auditor-ignore is not obeyed: names no rule and reason" in said
    assert "line 3" not in said
    assert report["summary"]["decided"] == {"suppressed": 1}
    jsonl = auditor("audit", "a.md", "--model", "none", "-f", "jsonl", "--show-decided")
    assert [json.loads(line)["status"] for line in jsonl.out.splitlines()].count("suppressed") == 1


def test_plain_text_has_no_comments(auditor, tmp_path):
    (tmp_path / "a.txt").write_text("<!-- auditor-ignore en/image-button -- reason -->\nEnlarge image\n", encoding="utf-8")
    rows = [json.loads(line) for line in auditor("audit", "a.txt", "--model", "none", "-f", "jsonl").out.splitlines()]
    assert "en/image-button" in {row["rule"] for row in rows}
