"""Opens a language model by its manifest; the only place that chooses the engine, and loads none before it is asked to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from auditor.errors import ModelError
from auditor.fluency import pull
from auditor.fluency.manifest import Manifest
from auditor.fluency.scorer import Reader


def load(
    manifest: Manifest,
    path: Path,
    *,
    cache: Path | None,
    mode: str | None = None,
    workers: int | None = None,
    layers: Sequence[int] = (),
    said: Callable[[str], None] | None = None,
) -> Reader:
    """The scorer of a model whose file `pull` has given. `cache` is the folder where prepared weights are kept.

    `layers` are those whose states `read` gives. `said` is called with one line before the weights are prepared, which takes some ten
    seconds and happens once. ModelError if the engine cannot run it here or is not installed.
    """
    found: Reader = _engine(manifest.engine, manifest.id).scorer(
        pull.pinned(manifest, path), path, folder=cache / "graphs" if cache else None, mode=mode, workers=workers, layers=layers, said=said
    )
    return found


def load_folder(
    folder: Path, *, cache: Path | None = None, layers: Sequence[int] = (), mode: str | None = None, said: Callable[[str], None] | None = None
) -> Reader:
    """The scorer of any causal language model that lies in a folder (config.json, tokenizer.json, *.safetensors), by the light engine where
    that knows the architecture.

    ModelError if it is none, or if it needs torch and that is not installed.
    """
    source = _engine("folder", str(folder))
    found: Reader
    if reason := source.refusal(folder):
        found = _engine("transformers", f"{folder}: {reason}; it").TransformersScorer(folder, layers=layers)
        return found
    name = f"{folder.resolve().name}@{source.digest(folder)}"
    place = cache / "graphs" if cache else None
    found = _engine("openvino", str(folder)).OpenVinoScorer(
        folder, name=name, folder=place, start=source.start(folder), mode=mode, layers=layers, said=said
    )
    return found


def _engine(name: str, model: str) -> Any:  # noqa: ANN401 (a module)
    try:
        return import_module(f"auditor.fluency.{name}")
    except ModuleNotFoundError as error:
        raise ModelError(f"{model} needs {error.name}, which is not installed{_WAY_OUT.get(name, '')}") from error
    except ImportError as error:
        raise ModelError(f"{model}: the engine {name} cannot be loaded ({error})") from error


_WAY_OUT = {"transformers": "; install auditor[torch]"}
