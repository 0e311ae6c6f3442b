import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor import config
from auditor.cli.init import Folder, Seen, settings
from auditor.cli.schema import config_schema
from auditor.errors import DataError
from auditor.io.read import READERS

ROOT = Path(__file__).parents[2]
COPY = "Talks resume\n\nThe delegates met in Geneva on Monday and will meet again in May.\n"


@pytest.fixture
def copy(tmp_path):
    for name in ("de/a.txt", "wire/b.txt", "wire/c.txt", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(COPY, encoding="utf-8")
    (tmp_path / "wire" / "b.meta.json").write_text('{"source_language": "fr"}', encoding="utf-8")
    return tmp_path


def clone(folder, url):
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {url}\n', encoding="utf-8")
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/trunk\n", encoding="utf-8")


def test_what_is_written_is_read_and_says_what_was_seen(auditor, copy):
    ran = auditor("init")
    assert ran.code == 0
    assert ran.out.splitlines() == ["wrote auditor.toml", "wrote .auditor/auditor.schema.json"]
    text = (copy / "auditor.toml").read_text(encoding="utf-8")
    assert "# de: 1 text: 1 de (path)" in text
    assert "# wire: 2 texts: 1 of unknown source language, 1 fr (sidecar). To name it:" in text
    assert config.load(copy / "auditor.toml").exclude == ("/README.md",)
    assert json.loads((copy / ".auditor" / "auditor.schema.json").read_text(encoding="utf-8")) == config_schema()
    assert auditor("gate", ".", "--model", "none", "-f", "json").code == 0


def test_every_line_that_is_commented_out_is_a_setting_with_its_default(tmp_path):
    text = settings(Seen(tmp_path, "", "main", (Folder('a"b\nc', 2, {("", "unknown"): 2}),)))
    shown = re.sub(r"^# (?=[\w-]+ = |\[\[)", "", text, flags=re.MULTILINE)
    (tmp_path / "auditor.toml").write_text(shown, encoding="utf-8")
    read = config.load(tmp_path / "auditor.toml")
    for name, setting in config.SETTINGS.items():
        assert name in read.origins
        assert name == "source_lang" or getattr(read, name) == setting.default
    assert [override.source_lang for override in read.overrides] == ["de"]
    for line in text.splitlines():
        assert line.startswith("#") or not line


def test_nothing_is_overwritten_unless_that_is_forced(auditor, copy):
    (copy / "auditor.toml").write_text("jobs = 1\n", encoding="utf-8")
    ran = auditor("init")
    assert ran.code == 2
    assert "auditor.toml: is there already" in ran.err
    assert [path.name for path in copy.iterdir() if path.is_file()] == ["README.md", "auditor.toml"] or not (copy / ".auditor").exists()
    assert (copy / "auditor.toml").read_text(encoding="utf-8") == "jobs = 1\n"
    assert auditor("init", "--force").code == 0
    assert (copy / "auditor.toml").read_text(encoding="utf-8") != "jobs = 1\n"


def test_a_github_workflow_is_written_at_the_root_of_the_repository(auditor, copy):
    clone(copy, "git@github.com:desk/copy.git")
    ran = auditor("init", "wire")
    assert ran.code == 0
    workflow = yaml.safe_load((copy / ".github" / "workflows" / "auditor.yml").read_text(encoding="utf-8"))
    assert workflow[True]["push"]["branches"] == ["trunk"]
    (gate,) = [step for step in workflow["jobs"]["gate"]["steps"] if step.get("name") == "Gate"]
    assert gate["run"].startswith("auditor gate wire --output-format github --report sarif=auditor.sarif ${BASE:+")
    assert not re.search(r"@[A-Z]+@", (copy / ".github" / "workflows" / "auditor.yml").read_text(encoding="utf-8"))
    assert (copy / "wire" / "auditor.toml").is_file()


def test_a_gitlab_job_is_written_and_included(auditor, copy):
    clone(copy, "https://gitlab.example.org/desk/copy.git")
    assert auditor("init").code == 0
    job = yaml.safe_load((copy / ".gitlab" / "auditor.yml").read_text(encoding="utf-8"))["auditor"]
    assert job["artifacts"]["reports"]["codequality"] in " ".join(job["script"])
    assert yaml.safe_load((copy / ".gitlab-ci.yml").read_text(encoding="utf-8")) == {"include": [{"local": ".gitlab/auditor.yml"}]}
    (copy / ".gitlab-ci.yml").write_text("stages: [test]\n", encoding="utf-8")
    ran = auditor("init", "--force")
    assert (copy / ".gitlab-ci.yml").read_text(encoding="utf-8") == "stages: [test]\n"
    assert "add to .gitlab-ci.yml" in ran.err


def test_the_hook_is_written_when_asked_for_and_none_needs_no_ci(auditor, copy):
    clone(copy, "git@github.com:desk/copy.git")
    assert auditor("init", "--ci", "none", "--pre-commit").code == 0
    assert not (copy / ".github").exists()
    (hook,) = yaml.safe_load((copy / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    assert hook["require_serial"] is True
    assert "--force-exclude" in hook["entry"]
    assert all(re.search(hook["files"], f"copy/a{suffix}") for suffix in READERS)


@pytest.mark.parametrize(("arguments", "said"), [(["--ci", "gitlub"], "--ci is github"), (["nowhere"], "is no folder")])
def test_what_cannot_be_done_is_a_2(auditor, arguments, said):
    ran = auditor("init", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_the_published_schema_is_the_one_of_the_settings():
    published = json.loads((ROOT / "reports" / "auditor.schema.json").read_text(encoding="utf-8"))
    assert published == config_schema(), "auditor schema config > reports/auditor.schema.json"
    jsonschema.Draft7Validator.check_schema(published)


VALUES = st.one_of(st.booleans(), st.integers(-3, 200), st.sampled_from(["", "de", "major", "en-GB", "never", "local", "x"]), st.just(["a/*"]))


@given(st.dictionaries(st.sampled_from([*map(config.written, config.SETTINGS), "sorce-lang"]), VALUES, max_size=3), st.booleans())
def test_what_the_schema_takes_loads_and_what_it_refuses_does_not(tmp_path_factory, values, overriding):
    table = {"overrides": [{"files": ["a"], **values}]} if overriding else values
    path = tmp_path_factory.mktemp("config", numbered=True) / "auditor.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    path.write_text("\n".join([*(["[[overrides]]", 'files = ["a"]'] if overriding else []), *lines]), encoding="utf-8")
    try:
        config.load(path)
    except DataError:
        loads = False
    else:
        loads = True
    valid = jsonschema.Draft7Validator(config_schema()).is_valid(table)
    assert loads or not valid


def test_hooks_action_and_template_are_valid(auditor):
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["auditor", "auditor-fix"]
    for hook in hooks:
        assert hook["require_serial"] is True
        assert "--force-exclude" in hook["entry"]
        assert all(re.search(hook["files"], f"copy/a{suffix}") for suffix in READERS)
        assert auditor(*hook["entry"].split()[1:], "--help").code == 0
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert action["runs"]["using"] == "composite"
    assert all(step.get("shell") for step in action["runs"]["steps"] if "run" in step)
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text(encoding="utf-8")))
    assert used == set(action["inputs"])
    assert not any("${{ inputs" in step.get("run", "") for step in action["runs"]["steps"]), "inputs reach the shell by the environment only"
    spec, job = yaml.safe_load_all((ROOT / "templates" / "auditor.yml").read_text(encoding="utf-8"))
    text = (ROOT / "templates" / "auditor.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", text)) == set(spec["spec"]["inputs"])
    assert job
