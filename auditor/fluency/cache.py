"""Keeps scores between runs in one SQLite file; the only place that knows how they are stored.

Nothing that goes wrong here stops a run: a damaged file is built anew, one that cannot be written is done without, and a notice says so.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from auditor.fluency.scorer import Passage, Tokens

_FORMAT = 1
_WAIT = 30.0
"""Seconds that a run waits while another one writes."""
_AT_ONCE = 500
"""Keys asked for in one query."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT}
"""What SQLite says of a file that is no cache of ours: it is built anew."""
_SCHEMA = f"""
BEGIN IMMEDIATE;
DROP TABLE IF EXISTS score;
CREATE TABLE score (key BLOB UNIQUE NOT NULL, check_sum INTEGER NOT NULL, used INTEGER NOT NULL, size INTEGER NOT NULL, value BLOB NOT NULL);
CREATE INDEX by_use ON score (used, size);
PRAGMA user_version = {_FORMAT};
COMMIT;
"""


class Cache:
    """Scores by sha256 of (signature, context, text). At most about `limit` bytes: what was used longest ago goes first."""

    def __init__(self, path: Path, *, limit: int = 256_000_000) -> None:
        self.path, self._limit = path, limit
        self.notices: tuple[str, ...] = ()
        self._connection: sqlite3.Connection | None = None
        self._turn = 0
        self._readable = self._writable = True
        self._guarded(lambda: None, writes=False)

    def get(self, signature: str, passages: Sequence[Passage]) -> dict[Passage, Tokens]:
        """The results that are known."""
        keys = {_key(signature, passage): passage for passage in passages}
        known: dict[Passage, Tokens] = {}

        def look() -> None:
            assert self._connection
            wanted = list(keys)
            for at in range(0, len(wanted), _AT_ONCE):
                part = wanted[at : at + _AT_ONCE]
                marks = ",".join("?" * len(part))
                for key, check, value in self._connection.execute(f"SELECT key, check_sum, value FROM score WHERE key IN ({marks})", part):  # noqa: S608
                    if zlib.crc32(value) == check:
                        known[keys[key]] = _unpack(value)

        self._guarded(look, writes=False)
        if known:
            self._guarded(lambda: self._touch([_key(signature, passage) for passage in known]), writes=True)
        return known

    def put(self, signature: str, results: Sequence[tuple[Passage, Tokens]]) -> None:
        """Keeps results, in one transaction."""

        def write() -> None:
            assert self._connection
            rows = [(_key(signature, passage), zlib.crc32(value := _pack(tokens)), self._turn, len(value), value) for passage, tokens in results]
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO score (key, check_sum, used, size, value) VALUES (?, ?, ?, ?, ?)", rows)
                self._prune()

        self._guarded(write, writes=True)

    def close(self) -> None:
        """Closes the file; nothing is kept or known afterwards."""
        self._readable = self._writable = False
        self._drop()

    def _guarded(self, action: Callable[[], None], *, writes: bool) -> None:
        """Does it, or notes why it cannot be done; a damaged file is built anew first, once."""
        if not (self._writable if writes else self._readable):
            return
        try:
            try:
                self._attempt(action)
            except sqlite3.DatabaseError as error:
                if (error.sqlite_errorcode & 0xFF) not in _DAMAGED:
                    raise
                self.notices += (f"{self.path}: the cache was damaged ({error}) and is built anew",)
                self._drop()
                for suffix in ("", "-journal"):
                    Path(f"{self.path}{suffix}").unlink(missing_ok=True)
                self._attempt(action)
        except (sqlite3.Error, OSError) as error:
            self.notices += (f"{self.path}: the cache cannot be {'written' if writes else 'used'} ({error}); scores of this run are not kept",)
            self._writable = False
            if not writes:
                self._readable = False
                self._drop()

    def _attempt(self, action: Callable[[], None]) -> None:
        if self._connection is None:
            self._open()
        action()

    def _drop(self) -> None:
        if self._connection:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _touch(self, keys: Sequence[bytes]) -> None:
        assert self._connection
        with self._connection:
            self._connection.executemany("UPDATE score SET used = ? WHERE key = ? AND used < ?", [(self._turn, key, self._turn) for key in keys])

    def _prune(self) -> None:
        assert self._connection
        size = self._connection.execute("SELECT COALESCE(SUM(size), 0) FROM score").fetchone()[0]
        if size <= self._limit:
            return
        for key, bytes_ in self._connection.execute("SELECT key, size FROM score ORDER BY used, rowid").fetchall():
            if size <= self._limit * 0.9:
                break
            self._connection.execute("DELETE FROM score WHERE key = ?", (key,))
            size -= bytes_

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=_WAIT)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version != _FORMAT:
                connection.executescript(_SCHEMA)
            self._turn = connection.execute("SELECT COALESCE(MAX(used), 0) + 1 FROM score").fetchone()[0]
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection


def _key(signature: str, passage: Passage) -> bytes:
    digest = hashlib.sha256()
    for part in (signature, passage.context, passage.text):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.digest()


def _pack(tokens: Tokens) -> bytes:
    """Starts and ends as 32-bit integers, then log-probabilities as doubles: what comes back is what went in, bit by bit."""
    starts, ends = array("I", (start for start, _ in tokens.spans)), array("I", (end for _, end in tokens.spans))
    return zlib.compress(starts.tobytes() + ends.tobytes() + array("d", tokens.logprobs).tobytes(), 1)


def _unpack(value: bytes) -> Tokens:
    whole = zlib.decompress(value)
    count = len(whole) // 16
    starts, ends, logprobs = array("I"), array("I"), array("d")
    starts.frombytes(whole[: 4 * count])
    ends.frombytes(whole[4 * count : 8 * count])
    logprobs.frombytes(whole[8 * count :])
    return Tokens(tuple(zip(starts, ends, strict=True)), tuple(logprobs))
