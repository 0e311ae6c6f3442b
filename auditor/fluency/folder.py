"""Reads a Llama-like model out of a folder as the Hugging Face hub keeps one; the only place that knows its config.json and safetensors.

The safetensors are mapped and read here: the package's own reader gives no bfloat16 without torch.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import ModelError
from auditor.fluency.architecture import Architecture, Contents

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

KNOWN = ("llama", "mistral", "qwen2", "qwen3")
"""Values of `model_type` that the light engine computes."""
_TOP = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
_LAYER = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    **{f"self_attn.{one}_proj": f"attn_{one}" for one in "qkv"},
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    **{f"mlp.{one}_proj": f"ffn_{one}" for one in ("gate", "up", "down")},
}
"""The hub's names of modules, and GGUF's."""
_NO_WEIGHTS = ("rotary_emb.inv_freq",)
_MOST_HEADER = 100_000_000


def refusal(folder: Path) -> str:
    """What the light engine does not know of the model; empty if it can run it. ModelError if config.json cannot be read."""
    config = _config(folder)
    kind = config.get("model_type")
    if kind not in KNOWN:
        return f"the architecture is “{kind}”; the light engine runs {', '.join(KNOWN)}"
    rotary, rope = _rotary(config)
    parts = [
        ("hidden_act", config.get("hidden_act", "silu"), "silu"),
        ("rope_type", rope, "llama3" if rope == "llama3" else "default"),
        ("partial_rotary_factor", rotary.get("partial_rotary_factor", config.get("partial_rotary_factor", 1.0)), 1.0),
        ("quantization_config", config.get("quantization_config"), None),
        ("layer_types", "mixed" if len(set(config.get("layer_types") or ())) > 1 else "one", "one"),
    ]
    return "; ".join(f"its {key} is “{found}”, which the light engine does not know" for key, found, known in parts if found != known)


def read(folder: Path) -> Contents:
    """The model of a folder with config.json, tokenizer.json and weights as safetensors; no code in it is run.

    ModelError if something is missing, damaged or unknown to the light engine.
    """
    from tokenizers import Tokenizer

    if reason := refusal(folder):
        raise ModelError(f"{folder}: {reason}; auditor[torch] reads any")
    config = _config(folder)
    places = _places(weights(folder))
    names = {_renamed(folder, name): place for name, place in places.items() if not name.endswith(_NO_WEIGHTS)}
    try:
        architecture = _architecture(config, tied=bool(config.get("tie_word_embeddings", False)) or "output.weight" not in names)
    except (KeyError, TypeError, ZeroDivisionError) as error:
        raise ModelError(f"{folder / 'config.json'}: {error} is missing or no number") from error
    try:
        # Text that looks like a control token is read as text.
        tokeniser = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokeniser.encode_special_tokens = True
    except Exception as error:  # the tokenizers package raises nothing more exact
        raise ModelError(f"{folder / 'tokenizer.json'}: is missing or no tokeniser ({error})") from error
    factors = _factors(config, architecture)
    known = frozenset(names) | ({"rope_freqs.weight"} if factors is not None else frozenset())
    return Contents(architecture, _getter(folder, architecture, names, factors), known, tokeniser)


def start(folder: Path) -> int:
    """The token that a text begins with. ModelError if config.json names none."""
    config = _config(folder)
    found = next((number for number in (config.get("bos_token_id"), config.get("eos_token_id")) if number is not None), None)
    if isinstance(found, list) and found:
        found = found[0]
    if not isinstance(found, int):
        raise ModelError(f"{folder}: config.json names no token that a text begins with (bos_token_id, eos_token_id)")
    return found


def weights(folder: Path) -> list[Path]:
    """The files of weights. ModelError if there are none or no tokeniser is beside them."""
    found = sorted(folder.glob("*.safetensors"))
    if not found:
        raise ModelError(f"{folder}: holds no *.safetensors; weights in other formats are not read, they can hold code")
    if not (folder / "tokenizer.json").is_file():
        raise ModelError(f"{folder}: holds no tokenizer.json")
    return found


def digest(folder: Path) -> str:
    """Stands for everything in the folder that a score depends on."""
    whole = hashlib.sha256()
    for path in (folder / "config.json", folder / "tokenizer.json", *weights(folder)):
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:12]


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ModelError(f"{path}: is no JSON ({error})") from error
    if not isinstance(found, dict):
        raise ModelError(f"{path}: is no JSON object")
    return found


def _rotary(config: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """Where the rotary positions are described, in old files and new ones, and their kind."""
    found = config.get("rope_parameters") or config.get("rope_scaling") or {}
    return found, found.get("rope_type", found.get("type", "default"))


def _architecture(config: Mapping[str, Any], *, tied: bool) -> Architecture:
    heads, width = config["num_attention_heads"], config["hidden_size"]
    kind, rotary = config["model_type"], _rotary(config)[0]
    slides = config.get("use_sliding_window", kind == "mistral") and set(config.get("layer_types") or ()) != {"full_attention"}
    # What the hub's own configurations take where the file is silent.
    sliding = config.get("sliding_window", 4096) if slides else None
    found = Architecture(
        layers=config["num_hidden_layers"],
        width=width,
        hidden=config["intermediate_size"],
        heads=heads,
        key_heads=config.get("num_key_value_heads") or heads,
        head=config.get("head_dim") or width // heads,
        vocabulary=config["vocab_size"],
        context=config.get("max_position_embeddings", 2048),
        rotary_base=rotary.get("rope_theta", config.get("rope_theta", 10_000.0)),
        epsilon=config.get("rms_norm_eps", 1e-6),
        tied=tied,
        sliding=sliding or 0,
    )
    for name, value in found.as_dict().items():
        if not isinstance(value, (int, float)):
            raise TypeError(name)
    return found


def _factors(config: Mapping[str, Any], architecture: Architecture) -> Array | None:
    """By what Llama 3 divides its rotary rates: low frequencies by the factor, high ones not, those between in part."""
    import numpy as np

    rotary, kind = _rotary(config)
    if kind != "llama3":
        return None
    low, high = rotary["low_freq_factor"], rotary["high_freq_factor"]
    lengths = 2 * math.pi * architecture.rotary_base ** (np.arange(0, architecture.head, 2) / architecture.head)
    smooth = np.clip((rotary["original_max_position_embeddings"] / lengths - low) / (high - low), 0, 1)
    return np.asarray(1 / ((1 - smooth) / rotary["factor"] + smooth))


_Place = tuple[Path, str, tuple[int, ...], int]
"""File, number type, shape, first byte."""


def _places(files: Sequence[Path]) -> dict[str, _Place]:
    out: dict[str, _Place] = {}
    for path in files:
        try:
            size = path.stat().st_size
            with path.open("rb") as file:
                length = int.from_bytes(file.read(8), "little")
                header = json.loads(file.read(length)) if length <= min(size, _MOST_HEADER) else None
            if not isinstance(header, dict):
                raise ModelError(f"{path}: is no safetensors file")
            for name, one in header.items():
                if name == "__metadata__":
                    continue
                begin, end = one["data_offsets"]
                if 8 + length + end > size:
                    raise ModelError(f"{path}: is cut short")
                out[name] = (path, one["dtype"], tuple(one["shape"]), 8 + length + begin)
        except OSError as error:
            raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path}: is no safetensors file ({error})") from error
    return out


def _renamed(folder: Path, name: str) -> str:
    """GGUF's name of a weight. ModelError for one that the graph has no place for."""
    module, _, kind = name.rpartition(".")
    if module in _TOP:
        return f"{_TOP[module]}.{kind}"
    parts = module.split(".", 3)
    if parts[:2] == ["model", "layers"] and len(parts) == 4 and parts[3] in _LAYER:
        return f"blk.{parts[2]}.{_LAYER[parts[3]]}.{kind}"
    raise ModelError(f"{folder}: has a weight “{name}” that the light engine does not know; auditor[torch] reads any")


def _getter(folder: Path, architecture: Architecture, names: Mapping[str, _Place], factors: Array | None) -> Callable[[str], Array]:
    import numpy as np

    shapes = architecture.shapes()

    def get(name: str) -> Array:
        if name == "rope_freqs.weight" and factors is not None:
            return factors
        if name not in names:
            raise ModelError(f"{folder}: has no weight “{name}”; the light engine does not know this model, auditor[torch] reads any")
        path, kind, shape, begin = names[name]
        part = name.split(".")[-2]
        if name.endswith(".weight") and part in shapes and shape != shapes[part]:
            raise ModelError(f"{path}: “{name}” is {shape}, and {shapes[part]} by config.json")
        stored = {"F32": np.float32, "F16": np.float16, "BF16": np.uint16}.get(kind)
        if stored is None:
            raise ModelError(f"{path}: “{name}” is stored as {kind}; the light engine reads F32, F16 and BF16, auditor[torch] reads any")
        values = np.fromfile(path, stored, math.prod(shape), offset=begin).reshape(shape)
        # A bfloat16 is the upper half of a float32.
        return (values.astype(np.uint32) << 16).view(np.float32) if kind == "BF16" else values.astype(np.float32)

    return get
