import pytest

from auditor.edits import hints, weigh
from auditor.edits.hints import Hint
from auditor.edits.propose import Edit
from auditor.errors import DataError
from auditor.fluency.contrast import Verification
from auditor.fluency.manifest import folder, manifest
from auditor.fluency.scorer import Tokens
from auditor.types import Block, Document, Span

TEXT = "The storm hit coast at the dawn.\n\nNobody slept."
DOCUMENT = Document("a.txt", TEXT, blocks=(Block(Span(0, 32)), Block(Span(34, len(TEXT)))))
VERIFICATION = Verification("made up", 1.0, 1.0, 0.0, 0.5, 3.0)


class Spelling:
    """One token a character; a letter of `nats` costs that much."""

    signature, context, notices = "spelling@1", 100, ()

    def __init__(self, **nats: float) -> None:
        self.nats, self.passages = nats, []

    def score(self, passages):
        self.passages += passages
        return [Tokens(tuple((at, at + 1) for at in range(len(p.text))), tuple(-self.nats.get(mark, 0.0) for mark in p.text)) for p in passages]

    def close(self):
        pass


def hint(how: str, old: str, new: str, start: int | None = None) -> Hint:
    at = TEXT.index(old) if start is None else start
    return Hint(Edit(f"grammar/{how}", how, Span(at, at + len(old)), new, 1, "x"), 1.0, 0.0, (0.0, 0.0, 0.0))


def test_an_edit_is_weighed_from_where_the_versions_part():
    scorer = Spelling(s=2.0)
    ((one,),) = weigh.weigh([(DOCUMENT, [hint("insert", "hit coast", "hit the coast")])], scorer, VERIFICATION)
    assert (one.odds, one.gain.nats) == (0.0, 0.0)
    assert {p.context for p in scorer.passages if p.context} == {"The storm hit"}
    assert not any("Nobody" in p.text for p in scorer.passages), "what follows ends with the paragraph"


def test_a_dropped_word_gains_what_it_cost():
    ((one,),) = weigh.weigh([(DOCUMENT, [hint("drop", "the", "", TEXT.index("the"))])], Spelling(h=3.0), VERIFICATION)
    assert one.odds == pytest.approx(3.0)
    assert one.probability == pytest.approx(0.953, abs=1e-3)


def test_of_edits_that_overlap_the_best_is_kept():
    found = [hint("swap", "coast", "xoxst"), hint("swap", "coast", "xoxxt"), hint("swap", "at", "xt")]
    ((first, second),) = weigh.weigh([(DOCUMENT, found)], Spelling(a=1.0, s=1.0), VERIFICATION)
    assert (first.hint.edit.text, second.hint.edit.text) == ("xoxxt", "xt")


def test_no_hints_cost_nothing():
    scorer = Spelling()
    assert weigh.weigh([(DOCUMENT, []), (DOCUMENT, [])], scorer, VERIFICATION) == [[], []]
    assert not scorer.passages


def test_the_scales_that_come_along_fit_model_and_rules():
    found = weigh.load(weigh.path())
    chosen = manifest("smollm2-135m-instruct")
    assert found.reads(f"{chosen.name}@{chosen.revision}|engine|mode")
    assert not found.reads(f"{chosen.name}@other")
    assert set(hints.FEATURES) < set(found.hint)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("model =", "modle ="), "“modle”"),
        (("doubt =", "dout ="), "“dout” in [odds]; did you mean “doubt”"),
        (("drop = ", 'drop = "x" # '), "“drop” in [hint] is missing or no number"),
        (("finding =", "find ="), "“find” in [odds]"),
        (("[sense]", "[senses]"), "“senses”"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path, change, said):
    path = tmp_path / "edits.toml"
    path.write_text((folder() / "edits" / "edits.toml").read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        weigh.load(path)
    assert said in str(error.value)
    assert "line" in str(error.value)
