"""Trains the eye's head on extracted features and writes it as numpy arrays; deterministic given the seed.

    python models/eye/train.py DATA FEATURES OUT.npz [--seed 0] [--drop-sets a,b] [--drop-scalars x,y] [--layers 15,20,25]

Per word: its states to 128 numbers, its scalars to 48, a GRU of 128 both ways over the text, and one output for each labelling style; the
output that is used is their mean. Beside it the kind of problem and whether it is a grave one. Needs torch (the extra `train`).
"""

from __future__ import annotations

import argparse
import copy
import itertools
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from auditor.learned.words import LAYERS, SCALARS

HEADS = ("mqm", "bio", "mlqe", "demetr", "synth")
"""Labelling styles; a native text is shown to all."""
LEAVES = ("mistranslation", "unidiomatic", "grammar", "spelling")
"""What a span is called."""
_LEAF = {
    "mistranslation": 0, "terminology": 0, "addition": 0, "untranslated": 0, "name_format": 0, "inconsistency": 0, "neighbour": 0,
    "awkward": 1, "register": 1, "phrase": 1, "order": 1,
    "grammar": 2, "preposition": 2, "article": 2, "tense": 2, "number": 2,
    "spelling": 3, "punctuation": 3, "repeat": 3, "comma": 3,
}  # fmt: skip
_LONG = 12
"""From this many words on a span says little of each of its words: it weighs half."""

_STRETCH = 128
"""Words of a long text that are trained on at once."""


class Head(nn.Module):
    def __init__(self, states: int, scalars: int, *, wide: int = 128, narrow: int = 48, hidden: int = 128, dropout: float = 0.3) -> None:
        super().__init__()
        self.state = nn.Linear(states, wide)
        self.scalar = nn.Linear(scalars, narrow)
        self.gru = nn.GRU(wide + narrow, hidden, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * hidden, len(HEADS) + len(LEAVES) + 1)
        self.drop = nn.Dropout(dropout)

    def forward(self, states: torch.Tensor, scalars: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        # One mask for all words of the batch: to draw one for each took longer than all the rest.
        kept = self.drop(torch.ones(states.shape[-1]))
        joined = torch.cat([self.state(states * kept), self.scalar(scalars)], -1)
        packed = nn.utils.rnn.pack_padded_sequence(self.drop(torch.relu(joined)), lengths, batch_first=True, enforce_sorted=False)
        found, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        return self.out(self.drop(found))


class Text:
    """One text: where its words lie in the arrays, and what they are labelled with."""

    def __init__(self, row: dict[str, Any], spans: np.ndarray, at: int) -> None:
        self.row, self.at, self.words = row, at, len(spans)
        self.head = row["head"]
        self.label = np.zeros(self.words, np.float32)
        self.leaf = np.zeros((self.words, len(LEAVES)), np.float32)
        self.grave = np.full(self.words, np.nan, np.float32)
        for start, end, share, category, severity in row["spans"]:
            inside = (spans[:, 0] < end) & (spans[:, 1] > start)
            self.label[inside] += share * (0.5 if inside.sum() >= _LONG else 1.0)
            if category in _LEAF:
                self.leaf[inside, _LEAF[category]] += share
            if self.head in ("mqm", "bio"):
                self.grave[inside] = severity in ("major", "critical")
        self.label = self.label.clip(0, 1)
        total = self.leaf.sum(1, keepdims=True)
        self.leaf = np.divide(self.leaf, total, out=self.leaf, where=total > 0)

    def part(self, start: int, end: int) -> Text:
        """The words from `start` to `end` as a text of their own."""
        out = copy.copy(self)
        out.at, out.words = self.at + start, end - start
        out.label, out.leaf, out.grave = self.label[start:end], self.leaf[start:end], self.grave[start:end]
        return out


def parts(texts: list[Text], draw: random.Random) -> list[Text]:
    """Long texts in stretches of about `_STRETCH` words: the unit remembers no further, and more of them go into a batch."""
    out = []
    for text in texts:
        count = -(-text.words // _STRETCH)
        cuts = [0, *(round((number + draw.uniform(-0.2, 0.2)) * text.words / count) for number in range(1, count)), text.words]
        out += [text.part(start, end) for start, end in itertools.pairwise(cuts)] if count > 1 else [text]
    return out


def gather(data: Path, features: Path, *, layers: list[int]) -> tuple[list[Text], np.ndarray, np.ndarray, np.ndarray]:
    """Texts, and of all shards the states, scalars and spans of the words."""
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    states, scalars, places, texts = [], [], [], []
    at = number = 0
    for path in sorted(features.glob("[0-9]*.npz")):
        shard = np.load(path)
        whole = shard["states"]
        width = whole.shape[1] // len(LAYERS)
        keep = [column for layer in layers for column in range(LAYERS.index(layer) * width, (LAYERS.index(layer) + 1) * width)]
        states.append(whole if len(keep) == whole.shape[1] else whole[:, keep])
        scalars.append(shard["scalars"])
        places.append(shard["spans"])
        begin = 0
        for count in shard["counts"]:
            texts.append(Text(rows[number], shard["spans"][begin : begin + count], at))
            begin += count
            at += count
            number += 1
    return texts, np.concatenate(states), np.concatenate(scalars), np.concatenate(places)


def train(texts: list[Text], states: np.ndarray, scalars: np.ndarray, arguments: argparse.Namespace) -> dict[str, np.ndarray]:
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    draw = random.Random(arguments.seed)
    sample = np.sort(np.random.default_rng(0).choice(len(scalars), min(len(scalars), 50_000), replace=False))
    mean, deviation = scalars[sample].mean(0), scalars[sample].std(0)
    deviation[deviation < 1e-6] = 1.0
    shown = states[sample].astype(np.float32)
    middle, spread = shown.mean(0), shown.std(0) + 1e-3
    head = Head(states.shape[1], scalars.shape[1])
    best = torch.optim.AdamW(head.parameters(), lr=arguments.rate)
    weight = torch.tensor(arguments.positive)
    steps = arguments.epochs * len(batched(parts(texts, draw), draw, arguments.words))
    schedule = torch.optim.lr_scheduler.LambdaLR(best, lambda step: min(1.0, (step + 1) / 50) * max(0.05, 1 - step / max(1, steps)))
    head.train()
    for epoch in range(arguments.epochs):
        losses = []
        for batch in batched(parts(texts, draw), draw, arguments.words):
            lengths = torch.tensor([text.words for text in batch])
            longest = int(lengths.max())
            shape = (len(batch), longest)
            seen, facts = np.zeros((*shape, states.shape[1]), np.float32), np.zeros((*shape, scalars.shape[1]), np.float32)
            label, mask, leaf, grave = (
                np.zeros(shape, np.float32),
                np.zeros((*shape, len(HEADS)), np.float32),
                np.zeros((*shape, len(LEAVES)), np.float32),
                np.full(shape, np.nan, np.float32),
            )
            for row, text in enumerate(batch):
                where = slice(text.at, text.at + text.words)
                seen[row, : text.words] = (states[where].astype(np.float32) - middle) / spread
                facts[row, : text.words] = (scalars[where] - mean) / deviation
                label[row, : text.words] = text.label
                leaf[row, : text.words] = text.leaf
                grave[row, : text.words] = text.grave
                if text.head == "native":
                    mask[row, : text.words] = arguments.native / len(HEADS)
                else:
                    mask[row, : text.words, HEADS.index(text.head)] = 1.0
            found = head(torch.from_numpy(seen), torch.from_numpy(facts), lengths)
            target, allowed = torch.from_numpy(label)[..., None].expand(-1, -1, len(HEADS)), torch.from_numpy(mask)
            loss = nn.functional.binary_cross_entropy_with_logits(found[..., : len(HEADS)], target, pos_weight=weight, reduction="none")
            loss = (loss * allowed).sum() / allowed.sum()
            leaves, known = torch.from_numpy(leaf), torch.from_numpy(~np.isnan(grave))
            named = leaves.sum(-1)
            if named.sum() > 0:
                logs = nn.functional.log_softmax(found[..., len(HEADS) : -1], -1)
                loss = loss - 0.05 * (logs * leaves).sum() / named.sum()
            if known.any():
                loss = loss + 0.05 * nn.functional.binary_cross_entropy_with_logits(found[..., -1][known], torch.from_numpy(grave)[known])
            best.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            best.step()
            schedule.step()
            losses.append(float(loss.detach()))
            if len(losses) % 50 == 0:
                print(f"epoch {epoch + 1}, batch {len(losses)} of {steps // arguments.epochs}: loss {np.mean(losses[-50:]):.4f}", flush=True)
        print(f"epoch {epoch + 1}: loss {np.mean(losses[-200:]):.4f} over the last {min(200, len(losses))} of {len(losses)} batches", flush=True)
    return exported(head, mean, deviation, middle, spread)


def batched(texts: list[Text], draw: random.Random, words: int) -> list[list[Text]]:
    """Texts of like length together, about `words` words a batch, batches in random order."""
    order = sorted((text for text in texts if text.words), key=lambda text: text.words * (1 + 0.2 * draw.random()))
    out: list[list[Text]] = [[]]
    for text in order:
        if out[-1] and (len(out[-1]) + 1) * text.words > words:
            out.append([])
        out[-1].append(text)
    draw.shuffle(out)
    return out


def exported(head: Head, mean: np.ndarray, deviation: np.ndarray, middle: np.ndarray, spread: np.ndarray) -> dict[str, np.ndarray]:
    """The arrays under the names that `auditor.learned.head` reads; scaling is folded in, and the mean of the styles' outputs taken."""
    with torch.no_grad():
        state = head.state.weight.numpy() / spread
        scalar = head.scalar.weight.numpy() / deviation
        out, bias = head.out.weight.numpy(), head.out.bias.numpy()
        arrays = {
            "state": state,
            "scalar": scalar,
            "bias": np.concatenate([head.state.bias.numpy() - state @ middle, head.scalar.bias.numpy() - scalar @ mean]),
            "out": np.concatenate([out[: len(HEADS)].mean(0, keepdims=True), out[len(HEADS) :]]),
            "out_bias": np.concatenate([bias[: len(HEADS)].mean(keepdims=True), bias[len(HEADS) :]]),
            "styles": out[: len(HEADS)],
            "styles_bias": bias[: len(HEADS)],
        }
        for name, end in (("forward", ""), ("backward", "_reverse")):
            for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                arrays[f"{name}.{part}"] = getattr(head.gru, f"{part}_l0{end}").numpy()
    return {name: np.ascontiguousarray(value.astype(np.float16)) for name, value in arrays.items()}


def settings(parser: argparse.ArgumentParser) -> None:
    """What `train` reads of the command line."""
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--words", type=int, default=1500, help="padded words a batch")
    parser.add_argument("--positive", type=float, default=2.0)
    parser.add_argument("--native", type=float, default=2.0, help="weight of native words; 1: as any other")
    parser.add_argument("--threads", type=int, default=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("features", type=Path)
    parser.add_argument("out", type=Path)
    settings(parser)
    parser.add_argument("--layers", default=",".join(map(str, LAYERS)))
    parser.add_argument("--drop-sets", default="")
    parser.add_argument("--drop-scalars", default="")
    parser.add_argument("--share", type=float, default=1.0, help="of the texts of every set")
    arguments = parser.parse_args()
    texts, states, scalars, _ = gather(arguments.data, arguments.features, layers=[int(layer) for layer in arguments.layers.split(",")])
    for name in filter(None, arguments.drop_scalars.split(",")):
        scalars[:, [number for number, one in enumerate(SCALARS) if one.startswith(name)]] = 0
    dropped = tuple(filter(None, arguments.drop_sets.split(",")))
    texts = [text for text in texts if not text.row["set"].startswith(dropped)] if dropped else texts
    if arguments.share < 1:
        texts = random.Random(arguments.seed).sample(texts, round(arguments.share * len(texts)))
    print(f"{len(texts)} texts, {sum(text.words for text in texts)} words")
    np.savez(arguments.out, **train(texts, states, scalars, arguments))


if __name__ == "__main__":
    main()
