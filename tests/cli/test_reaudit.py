"""A second run over copy that did not change: the same bytes in every format, nothing examined again, and everything that matters looked at anew."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from auditor import pipeline, results, stages
from auditor.report import FORMATS

HEAVY = {"auditor.stages", "auditor.detect", "auditor.names", "openvino", "numpy", "langdetect", "tokenizers", "sentencex", "wordfreq", "babel.dates"}
"""What copy that was audited before needs none of."""

PLAIN = {
    "a.txt": (
        "Council votes on harbour\n\nThe council met in the the old hall on Tuesday, and the mayor of Hachd al-Chaabi district spoke of a plan.\n\n"
        "Enlarge image\n\nShips have waited for the the pilot since Monday, said the harbour master, who had asked for two more boats in spring.\n\n"
        "This browser does not support the video element.\n\n" + "The harbour is deep and the boats are many in the summer months. " * 12 + "\n"
    ),
    "b.txt": "Minister on visit\n\nAbdelaziz Bouteflika met Khalid Meshaal in the the capital on Friday, an official said.\n",
    "c.txt": "Late visit\n\nAbdelasis Buteflika met Chalid Maschal in the capital on Friday, another official said. Enlarge image\n",
    "roh.txt": "Der Minister ist am Freitag nach der Abstimmung im Bundestag zurückgetreten, und er kehrt in seine Kanzlei zurück. " * 3,
    "d.md": (
        "---\nsource_language: fr\n---\n\n<!-- auditor-ignore en/word-twice -- the name of a band -->\nThey met in the the hall.\n\n"
        "<!-- auditor-ignore en/player-text -- nothing here -->\nA calm line.\n\n<!-- auditor-ignore no/such-rule -- why -->\nAnother line.\n"
    ),
    "e.html": "<html><body><h1>A vote</h1><p>They met in the the hall &amp; left.</p><p>Enlarge image</p></body></html>",
    "f.jsonl": '{"text": "They met in the the hall.", "id": "one"}\n{"text": "They met in the the hall.", "id": "two"}\n',
    "g.txt": "A sum\n\nIt cost 3 million euros on 5 May, he said.\n",
    "g.source.txt": "Eine Summe\n\nEs kostete 4 Millionen Euro am 5. Mai, sagte er, und das war dem Ministerium zu viel.\n",
    "latin.txt": "Caf\xe9 in the the hall.\n".encode("latin-1"),
}


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Copy with something for each stage, and a cache folder that is empty."""
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "own cache"))
    folder = tmp_path / "copy"
    folder.mkdir()
    for name, content in PLAIN.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def examined(monkeypatch):
    """The paths of the texts that the stages were asked for."""
    paths = []
    examine = stages.Examiner.examine

    def counting(self, documents):
        paths.extend(Path(document.path).name for document in documents)
        return examine(self, documents)

    monkeypatch.setattr(stages.Examiner, "examine", counting)
    return paths


@pytest.fixture
def audit(auditor, copy):
    """Runs an audit of that copy; `cold` without what was kept."""

    def run(*arguments, cold=False):
        return auditor("audit", "copy", "--model", "none", *arguments, *(["--no-cache"] if cold else []))

    return run


@pytest.fixture
def written(audit, copy):
    """Runs an audit and gives what it wrote in every format, and what it said."""

    def run(*arguments, cold=False):
        place = copy.parent / "written"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        reports = [part for name in FORMATS if name != "concise" for part in ("--report", f"{name}={place / name}")]
        ran = audit("-f", "concise", *reports, *arguments, cold=cold)
        return ran, {path.name: path.read_bytes() for path in sorted(place.iterdir())}

    return run


@pytest.mark.parametrize("more", [(), ("-v", "--show-decided", "--statistics")], ids=["plain", "verbose"])
def test_a_second_run_examines_nothing_and_gives_the_same_bytes_in_every_format(written, examined, more):
    cold = written(*more, cold=True)
    first, second = written(*more), written(*more)
    assert cold == first
    assert second == first
    assert examined.count("a.txt") == 2
    assert "word-twice" in first[0].out
    assert len(first[1]) == len(FORMATS) - 1


def test_what_is_found_across_the_texts_is_known_too(audit, examined, monkeypatch):
    first = json.loads(audit("-f", "json").out)
    monkeypatch.setattr(pipeline, "alias_table", lambda _: pytest.fail("the names were read"))
    assert json.loads(audit("-f", "json").out) == first
    assert first == json.loads(audit("-f", "json").out)


def test_decisions_and_baseline_are_weighed_anew(audit, written, auditor, copy, examined):
    open_findings = json.loads(audit("-f", "json").out)["findings"]
    twice = next(found for found in open_findings if found["rule"] == "en/word-twice" and found["path"].endswith("b.txt"))
    decision = {"fingerprint": twice["fingerprint"], "rule": twice["rule"], "verdict": "dismissed", "by": "desk", "at": "2026-05-04T12:00:00+00:00"}
    (copy.parent / ".auditor").mkdir()
    (copy.parent / ".auditor" / "decisions.jsonl").write_text(json.dumps(decision) + "\n", encoding="utf-8")
    assert written() == written(cold=True)
    assert auditor("baseline", "create", "copy", "--model", "none").code == 0
    assert written() == written(cold=True)
    assert json.loads(audit("-f", "json").out)["findings"] == []
    assert examined.count("b.txt") == 1 + 2, "once, and twice without what was kept"


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "copy" / "b.txt").write_text("They met in the the other hall.\n"),
        lambda folder: (folder / "copy" / "b.source.txt").write_text("Der Minister traf am Freitag in der Hauptstadt einen alten Freund.\n"),
        lambda folder: (folder / "copy" / "b.meta.json").write_text('{"source_language": "pl"}'),
    ],
    ids=["text", "source text", "sidecar"],
)
def test_of_many_texts_only_the_changed_one_is_examined(audit, copy, examined, change):
    audit()
    examined.clear()
    change(copy.parent)
    warm = audit("-f", "json")
    assert examined == ["b.txt"]
    assert warm == audit("-f", "json", cold=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: ["-s", "de"],
        lambda _: ["--target-lang", "fr"],
        lambda _: ["--profile", "ap"],
        lambda _: ["--variant", "en-GB"],
        lambda _: ["--ignore", "en/word-twice"],
        lambda _: ["--select", "en/*"],
        lambda _: ["--sensitivity", "high"],
        lambda folder: (folder / "auditor.toml").write_text('[[overrides]]\nfiles = ["copy/*"]\nignore = ["en/word-twice"]\n'),
        lambda folder: (folder / "auditor.toml").write_text('[[overrides]]\nfiles = ["copy/*"]\nsource-lang = "cs"\n'),
        lambda folder: own(folder, "packs", "en", '[hall]\nkind = "phrase"\ncategory = "style/awkward"\nseverity = "minor"\nmessage = "Hall."\n'
                           'match.any = ["hall"]\n[[hall.bad]]\ntext = "A [[hall]]."\n[[hall.good]]\ntext = "A room."\n'),
        lambda folder: own(folder, "aliases", "house", '[bouteflika-x]\ncanonical = "Abdelaziz Boutefliqa"\nkind = "person"\nregion = "dz"\n'
                           'variants.fr = ["Abdelaziz Bouteflika"]\nsources = ["the house"]\n'),
    ],
    ids=["source", "target", "profile", "variant", "ignore", "select", "sensitivity", "override", "override of the source", "pack", "alias"],
)  # fmt: skip
def test_whatever_a_result_depends_on_makes_another_one(audit, copy, examined, change):
    audit()
    examined.clear()
    arguments = change(copy.parent)
    arguments = arguments if isinstance(arguments, list) else []
    warm = audit("-f", "json", *arguments)
    assert "b.txt" in examined
    assert warm == audit("-f", "json", *arguments, cold=True)
    examined.clear()
    audit()
    assert examined == [], "what was found before is still known, and what was found now"


def test_processes_get_rules_that_were_not_read_yet(audit, copy):
    first = audit("-f", "json")
    (copy / "b.txt").write_text("They met in the the other hall.\n")
    assert audit("-f", "json", "-j", "2") == audit("-f", "json", cold=True) != first


def own(folder, what, name, content):
    place = folder / ".auditor" / what
    place.mkdir(parents=True)
    (place / f"{name}.toml").write_text(content, encoding="utf-8")


def test_another_version_of_the_program_is_another_result(audit, copy, examined, monkeypatch, tmp_path):
    program = tmp_path / "program"
    (program / "packs").mkdir(parents=True)
    (program / "packs" / "en.toml").write_text("one")
    monkeypatch.setattr(results, "_PACKAGE", program)
    audit()
    audit()
    assert examined.count("b.txt") == 1
    (program / "packs" / "en.toml").write_text("two")
    audit()
    audit()
    assert examined.count("b.txt") == 2
    shutil.rmtree(program / "packs")
    (program / "packs").mkdir()
    (program / "packs" / "en.toml").write_text("one")  # another time, the same content: a fresh checkout
    audit()
    assert examined.count("b.txt") == 2


def test_a_program_that_changes_while_it_runs_keeps_nothing(audit, examined, monkeypatch, tmp_path):
    program = tmp_path / "program"
    program.mkdir()
    monkeypatch.setattr(results, "_PACKAGE", program)
    examine = stages.Examiner.examine

    def edited(self, documents):
        (program / "new.py").write_text(str(len(examined)))
        return examine(self, documents)

    monkeypatch.setattr(stages.Examiner, "examine", edited)
    audit()
    audit()
    assert examined.count("b.txt") == 2


def test_other_packages_are_another_result(audit, examined, monkeypatch, tmp_path):
    audit()
    (tmp_path / "site" / "langdetect-9.9.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    audit()
    assert examined.count("b.txt") == 2


def test_without_a_cache_nothing_is_kept(audit, copy, examined):
    audit(cold=True)
    audit(cold=True)
    assert examined.count("b.txt") == 2
    assert not list(copy.parent.glob("own cache/*.sqlite"))


def test_a_damaged_file_is_built_anew_with_a_notice(audit, copy, examined):
    first = audit("-f", "json")
    file = copy.parent / "own cache" / "results.sqlite"
    file.write_bytes(b"no database " * 1000)
    second = audit("-f", "json")
    assert second.out == first.out
    assert "damaged" in second.err
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE score SET value = x'00' || value")
    connection.close()
    assert audit("-f", "json") == first, "what was tampered with is not believed"
    assert audit("-f", "json") == first
    assert examined.count("b.txt") == 3


def test_a_cache_that_cannot_be_written_costs_a_notice(audit, copy, monkeypatch):
    (copy.parent / "file").write_text("")
    monkeypatch.setenv("AUDITOR_CACHE", str(copy.parent / "file"))
    ran = audit("-f", "json")
    assert json.loads(ran.out)["findings"]
    assert ran.err.count("cannot be used") == 1


def test_a_rule_that_is_none_and_a_glob_for_nothing_are_said_each_time(audit, auditor):
    for _ in range(2):
        assert "no rule matches “fr-en/zz*”" in audit("--ignore", "fr-en/zz*").err
        ran = auditor("audit", "copy", "--model", "none", "--select", "en/no-such-rule")
        assert (ran.code, "there is no rule" in ran.err) == (2, True)


def test_a_change_is_judged_the_same_with_what_is_known(audit, copy, examined, monkeypatch):
    identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for name, value in identity.items():
        monkeypatch.setenv(name, value)

    def git(*arguments):
        subprocess.run(
            ["git", "-c", "user.name=Desk", "-c", "user.email=d@example.org", *arguments], check=True, capture_output=True, cwd=copy.parent
        )

    git("init", "--quiet")
    git("add", "copy")
    git("commit", "--quiet", "--message", "old copy")
    (copy / "b.txt").write_text(PLAIN["b.txt"] + "\nThey left the the hall.\n", encoding="utf-8")
    cold = audit("-f", "json", "--new-from", "HEAD", cold=True)
    first, second = audit("-f", "json", "--new-from", "HEAD"), audit("-f", "json", "--new-from", "HEAD")
    assert cold == first == second
    assert [found["text"] for found in json.loads(cold.out)["findings"]] == ["the the"]
    assert audit("-f", "json", "--policy-from", "HEAD") == audit("-f", "json", "--policy-from", "HEAD", cold=True)


def test_a_known_text_loads_neither_rules_nor_names_nor_model(copy):
    (copy / "d.md").unlink()  # to say of a comment that it silences nothing the rules are needed
    program = (
        "import sys\nfrom auditor.cli.main import code\n"
        "ended = code(['gate', 'copy', '--model', 'none', '-f', 'json', '-o', 'out.json'])\n"
        f"print(ended, *sorted(name for name in {sorted(HEAVY)!r} if name in sys.modules))"
    )

    def run():
        return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=copy.parent).stdout.split()

    cold, warm = run(), run()
    assert "auditor.stages" in cold
    assert warm == cold[:1]


def test_runs_at_the_same_time_agree(copy):
    command = [sys.executable, "-m", "auditor.cli.main", "audit", "copy", "--model", "none", "-f", "json"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=copy.parent) for _ in range(3)]
    told = {run.communicate() for run in runs}
    assert len(told) == 1
    assert json.loads(told.pop()[0])["findings"]


@pytest.mark.model
def test_a_known_text_opens_no_model_and_scores_are_the_same(auditor, copy, model, monkeypatch):
    for name in ("models", "graphs"):
        (copy.parent / "own cache").mkdir(exist_ok=True)
        (copy.parent / "own cache" / name).symlink_to(model / name)
    cold = auditor("audit", "copy", "--offline", "-f", "json", "-v", "--no-cache")
    first = auditor("audit", "copy", "--offline", "-f", "json", "-v")
    monkeypatch.setattr("auditor.fluency.load.load", lambda *_, **__: pytest.fail("the model was opened"))
    second = auditor("audit", "copy", "--offline", "-f", "json", "-v")
    assert cold.out == first.out == second.out
    assert "openvino" in json.loads(second.out)["run"]["model"]


@pytest.mark.model
def test_a_model_that_has_gone_since_is_said_and_the_audit_goes_on(auditor, copy, model):
    place = copy.parent / "own cache"
    place.mkdir()
    shutil.copytree(model / "models", place / "models", symlinks=False)
    (place / "graphs").symlink_to(model / "graphs")
    auditor("audit", "copy", "--offline", "-f", "json")
    shutil.rmtree(place / "models")
    ran = auditor("audit", "copy", "--offline", "-f", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["run"]["model"].startswith("none (")
    assert "cannot be used" in ran.err
