"""`auditor story`: a text beside its reference or its source text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options as o

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.types import Document


def story(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The text to compare.")],
    reference: Annotated[Path | None, typer.Option(metavar="FILE", help="Another translation of the same story, one that is trusted.")] = None,
    source_text: Annotated[Path | None, typer.Option(metavar="FILE", help="What it was translated from.")] = None,
    source_lang: o.SourceLang = None,
    target_lang: o.TargetLang = None,
    form: Annotated[str, typer.Option("--output-format", "-f", metavar="FORMAT", help="terminal or json.")] = "terminal",
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
) -> int:
    """Compare a text with its reference (BLEU, chrF, TER) or its source: numbers, dates, names and quotations in which they disagree."""
    from auditor import stages
    from auditor.cli.say import visible
    from auditor.cli.settings import resolve
    from auditor.errors import UsageError
    from auditor.story.compare import with_reference, with_source
    from auditor.story.show import SCHEMA, lines, record

    if form not in ("terminal", "json"):
        raise UsageError(f"--output-format is terminal or json here, not “{form}”")
    if reference is None and source_text is None:
        raise UsageError("what is the text to be compared with? name --reference FILE or --source-text FILE")
    settings = resolve({"source_lang": source_lang, "target_lang": target_lang}, config_file=config, isolated=isolated)
    ours = stages.prepared(settings, _read(text, settings))
    found = []
    if reference is not None:
        found.append(with_reference(ours, _prepared(_read(str(reference), settings), settings.target_lang)))
    if source_text is not None:
        theirs = _read(str(source_text), settings)
        found.append(with_source(ours, _prepared(theirs, ours.provenance.source_lang or _language(theirs))))
    if form == "json":
        print(json.dumps({"schema": SCHEMA, "path": ours.path, "comparisons": [record(item) for item in found]}, ensure_ascii=False))
    else:
        print("\n\n".join("\n".join(map(visible, lines(item))) for item in found))
    return 0


def _read(path: str, settings: Config) -> Document:
    from auditor.errors import InputError, UsageError
    from auditor.io.read import read
    from auditor.types import Failure

    found = list(read([path], limit=settings.max_bytes))
    for item in found:
        if isinstance(item, Failure):
            raise InputError(f"{item.path}: {item.reason}")
    documents = [item for item in found if not isinstance(item, Failure)]
    if len(documents) != 1:
        raise UsageError(f"{path}: holds {len(documents)} texts; story compares one with one")
    return documents[0]


def _prepared(document: Document, language: str) -> Document:
    from auditor.text.segment import segment

    return segment(replace(document, provenance=replace(document.provenance, target_lang=language)))


def _language(document: Document) -> str:
    from auditor.errors import UsageError
    from auditor.text.provenance import language_of

    found = language_of(document.text)
    if found is None:
        raise UsageError(f"{document.path}: its language cannot be told; name it with --source-lang")
    return found[0]
