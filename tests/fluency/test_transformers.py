import importlib.util

import pytest

from auditor.errors import ModelError
from auditor.fluency.load import load_folder
from auditor.fluency.openvino import OpenVinoScorer
from auditor.fluency.scorer import Passage

TEXTS = ["The strike at the port ended on Sunday.", "“It’s over,” she said in São Tomé.", "<|endoftext|> is read as text", ""]
needs_torch = pytest.mark.skipif(not (importlib.util.find_spec("torch") and importlib.util.find_spec("safetensors")), reason="torch is not installed")


@pytest.fixture(scope="module")
def folder(tiny):
    """The tiny model as the hub stores one."""
    import torch
    from safetensors.torch import save_file

    from auditor.fluency import gguf

    names = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_output": "self_attn.o_proj"}
    names |= {f"attn_{one}": f"self_attn.{one}_proj" for one in "qkv"} | {f"ffn_{one}": f"mlp.{one}_proj" for one in ("gate", "up", "down")}
    tensors = {}
    for name, value in tiny.weights.items():
        parts = name.split(".")
        top = {"token_embd": "model.embed_tokens.weight", "output_norm": "model.norm.weight"}.get(parts[0])
        tensors[top or f"model.layers.{parts[1]}.{names[parts[2]]}.weight"] = torch.from_numpy(value.copy())
    save_file(tensors, tiny.folder / "model.safetensors", metadata={"format": "pt"})
    gguf.read(tiny.gguf).tokeniser.save(str(tiny.folder / "tokenizer.json"))
    return tiny.folder


@needs_torch
def test_both_engines_give_the_same_scores(tiny, folder, tmp_path):
    from auditor.fluency.transformers import TransformersScorer

    one = OpenVinoScorer(tiny.gguf, name="tiny@1", folder=tmp_path, start="<|endoftext|>", mode="f32", workers=1)
    two = TransformersScorer(folder)
    passages = [Passage("", text) for text in TEXTS] + [Passage(TEXTS[0], " " + TEXTS[1])]
    for a, b in zip(one.score(passages), two.score(passages), strict=True):
        assert a.spans == b.spans
        assert a.logprobs == pytest.approx(b.logprobs, abs=1e-3)
    assert [two.score([passage])[0] for passage in passages] == two.score(passages), "to the bit, in any batch"
    assert one.signature != two.signature
    one.close()
    two.close()


@needs_torch
def test_both_engines_read_the_same(tiny, folder, tmp_path):
    from auditor.fluency.transformers import TransformersScorer

    one = OpenVinoScorer(tiny.gguf, name="tiny@1", folder=tmp_path, start="<|endoftext|>", mode="f32", workers=1, layers=(0, 1, 2))
    two = TransformersScorer(folder, layers=(0, 1, 2))
    passages = [Passage("", text) for text in TEXTS]
    for a, b in zip(one.read(passages), two.read(passages), strict=True):
        assert a.entropies == pytest.approx(b.entropies, abs=1e-3)
        assert a.ranks == b.ranks
        assert a.hidden.keys() == b.hidden.keys() == {0, 1, 2}
        for layer, state in a.hidden.items():
            assert state == pytest.approx(b.hidden[layer], abs=1e-3)
    assert [found.tokens for found in two.read(passages)] == two.score(passages)
    one.close()
    two.close()


@needs_torch
def test_a_layer_that_is_not_there_is_said(folder):
    from auditor.fluency.transformers import TransformersScorer

    with pytest.raises(ModelError, match="has no layer 3; there are 0 to 2"):
        TransformersScorer(folder, layers=(3,))


@needs_torch
@pytest.mark.parametrize("missing", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_folder_that_is_not_whole_is_refused(folder, tmp_path, missing):
    from auditor.fluency.transformers import TransformersScorer

    for path in folder.iterdir():
        if path.name != missing:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(ModelError, match=str(tmp_path)) as caught:
        TransformersScorer(tmp_path)
    assert "\n" not in str(caught.value)


@needs_torch
def test_an_architecture_that_the_light_engine_does_not_know_is_read_by_torch(folder, tmp_path):
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(1)
    model = GPT2LMHeadModel(GPT2Config(vocab_size=300, n_positions=64, n_embd=32, n_layer=1, n_head=2, bos_token_id=0, eos_token_id=0))
    model.save_pretrained(tmp_path)
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    found = load_folder(tmp_path)
    assert "transformers-" in found.signature
    assert all(value < 0 for value in found.score([Passage("", TEXTS[0])])[0].logprobs)
    found.close()


@pytest.mark.skipif(bool(importlib.util.find_spec("torch")), reason="torch is installed")
def test_without_torch_the_way_out_is_named(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    with pytest.raises(ModelError, match=r"“gpt2”.* needs torch, which is not installed; install auditor\[torch\]"):
        load_folder(tmp_path)
