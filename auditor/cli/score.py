"""`auditor score`: fluency only, a row a sentence."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from auditor.cli import options as o


def score(
    paths: o.Paths = None,
    source_lang: o.SourceLang = None,
    model: o.Model = None,
    offline: o.Offline = False,
    no_cache: o.NoCache = False,
    form: Annotated[str, typer.Option("--output-format", "-f", metavar="FORMAT", help="terminal or jsonl.")] = "terminal",
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
    quiet: o.Quiet = False,
) -> int:
    """Score how probable each sentence is to the language model (surprisal in nats per token)."""
    from auditor import pipeline
    from auditor.cli.modelling import fluency
    from auditor.cli.reading import documents
    from auditor.cli.say import complain, visible
    from auditor.cli.settings import resolve
    from auditor.errors import ModelError, UsageError
    from auditor.io.place import locate
    from auditor.types import Failure

    if form not in ("terminal", "jsonl"):
        raise UsageError(f"--output-format is terminal or jsonl here, not “{form}”")
    if not paths:
        raise UsageError("which files? name files or folders of copy, or - for standard input")
    flags = {"source_lang": source_lang, "model": model, "offline": True if offline else None, "cache": False if no_cache else None}
    settings = resolve(flags, config_file=config, isolated=isolated)
    failed = False
    with fluency(settings, quiet=quiet) as loaded:
        if loaded.scorer is None:
            raise ModelError(f"nothing to score with: {loaded.missing}")
        for item, scores in pipeline.scored(settings, documents(settings, paths, files_from=None, stdin_filename=None), loaded):
            if isinstance(item, Failure):
                complain(f"{item.path}: {item.reason}")
                failed = True
                continue
            for segment, found in zip(item.segments, scores, strict=True):
                at = locate(item, segment.span)
                peaks = [(locate(item, peak.span), peak.surprisal) for peak in found.peaks]
                row = {
                    "path": item.path,
                    "start": at.span.start,
                    "end": at.span.end,
                    "text": at.text,
                    "tokens": found.tokens,
                    "surprisal_mean": round(found.surprisal, 4),
                    "percentile": found.percentile,
                    "peaks": [
                        {"start": place.span.start, "end": place.span.end, "text": place.text, "surprisal": round(surprisal, 3)}
                        for place, surprisal in peaks
                    ],
                }
                if form == "jsonl":
                    print(json.dumps(row, ensure_ascii=False))
                else:
                    share = "    -" if found.percentile is None else f"{found.percentile:5.1f}"
                    print(f"{found.surprisal:6.2f} {share}  {visible(segment.text)}")
    return 2 if failed else 0
