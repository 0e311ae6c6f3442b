"""Chooses the eye's thresholds and says what it is worth: on the gold, which was never trained on, and on native news in two formats.

    python models/eye/measure.py SHARED DATA FEATURES WEIGHTS.npz [--write]

DATA is what `data.py --measure` wrote; FEATURES holds for each of its sets what `extract.py` made of it. `--write` puts thresholds and
confidence into eye.toml.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from auditor.evaluate.tagging import area, average_precision, bootstrapped
from auditor.fluency.document import stretches
from auditor.judge.eye import values
from auditor.learned import eye as eyes
from auditor.learned import head as heads
from auditor.learned.decode import Unit, phrases, units
from auditor.learned.eye import Eye, Threshold
from auditor.learned.look import Seen
from auditor.learned.words import Rows
from auditor.text.segment import segment
from auditor.types import Document, Span

NATIVE = ("large_own", "large_lines", "en_lines", "en_paras")
"""native_large as printed and one sentence a paragraph; native_en one sentence a paragraph and in paragraphs of four."""
_GROW = 1.0
"""How far below its seed a phrase grows."""
_WEIGHTS = {"low": 0.5, "normal": 0.5, "high": 0.15}
"""What the text as a whole counts at each sensitivity: silence on clean copy where few false alarms are wanted, else each word for itself."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, its features and what the annotators marked."""

    row: dict[str, Any]
    document: Document
    rows: tuple[Rows, ...]
    starts: tuple[int, ...]

    @property
    def words(self) -> int:
        return len(self.document.text.split())


def texts(name: str, data: Path, features: Path) -> list[Text]:
    """The texts of a set, features cut as the program reads them."""
    found = iter(json.loads(line) for line in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    out = []
    for path in sorted((features / name).glob("[0-9]*.npz")):
        shard = np.load(path)
        at = 0
        states, scalars, spans = shard["states"], shard["scalars"], shard["spans"]
        for count in shard["counts"]:
            row = next(found)
            document = segment(Document(row.get("id", ""), row["text"]))
            starts = [piece.start for piece in stretches(document)]
            mine = spans[at : at + count]
            cuts = [*(at + int(np.searchsorted(mine[:, 0], start)) for start in starts), at + count]
            parts = tuple(Rows(tuple(map(tuple, spans[a:b])), states[a:b], scalars[a:b]) for a, b in itertools.pairwise(cuts))
            out.append(Text(row, document, parts, tuple(starts)))
            at += count
    return out


def seen(head: heads.Head, text: Text) -> Seen:
    parts = [heads.outputs(head, replace(rows, states=rows.states.astype(np.float32))) for rows in text.rows]
    spans = tuple(Span(int(start), int(end)) for rows in text.rows for start, end in rows.spans)
    return Seen(spans, np.concatenate([np.zeros((0, heads.OUTPUTS), np.float32), *parts]))


Worth = list[tuple[Text, Seen, list[float], list[Unit]]]


def worth(found: Sequence[tuple[Text, Seen]], eye: Eye, weight: float) -> Worth:
    out = []
    for text, one in found:
        worths, breaks = values(text.document, one, eye, weight=weight)
        out.append((text, one, worths, units(text.document.text, one.spans, breaks)))
    return out


def claims(found: Worth, threshold: Threshold) -> list[list[tuple[Span, float]]]:
    """For each text its phrases with the worth of the strongest word."""
    out = []
    for _, _, worths, written in found:
        out.append([(p.span, worths[p.peak]) for p in phrases(worths, written, seed=threshold.seed, grow=threshold.grow)])
    return out


def threshold(seed: float) -> Threshold:
    """The document's weight stands elsewhere: `worth` has applied it."""
    return Threshold(round(seed, 3), round(seed - _GROW, 3), 0.0)


def rate(found: Worth, one: Threshold) -> float:
    """Claims per 1,000 words."""
    return 1000 * sum(map(len, claims(found, one))) / sum(text.words for text, *_ in found)


def quiet(natives: Sequence[Worth], most: float) -> Threshold:
    """The lowest threshold at which no set has more than `most` claims per 1,000 words."""
    low, high = -8.0, 8.0
    while high - low > 0.005:
        middle = (low + high) / 2
        low, high = (middle, high) if max(rate(found, threshold(middle)) for found in natives) > most else (low, middle)
    return threshold(high)


def scorer(shared: Path) -> Any:  # noqa: ANN401
    """The gold's own `score.py`."""
    described = importlib.util.spec_from_file_location("score", shared / "gold/score.py")
    assert described
    assert described.loader
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


def judged(score: Any, found: Worth, made: Sequence[Sequence[tuple[Span, float]]]) -> tuple[list[list[bool]], list[bool], list[bool]]:  # noqa: ANN401
    """As score.py counts: for each text whether each claim is right, in order of place; for the spans that both annotators marked whether a
    right claim overlaps them, of the major ones and of all."""
    right, major, every = [], [], []
    for (text, *_), spans in zip(found, made, strict=True):
        marks = [
            [{"start": s, "end": e, "text": text.document.text[s:e], "severity": severity} for s, e, _, severity, *_ in text.row[who]] for who in "AB"
        ]
        rows = [{"start": span.start, "end": span.end, "words": len(text.document.text[span.start : span.end].split()) or 1} for span, _ in spans]
        verdicts = score.judge(rows, marks[0] + marks[1])
        good = [row for row, ok in verdicts if ok]
        right.append([ok for _, ok in verdicts])
        for mark in marks[0]:
            if any(score.overlap(mark, other) for other in marks[1]):
                hit = any(score.overlap(row, mark) for row in good)
                every.append(hit)
                if mark["severity"] != "minor":
                    major.append(hit)
    return right, major, every


def share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0


def labelled(found: Sequence[tuple[Text, Seen]], *, both: bool) -> list[list[tuple[float, bool]]]:
    """The words of each text with what they are worth, and whether either annotator (or both) marked them."""
    out = []
    for text, one in found:
        marks = [[(s, e) for s, e, *_ in text.row[who]] for who in "AB"]
        need = all if both else any
        label = [need(any(s < span.end and span.start < e for s, e in who) for who in marks) for span in one.spans]
        out.append(list(zip(one.outputs[:, 0].tolist(), label, strict=True)))
    return out


def fitted(points: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and intercept of a logistic curve through right and wrong claims (Platt 1999), by Newton's method."""
    x = np.array([[value, 1.0] for value, _ in points])
    y = np.array([right for _, right in points], float)
    y = np.where(y > 0, (y.sum() + 1) / (y.sum() + 2), 1 / (len(y) - y.sum() + 2))
    w = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        w -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(2), x.T @ (p - y))
    return float(w[0]), float(w[1])


def written(path: Path, weights: Path, levels: dict[str, Threshold], curve: tuple[float, float]) -> None:
    """Puts hash, thresholds and confidence into the description."""
    text = path.read_text(encoding="utf-8")

    def put(table: str, key: str, value: object) -> None:
        nonlocal text
        lines = text.splitlines(keepends=True)
        start = lines.index(f"[{table}]\n") if table else 0
        at = next(at for at in range(start, len(lines)) if lines[at].startswith(f"{key} = "))
        lines[at] = f"{key} = {value}\n"
        text = "".join(lines)

    put("", "sha256", f'"{hashlib.sha256(weights.read_bytes()).hexdigest()}"')
    for name, one in levels.items():
        put(f"sensitivity.{name}", "seed", one.seed)
        put(f"sensitivity.{name}", "grow", one.grow)
        put(f"sensitivity.{name}", "document", _WEIGHTS[name])
    put("confidence", "slope", round(curve[0], 3))
    put("confidence", "intercept", round(curve[1], 3))
    path.write_text(text, encoding="utf-8")


def row(score: Any, name: str, one: Threshold, gold: Worth, natives: dict[str, Worth]) -> str:  # noqa: ANN401
    right, major, every = judged(score, gold, claims(gold, one))
    flat = [ok for verdicts in right for ok in verdicts]
    low, high = score.interval(right)
    rates = " | ".join(f"{rate(found, one):.2f}" for found in natives.values())
    return f"| {name} | {one.seed} | {len(flat)} | {share(flat):.3f} [{low:.2f}, {high:.2f}] | {share(major):.3f} | {share(every):.3f} | {rates} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("features", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--description", type=Path, default=Path(__file__).parent / "eye.toml")
    parser.add_argument("--most", type=float, default=0.95, help="false alarms per 1,000 native words at the normal sensitivity")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    score, head = scorer(arguments.shared), heads.load(arguments.weights)
    eye = replace(eyes.load(arguments.description, checked=False), head=head)
    read: Callable[[str], list[tuple[Text, Seen]]] = lambda name: [(t, seen(head, t)) for t in texts(name, arguments.data, arguments.features)]  # noqa: E731
    gold_seen, natives_seen = read("gold"), {name: read(name) for name in NATIVE}
    for name, found in natives_seen.items():
        logits = np.concatenate([one.outputs[:, 0] for _, one in found])
        print(f"{name}: {len(found)} texts, {sum(text.words for text, _ in found):,} words, mean logit {logits.mean():.2f}")
    for name, both in (("either annotator", False), ("both annotators", True)):
        words = labelled(gold_seen, both=both)
        base = share([label for text in words for _, label in text])
        print(
            f"words of {name} (base {base:.3f}): AUC {bootstrapped(words, area, draws=300)}, AP {bootstrapped(words, average_precision, draws=300)}"
        )
    print(f"| | document | seed | claims on gold | precision | recall of major | of all | {' | '.join(NATIVE)} |")
    levels = {}
    for level, most in (("low", 0.3), ("normal", arguments.most), ("at most 1", 1.0), ("at most 2", 2.0), ("at most 4", 4.0), ("high", None)):
        weight = _WEIGHTS.get(level, 0.5)
        gold, natives = worth(gold_seen, eye, weight), {name: worth(found, eye, weight) for name, found in natives_seen.items()}
        one = reached(score, gold, 0.76) if most is None else quiet(list(natives.values()), most)
        print(row(score, f"{level} | {weight}", one, gold, natives), flush=True)
        if level in _WEIGHTS:
            levels[level] = one
        if level == "normal":
            made = claims(gold, threshold(one.seed - 2.0))
            right = judged(score, gold, made)[0]
            curve = fitted([(value, ok) for spans, oks in zip(made, right, strict=True) for (_, value), ok in zip(spans, oks, strict=True)])
    if arguments.write:
        written(arguments.description, arguments.weights, levels, curve)


def reached(score: Any, gold: Worth, precision: float) -> Threshold:  # noqa: ANN401
    """The lowest threshold whose claims are right in that share."""
    for step in range(100, -300, -1):
        one = threshold(step / 50)
        flat = [ok for verdicts in judged(score, gold, claims(gold, one))[0] for ok in verdicts]
        if len(flat) > 30 and share(flat) < precision:
            return threshold((step + 1) / 50)
    return threshold(-6.0)


if __name__ == "__main__":
    main()
