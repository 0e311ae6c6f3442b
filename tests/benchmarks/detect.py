"""Kilobytes a second of the audit without a language model beside proselint and Harper on the same texts, interleaved in one run.

    python tests/benchmarks/detect.py TEXT… [--lang de] [--rounds 3] [--out reports/benchmark.md]

TEXT are files of plain text, or of JSON lines with `text` or `segments`. Every rule runs, on one core, with the source language given; reading
files and writing reports are not measured, and all is warm. The programs take turns at every text, so that what else the machine does falls on
all alike; figures are of processor time. One turn is the audit with a thousand made rules more. Peers that are not installed beside us
(`proselint`; `harper-py`) are left out, and the report says so.
"""

# ruff: noqa: T201 (a script)
from __future__ import annotations

import argparse
import importlib.util
import json
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from auditor import pipeline, stages
from auditor.config import Config
from auditor.judge.findings import judge
from auditor.names.aliases import AliasTable
from auditor.rules.model import RuleSet
from auditor.text import lexicon
from auditor.types import Document, Provenance, Rule, Severity

HEADING = "## Detection"
MORE = 1000
Check = Callable[[str], object]


def auditor(lang: str, names: AliasTable, more: int = 0) -> Check:
    """The audit of one text: segments, rules, names, findings; `more`: with so many made rules besides."""
    config = Config(model="none")
    read, _ = pipeline.rule_set(config)
    rules = RuleSet((*read, *made(more, lang)), read.digest) if more else read
    inspect = stages.inspector(config, rules, names)

    def check(text: str) -> object:
        found = inspect(Document("text.txt", text, provenance=Provenance(source_lang=lang, how="flag")))
        return judge(found.document, [(rules.by_id[name], match) for name, match in found.hits if not rules.by_id[name].verify])

    return check


def made(number: int, lang: str) -> Iterator[Rule]:
    """Phrase rules of frequent words, as rules are written: three words, one of them in two forms."""
    words, draw = sorted(word for word in lexicon.frequent("en") if word.isalpha() and len(word) > 2), random.Random(number)
    for one in range(number):
        first, second, third, other = draw.sample(words, 4)
        rule = Rule(
            f"made/{one}", lang, "en", "phrase", {"match.any": (f"({first}|{other}) {second}s? {third}",)}, "", "style/awkward", Severity.MINOR
        )
        yield replace(rule, suggest=(third,))


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
            for text in map(_text, lines) if path.suffix == ".jsonl" else [lines.read()]:
                yield text
                left -= len(text.encode())
                if left <= 0:
                    return


def _text(line: str) -> str:
    row = json.loads(line)
    return str(row["text"]) if "text" in row else "\n".join(row["segments"])


def measured(checks: dict[str, Check], found: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Seconds of processor time that each program takes for all texts, a figure a round."""
    spent: dict[str, list[float]] = {name: [] for name in checks}
    for _ in range(rounds):
        here = dict.fromkeys(checks, 0.0)
        for number, text in enumerate(found):
            first = number % len(checks)  # nobody always comes first, nor behind the same one
            for name, check in (*list(checks.items())[first:], *list(checks.items())[:first]):
                start = time.process_time()
                check(text)
                here[name] += time.process_time() - start
        for name, seconds in here.items():
            spent[name].append(seconds)
    return spent


def table(spent: dict[str, list[float]], size: int) -> Iterator[str]:
    """A row a program: kilobytes a second and our time as a share of its own, each the median of the rounds with their range."""
    yield "| program | kB/s a core | times our speed |"
    yield "|---|---|---|"
    for name, seconds in spent.items():
        speeds = [size / one / 1e3 for one in seconds]
        ratios = [ours / theirs for ours, theirs in zip(spent["auditor"], seconds, strict=True)]
        yield f"| {name} | {statistics.median(speeds):,.0f} ({min(speeds):,.0f}–{max(speeds):,.0f}) | {_spread(ratios)} |"


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def main() -> None:
    """Prints the table, and writes it under its heading where a file is named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--lang", default="de")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--most", type=int, default=400_000, help="bytes of text")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    found = list(texts(options.texts, options.most))
    size = sum(len(text.encode()) for text in found)
    names = pipeline.alias_table(Config())  # one for both: what is read of a table is kept for the last one alone
    checks: dict[str, Check] = {"auditor": auditor(options.lang, names), f"auditor, {MORE} rules more": auditor(options.lang, names, MORE)}
    missing = []
    for name, module, build in (("proselint", "proselint", proselint), ("Harper", "harper", harper)):
        if importlib.util.find_spec(module):
            checks[name] = build()
        else:
            missing.append(f"{name} is not installed: left out.")
    for check in checks.values():
        for text in found:
            check(text)
    head = f"{len(found)} texts, {size / 1e6:.2f} MB; processor time of {options.rounds} rounds, median and range."
    lines = [HEADING, "", " ".join((head, *missing)), "", *table(measured(checks, found, options.rounds), size)]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        before = options.out.read_text(encoding="utf-8") if options.out.exists() else ""
        kept = re.sub(rf"\n*{re.escape(HEADING)}\n.*?(?=\n## |\Z)", "", before, flags=re.DOTALL).rstrip()
        options.out.write_text(f"{kept}\n\n{text}".lstrip(), encoding="utf-8")


if __name__ == "__main__":
    main()
