from auditor.judge.source import infer
from auditor.types import Document, Match, Rule, Severity, Span

TEXT = "Der Mann Poutine Chamenei Kiew"


def hit(name, source, span=(0, 3), verify="", convention=None):
    rule = Rule(name, source, "en", "phrase", {}, "m", "style/awkward", Severity.MINOR, verify=verify)
    return rule, Match(Span(*span), evidence={"convention": convention} if convention else {})


def inferred(*hits):
    return infer(Document("a.txt", TEXT), hits).provenance


def test_two_different_traces_name_the_language():
    found = inferred(hit("de-en/a", "de"), hit("de-en/b", "de"))
    assert (found.source_lang, found.how) == ("de", "inferred")
    assert 0 < found.confidence < 1


def test_one_trace_however_often_is_not_enough():
    assert inferred(hit("de-en/a", "de"), hit("de-en/a", "de", (4, 8)), hit("de-en/a", "de", (9, 12))).source_lang is None


def test_unverified_rules_weigh_half():
    assert inferred(hit("de-en/a", "de"), hit("de-en/b", "de", verify="lm")).source_lang is None
    assert inferred(hit("de-en/a", "de"), hit("de-en/b", "de", verify="lm"), hit("de-en/c", "de", verify="lm")).source_lang == "de"


def test_conventions_of_names_are_traces_and_english_is_none():
    assert inferred(hit("names/romanisation", None, (9, 16), convention="fr"), hit("fr-en/a", "fr")).source_lang == "fr"
    assert (
        inferred(hit("names/romanisation", None, (9, 16), convention="en"), hit("names/romanisation", None, (17, 25), convention="en")).source_lang
        is None
    )


def test_a_text_that_speaks_for_two_languages_stays_unknown():
    found = [hit("de-en/a", "de"), hit("de-en/b", "de"), hit("fr-en/a", "fr"), hit("fr-en/b", "fr")]
    assert inferred(*found).source_lang is None
