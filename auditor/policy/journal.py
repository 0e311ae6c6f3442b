"""Files of JSON lines that only grow: the only place that reads and appends them, so that neither a crash nor a second writer loses a line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor.errors import DataError, UsageError

_CONFLICT = ("<<<<<<< ", "=======", ">>>>>>> ")


def records(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """The records of the file with their 1-based lines; none where there is no file. DataError with the line for what is no JSON object."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield number, _record(path, number, line)


def _record(path: Path, number: int, line: bytes) -> dict[str, object]:
    try:
        text = line.decode("utf-8").strip()
        if text.startswith(_CONFLICT):
            raise DataError(f"{path}: line {number}: a merge conflict is left; keep the lines of both sides")
        value = json.loads(text)
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: line {number}: is not UTF-8 (byte {error.start})") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataError(f"{path}: line {number}: is not JSON ({getattr(error, 'msg', 'nested too deep')})") from error
    if not isinstance(value, dict):
        raise DataError(f"{path}: line {number}: has to be a JSON object")
    return value


def append(path: Path, *records: Mapping[str, object]) -> None:
    """Adds records at the end, all or none, and returns when they are on the disk; other writers wait. UsageError if they cannot be written."""
    import portalocker

    lines = (json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for record in records)
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as file:
            portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE)
            end = file.seek(0, os.SEEK_END)
            if end and not _ends_a_line(file.fileno(), end):
                data = b"\n" + data  # a writer died in the middle of its line: it stays apart, and is complained of when the file is read
            if file.write(data) != len(data):
                file.truncate(end)
                raise UsageError(f"{path}: cannot be written (the disk is full)")
            os.fsync(file.fileno())
    except (OSError, portalocker.LockException) as error:
        raise UsageError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})") from error


def _ends_a_line(descriptor: int, end: int) -> bool:
    os.lseek(descriptor, end - 1, os.SEEK_SET)
    return os.read(descriptor, 1) == b"\n"
