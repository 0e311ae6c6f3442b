import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import DataError
from auditor.names import aliases
from auditor.names.keeping import FILE, Wording, added, identifier, render, rows, save

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(str.strip)


def own(folder):
    return aliases.load([folder])


def test_a_new_name_is_written_and_found_again(tmp_path):
    table = aliases.AliasTable()
    entities = added(
        table, [Wording("Oleh Harnyk", "Oleg Garnik", "variant", "ru"), Wording("Oleh Harnyk", "Oleh Garnyk", "accepted", "")], source="the desk"
    )
    path = save(tmp_path, entities)
    assert path.name == FILE
    entry = own(tmp_path).lookup("Oleg Garnik")
    assert entry is not None
    assert (entry.english(), entry.role, entry.conventions) == ("Oleh Harnyk", "variant", ("ru",))
    assert own(tmp_path).lookup("Oleh Garnyk").role == "accepted"


def test_a_known_name_keeps_what_it_has_and_wins_over_the_shipped_table(tmp_path):
    shipped = aliases.load([aliases.aliases_folder()])
    lukashenko = shipped.lookup("Alexander Lukaschenko").entity
    save(tmp_path, added(shipped, [Wording(lukashenko.full.canonical, "Aljaksandr Lukaschenka", "variant", "de")], source="the desk"))
    table = aliases.load([aliases.aliases_folder(), tmp_path])
    assert len(table) == len(shipped)
    for spelling in ("Aljaksandr Lukaschenka", "Alexander Lukaschenko"):
        assert table.lookup(spelling).english() == lukashenko.full.canonical


def test_what_is_there_already_changes_nothing(tmp_path):
    shipped = aliases.load([aliases.aliases_folder()])
    assert added(shipped, [Wording("NATO", "OTAN", "variant", "fr"), Wording("NATO", "NATO", "accepted", "")], source="x") == ()


def test_a_second_decision_replaces_the_table_and_leaves_comments_alone(tmp_path):
    save(tmp_path, added(aliases.AliasTable(), [Wording("Ana Bell", "Anna Belle", "variant", "fr")], source="x"))
    path = tmp_path / FILE
    path.write_text("# ours\n" + path.read_text(encoding="utf-8") + '\n# end\n[other]\ncanonical = "Other"\nkind = "term"\n', encoding="utf-8")
    save(tmp_path, added(own(tmp_path), [Wording("Ana Bell", "Ana Bel", "variant", "es")], source="x"))
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ours\n")
    assert text.count("[ana-bell]") == 1
    assert set(tomllib.loads(text)) == {"ana-bell", "other"}
    assert tomllib.loads(text)["ana-bell"]["variants"] == {"es": ["Ana Bel"], "fr": ["Anna Belle"]}


def test_a_contradiction_is_an_error_and_nothing_is_written(tmp_path):
    save(tmp_path, added(aliases.AliasTable(), [Wording("Ana Bell", "Anna Belle", "variant", "fr")], source="x"))
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(DataError, match=str(tmp_path)):
        save(tmp_path, added(own(tmp_path), [Wording("Anna Belle", "Ana Belle", "variant", "es")], source="x"))
    assert (tmp_path / FILE).read_bytes() == before


def test_ids_are_free_and_plain():
    assert identifier("Île d’Yeu") == "ile-dyeu"
    assert identifier("北京") == "name"
    table = aliases.AliasTable(entities=added(aliases.AliasTable(), [Wording("Jose Paz", "x")], source="x"))
    assert [entity.id for entity in added(table, [Wording("José Paz", "y")], source="x")] == ["jose-paz-2"]


@given(TEXT, TEXT, TEXT)
def test_whatever_is_written_can_be_read(canonical, surface, source):
    (entity,) = added(aliases.AliasTable(), [Wording(canonical, surface, "variant", "fr")], source=source)
    content = tomllib.loads(render(entity))[entity.id]
    assert content["canonical"] == canonical
    assert content["sources"] == [source]
    assert content.get("variants", {}).get("fr", [canonical]) == [surface] or surface == canonical


def test_rows_tell_every_spelling():
    shipped = aliases.load([aliases.aliases_folder()])
    told = list(rows(shipped.entities))
    assert {"NATO", "OTAN"} <= {row["form"] for row in told if row["id"] == "nato"}
    assert {row["role"] for row in told} == {"canonical", "accepted", "variant", "only"}
