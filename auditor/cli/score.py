"""`auditor score`: fluency only, a row a sentence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options as o

if TYPE_CHECKING:
    from auditor.types import Document, Score, Segment, Span


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
    """Score how probable each sentence is to the language model: surprisal in nats per token, percentile against native news, the words that
    stand out for more than being rare, a name or a figure.
    """
    from auditor import pipeline
    from auditor.cli.modelling import fluency
    from auditor.cli.reading import documents
    from auditor.cli.say import complain
    from auditor.cli.settings import resolve
    from auditor.errors import ModelError, UsageError
    from auditor.report.fluency import fluency_words
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
            if form == "terminal":
                print(f"{item.path}: {fluency_words(scores) or 'nothing to compare with: the model has no calibration'}")
            for segment, found in zip(item.segments, scores, strict=True):
                print(json.dumps(_row(item, segment, found), ensure_ascii=False) if form == "jsonl" else _line(item, segment, found))
    return 2 if failed else 0


def _row(document: Document, segment: Segment, score: Score) -> dict[str, object]:
    """A sentence as the contract has it; `percentile` is null without a calibration, `adjusted` of a peak without an adjustment."""
    from auditor.io.place import locate

    def slice_of(span: Span) -> dict[str, object]:
        at = locate(document, span)
        return {"start": at.span.start, "end": at.span.end, "text": at.text}

    peaks = [
        {**slice_of(peak.span), "surprisal": round(peak.surprisal, 3), "adjusted": None if peak.adjusted is None else round(peak.adjusted, 3)}
        for peak in score.peaks
    ]
    figures = {"tokens": score.tokens, "surprisal_mean": round(score.surprisal, 4), "percentile": score.percentile}
    return {"path": document.path, **slice_of(segment.span), "scope": segment.scope.value, **figures, "peaks": peaks}


def _line(document: Document, segment: Segment, score: Score) -> str:
    """Nats per token, percentile, the sentence; below it the words that stand out."""
    from auditor.report.visible import visible

    share = "    -" if score.percentile is None else f"{score.percentile:5.1f}"
    line = f"{score.surprisal:6.2f} {share}  {visible(segment.text)}"
    words = ", ".join(f"“{visible(document.text[peak.span.start : peak.span.end])}”" for peak in score.peaks)
    return f"{line}\n{'':14}stands out: {words}" if words else line
