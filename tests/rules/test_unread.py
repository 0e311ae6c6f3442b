import pickle

from auditor.rules.model import RuleSet, Unread
from auditor.types import Rule, Severity

RULE = Rule("en/one", None, "en", "phrase", {}, "One.", "style/awkward", Severity.MINOR)


def read():
    reads.append(1)
    return RuleSet((RULE,), "digest")


reads = []


def test_what_is_known_of_rules_is_told_without_reading_them_and_they_are_read_once():
    reads.clear()
    rules = Unread("digest", 1, read)
    assert (len(rules), rules.digest, reads) == (1, "digest", [])
    assert (list(rules), rules.by_id, list(rules.of_kind("phrase")), reads) == ([RULE], {"en/one": RULE}, [RULE], [1])


def test_a_worker_is_sent_the_rules_themselves():
    assert pickle.loads(pickle.dumps(Unread("digest", 1, read))) == RuleSet((RULE,), "digest")
