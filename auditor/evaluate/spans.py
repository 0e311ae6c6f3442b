"""Span scores as the field reports them: what an audit finds in annotated segments against what the annotators marked, by language and set."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditor.errors import InputError
from auditor.evaluate.tagging import Overlap, area, average_precision, bootstrapped, overlap
from auditor.types import Audit, Document, Provenance, Run, Severity, Span

_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")


@dataclass(frozen=True, slots=True)
class Annotated:
    """A segment with the spans that its annotators marked; `name` is source language and data set, `text` the text that it belongs to."""

    name: str
    text: str
    document: Document
    spans: tuple[Span, ...]


def annotated(path: Path) -> Iterator[Annotated]:
    """The segments of a file of JSON lines with tgt, spans, dataset, src_lang and doc_id. InputError with file and line for a row that is none."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(f"{path}: line {number}", f"{path.name}:{number}", line)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def _row(where: str, name: str, line: str) -> Annotated:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: is no JSON ({error.msg})") from error
    if not isinstance(row, dict) or not isinstance(row.get("tgt"), str) or not isinstance(row.get("spans"), list):
        raise InputError(f"{where}: has no “tgt” with “spans”")
    try:
        spans = tuple(Span(int(one["start"]), int(one["end"])) for one in row["spans"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{where}: a span has no “start” and “end”") from error
    language = row.get("src_lang")
    source_lang = language if isinstance(language, str) else None
    document = Document(name, row["tgt"], provenance=Provenance(source_lang=source_lang, how="flag" if source_lang else "unknown"))
    return Annotated(f"{language}/{row.get('dataset')}", str(row.get("doc_id")), document, spans)


@dataclass(slots=True)
class Sums:
    """Of one set: what was found, what flagging everything would get, and the words of each text with confidence and label."""

    segments: int = 0
    ours: Overlap = field(default_factory=Overlap)
    everything: Overlap = field(default_factory=Overlap)
    words: Mapping[str, list[tuple[float, bool]]] | None = None


def sums(pairs: Iterable[tuple[Annotated, Audit]]) -> dict[str, Sums]:
    """The sums by set, and of all sets together under “all”. Findings count from minor on, each of their places."""
    out: dict[str, Sums] = defaultdict(Sums)
    words: dict[str, dict[str, list[tuple[float, bool]]]] = defaultdict(lambda: defaultdict(list))
    for row, audit in pairs:
        text = row.document.text
        found = [
            (place.inner, finding.confidence)
            for finding in audit.findings
            if finding.severity is not Severity.NEUTRAL
            for place in (finding.at, *finding.occurrences)
        ]
        labelled = []
        for match in _WORD.finditer(text):
            word = Span(*match.span())
            labelled.append((max((sure for span, sure in found if span.overlaps(word)), default=0.0), any(s.overlaps(word) for s in row.spans)))
        for name in (row.name, "all"):
            one = out[name]
            one.segments += 1
            one.ours += overlap([span for span, _ in found], row.spans)
            one.everything += overlap([Span(0, len(text))], row.spans)
            words[name][f"{row.name}/{row.text}"] += labelled
    for name, one in out.items():
        one.words = words[name]
    return dict(out)


def page(found: Mapping[str, Sums], run: Run, *, data: Sequence[str], draws: int = 200) -> Iterator[str]:
    """A Markdown page, line by line: the signature, and a row for each set."""
    yield "# What is found of what annotators marked"
    yield ""
    yield f"Signature: `{run.signature}|data:{'+'.join(data)}`"
    yield ""
    yield "Partial overlap, micro-averaged over code points; words by the confidence of the finding that they stand in, with 95 % intervals by"
    yield "bootstrap over texts."
    yield ""
    yield "| set | segments | precision | recall | F1 | F1 of flagging everything | words: AUC | words: average precision | base rate |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name in sorted(found, key=lambda name: (name == "all", name)):
        one = found[name]
        words = list((one.words or {}).values())
        labels = [label for text in words for _, label in text]
        base = sum(labels) / len(labels) if labels else 0.0
        figures = f"{bootstrapped(words, area, draws=draws)} | {bootstrapped(words, average_precision, draws=draws)}"
        ours = f"{one.ours.precision:.3f} | {one.ours.recall:.3f} | {one.ours.f1:.3f} | {one.everything.f1:.3f}"
        yield f"| {name} | {one.segments:,} | {ours} | {figures} | {base:.3f} |"
