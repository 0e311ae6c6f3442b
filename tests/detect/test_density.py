"""The density kind: different marks, often enough, once a document."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

RULE = 'match.any = ["thus", "on site", "for (his|her) part,"]\nmarks = 2\nrate = 100\n'


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Thus she left. He stayed on site.", ["Thus", "on site"]),
        ("Thus she left. He stayed on site, thus late.", ["Thus", "on site", "thus"]),
        ("Thus she left. He stayed, thus late.", []),
        ("Thus she left. “I stayed on site,” he said.", []),
        ("Thus she left. He stayed on site." + " It rained on the town all day." * 3, []),
        ("Thursday on sites for her part.", []),
    ],
)
def test_different_marks_often_enough(find, text, places):
    found = find("density", RULE, text)
    assert len(found) == bool(places)
    assert [text[span.start : span.end] for match in found for span in (match.span, *match.occurrences)] == places


def test_what_is_said(find):
    (match,) = find("density", RULE, "For his part, he stayed on site. Thus she left.")
    assert match.values == {"marks": "3", "places": "3"}
    assert match.evidence["places_per_1000_words"] == 300.0


PARTS = ["thus", "Thus", "on", "site", "on site", "for her part,", ".", "“", "”", "rain", "\n"]


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.sampled_from(PARTS), max_size=25).map(" ".join))
def test_at_most_once_in_disjoint_places(find, text):
    found = find("density", RULE, text)
    assert len(found) <= 1
    for match in found:
        spans = [match.span, *match.occurrences]
        assert spans == sorted(spans)
        assert all(not a.overlaps(b) for a, b in pairwise(spans))
