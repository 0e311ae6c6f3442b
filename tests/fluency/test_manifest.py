import pytest

from auditor.errors import DataError, UsageError
from auditor.fluency import manifest as m
from auditor.fluency.adjusted import FEATURES, Sentence, Word
from auditor.fluency.calibration import Sample, calibrate
from auditor.types import Span

GOOD = """name = "Small"
revision = "1"
licence = "MIT"
architecture = "llama"
engine = "openvino"
start = "<s>"
homepage = "https://example.org"

[file]
name = "small.gguf"
size = 10
sha256 = "00"

[[source]]
kind = "hub"
url = "https://example.org/small.gguf"
sha256 = "00"
"""


REPOSITORY = (
    GOOD.split("[file]")[0]
    + """[repository]
url = "https://example.org/house/model"
size = 10
"""
)


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "small.toml"
    found.write_text(GOOD)
    return found


def test_every_manifest_of_ours_is_whole():
    for name in m.names():
        found = m.manifest(name)
        assert found.id == name
        assert len(found.sha256) == (0 if found.repository else 64)
        assert all(len(source.sha256) == 64 for source in found.sources)
    assert "smollm2-135m-instruct" in m.names()


def test_an_unknown_model_names_the_nearest():
    with pytest.raises(UsageError, match="did you mean “smollm2-135m-instruct”"):
        m.manifest("smollm2-135m-instrukt")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('licence = "MIT"', 'license = "MIT"', "line 3: unknown key “license”; did you mean “licence”"),
        ('engine = "openvino"', 'engine = "openvin"', "line 5: “engine” is none of .*; did you mean “openvino”"),
        ("size = 10", 'size = "10"', r"line 11: “size” in \[file\] is not a number of bytes"),
        ('kind = "hub"', 'kind = "ftp"', "is none of pypi, hub"),
        ('url = "https://example.org/small.gguf"', "", r"“url” in \[source\] is missing"),
        ("[[source]]", "[sauce]", "unknown key “sauce”; did you mean “source”"),
        ("[file]", "[file", "line 9"),
    ],
)
def test_a_malformed_manifest_is_refused_with_line_and_key(path, old, new, complaint):
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(DataError, match=complaint) as caught:
        m.load(path)
    assert str(path) in str(caught.value)


def test_a_model_may_be_a_repository_that_is_pinned_when_it_is_fetched(path):
    path.write_text(REPOSITORY)
    found = m.load(path)
    assert (found.repository, found.size, found.sources) == ("https://example.org/house/model", 10, ())
    for old, new, complaint in (
        ("https://", "ftp://", "“url” in .repository. is no https address"),
        ("size = 10", "size = 0", "is not a number of bytes"),
        ("size = 10", "commit = 1", "unknown key “commit”"),
    ):
        path.write_text(
            REPOSITORY.replace(f'[repository]\nurl = "{old}', f'[repository]\nurl = "{new}') if "//" in old else REPOSITORY.replace(old, new)
        )
        with pytest.raises(DataError, match=complaint):
            m.load(path)


def test_a_calibration_is_stored_and_replaced(path):
    for shift in (0.0, 1.0):
        word = Sentence((Word(Span(0, 4), "word", 1.0, 1),), ((1.0,) * len(FEATURES),))
        found = calibrate([Sample("text", 20, shift + number / 10, word) for number in range(80)], source="made up")
        m.store(m.load(path), found)
        assert m.load(path).calibration == found
    assert path.read_text().startswith(GOOD.rstrip())
    assert path.read_text().count("[calibration]") == 1
