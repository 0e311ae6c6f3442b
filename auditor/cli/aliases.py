"""`auditor aliases`: looks into the table of names, checks it, adds a newsroom's own decisions, reads and writes tables of spellings."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options as o
from auditor.errors import DataError, UsageError, nearest

if TYPE_CHECKING:
    from auditor.names.keeping import Wording

app = typer.Typer(help="The table of names: list, check, add, import, export.", no_args_is_help=True, rich_markup_mode=None)

_COLUMNS = ("canonical", "form", "role", "language", "kind", "region", "part", "id")
_ROLES = ("variant", "only", "accepted", "canonical")


@app.command("list")
def list_(
    containing: Annotated[str | None, typer.Argument(metavar="TEXT", help="Only entities with this in a form.", show_default=False)] = None,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
) -> int:
    """List the entities: canonical form, kind, region, other languages' spellings."""
    from auditor.cli.settings import resolve
    from auditor.names.aliases import of_run

    wanted = (containing or "").casefold()
    for entity in of_run(resolve({}, config_file=config, isolated=isolated)).entities:
        form = entity.full
        foreign = {code: (*form.variants.get(code, ()), *form.only.get(code, ())) for code in sorted({*form.variants, *form.only})}
        spelled = "; ".join(f"{code}: {', '.join(surfaces)}" for code, surfaces in foreign.items())
        line = f"{form.canonical}  ({entity.kind}{', ' + entity.region if entity.region else ''})  {spelled}"
        if wanted in f"{entity.id} {' '.join(form.right)} {line}".casefold():
            print(line.rstrip())
    return 0


@app.command()
def lint(config: o.ConfigFile = None, isolated: o.Isolated = False) -> int:
    """Check the tables; exit 1 when something is doubtful, 2 when a table cannot be read."""
    from auditor.cli.settings import resolve
    from auditor.names.aliases import of_run
    from auditor.names.doubts import lint as doubts

    table = of_run(resolve({}, config_file=config, isolated=isolated))
    problems = doubts(table)
    for problem in problems:
        print(f"{problem.path}: [{problem.entity}] {problem.text}")
    print(f"{len(table)} entities, {len(problems)} doubtful")
    return 1 if problems else 0


@app.command()
def add(
    canonical: Annotated[str, typer.Argument(metavar="NAME", help="The form that the house prints.")],
    variant: Annotated[list[str] | None, typer.Option(metavar="LANG=FORM", help="A foreign spelling (fr=Zelenski); may be repeated.")] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="LANG=FORM", help="Foreign only in texts from that language (fr=EI).")] = None,
    accepted: Annotated[list[str] | None, typer.Option(metavar="FORM", help="A further form that is right in English.")] = None,
    kind: Annotated[str, typer.Option(metavar="KIND", help="person, place, organisation, people, term or acronym.")] = "person",
    region: Annotated[str, typer.Option(metavar="TEXT", help="Country or region.")] = "",
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
) -> int:
    """Add a name, or spellings of one, to the project's own table (.auditor/aliases/own.toml)."""
    from auditor.names.keeping import Wording

    wordings = [Wording(canonical, form, "accepted", "", kind, region) for form in (canonical, *(accepted or ()))]
    for role, given in (("variant", variant), ("only", only)):
        for item in given or ():
            code, equals, form = item.partition("=")
            if not equals or not form.strip():
                raise UsageError(f"--{role} takes LANG=FORM (fr=Zelenski), not “{item}”")
            wordings.append(Wording(canonical, form.strip(), role, code.strip(), kind, region))
    _kind(kind, "--kind")
    return _keep(wordings, "decided here", config, isolated=isolated)


@app.command("import")
def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="CSV, TSV or JSON lines with the columns canonical, form, role, language, kind, region.")
    ],
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
) -> int:
    """Take spellings from a table into the project's own one; nothing is written where a line is wrong."""
    from auditor.names.keeping import Wording

    name = "standard input" if file == "-" else file
    wordings = []
    for number, row in _rows(name, _text(file)):
        where = f"{name}: line {number}"
        if unknown := next((key for key in row if key not in _COLUMNS), None):
            raise DataError(f"{where}: there is no column “{unknown}”{nearest(unknown, _COLUMNS)}")
        canonical, form = row.get("canonical", ""), row.get("form", "")
        if not canonical or not form:
            raise DataError(f"{where}: needs “canonical” and “form”")
        role, kind = row.get("role") or "variant", row.get("kind") or "person"
        if role not in _ROLES:
            raise DataError(f"{where}: “role” cannot be “{role}”{nearest(role, _ROLES)}")
        _kind(kind, where)
        if row.get("part", "full") == "short":
            continue
        language = "" if role in ("accepted", "canonical") else row.get("language") or "und"
        wordings.append(Wording(canonical, form, "accepted" if role == "canonical" else role, language, kind, row.get("region", "")))
    return _keep(wordings, f"imported from {Path(name).name}", config, isolated=isolated)


@app.command()
def export(
    output_format: Annotated[str, typer.Option("--output-format", "-f", metavar="csv|tsv|jsonl|toml", help="How.")] = "csv",
    own: Annotated[bool, typer.Option("--own", help="Only what the project itself decided.")] = False,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
) -> int:
    """Print the table, a line a spelling (or as TOML)."""
    from auditor.cli.settings import resolve
    from auditor.names import aliases, keeping
    from auditor.names.aliases import of_run

    settings = resolve({}, config_file=config, isolated=isolated)
    entities = of_run(settings).entities
    if own:
        shipped = str(aliases.aliases_folder())
        entities = tuple(entity for entity in entities if not entity.path.startswith(shipped))
    if output_format == "toml":
        print("\n".join(map(keeping.render, entities)), end="")
    elif output_format == "jsonl":
        for row in keeping.rows(entities):
            print(json.dumps(row, ensure_ascii=False))
    elif output_format in ("csv", "tsv"):
        columns = ("id", "canonical", "kind", "region", "form", "role", "language", "part")
        writer = csv.DictWriter(sys.stdout, columns, delimiter="\t" if output_format == "tsv" else ",", lineterminator="\n")
        writer.writeheader()
        writer.writerows(keeping.rows(entities))
    else:
        raise UsageError(f"there is no format “{output_format}”{nearest(output_format, ('csv', 'tsv', 'jsonl', 'toml'))}")
    return 0


def _kind(kind: str, where: str) -> None:
    from auditor.names.aliases import KINDS

    if kind not in KINDS:
        raise DataError(f"{where}: “kind” cannot be “{kind}”{nearest(kind, KINDS)}; it is one of {', '.join(KINDS)}")


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{file}: is not UTF-8 (byte {error.start})") from error


def _rows(name: str, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of each row; the first line of CSV and TSV names the columns."""
    if text.lstrip().startswith("{"):
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    row = json.loads(line)
                except json.JSONDecodeError as error:
                    raise DataError(f"{name}: line {number}: is no JSON ({error.msg})") from error
                if not isinstance(row, dict):
                    raise DataError(f"{name}: line {number}: is no object")
                yield number, {str(key): str(value).strip() for key, value in row.items() if value is not None}
        return
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter="\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ",")
    for row in reader:
        if None in row:
            raise DataError(f"{name}: line {reader.line_num}: has more cells than the first line names columns")
        yield reader.line_num, {key.strip(): (value or "").strip() for key, value in row.items()}


def _keep(wordings: list[Wording], source: str, config: Path | None, *, isolated: bool) -> int:
    from auditor.cli.settings import resolve
    from auditor.names import keeping
    from auditor.names.aliases import of_run

    settings = resolve({}, config_file=config, isolated=isolated)
    entities = keeping.added(of_run(settings), wordings, source=source)
    if not entities:
        print("nothing new: the table has all of it")
        return 0
    path = keeping.save((settings.folder or Path()) / ".auditor" / "aliases", entities)
    for entity in entities:
        print(f"{entity.full.canonical}  [{entity.id}]")
    print(f"{len(entities)} written to {path}")
    return 0
