import json
import os

import pytest

from auditor.report import FORMATS, Options
from auditor.types import Report


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_names_every_finding(name: str, sample: Report) -> None:
    written = "".join(FORMATS[name](sample, Options(width=200)))
    findings = [*(finding for audit in sample.audits for finding in audit.findings), *sample.across]
    assert all(finding.rule in written for finding in findings)
    assert written.endswith("\n")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_is_the_same_twice_and_reads_no_environment(name: str, sample: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    first = list(FORMATS[name](sample, Options()))
    for key in list(os.environ):
        monkeypatch.delenv(key)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    assert list(FORMATS[name](sample, Options())) == first


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_can_write_an_empty_run(name: str, sample: Report) -> None:
    written = "".join(FORMATS[name](Report(sample.run, ()), Options()))
    if name in {"json", "sarif"}:
        json.loads(written)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_comes_in_chunks_of_a_document_at_most(name: str, sample: Report) -> None:
    many = Report(sample.run, sample.audits * 30)
    chunks = list(FORMATS[name](many, Options()))
    assert len(chunks) >= 30
