"""The wheel works without the clone: packs, languages, aliases, page assets and model manifests are all in it."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--disable-pip-version-check",
        "--wheel-dir",
        folder,
        ROOT,
    ]
    subprocess.run(command, check=True)
    (built,) = folder.glob("auditor-*.whl")
    return built


def test_the_wheel_holds_the_data_and_nothing_of_the_clone(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in ("packs/und.toml", "languages/en.toml", "report/page.css", "models/smollm2-135m-instruct.toml", "rules.jsonl", "cli/main.py"):
        assert f"auditor/{needed}" in names
    assert any(name.startswith("auditor/aliases/") for name in names)
    assert not any(name.startswith(("tests/", "seeds/", "reports/")) for name in names)


@pytest.mark.slow
def test_an_installed_wheel_audits_a_text(wheel, tmp_path):
    """The scratch environment sees the dependencies of this one, but not its auditor."""
    folder = tmp_path / "venv"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    run = {"check": True, "capture_output": True, "text": True, "cwd": tmp_path, "env": {**os.environ, "AUDITOR_MODEL": "none"}}
    site = subprocess.run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], **run).stdout.strip()
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel], **run)
    # appended behind the wheel's own folder; an editable install's import hook is a .pth file there and is not followed
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (tmp_path / "copy.txt").write_text("The talks resume on Monday.\n\nEnlarge image\n", encoding="utf-8")
    where = subprocess.run([python, "-c", "import auditor; print(auditor.__file__)"], **run).stdout
    assert where.startswith(site)
    ran = subprocess.run([python, "-m", "auditor.cli.main", "audit", "copy.txt", "-f", "jsonl", "-q"], **run)
    assert any(json.loads(line)["text"] == "Enlarge image" for line in ran.stdout.splitlines())
    listed = subprocess.run([python, "-m", "auditor.cli.main", "models", "list"], **run)
    assert "smollm2-135m-instruct" in listed.stdout
