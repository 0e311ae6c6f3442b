from auditor.fluency.scorer import Passage, tokens


class Memory:
    def __init__(self):
        self.kept = {}

    def get(self, signature, passages):
        return {passage: self.kept[signature, passage] for passage in passages if (signature, passage) in self.kept}

    def put(self, signature, results):
        self.kept |= {(signature, passage): found for passage, found in results}


TEXTS = ["Ministers met.", "Nobody spoke.", "Ministers met.", "It rained."]


def test_results_stand_in_the_order_of_the_passages_and_equal_ones_are_scored_once(counting):
    passages = [Passage("", text) for text in TEXTS]
    assert list(tokens(counting, passages)) == [counting.one(passage) for passage in passages]
    assert [len(call) for call in counting.calls] == [3]


def test_what_the_cache_holds_is_not_scored(counting):
    memory = Memory()
    passages = [Passage("Before. ", text) for text in TEXTS]
    first = list(tokens(counting, passages, cache=memory))
    counting.calls.clear()
    assert list(tokens(counting, passages, cache=memory)) == first
    assert not counting.calls
    list(tokens(counting, [Passage("Other. ", TEXTS[0])], cache=memory))
    assert len(counting.calls) == 1, "another context is another score"


def test_rounds_are_kept_as_they_are_done(counting):
    memory = Memory()
    passages = [Passage("", f"{number} " * 24_000) for number in range(3)]
    told = []
    stream = tokens(counting, passages, cache=memory, progress=lambda done, total: told.append((done, total)))
    next(stream)
    stream.close()
    assert len(memory.kept) == 2, "an interrupted run keeps the rounds that were done"
    assert told == [(96_000, 144_000)]
