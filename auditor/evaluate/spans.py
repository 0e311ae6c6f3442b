"""Span scores as the field reports them: what an audit finds in annotated segments against what the annotators marked, by language and set."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditor.errors import InputError
from auditor.evaluate.tagging import Overlap, area, average_precision, bootstrapped, overlap
from auditor.types import Audit, Document, Provenance, Severity, Span

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


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a segment: the spans that are claimed, what each word is worth, and what a threshold of surprisal alone claims."""

    claims: tuple[Span, ...]
    words: tuple[tuple[Span, float], ...]
    surprising: tuple[Span, ...] | None = None


def of_audit(audit: Audit, text: str) -> Found:
    """The findings from minor on, each of their places; a word is worth the confidence of the finding that it stands in."""
    places = [
        (place.inner, finding.confidence)
        for finding in audit.findings
        if finding.severity is not Severity.NEUTRAL
        for place in (finding.at, *finding.occurrences)
    ]
    words = [Span(*match.span()) for match in _WORD.finditer(text)]
    worth = tuple((word, max((sure for span, sure in places if span.overlaps(word)), default=0.0)) for word in words)
    return Found(tuple(span for span, _ in places), worth)


@dataclass(slots=True)
class Sums:
    """Of one set: what was found, what flagging everything and a threshold of surprisal would get, and the words of each text with what they
    are worth and whether they are marked.
    """

    segments: int = 0
    ours: Overlap = field(default_factory=Overlap)
    everything: Overlap = field(default_factory=Overlap)
    surprisal: Overlap | None = None
    words: dict[str, list[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(list))


def sums(pairs: Iterable[tuple[Annotated, Found]]) -> dict[str, Sums]:
    """The sums by set, and of all sets together under “all”."""
    out: dict[str, Sums] = defaultdict(Sums)
    for row, found in pairs:
        labelled = [(worth, any(span.overlaps(word) for span in row.spans)) for word, worth in found.words]
        for name in (row.name, "all"):
            one = out[name]
            one.segments += 1
            one.ours += overlap(found.claims, row.spans)
            one.everything += overlap([Span(0, len(row.document.text))], row.spans)
            if found.surprising is not None:
                one.surprisal = (one.surprisal or Overlap()) + overlap(found.surprising, row.spans)
            one.words[f"{row.name}/{row.text}"] += labelled
    return dict(out)


def page(found: Mapping[str, Sums], signature: str, *, draws: int = 200) -> Iterator[str]:
    """A Markdown page, line by line: the signature, and a row for each set."""
    yield "# What is found of what annotators marked"
    yield ""
    yield f"Signature: `{signature}`"
    yield ""
    yield "Partial overlap, micro-averaged over code points; words by what each is worth, with 95 % intervals by bootstrap over texts."
    yield ""
    yield from table(found, draws=draws)


def table(found: Mapping[str, Sums], *, draws: int = 200) -> Iterator[str]:
    """A row for each set, “all” last."""
    surprisal = any(one.surprisal is not None for one in found.values())
    more = " F1 of a surprisal threshold |" if surprisal else ""
    yield f"| set | segments | precision | recall | F1 | F1 of flagging everything |{more} words: AUC | words: average precision | base rate |"
    yield "|---|---|---|---|---|---|---|---|---|" + "---|" * surprisal
    for name in sorted(found, key=lambda name: (name == "all", name)):
        one = found[name]
        words = list(one.words.values())
        labels = [label for text in words for _, label in text]
        base = sum(labels) / len(labels) if labels else 0.0
        figures = f"{bootstrapped(words, area, draws=draws)} | {bootstrapped(words, average_precision, draws=draws)}"
        ours = f"{one.ours.precision:.3f} | {one.ours.recall:.3f} | {one.ours.f1:.3f} | {one.everything.f1:.3f}"
        beside = f" {one.surprisal.f1:.3f} |" if one.surprisal is not None else ""
        yield f"| {name} | {one.segments:,} | {ours} |{beside} {figures} | {base:.3f} |"
