"""What the whole command costs: processor time, time and memory of `auditor gate` for the first time, again, and without a model.

    python tests/benchmarks/command.py [TEXT …] [--numbers 10 40] [--rounds 3] [--large FILE] [--out reports/benchmark.md]

Each run is a process of its own, with a cache folder of its own that holds the prepared model; the kinds of run take turns, and each round starts
from nothing found. Memory is the peak of the process (VmHWM). Without texts the made pages of tests/golden are read. `--large` is scored as a whole,
and the model is prepared anew once, both for their peaks. The table is written into the file under a heading of its own.
"""

# ruff: noqa: T201 (a script)
from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parents[2]
HEADING = "## The whole command"


@dataclass(frozen=True)
class Cost:
    processor: float
    wall: float
    peak: float
    """MB."""


def run(cache: Path, *arguments: str | Path) -> Cost:
    """One run of the program; what it prints is thrown away."""
    command = [sys.executable, "-m", "auditor.cli.main", *map(str, arguments)]
    began = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, "AUDITOR_CACHE": str(cache)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{' '.join(command)}: {process.stderr.read().decode()}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def rounds(texts: list[Path], cache: Path, work: Path, number: int) -> dict[str, list[Cost]]:
    """The costs of each kind of run over so many rounds."""
    folder, found = work / "copy", {}
    for _ in range(number):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for place, text in enumerate(texts):
            shutil.copy(text, folder / f"{place:03}.txt")
        for path in cache.glob("*.sqlite"):
            path.unlink()
        gate = ("gate", folder, "--offline", "--quiet", "-f", "json")
        kinds = {"first": gate, "again": gate, "one text changed": gate, "first, rules alone": (*gate, "--model", "none")}
        kinds["again, rules alone"] = kinds["first, rules alone"]
        for kind, arguments in kinds.items():
            if kind == "one text changed":
                changed = folder / "000.txt"
                changed.write_text(changed.read_text(encoding="utf-8") + "\nA line was added at the desk on Friday.\n", encoding="utf-8")
            found.setdefault(kind, []).append(run(cache, *arguments))
    return found


def row(number: int, kind: str, costs: list[Cost], first: list[Cost]) -> str:
    """A line of the table: medians, the spread of the processor time, and the share of the first run, round by round."""
    spent = [cost.processor for cost in costs]
    shares = [100 * cost.processor / other.processor for cost, other in zip(costs, first, strict=True)]
    return (
        f"| {number}, {kind} | {statistics.median(spent):.2f} | {min(spent):.2f}–{max(spent):.2f} | {statistics.median(c.wall for c in costs):.2f} | "
        f"{max(c.peak for c in costs):,.0f} | {statistics.median(shares):.1f} % | {min(shares):.1f}–{max(shares):.1f} % |"
    )


def pages(work: Path) -> list[Path]:
    """The made pages as files."""
    sys.path.insert(0, str(ROOT / "tests" / "golden"))
    from pages import pages as made

    place = work / "pages"
    place.mkdir()
    for page in made():
        (place / f"{page.name}.txt").write_text(page.text, encoding="utf-8")
    return sorted(place.iterdir())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="*")
    parser.add_argument(
        "--cache", type=Path, default=Path(os.environ.get("AUDITOR_CACHE") or platformdirs.user_cache_path("auditor", appauthor=False))
    )
    parser.add_argument("--numbers", type=int, nargs="+", default=[10, 40])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", type=Path)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        work = Path(aside)
        cache, bare = work / "cache", work / "bare"
        for place in (cache, bare):
            place.mkdir()
            (place / "models").symlink_to(asked.cache.resolve() / "models")
        (cache / "graphs").symlink_to(asked.cache.resolve() / "graphs")
        texts = asked.texts or pages(work)
        lines = [
            HEADING,
            "",
            f"`auditor gate`, medians of {asked.rounds} rounds, each from an empty cache; “again”: nothing was changed. Processor: user, system.",
            "",
            "| texts, run | processor, s | from–to | wall, s | peak, MB | share of the first | from–to |",
            "|---|---|---|---|---|---|---|",
        ]
        for number in asked.numbers:
            found = rounds(texts[:number], cache, work, asked.rounds)
            lines += [row(min(number, len(texts)), kind, costs, found["first"]) for kind, costs in found.items()]
        words = sum(len(path.read_text(encoding="utf-8").split()) for path in texts[: max(asked.numbers)])
        prepared = run(bare, "score", texts[0], "--offline", "--quiet")
        lines += ["", f"- {min(max(asked.numbers), len(texts))} texts have {words:,} words; load {os.getloadavg()[0]:.1f} at the end"]
        lines.append(f"- preparing the model for the machine, once: peak {prepared.peak:,.0f} MB, {prepared.wall:.0f} s with the first text scored")
        if asked.large:
            large = run(cache, "score", asked.large, "--offline", "--quiet", "--no-cache", "-f", "jsonl")
            size = asked.large.stat().st_size / 1e6
            lines.append(f"- `auditor score` on one text of {size:.1f} MB: peak {large.peak:,.0f} MB, {large.processor:,.0f} s of processor time")
    text = "\n".join(lines) + "\n"
    print(text)
    if asked.out:
        before = asked.out.read_text(encoding="utf-8") if asked.out.exists() else ""
        kept = re.sub(rf"\n*{re.escape(HEADING)}\n.*?(?=\n## |\Z)", "", before, flags=re.DOTALL).rstrip()
        asked.out.write_text(f"{kept}\n\n{text}".lstrip(), encoding="utf-8")


if __name__ == "__main__":
    main()
