"""Surnames that lost their capital, told from rare words by the given name before them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def found(find, text, source="cs"):
    return [[text[span.start : span.end] for span in (m.span, *m.occurrences)] for m in find("lowered", "", text, source_lang=source)]


def suggested(find, text):
    return [[s.text for s in match.suggestions] for match in find("lowered", "", text, source_lang="cs")]


def test_every_place_of_the_name_is_one_finding(find):
    text = "The referee Roman horvacek denied it. On Monday horvacek met Vladimir kostrzyn; the file names horvacek-like men."
    assert found(find, text) == [["horvacek", "horvacek"], ["kostrzyn"]]


def test_the_text_itself_says_how_it_is_written(find):
    assert suggested(find, "Roman horvacek denied it. Horvacek had whistled both.") == [["Horvacek"]]
    assert suggested(find, "Vladimir olotarev built it. Zolotarev is proud.") == [["Zolotarev"]]
    assert suggested(find, "Roman horvacek denied it.") == [[]], "nothing is on record: a first letter may be missing"


@pytest.mark.parametrize(
    "text",
    [
        "The German carmarker sold more.",  # a slip of a word
        "Vladimir overslept, Roman babysat and Sergei biked.",
        "The newsroom asked Roman outpainted walls.",  # two words in one
        "Roman da Horvacek and Sergei van Kostrzyn came.",
        "Chad horvacek and Paris horvacek",
        "The bridge horvacek collapsed.",  # no given name
        "Roman-horvacek is a firm, and roman horvacek a font.",
        "Read example.org/Roman horvacek.org.",
    ],
)
def test_what_may_be_a_word_is_silent(find, text):
    assert found(find, text) == []


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(["overslept", "minister", "plan", "and", "lawyer", "teamwork"]), st.sampled_from(["Roman", "Vladimir", "Jan", "Martin"]))
def test_known_words_behind_a_given_name_are_silent(find_once, word, name):
    assert find_once(f"On Monday {name} {word} there.") == 0


@pytest.fixture(scope="module")
def find_once():
    from auditor.detect import lowered
    from auditor.detect.kind import Resources
    from auditor.names import aliases
    from auditor.text.language import language
    from auditor.text.segment import segment
    from auditor.types import Document, Provenance, Rule, Severity

    rule = Rule("en/x", None, "en", "lowered", {}, "m", "style/awkward", Severity.MINOR)
    detect = lowered.KIND.build([rule], Resources(language=language, aliases=aliases.load([])))
    return lambda text: len(list(detect(segment(Document("x.txt", text, provenance=Provenance("cs", "flag"))))))
