"""The findings that a project lives with for now (`.auditor-baseline.json`): the only place that reads, writes and counts them."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import DataError, nearest
from auditor.io.write import write as write_file

NAME = Path(".auditor-baseline.json")
"""Where the baseline of a project stands, from its folder."""

SCHEMA = "auditor-baseline/1"

Counts = Mapping[str, Mapping[str, int]]
"""How often each fingerprint stands in each file."""

Place = tuple[str, str]
"""A fingerprint and the file that it stands in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fingerprint: its counts by file; rule and words are for whoever reads the file."""

    rule: str
    text: str
    paths: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries by fingerprint, and the signature of the run that wrote them."""

    entries: Mapping[str, Entry]
    signature: str = ""

    @property
    def counts(self) -> Counts:
        """The counts alone."""
        return {mark: entry.paths for mark, entry in self.entries.items()}


def read(path: Path) -> Baseline:
    """The baseline of a file. DataError with file, line or key when it is missing or malformed."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise DataError(f"{path}: there is no such baseline; “auditor baseline create” writes it") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise DataError(f"{path}: line {error.lineno}: is not JSON ({error.msg})") from error
    except RecursionError as error:
        raise DataError(f"{path}: is no baseline (nested too deep)") from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        said = content.get("schema") if isinstance(content, dict) else None
        raise DataError(f"{path}: is no baseline: “schema” has to be “{SCHEMA}”{f', not “{said}”' if said is not None else ''}")
    found = content.get("findings")
    if not isinstance(found, list):
        raise DataError(f"{path}: has no list “findings”{nearest('findings', content)}")
    entries: dict[str, Entry] = {}
    for number, item in enumerate(found, 1):
        mark, entry = _entry(path, number, item)
        known = entries.get(mark)
        # The lines of both sides of a merge: the higher count of each file.
        entries[mark] = Entry(entry.rule, entry.text, Counter(entry.paths) | Counter(known.paths)) if known else entry
    return Baseline(entries, str(content.get("signature", "")))


def _entry(path: Path, number: int, item: object) -> tuple[str, Entry]:
    where = f"{path}: entry {number} of “findings”"
    if not isinstance(item, dict):
        raise DataError(f"{where} has to be an object")
    mark, paths = item.get("fingerprint"), item.get("paths")
    if not isinstance(mark, str) or not mark:
        raise DataError(f"{where} has no “fingerprint”{nearest('fingerprint', item)}")
    if not isinstance(paths, dict) or not paths:
        raise DataError(f"{where} has no “paths”: an object of files and counts{nearest('paths', item)}")
    for name, count in paths.items():
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise DataError(f"{where}: the count of “{name}” has to be a whole number from 1, not {json.dumps(count)}")
    return mark, Entry(str(item.get("rule", "")), str(item.get("text", "")), paths)


def write(path: Path, baseline: Baseline) -> None:
    """Writes the file as a whole or not at all, an entry a line, so that two changes of it merge. UsageError if it cannot be written."""
    rows = [
        json.dumps({"fingerprint": mark, "rule": entry.rule, "text": entry.text, "paths": dict(sorted(entry.paths.items()))}, ensure_ascii=False)
        for mark, entry in sorted(baseline.entries.items(), key=lambda pair: (pair[1].rule, min(pair[1].paths), pair[0]))
    ]
    head = f'{{"schema":{json.dumps(SCHEMA)},"signature":{json.dumps(baseline.signature, ensure_ascii=False)},"findings":['
    write_file(path, [head, "".join(f"\n{row}," for row in rows).removesuffix(","), "\n]}\n"])


def relative(path: str, folder: Path) -> str:
    """The path as decisions and baseline have it: from the project's folder, in full where it lies elsewhere."""
    full, base = Path(os.path.abspath(path)), Path(os.path.abspath(folder))  # noqa: PTH100  links stay as they are written
    return full.relative_to(base).as_posix() if full.is_relative_to(base) else full.as_posix()


def is_free(path: str, folder: Path, read: Collection[str]) -> bool:
    """Whether the run knows what became of a file of the baseline: it was read, or it is gone."""
    return path in read or not (folder / path).exists()


def unread(baseline: Baseline, folder: Path, paths: Iterable[str]) -> Iterator[tuple[Place, str, str]]:
    """What the baseline holds of files that stand and were not read in a run over `paths`: nothing is known of it, so it stays."""
    read = {relative(path, folder) for path in paths}
    for mark, entry in baseline.entries.items():
        for path, number in entry.paths.items():
            if not is_free(path, folder, read):
                yield from [((mark, path), entry.rule, entry.text)] * number


def total(baseline: Baseline) -> int:
    """How many findings it covers, each place counted."""
    return sum(sum(entry.paths.values()) for entry in baseline.entries.values())


def allot(counts: Counts, places: Sequence[Place], free: Callable[[str], bool]) -> tuple[list[bool], Counter[Place]]:
    """Which of the places the counts cover, and what is left of them.

    A place takes first from the count of its own file, then from that of any file that is `free` (gone, or read in this run): so what was
    moved is not new, and what was copied is.
    """
    left = Counter({(mark, path): number for mark, paths in counts.items() for path, number in paths.items()})
    covered = [False] * len(places)
    for number, place in enumerate(places):
        if left[place] > 0:
            left[place] -= 1
            covered[number] = True
    for number, (mark, _) in enumerate(places):
        if not covered[number]:
            other = next((path for path in counts.get(mark, ()) if left[mark, path] > 0 and free(path)), None)
            if other is not None:
                left[mark, other] -= 1
                covered[number] = True
    return covered, +left


def counted(findings: Iterable[tuple[Place, str, str]], signature: str) -> Baseline:
    """The baseline that covers some places, each with its rule and its words."""
    paths: dict[str, Counter[str]] = {}
    said: dict[str, tuple[str, str]] = {}
    for (mark, path), rule, text in findings:
        paths.setdefault(mark, Counter())[path] += 1
        said.setdefault(mark, (rule, text))
    return Baseline({mark: Entry(*said[mark], counts) for mark, counts in paths.items()}, signature)
