"""The description of the eye: read whole, or refused with its place."""

import hashlib

import pytest

from auditor.config import Config
from auditor.errors import DataError
from auditor.fluency.manifest import manifest
from auditor.learned import eye

TEXT = """weights = "eye.npz"
sha256 = "{sha256}"
model = "Telling@1"
licence = "Apache-2.0"
trained = "2026-01-01"

[document]
expected = -4.0
inertia = 50

[shift]
name = 1.0
quotation = 0.5
headline = 0.25
figure = 2
opening = 0.0

[sensitivity.low]
seed = 3.0
grow = 1.5
document = 0.5

[sensitivity.normal]
seed = 2.0
grow = 1.0
document = 0.5

[sensitivity.high]
seed = 1.0
grow = 0.5
document = 0.0

[confidence]
slope = 1.0
intercept = -1.0
"""


@pytest.fixture
def described(weights_file):
    path = weights_file.with_name("eye.toml")
    text = TEXT.format(sha256=hashlib.sha256(weights_file.read_bytes()).hexdigest())

    def write(old="", new=""):
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return write


def test_reads_what_stands_there(described):
    found = eye.load(described())
    assert found.thresholds["high"] == eye.Threshold(1.0, 0.5, 0.0)
    assert (found.expected, found.inertia) == (-4.0, 50)
    assert found.shifts["figure"] == 2.0


def test_reads_only_the_model_that_it_was_trained_on(described):
    found = eye.load(described())
    assert found.reads("Telling@1|openvino-1|bf16")
    assert not found.reads("Telling@12|openvino-1|bf16")
    assert not found.reads("Other@1")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("seed = 2.0", "sead = 2.0", r"line 24: unknown key “sead” in \[sensitivity.normal\].*seed"),
        ("inertia = 50\n", "", r"“inertia” in \[document\] is missing"),
        ('licence = "Apache-2.0"\n', "", "“licence” is missing"),
        ("[sensitivity.low]\nseed = 3.0\ngrow = 1.5\ndocument = 0.5\n", "", r"\[sensitivity.low\] is missing"),
        ('weights = "eye.npz"', 'weights = "other.npz"', r"other\.npz"),
        ('sha256 = "', 'sha256 = "0', r"line 2: “sha256” is not that of eye\.npz"),
        ("slope = 1.0", 'slope = "steep"', "no number"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(described, old, new, problem):
    with pytest.raises(DataError, match=problem):
        eye.load(described(old, new))


def test_the_eye_of_the_program_is_whole_and_reads_the_default_model():
    found = eye.load(eye.path())
    chosen = manifest(Config().model)
    assert found.reads(f"{chosen.name}@{chosen.revision}|openvino")
    assert (eye.path().parent / "eye.npz").stat().st_size < 20_000_000
    assert found.thresholds["low"].seed >= found.thresholds["normal"].seed
    assert found.slope > 0
