"""`auditor review` from the command line: what it refuses before it serves, and how it starts and stops."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar

import pytest

pytest.importorskip("starlette")


def test_it_needs_files_and_a_name(auditor, tmp_path):
    assert "which files" in auditor("review").err
    (tmp_path / "a.txt").write_text("A headline\n\nThe end.\n")
    ran = auditor("review", "a.txt", "--user", " ", "--no-browser")
    assert (ran.code, "--user" in ran.err) == (2, True)
    assert auditor("review", "a.txt", "--user", "x" * 81).code == 2


def test_a_taken_port_is_an_error_before_anything_is_audited(auditor, tmp_path):
    (tmp_path / "a.txt").write_text("A headline\n\nThe end.\n")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = auditor("review", "a.txt", "--port", taken.getsockname()[1], "--no-browser")
    assert ran.code == 2
    assert "nothing can listen there" in ran.err
    assert not (tmp_path / ".auditor").exists()
    assert ran.out == ""


@pytest.mark.slow
def test_the_first_line_is_the_address_and_an_interrupt_is_the_end(tmp_path):
    (tmp_path / "a.txt").write_text("---\nsource_language: de\n---\nA headline\n\nPresident Selenskyj left.\n")
    command = [sys.executable, "-m", "auditor.cli.main", "review", "a.txt", "--no-browser", "--model", "none", "--port", "0", "--user", "Anna"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    try:
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]+", address)
        with urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open(address) as answer:
            assert "Selenskyj" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert out == ""
    assert "to look only: http://127.0.0.1:" in err
    assert "Traceback" not in err
