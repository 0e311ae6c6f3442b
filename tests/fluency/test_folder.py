import importlib.util
import json
import math
import struct

import numpy as np
import pytest

from auditor.errors import ModelError
from auditor.fluency import folder, gguf
from auditor.fluency.load import load_folder
from auditor.fluency.openvino import OpenVinoScorer
from auditor.fluency.scorer import Passage

TEXTS = ["The strike at the port ended on Sunday.", "“It’s over,” she said in São Tomé.", "<|endoftext|> is read as text", "", "a" * 60]
needs_torch = pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="torch is not installed")
WIDTH, HIDDEN, HEADS, KEYS, SIZE, LAYERS = 48, 80, 4, 2, 16, 2
ROPE3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64}
VARIANTS = {
    "llama": {},
    "llama-3": {"rope_parameters": {"rope_theta": 10_000.0, **ROPE3}},
    "llama-3, as it was written before": {"rope_theta": 10_000.0, "rope_scaling": ROPE3},
    "llama with biases": {"attention_bias": True, "mlp_bias": True},
    "mistral": {"model_type": "mistral", "sliding_window": 8},
    "mistral without a window": {"model_type": "mistral", "sliding_window": None},
    "qwen2": {"model_type": "qwen2"},
    "qwen3": {"model_type": "qwen3"},
    "untied": {"tie_word_embeddings": False},
    "qwen3, untied, wide heads": {"model_type": "qwen3", "tie_word_embeddings": False, "head_dim": 32},
}


def stored(path, tensors, kind="F32"):
    """A safetensors file; BF16 keeps the upper halves."""
    header, blobs, at = {}, [], 0
    for name, value in tensors.items():
        kept = (value.view(np.uint32) >> 16).astype(np.uint16) if kind == "BF16" else value.astype({"F32": np.float32, "F16": np.float16}[kind])
        blobs.append(kept.tobytes())
        header[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [at, at + len(blobs[-1])]}
        at += len(blobs[-1])
    head = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    path.write_bytes(struct.pack("<Q", len(head)) + head + b"".join(blobs))


def made(place, tiny, changes, kind="F32", shards=1):
    """A random model of a kind in a folder; its configuration and weights by the hub's names."""
    tokeniser = gguf.read(tiny.gguf).tokeniser
    config = {
        "model_type": "llama",
        "num_hidden_layers": LAYERS,
        "hidden_size": WIDTH,
        "intermediate_size": HIDDEN,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KEYS,
        "head_dim": SIZE,
        "vocab_size": tokeniser.get_vocab_size(),
        "max_position_embeddings": 256,
        "rope_theta": 10_000.0,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": True,
        "bos_token_id": 0,
        "eos_token_id": 0,
        **changes,
    }
    config["architectures"] = [f"{config['model_type'].capitalize()}ForCausalLM"]
    size = config["head_dim"]
    biased = ["q_proj", "k_proj", "v_proj"] if config["model_type"] == "qwen2" else []
    biased += ["q_proj", "k_proj", "v_proj", "o_proj"] * bool(changes.get("attention_bias"))
    biased += ["gate_proj", "up_proj", "down_proj"] * bool(changes.get("mlp_bias"))
    random = np.random.default_rng(7)
    tensors = {}

    def put(name, *shape):
        tensors[name] = random.normal(float(len(shape) == 1 and not name.endswith("bias")), 0.2, shape).astype(np.float32)

    put("model.embed_tokens.weight", config["vocab_size"], WIDTH)
    put("model.norm.weight", WIDTH)
    if not config["tie_word_embeddings"]:
        put("lm_head.weight", config["vocab_size"], WIDTH)
    shapes = {
        "self_attn.q_proj": (HEADS * size, WIDTH),
        "self_attn.k_proj": (KEYS * size, WIDTH),
        "self_attn.v_proj": (KEYS * size, WIDTH),
        "self_attn.o_proj": (WIDTH, HEADS * size),
        "mlp.gate_proj": (HIDDEN, WIDTH),
        "mlp.up_proj": (HIDDEN, WIDTH),
        "mlp.down_proj": (WIDTH, HIDDEN),
    }
    for layer in range(LAYERS):
        start = f"model.layers.{layer}."
        put(f"{start}input_layernorm.weight", WIDTH)
        put(f"{start}post_attention_layernorm.weight", WIDTH)
        if config["model_type"] == "qwen3":
            put(f"{start}self_attn.q_norm.weight", size)
            put(f"{start}self_attn.k_norm.weight", size)
        for name, shape in shapes.items():
            put(f"{start}{name}.weight", *shape)
            if name.split(".")[1] in biased:
                put(f"{start}{name}.bias", shape[0])
    place.mkdir(exist_ok=True)
    names = list(tensors)
    for number in range(shards):
        part = {name: tensors[name] for name in names[number::shards]}
        stored(place / ("model.safetensors" if shards == 1 else f"model-{number}.safetensors"), part, kind)
    (place / "config.json").write_text(json.dumps(config))
    tokeniser.save(str(place / "tokenizer.json"))
    return config, tensors


def rates(config):
    """Rotary rates, those of Llama 3 as its authors published them, one by one."""
    plain = [10_000.0 ** (-even / config["head_dim"]) for even in range(0, config["head_dim"], 2)]
    rope = config.get("rope_scaling") or config.get("rope_parameters")
    if not rope:
        return np.array(plain)
    out = []
    for rate in plain:
        length, old = 2 * math.pi / rate, rope["original_max_position_embeddings"]
        if length < old / rope["high_freq_factor"]:
            out.append(rate)
        elif length > old / rope["low_freq_factor"]:
            out.append(rate / rope["factor"])
        else:
            smooth = (old / length - rope["low_freq_factor"]) / (rope["high_freq_factor"] - rope["low_freq_factor"])
            out.append((1 - smooth) * rate / rope["factor"] + smooth * rate)
    return np.array(out)


def plain(config, tensors, ids):
    """Log-probabilities of all tokens after each of the ids, in double precision, without any engine."""
    w = {name: value.astype(np.float64) for name, value in tensors.items()}
    size, length = config["head_dim"], len(ids)
    place = np.arange(length)
    angle = place[:, None] * rates(config)
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    window = config.get("sliding_window") if config["model_type"] == "mistral" else None
    seen = (place[:, None] >= place) & (place[:, None] - place < (window or length))

    def norm(x, weight):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + config["rms_norm_eps"]) * weight

    def turn(x):
        a, b = x[..., : size // 2], x[..., size // 2 :]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)

    x = w["model.embed_tokens.weight"][ids]
    for layer in range(LAYERS):
        start = f"model.layers.{layer}."

        def times(x, name, start=start):
            return x @ w[f"{start}{name}.weight"].T + w.get(f"{start}{name}.bias", 0.0)

        h = norm(x, w[f"{start}input_layernorm.weight"])
        q, k, v = (times(h, f"self_attn.{one}_proj").reshape(length, -1, size) for one in "qkv")
        if f"{start}self_attn.q_norm.weight" in w:
            q, k = norm(q, w[f"{start}self_attn.q_norm.weight"]), norm(k, w[f"{start}self_attn.k_norm.weight"])
        q, k, v = turn(q), turn(k).repeat(HEADS // KEYS, 1), v.repeat(HEADS // KEYS, 1)
        scores = np.where(seen, np.einsum("qhd,khd->hqk", q, k) / np.sqrt(size), -np.inf)
        share = np.exp(scores - scores.max(-1, keepdims=True))
        share /= share.sum(-1, keepdims=True)
        x = x + times(np.einsum("hqk,khd->qhd", share, v).reshape(length, -1), "self_attn.o_proj")
        h = norm(x, w[f"{start}post_attention_layernorm.weight"])
        gate = times(h, "mlp.gate_proj")
        x = x + times(gate / (1 + np.exp(-gate)) * times(h, "mlp.up_proj"), "mlp.down_proj")
    logits = norm(x, w["model.norm.weight"]) @ w.get("lm_head.weight", w["model.embed_tokens.weight"]).T
    logits -= logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


@pytest.mark.parametrize("name", VARIANTS)
def test_the_graph_computes_what_the_formulas_say(tiny, tmp_path, name):
    config, tensors = made(tmp_path / "model", tiny, VARIANTS[name])
    scorer = OpenVinoScorer(tmp_path / "model", name=name, folder=tmp_path / "graphs", start=0, mode="f32", workers=1)
    for text in TEXTS:
        ids = scorer._tokeniser.encode(text, add_special_tokens=False).ids
        wanted = plain(config, tensors, [0, *ids[:-1]])[range(len(ids)), ids] if ids else []
        assert scorer.score([Passage("", text)])[0].logprobs == pytest.approx(list(wanted), abs=2e-4)
    scorer.close()


@needs_torch
@pytest.mark.parametrize("name", VARIANTS)
def test_the_graph_computes_what_transformers_computes(tiny, tmp_path, name):
    from auditor.fluency.transformers import TransformersScorer

    made(tmp_path / "model", tiny, VARIANTS[name])
    one = OpenVinoScorer(tmp_path / "model", name=name, folder=tmp_path / "graphs", start=0, mode="f32", workers=1)
    two = TransformersScorer(tmp_path / "model")
    passages = [Passage("", text) for text in TEXTS]
    for a, b in zip(one.score(passages), two.score(passages), strict=True):
        assert a.spans == b.spans
        assert a.logprobs == pytest.approx(b.logprobs, abs=1e-3)
    one.close()


@pytest.mark.parametrize(("kind", "bound"), [("F16", 0.05), ("BF16", 0.3)])
def test_weights_of_half_size_in_several_files_are_read(tiny, tmp_path, kind, bound):
    made(tmp_path / "whole", tiny, {})
    made(tmp_path / "half", tiny, {}, kind, shards=3)
    one, two = load_folder(tmp_path / "whole", mode="f32"), load_folder(tmp_path / "half", cache=tmp_path, mode="f32")
    a, b = (scorer.score([Passage("", TEXTS[0])])[0].logprobs for scorer in (one, two))
    assert a == pytest.approx(b, abs=bound)
    assert a != b
    assert one.signature.split("|")[0].startswith("whole@")
    one.close()
    two.close()


def test_int8_of_a_model_with_biases_and_norms_stays_near(tiny, tmp_path):
    made(tmp_path / "model", tiny, VARIANTS["qwen3, untied, wide heads"] | {"hidden_size": WIDTH})
    one, two = (load_folder(tmp_path / "model", mode=mode) for mode in ("f32", "bf16"))
    a, b = (scorer.score([Passage("", TEXTS[0])])[0].logprobs for scorer in (one, two))
    assert a == pytest.approx(b, abs=0.5)
    one.close()
    two.close()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"model_type": "gpt2"}, "the architecture is “gpt2”; the light engine runs llama, mistral, qwen2, qwen3"),
        ({"rope_scaling": {"rope_type": "yarn", "factor": 4.0}}, "its rope_type is “yarn”"),
        ({"hidden_act": "gelu"}, "its hidden_act is “gelu”"),
        ({"quantization_config": {"bits": 4}}, "its quantization_config is"),
        ({"layer_types": ["full_attention", "sliding_attention"]}, "its layer_types is “mixed”"),
    ],
)
def test_what_the_light_engine_does_not_know_is_refused_with_the_way_out(tiny, tmp_path, changes, complaint):
    made(tmp_path / "model", tiny, {})
    path = tmp_path / "model" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    assert complaint in folder.refusal(tmp_path / "model")
    with pytest.raises(ModelError) as caught:
        folder.read(tmp_path / "model")
    assert "auditor[torch] reads any" in str(caught.value)
    if not importlib.util.find_spec("torch"):
        with pytest.raises(ModelError, match=r"needs torch, which is not installed; install auditor\[torch\]"):
            load_folder(tmp_path / "model")


def broken(place, name):
    path = place / "model.safetensors"
    if name == "cut short":
        path.write_bytes(path.read_bytes()[:-100])
    elif name == "no header":
        path.write_bytes(b"\xff" * 200)
    elif name == "empty":
        path.write_bytes(b"")
    elif name == "no config":
        (place / "config.json").unlink()
    elif name == "no JSON":
        (place / "config.json").write_text("{")
    elif name == "no weights":
        path.unlink()
    elif name == "no tokeniser":
        (place / "tokenizer.json").unlink()
    elif name == "a tokeniser of another kind":
        (place / "tokenizer.json").write_text("[]")
    else:
        config = json.loads((place / "config.json").read_text())
        config |= {"another width": {"hidden_size": 64}, "no heads": {"num_attention_heads": None}, "no start": {"bos_token_id": None}}[name]
        config |= {"eos_token_id": None} if name == "no start" else {}
        (place / "config.json").write_text(json.dumps(config))


@pytest.mark.parametrize(
    "name",
    [
        "cut short",
        "no header",
        "empty",
        "no config",
        "no JSON",
        "no weights",
        "no tokeniser",
        "a tokeniser of another kind",
        "another width",
        "no heads",
        "no start",
    ],
)
def test_a_folder_that_is_not_whole_is_one_clear_line(tiny, tmp_path, name):
    made(tmp_path / "model", tiny, {})
    broken(tmp_path / "model", name)
    with pytest.raises(ModelError, match=str(tmp_path)) as caught:
        load_folder(tmp_path / "model")
    assert "\n" not in str(caught.value)


def test_a_weight_without_a_place_is_refused(tiny, tmp_path):
    _, tensors = made(tmp_path / "model", tiny, {})
    stored(tmp_path / "model" / "model.safetensors", tensors | {"model.layers.0.router.weight": np.zeros((2, 2), np.float32)})
    with pytest.raises(ModelError, match=r"has a weight “model\.layers\.0\.router\.weight”"):
        folder.read(tmp_path / "model")
