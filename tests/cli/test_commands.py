import json

import jsonschema
import pytest

from auditor.names.convention import CONVENTIONS


def test_names_give_one_line_for_one_line_in_order(auditor):
    ran = auditor("names", "-", "-f", "jsonl", stdin="Alexander Lukaschenko\n\nVolodymyr Zelensky\nNobody Known\n")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert [row["text"] for row in rows] == ["Alexander Lukaschenko", "", "Volodymyr Zelensky", "Nobody Known"]
    assert [row["changed"] for row in rows] == [True, False, False, False]
    assert (rows[0]["canonical"], rows[0]["how"]) == ("Alexander Lukashenko", "alias")
    for row in rows:
        assert set(row["convention"]) == set(CONVENTIONS)
        assert sum(row["convention"].values()) == pytest.approx(1.0, abs=0.001)
    assert max(rows[0]["convention"], key=rows[0]["convention"].get) == "de"


def test_names_on_the_terminal(auditor):
    ran = auditor("names", "Sergueï Choïgou", "Nobody \x1b[31mKnown")
    first, second = ran.out.splitlines()
    assert "Sergei Shoigu" in first
    assert "\x1b" not in second


def test_aliases_are_listed_and_sound(auditor, tmp_path):
    ran = auditor("aliases", "list", "Lukaschenko")
    assert ran.out.startswith("Alexander Lukashenko")
    assert auditor("aliases", "lint").code == 0
    own = tmp_path / ".auditor" / "aliases"
    own.mkdir(parents=True)
    (own / "own.toml").write_text('[some-body]\ncanonical = "Some Body"\nkind = "person"\n', encoding="utf-8")
    ran = auditor("aliases", "lint")
    assert ran.code == 1
    assert "[some-body] has no sources" in ran.out


def test_a_project_alias_is_found_in_copy(auditor, tmp_path):
    own = tmp_path / ".auditor" / "aliases"
    own.mkdir(parents=True)
    table = '[jane-doe]\ncanonical = "Jane Dow"\nkind = "person"\nsources = ["house"]\nvariants.de = ["Jane Dau"]\n'
    (own / "own.toml").write_text(table, encoding="utf-8")
    (tmp_path / "a.txt").write_text("The prize went to Jane Dau of Leeds.\n", encoding="utf-8")
    ran = auditor("audit", "a.txt", "-s", "de", "--model", "none", "-f", "jsonl")
    (found,) = [json.loads(line) for line in ran.out.splitlines()]
    assert (found["text"], found["suggestions"]) == ("Jane Dau", [{"text": "Jane Dow", "safe": True}])


def test_a_rule_is_explained_with_its_examples(auditor):
    ran = auditor("rule", "names/romanisation")
    assert ran.code == 0
    for word in ("names/romanisation", "major", "says:", "why:", "wrong:", "right:", "measured:", "measured by: auditor:"):
        assert word in ran.out
    listed = auditor("rule").out.splitlines()
    assert len(listed) > 300
    assert any(line.startswith("de-en/acting-up ") for line in listed)


def test_schemas_are_valid_and_hold_for_what_is_printed(auditor, tmp_path):
    schemas = json.loads(auditor("schema").out)
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    (tmp_path / "a.txt").write_text("The delegates met in the the hall on Monday.\n", encoding="utf-8")
    jsonschema.validate(json.loads(auditor("audit", "a.txt", "--model", "none", "-f", "json").out), schemas["json"])
    for line in auditor("audit", "a.txt", "--model", "none", "-f", "jsonl").out.splitlines():
        jsonschema.validate(json.loads(line), schemas["jsonl"])
    assert auditor("schema", "jsn").code == 2


def test_models_are_listed(auditor):
    assert "smollm2-135m-instruct" in auditor("models", "list").out


def test_a_model_that_does_not_exist_is_a_2(auditor, tmp_path):
    (tmp_path / "a.txt").write_text("The delegates met.\n", encoding="utf-8")
    ran = auditor("audit", "a.txt", "--model", "smollm2-135m-instrukt")
    assert ran.code == 2
    assert "did you mean “smollm2-135m-instruct”" in ran.err


def test_nothing_to_score_with_is_a_2(auditor, tmp_path):
    (tmp_path / "a.txt").write_text("The delegates met.\n", encoding="utf-8")
    assert auditor("score", "a.txt", "--model", "none").code == 2


@pytest.mark.model
def test_score_prints_a_row_a_sentence(auditor, tmp_path, model):
    text = "Talks resume in Geneva\n\nThe delegates met on Monday. Purple the seven of quickly hats to rejoice under.\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    ran = auditor("score", "a.txt", "-f", "jsonl", "--offline")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [text[row["start"] : row["end"]] for row in rows] == [row["text"] for row in rows]
    assert len(rows) == 3
    assert rows[2]["surprisal_mean"] > rows[1]["surprisal_mean"] > 0
    assert all(row["tokens"] > 0 for row in rows)
    assert all(0 <= row["percentile"] <= 100 for row in rows)
    peaks = rows[2]["peaks"]
    assert peaks
    assert all(text[peak["start"] : peak["end"]] == peak["text"] for peak in peaks)
    assert [peak["adjusted"] for peak in peaks] == sorted((peak["adjusted"] for peak in peaks), reverse=True)


@pytest.mark.model
def test_score_shows_a_person_what_stands_out(auditor, tmp_path, model):
    (tmp_path / "a.txt").write_text("The delegates met on Monday. Purple the seven of quickly hats to rejoice under.\n", encoding="utf-8")
    first, *others, purple, words = auditor("score", "a.txt", "--offline").out.splitlines()
    assert first.startswith("a.txt: Fluency: the median sentence")
    assert "The delegates met on Monday." in others[0]
    assert float(purple.split()[1]) > 90
    assert words.strip().startswith("stands out: “")


def test_a_name_is_added_exported_and_imported_again(auditor, tmp_path):
    ran = auditor("aliases", "add", "Oleh Harnyk", "--variant", "ru=Oleg Garnik", "--only", "fr=OH", "--region", "Ukraine")
    assert ran.code == 0
    assert (tmp_path / ".auditor" / "aliases" / "own.toml").is_file()
    assert "Oleh Harnyk" in auditor("names", "Oleg Garnik").out
    exported = auditor("aliases", "export", "--own").out
    assert [line.split(",")[4] for line in exported.splitlines()[1:]] == ["Oleh Harnyk", "Oleg Garnik", "OH"]
    ran = auditor("aliases", "import", "-", stdin=exported)
    assert (ran.code, ran.out) == (0, "nothing new: the table has all of it\n")


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("canonical,form,lang\nNATO,OTAN,fr\n", "line 2: there is no column “lang”"),
        ("canonical,form\nNATO,\n", "line 2: needs “canonical” and “form”"),
        ("canonical\tform\tkind\nNATO\tOTAN\tbody\n", "line 2: “kind” cannot be “body”"),
        ('{"canonical": "NATO"\n', "line 1: is no JSON"),
    ],
)
def test_a_wrong_table_of_names_says_where(auditor, tmp_path, table, complaint):
    ran = auditor("aliases", "import", "-", stdin=table)
    assert ran.code == 2
    assert complaint in ran.err
    assert not (tmp_path / ".auditor").exists()
