from pathlib import Path

import pytest

from auditor.errors import DataError
from auditor.text.language import Language, code_of, codes, language, names, read, words


def test_months_and_marks_come_from_the_cldr() -> None:
    german = language("de")
    assert german.months[2] == "März"
    assert german.weekdays[0] == "Montag"
    assert german.decimal == ","
    assert (german.name, german.own_name) == ("German", "Deutsch")


def test_french_groups_thousands_with_any_space() -> None:
    assert set(language("fr").thousands) == {"\u202f", "\u00a0", " "}


def test_a_region_is_ignored() -> None:
    assert language("pt-BR") == language("pt")
    assert language("de_AT") == language("de")


def test_an_unknown_code_has_no_facts() -> None:
    assert language("xx") == Language("xx")


def test_a_language_without_a_file_has_what_the_cldr_knows() -> None:
    assert "sv" not in codes()
    assert language("sv").months[0] == "januari"
    assert language("sv").function_words == frozenset()


@pytest.mark.parametrize("code", codes())
def test_every_file_is_well_formed(code: str) -> None:
    facts = language(code)
    assert facts.name
    assert facts.script
    assert facts.quotation
    assert len(facts.months) == len(facts.month_abbreviations) == 12
    assert len(facts.weekdays) == 7
    assert not facts.function_words & facts.shared_with_english
    assert all(word == word.lower() for word in facts.function_words)


@pytest.mark.parametrize("code", [code for code in codes() if code != "en" and language(code).script == "Latn"])
def test_function_words_are_no_english_words(code: str) -> None:
    facts = language(code)
    assert not facts.function_words & language("en").function_words
    assert 60 <= len(facts.function_words) <= 160


@pytest.mark.parametrize(
    ("line", "problem"),
    [('titels = ["Dr."]', "did you mean “titles”"), ("titles = 3", "list of texts"), ('quotation = ["“"]', "pairs"), ("name = 1", "a text")],
)
def test_a_malformed_file_is_named_with_its_line(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "xx.toml"
    path.write_text(f"# a language\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=problem) as caught:
        read(path, Language("xx"))
    assert "xx.toml: line 2" in str(caught.value)


def test_a_file_wins_over_the_cldr(tmp_path: Path) -> None:
    path = tmp_path / "de.toml"
    path.write_text('decimal = "·"\nfunction_words = "und oder"\n', encoding="utf-8")
    read_back = read(path, language("de"))
    assert read_back.decimal == "·"
    assert read_back.function_words == {"und", "oder"}
    assert read_back.months == language("de").months


@pytest.mark.parametrize(
    ("name", "code"),
    [("German", "de"), ("deutsch", "de"), ("français", "fr"), ("de-AT", "de"), ("DEU", "de"), ("Swedish", "sv"), ("klingon", None), ("xx", None)],
)
def test_a_language_is_known_by_code_and_name(name: str, code: str | None) -> None:
    assert code_of(name) == code


def test_names_hold_english_and_own_names() -> None:
    assert names()["russian"] == names()["русский"] == "ru"


def test_words_of_all_languages_come_longest_first() -> None:
    found = words("credit_words")
    assert "dpa" in found
    assert list(found) == sorted(found, key=lambda word: (-len(word), word))
