"""What only a process of its own shows: a closed pipe, an interrupt."""

import signal
import subprocess
import sys
import time

import pytest

COPY = "Talks resume in Geneva\n\nThe delegates said said that they would meet again in May.\nEnlarge image\n"
COMMAND = [sys.executable, "-m", "auditor.cli.main"]


@pytest.fixture
def copy(tmp_path):
    (tmp_path / "copy").mkdir()
    for number in range(300):
        (tmp_path / "copy" / f"{number:03}.txt").write_text(COPY, encoding="utf-8")
    return tmp_path / "copy"


def start(*arguments, cwd):
    return subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd)


def hung_up(*arguments, cwd):
    """Exit code and standard error of a command whose reader closes the pipe at once."""
    with start(*arguments, cwd=cwd) as process:
        process.stdout.close()
        error = process.stderr.read().decode()
    return process.returncode, error


@pytest.mark.parametrize("arguments", [("audit", "copy", "--model", "none"), ("gate", "copy", "--model", "none", "-q"), ("rule", "--all")])
def test_a_closed_pipe_is_quiet(copy, arguments):
    code, error = hung_up(*arguments, cwd=copy.parent)
    assert code == 0
    assert error == ""


def test_a_closed_pipe_does_not_open_the_gate(tmp_path):
    text = "Die Abgeordneten haben am Freitag nach langer Debatte über das Gesetz abgestimmt, teilte das Präsidium mit. " * 5
    (tmp_path / "raw.txt").write_text(text, encoding="utf-8")
    code, _ = hung_up("gate", "raw.txt", "--model", "none", cwd=tmp_path)
    assert code == 1


def test_an_interrupt_in_the_middle_is_a_130_and_one_line(copy):
    with start("audit", "copy", "--model", "none", "-j", "1", "-f", "json", cwd=copy.parent) as process:
        time.sleep(2.0)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in error.decode()
