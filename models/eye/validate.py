"""Cross-validates the eye on the annotated sets that it is trained on: no document, and no translator, is in training and test of a fold.

    python models/eye/validate.py DATA FEATURES [--folds 3]

DATA and FEATURES are those of `train.py`. Translators and documents are dealt into folds apart; a fold is tested on its own translators'
versions of its own documents and trained on what shares neither. Thresholds (of the eye and of surprisal) are those that give the best F1 on
the fold's training rows. Prints the table of `auditor evaluate --spans`. Needs torch (the extra `train`), and some
minutes a fold. The texts that nobody annotated are in every fold's training: without them it is over before the rate of learning has risen.
"""

from __future__ import annotations

import argparse
import collections
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import train as training

from auditor.evaluate.spans import Annotated, Found, sums, table
from auditor.evaluate.tagging import Overlap, overlap
from auditor.learned import head as heads
from auditor.learned.decode import phrases, units
from auditor.learned.words import SCALARS, Rows
from auditor.text.segment import segment
from auditor.types import Document, Span

_ANNOTATED = ("mqm", "bio", "mlqe")
_GROW = 1.0
"""How far below its seed a phrase grows, as in `measure.py`."""
_EVERY = 4
"""Of so many training texts one chooses the thresholds."""
_UNSEEN = ("demetr",)
"""Left out: made from documents that some of the annotated sets hold too, under other names."""


def dealt(weights: dict[str, int], folds: int) -> dict[str, int]:
    """Each name's fold, the heaviest first, always to the lightest fold."""
    totals, out = [0] * folds, {}
    for name, weight in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0])):
        out[name] = totals.index(min(totals))
        totals[out[name]] += weight
    return out


def document(text: training.Text) -> str:
    """The source document, whatever the set calls it."""
    return str(text.row["doc"]).rpartition("|")[2]


class Read:
    """A test text with what a head makes of it, ready to be cut at any threshold."""

    def __init__(self, text: training.Text, spans: np.ndarray, rows: Rows, head: heads.Head) -> None:
        self.row = text.row
        self.document = segment(Document("", text.row["text"]))
        self.words = [Span(int(start), int(end)) for start, end in spans]
        self.values = heads.outputs(head, rows)[:, 0].tolist()
        self.surprisals = rows.scalars[:, SCALARS.index("surprisal")].tolist()
        ends = np.array([one.span.end for one in self.document.segments])
        at = np.searchsorted(ends, spans[:, 0], side="right")
        self.written = units(self.document.text, self.words, [True, *(at[1:] != at[:-1])])
        self.marked = tuple(Span(start, end) for start, end, *_ in text.row["spans"])

    def claims(self, seed: float) -> tuple[Span, ...]:
        return tuple(one.span for one in phrases(self.values, self.written, seed=seed, grow=seed - _GROW))

    def surprising(self, least: float) -> tuple[Span, ...]:
        return tuple(word for word, value in zip(self.words, self.surprisals, strict=True) if value >= least)

    def pair(self, seed: float, least: float) -> tuple[Annotated, Found]:
        name = f"{self.row['lang']}/{self.row['set']}"
        words = tuple(zip(self.words, self.values, strict=True))
        return Annotated(name, self.row["doc"], self.document, self.marked), Found(self.claims(seed), words, self.surprising(least))


def best(texts: Sequence[Read], made: Callable[[Read, float], tuple[Span, ...]], grid: Iterable[float]) -> float:
    """The threshold whose claims have the highest F1."""

    def f1(threshold: float) -> float:
        return sum((overlap(made(text, threshold), text.marked) for text in texts), Overlap()).f1

    return max(grid, key=f1)


def read(texts: Sequence[training.Text], spans: np.ndarray, states: np.ndarray, scalars: np.ndarray, head: heads.Head) -> list[Read]:
    out = []
    for text in texts:
        where = slice(text.at, text.at + text.words)
        rows = Rows(tuple(map(tuple, spans[where])), states[where].astype(np.float32), scalars[where])
        out.append(Read(text, spans[where], rows, head))
    return out


def folds(arguments: argparse.Namespace) -> Iterator[tuple[Annotated, Found]]:
    texts, states, scalars, spans = training.gather(arguments.data, arguments.features, layers=list(training.LAYERS))
    marked = [text for text in texts if text.head in _ANNOTATED and text.words and text.row.get("by")]
    translators: collections.Counter[str] = collections.Counter()
    documents: collections.Counter[str] = collections.Counter()
    for text in marked:
        translators[text.row["by"]] += text.words
        documents[document(text)] += text.words
    by, of = dealt(translators, arguments.folds), dealt(documents, arguments.folds)
    rest = [text for text in texts if not text.row.get("by") and text.head not in _UNSEEN]
    for fold in range(arguments.folds):
        test = [text for text in marked if by[text.row["by"]] == fold == of[document(text)]]
        own = [text for text in marked if by[text.row["by"]] != fold != of[document(text)]]
        more = [text for text in rest if of.get(document(text)) != fold]
        print(f"fold {fold + 1}: {len(own)} annotated and {len(more)} other texts to train on, {len(test)} to test", flush=True)
        weights = arguments.data.parent / f"fold{fold}.npz"
        np.savez(weights, **training.train([*own, *more], states, scalars, arguments))
        head = heads.load(weights)
        known = read(own[::_EVERY], spans, states, scalars, head)
        seed = best(known, Read.claims, np.arange(-4.0, 1.5, 0.5))
        least = best(known, Read.surprising, np.arange(0.0, 12.0, 1.0))
        print(f"fold {fold + 1}: seed {seed}, surprisal {least}", flush=True)
        yield from (one.pair(seed, least) for one in read(test, spans, states, scalars, head))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("features", type=Path)
    parser.add_argument("--folds", type=int, default=3)
    training.settings(parser)
    print("\n".join(table(sums(folds(parser.parse_args())))))


if __name__ == "__main__":
    main()
