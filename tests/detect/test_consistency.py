"""The kind consistency: what is one thing in two spellings, which of them is the outlier, and what is no such thing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect import consistency
from auditor.detect.kind import Resources
from auditor.names.aliases import aliases_folder, load
from auditor.text.language import language
from auditor.text.segment import segment
from auditor.types import Document, Provenance, Rule, Severity

TABLE = load([aliases_folder()])


def rule(check, *terms, exceptions=()):
    params = {"check": check, "terms": terms, "except": exceptions}
    return Rule("x/y", None, None, "consistency", params, "{match} {other}", "style/inconsistent", Severity.MINOR)


def matches(text, *rules, source=None, variant=""):
    detect = consistency.build(rules, Resources(language=language, aliases=TABLE, variant=variant))
    document = segment(Document("a.txt", text, provenance=Provenance(source_lang=source)))
    return [match for _, match in detect(document)]


def said(text, *rules, source=None, variant=""):
    """(outlier places, what to print, number of places of the other form) of each match."""
    return [
        (tuple(text[s.start : s.end] for s in (m.span, *m.occurrences)), m.suggestions[0].text, len(m.related))
        for m in matches(text, *rules, source=source, variant=variant)
    ]


DOTS = rule("dots", "US", "UN", exceptions=("U.S. Steel", "US Open"))
LEAD = "The port was closed on Sunday, and nobody knew for how long it would stay so. "


class TestDots:
    def test_the_rarer_shape_is_the_outlier(self):
        assert said(LEAD + "A US ship left. The US navy sent two. Then U.S. divers came.", DOTS) == [(("U.S.",), "US", 2)]
        assert said(LEAD + "A U.S. ship left. The U.S. navy sent two. Then US divers came.", DOTS) == [(("US",), "U.S.", 2)]

    def test_a_tie_goes_to_the_first_unless_the_house_is_british(self):
        text = LEAD + "A U.S. ship left. Then US divers came."
        assert said(text, DOTS) == [(("US",), "U.S.", 1)]
        assert said(text, DOTS, variant="en-GB") == [(("U.S.",), "US", 1)]

    @pytest.mark.parametrize(
        ("text", "fixed"),
        [
            (
                LEAD + "A US ship left. The US crew slept. It is in the U.S.",
                LEAD + "A US ship left. The US crew slept. It is in the US.",
            ),
            (
                LEAD + "A U.S. ship left. The U.S. crew slept. It is in the US.",
                LEAD + "A U.S. ship left. The U.S. crew slept. It is in the U.S.",
            ),
        ],
    )
    def test_the_full_stop_of_the_sentence_survives(self, text, fixed):
        (match,) = matches(text, DOTS)
        assert text[: match.span.start] + match.suggestions[0].text + text[match.span.end :] == fixed

    @pytest.mark.parametrize(
        "more",
        [
            "“The U.S. divers came,” he said.",
            "Shares of U.S. Steel fell.",
            "It cost US$5.",
            "The shop is called Binance.US in ads.",
            "The U.N. sent tents.",
        ],
    )
    def test_quotations_names_and_money_do_not_count(self, more):
        assert said(f"{LEAD}A US ship left. {more}", DOTS) == []

    def test_headlines_do_not_count(self):
        assert said(f"US navy sends divers\n\n{LEAD}A U.S. ship left.", DOTS) == []


class TestIntroduced:
    ACRONYMS = rule("introduced", "Islamic State: IS, ISIS, ISIL")

    def test_another_acronym_than_the_introduced_one(self):
        text = LEAD + "It was held by the Islamic State group (IS). Later ISIS fled, and ISIS burned the mill."
        assert said(text, self.ACRONYMS) == [(("ISIS", "ISIS"), "IS", 1)]
        assert not matches(text, self.ACRONYMS)[0].suggestions[0].safe

    @pytest.mark.parametrize(
        "text",
        [
            "It was held by the Islamic State (IS), formerly ISIL. Later IS fled.",
            "It was held by the Islamic State. Later ISIS fled.",
            "It was held by the Islamic State (ISIS). Later ISIS fled.",
            "It was held by the Islamic State (IS). “ISIS fled,” she said.",
            "ISIS came first. It was held by the Islamic State (IS). Later IS fled.",
        ],
    )
    def test_near_misses(self, text):
        assert said(LEAD + text, self.ACRONYMS) == []


class TestCompounds:
    LED = rule("compounds", "led", "backed")

    def test_a_modifier_without_its_hyphen(self):
        text = LEAD + "The Dutch-led team dived first. Parts of a Dutch led convoy followed with Dutch led crews."
        assert said(text, self.LED) == [(("Dutch led", "Dutch led"), "Dutch-led", 1)]

    @pytest.mark.parametrize(
        "text",
        [
            "The Dutch-led team dived first. In March the Dutch led the team.",
            "The Dutch-led team dived first. A report on how the Dutch led teams was printed.",
            "Parts of a Dutch led convoy followed.",
            "The Dutch-led team dived first. Parts of a Danish led convoy followed.",
        ],
    )
    def test_verbs_and_compounds_without_a_pair_are_silent(self, text):
        assert said(LEAD + text, self.LED) == []


class TestArticles:
    def test_a_raised_article_inside_a_sentence(self):
        text = "Omar al-Tikriti resigned. Al-Tikriti was ill. A friend of al-Tikriti said that Al-Tikriti’s flat was empty."
        assert said(text, rule("articles")) == [(("Al-Tikriti",), "al-Tikriti", 2)]

    def test_the_majority_decides(self):
        text = "She writes for Al-Balad. He reads Al-Balad too. They met the editor of al-Balad."
        assert said(text, rule("articles")) == [(("al-Balad",), "Al-Balad", 2)]

    @pytest.mark.parametrize(
        "text",
        [
            "Omar al-Tikriti resigned. Al-Tikriti was ill.",
            "Omar al-Tikriti resigned. “Al-Tikriti was ill,” she said. Who came: Al-Tikriti.",
            "Omar al-Tikriti reads Al-Balad.",
            "AL-TIKRITI RESIGNS\n\nOmar al-Tikriti resigned on Sunday, his office said.",
        ],
    )
    def test_openings_and_other_names_say_nothing(self, text):
        assert said(text, rule("articles")) == []


class TestAccepted:
    def test_two_right_spellings_of_one_entity(self):
        text = "Qassem Soleimani led the force. Soleimani died in 2020. A street is named after Suleimani."
        assert said(text, rule("accepted")) == [(("Suleimani",), "Soleimani", 2)]

    def test_a_places_newer_name_stands_even_where_it_is_rarer(self):
        text = "They left Kiev by bus. North of Kiev it rained. They never saw Kyiv again."
        assert said(text, rule("accepted")) == [(("Kiev", "Kiev"), "Kyiv", 1)]

    @pytest.mark.parametrize(
        "text",
        [
            "They left Kyiv. “Kiev is our mother,” he said.",
            "The Islamic State fled. Families of ISIS men stayed.",
            "They left Kyiv for Odesa.",
            "Uighur families fled. The World Uyghur Congress counted them. An Uighur baker stayed.",
            "Al-Qaeda has a base there. The base of al-Qaeda was empty.",
        ],
    )
    def test_near_misses(self, text):
        assert said(text, rule("accepted")) == []


class TestRomanised:
    def test_a_name_of_no_table_beside_its_english_form(self):
        text = "A guard named Rachid Bouchami fired. Police asked Mr. Bouchami. The shots, Rashid Bushami said, were warnings."
        assert said(text, rule("romanised"), source="fr") == [
            (("Rachid Bouchami",), "Rashid Bushami", 1),
            (("Bouchami",), "Bushami", 1),
        ]
        for match in matches(text, rule("romanised"), source="fr"):
            assert match.evidence["convention"] == "fr"
            assert not match.suggestions[0].safe

    @pytest.mark.parametrize(
        ("text", "source"),
        [
            ("Martine Dubois and Martin Dubois came.", "fr"),
            ("Mohammed Tahiri met Mahmoud Tahiri and Mohamed Taheri.", "fr"),
            ("The Saudi minister flew to Sudan with a Sudanese pilot.", "fr"),
            ("Anna Weber beat Jana Veber.", "fr"),
            ("The two Hansens, Lars Hansen and Lars Hanssen, fish.", "de"),
            ("Sara Zimmer met Zara Zimmer.", "de"),
            ("Iran spoke to Iraq.", "de"),
            ("The BrandZ list ranks Brands.", "de"),
        ],
    )
    def test_other_people_and_places_are_other_people_and_places(self, text, source):
        assert said(text, rule("romanised"), source=source) == []

    def test_without_a_source_language_one_letter_is_not_enough(self):
        text = "A guard named Oleg Woronin fired. The shots, Oleg Voronin said, were warnings."
        assert said(text, rule("romanised"), source="de") == [(("Woronin",), "Voronin", 1)]
        assert said(text, rule("romanised")) == []

    def test_what_the_table_knows_is_left_to_it(self):
        assert said("He met Bachar al-Assad. She met Bashar al-Assad.", rule("romanised"), source="fr") == []


class TestDiacritics:
    def test_with_and_without(self):
        text = "The singer Jana Šafář won. Judges praised Šafář. Later Safar sang again, and they met Safar’s mother at Šafář’s house."
        assert said(text, rule("diacritics")) == [(("Safar", "Safar"), "Šafář", 3)]

    def test_given_names_and_quotations_do_not_count(self):
        assert said("José Ramos met Jose Vargas. “Ask Munoz,” she said of Ana Muñoz.", rule("diacritics")) == []


ALL = (DOTS, TestIntroduced.ACRONYMS, TestCompounds.LED, *(rule(check) for check in ("articles", "accepted", "romanised", "diacritics")))
PARTS = ["US", "U.S.", "al-Rawi", "Al-Rawi", "Kiev", "Kyiv", "Hansen", "Rachid", "Rashid", "said", "of a US led team", "US-led"]
PARTS += [".", "“", "”", "\n\n", "Peña", "Pena"]


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(PARTS), max_size=25), st.sampled_from([None, "fr"]))
def test_an_outlier_differs_from_what_to_print_and_stands_apart_from_its_evidence(words, source):
    text = " ".join(words)
    for match in matches(text, *ALL, source=source):
        assert match.related
        for span in (match.span, *match.occurrences):
            assert text[span.start : span.end] != match.suggestions[0].text
            assert not any(span.overlaps(other) for other in match.related)


def spelt(text, variant=""):
    return matches(text, rule("spellings", "colour color s ed", "centre center s", "harbour harbor s"), variant=variant)


@pytest.mark.parametrize(
    ("text", "outliers"),
    [
        ("The colours of the harbour. A center.", [("center", "centre")]),
        ("A center and its colors, the harbour.", [("harbour", "harbor")]),
        ("A harbour. Its centre. Two colors and a coloured center.", [("center", "centre"), ("colors", "colours")]),
        ("The colour of the Center, of color-blind and of center’s.", [("color", "colour")]),
        ("The colour. “A center,” he said.", []),
        ("The colour of the harbour.", []),
        ("The colourful laboratory.", []),
    ],
)
def test_spellings_of_two_houses(text, outliers):
    found = spelt(text)
    assert sorted((text[m.span.start : m.span.end], m.suggestions[0].text) for m in found) == outliers
    assert all(match.related for match in found)


@given(words=st.lists(st.sampled_from(["colour", "color", "centre", "center", "harbours", "harbors", "road"]), min_size=1, max_size=12))
@settings(deadline=None)
def test_the_rarer_spelling_is_the_outlier_and_mending_it_is_enough(words):
    text = f"We saw {' and '.join(words)} there."
    british, american = (sum(word in side for word in words) for side in (("colour", "centre", "harbours"), ("color", "center", "harbors")))
    places = sorted((span, match.suggestions[0].text) for match in spelt(text) for span in (match.span, *match.occurrences))
    assert len(places) == (min(british, american) if british and american else 0)
    for span, new in reversed(places):
        text = text[: span.start] + new + text[span.end :]
    assert spelt(text) == []


def test_a_house_that_says_how_it_spells_is_not_asked():
    assert spelt("The colour. The center.", variant="en-GB") == []


def test_the_acronym_that_the_text_lives_by_is_no_outlier():
    families = rule("introduced", "Water Board: WB, WBD")
    opening = "The Water Board (WB) met. "
    assert said(opening + "The WBD left.", families) == [(("WBD",), "WB", 1)]
    assert said(opening + "The WBD left. " * 4, families) == []


@pytest.mark.parametrize(
    ("text", "outliers"),
    [
        ("The Road Guard came to Moos at noon. Much later, when it had rained for an hour, the Guardia Vial left.", [("Guardia Vial", "Road Guard")]),
        ("The Guardia Vial came. Later, when it had rained for an hour and more, the Road Guard left and the Guardia Vial came.", []),
        ("The Road Guard (Guardia Vial) came. Later, when it had rained for an hour and more in Moos, the Guardia Vial left again.", []),
        ("The Road Guard came to Moos at noon. “It is not true at all that we saw the Guardia Vial or anybody else,” he said.", []),
        ("The Road Guard came to Moos. Later, when it had rained for an hour and more in the town, the Road Guards left again.", []),
    ],
)
def test_one_body_under_two_names(text, outliers):
    found = matches(text, rule("renderings", "Road Guard | Guardia Vial", "Water Board | Junta de Aguas"))
    assert [(text[m.span.start : m.span.end], m.suggestions[0].text) for m in found] == outliers
    assert not any(match.suggestions[0].safe for match in found)
