import json
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

from auditor.report import sarif
from auditor.report.options import Options
from auditor.report.visible import HIDDEN
from auditor.types import Report, Rule, Span


def read(report: Report, rules: dict[str, Rule] | None = None) -> dict[str, object]:
    return json.loads("".join(sarif.render(report, Options(rules=rules or {}))))["runs"][0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("which", ["sample", "hostile"])
def test_it_is_sarif_by_the_object_model_of_the_standard(which: str, request: pytest.FixtureRequest, rules: dict[str, Rule]) -> None:
    report = request.getfixturevalue(which)
    written = "".join(sarif.render(report, Options(rules=rules)))
    log = SarifLog.model_validate_json(written)
    assert log.runs[0].results is not None
    assert len(log.runs[0].results) == sum(len(audit.findings) for audit in report.audits) + len(report.across)
    assert not HIDDEN.search(written.replace("\n", ""))


def test_the_object_model_refuses_what_the_standard_does_not_know() -> None:
    with pytest.raises(ValueError, match="level"):
        SarifLog.model_validate(
            {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {"text": "x"}, "level": "bad"}]}]}
        )


def test_places(sample: Report) -> None:
    run = read(sample)
    texts = {sarif.uri(audit.path): audit.document.text for audit in sample.audits if audit.document}
    assert run["columnKind"] == "unicodeCodePoints"
    for result in run["results"]:  # type: ignore[attr-defined]
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            physical = location["physicalLocation"]
            region = physical["region"]
            text = texts[physical["artifactLocation"]["uri"]]
            marked = text[region["charOffset"] :][: region["charLength"]]
            assert region["startLine"] == region["endLine"]
            assert text.split("\n")[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1] == marked


def test_related_places_and_fixes(sample: Report) -> None:
    result = next(result for result in read(sample)["results"] if result["ruleId"] == "names/romanisation")  # type: ignore[attr-defined]
    assert [place["message"]["text"] for place in result["relatedLocations"]] == ["also here: “al-Sissi”", "compare: “Abdel Fattah al-Sisi”"]
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "Abdel Fattah al-Sisi"
    assert result["message"]["text"].endswith("Instead: Abdel Fattah al-Sisi.")
    assert list(result["partialFingerprints"]) == ["auditorFinding/v1"]


def test_levels_follow_severity_and_gate(sample: Report) -> None:
    levels = {result["ruleId"]: result["level"] for result in read(sample)["results"]}  # type: ignore[attr-defined]
    assert levels["und/not-translated"] == levels["names/romanisation"] == "error"
    assert levels["und/teaser"] == "warning"
    assert levels["und/fluency"] == "note"


def test_rules_carry_their_reasons(sample: Report, rules: dict[str, Rule]) -> None:
    run = read(sample, rules)
    described = run["tool"]["driver"]["rules"]  # type: ignore[index]
    for result in run["results"]:  # type: ignore[attr-defined]
        assert described[result["ruleIndex"]]["id"] == result["ruleId"]
    risks = next(rule for rule in described if rule["id"] == "fr-en/risks-to")
    assert risks["shortDescription"]["text"] == "“…” reads like French “risque de”."
    assert risks["help"]["text"].startswith("English “risk”")
    assert "\nMeasured: " in risks["help"]["text"]


def test_every_file_is_named_and_what_was_not_read(sample: Report) -> None:
    run = read(sample)
    assert [unquote(artifact["location"]["uri"]) for artifact in run["artifacts"]] == [audit.path for audit in sample.audits]  # type: ignore[attr-defined]
    invocation = run["invocations"][0]  # type: ignore[index]
    assert invocation["executionSuccessful"] is False
    assert [note["level"] for note in invocation["toolExecutionNotifications"]] == ["error", "warning", "note", "note"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.txt", "a/b.txt"),
        ("a b/c#1?.txt", "a%20b/c%231%3F.txt"),
        ("x:y.txt", "x%3Ay.txt"),
        ("/srv/ü.txt", "file:///srv/%C3%BC.txt"),
        ("a\udcff", "a%FF"),
    ],
)
def test_uris(path: str, expected: str) -> None:
    assert sarif.uri(path) == expected
    assert urlsplit(expected).scheme in {"", "file"}


def test_a_finding_of_several_lines_is_shown_on_its_first(sample: Report) -> None:
    audit = sample.audits[3]
    document = audit.document
    assert document is not None
    at = replace(audit.findings[0].at, text="one line\r\nand another", span=Span(0, 21), line=1, column=1, end_line=2, end_column=12)
    report = replace(sample, audits=(replace(audit, findings=(replace(audit.findings[0], at=at),)),), across=())
    result = read(report)["results"][0]  # type: ignore[index]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["endLine"], region["endColumn"], region["charLength"]) == (1, 9, 8)
    assert "fixes" not in result


def test_a_part_of_a_container_is_named(sample: Report) -> None:
    audit = sample.audits[0]
    at = replace(audit.findings[1].at, part="paragraph 3", bytes=None)
    report = replace(sample, audits=(replace(audit, findings=(replace(audit.findings[1], at=at),)),), across=())
    location = read(report)["results"][0]["locations"][0]  # type: ignore[index]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "paragraph 3:3:144"
    assert "charOffset" not in location["physicalLocation"]["region"]


def test_links_and_placeholders_of_the_copy_are_text(sample: Report) -> None:
    audit = sample.audits[0]
    finding = replace(audit.findings[0], message="“[press](http://example.org) {0} [sic]” is left", suggestions=())
    report = replace(sample, audits=(replace(audit, findings=(finding,)),), across=())
    assert read(report)["results"][0]["message"]["text"] == "“\\[press](http://example.org) {{0}} [sic]” is left"  # type: ignore[index]


def test_beyond_the_limit_the_gravest_are_kept_and_it_says_so(sample: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 4)
    run = read(sample)
    assert [result["ruleId"] for result in run["results"]] == ["und/enlarge-image", "names/romanisation", "und/decimal-comma", "und/not-translated"]  # type: ignore[attr-defined]
    assert "11 of the least grave findings were cut" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]  # type: ignore[index]


def test_what_was_decided_before_is_suppressed(sample: Report) -> None:
    audit = sample.audits[0]
    known = (replace(audit.findings[0], status="dismissed", gating=False),)
    report = replace(sample, audits=(replace(audit, findings=(), decided=known),), across=())
    assert read(report)["results"] == []
    shown = json.loads("".join(sarif.render(report, Options(decided=True))))["runs"][0]["results"]
    assert shown[0]["suppressions"][0]["justification"] == "dismissed"
