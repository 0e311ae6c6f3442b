"""The formats that other programs read, each read back by a program that is not ours, also where the copy means harm."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree
from markdown_it import MarkdownIt
from sarif.loader import load_sarif_file

from auditor.report import FORMATS, Options
from auditor.report.markdown import escaped
from auditor.report.visible import HIDDEN, visible
from auditor.types import Failure as Unread
from auditor.types import Report, Severity, Suggestion

RDJSON = json.loads((Path(__file__).parent / "diagnostic.schema.json").read_text(encoding="utf-8"))
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}
"""GitLab's documentation of the Code Quality report."""

LINES = ("concise", "github")
HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\x1b\r\n\u2028\u202e\ufffe=+-@,;:%|`*_<>&\"'[]()#~\\!{}$\ud800")), min_size=1, max_size=40
).filter(str.strip)


def write(name, report, **options):
    return "".join(FORMATS[name](report, Options(**options)))


def everything(report):
    return [*(finding for audit in report.audits for finding in audit.findings), *report.across]


def poisoned(report: Report, words: str) -> Report:
    """The sample with hostile words wherever copy, paths or other people's text can reach."""
    first = report.audits[0]
    finding = first.findings[4]
    at = replace(finding.at, text=words, path=words)
    bad = replace(
        finding, at=at, message=f"“{words}” is odd", sentence=words, suggestions=(Suggestion(words),), evidence={words: words}, rule="own/rule"
    )
    audit = replace(first, path=words, findings=(bad, replace(bad, gating=False)), reasons=(words,), skipped=(words,), document=None)
    return replace(report, audits=(audit,), failures=(Unread(words, words),), across=(bad,), notices=(words,), policy=(words,), gate=(words,))


@given(words=HOSTILE)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_of_the_copy_leaves_its_place_in_any_format(words, sample):
    report = poisoned(sample, words)
    for name in FORMATS:
        written = write(name, report)
        assert not HIDDEN.search(written.replace("\n", "").replace("\r", "").replace("\t", "")), name
        written.encode("utf-8")
    for name in LINES:
        assert len(write(name, report).split("\n")) == 4 + 1, name
    read_back(report, words)


def read_back(report, words):
    for line in write("github", report).splitlines():
        assert re.fullmatch(r"::(error|notice) file=[^,:]+(,\w+=[^,:]+)+::.*", line), line
    gitlab = json.loads(write("gitlab", report))
    jsonschema.validate(gitlab, {**GITLAB, "items": {**GITLAB["items"], "properties": {}}})
    assert len({item["fingerprint"] for item in gitlab}) == len(gitlab) == 4
    for line in write("rdjsonl", report).splitlines():
        jsonschema.validate(json.loads(line), RDJSON)
    suites = JUnitXml.fromstring(write("junit", report).encode())
    assert next(suite.name for suite in suites) == visible(words) or words.startswith("./")
    checked = etree.fromstring(write("checkstyle", report).encode())
    assert {error.get("source") for error in checked.iter("error")} == {"auditor.own/rule", "auditor.not-read"}
    rows = list(csv.reader(io.StringIO(write("csv", report))))
    assert len(rows) == 5
    assert not any(cell.lstrip().startswith(tuple("=+-@\t\r")) for row in rows for cell in row)
    json.loads(write("sarif", report))
    assert json.loads(write("json", report))["findings"][0]["text"] == words


@given(words=HOSTILE)
@settings(max_examples=150, deadline=None)
def test_markdown_shows_just_the_words(words):
    (block,) = [
        token for token in MarkdownIt("gfm-like", {"html": True}).disable("linkify").parse(f"- a {escaped(words)} b") if token.type == "inline"
    ]
    shown = "".join(child.content for child in block.children or () if child.type in ("text", "text_special"))
    assert {child.type for child in block.children or ()} <= {"text", "text_special", "html_inline"}
    assert {child.content for child in block.children or () if child.type == "html_inline"} <= {"<!-- -->"}
    assert shown.split() == f"a {visible(words).strip()} b".split()
    assert not re.search(r"@\w", escaped(words))


def test_github_marks_one_line_and_puts_the_gravest_first(sample):
    lines = write("github", sample).splitlines()
    assert lines[0].startswith("::error ")
    assert [line.split(" ")[0] for line in lines if "title=auditor" not in line] == sorted(
        [line.split(" ")[0] for line in lines if "title=auditor" not in line], key=["::error", "::warning", "::notice"].index
    )
    (name,) = [line for line in lines if "title=names/romanisation" in line]
    assert name.startswith("::error file=copy/fr/dockers-valmere.txt,line=5,endLine=5,col=21,endColumn=40,title=names/romanisation::")
    assert "Instead: Abdel Fattah al-Sisi. Also in line 5." in name


def test_gitlab(sample):
    issues = json.loads(write("gitlab", replace(sample, audits=(*sample.audits, *sample.audits))))
    jsonschema.validate(issues, GITLAB)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert all(issue["description"].startswith(f"{issue['check_name']}: ") for issue in issues)
    first = {issue["check_name"]: issue["severity"] for issue in issues}
    assert (first["und/not-translated"], first["names/romanisation"], first["und/fluency"]) == ("critical", "major", "info")


def test_junit(sample):
    suites = JUnitXml.fromstring(write("junit", replace(sample, gate=("copy/a.txt: major: x", "y"))).encode())
    by_name = {suite.name: suite for suite in suites}
    harbour = by_name["copy/fr/dockers-valmere.txt"]
    assert (harbour.tests, harbour.failures, harbour.skipped) == (12, 8, 4)
    results = [result for case in harbour for result in case.result]
    assert sum(isinstance(result, Failure) for result in results) == 8
    assert sum(isinstance(result, Skipped) for result in results) == 4
    assert [list(case.result) for case in by_name["copy/en/tram-line.txt"]] == [[]]
    assert [isinstance(r, Error) for case in by_name["copy/agency/scan.txt"] for r in case.result] == [True]
    assert "copy/a.txt: major: x; y" in next(iter(next(iter(by_name["gate"])).result)).text
    assert "gate" not in {suite.name for suite in JUnitXml.fromstring(write("junit", sample).encode())}


def test_checkstyle(sample):
    root = etree.fromstring(write("checkstyle", sample).encode())
    assert root.tag == "checkstyle"
    errors = list(root.iter("error"))
    assert len(errors) == len(everything(sample)) + len(sample.failures)
    assert {error.get("severity") for error in errors} == {"error", "warning", "info"}


def test_rdjsonl_counts_bytes(sample):
    audit = sample.audits[0]
    raw = audit.document.text.split("\n")
    for line in write("rdjsonl", replace(sample, audits=(audit,), across=(), failures=())).splitlines():
        found = json.loads(line)
        jsonschema.validate(found, RDJSON)
        where = found["location"]["range"]
        cut = raw[where["start"]["line"] - 1].encode()[where["start"]["column"] - 1 : where["end"]["column"] - 1].decode()
        finding = next(f for f in audit.findings if f.rule == found["code"]["value"])
        assert cut == finding.at.text
        assert [s["text"] for s in found.get("suggestions", [])] == [s.text for s in finding.suggestions]


def test_rdjsonl_without_the_text_names_lines_alone(sample):
    bare = replace(sample, audits=tuple(replace(audit, document=None) for audit in sample.audits))
    for line in write("rdjsonl", bare).splitlines():
        found = json.loads(line)
        jsonschema.validate(found, RDJSON)
        assert "column" not in json.dumps(found["location"])
        assert "suggestions" not in found


def test_csv_is_a_row_a_finding(sample):
    rows = list(csv.DictReader(io.StringIO(write("csv", sample))))
    assert sorted(row["rule"] for row in rows if row["rule"]) == sorted(finding.rule for finding in everything(sample))
    assert rows[-1]["status"] == "not read"


def test_markdown(sample):
    written = write("markdown", replace(sample, gate=(), failures=(), policy=("copy/a.txt: signed off by Jo on 2026-05-04",)))
    assert "**The gate passed.**" in written
    assert "signed off by Jo" in written
    tokens = MarkdownIt("gfm-like").disable("linkify").parse(written)
    assert sum(token.type == "tr_open" for token in tokens) == 1 + len(sample.audits)
    assert sum(token.type == "list_item_open" for token in tokens) >= len(everything(sample))
    assert "The gate failed: copy/b.txt: too bad; b; c; and 2 more." in write("markdown", replace(sample, gate=("copy/b.txt: too bad", *"bcde")))


def test_sarif_tools_reads_it(sample, rules, tmp_path):
    path = tmp_path / "auditor.sarif"
    path.write_text(write("sarif", sample, rules=rules), encoding="utf-8")
    loaded = load_sarif_file(str(path))
    assert loaded.get_distinct_tool_names() == ["auditor"]
    records = loaded.get_records()
    assert len(records) == len(everything(sample))
    assert {record["Location"] for record in records} >= {"copy/fr/dockers-valmere.txt"}
    by_code = {record["Code"]: record["Severity"] for record in records}
    assert (by_code["names/romanisation"], by_code["und/fluency"]) == ("error", "note")


def test_sarif_has_our_own_fingerprint_and_no_hash_of_a_line(sample, rules):
    run = json.loads(write("sarif", sample, rules=rules))["runs"][0]
    assert all(set(result["partialFingerprints"]) == {"auditorFinding/v1"} for result in run["results"])
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["help"]["text"]
        assert rule["properties"]["precision"] in ("high", "medium", "low")


def test_a_full_path_below_the_folder_is_relative_where_others_need_it(sample):
    audit = sample.audits[0]
    finding = replace(audit.findings[0], at=replace(audit.findings[0].at, path="/srv/desk/copy/a.txt"))
    report = replace(sample, audits=(replace(audit, path="/srv/desk/copy/a.txt", findings=(finding,)),), across=(), failures=())
    for name in ("sarif", "github", "gitlab", "checkstyle", "rdjsonl", "junit"):
        written = write(name, report, root="/srv/desk")
        assert "copy/a.txt" in written, name
        assert "/srv/desk" not in written, name


def test_a_container_is_named_with_its_part(sample):
    audit = sample.audits[0]
    finding = replace(audit.findings[0], at=replace(audit.findings[0].at, part="word/document.xml", line=7, column=3, bytes=None))
    report = replace(sample, audits=(replace(audit, findings=(finding,)),), across=(), failures=())
    for name in ("github", "gitlab", "junit", "checkstyle", "rdjsonl"):
        assert "word/document.xml:7:3: " in write(name, report).replace("%3A", ":"), name
    assert "line=1,endLine=1,title" in write("github", report)
    assert json.loads(write("rdjsonl", report))["location"]["range"] == {"start": {"line": 1}}


def test_an_article_of_json_lines_stands_on_its_line(sample):
    audit = sample.audits[0]
    finding = replace(audit.findings[0], at=replace(audit.findings[0].at, part="line 12", line=7, column=3, bytes=None))
    report = replace(sample, audits=(replace(audit, findings=(finding,)),), across=(), failures=())
    assert "line=12,endLine=12,title" in write("github", report)
    assert json.loads(write("gitlab", report))[0]["location"]["lines"]["begin"] == 12
    assert json.loads(write("rdjsonl", report))["location"]["range"] == {"start": {"line": 12}}
    (result,) = json.loads(write("sarif", report))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 12}


def decided(report, status="baseline"):
    """The sample with its first text's findings decided before."""
    first = report.audits[0]
    known = tuple(replace(finding, status=status, gating=False) for finding in first.findings)
    return replace(report, audits=(replace(first, findings=(), decided=known), *report.audits[1:]))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_what_was_decided_before_is_listed_only_where_asked(name, sample):
    report = decided(sample)
    written, shown = write(name, report), write(name, report, decided=True)
    assert "names/romanisation" in shown, name
    if name == "json":
        assert "names/romanisation" not in json.dumps(json.loads(written)["findings"])
        assert json.loads(written)["summary"]["decided"] == {"baseline": 12}
    else:
        assert "names/romanisation" not in written, name


def test_a_query_and_a_failed_fix_stay_open_in_sarif(sample):
    first = sample.audits[0]
    report = replace(sample, audits=(replace(first, findings=(replace(first.findings[0], status="query"),)),), across=())
    (result,) = json.loads(write("sarif", report))["runs"][0]["results"]
    assert "suppressions" not in result


def test_levels_are_those_of_the_gate(sample):
    grave = replace(sample.audits[0].findings[0], severity=Severity.CRITICAL, gating=False)
    report = replace(sample, audits=(replace(sample.audits[0], findings=(grave,)),), across=(), failures=())
    assert write("github", report).startswith("::notice ")
    assert json.loads(write("gitlab", report))[0]["severity"] == "info"
    assert json.loads(write("rdjsonl", report))["severity"] == "INFO"
