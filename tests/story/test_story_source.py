from dataclasses import replace

import pytest

from auditor.rules import loader
from auditor.stages import SCHEMAS
from auditor.story.source import cleared, contradictions, settled
from auditor.text.segment import segment
from auditor.types import Document, Match, Provenance, Rule, Severity, Span

RULES = [rule for rule in loader.load([loader.packs_folder()], SCHEMAS) if rule.kind == "source"]
EXAMPLES = [pytest.param(rule, example, id=f"{rule.id}-{n}") for rule in RULES for n, example in enumerate((*rule.bad, *rule.good))]


def pair(text, original, source_lang=None):
    provenance = Provenance(source_lang=source_lang, how="flag" if source_lang else "unknown")
    return settled(segment(Document("a.txt", text, provenance=provenance, source=Document("a.source.txt", original))))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_examples(rule, example):
    document = pair(example.text, example.original, example.source_lang)
    found = [(hit.id, match.span) for hit, match in contradictions(document, document.source, RULES)]
    assert found == [(rule.id, span) for span in example.spans]


def test_every_rule_has_both_kinds_of_examples_and_a_reason():
    assert {rule.params["find"] for rule in RULES} == {"number", "date", "weekday", "time"}
    assert all(rule.bad and rule.good and rule.why and rule.message.startswith("“{match}”") for rule in RULES)


GERMAN = "Der Rat hat am Montag beschlossen, die alte Brücke für drei Wochen zu sperren, wie die Stadt der Presse mitteilte. " * 2


def test_the_source_text_tells_the_source_language():
    document = pair("The council voted to close the bridge.", GERMAN)
    assert (document.provenance.source_lang, document.provenance.how) == ("de", "source text")
    assert document.source.provenance.target_lang == "de"


def test_a_stated_language_stands():
    assert pair("The council voted.", GERMAN, "fr").provenance.source_lang == "fr"


@pytest.mark.parametrize(
    ("original", "why"), [("123", "cannot be told"), ("The council voted to close the bridge for weeks on end. " * 4, "stands in English")]
)
def test_a_source_text_that_is_none_is_left_out_with_a_notice(original, why):
    document = pair("The council voted.", original)
    assert document.source is None
    assert why in document.notices[0]


def test_paragraphs_that_are_missing_do_not_shift_the_comparison():
    ours = [f"Sentence {n} is about the {w} that the town has built." for n, w in ((11, "bridge"), (12, "station"), (13, "school"), (17, "tower"))]
    theirs = [f"Satz {n} handelt von dem Gebäude, das die Stadt gebaut hat." for n in (10, 11, 12, 13, 14, 15, 18)]
    document = pair("\n".join(ours), "\n".join(theirs), "de")
    assert [document.text[m.span.start : m.span.end] for _, m in contradictions(document, document.source, RULES)] == []


def rule(kind):
    return Rule("und/x", None, None, kind, {}, "“{match}”", "terminology/inconsistent-use", Severity.MINOR)


def hit(document, words, other=""):
    at = document.text.index(words)
    related = (Span(document.text.index(other), document.text.index(other) + len(other)),) if other else ()
    return Match(Span(at, at + len(words)), related=related)


RUSSIAN = "Совет города решил закрыть мост, сообщила компания Schneider Bau в понедельник утром на своём сайте. " * 2


def test_what_the_source_clears():
    both = pair("Meyer came. Mayer left.", GERMAN + "Meyer kam, Mayer ging.", "de")
    assert cleared(both, both.source, rule("consistency"), hit(both, "Mayer", "Meyer"))
    one = pair("Meyer came. Mayer left.", GERMAN + "Meyer kam, Meyer ging.", "de")
    assert not cleared(one, one.source, rule("consistency"), hit(one, "Mayer", "Meyer"))
    latin = pair("Schneider Bau said so.", RUSSIAN, "ru")
    assert cleared(latin, latin.source, rule("romanisation"), hit(latin, "Schneider Bau"))


def test_what_the_source_language_may_have_made_so_is_not_cleared():
    document = pair("Selenskyj spoke of 1.200 people.", GERMAN + "Selenskyj sprach von 1.200 Menschen.", "de")
    assert not cleared(document, document.source, rule("romanisation"), hit(document, "Selenskyj"))
    assert not cleared(document, document.source, rule("numbers"), hit(document, "1.200"))


def test_the_audit_reports_what_contradicts_the_source(auditor, tmp_path):
    (tmp_path / "a.txt").write_text("The repairs will cost 3.5 million euros, the mayor said.\n", encoding="utf-8")
    (tmp_path / "a.source.txt").write_text(f"Die Reparatur kostet 3,5 Milliarden Euro, sagte der Bürgermeister.\n{GERMAN}", encoding="cp1252")
    ran = auditor("audit", "a.txt", "--model", "none", "-f", "jsonl", "--isolated")
    assert ran.code == 0
    assert '"rule":"source/number"' in ran.out
    assert "3,5 Milliarden" in ran.out


def test_an_empty_source_text_is_a_notice(auditor, tmp_path):
    (tmp_path / "a.txt").write_text("The repairs will cost 3.5 million euros, the mayor said.\n", encoding="utf-8")
    (tmp_path / "a.source.txt").write_bytes(b"")
    ran = auditor("audit", "a.txt", "--model", "none", "--isolated")
    assert ran.code == 0
    assert "not compared with" in ran.out


def test_nothing_is_compared_without_rules():
    document = pair("Three.", GERMAN, "de")
    assert list(contradictions(document, document.source, [])) == []
    assert replace(document, source=None).source is None
