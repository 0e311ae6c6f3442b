"""How many names a second one core judges: those that the alias table holds, and those that only gazetteer and letters can judge.

python tests/benchmarks/names.py [--names 60000]
"""

# ruff: noqa: T201 (a script)
from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence

from auditor.names.aliases import AliasTable, aliases_folder, load
from auditor.names.convention import judge_name


def rate(names: Sequence[str], table: AliasTable) -> float:
    """Names judged in a second of this process's time."""
    start = time.process_time()
    for name in names:
        judge_name(name, table)
    return len(names) / (time.process_time() - start)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=int, default=60_000)
    given = parser.parse_args()
    table = load([aliases_folder()])
    draw = random.Random(0)
    known = sorted({entry.surface for entries in table.index.values() for entry in entries})
    parts = sorted({part for surface in known for part in surface.split()})
    unknown = [f"{draw.choice(parts)} {draw.choice(parts)}ow" for _ in range(given.names // 20)]
    print(f"{len(table)} entities, {len(known)} spellings")
    print(f"known names    {rate(draw.choices(known, k=given.names), table):10,.0f} a second")
    print(f"unknown names  {rate(unknown, table):10,.0f} a second, the first of them with the weights to load")
    return 0


if __name__ == "__main__":
    sys.exit(main())
