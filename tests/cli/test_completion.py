import os
import subprocess
import sys

import pytest

CODE = "import sys; sys.argv[0] = 'auditor'; from auditor.cli.main import run; run()"


def completed(shell, home, *arguments, **variables):
    env = {**os.environ, "HOME": str(home), "SHELL": f"/bin/{shell}", **variables}
    return subprocess.run([sys.executable, "-c", CODE, *arguments], env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("typed", "offered"), [("auditor sch", ["schema"]), ("auditor fix --uns", ["--unsafe"]), ("auditor baseline cr", ["create"]), ("auditor zz", [])]
)
def test_bash_is_offered_commands_and_flags(tmp_path, typed, offered):
    ran = completed("bash", tmp_path, _AUDITOR_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD=str(typed.count(" ")))
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == offered


def test_completion_is_installed_in_the_home_of_the_user_alone(tmp_path):
    ran = completed("bash", tmp_path, "--install-completion", "bash")
    assert ran.returncode == 0, ran.stderr
    assert "_AUDITOR_COMPLETE=complete_bash" in (tmp_path / ".bash_completions" / "auditor.sh").read_text(encoding="utf-8")
    assert "auditor.sh" in (tmp_path / ".bashrc").read_text(encoding="utf-8")
