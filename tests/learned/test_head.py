"""The network in numpy against its formulas, one number at a time; files that hold no weights."""

import numpy as np
import pytest

from auditor.errors import DataError
from auditor.learned.head import OUTPUTS, load, outputs
from auditor.learned.words import LAYERS, SCALARS, Rows


def drawn(words: int, width: int = 6) -> Rows:
    draw = np.random.default_rng(words)
    spans = tuple((number, number + 1) for number in range(words))
    return Rows(spans, draw.normal(size=(words, width * len(LAYERS))).astype(np.float32), draw.normal(size=(words, len(SCALARS))).astype(np.float32))


def plain(weights, rows):
    """The unit as torch documents it: r, z, n with the reset applied to the product."""

    def one_way(joined, way):
        w, u, b, c = (weights[f"{way}.{part}"].astype(float) for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        size = u.shape[1]
        state, out = np.zeros(size), []
        for x in joined:
            given, again = w @ x + b, u @ state + c
            r, z = (1 / (1 + np.exp(-(given[k * size : (k + 1) * size] + again[k * size : (k + 1) * size]))) for k in (0, 1))
            n = np.tanh(given[2 * size :] + r * again[2 * size :])
            state = (1 - z) * n + z * state
            out.append(state)
        return out

    joined = np.maximum(np.concatenate([rows.states @ weights["state"].T, rows.scalars @ weights["scalar"].T], 1) + weights["bias"], 0)
    both = [np.concatenate(pair) for pair in zip(one_way(joined, "forward"), one_way(joined[::-1], "backward")[::-1], strict=True)]
    return np.array(both) @ weights["out"].T + weights["out_bias"]


@pytest.mark.parametrize("words", [1, 2, 17])
def test_outputs_are_those_of_the_formulas(head, weights, words):
    rows = drawn(words)
    np.testing.assert_allclose(outputs(head, rows), plain(weights, rows), rtol=1e-4, atol=1e-5)


def test_no_words(head):
    assert outputs(head, drawn(0)).shape == (0, OUTPUTS)


def test_extreme_figures_overflow_nothing(head):
    rows = drawn(3)
    assert np.isfinite(outputs(head, Rows(rows.spans, rows.states * 1e4, rows.scalars * 1e4))).all()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no weights"])
def test_a_file_without_weights_is_named(tmp_path, content):
    path = tmp_path / "eye.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"eye\.npz"):
        load(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"eye\.npz"):
        load(tmp_path / "eye.npz")


def test_weights_of_another_version_are_refused(tmp_path, weights):
    path = tmp_path / "eye.npz"
    np.savez(path, **(weights | {"scalar": weights["scalar"][:, 1:]}))
    with pytest.raises(DataError, match="another version"):
        load(path)
