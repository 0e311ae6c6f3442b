"""A whole audit opens no socket and touches nothing in the home folder but our cache."""

import os
import subprocess
import sys

import pytest

WATCHED = """
import sys
seen = []
sys.addaudithook(lambda event, args: seen.append(event) if event.startswith("socket.") and event != "socket.gethostname" else None)
from auditor.cli.main import code
ended = code(sys.argv[1:])
print(*sorted(set(seen)), file=sys.stderr)
sys.exit(ended)
"""


def audited(home, *arguments):
    (home / "copy").mkdir(parents=True)
    (home / "copy" / "a.txt").write_text("Talks resume\n\nThe delegates met in Geneva on Monday. They will meet again in May.\n", encoding="utf-8")
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")}
    command = [sys.executable, "-c", WATCHED, "audit", str(home / "copy"), "-f", "json", "-q", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=home, env=env, check=False)


def left(home):
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()} - {"copy/a.txt"}


def test_without_a_model_nothing_is_opened_and_only_what_was_found_is_kept(tmp_path):
    ran = audited(tmp_path / "home", "--model", "none")
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.split() == []
    assert left(tmp_path / "home") == {".cache/auditor/results.sqlite"}


def test_the_watcher_sees_a_socket():
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED.replace("from auditor.cli.main import code", "import socket; socket.socket()").replace("code(", "len(")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "socket.__new__" in ran.stderr


@pytest.mark.model
def test_with_the_model_only_our_cache_is_written(tmp_path, model):
    home = tmp_path / "home"
    kept = home / ".cache" / "auditor"
    kept.mkdir(parents=True)
    (kept / "models").symlink_to(model / "models")
    ran = audited(home, "--offline")
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.split() == []
    assert '"fluency"' in ran.stdout
    assert all(name.startswith(".cache/auditor/") for name in left(home))
