"""Women's surnames with another language's ending: who is known without it."""

import pytest

from auditor.names import aliases
from auditor.names.feminine import feminine
from auditor.text.segment import segment
from auditor.types import Document

TABLE = aliases.load([aliases.aliases_folder()])


def found(text):
    return [(text[span.start : span.end], one.other) for one in feminine(segment(Document("a.txt", text)), ("ová",), TABLE) for span in one.spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Carla Soares won. Soaresová was glad, and Soaresová wept.", [("Soaresová", "Soares"), ("Soaresová", "Soares")]),
        ("Carla Peña won. Peňová was glad.", [("Peňová", "Peña")]),
        ("Carla Soares won. Carla Soaresová was glad.", [("Carla Soaresová", "Carla Soares")]),
        ("Angela Merkelová came. Merkelová left.", [("Angela Merkelová", "Angela Merkel"), ("Merkelová", "Merkel")]),
        ("Petr Malík and Jana Malíková came. Malíková is a judge.", []),
        ("Carla Soares came, and so did Dana Soaresová.", []),
        ("Petra Kvitová won. Kvitová was glad.", []),
        ("CARLA SOARES. SOARESOVÁ WON.", []),
        ("Soares won, nová did not; Nová did.", []),
    ],
)
def test_who_is_known_without_the_ending(text, expected):
    assert found(text) == expected
