"""The default engine: a Llama-like model on the CPU without torch; the only door to openvino.

A result depends on its window alone: padded lengths follow from the window, the head's product has a fixed number of rows, and every
worker is one thread, so that batch, order and number of workers change no bit.
"""

# ruff: noqa: E402 (the stub has to be in place before openvino is imported)
from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

# The package's telemetry makes a folder in the user's home as it is imported; without it the package takes its own stub.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import numpy as np
import openvino
from openvino import opset13
from tokenizers import Tokenizer

from auditor.errors import ModelError
from auditor.fluency import batch, gguf, graph, tokeniser
from auditor.fluency.architecture import Architecture
from auditor.fluency.manifest import Manifest
from auditor.fluency.scorer import Passage, Tokens
from auditor.run import cores

_FORMAT = 1
"""Raise when the graphs change: kept ones are then built anew."""
_WINDOW = 1024
"""Tokens read at once: most news texts as a whole; attention over 2,048 costs a third of the speed and 250 MB for each worker."""
_APART = 10_000_000
"""Bytes of a file from which the graphs are built in a process of its own: what it takes, some 0.9 GB, is then given back whole."""
_BUDGET = 512
"""Padded tokens a batch; more gained nothing."""
_FILES = ("body.xml", "body.bin", "head.xml", "head.bin", "tokenizer.json")
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


class OpenVinoScorer:
    """A model in memory with its workers. `folder` is where graphs are kept; None, or one that cannot be written: built each time."""

    def __init__(
        self, path: Path, *, name: str, folder: Path | None, start: str, mode: str | None = None, workers: int | None = None, window: int = _WINDOW
    ) -> None:
        """`path` is a GGUF file whose hash was checked, `name` model@revision, `start` the token that a text begins with.

        ModelError if the file is none that this engine runs.
        """
        self.mode = mode or default_mode()
        if self.mode not in MODES:
            raise ModelError(f"“{self.mode}” is no numeric mode; there are {', '.join(MODES)}")
        self.notices: tuple[str, ...] = ()
        self._workers = workers or cores()
        with self._graphs(path, folder and folder / re.sub(r"[^\w.@-]", "_", name), int8=self.mode == "int8") as (place, kept):
            architecture = Architecture(**json.loads((place / "architecture.json").read_text(encoding="utf-8")))
            self._tokeniser = Tokenizer.from_file(str(place / "tokenizer.json"))
            body, head = (self._compile(place / f"{part}.xml", kept) for part in ("body", "head"))
        begin = self._tokeniser.token_to_id(start)
        if begin is None:
            raise ModelError(f"{path}: has no token “{start}” to begin a text with")
        self._start: int = begin
        self.context = min(window, architecture.context)
        self._cosines, self._sines = graph.angles(architecture, self.context + 1)
        # A body and a head for each worker; whoever is free takes a pair.
        self._requests: SimpleQueue[tuple[Any, Any]] = SimpleQueue()
        for _ in range(self._workers):
            self._requests.put((body.create_infer_request(), head.create_infer_request()))
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="fluency")
        level = next((level for level in ("AVX512_SPR", "AVX512_ICL", "X86_V4", "X86_V3") if level in _extensions()), "baseline")
        self.signature = f"{name}|openvino-{openvino.__version__.split('-')[0]}.{_FORMAT}|{self.mode}|{self.context}|{level}"

    def score(self, passages: Sequence[Passage]) -> list[Tokens]:
        """See `Scorer.score`."""
        encoded = [tokeniser.encode(self._tokeniser, passage) for passage in passages]
        found = [window for number, one in enumerate(encoded) for window in batch.windows(number, one.ids, one.first, self.context)]
        logprobs: list[list[float]] = [[0.0] * len(one.spans) for one in encoded]
        groups = batch.batches(found, _BUDGET)
        for group, results in zip(groups, self._pool.map(self._infer, groups), strict=True):
            for window, values in zip(group, results, strict=True):
                at = window.at - encoded[window.sequence].first
                logprobs[window.sequence][at : at + len(values)] = values
        return [tokeniser.joined(one, values) for one, values in zip(encoded, logprobs, strict=True)]

    def close(self) -> None:
        """Ends the workers and frees the model."""
        self._pool.shutdown(cancel_futures=True)
        while not self._requests.empty():
            self._requests.get()

    def _infer(self, group: Sequence[batch.Window]) -> list[list[float]]:
        """Log-probabilities of the windows' scored tokens. All windows of the group have one padded length."""
        body, head = self._requests.get()
        try:
            hidden = body.infer(self._inputs(group), share_inputs=True, share_outputs=True)[0]
            # Row r of a window has read the start token and r tokens: it predicts token r.
            starts = np.cumsum([0] + [window.length for window in group[:-1]])
            rows = np.concatenate([begin + np.arange(window.first, window.length) for begin, window in zip(starts, group, strict=True)])
            targets = np.concatenate([np.array(window.ids[window.first :], np.int32) for window in group])
            values: list[float] = []
            for at in range(0, len(rows), graph.ROWS):
                chosen = rows[at : at + graph.ROWS]
                part = np.zeros((graph.ROWS, hidden.shape[1]), np.float32)
                target = np.zeros((graph.ROWS, 1), np.int32)
                part[: len(chosen)] = hidden[chosen]
                target[: len(chosen), 0] = targets[at : at + graph.ROWS]
                values += head.infer([part, target], share_inputs=True, share_outputs=True)[0][: len(chosen), 0].tolist()
        finally:
            self._requests.put((body, head))
        out = []
        at = 0
        for window in group:
            out.append(values[at : at + window.length - window.first])
            at += window.length - window.first
        return out

    def _inputs(self, group: Sequence[batch.Window]) -> dict[str, Any]:
        lengths = [window.length for window in group]
        padded = group[0].padded
        positions = np.concatenate([np.arange(length) for length in lengths])
        place = np.zeros((len(group), padded), np.int32)
        back = np.empty(len(positions), np.int32)
        at = 0
        for row, length in enumerate(lengths):
            place[row, :length] = np.arange(at, at + length)
            back[at : at + length] = np.arange(row * padded, row * padded + length)
            at += length
        ids = np.concatenate([np.array((self._start, *window.ids[:-1]), np.int32) for window in group])
        return {"ids": ids, "cosines": self._cosines[positions], "sines": self._sines[positions], "place": place, "back": back}

    def _compile(self, xml: Path, kept: bool) -> Any:  # noqa: ANN401, FBT001
        options: dict[str, Any] = {
            "INFERENCE_PRECISION_HINT": "bf16" if self.mode == "bf16" else "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(graph.GROUP if self.mode == "int8" else 0),
            "INFERENCE_NUM_THREADS": self._workers,
            "NUM_STREAMS": self._workers,
            "ENABLE_CPU_PINNING": False,
        }
        if kept:
            # The compiled form without its weights, which stand beside it: 2 MB, and a start of one second.
            options |= {"CACHE_DIR": str(xml.parent / "compiled"), "CACHE_MODE": "OPTIMIZE_SIZE"}
        return openvino.Core().compile_model(str(xml), "CPU", options)

    @contextmanager
    def _graphs(self, path: Path, folder: Path | None, *, int8: bool) -> Iterator[tuple[Path, bool]]:
        """The folder that holds the graphs, and whether it stays."""
        wanted = folder / f"{'int8' if int8 else 'f32'}-{_FORMAT}" if folder else None
        if wanted and _whole(wanted):
            yield wanted, os.access(wanted, os.W_OK)
            return
        if wanted:
            try:
                wanted.parent.mkdir(parents=True, exist_ok=True)
                work = Path(tempfile.mkdtemp(prefix=".building-", dir=wanted.parent))
            except OSError as error:
                self.notices += (f"{wanted.parent}: cannot be written ({error.strerror}); the model is prepared anew in each run",)
                wanted = None
        if wanted is None:
            work = Path(tempfile.mkdtemp(prefix="auditor-"))
        try:
            (_build_apart if path.stat().st_size > _APART else _build)(path, work, int8=int8)
            if wanted is None:
                yield work, False
                return
            if not _whole(wanted):
                shutil.rmtree(wanted, ignore_errors=True)
                try:
                    work.rename(wanted)
                except OSError:
                    if not _whole(wanted):  # else another run was faster
                        raise
            yield wanted, True
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _build(path: Path, folder: Path, *, int8: bool) -> None:
    architecture, weights, tokens = gguf.read(path)
    for name, part in (("body", graph.body), ("head", graph.head)):
        built = part(opset13, openvino.Type, openvino.Model, architecture, weights, int8=int8)
        openvino.save_model(built, str(folder / f"{name}.xml"), compress_to_fp16=False)
        del built
    tokens.save(str(folder / "tokenizer.json"))
    (folder / "architecture.json").write_text(json.dumps(architecture.as_dict()), encoding="utf-8")
    # Written last: a folder with a file missing or cut short is built again.
    (folder / "sizes.json").write_text(json.dumps({name: (folder / name).stat().st_size for name in _FILES}), encoding="utf-8")


def _build_apart(path: Path, folder: Path, *, int8: bool) -> None:
    # -P: the folder that the program was started in holds the user's files, no modules of ours.
    command = [sys.executable, "-P", "-m", "auditor.fluency.openvino", str(path), str(folder), "int8" if int8 else "f32"]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    if ran.returncode:
        raise ModelError((ran.stderr.strip().splitlines() or [f"{path}: the model cannot be prepared (exit code {ran.returncode})"])[-1])


def _whole(folder: Path) -> bool:
    try:
        sizes = json.loads((folder / "sizes.json").read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == sizes.get(name) for name in _FILES)
    except (OSError, ValueError):
        return False


def scorer(manifest: Manifest, path: Path, *, folder: Path | None, mode: str | None, workers: int | None) -> OpenVinoScorer:
    """The scorer of a manifest's model. ModelError if it cannot run here."""
    name = f"{manifest.name}@{manifest.revision}"
    try:
        return OpenVinoScorer(path, name=name, folder=folder, start=manifest.start, mode=mode, workers=workers)
    except RuntimeError as error:
        raise ModelError(f"{manifest.id}: OpenVINO cannot run the model here ({str(error).splitlines()[0]})") from error


if __name__ == "__main__":
    try:
        _build(Path(sys.argv[1]), Path(sys.argv[2]), int8=sys.argv[3] == "int8")
    except ModelError as problem:
        sys.exit(str(problem))
