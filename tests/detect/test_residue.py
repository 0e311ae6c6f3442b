"""The residue kind: where on a page a line stands, and how much of it is marked."""

import pytest

from auditor.detect.lines import lines
from auditor.types import Block, Document, Scope, Span

PAGE = "See the map\nThe lake rose by a metre, see the map. See the map of the lake.\n\n  • See the map  \nSee the map"


def texts(matches, text):
    return [text[span.start : span.end] for match in matches for span in (match.span, *match.occurrences)]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ('anchor = "whole-line"', ["See the map", "• See the map", "See the map"]),
        ('anchor = "line-start"', ["See the map", "• See the map", "See the map"]),
        ('anchor = "line-end"', ["See the map", "See the map", "See the map"]),
        ('anchor = "sentence-start"', ["See the map", "See the map", "• See the map", "See the map"]),
        ('anchor = "sentence-start"\nextent = "rest"', ["See the map", "See the map of the lake.", "• See the map", "See the map"]),
        ('anchor = "line-end"\nat = "last-line"', ["See the map"]),
        ('anchor = "line-start"\nat = "inside"', ["• See the map", "See the map"]),
        ('anchor = "anywhere"\nextent = "line"\nlongest = 4', ["See the map", "• See the map", "See the map"]),
        ('anchor = "whole-line"\nmatch.except = ["•"]', ["See the map", "See the map"]),
    ],
)
def test_anchor_place_and_extent(find, parameters, expected):
    assert sorted(texts(find("residue", f'match.any = "see the map"\n{parameters}', PAGE), PAGE)) == sorted(expected)


def test_same_line_again_is_one_finding(find):
    matches = find("residue", 'match.any = "enlarge \\\\w+"\nanchor = "whole-line"', "Enlarge image\nA lake.\nEnlarge picture\nEnlarge  image")
    assert [len(match.occurrences) for match in matches] == [1, 0]


def test_placeholder_stands_for_the_words_of_all_languages(find):
    parameters = "match.any = '\\({credit_words}\\)'\nanchor = \"line-end\""
    assert find("residue", parameters, "The lake rose. (dpa)")
    assert find("residue", parameters, "The lake rose. (Reuters)")
    assert not find("residue", parameters, "The lake rose. (map)")


def test_top_and_bottom_of_a_long_page(find):
    page = "\n".join(["Map"] + [f"The lake rose in year {number}." for number in range(20)] + ["Map"])
    assert len(texts(find("residue", 'match.any = "map"\nanchor = "whole-line"', page), page)) == 2
    assert find("residue", 'match.any = "map"\nanchor = "whole-line"\nat = "top"', page)[0].span.start == 0
    assert find("residue", 'match.any = "map"\nanchor = "whole-line"\nat = "bottom"', page)[0].span.end == len(page)


def test_credit_is_right_in_a_caption_that_the_format_states(find):
    text = "The lake rose.\n(Photo: Ada Kern)"
    parameters = 'match.any = \'\\(Photo: [^()]+\\)\'\nanchor = "line-end"\noutside = ["caption"]'
    for scope, expected in ((Scope.CAPTION, 0), (None, 1)):
        document = Document("x.html", text, blocks=(Block(Span(0, 14)), Block(Span(15, len(text)), scope)))
        assert len(find("residue", parameters, text, document=document)) == expected


def test_lines_are_those_of_any_system():
    found = lines("a\r\n  b \rc\u2028\n\n d")
    assert [(line.text, line.number, line.left) for line in found] == [("a", 0, 3), ("b", 1, 2), ("c", 2, 1), ("d", 3, 0)]


def test_what_excuses_a_rule_in_the_whole_text(find):
    parameters = 'match.any = "[a-z]+[*]"\nanchor = "anywhere"\nnear.none = "(?m:^)[*] \\\\w+"'
    assert find("residue", parameters, "The rent* is low.\nIt rains.")
    assert not find("residue", parameters, "The rent* is low.\n* Before heating")
