import re
from dataclasses import replace
from itertools import pairwise

import pytest
from rich.cells import cell_len

from auditor.report.options import Options
from auditor.report.terminal import render
from auditor.report.visible import HIDDEN
from auditor.types import Report, Rule

SGR = re.compile(r"\x1b\[[0-9;]*m")


def written(report: Report, **options: object) -> str:
    return "".join(render(report, Options(**options)))  # type: ignore[arg-type]


def test_plain_text_underlines_exactly_the_span(sample: Report) -> None:
    lines = written(sample, width=100).splitlines()
    places = {f"{finding.at.line}:{finding.at.column}": finding for finding in sample.audits[0].findings}
    underlined = 0
    for copy, marks in pairwise(lines):
        place = re.match(r" +(\d+:\d+)  ", copy)
        if place is None or place.group(1) not in places or set(marks) != {" ", "~"}:
            continue
        start, end = marks.index("~"), len(marks)
        assert copy[start:end] == places[place.group(1)].at.text
        underlined += 1
    assert underlined == len(places)


def test_wide_characters_keep_the_underline_in_its_column(hostile: Report) -> None:
    lines = written(hostile, width=90).splitlines()
    row = next(index for index, line in enumerate(lines) if "日本語のテキスト" in line)
    before = lines[row].split("日本語")[0]
    assert lines[row + 1] == " " * cell_len(before) + "~" * 6


@pytest.mark.parametrize("width", [40, 72, 100, 200])
def test_no_line_is_wider_than_the_terminal(sample: Report, width: int) -> None:
    signature = sample.run.signature
    assert all(cell_len(line) <= width for line in written(sample, width=width, verbose=True).splitlines() if line != signature)


@pytest.mark.parametrize("colour", [False, True])
def test_audited_text_commands_nothing(hostile: Report, colour: bool, rules: dict[str, Rule]) -> None:
    text = written(hostile, colour=colour, verbose=True, rules=rules)
    bare = SGR.sub("", text)
    assert not HIDDEN.search(bare.replace("\n", ""))
    assert ("\x1b" in text) is colour
    codes = {code for match in SGR.findall(text) for code in match[2:-1].split(";")}
    assert codes <= {"0", "1", "2", "4", "31", "32", "33"}


def test_colour_changes_no_word(sample: Report) -> None:
    plain = [line for line in written(sample).splitlines() if set(line) != {" ", "~"}]
    assert SGR.sub("", written(sample, colour=True)).splitlines() == plain


def test_findings_worth_a_look_stand_after_those_that_count(sample: Report) -> None:
    text = written(sample)
    look = text.index("Worth a look")
    assert text.index("names/romanisation") < text.index("und/guillemets") < look < text.index("fr-en/affirmed-that")


def test_it_says_what_was_found_and_what_it_rests_on(sample: Report) -> None:
    text = written(sample)
    for words in (
        "from French (by the outlet's tag “(with AFP)”) · 189 words · score 84.2 (76.8 to 91)",
        "probably from German (inferred from its traces, 83% sure)",
        "stands in German: not translated · 17 words · too short to score",
        "→ could spread · may spread · threatens to spread",
        "→ cut it",
        "Also at 5:170.",
        "Compare “Abdel Fattah al-Sisi” (5:101).",
        "Could not be read\n  copy/agency/scan.txt: is a picture (PNG), not text",
        "fluency: the text is not English (copy/de/übersehen & <vergessen>.txt)",
        "4 texts: 1 to hold, 2 to fix, 1 fine; 1 file could not be read.",
        "10 findings to act on (1 critical, 2 major, 7 minor), 5 more worth a look.",
        sample.run.signature,
    ):
        assert words in text


def test_a_reason_is_given_once(sample: Report, rules: dict[str, Rule]) -> None:
    twice = replace(sample, audits=(sample.audits[0], sample.audits[0]))
    why = rules["names/romanisation"].why
    assert written(twice, rules=rules).count(why) == 1
    assert written(twice, rules=rules, verbose=True).count(why) == 2
    assert why not in written(twice)


def test_what_was_decided_before_is_counted_or_shown(sample: Report) -> None:
    first = sample.audits[0]
    known = replace(first, findings=first.findings[1:], decided=(replace(first.findings[0], status="dismissed", gating=False),))
    report = replace(sample, audits=(known,), across=())
    assert "1 finding decided before, not shown" in written(report)
    assert "und/enlarge-image" not in written(report)
    assert "und/enlarge-image · dismissed" in written(report, decided=True)


def test_without_the_texts_the_sentence_is_shown(sample: Report) -> None:
    bare = replace(sample, audits=tuple(replace(audit, document=None) for audit in sample.audits))
    lines = written(bare).splitlines()
    row = next(index for index, line in enumerate(lines) if "risks to spread to" in line)
    assert lines[row + 1].index("~") == lines[row].index("risks to spread")


def test_the_same_reason_for_every_text_is_one_line(sample: Report) -> None:
    report = replace(sample, audits=tuple(replace(audit, skipped=("fluency: no language model",)) for audit in sample.audits))
    assert written(report).count("fluency: no language model (every text)") == 1


def test_a_place_far_along_a_line_moves_the_underline_with_it(sample: Report) -> None:
    audit = sample.audits[0]
    far = replace(audit.findings[1], at=replace(audit.findings[1].at, line=1234, column=1_234_567))
    lines = written(replace(sample, audits=(replace(audit, findings=(far,)),), across=()), width=60).splitlines()
    row = next(index for index, line in enumerate(lines) if line.startswith("1234:1234567  "))
    assert lines[row][lines[row + 1].index("~") : len(lines[row + 1])] == far.at.text
    assert len(lines[row]) <= 60


def test_many_places_of_the_same_words_are_one_phrase(sample: Report) -> None:
    audit = sample.audits[0]
    found = audit.findings[4]
    places = tuple(replace(found.related[0], line=line) for line in range(1, 15))
    report = replace(sample, audits=(replace(audit, findings=(replace(found, related=places),)),), across=())
    text = " ".join(written(report, width=200).split())
    assert "Compare “Abdel Fattah al-Sisi” (1:101, 2:101, 3:101," in text
    assert "12:101 and 2 more places)." in text
    assert text.count("“Abdel Fattah al-Sisi”") == 1


def test_nothing_to_act_on_is_said(sample: Report) -> None:
    audit = sample.audits[0]
    preview = replace(audit, findings=tuple(finding for finding in audit.findings if not finding.gating))
    assert "Nothing to act on, 4 worth a look." in written(replace(sample, audits=(preview,), across=()))
    assert "Nothing to act on." in written(replace(sample, audits=(sample.audits[2],), across=()))
