from dataclasses import replace

import numpy as np
import pytest

from auditor.edits.hints import FEATURES, LAYER, Lookout, Watch, hints
from auditor.edits.propose import HOWS, book
from auditor.fluency.document import score
from auditor.fluency.scorer import Passage, Reading, Tokens
from auditor.text.segment import segment
from auditor.types import Document, Provenance, Rule, Severity, Span

TEXT = "The storm hit coast at dawn. “It hit coast,” he said."
BOOK = book([Rule("grammar/article", None, None, "edit", {"insert": ("the", "a"), "swap": ("hit hits",)}, "m", "linguistic/grammar", Severity.MINOR)])
VOCABULARY = sorted({"the", "a", "hits", "gale", "noon", *TEXT.replace(".", "").replace(",", "").replace("“", "").replace("”", "").split()})


def lookout(least: float = 0.0, **weights: float) -> Lookout:
    return Lookout(BOOK, lambda word: True, tuple(weights.get(name, 0.0) for name in FEATURES), 0.0, least)


class Model:
    """One token a word. Where `wants` names a word after the words before, that one is probable, and any other is not."""

    signature, context, notices = "model@1", 100, ()

    def __init__(self, **wants: str) -> None:
        self.wants, self.calls = wants, 0

    def rows(self, words):
        return np.eye(len(VOCABULARY), dtype=np.float32)[[VOCABULARY.index(word) for word in words]]

    def read(self, passages):
        self.calls += 1
        return [self.one(passage) for passage in passages]

    def one(self, passage):
        import re

        found = list(re.finditer(r"\w+", passage.text))
        logits = np.zeros((len(found), len(VOCABULARY)), np.float32)
        for number in range(1, len(found)):
            if found[number - 1].group() in self.wants:
                logits[number, VOCABULARY.index(self.wants[found[number - 1].group()])] = 9.0
        sure = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        own = [float(sure[number, VOCABULARY.index(match.group())]) for number, match in enumerate(found)]
        return Reading(Tokens(tuple(match.span() for match in found), tuple(own)), (), (), {LAYER: logits})

    def close(self):
        pass


def found(model: Model, seen: Lookout, text: str = TEXT):
    passage = Passage("", text)
    return [hint for _, _, hint in hints(passage, model.one(passage), model, seen)]


def test_what_is_much_more_probable_there_is_a_hint():
    (hint, again) = found(Model(hit="the"), lookout(6.0, left=1.0))
    assert (hint.edit.text, again.edit.text) == ("hit the coast", "hit the coast")
    assert hint.left == pytest.approx(9.0, abs=1e-4)
    assert hint.chance == pytest.approx(0.0, abs=0.01)
    assert hint.surprisals[0] == pytest.approx(9.0, abs=0.01)


def test_the_least_odds_decide():
    assert found(Model(hit="the"), lookout(9.5, left=1.0)) == []
    assert {hint.edit.how for hint in found(Model(), lookout(1.0, swap=1.0))} == {"swap"}


def test_another_sense_is_weighed_by_itself_and_bounded_at_its_words_alone():
    senses = book([Rule("sense/storm", None, None, "edit", {"words": ("storm gale", "dawn noon")}, "m", "linguistic/grammar", Severity.MINOR)])
    seen = Lookout(senses, lambda word: True, tuple(float(name == "sense") for name in FEATURES), 0.0, 1.0)
    assert [hint.edit.text for hint in found(Model(), seen)] == ["gale", "noon"]
    assert found(Model(), replace(seen, least=1.1)) == []


def test_an_empty_text_has_none():
    for text in ("", " ", "…", "One"):
        assert found(Model(), lookout(-99.0), text) == [] if text != "One" else True


DOCUMENT = segment(Document("a.txt", TEXT))
COAST = Span(TEXT.index("coast"), TEXT.index("coast") + 5)
QUOTED = Span(TEXT.rindex("coast"), TEXT.rindex("coast") + 5)


def near(*spans: Span) -> dict[str, list[Span]]:
    return {how: list(spans) for how in HOWS}


def watched(model, cache=None):
    watch = Watch(model, lookout(6.0, left=1.0), cache)
    score([DOCUMENT], watch, cache=watch)
    return watch


def test_a_document_has_the_hints_at_doubted_words_outside_quotations():
    watch = watched(Model(hit="the"))
    (hint,) = watch.of(DOCUMENT, near(COAST, QUOTED))
    assert TEXT[hint.edit.span.start : hint.edit.span.end] == "hit coast"
    assert watch.of(DOCUMENT, near(QUOTED)) == []
    assert watch.of(DOCUMENT, near(Span(0, 3))) == []
    assert watch.of(DOCUMENT, near()) == []


def test_a_word_is_doubted_for_each_sort_of_edit_by_itself():
    watch = watched(Model(hit="the"))
    assert watch.of(DOCUMENT, {"insert": [COAST]})
    assert not watch.of(DOCUMENT, {"insert": [], "sense": [COAST]})


def test_a_rule_for_texts_from_some_languages_is_silent_on_others_and_on_texts_from_nobody_knows_where():
    (rule,) = [Rule("sense/article", None, None, "edit", {"insert": ("the",), "sources": ("de", "nl")}, "m", "linguistic/grammar", Severity.MINOR)]
    watch = Watch(Model(hit="the"), replace(lookout(6.0, left=1.0), allowed=book([rule])), None)
    score([DOCUMENT], watch, cache=watch)
    found = {code: bool(watch.of(replace(DOCUMENT, provenance=Provenance(code, "flag")), near(COAST))) for code in ("de", "fr", None)}
    assert found == {"de": True, "fr": False, None: False}


class Kept(dict):
    """A store in memory."""

    def get(self, signature, passages):
        return {passage: self[signature, passage] for passage in passages if (signature, passage) in self}

    def put(self, signature, results):
        self.update({(signature, passage): tokens for passage, tokens in results})


def test_what_was_watched_is_known_and_what_was_only_scored_is_read_again():
    model, cache = Model(hit="the"), Kept()
    first = watched(model, cache).of(DOCUMENT, near(COAST))
    assert watched(model, cache).of(DOCUMENT, near(COAST)) == first
    assert model.calls == 1
    for key in [key for key in cache if key[0].startswith("edits@")]:
        del cache[key]
    assert watched(model, cache).of(DOCUMENT, near(COAST)) == first
    assert model.calls == 2


def test_other_rules_or_weights_are_another_lookout():
    assert len({lookout().digest, lookout(1.0).digest, lookout(left=1.0).digest}) == 3
    assert lookout().digest == lookout().digest
