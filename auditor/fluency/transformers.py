"""The engine for any causal language model of the Hugging Face hub that lies in a folder; the only door to torch and transformers.

Each window is read alone, without padding: a result depends on nothing else. It is the general engine, not the fast one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer

from auditor.errors import ModelError
from auditor.fluency import batch, tokeniser
from auditor.fluency import folder as source
from auditor.fluency.manifest import Manifest
from auditor.fluency.scorer import Passage, Reading, Tokens

_WINDOW = 1024
"""Tokens read at once, as in the default engine."""
_ROWS = 256
"""Rows of the vocabulary projection that are turned into probabilities at once."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a window's scored tokens got; all but the first are empty where they were not asked for."""

    logprobs: list[float]
    entropies: list[float]
    ranks: list[int]
    hidden: list[Any]


class TransformersScorer:
    """A model in memory, on the first device there is of CUDA, MPS and CPU; bfloat16 where CUDA multiplies it, else float32."""

    notices: tuple[str, ...] = ()

    def __init__(self, folder: Path, *, name: str = "", window: int = _WINDOW, layers: Sequence[int] = ()) -> None:
        """`folder` holds config.json, tokenizer.json and weights as safetensors; no code in it is run, nothing is fetched. `layers` are those
        whose states `read` gives.

        ModelError if something is missing or not a causal language model.
        """
        source.weights(folder)
        self._device, dtype, self.mode = _device()
        try:
            config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
            model = transformers.AutoModelForCausalLM.from_pretrained(
                folder, config=config, dtype=dtype, local_files_only=True, trust_remote_code=False, use_safetensors=True
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{folder}: cannot be read as a causal language model ({str(error).strip().splitlines()[0]})") from error
        if wrong := [layer for layer in layers if not 0 <= layer <= config.num_hidden_layers]:
            raise ModelError(f"{folder}: has no layer {wrong[0]}; there are 0 to {config.num_hidden_layers}")
        self.layers, self._width = tuple(layers), config.hidden_size
        self._model = model.to(self._device).eval()
        self._tokeniser = Tokenizer.from_file(str(folder / "tokenizer.json"))
        # Text that looks like a control token is read as text.
        self._tokeniser.encode_special_tokens = True
        self._start = source.start(folder)
        self.context = min(window, getattr(config, "max_position_embeddings", None) or window)
        versions = f"transformers-{transformers.__version__}+torch-{torch.__version__}"
        self.signature = f"{name or folder.name}@{source.digest(folder)}|{versions}|{self.mode}|{self.context}|{self._device}"

    def score(self, passages: Sequence[Passage]) -> list[Tokens]:
        """See `Scorer.score`."""
        return [tokeniser.joined(one, [value for part in parts for value in part.logprobs]) for one, parts in self._parts(passages, more=False)]

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        """See `Reader.read`."""
        out = []
        for one, parts in self._parts(passages, more=True):
            tokens = tokeniser.joined(one, [value for part in parts for value in part.logprobs])
            entropies = tuple(value for part in parts for value in part.entropies)
            ranks = tuple(value for part in parts for value in part.ranks)
            empty = torch.empty(0, self._width)
            states = [torch.cat([empty, *(part.hidden[number] for part in parts)]).numpy() for number in range(len(self.layers))]
            out.append(Reading(tokens, entropies, ranks, dict(zip(self.layers, states, strict=True))))
        return out

    def close(self) -> None:
        """Frees the model."""
        del self._model

    def _parts(self, passages: Sequence[Passage], *, more: bool) -> Iterator[tuple[tokeniser.Encoded, list[_Found]]]:
        for number, passage in enumerate(passages):
            one = tokeniser.encode(self._tokeniser, passage)
            yield one, [self._infer(window, more=more) for window in batch.windows(number, one.ids, one.first, self.context)]

    def _infer(self, window: batch.Window, *, more: bool) -> _Found:
        count = window.length - window.first
        ids = torch.tensor([[self._start, *window.ids[:-1]]], device=self._device)
        targets = torch.tensor(window.ids[window.first :], device=self._device)
        found = _Found([], [], [], [])
        with torch.inference_mode():
            # The rows that predict scored tokens are the last ones.
            out: Any = self._model(input_ids=ids, use_cache=False, logits_to_keep=count, output_hidden_states=bool(more and self.layers))
            for rows, wanted in zip(out.logits[0, -count:].split(_ROWS), targets.split(_ROWS), strict=True):
                logprobs = torch.log_softmax(rows.float(), -1)
                scored = logprobs.gather(1, wanted[:, None])
                found.logprobs.extend(scored[:, 0].tolist())
                if more:
                    found.entropies.extend((-(logprobs.exp() * logprobs).sum(-1)).tolist())
                    found.ranks.extend((1 + (rows > rows.gather(1, wanted[:, None])).sum(-1)).tolist())
            if more:
                found.hidden.extend(out.hidden_states[layer][0, -count:].float().cpu() for layer in self.layers)
        return found


def _device() -> tuple[str, Any, str]:
    """Device, its number type, and what the signature calls it."""
    if torch.cuda.is_available():
        return ("cuda", torch.bfloat16, "bf16") if torch.cuda.is_bf16_supported() else ("cuda", torch.float32, "f32")
    if torch.backends.mps.is_available():
        return "mps", torch.float32, "f32"
    return "cpu", torch.float32, "f32"


def scorer(
    manifest: Manifest,
    path: Path,
    *,
    folder: Path | None,  # noqa: ARG001
    mode: str | None,  # noqa: ARG001
    workers: int | None,  # noqa: ARG001
    layers: Sequence[int],
    said: Callable[[str], None] | None,  # noqa: ARG001
) -> TransformersScorer:
    """The scorer of a manifest's model, whose folder is where its file lies; the device decides mode and workers, nothing is prepared."""
    return TransformersScorer(path if path.is_dir() else path.parent, name=manifest.name, layers=layers)
