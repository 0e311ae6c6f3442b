"""Forty made pages, ten a source language: which of their scars are found, and that the same pages mended are silent.

`pytest tests/golden --rewrite` writes found.txt anew: a line for each page and finding, and how many scars of each family were touched.
"""

from collections import Counter

import pytest
from pages import FOLDER, LANGUAGES, Page, pages

from auditor import pipeline
from auditor.config import Config
from auditor.types import Audit, Document, Severity

GOLDEN = FOLDER / "found.txt"
PAGES = pages()


@pytest.fixture(scope="module")
def audited() -> dict[tuple[str, str], Audit]:
    """The audits of every page as it was left by the machine (“scarred”) and as mended (“clean”)."""
    found: dict[tuple[str, str], Audit] = {}
    base = Config(model="none", jobs=1)
    rules, _ = pipeline.rule_set(base)
    table = pipeline.alias_table(base)
    for language in LANGUAGES:
        config = Config(model="none", jobs=1, source_lang=language)
        keys, documents = [], []
        for page in PAGES:
            if page.language == language:
                keys += [(page.name, "scarred"), (page.name, "clean")]
                documents += [Document(page.name, page.text), Document(page.name, page.clean)]
        audits = pipeline.audits(config, documents, rules=rules, table=table, fluency=pipeline.Fluency(missing="not asked for"))
        found.update(zip(keys, audits, strict=True))
    return found


def spans(audit: Audit) -> list[tuple[int, int]]:
    reported = [finding for finding in audit.findings if finding.severity is not Severity.NEUTRAL]
    return [(at.inner.start, at.inner.end) for finding in reported for at in (finding.at, *finding.occurrences)]


def touched(page: Page, audit: Audit) -> list[bool]:
    """For each scar whether a finding overlaps it."""
    places = spans(audit)
    return [any(start < scar.end and scar.start < end for start, end in places) for scar in page.scars]


def test_there_are_ten_pages_a_language_and_two_hundred_scars():
    assert Counter(page.language for page in PAGES) == dict.fromkeys(LANGUAGES, 10)
    assert sum(len(page.scars) for page in PAGES) >= 200
    for page in PAGES:
        assert all(page.text[scar.start : scar.end] == scar.text for scar in page.scars)
        assert "~~" not in page.text + page.clean


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_mended_page_is_silent(audited, page):
    findings = audited[page.name, "clean"].findings
    assert [(finding.rule, finding.at.text) for finding in findings if finding.severity is not Severity.NEUTRAL] == []


def test_what_is_found_is_what_was_found(audited, request):
    lines, seen, total = [], Counter(), Counter()
    for page in PAGES:
        audit = audited[page.name, "scarred"]
        for scar, hit in zip(page.scars, touched(page, audit), strict=True):
            total[scar.family] += 1
            seen[scar.family] += hit
        lines += [f"{page.name}\t{finding.rule}\t{' '.join(finding.at.text.split())}" for finding in audit.findings]
    lines += [f"recall\t{family}\t{seen[family]} of {total[family]}" for family in sorted(total)]
    lines += [f"recall\tall\t{seen.total()} of {total.total()}"]
    text = "\n".join(lines) + "\n"
    if request.config.getoption("--rewrite"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_two_of_five_scars_are_found_without_a_model(audited):
    """What a change of rules may not lose; the golden tells the rest."""
    hits = [hit for page in PAGES for hit in touched(page, audited[page.name, "scarred"])]
    assert sum(hits) >= 0.4 * len(hits)
