"""The order of the stages, with stand-ins for the language model."""

from auditor import pipeline
from auditor.config import Config
from auditor.errors import ModelError
from auditor.fluency.scorer import Tokens
from auditor.types import Document

TEXT = "Talks resume in Geneva\n\nThe delegates met in the the hall on Monday. They will meet again in May."


class Broken:
    """A model that cannot be made ready."""

    signature, context, notices = "broken@1", 100, ()

    def score(self, passages):
        raise ModelError("the graph cannot be compiled")

    def close(self):
        pass


class Level(Broken):
    """A token a character, all equally probable."""

    signature = "level@1"

    def score(self, passages):
        return [Tokens(tuple((n, n + 1) for n in range(len(p.text))), (-1.0,) * len(p.text)) for p in passages]


def report(scorer, *texts):
    config = Config()
    rules, _ = pipeline.rule_set(config)
    documents = [Document(f"{number}.txt", text) for number, text in enumerate(texts)]
    return pipeline.report(config, documents, rules=rules, fluency=pipeline.Fluency(scorer))


def test_a_model_that_fails_at_its_first_sentence_leaves_a_working_audit():
    done = report(Broken(), TEXT)
    (audit,) = done.audits
    assert any(finding.rule == "en/word-twice" for finding in audit.findings)
    assert any("the graph cannot be compiled" in reason for reason in audit.skipped)
    assert done.run.model == "none (could not be run)"


def test_every_segment_has_its_score():
    done = report(Level(), TEXT)
    (audit,) = done.audits
    assert [score.segment for score in audit.scores] == list(range(audit.sentences))
    assert all(score.surprisal == 1.0 for score in audit.scores)
    assert done.run.model == "level@1"


def test_the_order_of_documents_is_kept_and_none_depends_on_another():
    texts = [TEXT, TEXT.replace("Monday", "Tuesday"), "Ein ganz anderer Text, der nie übersetzt wurde, weil ihn niemand bestellt hat. " * 4]
    together = report(Level(), *texts)
    assert [audit.path for audit in together.audits] == ["0.txt", "1.txt", "2.txt"]
    alone = [report(Level(), text).audits[0] for text in texts]
    assert [[f.fingerprint for f in a.findings] for a in together.audits] == [[f.fingerprint for f in a.findings] for a in alone]
    assert not together.audits[2].provenance.translated
