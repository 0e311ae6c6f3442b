"""One name in two spellings over a folder: the extracts, and what the reduce over them says."""

import pickle
from random import Random

from auditor.names.across import across
from auditor.names.aliases import aliases_folder, load
from auditor.names.extract import extract
from auditor.text.segment import segment
from auditor.types import Document

TABLE = load([aliases_folder()])


def extracts(**texts):
    return [extract(segment(Document(f"{name}.txt", text)), TABLE) for name, text in texts.items()]


def said(*items):
    return [(s.text, s.other, s.in_table, [p.path for p in s.at], [p.path for p in s.related]) for s in across(items, TABLE)]


def test_an_extract_holds_names_with_first_place_and_count():
    (item,) = extracts(a="On Monday Nadia Tahiri left. A friend of Nadia Tahiri’s waited in Kiew.")
    assert [(mention.text, mention.at.span.start, mention.count) for mention in item.names] == [("Nadia Tahiri", 10, 2), ("Kiew", 66, 1)]
    assert pickle.loads(pickle.dumps(item)) == item


def test_a_name_inside_a_longer_run_is_the_tables():
    (item,) = extracts(a="The Georgian President Salome Surabischwili spoke.")
    assert "Salome Surabischwili" in [mention.text for mention in item.names]


def test_the_table_explains_a_spelling_in_another_text():
    items = extracts(a="Rebels said that Bachar al-Assad had fled.", b="Rebels said that Bashar al-Assad had fled.")
    assert said(*items) == [("Bachar al-Assad", "Bashar al-Assad", True, ["a.txt"], ["b.txt"])]


def test_letters_explain_a_name_that_no_table_knows():
    items = extracts(a="Police held Youssouf Chedid at the border.", b="Police held Yussuf Shedid at the border.")
    assert said(*items) == [("Youssouf Chedid", "Yussuf Shedid", False, ["a.txt"], ["b.txt"])]


def test_what_nothing_explains_is_silent():
    assert said(*extracts(a="Police held Mohamed Tahiri.", b="Police held Mohammed Tahiri.")) == []
    assert said(*extracts(a="Police held Martine Chan.", b="Police held Martin Shan.")) == []
    assert said(*extracts(a="He praised Volodymyr Zelensky.", b="He praised Volodymyr Zelenskyy.")) == []
    assert said(*extracts(a="They flew to Kyiv.", b="They flew to Kiev.")) == []


def test_two_spellings_inside_one_text_are_that_texts_own():
    assert said(*extracts(a="They met Youssouf Chedid. Later Yussuf Shedid left.")) == []


def test_the_order_of_the_texts_does_not_matter():
    items = extracts(
        a="They met Youssouf Chedid in Alep.", b="They met Yussuf Shedid in Aleppo.", c="They met Youssouf Chedid again.", d="They left Aleppo."
    )
    first = across(items, TABLE)
    Random(1).shuffle(items)
    assert first == across(items, TABLE)
    assert [(s.text, len(s.at), len(s.related)) for s in first] == [("Youssouf Chedid", 2, 1), ("Alep", 1, 2)]
