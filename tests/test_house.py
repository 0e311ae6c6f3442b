"""The conventions of the house, as tests."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from auditor import stages
from auditor.detect import KINDS
from auditor.rules import loader

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "auditor"
MODULES = sorted(PACKAGE.rglob("*.py"))
LANGUAGES = {path.stem for path in (PACKAGE / "languages").glob("*.toml")}


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_a_module_opens_with_a_sentence_and_stays_short(path):
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring, "says what it does"
    assert docstring.splitlines()[0].endswith((".", ":")) or len(docstring.splitlines()) > 1
    assert text.count("\n") <= 400


def test_no_folder_is_named_after_nothing():
    refused = {"utils", "core", "common", "manager", "engine", "service", "helpers"}
    assert not refused & {part for path in MODULES for part in path.relative_to(PACKAGE).with_suffix("").parts}


@pytest.mark.parametrize("path", sorted((PACKAGE / "detect").glob("*.py")), ids=lambda p: p.name)
def test_no_language_code_stands_in_a_kind(path):
    codes = {
        node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not codes & LANGUAGES


def test_only_the_command_line_prints_and_reads_the_environment():
    for path in MODULES:
        if path.parent.name != "cli":
            calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
            assert not any(isinstance(call.func, ast.Name) and call.func.id in ("print", "input") for call in calls), path
            assert "os.environ" not in path.read_text(encoding="utf-8") or path.name == "openvino.py", path


def test_a_kind_is_a_file_and_a_line():
    for name, kind in KINDS.items():
        assert (PACKAGE / "detect" / f"{name}.py").is_file()
        assert kind is sys.modules[f"auditor.detect.{name}"].KIND


def test_every_rule_has_an_example_a_near_miss_and_a_plain_message():
    for rule in loader.load([loader.packs_folder()], stages.SCHEMAS):
        if rule.kind in KINDS:
            assert rule.bad, rule.id
            assert rule.good, rule.id
        assert not re.search(r"\bshould\b|!", rule.message), rule.id


def words(text):
    return re.findall(r"\w+", text.casefold())


def test_no_rule_quotes_more_than_five_words_of_a_seed():
    runs = set()
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        found = words(path.read_text(encoding="utf-8"))
        runs |= {tuple(found[i : i + 6]) for i in range(len(found) - 5)}
    for path in [*sorted((PACKAGE / "packs").glob("*.toml")), *sorted((PACKAGE / "aliases").glob("*.toml"))]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = words(line.replace("[[", "").replace("]]", ""))
            quoted = [run for i in range(len(found) - 5) if (run := tuple(found[i : i + 6])) in runs]
            assert not quoted, f"{path.name}:{number}: {quoted[0]}"


def loaded_by(*arguments):
    code = (
        f"import sys; from auditor.cli.main import code; code({list(arguments)!r}); "
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.split())


HEAVY = {"numpy", "torch", "transformers", "openvino", "tokenizers", "sacrebleu", "langdetect", "babel", "docx", "gguf", "lxml", "charset_normalizer"}
HEAVY |= {"starlette", "uvicorn", "jinja2", "sqlalchemy", "pg8000", "multipart", "python_multipart"}


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_help_and_version_load_nothing_heavy(flag):
    loaded = loaded_by(flag)
    assert "typer" in loaded
    assert not loaded & HEAVY


def test_import_auditor_loads_nothing():
    code = "import sys; import auditor; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & (HEAVY | {"typer", "rich"})
