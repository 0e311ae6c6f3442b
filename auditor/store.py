"""Keeps bytes by key between runs in one SQLite file of bounded size; the only door to sqlite3.

Nothing that goes wrong here stops a run: a damaged file is built anew, one that cannot be written is done without, and a notice says so.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

_FORMAT = 1
_WAIT = 30.0
"""Seconds that a run waits while another one writes."""
_AT_ONCE = 500
"""Keys asked for in one query."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT}
"""What SQLite says of a file that is none of ours: it is built anew."""
_SCHEMA = (
    "DROP TABLE IF EXISTS score",
    "CREATE TABLE score (key BLOB UNIQUE NOT NULL, check_sum INTEGER NOT NULL, used INTEGER NOT NULL, size INTEGER NOT NULL, value BLOB NOT NULL)",
    "CREATE INDEX by_use ON score (used, size)",
    f"PRAGMA user_version = {_FORMAT}",
)


class Store:
    """At most about `limit` bytes of values: what was used longest ago goes first."""

    def __init__(self, path: Path, *, limit: int = 256_000_000) -> None:
        self.path, self._limit = path, limit
        self.notices: tuple[str, ...] = ()
        self._connection: sqlite3.Connection | None = None
        self._turn = 0
        self._readable = self._writable = True
        self._guarded(lambda: None, writes=False)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values that are known, by key; one that is not what was put in is not."""
        known: dict[bytes, bytes] = {}
        stale: list[bytes] = []

        def look() -> None:
            assert self._connection
            for at in range(0, len(keys), _AT_ONCE):
                part = keys[at : at + _AT_ONCE]
                query = f"SELECT key, check_sum, used, value FROM score WHERE key IN ({','.join('?' * len(part))})"  # noqa: S608
                for key, check, used, value in self._connection.execute(query, part):
                    if isinstance(value, bytes) and zlib.crc32(value) == check:
                        known[key] = value
                        if used < self._turn - 1:  # what the last run has used stays as it is: the same run again writes nothing
                            stale.append(key)

        self._guarded(look, writes=False)
        if stale:
            self._guarded(lambda: self._touch(stale), writes=True)
        return known

    def put(self, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """Keeps values, in one transaction."""
        rows = [(key, zlib.crc32(value), self._turn, len(value), value) for key, value in entries]

        def write() -> None:
            assert self._connection
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
            self.notices += (f"{self.path}: the cache cannot be {'written' if writes else 'used'} ({error}); what this run finds is not kept",)
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
        connection.text_factory = bytes
        try:
            if _version(connection) != _FORMAT:
                with connection:
                    connection.execute("BEGIN IMMEDIATE")
                    if _version(connection) != _FORMAT:  # else another run that began at the same time was faster
                        for statement in _SCHEMA:
                            connection.execute(statement)
            self._turn = connection.execute("SELECT COALESCE(MAX(used), 0) + 1 FROM score").fetchone()[0]
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection


def _version(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found
