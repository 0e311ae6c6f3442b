"""`auditor evaluate`: how often each rule fires on labelled texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options as o
from auditor.cli.say import say

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.evaluate.judged import Judgement
    from auditor.evaluate.rates import Tallies
    from auditor.types import Finding, Rule, Run

_MOST = 30
"""Hits of one rule that are drawn to be read."""


def evaluate(
    data: Annotated[list[Path], typer.Argument(metavar="FILE…", help="JSON lines with text or segments, label and src_lang.")],
    tags: Annotated[str, typer.Option(metavar="CODES", help="Source languages that native texts are tagged with in turn.")] = "de,fr",
    coverage: Annotated[bool, typer.Option("--coverage", help="How often the score's interval holds the truth; FILE has error spans.")] = False,
    spans: Annotated[bool, typer.Option("--spans", help="What is found of the error spans that FILE has, as the field scores it.")] = False,
    pairs: Annotated[bool, typer.Option("--pairs", help="Whether the better of two translations is preferred; FILE has good and bad.")] = False,
    sample: Annotated[int, typer.Option(metavar="N", min=1, help="With --pairs: pairs of each phenomenon at most.")] = 100,
    articles: Annotated[int, typer.Option(metavar="N", min=5, help="With --coverage: articles drawn of each system.")] = 1000,
    names: Annotated[bool, typer.Option("--names", help="How names are judged; FILE is a folder with normalise.tsv and hard_negatives.tsv.")] = False,
    validated: Annotated[Path | None, typer.Option(metavar="FILE", help="With --names: what models/names/train.py --validate wrote.")] = None,
    decisions: Annotated[bool, typer.Option("--decisions", help="What editors made of each rule's findings; FILE is a decisions.jsonl.")] = False,
    floor: Annotated[float, typer.Option(metavar="SHARE", min=0, max=1, help="With --decisions: rules right less often are demoted.")] = 0.8,
    demote: Annotated[bool, typer.Option("--demote", help="With --decisions: write those rules into the configuration.")] = False,
    judged: Annotated[Path | None, typer.Option(metavar="FILE", help="Judgements of hits, for the precision of each rule.")] = None,
    hits: Annotated[Path | None, typer.Option(metavar="FILE", help="Write hits that were not judged, to be read.")] = None,
    hits_on: Annotated[str, typer.Option(metavar="LABEL", help="The label whose hits --hits writes: mt, postedit, human or native.")] = "mt",
    take: Annotated[Path | None, typer.Option(metavar="FILE", help="Add the verdicts of a file of hits to the judgements first.")] = None,
    write_status: Annotated[bool, typer.Option("--write-status", help="Write the status that each rule has earned into the packs.")] = False,
    select: o.Select = None,
    ignore: o.Ignore = None,
    model: o.Model = None,
    sensitivity: o.Sensitivity = None,
    offline: o.Offline = False,
    jobs: o.Jobs = None,
    output_file: o.OutputFile = None,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
    quiet: o.Quiet = False,
) -> int:
    """Count how often each rule fires on machine output, human translations and native English."""
    from auditor.cli.settings import resolve
    from auditor.config import find
    from auditor.errors import UsageError
    from auditor.evaluate import judged as judgements
    from auditor.evaluate import status
    from auditor.evaluate.rates import Tally, lines, table
    from auditor.evaluate.rows import LABELS
    from auditor.rules.loader import packs_folder

    flags = {"select": select, "ignore": ignore, "model": model, "sensitivity": sensitivity, "offline": True if offline else None, "jobs": jobs}
    settings = resolve(flags, config_file=config, isolated=isolated)
    pages = (
        (coverage, partial(_coverage, data, articles)),
        (spans, partial(_spans, data, settings)),
        (pairs, partial(_pairs, data, sample, settings)),
        (names, partial(_names, data, validated, settings)),
        (decisions, partial(_decisions, data, floor, config or find(Path.cwd()) if demote else None, demote=demote)),
    )
    for wanted, page in pages:
        if wanted:
            _write(page(), output_file)
            return 0
    if hits_on not in LABELS:
        raise UsageError(f"--hits-on {hits_on}: a label is one of {', '.join(LABELS)}")
    known = _known(judged, take)
    counted, drawn, rules, run = _counted(data, tags.strip(",").split(","), hits_on, settings, quiet=quiet)
    texts, read, native = [path.name for path in data], judgements.sums(known), judgements.sums(known, on="native")
    _write("\n".join(table(counted, rules, run, data=texts, judged=read, judged_native=native)) + "\n", output_file)
    if output_file is not None:
        _write("\n".join(lines(counted.labels, rules, run, data=texts, judged=read, judged_native=native)) + "\n", output_file.with_suffix(".jsonl"))
    if hits is not None:
        _write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in judgements.unread(drawn, known, most=_MOST, on=hits_on)), hits)
    if write_status:
        for said in status.settle(packs_folder(), rules, counted.labels.get("native", Tally()), read):
            say(said, quiet=quiet)
    return 0


def _counted(
    data: list[Path], tags: list[str], hits_on: str, settings: Config, *, quiet: bool
) -> tuple[Tallies, list[Finding], tuple[Rule, ...], Run]:
    """The sums by label and system, the findings on one label, the rules and what they were run with."""
    from auditor import pipeline
    from auditor.cli.modelling import fluency
    from auditor.evaluate.rates import tally
    from auditor.evaluate.rows import rows
    from auditor.types import Audit

    rules, _ = pipeline.rule_set(settings)
    origins: list[tuple[str, str]] = []
    drawn: list[Finding] = []

    def documents() -> pipeline.Documents:
        for row in chain.from_iterable(rows(path, tags=tags) for path in data):
            origins.append((row.label, row.system))
            yield row.document

    def labelled(done: Iterable[object]) -> Iterator[tuple[str, str, Audit]]:
        for number, audit in enumerate(done):
            if isinstance(audit, Audit):
                label, system = origins[number]
                drawn.extend(audit.findings if label == hits_on else ())
                yield label, system, audit

    with fluency(settings, quiet=quiet) as loaded:
        done = pipeline.audits(settings, documents(), rules=rules, table=pipeline.alias_table(settings), fluency=loaded)
        return tally(labelled(done)), drawn, tuple(rules), pipeline.signature(rules, loaded)


def _known(judged: Path | None, take: Path | None) -> tuple[Judgement, ...]:
    """The judgements so far, with those of `take` added and written."""
    from auditor.errors import UsageError
    from auditor.evaluate import judged as judgements

    if take is not None:
        if judged is None:
            raise UsageError("--take adds verdicts to the file that --judged names: name it")
        today = datetime.now(UTC).date().isoformat()
        judgements.write(judged, [*judgements.read(judged), *judgements.taken(take, today)])
    return () if judged is None else judgements.read(judged)


def _names(data: list[Path], validated: Path | None, settings: Config) -> str:
    from auditor import pipeline
    from auditor.evaluate.names import page

    table = pipeline.alias_table(settings)
    return "\n".join(line for folder in data for line in page(folder, table, validated)) + "\n"


def _spans(data: list[Path], settings: Config) -> str:
    from auditor import pipeline
    from auditor.cli.modelling import fluency
    from auditor.evaluate.spans import annotated, of_audit, page, sums
    from auditor.types import Audit

    rules, _ = pipeline.rule_set(settings)
    marked = [row for path in data for row in annotated(path)]
    with fluency(settings, quiet=True) as loaded:
        documents = (row.document for row in marked)
        done = pipeline.audits(settings, documents, rules=rules, table=pipeline.alias_table(settings), fluency=loaded)
        pairs = ((row, of_audit(audit, row.document.text)) for row, audit in zip(marked, done, strict=True) if isinstance(audit, Audit))
        found = sums(pairs)
        signature = f"{pipeline.signature(rules, loaded).signature}|data:{'+'.join(path.name for path in data)}"
        return "\n".join(page(found, signature)) + "\n"


def _decisions(data: list[Path], floor: float, settings_file: Path | None, *, demote: bool) -> str:
    from auditor.errors import UsageError
    from auditor.evaluate import newsroom
    from auditor.policy.decisions import read

    missing = next((path for path in data if not path.is_file()), None)
    if missing is not None:
        raise UsageError(f"{missing}: there is no such file of decisions")
    found = newsroom.verdicts(decision for path in data for decision in read(path))
    if demote:
        if settings_file is None:
            raise UsageError("--demote writes into the configuration, and there is none: “auditor init” makes it")
        today = datetime.now(UTC).date().isoformat()
        for rule in newsroom.demote(settings_file, found, newsroom.below(found, floor=floor), today=today):
            say(f"{settings_file}: {rule} only advises from now on")
    return "\n".join(newsroom.page(found, floor=floor, data=[path.name for path in data])) + "\n"


def _pairs(data: list[Path], sample: int, settings: Config) -> str:
    from auditor import pipeline
    from auditor.cli.modelling import fluency
    from auditor.evaluate.pairs import drawn, page, pairs, sums
    from auditor.types import Audit

    rules, _ = pipeline.rule_set(settings)
    chosen = drawn((pair for path in data for pair in pairs(path)), sample)
    with fluency(settings, quiet=True) as loaded:
        documents = (document for pair in chosen for document in (pair.good, pair.bad))
        done = pipeline.audits(settings, documents, rules=rules, table=pipeline.alias_table(settings), fluency=loaded)
        sides = (audit for audit in done if isinstance(audit, Audit))
        found = sums((pair, good, bad) for pair, (good, bad) in zip(chosen, zip(sides, sides, strict=True), strict=True))
        return "\n".join(page(found, pipeline.signature(rules, loaded), data=[path.name for path in data])) + "\n"


def _coverage(data: list[Path], articles: int) -> str:
    from auditor import __version__
    from auditor.evaluate.coverage import page, systems

    signature = f"auditor:{__version__}|data:{'+'.join(path.name for path in data)}"
    return "\n".join(page(systems(data), signature=signature, articles=articles)) + "\n"


def _write(page: str, output_file: Path | None) -> None:
    from auditor.errors import UsageError

    if output_file is None:
        print(page, end="")
        return
    try:
        output_file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output_file}: cannot be written ({error.strerror})") from error
