import hashlib
import json
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.judge.findings import judge
from auditor.policy import change
from auditor.policy.baseline import counted, relative
from auditor.policy.settle import OPEN, places, restated
from auditor.text.segment import segment
from auditor.types import Document, Match, Rule, Scope, Severity, Span, Status

RULE = Rule("und/x", None, "en", "phrase", {}, "“{match}” is odd", "style/unidiomatic", Severity.MINOR, Status.STABLE)
STATUSES = ("new", "baseline", "suppressed")


def findings(text, word="odd"):
    document = segment(Document("a.txt", text))
    starts = [n for n in range(len(text)) if text.startswith(word, n)]
    return judge(document, [(RULE, Match(Span(start, start + len(word)))) for start in starts])


@given(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=8))
@settings(deadline=None)
def test_a_finding_is_divided_by_the_status_of_its_places_and_loses_none(statuses):
    (finding,) = findings("\n\n".join(f"Line {number} is odd here." for number in range(len(statuses))))
    parts = list(restated(finding, statuses, lambda _, number: (f"Line {number}", Scope.BODY)))
    assert sorted(part.status for part in parts) == sorted(set(statuses))
    found = {place.line: part.status for part in parts for place in (part.at, *part.occurrences)}
    assert [found[1 + 2 * number] for number in range(len(statuses))] == statuses
    assert sorted(mark for part in parts for mark in part.fingerprints) == sorted(finding.fingerprints)
    assert all(part.fingerprint == part.fingerprints[0] for part in parts)


@given(st.lists(st.sampled_from(["odd", "it is odd", "nothing"]), min_size=1, max_size=6), st.text("xy \n", max_size=9))
@settings(deadline=None)
def test_fingerprints_do_not_depend_on_what_other_paragraphs_say(lines, other):
    text = "\n\n".join(f"Here we say {line} at number {number}." for number, line in enumerate(lines))

    def marks(said):
        return sorted(mark for finding in findings(said) for mark in finding.fingerprints)

    assert marks(text) == marks(f"{other}\n\n{text}\n\n{other}")


def test_the_same_words_in_the_same_place_twice_have_two_fingerprints():
    marks = [mark for finding in findings("It is odd now.\n\nIt is odd now.") for mark in finding.fingerprints]
    assert len(set(marks)) == 2


def test_places_are_counted_with_their_files(tmp_path):
    (finding,) = findings("This is odd.\n\nThat is odd.")
    moved = replace(finding, at=replace(finding.at, path=str(tmp_path / "b" / "a.txt")))
    assert next(place[0][1] for place in places([moved], tmp_path)) == "b/a.txt"
    assert sum(sum(entry.paths.values()) for entry in counted(places([finding], tmp_path), "").entries.values()) == 2


def test_paths_are_relative_to_the_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert relative("copy/../copy/a.txt", tmp_path) == "copy/a.txt"
    assert relative("/elsewhere/a.txt", tmp_path) == "/elsewhere/a.txt"


def test_what_is_open_is_what_an_editor_has_to_act_on():
    assert frozenset({"new", "query", "fixed"}) == OPEN


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)

    def git(*arguments):
        identity = ("-c", "user.name=Desk", "-c", "user.email=desk@example.org", "-c", "init.defaultBranch=main")
        ran = subprocess.run(["git", *identity, *arguments], check=False, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr

    git("init", "--quiet")
    (tmp_path / "a b\tü.txt").write_text("Old words.\r\n", encoding="utf-8", newline="")
    (tmp_path / "gone.txt").write_text("Gone words.\n", encoding="utf-8")
    (tmp_path / "gone.meta.json").write_text(json.dumps({"source_language": "de"}), encoding="utf-8")
    (tmp_path / "same.txt").write_text("Same words.\n", encoding="utf-8")
    git("add", "--all")
    git("commit", "--quiet", "--message", "old")
    return tmp_path, git


def test_a_change_names_what_was_and_reads_it_as_it_was(repository):
    folder, _ = repository
    (folder / "a b\tü.txt").write_text("New words.\n", encoding="utf-8")
    (folder / "gone.txt").unlink()
    (folder / "gone.meta.json").unlink()
    (folder / "added.txt").write_text("Added.\n", encoding="utf-8")
    found = change.change("main", folder=folder)
    assert {old.path: old.now for old in found.old} == {"a b\tü.txt": "a b\tü.txt", "gone.txt": None, "gone.meta.json": None}
    assert [found.is_unchanged(name) for name in ("same.txt", "a b\tü.txt", "added.txt", "/etc/hostname")] == [True, False, False, False]
    old = {old.path: document for old, document in change.documents(found, limit=1000)}
    assert old["a b\tü.txt"].text == "Old words.\r\n"
    assert old["gone.txt"].provenance.source_lang == "de"
    assert (old["a b\tü.txt"].path, old["a b\tü.txt"].provenance.source_lang) == ("a b\tü.txt", None)


def test_a_rename_knows_both_names(repository):
    folder, git = repository
    git("mv", "same.txt", "renamed.txt")
    found = change.change("main", folder=folder)
    assert [(old.path, old.now) for old in found.old] == [("same.txt", "renamed.txt")]
    assert found.touched == {"same.txt", "renamed.txt"}


def test_restored_files_are_those_of_the_base(repository, tmp_path_factory):
    folder, _ = repository
    (folder / "same.txt").write_text("Changed.\n", encoding="utf-8")
    into = tmp_path_factory.mktemp("base")
    change.restore(change.change("main", folder=folder), lambda path: path.name == "same.txt", into)
    assert [file.name for file in into.iterdir()] == ["same.txt"]
    assert hashlib.sha256((into / "same.txt").read_bytes()).digest() == hashlib.sha256(b"Same words.\n").digest()
