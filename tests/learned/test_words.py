"""One row a word, from whatever tokens there are."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.fluency.scorer import Passage, Reading, Tokens
from auditor.learned.words import LAYERS, SCALARS, rows

COLUMN = {name: number for number, name in enumerate(SCALARS)}


@settings(deadline=None)
@given(st.text(alphabet="aB9é .,'’-\n“”", max_size=60))
def test_every_word_has_a_row(one_reading, width, text):
    passage = Passage("", text)
    found = rows(passage, one_reading(passage))
    words = [text[start:end] for start, end in found.spans]
    assert all(word and word[0].isalnum() and word[-1].isalnum() for word in words)
    assert "".join(c for word in words for c in word if c.isalnum()) == "".join(c for c in text if c.isalnum())
    assert found.states.shape == (len(words), width * len(LAYERS))
    assert found.scalars.shape == (len(words), len(SCALARS))
    assert np.isfinite(found.scalars).all()


def test_sums_over_the_tokens_of_a_word():
    hidden = {layer: np.arange(4, dtype=np.float32).reshape(4, 1) + layer for layer in LAYERS}
    reading = Reading(Tokens(((0, 4), (4, 7), (7, 8), (8, 12)), (-1.0, -2.0, -4.0, -8.0)), (0.5, 1.5, 2.5, 3.5), (1, 2, 3, 4), hidden)
    found = rows(Passage("", "Rainfal, rain"), reading)
    first, second = found.scalars
    assert found.spans == ((0, 7), (9, 13))
    assert first[COLUMN["surprisal"]] == 3.0
    assert first[COLUMN["surprisal_most"]] == 2.0
    assert first[COLUMN["surprisal_mark"]] == 4.0
    assert first[COLUMN["excess_first"]] == 0.5
    assert second[COLUMN["surprisal"]] == 8.0
    # The state that has read the word's last token predicts the token after it; at the end of the text there is none.
    assert found.states[0, 0] == 2 + LAYERS[0]
    assert found.states[1, 0] == 3 + LAYERS[0]


def test_shape_of_a_word_in_its_place(one_reading):
    passage = Passage("", "He said: “NATO has 28 well-armed members, he said.”\nHe left")
    found = rows(passage, one_reading(passage))
    names = [passage.text[start:end] for start, end in found.spans]

    def words(column):
        return [name for name, row in zip(names, found.scalars, strict=True) if row[COLUMN[column]]]

    assert words("capitals") == ["NATO"]
    assert words("digit") == ["28"]
    assert words("joined") == ["well-armed"]
    assert words("opens_sentence") == ["He", "NATO", "He"]
    assert words("after_quote") == ["NATO", "He"]
    assert words("before_comma") == ["members"]
    assert words("before_end") == ["said", "said", "left"]
    assert words("seen") == ["he", "said", "He"]
