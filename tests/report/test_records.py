import json
from dataclasses import replace

import jsonschema
import pytest

from auditor.report.options import Options
from auditor.report.records import encode, render_json, render_jsonl
from auditor.report.schema import DOCUMENT, FINDING, SCHEMAS
from auditor.report.visible import HIDDEN
from auditor.types import Report

CONTRACT = [
    "rule",
    "kind",
    "category",
    "severity",
    "confidence",
    "path",
    "start",
    "end",
    "line",
    "column",
    "end_line",
    "end_column",
    "byte_start",
    "byte_end",
    "text",
    "sentence",
    "scope",
    "message",
    "suggestions",
    "evidence",
    "related",
    "occurrences",
    "rule_status",
    "gating",
    "source_lang",
    "fingerprint",
    "status",
    "part",
]


def read(report: Report, **options: bool) -> dict[str, object]:
    return json.loads("".join(render_json(report, Options(**options))))  # type: ignore[no-any-return, arg-type]


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("which", ["sample", "hostile"])
def test_json_follows_its_schema(which: str, verbose: bool, request: pytest.FixtureRequest) -> None:
    jsonschema.Draft202012Validator.check_schema(dict(SCHEMAS["json"]))
    jsonschema.validate(read(request.getfixturevalue(which), verbose=verbose), dict(SCHEMAS["json"]))


def test_jsonl_follows_its_schema_and_says_the_same(sample: Report) -> None:
    lines = [json.loads(line) for line in "".join(render_jsonl(sample, Options())).splitlines()]
    for line in lines:
        jsonschema.validate(line, dict(SCHEMAS["jsonl"]))
    assert lines == read(sample)["findings"]
    assert len(lines) == sum(len(audit.findings) for audit in sample.audits) + len(sample.across)


def test_a_finding_has_the_keys_of_the_contract_and_the_schema_names_them_all(sample: Report) -> None:
    report = read(sample, verbose=True)
    for finding in report["findings"]:  # type: ignore[attr-defined]
        assert sorted(finding) == sorted(CONTRACT)
    assert set(FINDING["properties"]) == set(CONTRACT)
    for document in report["documents"]:  # type: ignore[attr-defined]
        assert set(document) == set(DOCUMENT["properties"])


def test_text_is_the_slice_of_the_file(sample: Report) -> None:
    texts = {audit.path: audit.document.text for audit in sample.audits if audit.document}
    for finding in read(sample)["findings"]:  # type: ignore[attr-defined]
        for place in (finding, *finding["occurrences"], *finding["related"]):
            content = texts[place["path"]]
            assert content[place["start"] : place["end"]] == place["text"]
            assert content.encode()[place["byte_start"] : place["byte_end"]].decode() == place["text"]


def test_fluency_is_a_ratio_of_sums(sample: Report) -> None:
    first = sample.audits[0]
    fluency = read(sample, verbose=True)["documents"][0]["fluency"]  # type: ignore[index]
    tokens = sum(score.tokens for score in first.scores)
    assert fluency["surprisal_mean"] == pytest.approx(-sum(score.logprob for score in first.scores) / tokens, abs=1e-4)
    assert [sentence["text"] for sentence in fluency["sentences"]] == [segment.text for segment in first.document.segments]  # type: ignore[union-attr]
    assert "sentences" not in read(sample)["documents"][0]["fluency"]  # type: ignore[index]
    assert read(sample)["documents"][3]["fluency"] is None  # type: ignore[index]


def test_nothing_hidden_goes_out_raw(hostile: Report) -> None:
    for chunks in (render_json(hostile, Options(verbose=True)), render_jsonl(hostile, Options())):
        written = "".join(chunks)
        assert not HIDDEN.search(written.replace("\n", ""))
    finding = json.loads(next(iter(render_jsonl(hostile, Options()))))
    assert finding["text"] == hostile.audits[0].findings[0].at.text


def test_encoding_is_reversible() -> None:
    value = {"\u202e": ["\x1b\x9b\u2028\ud800 é日\ufeff\U0001f600", "</script>"]}
    assert json.loads(encode(value)) == value
    assert "é日" in encode(value)


def test_order_does_not_depend_on_the_order_of_findings(sample: Report) -> None:
    turned = replace(sample, audits=tuple(replace(audit, findings=audit.findings[::-1]) for audit in sample.audits))
    assert list(render_json(turned, Options())) == list(render_json(sample, Options()))


def test_an_empty_run_is_still_a_report(sample: Report) -> None:
    empty = Report(sample.run, ())
    report = read(empty)
    jsonschema.validate(report, dict(SCHEMAS["json"]))
    assert list(render_jsonl(empty, Options())) == []
