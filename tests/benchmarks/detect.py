"""Megabytes a second of the audit without a language model beside proselint and Harper on the same texts, interleaved in one run.

    python tests/benchmarks/detect.py TEXT… [--lang de] [--rounds 3]

TEXT are files of plain text, or of JSON lines with `text`. Every rule runs, on one core, with the source language given; reading files and
writing reports are not measured, and all is warm. Peers that are not installed beside us (`proselint`; `harper-py`) are left out, and the
report says so.
"""

# ruff: noqa: T201 (a script)
from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from auditor import pipeline, stages
from auditor.config import Config
from auditor.types import Document, Provenance

Check = Callable[[str], object]


def auditor(lang: str) -> Check:
    """The audit of one text: segments, rules, names, everything that a worker does."""
    config = Config()
    rules, _ = pipeline.rule_set(config)
    inspect = stages.inspector(config, rules, pipeline.alias_table(config))
    return lambda text: inspect(Document("text.txt", text, provenance=Provenance(source_lang=lang, how="flag")))


def proselint() -> Check:
    """All checks of proselint."""
    from proselint.checks import __register__
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    CheckRegistry().register_many(__register__)
    return lambda text: LintFile("text.txt", text).lint()


def harper() -> Check:
    """Harper with its own settings."""
    from harper import Linter

    linter = Linter()
    return linter.lint


def texts(paths: Sequence[Path], most: int) -> Iterator[str]:
    """The texts of the files, up to `most` bytes in all."""
    left = most
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for text in (json.loads(line)["text"] for line in lines) if path.suffix == ".jsonl" else [lines.read()]:
                yield text
                left -= len(text.encode())
                if left <= 0:
                    return


def main() -> None:
    """Prints a row a program: megabytes a second (best of the rounds) and how many times as fast as we are."""
    parser = argparse.ArgumentParser()
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--lang", default="de")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--most", type=int, default=400_000, help="bytes of text")
    options = parser.parse_args()
    found = list(texts(options.texts, options.most))
    size = sum(len(text.encode()) for text in found)
    checks: dict[str, Check] = {"auditor": auditor(options.lang)}
    for name, module, build in (("proselint", "proselint", proselint), ("Harper", "harper", harper)):
        if importlib.util.find_spec(module):
            checks[name] = build()
        else:
            print(f"{name} is not installed: left out")
    for check in checks.values():
        for text in found[:20]:
            check(text)
    best = dict.fromkeys(checks, 0.0)
    for _ in range(options.rounds):
        for name, check in checks.items():
            start = time.process_time()
            for text in found:
                check(text)
            best[name] = max(best[name], size / (time.process_time() - start) / 1e6)
    print(f"{len(found)} texts, {size / 1e6:.2f} MB; megabytes a second of processor time, best of {options.rounds}")
    for name, speed in best.items():
        print(f"| {name} | {speed:.3f} | {speed / best['auditor']:.2f} |")


if __name__ == "__main__":
    main()
