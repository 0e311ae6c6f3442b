"""The engine for any causal language model of the Hugging Face hub that lies in a folder; the only door to torch and transformers.

Each window is read alone, without padding: a result depends on nothing else. It is the general engine, not the fast one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer

from auditor.errors import ModelError
from auditor.fluency import batch, tokeniser
from auditor.fluency.manifest import Manifest
from auditor.fluency.scorer import Passage, Tokens

_WINDOW = 1024
"""Tokens read at once, as in the default engine."""
_ROWS = 256
"""Rows of the vocabulary projection that are turned into probabilities at once."""


class TransformersScorer:
    """A model in memory, on the first device there is of CUDA, MPS and CPU; bfloat16 where CUDA multiplies it, else float32."""

    notices: tuple[str, ...] = ()

    def __init__(self, folder: Path, *, name: str = "", window: int = _WINDOW) -> None:
        """`folder` holds config.json, tokenizer.json and weights as safetensors; no code in it is run, nothing is fetched.

        ModelError if something is missing or not a causal language model.
        """
        weights = sorted(folder.glob("*.safetensors"))
        if not weights:
            raise ModelError(f"{folder}: holds no *.safetensors; weights in other formats are not read, they can hold code")
        if not (folder / "tokenizer.json").is_file():
            raise ModelError(f"{folder}: holds no tokenizer.json")
        self._device, dtype, self.mode = _device()
        try:
            config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
            model = transformers.AutoModelForCausalLM.from_pretrained(
                folder, config=config, dtype=dtype, local_files_only=True, trust_remote_code=False, use_safetensors=True
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{folder}: cannot be read as a causal language model ({str(error).strip().splitlines()[0]})") from error
        self._model = model.to(self._device).eval()
        self._tokeniser = Tokenizer.from_file(str(folder / "tokenizer.json"))
        # Text that looks like a control token is read as text.
        self._tokeniser.encode_special_tokens = True
        start = next((number for number in (config.bos_token_id, config.eos_token_id) if number is not None), None)
        if start is None:
            raise ModelError(f"{folder}: config.json names no token that a text begins with (bos_token_id, eos_token_id)")
        self._start: int = start[0] if isinstance(start, list) else start
        self.context = min(window, getattr(config, "max_position_embeddings", None) or window)
        versions = f"transformers-{transformers.__version__}+torch-{torch.__version__}"
        self.signature = f"{name or folder.name}@{_digest(folder, weights)}|{versions}|{self.mode}|{self.context}|{self._device}"

    def score(self, passages: Sequence[Passage]) -> list[Tokens]:
        """See `Scorer.score`."""
        encoded = [tokeniser.encode(self._tokeniser, passage) for passage in passages]
        out = []
        for number, one in enumerate(encoded):
            values = [value for window in batch.windows(number, one.ids, one.first, self.context) for value in self._infer(window)]
            out.append(tokeniser.joined(one, values))
        return out

    def close(self) -> None:
        """Frees the model."""
        del self._model

    def _infer(self, window: batch.Window) -> list[float]:
        count = window.length - window.first
        ids = torch.tensor([[self._start, *window.ids[:-1]]], device=self._device)
        targets = torch.tensor(window.ids[window.first :], device=self._device)
        with torch.inference_mode():
            # The rows that predict scored tokens are the last ones.
            logits: Any = self._model(input_ids=ids, use_cache=False, logits_to_keep=count).logits[0, -count:]
            blocks = zip(logits.split(_ROWS), targets.split(_ROWS), strict=True)
            parts = [torch.log_softmax(rows.float(), -1).gather(1, wanted[:, None])[:, 0] for rows, wanted in blocks]
        values: list[float] = torch.cat(parts).tolist()
        return values


def _device() -> tuple[str, Any, str]:
    """Device, its number type, and what the signature calls it."""
    if torch.cuda.is_available():
        return ("cuda", torch.bfloat16, "bf16") if torch.cuda.is_bf16_supported() else ("cuda", torch.float32, "f32")
    if torch.backends.mps.is_available():
        return "mps", torch.float32, "f32"
    return "cpu", torch.float32, "f32"


def _digest(folder: Path, weights: Sequence[Path]) -> str:
    """Stands for everything in the folder that a score depends on."""
    whole = hashlib.sha256()
    for path in (folder / "config.json", folder / "tokenizer.json", *weights):
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:12]


def scorer(manifest: Manifest, path: Path, *, folder: Path | None, mode: str | None, workers: int | None) -> TransformersScorer:  # noqa: ARG001
    """The scorer of a manifest's model, whose folder is where its file lies; the device decides mode and workers."""
    return TransformersScorer(path if path.is_dir() else path.parent, name=manifest.name)
