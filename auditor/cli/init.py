"""`auditor init`: writes the configuration, and what CI and hooks need, from what it sees in a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

_SCHEMA = ".auditor/auditor.schema.json"
_ROWS = 12


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of texts: how many, and by source language and how it is known how many of them."""

    name: str
    texts: int
    languages: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Seen:
    """What `init` goes by. `root` is the root of the repository, or the folder itself; `host` is github, gitlab or empty."""

    root: Path
    host: str
    branch: str
    folders: tuple[Folder, ...] = ()
    furniture: tuple[str, ...] = ()
    unread: int = 0
    found: frozenset[str] = frozenset()
    """Which of the files that CI and hooks live in are there."""


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of copy.")] = Path(),
    ci: Annotated[str, typer.Option(metavar="github|gitlab|none", help="The CI to write a job for (as the repository's address says).")] = "",
    pre_commit: Annotated[bool, typer.Option("--pre-commit", help="Write the hook for pre-commit too.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> int:
    """Write a commented auditor.toml, and a CI job, from what the folder holds. Nothing is overwritten unless that is forced."""
    from auditor.cli.say import say
    from auditor.cli.survey import survey
    from auditor.errors import UsageError
    from auditor.io.write import write

    if ci not in ("", "github", "gitlab", "none"):
        raise UsageError(f"--ci is github, gitlab or none, not “{ci}”")
    if not folder.is_dir():
        raise UsageError(f"{folder}: is no folder")
    seen = survey(folder.resolve())
    wanted = dict(_files(folder.resolve(), seen, ci or seen.host, pre_commit=pre_commit))
    there = [path for path in wanted if path.exists() and path.name != Path(_SCHEMA).name]
    if there and not force:
        raise UsageError(f"{_shown(there[0])}: is there already; --force writes over it")
    for path, text in wanted.items():
        write(path, [text])
        print(f"wrote {_shown(path)}")
    for line in _hints(seen, ci or seen.host, pre_commit=pre_commit):
        say(line)
    return 0


def _files(folder: Path, seen: Seen, ci: str, *, pre_commit: bool) -> Iterator[tuple[Path, str]]:
    from auditor.cli.schema import config_schema
    from auditor.cli.survey import requirement
    from auditor.io.read import READERS

    inside = folder.relative_to(seen.root).as_posix()
    fill = {"@REQUIREMENT@": requirement(), "@PATHS@": _quoted(inside), "@BRANCH@": seen.branch}
    yield folder / "auditor.toml", settings(seen)
    yield folder / _SCHEMA, json.dumps(config_schema(), indent=2, ensure_ascii=False) + "\n"
    if ci == "github":
        yield seen.root / ".github" / "workflows" / "auditor.yml", _template("github.yml", fill)
    if ci == "gitlab":
        yield seen.root / ".gitlab" / "auditor.yml", _template("gitlab.yml", fill)
        if ".gitlab-ci.yml" not in seen.found:
            yield seen.root / ".gitlab-ci.yml", "include:\n  - local: .gitlab/auditor.yml\n"
    if pre_commit:
        under = "" if inside == "." else f"^{re.escape(inside)}/.*"
        suffixes = "|".join(suffix.removeprefix(".") for suffix in READERS)
        fill["@FILES@"] = rf"{under}\.({suffixes})$".replace("'", "''")
        yield seen.root / ".pre-commit-config.yaml", _template("pre-commit.yaml", fill)


def _template(name: str, fill: dict[str, str]) -> str:
    text = files("auditor.cli").joinpath("templates", name).read_text(encoding="utf-8")
    for mark, value in fill.items():
        text = text.replace(mark, value)
    return text


def _quoted(path: str) -> str:
    import shlex

    return shlex.quote(path)


def settings(seen: Seen) -> str:
    """A commented auditor.toml: every setting with its default, and the folders that were seen."""
    from auditor.config import SETTINGS, written

    lines = [
        f"#:schema ./{_SCHEMA}",
        "# Settings of auditor. What is commented out is the default; “auditor config” prints what holds, and from where.",
        '# A file may extend another:  extend = "../auditor.toml"',
        "",
    ]
    for name, setting in SETTINGS.items():
        choices = ", ".join(choice for choice in setting.metadata["choices"] if choice)
        lines.append(f"# {setting.metadata['text']}" + (f" One of: {choices}." if choices else ""))
        if name == "exclude" and seen.furniture:
            lines += [f"exclude = {_toml(seen.furniture)}", ""]
        else:
            lines += [f"# {written(name)} = {_toml(setting.default)}", ""]
    lines += [
        "# What holds for some files only; globs as in .gitignore. The last that fits has the last word, and ignore adds up.",
        *_overrides(seen),
    ]
    return "\n".join(lines) + "\n"


def _overrides(seen: Seen) -> Iterator[str]:
    known = [folder for folder in seen.folders if all(language for language, _ in folder.languages)]
    unknown = [folder for folder in seen.folders if folder not in known]
    for folder in known[:_ROWS]:
        yield f"# {_described(folder)}"
    if len(known) > _ROWS:
        yield f"# and {len(known) - _ROWS} more folders whose source languages are known"
    for folder in unknown[:_ROWS] or [Folder("wire", 0, {})]:
        yield ""
        if folder.texts:
            yield f"# {_described(folder)}. To name it:"
        yield from ("# [[overrides]]", f"# files = [{_toml(folder.name + '/' if folder.name else '*')}]", '# source-lang = "de"')


def _described(folder: Folder) -> str:
    parts = [f"{count} {code or 'of unknown source language'}" + (f" ({how})" if code else "") for (code, how), count in folder.languages.items()]
    return f"{folder.name or '.'}: {folder.texts} text{'s' * (folder.texts != 1)}: {', '.join(parts)}".replace("\n", " ")


def _toml(value: object) -> str:
    """A value as TOML writes it; a language that is not set is shown by an example."""
    if value is None:
        return '"de"'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _hints(seen: Seen, ci: str, *, pre_commit: bool) -> Iterator[str]:
    texts = sum(folder.texts for folder in seen.folders)
    unknown = sum(count for folder in seen.folders for (language, _), count in folder.languages.items() if not language)
    yield f"{texts} text{'s' * (texts != 1)} seen; the source language of {unknown} is not known from file, path or tag"
    if seen.unread:
        yield f"{seen.unread} could not be read; “auditor audit” says why"
    if ci == "gitlab" and ".gitlab-ci.yml" in seen.found:
        yield "add to .gitlab-ci.yml:  include: [{local: .gitlab/auditor.yml}]"
    if not pre_commit:
        yield "for pre-commit: auditor init --pre-commit"
    yield "texts with old findings: “auditor baseline create” takes them as they are"
