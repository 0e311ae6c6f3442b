import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import ModelError
from auditor.fluency import openvino
from auditor.fluency.openvino import OpenVinoScorer
from auditor.fluency.scorer import Passage

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text(encoding="utf-8"))
TEXTS = [
    "The strike at the port ended on Sunday.",
    "After eleven hours of talks the two delegations left the hotel without a word to the waiting reporters.",
    "Nothing.",
    "“It’s over,” she said. “We can go home, and that is that.”",
    "Überraschung 😀 in São Tomé: 1,234.5 per cent",
    " \n",
    "",
]


def opened(tiny, tmp_path, **options):
    return OpenVinoScorer(tiny.gguf, name="tiny@1", folder=tmp_path / "graphs", start="<|endoftext|>", **{"mode": "f32", "workers": 1, **options})


@pytest.fixture(scope="module")
def scorer(tiny, tmp_path_factory):
    found = opened(tiny, tmp_path_factory.mktemp("engine"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def deep(tiny, tmp_path_factory):
    found = opened(tiny, tmp_path_factory.mktemp("deep"), layers=(1, 2), workers=2)
    yield found
    found.close()


def plain(tiny, ids):
    """Log-probabilities of all tokens after each of the ids: the model of the tests once more, in double precision, without any engine."""
    c, w = tiny.config, {name: value.astype(np.float64) for name, value in tiny.weights.items()}
    size, heads, keys, length = c["head_dim"], c["num_attention_heads"], c["num_key_value_heads"], len(ids)

    def norm(x, weight):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + c["rms_norm_eps"]) * weight

    def turn(x):
        angle = np.arange(length)[:, None] * c["rope_theta"] ** (-np.arange(0, size, 2) / size)
        cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
        a, b = x[..., : size // 2], x[..., size // 2 :]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)

    x = w["token_embd.weight"][ids]
    for layer in range(c["num_hidden_layers"]):
        g = {name.split(".")[2]: value for name, value in w.items() if name.startswith(f"blk.{layer}.")}
        h = norm(x, g["attn_norm"])
        q = turn((h @ g["attn_q"].T).reshape(length, heads, size))
        k = turn((h @ g["attn_k"].T).reshape(length, keys, size)).repeat(heads // keys, 1)
        v = (h @ g["attn_v"].T).reshape(length, keys, size).repeat(heads // keys, 1)
        scores = np.einsum("qhd,khd->hqk", q, k) / np.sqrt(size) + np.triu(np.full((length, length), -np.inf), 1)
        share = np.exp(scores - scores.max(-1, keepdims=True))
        share /= share.sum(-1, keepdims=True)
        x = x + np.einsum("hqk,khd->qhd", share, v).reshape(length, -1) @ g["attn_output"].T
        h = norm(x, g["ffn_norm"])
        gate = h @ g["ffn_gate"].T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ g["ffn_up"].T)) @ g["ffn_down"].T
    logits = norm(x, w["output_norm.weight"]) @ w["token_embd.weight"].T
    logits -= logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


@pytest.mark.parametrize("text", TEXTS)
def test_the_graph_computes_what_the_formulas_say(tiny, scorer, text):
    ids = scorer._tokeniser.encode(text, add_special_tokens=False).ids
    wanted = plain(tiny, [0, *ids[:-1]])[range(len(ids)), ids] if ids else []
    (found,) = scorer.score([Passage("", text)])
    assert found.logprobs == pytest.approx(list(wanted), abs=1e-4)


def test_context_is_read_and_not_scored(scorer):
    (whole,) = scorer.score([Passage("", TEXTS[0] + TEXTS[1])])
    (part,) = scorer.score([Passage(TEXTS[0], TEXTS[1])])
    count = len(part.logprobs)
    assert part.logprobs == whole.logprobs[-count:]
    assert part.spans == tuple((start - len(TEXTS[0]), end - len(TEXTS[0])) for start, end in whole.spans[-count:])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.text("the anos.\n", max_size=120)), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_a_score_is_the_same_to_the_bit_in_any_batch_and_order(scorer, texts, random):
    passages = [Passage(context, text) for context, text in texts]
    alone = {passage: scorer.score([passage])[0] for passage in passages}
    random.shuffle(passages)
    assert scorer.score(passages) == [alone[passage] for passage in passages]


def test_the_number_of_workers_changes_no_bit(tiny, scorer, tmp_path):
    passages = [Passage(text[: number % 7], text * (1 + number % 3)) for number, text in enumerate(TEXTS * 4)]
    two = opened(tiny, tmp_path, workers=2)
    assert two.score(passages) == scorer.score(passages)
    assert two.signature == scorer.signature
    two.close()


def test_a_long_text_is_read_in_windows_each_token_once(tiny, scorer, tmp_path):
    short = opened(tiny, tmp_path, window=32)
    text = " ".join(TEXTS[:5])
    (found,), (whole,) = short.score([Passage("", text)]), scorer.score([Passage("", text)])
    assert short.context == 32
    assert found.spans == whole.spans
    assert found.logprobs[:31] == pytest.approx(whole.logprobs[:31], abs=1e-4)
    assert all(value < 0.0 for value in found.logprobs)
    assert short.signature != scorer.signature, "another window is another figure"
    short.close()


@pytest.mark.parametrize("mode", ["int8", "bf16"])
def test_the_other_modes_stay_near_the_reference(tiny, scorer, tmp_path, mode):
    passages = [Passage("", text) for text in TEXTS]
    other = opened(tiny, tmp_path, mode=mode)
    for one, two in zip(other.score(passages), scorer.score(passages), strict=True):
        assert one.spans == two.spans
        assert one.logprobs == pytest.approx(two.logprobs, abs=0.5)
    assert mode in other.signature
    other.close()


def test_graphs_are_kept_and_damaged_ones_built_anew(tiny, scorer, tmp_path):
    opened(tiny, tmp_path).close()
    (kept,) = (tmp_path / "graphs" / "tiny@1").iterdir()
    (kept / "weights.bin").write_bytes(b"cut short")
    again = opened(tiny, tmp_path)
    assert again.score([Passage("", TEXTS[0])]) == scorer.score([Passage("", TEXTS[0])])
    again.close()
    assert [path.name for path in kept.parent.iterdir()] == [kept.name], "nothing half built is left"


def test_what_an_older_version_prepared_is_cleared_away(tiny, tmp_path):
    (tmp_path / "graphs" / "tiny@1" / "f32-0").mkdir(parents=True)
    opened(tiny, tmp_path).close()
    assert [path.name for path in (tmp_path / "graphs" / "tiny@1").iterdir()] == [f"f32-{openvino._FORMAT}"]


def test_a_file_of_another_kind_is_one_clear_line(tmp_path):
    other = tmp_path / "other.gguf"
    other.write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"other.gguf: is no readable GGUF file"):
        OpenVinoScorer(other, name="other@1", folder=tmp_path / "graphs", start="<|endoftext|>")
    assert not list((tmp_path / "graphs").rglob("*.*")), "nothing half built is left"


def test_preparing_is_said_once(tiny, tmp_path):
    said = []
    for _ in range(2):
        opened(tiny, tmp_path, said=said.append).close()
    assert said == ["preparing tiny@1 for this machine, once"]


def test_a_reading_tells_what_the_formulas_say(tiny, tmp_path):
    found = opened(tiny, tmp_path, layers=(0, 2))
    text = TEXTS[1]
    ids = found._tokeniser.encode(text, add_special_tokens=False).ids
    wanted = plain(tiny, [0, *ids[:-1]])
    (reading,) = found.read([Passage("", text)])
    assert reading.tokens.logprobs == pytest.approx(list(wanted[range(len(ids)), ids]), abs=1e-4)
    assert reading.entropies == pytest.approx(list(-(np.exp(wanted) * wanted).sum(-1)), abs=1e-4)
    assert reading.ranks == tuple(1 + (wanted > wanted[range(len(ids)), ids][:, None]).sum(-1))
    assert (reading.hidden[0] == tiny.weights["token_embd.weight"][[0, *ids[:-1]]]).all()
    logits = reading.hidden[2] @ tiny.weights["token_embd.weight"].T
    assert np.ptp(logits - wanted, axis=-1) == pytest.approx(0.0, abs=1e-3), "the last state is what the vocabulary is multiplied with"
    found.close()


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.text("the anos.\n", max_size=120)), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_reading_is_the_same_to_the_bit_in_any_batch_and_its_scores_are_those_of_score(scorer, deep, texts, random):
    passages = [Passage(context, text) for context, text in texts]
    random.shuffle(passages)
    together = deep.read(passages)
    assert [one.tokens for one in together] == scorer.score(passages), "states asked for change no score"
    for passage, one in zip(passages, together, strict=True):
        (alone,) = deep.read([passage])
        assert (one.tokens, one.entropies, one.ranks) == (alone.tokens, alone.entropies, alone.ranks)
        assert all((one.hidden[layer] == alone.hidden[layer]).all() and len(one.hidden[layer]) == len(one.ranks) for layer in (1, 2))


def test_a_long_text_is_read_in_windows_each_state_once(tiny, scorer, tmp_path):
    short = opened(tiny, tmp_path, window=32, layers=(1,))
    passage = Passage(TEXTS[3], " ".join(TEXTS[:5]))
    (found,), (plainly,) = short.read([passage]), short.score([passage])
    assert found.tokens == plainly
    assert len(found.entropies) == len(found.ranks) == len(found.hidden[1]) == len(plainly.logprobs)
    short.close()


def test_attention_in_blocks_is_attention(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(openvino.graph, "BLOCK", 16)
    blocks = opened(tiny, tmp_path)
    for text in (TEXTS[0], TEXTS[1] * 2):
        ids = blocks._tokeniser.encode(text, add_special_tokens=False).ids
        wanted = plain(tiny, [0, *ids[:-1]])[range(len(ids)), ids]
        assert blocks.score([Passage("", text)])[0].logprobs == pytest.approx(list(wanted), abs=1e-4)
    blocks.close()


def test_a_run_that_finds_everything_in_its_cache_compiles_nothing(tiny, tmp_path):
    found = opened(tiny, tmp_path)
    found.score([Passage("", "")])
    assert found._body is None
    found.close()


def test_a_folder_that_cannot_be_written_is_a_notice(tiny, scorer, tmp_path):
    (tmp_path / "file").write_text("")
    found = OpenVinoScorer(tiny.gguf, name="tiny@1", folder=tmp_path / "file" / "graphs", start="<|endoftext|>", mode="f32", workers=1)
    assert found.score([Passage("", TEXTS[1])]) == scorer.score([Passage("", TEXTS[1])])
    assert len(found.notices) == 1
    assert "cannot be written" in found.notices[0]
    found.close()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [({"mode": "fp8"}, "“fp8” is no numeric mode"), ({"start": "<s>"}, "has no token “<s>”"), ({"layers": (3,)}, "has no layer 3; there are 0 to 2")],
)
def test_what_the_engine_cannot_do_is_said(tiny, tmp_path, options, complaint):
    with pytest.raises(ModelError, match=complaint):
        OpenVinoScorer(tiny.gguf, **{"name": "tiny@1", "folder": tmp_path, "start": "<|endoftext|>", "mode": "f32", **options})


def test_scoring_opens_no_socket_and_leaves_the_home_folder_alone(tiny, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    code = f"""
import socket, sys
def refuse(*arguments, **options): raise AssertionError("a socket was opened")
socket.socket = refuse
from pathlib import Path
from auditor.fluency.openvino import OpenVinoScorer
from auditor.fluency.scorer import Passage
scorer = OpenVinoScorer(Path({str(tiny.gguf)!r}), name="t", folder=Path({str(tmp_path / "graphs")!r}), start="<|endoftext|>", workers=1)
assert scorer.score([Passage("", "the one")])[0].logprobs
assert "openvino_telemetry" in sys.modules and sys.modules["openvino_telemetry"] is None
assert "torch" not in sys.modules and "transformers" not in sys.modules
"""
    ran = subprocess.run([sys.executable, "-c", code], env={"HOME": str(home), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert list(home.iterdir()) == []


@pytest.mark.model
@pytest.mark.parametrize("number", range(3))
def test_the_default_model_is_the_right_one(reference, number):
    """Reference values: the same file read by transformers into torch, float32; see reference.json."""
    wanted = REFERENCE["sentences"][number]
    (found,) = reference.score([Passage("", wanted["text"])])
    assert found.logprobs == pytest.approx(wanted["logprobs"], abs=1e-3)


@pytest.mark.model
def test_the_default_model_gives_one_score_in_any_batch(reference):
    passages = [Passage(text[:20], text[20:]) for text in (*TEXTS, *(one["text"] for one in REFERENCE["sentences"]))]
    together = reference.score(passages)
    assert together == [reference.score([passage])[0] for passage in passages]
    assert reference.score(passages[::-1]) == together[::-1]


@pytest.mark.model
def test_the_default_mode_drifts_little_from_the_reference(reference, default_model, cache_folder):
    from auditor.fluency.load import load

    found, path = default_model
    scorer = load(found, path, cache=cache_folder)
    passages = [Passage("", one["text"]) for one in REFERENCE["sentences"]]
    pairs = [
        (a, b)
        for one, two in zip(scorer.score(passages), reference.score(passages), strict=True)
        for a, b in zip(one.logprobs, two.logprobs, strict=True)
    ]
    assert sum(abs(a - b) for a, b in pairs) / len(pairs) <= {"f32": 0.0, "bf16": 0.06, "int8": 0.12}[scorer.mode]
    scorer.close()


@pytest.mark.model
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells its own peak; what getrusage tells is inherited from the parent")
def test_preparing_and_scoring_full_windows_takes_less_than_a_gigabyte(default_model):
    code = f"""
from pathlib import Path
from auditor.fluency.openvino import OpenVinoScorer
from auditor.fluency.scorer import Passage
scorer = OpenVinoScorer(Path({str(default_model[1])!r}), name="m@1", folder=None, start="<|endoftext|>", workers=2)
scorer.score([Passage("", " ".join({REFERENCE["sentences"][0]["text"]!r} for _ in range(count))) for count in (1, 5, 80, 80, 80)])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
scorer.close()
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(ran.stdout) <= 1_000_000


@pytest.mark.model
def test_a_model_file_that_is_cut_short_is_one_clear_line(default_model, tmp_path):
    found, path = default_model
    from auditor.fluency.pull import pull, target

    place = target(found, tmp_path)
    place.parent.mkdir(parents=True)
    shutil.copyfile(path, place)
    with place.open("r+b") as file:
        file.truncate(1_000_000)
    with pytest.raises(ModelError, match="is cut short"):
        pull(found, tmp_path, offline=True)
