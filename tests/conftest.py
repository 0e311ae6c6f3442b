"""What several tests share: the command line run in this process, and the language model where it has been fetched."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass

import pytest

from auditor.cli.main import code


def pytest_addoption(parser):
    parser.addoption("--rewrite", action="store_true", help="write the goldens anew instead of comparing with them")


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    """A text stream over bytes, as standard output is."""

    def __init__(self):
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")

    def value(self):
        self.flush()
        return self.buffer.getvalue().decode("utf-8")


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A cache folder of the tests' own: the person's models, nothing of what was found before."""
    from auditor.cli.settings import cache_folder

    folder = tmp_path_factory.mktemp("cache")
    for name in ("models", "graphs"):
        (cache_folder() / name).mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(cache_folder() / name)
    return folder


@pytest.fixture
def auditor(tmp_path, monkeypatch, cache):
    """Runs a command in an empty folder, without the person's configuration and without a language model unless one is named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDITOR_CACHE", str(cache))
    for name in ("AUDITOR_MODEL", "AUDITOR_SOURCE_LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments, stdin=""):
        out, err = _Stream(), _Stream()
        source = io.TextIOWrapper(io.BytesIO(stdin if isinstance(stdin, bytes) else stdin.encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", source)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = code([str(argument) for argument in arguments])
        return Ran(ended, out.value(), err.value())

    return run


@pytest.fixture(scope="session")
def model():
    """The cache folder with the default language model in it; skips where it has not been fetched (`auditor models pull`)."""
    from auditor.cli.settings import cache_folder
    from auditor.errors import ModelError
    from auditor.fluency.manifest import manifest
    from auditor.fluency.pull import pull

    try:
        pull(manifest("smollm2-135m-instruct"), cache_folder(), offline=True)
    except ModelError as error:
        pytest.skip(f"the language model is not here: {error}")
    return cache_folder()
