import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import ModelError
from auditor.fluency import gguf
from auditor.fluency.scorer import Passage
from auditor.fluency.tokeniser import encode

ANY = st.characters(exclude_categories=())
"""Lone surrogates too: broken JSON holds them."""


def test_architecture_and_weights_are_those_that_were_written(tiny):
    found = gguf.read(tiny.gguf)
    architecture, weights = found.architecture, found.weights
    assert (architecture.layers, architecture.heads, architecture.key_heads, architecture.head) == (2, 4, 2, 16)
    assert architecture.rotary_base == 10_000.0
    for name, value in tiny.weights.items():
        np.testing.assert_array_equal(weights(name), value)
    assert architecture.tied, "the vocabulary projection is the embedding"


@pytest.mark.parametrize("content", [b"", b"GGUF", b"GGUF\x03\0\0\0" + b"\xff" * 60, b"<html>not a model</html>" * 50])
def test_a_file_that_is_no_gguf_is_refused(tmp_path, content):
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="is no readable GGUF file"):
        gguf.read(path)


def test_a_file_that_is_cut_short_is_refused(tiny, tmp_path):
    path = tmp_path / "cut.gguf"
    path.write_bytes(tiny.gguf.read_bytes()[:-5_000])
    with pytest.raises(ModelError, match="is no readable GGUF file"):
        gguf.read(path)


@settings(deadline=None, max_examples=60)
@given(st.text(ANY, max_size=20), st.text(ANY, max_size=40))
def test_tokens_cover_the_text_and_never_more(tiny, context, text):
    tokeniser = gguf.read(tiny.gguf).tokeniser
    encoded = encode(tokeniser, Passage(context, text))
    assert len(encoded.ids) - encoded.first == len(encoded.spans)
    covered = set()
    for start, end in encoded.spans:
        assert 0 <= start < end <= len(text)
        covered.update(range(start, end))
    assert covered == set(range(len(text)))
    assert [start for start, _ in encoded.spans] == sorted(start for start, _ in encoded.spans)


def test_control_tokens_in_a_text_are_read_as_text(tiny):
    tokeniser = gguf.read(tiny.gguf).tokeniser
    encoded = encode(tokeniser, Passage("", "<|endoftext|>"))
    assert len(encoded.ids) > 1
    assert tokeniser.token_to_id("<|endoftext|>") not in encoded.ids
