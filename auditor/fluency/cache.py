"""Keeps scores between runs; the only place that knows how they are stored."""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Sequence
from pathlib import Path

from auditor.fluency.scorer import Passage, Tokens
from auditor.store import Store


class Cache:
    """Scores by sha256 of (signature, context, text), in a `Store` of at most about `limit` bytes."""

    def __init__(self, path: Path, *, limit: int = 256_000_000) -> None:
        self._store = Store(path, limit=limit)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user has to know of the file."""
        return self._store.notices

    def get(self, signature: str, passages: Sequence[Passage]) -> dict[Passage, Tokens]:
        """The results that are known."""
        keys = {_key(signature, passage): passage for passage in passages}
        return {keys[key]: _unpack(value) for key, value in self._store.get(list(keys)).items()}

    def put(self, signature: str, results: Sequence[tuple[Passage, Tokens]]) -> None:
        """Keeps results, in one transaction."""
        self._store.put((_key(signature, passage), _pack(tokens)) for passage, tokens in results)

    def close(self) -> None:
        """Closes the file; nothing is kept or known afterwards."""
        self._store.close()


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
