"""Quotations without an end or a beginning: which mark is missing, and where nothing can be said."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.text.segment import segment
from auditor.types import Block, Document, Scope, Span


def said(find, what, text):
    return [text[span.start : span.end] for match in find("unpaired", f'find = "{what}"', text) for span in (match.span, *match.occurrences)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We waited. said the mayor.", ["“We"]),
        ("He said: “We waited.\n\nNobody came.", ["“We"]),
        ("“We waited,” he said. “Nobody came.", ["“Nobody"]),
        ("“We waited, he said. “Nobody came.”", ["“We"]),
        ("“We waited.\n\n“Nobody came,” he said.", []),  # a quotation of two paragraphs
        ("He said: “We waited.\n\nNobody came.” They left.", []),  # the same, its second mark left out
        ("“We waited,” he said.", []),
        ("He read “The Trial” and “Emil”.", []),
        ("“We waited“, he said.", []),  # closed with the wrong mark: another rule’s
        ("”We waited”, he said.", []),  # opened with the wrong mark
        ("“We waited, he said. “Nobody came.", []),  # two are missing: which, nobody can say
        ('“We waited," he said.', []),
        ("„We waited“, he said, “and left.", []),
        ("A plank of 7” and one of “oak.", []),
        ("“" + "We waited. " * 100, []),
    ],
)
def test_never_closed(find, text, expected):
    assert said(find, "unclosed", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We waited.” He left.", ["waited.”"]),
        ("“We waited,” he said. Nobody came.” He left.", ["came.”"]),
        ("He left.\n\nWe waited.”\n\nHe came.", ["waited.”"]),
        ("He said: “We waited.\n\nNobody came.” They left.", []),
        ("“We waited,” he said.", []),
        ("A plank of 7” length.", []),
        ('He said "we waited.”', []),
        ("We waited.” Nobody came.” He left.", []),
        ("Word —” word.", ["—”"]),
    ],
)
def test_never_opened(find, text, expected):
    assert said(find, "unopened", text) == expected


def test_places_of_one_wording_are_one_finding(find):
    text = "He said: “We waited.\n\nHe left.\n\nShe said: “We waited too.\n\nShe left."
    (match,) = find("unpaired", 'find = "unclosed"', text)
    assert [text[span.start : span.end] for span in (match.span, *match.occurrences)] == ["“We", "“We"]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="ab “”’\n.,-—", max_size=60))
def test_places_hold_their_mark_and_paired_text_is_silent(find, text):
    for what, mark in (("unclosed", "“”"), ("unopened", "“”")):
        assert all(any(sign in place for sign in mark) for place in said(find, what, text))
    paired = " ".join(f"“{word}”" for word in "".join(letter for letter in text if letter.isalpha()))
    assert said(find, "unclosed", paired) == said(find, "unopened", paired) == []


@pytest.mark.parametrize(("scope", "expected"), [(None, 1), (Scope.CAPTION, 1), (Scope.CREDIT, 0), (Scope.TEASER, 0)])
def test_what_belongs_to_the_page_is_not_read(find, scope, expected):
    text = "“We waited."
    document = replace(segment(Document("a.txt", text)), blocks=(Block(Span(0, len(text)), scope),))
    assert len(find("unpaired", 'find = "unclosed"', text, document=document)) == expected
