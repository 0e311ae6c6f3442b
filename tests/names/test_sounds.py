"""Unlisted spellings of listed names."""

import pytest

from auditor.names.aliases import load
from auditor.names.convention import judge_name
from auditor.names.sounds import heard

NAMES = """
[wail-al-shamsi]
canonical = "Wail al-Shamsi"
kind = "person"
profiles.ap = "Wail al-Shamsy"
variants.pl = ["Wail asz-Szamsi"]
[yusuf-jabali]
canonical = "Yusuf Jabali"
kind = "person"
[yousef-jabali]
canonical = "Yousef Jabali"
kind = "person"
[shamsabad]
canonical = "Shamsabad"
kind = "place"
[chashtabad]
canonical = "Chashtabad"
kind = "place"
[abdel-fattah-al-khamri]
canonical = "Abdel Fattah al-Khamri"
kind = "person"
[mohammed-deyrani]
canonical = "Mohammed Deirani"
kind = "person"
[hossein-mousabi]
canonical = "Hossein Mousabi"
kind = "person"
[sergei-shchukov]
canonical = "Sergei Shchukov"
kind = "person"
[marko-babic]
canonical = "Marko Babich"
accepted = ["Marko Babič"]
kind = "person"
[gulzar-yaran]
canonical = "Gulzar Hekyaran"
kind = "person"
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("aliases")
    (folder / "x.toml").write_text(NAMES, encoding="utf-8")
    return load([folder])


@pytest.mark.parametrize(
    ("name", "source", "entity"),
    [
        ("Waïl al-Chamsi", "fr", "wail-al-shamsi"),
        ("Wail asch-Schamsi", "de", "wail-al-shamsi"),
        ("Wail asch-Schamsi", None, "wail-al-shamsi"),
        ("Waïl al-Chamsi", "de", None),  # another language's letters
        ("Waïl al-Chamsi", None, None),  # one correspondence is too little
        ("Wail al-Shamsi", "fr", None),  # right
        ("Waïl al-Shamsi", "fr", None),  # a diacritic alone
        ("Youssouf Djabali", "fr", None),  # two people
        ("Chamsabad", "fr", None),  # one word, one correspondence
        ("Tchachtabad", "fr", "chashtabad"),  # two
        ("Tchachtabad", "de", None),
        ("Tchachtabad", None, None),
        ("Abdelfatá al Jamri", "es", "abdel-fattah-al-khamri"),
        ("Abdul Fatah al-Chamri", "de", "abdel-fattah-al-khamri"),
        ("Abdul Fattah al-Khamri", "de", None),  # English too
        ("Muhammad Dejrani", "pl", "mohammed-deyrani"),
        ("Muhammad Deirani", "pl", None),  # English too
        ("Hosejn Musabi", "pl", "hossein-mousabi"),
        ("Hasan Mousabi", "pl", None),  # somebody else
        ("Gulzar Hekjaran", "de", "gulzar-yaran"),
        ("Sergej Ščukov", "it", "sergei-shchukov"),
        ("Sergei Ščukov", "it", "sergei-shchukov"),  # English has no háček in it
        ("Marko Babić", "it", None),
        ("Wáil al-Shamsí", "es", "wail-al-shamsi"),  # English prints no accent there
        ("Wáil al-Shamsí", "de", None),
        ("Cháshtabad", "es", "chashtabad"),
        ("Chashtabad", "es", None),
        ("", "fr", None),
    ],
)
def test_the_entity_that_a_spelling_names(table, name, source, entity):
    found = heard(name, table, source)
    assert (found[0].id if found else None) == entity


def test_the_judgement_says_how_it_is_known(table):
    found = judge_name("Wail asch-Schamsi", table, source_lang="de")
    assert (found.canonical, found.how, found.entity_id, found.changed) == ("Wail al-Shamsi", "skeleton", "wail-al-shamsi", True)
    assert max(found.convention, key=found.convention.get) == "de"
    assert sum(found.convention.values()) == pytest.approx(1.0)
    assert judge_name("Wail asch-Schamsi", table, source_lang="de", profile="ap").canonical == "Wail al-Shamsy"
