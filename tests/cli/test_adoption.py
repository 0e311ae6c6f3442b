"""A gate over a repository of old copy: what is known is let be, and what a change brings is held, in every format alike."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import textwrap
import xml.etree.ElementTree as ElementTree

import pytest

from auditor.cli.main import code
from auditor.report import FORMATS

TEXTS = 12
ARTEFACT = "Your browser cannot play this audio file."
PLACES = ("Altona", "Bergen", "Corvo", "Delft", "Evora", "Fano", "Ghent", "Hamar", "Imola", "Jena", "Kiruna", "Lugo")


@pytest.fixture(scope="module", autouse=True)
def _no_git_of_the_person():
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


def git(*arguments):
    identity = ("-c", "user.name=Desk", "-c", "user.email=desk@example.org", "-c", "init.defaultBranch=main")
    ran = subprocess.run(["git", *identity, *arguments], check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def commit(message):
    git("add", "--all")
    git("commit", "--quiet", "--message", message)


def story(number):
    """A text with slips that are years old, one of them grave."""
    place = PLACES[number % len(PLACES)]
    body = [
        (
            f"The council of {place} voted on Tuesday to close the old ferry terminal and to build a new one two miles to the north, where "
            f"the water is deeper. The work will take about {number + 3} years, the harbour master told reporters."
        ),
        "Enlarge image",
        (
            f"Shopkeepers in {place} had asked for compensation in the the spring. They will receive a tenth of what they asked for, and the "
            "money comes from a fund that the ministry of transport set up for towns on the coast."
        ),
        "This browser does not support the video element." if number % 4 == 0 else "Fishermen were not asked.",
    ]
    return "\n\n".join((f"{place} closes its ferry terminal", *body)) + "\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Twelve old texts, committed with their baseline on main; work goes on in a branch. Made once, copied for each test."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "auditor.toml").write_text('model = "none"\n', encoding="utf-8")
    (folder / "copy").mkdir()
    for number in range(TEXTS):
        (folder / "copy" / f"{number:02}.txt").write_text(story(number), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert code(["baseline", "create", "copy", "-q"]) == 0
        git("init", "--quiet")
        commit("old copy")
        git("checkout", "--quiet", "-b", "work")
    return folder


@pytest.fixture
def repository(auditor, made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def spoil(repository):
    path = repository / "copy" / "07.txt"
    path.write_text(path.read_text(encoding="utf-8") + f"\n{ARTEFACT}\n", encoding="utf-8")


def listed(name, written):
    """The places and rules that a report of a format speaks of, read back without our code."""
    if name in ("json", "jsonl"):
        records = json.loads(written)["findings"] if name == "json" else [json.loads(line) for line in written.splitlines()]
        return [(record["path"], record["line"], record["rule"]) for record in records]
    if name == "sarif":
        results = json.loads(written)["runs"][0]["results"]
        places = [result["locations"][0]["physicalLocation"] for result in results]
        return [
            (place["artifactLocation"]["uri"], place["region"]["startLine"], result["ruleId"]) for place, result in zip(places, results, strict=True)
        ]
    if name == "github":
        found = re.findall(r"^::(?:error|warning|notice) file=([^,]*),line=(\d+),.*title=([^:]*)::", written, re.MULTILINE)
        return [(path, int(line), rule) for path, line, rule in found]
    if name == "gitlab":
        return [(item["location"]["path"], item["location"]["lines"]["begin"], item["check_name"]) for item in json.loads(written)]
    if name == "junit":
        cases = [case for case in ElementTree.fromstring(written).iter("testcase") if len(case) and case.get("file")]
        return [(case.get("file"), int(case.get("line")), case.get("name").split(" ", 1)[1]) for case in cases]
    if name == "checkstyle":
        root = ElementTree.fromstring(written)
        return [(file.get("name"), int(error.get("line")), error.get("source").removeprefix("auditor.")) for file in root for error in file]
    if name == "rdjsonl":
        records = [json.loads(line) for line in written.splitlines()]
        return [(item["location"]["path"], item["location"]["range"]["start"]["line"], item["code"]["value"]) for item in records]
    if name == "csv":
        return [(row["path"], int(row["line"]), row["rule"]) for row in csv.DictReader(io.StringIO(written))]
    if name == "concise":
        found = re.findall(r"^([^:\n]+):(\d+):\d+ \w+(?: \(preview\))? (\S+)", written, re.MULTILINE)
        return [(path, int(line), rule) for path, line, rule in found]
    return None


@pytest.mark.parametrize("by", [(), ("--new-from", "main"), ("--new-from", "main", "--policy-from", "main")], ids=["baseline", "new", "policy"])
def test_one_new_artefact_fails_the_gate_and_stands_alone_in_every_format(auditor, repository, by):
    spoil(repository)
    commit("a new story")
    reports = [word for name in FORMATS for word in ("--report", f"{name}=out/{name}")]
    ran = auditor("gate", "copy", *by, "-o", "out/terminal.txt", *reports)
    assert ran.code == 1, ran.err
    assert [line for line in ran.err.splitlines() if line.startswith("gate: copy")] == [
        line for line in ran.err.splitlines() if line.startswith("gate: copy/07.txt: major")
    ]
    for name in FORMATS:
        written = (repository / "out" / name).read_text(encoding="utf-8")
        found = listed(name, written)
        assert found in (None, [("copy/07.txt", 11, "en/player-text")]), name
        assert written.count("en/player-text") >= 1, name
        known = written.count("en/image-button")
        assert known == (TEXTS if name == "json" else 0), "what was decided before stands apart in json and nowhere else"
    path = repository / "copy" / "07.txt"
    path.write_text(path.read_text(encoding="utf-8").replace(ARTEFACT, "The work begins in May."), encoding="utf-8")
    assert auditor("gate", "copy", *by).code == 0


@pytest.mark.parametrize("by", [(), ("--new-from", "main")], ids=["baseline", "new"])
def test_a_text_that_was_moved_and_reflowed_brings_nothing_new(auditor, repository, by):
    old = repository / "copy" / "04.txt"
    paragraphs = old.read_text(encoding="utf-8").split("\n\n")
    (repository / "copy" / "june").mkdir()
    old.unlink()
    flowed = "\n\n".join(textwrap.fill(paragraph, 64) for paragraph in ["Rewritten by hand.", *paragraphs, "A new end."])
    (repository / "copy" / "june" / "ferry.txt").write_text(flowed, encoding="utf-8")
    ran = auditor("gate", "copy", *by, "-f", "jsonl")
    assert (ran.code, ran.out) == (0, "")
    commit("moved")
    ran = auditor("gate", "copy", *by, "-f", "jsonl")
    assert (ran.code, ran.out) == (0, "")


@pytest.mark.parametrize("by", [(), ("--new-from", "main")], ids=["baseline", "new"])
def test_a_text_that_was_copied_is_new(auditor, repository, by):
    (repository / "copy" / "again.txt").write_text(story(4), encoding="utf-8")
    ran = auditor("gate", "copy", *by, "-f", "jsonl")
    assert ran.code == 1
    assert {json.loads(line)["path"] for line in ran.out.splitlines()} == {"copy/again.txt"}


def test_one_of_two_places_mended_leaves_nothing_new_and_one_more_is_new_where_it_stands(auditor, repository):
    path = repository / "copy" / "01.txt"
    twice = story(1) + "\nBoats lay idle in the the port.\n"
    path.write_text(twice, encoding="utf-8")
    assert auditor("baseline", "update", "copy", "--accept-new").code == 0
    path.write_text(twice.replace("in the the spring", "in the spring"), encoding="utf-8")
    assert auditor("audit", "copy", "-f", "jsonl").out == ""
    path.write_text(twice + "\nThe ferries will meet in the the bay again.\n", encoding="utf-8")
    (found,) = [json.loads(line) for line in auditor("audit", "copy", "-f", "jsonl").out.splitlines()]
    assert (found["line"], found["occurrences"], found["sentence"]) == (13, [], "The ferries will meet in the the bay again.")


def test_the_baseline_takes_no_new_debt_unasked_and_says_what_is_stale(auditor, repository):
    file = repository / ".auditor-baseline.json"
    before = file.read_bytes()
    again = auditor("baseline", "create", "copy")
    assert (again.code, file.read_bytes()) == (2, before)
    spoil(repository)
    refused = auditor("baseline", "update", "copy")
    assert (refused.code, file.read_bytes()) == (1, before)
    assert "copy/07.txt:11:1 en/player-text" in refused.err
    assert auditor("baseline", "update", "copy", "--accept-new").code == 0
    assert auditor("gate", "copy").code == 0
    (repository / "copy" / "07.txt").write_text("Nothing is left.\n", encoding="utf-8")
    (repository / "copy" / "08.txt").unlink()
    stale = auditor("gate", "copy")
    assert stale.code == 0
    assert "of its findings are no longer found" in stale.err
    strict = auditor("gate", "copy", "--strict-baseline")
    assert strict.code == 1
    assert auditor("gate", "copy/01.txt", "--strict-baseline").code == 1, "a file that is gone is known to be gone"
    assert auditor("baseline", "prune", "copy").code == 0
    assert "copy/08.txt" not in file.read_text(encoding="utf-8")
    assert auditor("gate", "copy", "--strict-baseline").code == 0


def test_a_run_over_some_files_knows_nothing_of_the_others(auditor, repository):
    assert auditor("gate", "copy/03.txt", "--strict-baseline").code == 0
    file = repository / ".auditor-baseline.json"
    before = json.loads(file.read_text(encoding="utf-8"))
    assert auditor("baseline", "prune", "copy/03.txt").code == 0
    assert json.loads(file.read_text(encoding="utf-8")) == before
    (repository / "copy" / "new.txt").write_text(story(5), encoding="utf-8")
    assert auditor("audit", "copy/new.txt", "-f", "jsonl").out, "the count of a file that stands and was not read is not for others"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "line 1: is not JSON"),
        ("[]", "“schema” has to be"),
        ('{"schema":"auditor-baseline/1"}', "no list “findings”"),
        ('{"schema":"auditor-baseline/1","findings":[{"fingerprnt":"x","paths":{"a":1}}]}', "did you mean “fingerprnt”"),
        ('{"schema":"auditor-baseline/1","findings":[{"fingerprint":"x","paths":{"a":0}}]}', "whole number from 1"),
        ('{"schema":"auditor-baseline/1","findings":[{"fingerprint":"x","paths":{"a":true}}]}', "whole number from 1"),
    ],
)
def test_a_malformed_baseline_is_a_2(auditor, repository, content, said):
    (repository / ".auditor-baseline.json").write_text(content, encoding="utf-8")
    ran = auditor("gate", "copy")
    assert ran.code == 2
    assert ".auditor-baseline.json" in ran.err
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--baseline", "none.json"), "none.json: there is no such baseline"),
        (("--new-from", "elsewhere"), "no revision “elsewhere”"),
        (("--new-from", "--output=x"), "no revision"),
        (("--policy-from", "main", "--config", "other.toml"), "is not there at main"),
        (("--policy-from", "main", "--baseline", "other.json"), "is not there at main"),
        (("--override", "breaking"), "--by"),
        (("--override", " ", "--by", "Desk"), "a reason"),
    ],
)
def test_what_cannot_be_acted_on_is_a_2(auditor, repository, arguments, said):
    ran = auditor("gate", "copy", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_outside_a_repository_a_revision_is_a_2(auditor, tmp_path):
    (tmp_path / "a.txt").write_text("The delegates met.\n", encoding="utf-8")
    ran = auditor("gate", "a.txt", "--model", "none", "--new-from", "main")
    assert ran.code == 2
    assert "git" in ran.err


def test_an_unreadable_file_is_a_2_whatever_is_known_or_overridden(auditor, repository):
    (repository / "copy" / "zz.txt").write_bytes(bytes(range(256)) * 40)
    assert auditor("gate", "copy").code == 2
    spoil(repository)
    assert auditor("gate", "copy", "--override", "breaking", "--by", "Desk").code == 2
    assert not (repository / ".auditor").exists(), "nothing passed, so nothing is written down"
    assert auditor("baseline", "update", "copy").code == 2


def test_a_change_cannot_relax_the_gate_that_judges_it(auditor, repository):
    spoil(repository)
    (repository / "copy" / ".auditorignore").write_text("drafts\n", encoding="utf-8")
    assert auditor("baseline", "create", "copy", "--force").code == 0
    (repository / "auditor.toml").write_text('model = "none"\nignore = ["en/player-text"]\n', encoding="utf-8")
    row = {
        "verdict": "dismissed",
        "by": "Author",
        "at": "2026-05-04T10:00:00+00:00",
        "rule": "en/player-text",
        "text": ARTEFACT,
        "scope": "everywhere",
    }
    (repository / ".auditor" / "aliases").mkdir(parents=True)
    (repository / ".auditor" / "decisions.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    own = '[jane-doe]\ncanonical = "Jane Dow"\nkind = "person"\nsources = ["house"]\nvariants.de = ["Jane Dau"]\n'
    (repository / ".auditor" / "aliases" / "own.toml").write_text(own, encoding="utf-8")
    (repository / "copy" / "page.md").write_text(
        f"# Ferry\n\n<!-- auditor-ignore en/player-text -- the author says so -->\n{ARTEFACT}\n\nThe end came soon.\n", encoding="utf-8"
    )
    assert auditor("gate", "copy").code == 0, "by its own lights"
    commit("relaxed")
    ran = auditor("gate", "copy", "--policy-from", "main", "-f", "json")
    assert ran.code == 1
    report = json.loads(ran.out)
    assert {finding["path"] for finding in report["findings"] if finding["gating"]} == {"copy/07.txt", "copy/page.md"}
    said = "\n".join(report["policy"])
    for words in (
        "dismissed by Author",
        "jane-doe",
        "touches auditor.toml",
        "auditor-ignore en/player-text came with this change",
        "to the baseline",
        "touches copy/.auditorignore",
    ):
        assert words in said, words


def test_a_change_hides_no_copy_from_the_gate_that_judges_it(auditor, repository):
    git("switch", "--quiet", "--create", "hiding")
    (repository / "copy" / "new.txt").write_text(f"The ferry sailed on.\n\n{ARTEFACT}\n\nNobody was hurt.\n", encoding="utf-8")
    (repository / "copy" / ".auditorignore").write_text("new.txt\n", encoding="utf-8")
    commit("hidden")
    assert auditor("gate", "copy", "--new-from", "main").code == 0, "by its own lights"
    ran = auditor("gate", "copy", "--new-from", "main", "--policy-from", "main", "-f", "json")
    assert ran.code == 1
    assert {finding["path"] for finding in json.loads(ran.out)["findings"]} == {"copy/new.txt"}


def test_settings_of_the_base_are_named_as_such(auditor, repository):
    (repository / "auditor.toml").write_text('source-lang = "fr"\n', encoding="utf-8")
    shown = auditor("gate", "--show-settings", "--policy-from", "main").out
    assert re.search(r"^model +none +main \(\w{10}\):auditor.toml", shown, re.MULTILINE)
    assert re.search(r"^source-lang +- +default", shown, re.MULTILINE)


def test_an_override_passes_and_is_written_down_and_printed(auditor, repository):
    spoil(repository)
    ran = auditor("gate", "copy", "--override", "the flood is rising", "--by", "Night desk", "-f", "json", "--report", "markdown=out.md")
    assert ran.code == 0
    (row,) = [json.loads(line) for line in (repository / ".auditor" / "overrides.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (row["by"], row["reason"]) == ("Night desk", "the flood is rising")
    assert row["gate"][0].startswith("copy/07.txt: major")
    report = json.loads(ran.out)
    assert report["gate"] == {"passed": True, "reasons": []}
    assert any("overridden by Night desk: the flood is rising" in line for line in report["policy"])
    assert "overridden by Night desk" in (repository / "out.md").read_text(encoding="utf-8")
    auditor("gate", "copy/01.txt", "--override", "not needed", "--by", "Night desk")
    assert len((repository / ".auditor" / "overrides.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert auditor("audit", "copy", "--override", "x", "--by", "y").code == 2


def test_what_editors_decided_holds_in_every_format_alike(auditor, repository):
    spoil(repository)
    new, *_ = [json.loads(line) for line in auditor("audit", "copy", "-f", "jsonl").out.splitlines()]
    text = (repository / "copy" / "07.txt").read_text(encoding="utf-8")
    (repository / ".auditor").mkdir()
    file = repository / ".auditor" / "decisions.jsonl"

    def decide(verdict, minute, **more):
        row = {"verdict": verdict, "by": "Jo", "at": f"2026-05-04T10:{minute:02}:00Z", "path": "copy/07.txt", **more}
        with file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")

    def gate():
        reports = [word for name in FORMATS for word in ("--report", f"{name}=out/{name}")]
        ran = auditor("gate", "copy", "-q", "-o", "out/terminal.txt", *reports)
        found = {name: listed(name, (repository / "out" / name).read_text(encoding="utf-8")) for name in FORMATS}
        places = [places for places in found.values() if places is not None]
        assert all(one == places[0] for one in places), "the formats agree"
        return ran.code, len(places[0])

    here = {"fingerprint": new["fingerprint"], "scope": "here"}
    assert gate() == (1, 1)
    decide("dismissed", 0, **here)
    assert gate() == (0, 0)
    decide("undone", 1, **here)
    assert gate() == (1, 1)
    sha = hashlib.sha256(text.encode()).hexdigest()
    decide("signed-off", 2, text_sha256=sha)
    assert gate() == (0, 0)
    report = json.loads((repository / "out" / "json").read_text(encoding="utf-8"))
    (document,) = [document for document in report["documents"] if document["path"] == "copy/07.txt"]
    assert (document["signed_off"], document["triage"]) == ("Jo on 2026-05-04", "fine")
    (repository / "copy" / "07.txt").write_text(text + "\nEdited since.\n", encoding="utf-8")
    assert gate() == (1, 1)
    assert "the sign-off is void" in (repository / "out" / "markdown").read_text(encoding="utf-8")
    decide("maybe", 3, **here)
    ran = auditor("gate", "copy")
    assert ran.code == 2
    assert "decisions.jsonl: line 4: “verdict” cannot be “maybe”" in ran.err
