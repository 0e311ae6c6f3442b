import re

from auditor.report.concise import render
from auditor.report.options import Options
from auditor.report.visible import HIDDEN
from auditor.types import Report


def test_a_line_a_finding(sample: Report) -> None:
    lines = "".join(render(sample, Options())).splitlines()
    assert "copy/fr/dockers-valmere.txt:6:22 major und/decimal-comma “1,5” is a number written the French way." in lines
    assert any("fr-en/affirmed-that" in line and " minor (preview) " in line for line in lines)
    assert any(line.endswith("(also 5:170)") for line in lines)
    assert lines[-1] == "copy/agency/scan.txt not read: is a picture (PNG), not text"
    assert sum(bool(re.match(r"copy/[^:]+:\d+:\d+ (critical|major|minor) ", line)) for line in lines) == 15


def test_hostile_text_stays_on_its_line(hostile: Report) -> None:
    written = "".join(render(hostile, Options()))
    assert len(written.splitlines()) == 4
    assert not HIDDEN.search(written.replace("\n", ""))
    assert not any(line.startswith("::") for line in written.splitlines())
