import http.server
import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.errors import ModelError
from auditor.fluency import hub
from auditor.fluency.load import load
from auditor.fluency.manifest import Manifest
from auditor.fluency.pull import pinned, pull, target
from tests.fluency.test_folder import made

FIRST, SECOND = "a" * 40, "b" * 40


class Hub:
    """A repository as the hub serves one, on this machine: `files` at each commit, and what `main` names now."""

    def __init__(self):
        self.commits = {FIRST: {"config.json": b"{}", "tokenizer.json": b"[]", "model.safetensors": b"weights" * 900, "modeling.py": b"code"}}
        self.main, self.asked, self.listing = FIRST, [], None

    def answer(self, path):
        self.asked.append(path)
        if path == "/api/models/house/model/revision/main?blobs=true":
            files = [{"rfilename": name, "size": len(content)} for name, content in self.commits[self.main].items()]
            return self.listing or json.dumps({"sha": self.main, "siblings": files}).encode()
        _, house, model, _, commit, name = path.split("/", 5)
        return self.commits.get(commit, {}).get(name) if (house, model) == ("house", "model") else None


@pytest.fixture
def served():
    found = Hub()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            content = found.answer(self.path)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        found.url = f"http://127.0.0.1:{server.server_port}/house/model"
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def manifest(served):
    return Manifest(
        "big", "Big", "main", "MIT", "llama", "openvino", "<|endoftext|>", "-", "", 1000, "", (), None, Path("big.toml"), repository=served.url
    )


def test_a_folder_is_fetched_once_and_pinned_to_the_commit(served, manifest, tmp_path):
    told = []
    place = pull(manifest, tmp_path, offline=False, progress=lambda done, total: told.append((done, total)))
    assert {path.name for path in place.iterdir()} == {"config.json", "tokenizer.json", "model.safetensors"}, "no code is fetched"
    assert (place / "model.safetensors").read_bytes() == served.commits[FIRST]["model.safetensors"]
    assert told[-1] == (6304, 6304)
    assert target(manifest, tmp_path).is_file()
    assert pinned(manifest, place).revision == FIRST[:12]
    served.main, served.asked = SECOND, []
    assert pull(manifest, tmp_path, offline=True) == pull(manifest, tmp_path, offline=False) == place
    assert served.asked == [], "what is there is not fetched again, whatever the branch names now"


def test_what_is_damaged_is_fetched_again_at_the_pinned_commit(served, manifest, tmp_path):
    place = pull(manifest, tmp_path, offline=False)
    served.main, served.asked = SECOND, []
    (place / "model.safetensors").write_bytes(b"weights" * 899 + b"WEIGHTS")
    with pytest.raises(ModelError, match=r"model.safetensors is damaged .*, and nothing is fetched offline; `auditor models pull big`"):
        pull(manifest, tmp_path, offline=True)
    assert pull(manifest, tmp_path, offline=False) == place
    assert served.asked == [f"/house/model/resolve/{FIRST}/model.safetensors"]


def test_another_file_under_the_pinned_commit_is_refused(served, manifest, tmp_path):
    place = pull(manifest, tmp_path, offline=False)
    (place / "config.json").unlink()
    served.commits[FIRST]["config.json"] = b"{} "
    with pytest.raises(ModelError, match=r"^big cannot be fetched: 127.0.0.1:[0-9]+: config.json has another sha256 than the one it was pinned to"):
        pull(manifest, tmp_path, offline=False)
    assert not [path for path in place.iterdir() if path.name.endswith(".part")]


@pytest.mark.parametrize(
    ("listing", "complaint"),
    [
        (b"<html>", "is no listing of a model"),
        (b"[]", "is no listing of a model"),
        (b'{"sha": "../../x", "siblings": []}', "names no commit"),
        (b'{"sha": "aaaaaaaa", "siblings": [{"rfilename": "config.json"}]}', r"holds no tokenizer.json, \*.safetensors"),
    ],
)
def test_a_strange_listing_is_one_clear_line(served, manifest, tmp_path, listing, complaint):
    served.listing = listing
    with pytest.raises(ModelError, match=complaint) as caught:
        pull(manifest, tmp_path, offline=False)
    assert "\n" not in str(caught.value)


def test_a_hub_that_cannot_be_reached_and_a_model_not_fetched_are_told_apart(served, manifest, tmp_path):
    with pytest.raises(ModelError, match=r"the model has not been fetched, and nothing is fetched offline"):
        pull(manifest, tmp_path, offline=True)
    with pytest.raises(ModelError, match=r"cannot be reached"):
        pull(replace(manifest, repository=f"{served.url}-gone"), tmp_path, offline=False)
    assert hub.pinned(tmp_path / "models" / "big") is None


def test_a_pulled_folder_is_scored_under_its_commit(served, manifest, tiny, tmp_path):
    made(tmp_path / "there", tiny, {"model_type": "qwen3"})
    served.commits[FIRST] = {path.name: path.read_bytes() for path in (tmp_path / "there").iterdir()}
    scorer = load(manifest, pull(manifest, tmp_path, offline=False), cache=tmp_path, mode="f32", workers=1)
    assert scorer.signature.startswith(f"Big@{FIRST[:12]}|openvino-")
    scorer.close()
