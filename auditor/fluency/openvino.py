"""The default engine: a Llama-like model on the CPU without torch; the only door to openvino.

A result depends on its window alone: padded lengths follow from the window, no product of a row depends on the rows beside it, and every
worker is one thread, so that batch, order and number of workers change no bit.
"""

# ruff: noqa: E402 (the stub has to be in place before openvino is imported)
from __future__ import annotations

import ctypes
import json
import re
import shutil
import sys
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

# The package's telemetry makes a folder in the user's home as it is imported; without it the package takes its own stub.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import numpy as np
import openvino
from openvino import opset13
from tokenizers import Tokenizer

from auditor.errors import ModelError
from auditor.fluency import batch, gguf, graph, tensors, tokeniser
from auditor.fluency import folder as source
from auditor.fluency.architecture import Architecture
from auditor.fluency.manifest import Manifest
from auditor.fluency.scorer import Passage, Reading, Tokens
from auditor.fluency.tensors import Array, Tensors
from auditor.run import cores

_FORMAT = 3
"""Raise when graphs or stored weights change: kept ones are then prepared anew."""
_WINDOW = 1024
"""Tokens read at once: most news texts as a whole; attention over 2,048 costs a third of the speed and 250 MB for each worker."""
_BUDGET = 512
"""Padded tokens a batch; more gained nothing."""
_STEP = 16
"""Rows of a product are filled up to a multiple of this: the engine keeps machine code for every number of rows that it has met, 0.2 GB in all."""
_OFTEN = 0.02
"""Seconds between two times that mapped pages are given back while the weights are packed."""
_FIRST = 64
"""Tokens of the inference that packs them."""
_AT_ONCE = 4
"""Rows of logits that are turned into probabilities at once."""
_MMAP_THRESHOLD, _ARENA_MAX, _LARGE = -3, -8, 512 * 1024
"""The numbers of two options in malloc.h, and the bytes of a large block."""
_FILES = (*tensors.FILES, "tokenizer.json", "architecture.json")
MODES = ("f32", "bf16", "int8")
"""Numeric modes: f32 is the reference."""


def default_mode() -> str:
    """bf16 where the CPU multiplies it, else int8 where it has dot products of bytes, else f32 (which is then no slower, and exact)."""
    if "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        return "bf16"
    return "int8" if {"AVX512_ICL", "AVX512_CLX", "AVX512_SPR"} & set(_extensions()) else "f32"


def _extensions() -> list[str]:
    found: list[str] = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return found


@dataclass(frozen=True, slots=True)
class _Found:
    """What a window's scored tokens got; all but the first are empty where they were not asked for."""

    logprobs: list[float]
    entropies: list[float]
    ranks: list[int]
    hidden: list[Array]


class OpenVinoScorer:
    """A model with its workers. `folder` is where prepared weights are kept; None, or one that cannot be written: prepared each time.

    The graphs are compiled at the first passage: a run that finds everything in its cache does without them.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        folder: Path | None,
        start: str | int,
        mode: str | None = None,
        workers: int | None = None,
        window: int = _WINDOW,
        layers: Sequence[int] = (),
        said: Callable[[str], None] | None = None,
    ) -> None:
        """`path` is a GGUF file whose hash was checked or a folder of safetensors, `name` model@revision, `start` the token that a text begins
        with or its number, `layers` those whose states `read` gives.

        ModelError if the file is none that this engine runs.
        """
        self.mode = mode or default_mode()
        if self.mode not in MODES:
            raise ModelError(f"“{self.mode}” is no numeric mode; there are {', '.join(MODES)}")
        _give_back_freed()
        self.notices: tuple[str, ...] = ()
        self.layers = tuple(layers)
        self._name, self._workers = name, workers or cores()
        self._scratch: weakref.finalize[Any, Any] | None = None
        place = self._prepared(path, folder and folder / re.sub(r"[^\w.@-]", "_", name), said)
        self._architecture = Architecture(**json.loads((place / "architecture.json").read_text(encoding="utf-8")))
        if wrong := [layer for layer in self.layers if not 0 <= layer <= self._architecture.layers]:
            raise ModelError(f"{name}: has no layer {wrong[0]}; there are 0 to {self._architecture.layers}")
        self._tokeniser = Tokenizer.from_file(str(place / "tokenizer.json"))
        # What a prepared tokeniser does not keep: text that looks like a control token is read as text.
        self._tokeniser.encode_special_tokens = True
        begin = start if isinstance(start, int) else self._tokeniser.token_to_id(start)
        if begin is None or not begin < self._architecture.vocabulary:
            raise ModelError(f"{path}: has no token “{start}” to begin a text with")
        self._start: int = begin
        self.context = min(window, self._architecture.context)
        self._tensors = Tensors(place)
        self._cosines, self._sines = graph.angles(self._tensors["rates"], self.context + 1)
        # A body and a head for each worker; whoever is free takes a pair.
        self._requests: SimpleQueue[tuple[Any, Any]] = SimpleQueue()
        self._body: Any = None
        self._largest = 0
        self._turn = Lock()
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="fluency")
        level = next((level for level in ("AVX512_SPR", "AVX512_ICL", "X86_V4", "X86_V3") if level in _extensions()), "baseline")
        self.signature = f"{name}|openvino-{openvino.__version__.split('-')[0]}.{_FORMAT}|{self.mode}|{self.context}|{level}"

    def score(self, passages: Sequence[Passage]) -> list[Tokens]:
        """See `Scorer.score`. Tokenising is 0.3 % of the time, not worth a thread of its own."""
        encoded = [tokeniser.encode(self._tokeniser, passage) for passage in passages]
        logprobs: list[list[float]] = [[0.0] * len(one.spans) for one in encoded]
        for window, at, found in self._windows(encoded, more=False):
            logprobs[window.sequence][at : at + len(found.logprobs)] = found.logprobs
        return [tokeniser.joined(one, values) for one, values in zip(encoded, logprobs, strict=True)]

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        """See `Reader.read`."""
        encoded = [tokeniser.encode(self._tokeniser, passage) for passage in passages]
        parts: list[dict[int, _Found]] = [{} for _ in encoded]
        for window, at, found in self._windows(encoded, more=True):
            parts[window.sequence][at] = found
        return [self._reading(one, [found.pop(at) for at in sorted(found)]) for one, found in zip(encoded, parts, strict=True)]

    def rows(self, words: Sequence[str]) -> Array:
        """For each word the row of its first token, a space before it, in the output's table [words, width]; one that is tied to the input's."""
        encoded = self._tokeniser.encode_batch([f" {word}" for word in words], add_special_tokens=False)
        found = np.array(self._tensors["embedding"][[one.ids[0] for one in encoded]])
        self._tensors.release()
        return found

    def close(self) -> None:
        """Ends the workers and frees the model."""
        self._pool.shutdown(cancel_futures=True)
        while not self._requests.empty():
            self._requests.get()
        self._body = None
        if self._scratch:
            self._scratch()

    def _reading(self, encoded: tokeniser.Encoded, parts: Sequence[_Found]) -> Reading:
        empty = np.empty((0, self._architecture.width), np.float32)
        return Reading(
            tokeniser.joined(encoded, [value for part in parts for value in part.logprobs]),
            tuple(value for part in parts for value in part.entropies),
            tuple(value for part in parts for value in part.ranks),
            {layer: np.concatenate([empty, *(part.hidden[number] for part in parts)]) for number, layer in enumerate(self.layers)},
        )

    def _windows(self, encoded: Sequence[tokeniser.Encoded], *, more: bool) -> Iterator[tuple[batch.Window, int, _Found]]:
        """Each window with the place of its first scored token among the text's, and what was found for them."""
        found = [window for number, one in enumerate(encoded) for window in batch.windows(number, one.ids, one.first, self.context)]
        groups = batch.batches(found, _BUDGET)
        if not groups:
            return
        with self._turn:
            self._ready(max(sum(window.length for window in group) for group in groups))
            for group, results in zip(groups, self._pool.map(partial(self._infer, more=more), groups), strict=True):
                for window, one in zip(group, results, strict=True):
                    yield window, window.at - encoded[window.sequence].first, one

    def _ready(self, rows: int) -> None:
        """Compiles the graphs the first time. What held smaller batches is freed before larger ones: it would not be used again."""
        if self._body is None:
            make = (opset13, openvino.Type, openvino.Model, self._architecture, self._tensors)
            try:
                body = self._compile(graph.body(*make, window=self.context, layers=self.layers))
                head = self._compile(graph.head(*make))
            except RuntimeError as error:
                raise ModelError(f"{self._name}: OpenVINO cannot run the model here ({str(error).splitlines()[0]})") from error
            self._body = body
            for _ in range(self._workers):
                self._requests.put((self._body.create_infer_request(), head.create_infer_request()))
            # The engine packs its own copy of the weights when they are first multiplied with.
            self._releasing(self._infer, [batch.Window(0, (self._start,) * min(_FIRST, self.context), 0, 0)], more=False)
        elif rows > self._largest > 0:
            self._body.release_memory()
        self._largest = max(rows, self._largest)

    def _compile(self, model: Any) -> Any:  # noqa: ANN401
        options = {
            "INFERENCE_PRECISION_HINT": "bf16" if self.mode == "bf16" else "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(graph.GROUP if self.mode == "int8" else 0),
            "INFERENCE_NUM_THREADS": self._workers,
            "NUM_STREAMS": self._workers,
            "ENABLE_CPU_PINNING": False,
        }
        core = openvino.Core()
        # Machine code for fused attention takes 2 MB a block, layer and worker (300 MB), and is faster on long texts alone. The property is none
        # of the documented ones: a release without it takes more memory, no more.
        with suppress(RuntimeError):
            core.set_property("CPU", {"SNIPPETS_MODE": "DISABLE"})
        return self._releasing(core.compile_model, model, "CPU", options)

    def _releasing(self, action: Callable[..., Any], *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """What the action gives; what it has read of the weights' file is given back while it works, not all at the end."""
        working = self._pool.submit(action, *arguments, **options)
        while not working.done():
            wait([working], timeout=_OFTEN)
            self._tensors.release()
        return working.result()

    def _infer(self, group: Sequence[batch.Window], *, more: bool) -> list[_Found]:
        """What is found for the windows' scored tokens. All windows of the group have one padded length."""
        body, head = self._requests.get()
        try:
            hidden, *states = body.infer(self._inputs(group), share_inputs=True, share_outputs=True).values()
            # Row r of a window has read the start token and r tokens: it predicts token r.
            starts = np.cumsum([0] + [window.length for window in group[:-1]])
            rows = np.concatenate([begin + np.arange(window.first, window.length) for begin, window in zip(starts, group, strict=True)])
            targets = np.concatenate([np.array(window.ids[window.first :], np.int32) for window in group])
            shares = [_shares(head, *part, more=more) for part in _parts(hidden[rows], targets)]
            kept = [state[rows] for state in states] if more else []
        finally:
            self._requests.put((body, head))
        logprobs = [value for share in shares for value in share[0]]
        entropies = [value for share in shares for value in share[1]]
        ranks = [value for share in shares for value in share[2]]
        out = []
        at = 0
        for window in group:
            end = at + window.length - window.first
            out.append(_Found(logprobs[at:end], entropies[at:end], ranks[at:end], [state[at:end] for state in kept]))
            at = end
        return out

    def _inputs(self, group: Sequence[batch.Window]) -> dict[str, Any]:
        lengths = [window.length for window in group]
        padded = group[0].padded
        spare = -sum(lengths) % _STEP
        positions = np.concatenate([*(np.arange(length) for length in lengths), np.zeros(spare, int)])
        place = np.zeros((len(group), padded), np.int32)
        back = np.zeros(len(positions), np.int32)
        at = 0
        for row, length in enumerate(lengths):
            place[row, :length] = np.arange(at, at + length)
            back[at : at + length] = np.arange(row * padded, row * padded + length)
            at += length
        ids = [token for window in group for token in (self._start, *window.ids[:-1])]
        rows = self._tensors["embedding"][np.array([*ids, *[self._start] * spare])]
        # The rows are copied; the pages of the file that they came from would add up to the whole vocabulary.
        self._tensors.release()
        return {
            "rows": rows,
            "cosines": self._cosines[positions],
            "sines": self._sines[positions],
            "place": place,
            "back": back,
            "mask": graph.mask(padded, self._architecture.sliding),
        }

    def _prepared(self, path: Path, folder: Path | None, said: Callable[[str], None] | None) -> Path:
        """The folder that holds the weights as the graphs read them."""
        int8 = self.mode == "int8"
        wanted = folder / f"{'int8' if int8 else 'f32'}-{_FORMAT}" if folder else None
        if wanted and _whole(wanted):
            return wanted
        if said:
            said(f"preparing {self._name} for this machine, once")
        if wanted:
            try:
                wanted.parent.mkdir(parents=True, exist_ok=True)
                work = Path(tempfile.mkdtemp(prefix=".building-", dir=wanted.parent))
            except OSError as error:
                self.notices += (f"{wanted.parent}: cannot be written ({error.strerror}); the model is prepared anew in each run",)
                wanted = None
        if wanted is None:
            work = Path(tempfile.mkdtemp(prefix="auditor-"))
            self._scratch = weakref.finalize(self, shutil.rmtree, work, ignore_errors=True)
            _build(path, work, int8=int8)
            return work
        try:
            _build(path, work, int8=int8)
            if not _whole(wanted):
                shutil.rmtree(wanted, ignore_errors=True)
                try:
                    work.rename(wanted)
                except OSError:
                    if not _whole(wanted):  # else another run was faster
                        raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
        kind = wanted.name.split("-")[0]
        for number in range(_FORMAT):
            shutil.rmtree(wanted.parent / f"{kind}-{number}", ignore_errors=True)
        return wanted


def _give_back_freed() -> None:
    """Lets the allocator of glibc return large blocks as they are freed. By itself it raises its threshold to their size and keeps them, in
    pieces that the next larger batch does not fit in: 150 MB more after some documents. One heap for all threads takes 20 MB less and no longer.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            for option, value in ((_MMAP_THRESHOLD, _LARGE), (_ARENA_MAX, 1)):
                ctypes.CDLL(None).mallopt(option, value)


def _parts(hidden: Array, targets: Array) -> Iterator[tuple[Array, Array]]:
    """Rows with their targets, as many at a time as the head takes."""
    for at in range(0, len(hidden), graph.ROWS):
        yield hidden[at : at + graph.ROWS], targets[at : at + graph.ROWS]


def _shares(head: Any, hidden: Array, targets: Array, *, more: bool) -> tuple[list[float], list[float], list[int]]:  # noqa: ANN401
    """Log-probabilities of the targets after the rows, and with `more` entropies (nats) and ranks.

    A few rows at a time, so that they stay in the processor's cache between the steps, in arrays that are made once: such large ones are
    given back when they are freed (`_give_back_freed`), and to be given new ones for each step took twice as long as the sums.
    """
    spare = np.zeros((-len(hidden) % _STEP, hidden.shape[1]), hidden.dtype)
    logits = head.infer([np.concatenate([hidden, spare])], share_inputs=True, share_outputs=True)[0][: len(hidden)]
    held = np.empty((2, _AT_ONCE, logits.shape[1]), logits.dtype)
    above = np.empty(held.shape[1:], bool)
    logprobs: list[float] = []
    entropies: list[float] = []
    ranks: list[int] = []
    for at in range(0, len(targets), _AT_ONCE):
        rows = logits[at : at + _AT_ONCE]
        target = rows[np.arange(len(rows)), targets[at : at + _AT_ONCE], None]
        most = rows.max(1, keepdims=True)
        shifted = np.subtract(rows, most, out=held[0, : len(rows)])
        weights = np.exp(shifted, out=held[1, : len(rows)])
        total = weights.sum(1)
        logprobs += ((target - most)[:, 0] - np.log(total)).tolist()
        if more:
            # log Z − Σ p·logit, the logits less the largest
            entropies += (np.log(total) - np.einsum("ij,ij->i", weights, shifted) / total).tolist()
            ranks += (1 + np.count_nonzero(np.greater(rows, target, out=above[: len(rows)]), axis=1)).tolist()
    return logprobs, entropies, ranks


def _build(path: Path, folder: Path, *, int8: bool) -> None:
    """One array at a time: 0.45 GB at most, the model's own file included."""
    found = source.read(path) if path.is_dir() else gguf.read(path)
    try:
        tensors.write(folder, graph.stored(found.architecture, found.weights, found.names, int8=int8))
        found.tokeniser.save(str(folder / "tokenizer.json"))
        (folder / "architecture.json").write_text(json.dumps(found.architecture.as_dict()), encoding="utf-8")
        # Written last: a folder with a file missing or cut short is built again.
        (folder / "sizes.json").write_text(json.dumps({name: (folder / name).stat().st_size for name in _FILES}), encoding="utf-8")
    except OSError as error:
        raise ModelError(f"{folder}: the model cannot be prepared ({error.strerror})") from error


def _whole(folder: Path) -> bool:
    try:
        sizes = json.loads((folder / "sizes.json").read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == sizes.get(name) for name in _FILES)
    except (OSError, ValueError):
        return False


def scorer(
    manifest: Manifest,
    path: Path,
    *,
    folder: Path | None,
    mode: str | None,
    workers: int | None,
    layers: Sequence[int],
    said: Callable[[str], None] | None,
) -> OpenVinoScorer:
    """The scorer of a manifest's model. ModelError if it cannot run here."""
    name = f"{manifest.name}@{manifest.revision}"
    return OpenVinoScorer(path, name=name, folder=folder, start=manifest.start, mode=mode, workers=workers, layers=layers, said=said)
