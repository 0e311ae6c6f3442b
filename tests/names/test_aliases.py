"""The alias table: what it reads, what it refuses, what it finds in a text."""

import pickle
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import DataError
from auditor.names.aliases import AliasTable, aliases_folder, load
from auditor.names.doubts import lint
from auditor.types import Span

SHIPPED = load([aliases_folder()])

RIVER = """
[orun-river]
canonical = "Orun"
kind = "place"
accepted = ["Oroon"]
variants.fr = ["Oroune"]
variants.de = ["Orun-Fluss", "Oruhn"]
only.es = ["OR"]
sources = ["atlas"]
"""

MINISTER = """
[karim-al-dabbagh]
canonical = "Karim al-Dabbagh"
kind = "person"
variants.fr = ["Karim al-Dabbakh"]
short.canonical = "al-Dabbagh"
short.variants.fr = ["al-Dabbakh", "Dabbakh"]
profiles.ap = "Kareem al-Dabbagh"
sources = ["press"]
"""


def table(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return load([folder])


def test_a_spelling_says_which_entity_it_is_and_what_to_print(tmp_path):
    known = table(tmp_path, a=RIVER, b=MINISTER)
    foreign = known.lookup("Oroune")
    assert (foreign.entity.id, foreign.role, foreign.conventions, foreign.english()) == ("orun-river", "variant", ("fr",), "Orun")
    assert known.lookup("Oroon").role == "accepted"
    assert known.lookup("Orun").role == "canonical"
    assert known.lookup("Orunn") is None


def test_a_surname_keeps_or_lacks_the_article_as_it_stands(tmp_path):
    known = table(tmp_path, b=MINISTER)
    assert known.lookup("al-Dabbakh").english() == "al-Dabbagh"
    assert known.lookup("Al-Dabbakh").english() == "al-Dabbagh"
    assert known.lookup("Dabbakh").english() == "Dabbagh"
    assert known.lookup("Dabbagh").role == "accepted"


def test_a_profile_picks_the_form(tmp_path):
    entry = table(tmp_path, b=MINISTER).lookup("Karim al-Dabbakh")
    assert entry.english("ap") == "Kareem al-Dabbagh"
    assert entry.english("bbc") == entry.english() == "Karim al-Dabbagh"


def test_capitals_have_to_agree_but_for_particles_and_headlines(tmp_path):
    known = table(tmp_path, a=RIVER, b=MINISTER)
    assert known.lookup("OROUNE").role == "variant"
    assert known.lookup("oroune") is None
    assert known.lookup("Or") is None
    assert known.lookup("Karim Al-Dabbakh").role == "variant"
    assert known.lookup("karim al-Dabbakh") is None


def test_a_guarded_spelling_holds_for_its_source_language_alone(tmp_path):
    entry = table(tmp_path, a=RIVER).lookup("OR")
    assert entry.holds_for("es")
    assert not entry.holds_for("fr")
    assert not entry.holds_for(None)


def test_scan_takes_the_longest_whole_words_in_order(tmp_path):
    known = table(tmp_path, a=RIVER, b=MINISTER)
    text = "Dabbakh crossed the Orun-Fluss, not the Orunia; Karim al-Dabbakh’s boat sank in the\nOroune."
    found = [text[span.start : span.end] for span, _ in known.scan(text)]
    assert found == ["Dabbakh", "Orun-Fluss", "Karim al-Dabbakh", "Oroune"]


def test_scan_joins_a_name_over_a_line_end_but_not_over_a_blank_line(tmp_path):
    known = table(tmp_path, b=MINISTER)
    assert [entries[0].short for _, entries in known.scan("Karim\nal-Dabbakh")] == [False]
    assert [entries[0].short for _, entries in known.scan("Karim\n\nal-Dabbakh")] == [True]


def test_scan_reads_letters_and_marks_however_they_are_encoded():
    decomposed = unicodedata.normalize("NFD", "Then Sergueï Choïgou left.")
    assert [decomposed[span.start : span.end] for span, _ in SHIPPED.scan(decomposed)] == [unicodedata.normalize("NFD", "Sergueï Choïgou")]
    assert [entries[0].entity.id for _, entries in SHIPPED.scan("Hashd al\u2011Sha’abi and al‐Haschd asch‐Schaʿbī")] == ["hashd-al-shaabi"] * 2


def test_two_entities_may_share_a_surname_and_then_it_says_nothing_alone(tmp_path):
    other = MINISTER.replace("karim", "omar").replace("Karim", "Omar").replace('"al-Dabbagh"', '"al-Dabagh"').replace("Kareem", "Umar")
    known = table(tmp_path, b=MINISTER, c=other)
    assert known.lookup("Dabbakh") is None
    assert [entry.entity.id for entry in known.entries("Dabbakh")] == ["karim-al-dabbagh", "omar-al-dabbagh"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('[a]\ncanonical = "A"\nkind = "place"\nvariant.fr = ["B"]\n', ["line 4", "unknown key “variant”", "did you mean “variants”"]),
        ('[a]\ncanonical = "A"\nkind = "place"\n\nvariants.french = ["B"]\n', ["line 5", "french", "no language code"]),
        ('[a]\nkind = "place"\n', ["line 1", "needs “canonical”"]),
        ('[a]\ncanonical = "A"\nkind = "plaice"\n', ["line 3", "kind", "place"]),
        ('[a]\ncanonical = "A"\nkind = "person"\nshort.canonical = "B"\nshort.suggest = ["C"]\n', ["line 5", "short.suggest"]),
        ('[a]\ncanonical = "A"\nkind = "person"\nshort.alone = true\n', ["needs “short.canonical”"]),
        ('[a]\ncanonical = "A"\nkind = "place"\naccepted = [1]\n', ["line 4", "accepted", "list of texts"]),
        ('[a]\ncanonical = "A"\nkind = "place"\nvariants.fr = [""]\n', ["line 4", "none empty"]),
        ('[a]\ncanonical = "A"\nkind = "place"\nprofiles = "ap"\n', ["line 4", "profiles"]),
        ('[A b]\ncanonical = "A"\n', ["line 1"]),
        ("a = 1\n", ["line 1", "outside an entity"]),
        ('[a]\ncanonical = "A\n', ["line 2"]),
        ('[a]\ncanonical = "A"\nkind = "place"\nregion = 5\n', ["line 4", "region"]),
        ('[a]\ncanonical = "A"\nkind = "person"\nshort = "B"\n', ["line 4", "short"]),
    ],
)
def test_a_malformed_table_is_one_clear_error(tmp_path, text, parts):
    with pytest.raises(DataError) as error:
        table(tmp_path, broken=text)
    message = str(error.value)
    assert "broken.toml" in message
    assert "\n" not in message
    for part in parts:
        assert part in message


def test_a_spelling_cannot_be_right_and_foreign_in_one_folder(tmp_path):
    with pytest.raises(DataError, match=r"“Oroon” is a right form of \[orun-river\] too"):
        table(tmp_path, a=RIVER, b='[oro]\ncanonical = "Oro"\nkind = "place"\nvariants.it = ["Oroon"]\n')


def test_a_spelling_cannot_be_foreign_for_two_entities(tmp_path):
    with pytest.raises(DataError, match="is a variant of"):
        table(tmp_path, a=RIVER, b='[oro]\ncanonical = "Oro"\nkind = "place"\nvariants.it = ["Oroune"]\n')


def test_an_id_stands_once_in_a_folder(tmp_path):
    with pytest.raises(DataError, match=r"\[orun-river\] stands in a.toml already"):
        table(tmp_path, a=RIVER, b=RIVER)


def test_a_projects_table_wins_by_id_and_by_spelling(tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "ours" / "a.toml").write_text(RIVER, encoding="utf-8")
    (tmp_path / "project" / "b.toml").write_text('[delta]\ncanonical = "Oroune"\nkind = "place"\nvariants.de = ["Oroon"]\n', encoding="utf-8")
    known = load([tmp_path / "ours", tmp_path / "project"])
    assert known.lookup("Oroune").role == "canonical"
    assert known.lookup("Oroon").english() == "Oroune"
    (tmp_path / "project" / "b.toml").write_text(RIVER.replace('"Orun"', '"Orunn"'), encoding="utf-8")
    replaced = load([tmp_path / "ours", tmp_path / "project"])
    assert len(replaced) == 1
    assert replaced.lookup("Oroune").english() == "Orunn"
    assert replaced.digest != known.digest


def test_lint_names_what_an_editor_would_put_right(tmp_path):
    text = (
        '[a]\ncanonical = "Abo"\nkind = "place"\naccepted = ["Abo"]\nvariants.fr = ["Abo", "Abeau", "Abeau"]\n[b]\ncanonical = "Bo"\nkind = "place"\n'
    )
    problems = [f"{problem.entity}: {problem.text}" for problem in lint(table(tmp_path, a=text))]
    assert problems == [
        "a: has no sources",
        "a: “Abo” (fr) is a right form of the same entity",
        "a: “Abeau” stands twice under fr",
        "a: an accepted form of “Abo” stands twice",
        "b: has no sources",
        "b: has neither variants nor accepted forms, and no notes say what it protects",
    ]


def test_an_empty_table_finds_nothing():
    assert list(AliasTable().scan("Oroune")) == []
    assert AliasTable().lookup("Oroune") is None


def test_the_tables_that_come_with_the_program_are_clean():
    assert len(SHIPPED) >= 300
    assert lint(SHIPPED) == ()
    assert {entity.kind for entity in SHIPPED.entities} == {"person", "place", "organisation", "people", "term", "acronym"}


def test_every_spelling_that_comes_with_the_program_is_found_whole_and_is_what_its_entity_says():
    for entity in SHIPPED.entities:
        for form in (entity.full, entity.short):
            if form is None:
                continue
            foreign = {surface for group in (form.variants, form.only) for surfaces in group.values() for surface in surfaces}
            for surface in (*form.right, *sorted(foreign)):
                entries = SHIPPED.entries(surface)
                mine = [entry for entry in entries if entry.entity.id == entity.id]
                assert mine, surface
                assert (mine[0].role == "variant") == (surface in foreign), surface
                text = f"On Monday {surface}, it was said."
                assert [span for span, _ in SHIPPED.scan(text)] == [Span(10, 10 + len(surface))], surface


def test_it_travels_to_a_worker():
    copy = pickle.loads(pickle.dumps(SHIPPED))
    assert copy.lookup("Kiew").english() == SHIPPED.lookup("Kiew").english()


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80), st.sampled_from(["Kiew", "Sergueï Choïgou", "al-Chaabi", "Hisbollah", ""]), st.text(max_size=20))
def test_what_scan_finds_is_in_order_apart_and_known(before, name, after):
    text = f"{before} {name} {after}"
    last = 0
    for span, entries in SHIPPED.scan(text):
        assert last <= span.start < span.end <= len(text)
        assert entries == SHIPPED.entries(text[span.start : span.end])
        assert entries
        last = span.end
