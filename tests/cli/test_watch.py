import signal
import subprocess
import sys
import time

import pytest

from auditor.cli.auditing import Request
from auditor.cli.watch import stamps, watch

COPY = "Talks resume\n\nThe delegates met in Geneva on Monday and will meet again in May.\n\nEnlarge image\n"


def request(**fields):
    return Request(paths=["."], model="none", output_format="concise", **fields)


def test_each_change_is_audited_and_a_broken_setting_is_survived(auditor, tmp_path, capsys):
    (tmp_path / "a.txt").write_text(COPY, encoding="utf-8")

    def changes(look):
        before = look()
        yield
        (tmp_path / "a.txt").write_text(COPY.replace("\nEnlarge image\n", ""), encoding="utf-8")
        assert look() != before
        yield
        (tmp_path / "auditor.toml").write_text("jbos = 1\n", encoding="utf-8")
        yield
        (tmp_path / "auditor.toml").write_text("jobs = 1\n", encoding="utf-8")
        (tmp_path / "a.txt").write_text(COPY, encoding="utf-8")
        yield

    assert watch(request(), changes=changes) == 0
    said = capsys.readouterr()
    assert said.out.count("Enlarge image") == 2
    assert "did you mean “jobs”" in said.err
    assert said.err.count("watching") == 4


def test_what_an_audit_rests_on_is_watched_and_not_what_it_writes(auditor, tmp_path):
    names = ["a.txt", "a.meta.json", "a.source.txt", "auditor.toml", ".auditor/packs/x.toml", "audit.html", "b.html", "c.py"]
    (tmp_path / ".auditor" / "packs").mkdir(parents=True)
    for name in names:
        (tmp_path / name).write_text("", encoding="utf-8")
    watched = {path.as_posix() for path in stamps(request(report=["html=audit.html"]), {(tmp_path / "audit.html").resolve()})}
    assert {name.removeprefix(f"{tmp_path.as_posix()}/") for name in watched} == set(names) - {"audit.html", "c.py"}


@pytest.mark.parametrize("arguments", [["-"], [], ["--files-from", "x"]])
def test_only_files_and_folders_can_be_watched(auditor, arguments):
    ran = auditor("audit", "--watch", *arguments, "--model", "none")
    assert ran.code == 2
    assert "--watch needs files or folders" in ran.err


@pytest.mark.slow
def test_a_process_watches_until_it_is_interrupted(tmp_path):
    (tmp_path / "a.txt").write_text(COPY, encoding="utf-8")
    command = [sys.executable, "-u", "-m", "auditor.cli.main", "audit", ".", "--watch", "--model", "none", "-f", "concise"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, text=True) as process:
        for number in range(2):
            while "watching" not in process.stderr.readline():
                assert process.poll() is None
            if number == 0:
                time.sleep(0.1)
                (tmp_path / "a.txt").write_text(COPY + "\nThe end.\n", encoding="utf-8")
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in error
    assert out.count("Enlarge image") == 2
