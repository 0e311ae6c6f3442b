"""Reads the labelled and the native texts that the fluency scripts learn from and are measured on; sentences of them go nowhere else."""

from __future__ import annotations

import json
import random
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from auditor import stages
from auditor.config import Config
from auditor.fluency.adjusted import Sentence
from auditor.fluency.document import sentences
from auditor.fluency.scorer import Scorer, Store
from auditor.types import Document, Span

Row = dict[str, Any]
_MOST = 4_100
"""Code points of a document put together from sentences: the model reads it whole."""
_RUN = 7
"""Words in a row that two texts share by quotation, not by chance."""
FREE = ("mlqe-pe", "bio-mqm", "mqm-newstest2020-zhen", "mqm-newstest2021-zhen", "mqm-ted-zhen")
"""What published weights are learnt from: CC0 (mlqe-pe) and Apache-2.0 (the others)."""
_BIO = 600
"""Rows of bio-mqm: abstracts, so no more than the news."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with the spans that its annotators marked."""

    dataset: str
    document: Document
    marked: tuple[Span, ...]


def rows(path: Path) -> list[Row]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def prepared(text: str, name: str = "text") -> Document:
    """A text as the program would segment it."""
    return stages.prepared(Config(), Document(name, text))


def gold(shared: Path) -> list[Labelled]:
    """The gold documents with the spans of either annotator. They are measured on and never learnt from."""
    marked: dict[str, list[Span]] = defaultdict(list)
    for annotator in "AB":
        for row in rows(shared / "gold" / f"annotator_{annotator}.jsonl"):
            marked[row["path"]].append(Span(row["start"], row["end"]))
    paths = sorted((shared / "gold" / "docs").glob("*.txt"))
    return [Labelled("gold", prepared(path.read_text(encoding="utf-8"), path.name), tuple(marked[path.name])) for path in paths]


def native(shared: Path, count: int) -> list[Document]:
    """Articles of Wikinews (openly licensed), headline first, their ends cut off."""
    found = rows(shared / "eval" / "native_open.jsonl")
    random.Random(7).shuffle(found)
    return [prepared(f"{row['title']}\n\n{row['text'][:_MOST]}\n") for row in found[:count]]


def labelled(shared: Path, but: Sequence[Labelled]) -> list[Labelled]:
    """Machine and human translations with marked errors whose licence allows to learn from them, less what shares words or sources with `but`."""
    files = chain.from_iterable(rows(shared / "eval" / f"spans.{name}.jsonl") for name in ("zh", "de", "fr", "other"))
    found = [row for row in files if row["dataset"] in FREE]
    runs = set().union(*(_runs(one.document.text) for one in but))
    sources = {_key(part["source"] or "") for row in rows(shared / "gold" / "sources.jsonl") for part in row["segments"]} - {""}
    clean = [row for row in found if not _runs(row["tgt"]) & runs and _key(row["src"]) not in sources]
    return [*_alone(clean), *_joined(row for row in clean if row["dataset"].startswith("mqm-"))]


def _alone(found: Sequence[Row]) -> Iterator[Labelled]:
    """Sentences whose neighbours are not known: two translations of a source sentence at most."""
    chosen = [row for row in found if not row["dataset"].startswith("mqm-")]
    random.Random(0).shuffle(chosen)
    seen: dict[str, int] = defaultdict(int)
    for row in chosen:
        key, most = row["dataset"] + _key(row["src"]), 2 if row["dataset"] == "mlqe-pe" else 1
        if seen[key] < most and (row["dataset"] == "mlqe-pe" or seen["bio"] < _BIO):
            seen[key] += 1
            seen["bio"] += row["dataset"] != "mlqe-pe"
            yield Labelled(row["dataset"], prepared(row["tgt"]), tuple(Span(s["start"], s["end"]) for s in row["spans"]))


def _joined(found: Iterable[Row]) -> Iterator[Labelled]:
    """The sampled sentences of one system's document as one text, in order."""
    documents: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in found:
        documents[row["dataset"], row["doc_id"], row["system"]].append(row)
    for (dataset, _, _), parts in documents.items():
        text, marked = "", []
        for row in sorted(parts, key=lambda row: int(row["id"].split("|")[3])):
            if text and len(text) + len(row["tgt"]) > _MOST:
                yield Labelled(dataset, prepared(text), tuple(marked))
                text, marked = "", []
            text += "\n\n" * bool(text)
            marked += [Span(len(text) + s["start"], len(text) + s["end"]) for s in row["spans"]]
            text += row["tgt"]
        yield Labelled(dataset, prepared(text), tuple(marked))


def _runs(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def _key(source: str) -> str:
    return re.sub(r"\W", "", source)[:60]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a labelled text: its number there, its words, and which of them are marked."""

    text: int
    sentence: Sentence
    marked: tuple[bool, ...]


def told(texts: Sequence[Labelled], scorer: Scorer, cache: Store | None) -> Iterator[Told]:
    """The scored sentences of labelled texts."""
    for number, _, _, sentence in sentences([one.document for one in texts], scorer, cache):
        spans = sorted(texts[number].marked)
        ends = [max(span.end for span in spans[: at + 1]) for at in range(len(spans))]
        starts = [span.start for span in spans]
        found = []
        for word in sentence.words:
            at = bisect_right(starts, word.span.end - 1) - 1
            found.append(at >= 0 and ends[at] > word.span.start)
        yield Told(number, sentence, tuple(found))
