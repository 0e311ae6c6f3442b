"""Finds for common lower-case words others of similar use, by the language model's own embedding: material for wrong word choices.

    python models/eye/neighbours.py GRAPHS OUT.json

GRAPHS is the folder where the engine keeps the prepared model (tokenizer.json and the embedding).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from auditor.fluency.tensors import Tensors

_ENDINGS = ("s", "ed", "ing", "ly", "er", "ion", "al", "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graphs", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    tokeniser = Tokenizer.from_file(str(arguments.graphs / "tokenizer.json"))
    # Tokens are in the order in which they were merged: the first are the most frequent.
    words = {
        token: text[1:]
        for text, token in tokeniser.get_vocab().items()
        if text.startswith("Ġ") and len(text) > 4 and text[1:].isalpha() and text[1:].islower()
    }
    chosen = sorted(token for token in words if token < 22_000)
    table = Tensors(arguments.graphs)["embedding"][chosen].astype(np.float32)
    table -= table.mean(0)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    out = {}
    for row, token in enumerate(chosen):
        near = np.argsort(-(table @ table[row]))[1:25]
        word = words[token]
        ending = next(one for one in _ENDINGS if word.endswith(one))
        found = [words[chosen[other]] for other in near]
        # Not the word's own forms: those are another kind of scar. The same ending keeps the word's class more often than not.
        found = [other for other in found if other[:4] != word[:4] and (not ending or other.endswith(ending))]
        if found:
            out[word] = found[:8]
    arguments.out.write_text(json.dumps(out), encoding="utf-8")
    print(len(out), {word: out[word] for word in ("government", "quickly", "said", "reached") if word in out})


if __name__ == "__main__":
    main()
