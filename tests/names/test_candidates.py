"""Name candidates: where a name starts and ends, without a model."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.candidates import _RUN, _runs, candidates
from auditor.text.segment import segment
from auditor.types import Document, Scope


def found(text):
    return [candidate.text for candidate in candidates(segment(Document("a.txt", text)))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A clerk told Mr. Tahiri’s lawyer that Ursula von der Heide had left.", ["Tahiri", "Ursula von der Heide"]),
        ("Officials in Basra named Hadi al-Amiri and Abu Omar al-Rawi.", ["Officials", "Basra", "Hadi al-Amiri", "Abu Omar al-Rawi"][1:]),
        ("The report quotes Prime Minister Sara Lindqvist twice.", ["Sara Lindqvist"]),
        ("However, nobody asked Lindqvist.", ["Lindqvist"]),
        ("Lindqvist stayed. Nobody asked Lindqvist why.", ["Lindqvist", "Lindqvist"]),
        ("In Oslo’s Grünerløkka the baker J. P. Holm sells rye bread.", ["Oslo", "Grünerløkka", "J. P. Holm"]),
        ("She met Valéry Giscard d’Estaing in the U.S. Embassy.", ["Valéry Giscard d’Estaing", "Embassy"]),
        ("bread and water", []),
    ],
)
def test_runs_of_capitals_with_their_particles(text, names):
    assert found(text) == names


def test_a_candidate_knows_its_place():
    document = segment(Document("a.txt", "Al-Harbi spoke.\n\nThe court heard him. “Al-Harbi was calm,” a guard told Omar al-Harbi."))
    seen = [(c.text, c.opening, c.quoted) for c in candidates(document) if c.scope in (Scope.BODY, Scope.QUOTE)]
    assert seen[-2:] == [("Al-Harbi", True, True), ("Omar al-Harbi", False, False)]
    assert candidates(document)[-1].last == "al-Harbi"


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.sampled_from(["Anna", "al-Rawi", "von", "bread", "The", "Mr.", "“", "”", ".", ",", "Łódź", "X", "’s", "U.S.", "\n\n", "О"]), max_size=20
    )
)
def test_spans_are_exact_ordered_and_apart(words):
    document = segment(Document("a.txt", " ".join(words)))
    last = 0
    for candidate in candidates(document):
        assert document.text[candidate.span.start : candidate.span.end] == candidate.text
        assert last <= candidate.span.start < candidate.span.end
        last = candidate.span.end


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["Al", "al-", "asch-", "d’", "l'", "Ö", "é", "von ", " ", "-", ".", "_", "X", "bin ", "É", "1", "a"]), max_size=14).map(
        "".join
    )
)
def test_runs_are_those_of_the_whole_expression(text):
    whole = [match.span() for match in _RUN.finditer(text)]
    assert [end for _, end in whole] == [end for _, end in _runs(text) if any(end == last for _, last in whole)]
    assert all(any(start <= a and b <= end for start, end in whole) for a, b in _runs(text))
