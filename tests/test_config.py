import pytest

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
    assert read.origins["jobs"] == str(path)
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
