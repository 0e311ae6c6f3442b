"""A score depends on its text and context alone, to the bit: not on what else is scored, in which order, calls, rounds or workers, nor on a cache."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.fluency.cache import Cache
from auditor.fluency.document import score
from auditor.fluency.openvino import MODES, OpenVinoScorer
from auditor.fluency.scorer import Passage, tokens
from auditor.text.segment import segment
from auditor.types import Document

SENTENCES = [
    "The strike at the port ended on Sunday.",
    "After eleven hours of talks the two delegations left the hotel without a word to the waiting reporters.",
    "Nothing.",
    "“It’s over,” she said. “We can go home, and that is that.”",
    "Überraschung 😀 in São Tomé: 1,234.5 per cent.",
]
TEXT = st.lists(st.sampled_from([*SENTENCES, "", "\n\n", "the\ton ", "0" * 40]), max_size=6).map(" ".join)
PASSAGES = st.lists(st.builds(Passage, st.one_of(st.just(""), TEXT), TEXT), min_size=1, max_size=10)


@pytest.fixture(scope="module", params=MODES)
def engines(tiny, tmp_path_factory, request):
    """One worker and two, in windows of 48 tokens, so that many passages are read in several."""
    place = tmp_path_factory.mktemp(request.param)
    options = {"name": "tiny@1", "folder": place, "start": "<|endoftext|>", "mode": request.param, "window": 48}
    found = [OpenVinoScorer(tiny.gguf, **options, workers=workers) for workers in (1, 2)]
    yield found
    for one in found:
        one.close()


@settings(deadline=None, max_examples=25)
@given(PASSAGES, st.randoms(use_true_random=False), st.integers(1, 10))
def test_alone_together_shuffled_in_parts_or_by_two_workers(engines, passages, random, size):
    one, two = engines
    alone = {passage: one.score([passage])[0] for passage in passages}
    random.shuffle(passages)
    wanted = [alone[passage] for passage in passages]
    assert one.score(passages) == wanted
    assert two.score(passages) == wanted
    assert [found for at in range(0, len(passages), size) for found in two.score(passages[at : at + size])] == wanted
    assert [found.tokens for found in two.read(passages)] == wanted


@settings(deadline=None, max_examples=25)
@given(PASSAGES)
def test_each_token_is_scored_once_in_whatever_windows(engines, passages):
    for passage, found in zip(passages, engines[1].score(passages), strict=True):
        ids = engines[1]._tokeniser.encode(passage.text, add_special_tokens=False).ids
        assert len(found.spans) == len(found.logprobs)
        assert all(value < 0.0 for value in found.logprobs)
        assert bool(found.spans) == bool(passage.text)
        covered = [place for start, end in found.spans for place in range(start, end)]
        assert sorted(set(covered)) == list(range(len(passage.text)))
        if not passage.context:
            assert len(found.logprobs) == len(ids)


@settings(deadline=None, max_examples=12)
@given(st.lists(TEXT, min_size=1, max_size=5), st.integers(1, 5), st.integers(20, 400))
def test_documents_in_any_window_of_the_pipeline_with_and_without_a_cache(engines, tmp_path_factory, texts, size, rounds):
    one, two = engines
    documents = [segment(Document(f"{number}.txt", text)) for number, text in enumerate(texts)]
    wanted = [score([document], one)[0] for document in documents]
    cache = Cache(tmp_path_factory.mktemp("cache") / "scores.sqlite")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("auditor.fluency.scorer._ROUND", rounds)
        for _ in range(2):
            found = [one for at in range(0, len(documents), size) for one in score(documents[at : at + size], two, cache=cache)]
            assert found == wanted
    cache.close()


def test_the_cache_gives_back_every_bit(engines, tmp_path):
    passages = [Passage(SENTENCES[0], text) for text in SENTENCES]
    wanted = engines[0].score(passages)
    cache = Cache(tmp_path / "scores.sqlite")
    for _ in range(2):
        assert list(tokens(engines[1], passages, cache=cache)) == wanted
    cache.close()


@pytest.mark.model
def test_the_default_model_in_its_default_mode(default_model, cache_folder):
    from auditor.fluency.load import load

    found, path = default_model
    one, two = (load(found, path, cache=cache_folder, workers=workers) for workers in (1, 2))
    passages = [Passage("", text) for text in (*SENTENCES, " ".join(SENTENCES * 3))] + [Passage(SENTENCES[1], SENTENCES[0])]
    alone = [one.score([passage])[0] for passage in passages]
    assert two.score(passages) == alone
    assert two.score(passages[::-1]) == alone[::-1]
    assert [found.tokens for found in two.read(passages)] == alone
    one.close()
    two.close()
