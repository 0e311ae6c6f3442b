import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import config
from auditor.errors import DataError
from auditor.types import Severity


def write(folder, text, name="auditor.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_sets_what_it_names_and_says_where_it_came_from(tmp_path):
    path = write(tmp_path, 'source-lang = "de"\njobs = 2\nexclude = ["drafts/*"]\n[[overrides]]\nfiles = ["fr/*"]\nsource-lang = "fr"\n')
    read = config.load(path)
    assert (read.source_lang, read.jobs, read.exclude) == ("de", 2, ("drafts/*",))
    assert read.overrides == (config.Override(("fr/*",), "fr"),)
    assert read.origins["jobs"] == f"{path}:2"
    assert read.min_score == config.Config().min_score


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('sorce-lang = "de"', 1, "did you mean “source-lang”"),
        ('model = "none"\njobs = "two"', 2, "has to be a number"),
        ('fail-on = "mayor"', 1, "did you mean “major”"),
        ("offline = 3", 1, "true or false"),
        ('[[overrides]]\nfiles = ["a"]\nlang = "de"', 3, "unknown key “lang”"),
        ("min-score = -1", 1, "cannot be negative"),
    ],
)
def test_a_wrong_key_or_value_is_said_with_its_line(tmp_path, text, line, said):
    path = write(tmp_path, text)
    with pytest.raises(DataError, match=said) as caught:
        config.load(path)
    assert f"{path}: line {line}:" in str(caught.value)


def test_pyproject_is_read_only_where_it_has_our_table(tmp_path):
    write(tmp_path, "[project]\nname = 'x'\n", "pyproject.toml")
    (tmp_path / ".git").mkdir()
    assert config.find(tmp_path) is None
    path = write(tmp_path, "[tool.auditor]\nsource-lang = 'fr'\n", "pyproject.toml")
    assert config.find(tmp_path) == path
    assert config.load(path).source_lang == "fr"


def test_the_search_stops_at_the_root_of_the_repository(tmp_path):
    write(tmp_path, "jobs = 1")
    inner = tmp_path / "repo" / "copy"
    inner.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    assert config.find(inner) is None
    write(tmp_path / "repo", "jobs = 2")
    assert config.find(inner) == tmp_path / "repo" / "auditor.toml"


def test_the_environment_is_read_as_the_type_of_the_setting():
    read = config.from_environment(config.Config(), {"AUDITOR_OFFLINE": "1", "AUDITOR_IGNORE": "a/*, b/c", "AUDITOR_CACHE": "/x", "HOME": "/h"})
    assert read.offline is True
    assert read.ignore == ("a/*", "b/c")
    with pytest.raises(DataError, match="AUDITOR_JOBS"):
        config.from_environment(config.Config(), {"AUDITOR_JOBS": "many"})


def test_thresholds():
    assert config.reaches(Severity.MAJOR, "minor")
    assert not config.reaches(Severity.MINOR, "major")
    assert not config.reaches(Severity.CRITICAL, "never")


def test_an_extended_file_is_read_first_and_its_paths_are_relative_to_the_file_that_names_it(tmp_path):
    house = tmp_path / "house"
    desk = tmp_path / "desk"
    house.mkdir()
    desk.mkdir()
    write(house, 'jobs = 3\nprofile = "wire"\n[[overrides]]\nfiles = ["*.txt"]\nvariant = "en-GB"\n', "base.toml")
    write(tmp_path, 'extend = "house/base.toml"\njobs = 2\n', "middle.toml")
    read = config.load(write(desk, 'extend = "../middle.toml"\nvariant = "en-US"\n'))
    assert (read.jobs, read.profile, read.variant, read.folder) == (2, "wire", "en-US", desk)
    assert read.origins["profile"] == f"{desk / '..' / 'house' / 'base.toml'}:2"
    assert config.for_file(read, str(house / "a.txt")).variant == "en-GB"
    assert config.for_file(read, str(desk / "a.txt")).variant == "en-US"


@pytest.mark.parametrize(
    ("extend", "said"),
    [
        ('"b.toml"', "b.toml, which does not exist; did you mean “a.toml”"),
        ('"."', "is a folder"),
        ("3", "has to be the path"),
        ('"auditor.toml"', "goes round in a circle"),
        ('"a.toml"', "goes round in a circle: .*auditor.toml → .*a.toml → .*auditor.toml"),
    ],
)
def test_what_cannot_be_extended_is_said_with_its_line(tmp_path, extend, said):
    write(tmp_path, 'extend = "auditor.toml"', "a.toml")
    path = write(tmp_path, f"jobs = 1\nextend = {extend}\n")
    with pytest.raises(DataError, match=said) as caught:
        config.load(path)
    assert "line " in str(caught.value)


def test_overrides_hold_for_the_files_that_fit_and_the_last_word_wins(tmp_path):
    read = config.load(
        write(
            tmp_path,
            """ignore = ["a/*"]
source-lang = "ru"
[[overrides]]
files = ["fr/", "*.fr.txt"]
source-lang = "fr"
ignore = ["b/*"]
gate-fail-on = "minor"
[[overrides]]
files = ["fr/wire/*.txt"]
profile = "wire"
ignore = ["c/*"]
gate-fail-on = "critical"
select = ["names/*"]
""",
        )
    )
    plain, french, wire = (config.for_file(read, str(tmp_path / name)) for name in ("de/a.txt", "fr/b/c.txt", "fr/wire/a.txt"))
    assert (plain.source_lang, plain.ignore, plain.gate_fail_on) == ("ru", ("a/*",), "major")
    assert (french.source_lang, french.ignore, french.gate_fail_on, french.select) == ("fr", ("a/*", "b/*"), "minor", ("*",))
    assert (wire.source_lang, wire.ignore, wire.gate_fail_on) == ("fr", ("a/*", "b/*", "c/*"), "critical")
    assert (wire.profile, wire.select) == ("wire", ("names/*",))
    assert wire.origins["profile"].endswith("auditor.toml:8")
    assert config.for_file(read, str(tmp_path / "de/../fr/x.txt")).source_lang == "fr"
    assert config.for_file(read, str(tmp_path.parent / "fr" / "x.txt")).source_lang == "ru"


def test_what_is_given_for_the_run_outranks_overrides_but_what_is_ignored_stays_ignored(tmp_path):
    path = write(tmp_path, '[[overrides]]\nfiles = ["*"]\nprofile = "wire"\nvariant = "en-GB"\nselect = ["a/*"]\nignore = ["b/*"]\n')
    read = config.from_environment(config.load(path), {"AUDITOR_VARIANT": "en-US"})
    read = config.assign(read, "select", ["c/*"], origin="--select")
    own = config.for_file(read, str(tmp_path / "x.txt"))
    assert (own.profile, own.variant, own.select, own.ignore) == ("wire", "en-US", ("c/*",), ("b/*",))


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ('files = ["x"]\nprofle = "a"', 6, "unknown key “profle” in .*did you mean “profile”"),
        ('profile = "a"', 4, "needs “files”"),
        ('files = ["x"]\ngate-fail-on = "mayor"', 6, "did you mean “major”"),
        ('files = ["x"]\nmin-score = "high"', 6, "has to be a number"),
        ('files = ["["]', 5, "no glob"),
        ('files = ["x"]\njobs = 2', 6, "above the first"),
    ],
)
@pytest.mark.parametrize("pyproject", [False, True])
def test_a_wrong_override_is_said_with_the_line_in_its_own_table(tmp_path, table, line, said, pyproject):
    header = "[[tool.auditor.overrides]]" if pyproject else "[[overrides]]"
    text = f'{header}\nfiles = ["a"]\nprofile = "b"\n{header}\n{table}\n'
    path = write(tmp_path, text, "pyproject.toml" if pyproject else "auditor.toml")
    with pytest.raises(DataError, match=said) as caught:
        config.load(path)
    assert f"line {line}:" in str(caught.value)


def test_every_setting_says_what_it_means():
    assert all(setting.metadata.get("text") for setting in config.SETTINGS.values())


@given(st.text(), st.text(), st.lists(st.sampled_from(["a", "b", "de", "..", ".", "x.txt"]), min_size=1))
def test_any_text_loads_or_says_where_it_is_wrong(value, glob, parts):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "auditor.toml"
        path.write_text(
            f'profile = {json.dumps(value)}\n[[overrides]]\nfiles = [{json.dumps(glob)}]\nvariant = "en-GB"\n', encoding="utf-8", errors="replace"
        )
        try:
            read = config.load(path)
        except DataError as error:
            assert re.search(r"line \d+: ", str(error))  # noqa: PT017
            return
        assert config.for_file(read, "/".join([folder, *parts])).variant in ("", "en-GB")
