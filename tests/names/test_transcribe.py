"""How the conventions spell native names: the rules that the gazetteer is built with."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

_PATH = Path(__file__).parents[2] / "models" / "names" / "transcribe.py"
_SPEC = importlib.util.spec_from_file_location("transcribe", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
transcribe = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(transcribe)


@pytest.mark.parametrize(
    ("native", "script", "spelled"),
    [
        ("Чехов", "ru", {"en": "Chekhov", "fr": "Tchekhov", "de": "Tschechow", "es": "Chejov", "it": "Čechov", "nl": "Tsjechov", "pl": "Czechow"}),
        ("Достоевский", "ru", {"en": "Dostoyevsky", "fr": "Dostoievski", "de": "Dostojewski", "it": "Dostoevskij", "nl": "Dostojevski"}),
        ("Сергей", "ru", {"en": "Sergei", "fr": "Sergueï", "de": "Sergei", "it": "Sergej", "nl": "Sergej", "pl": "Siergiej"}),
        ("Василий", "ru", {"en": "Vasili", "fr": "Vassili", "de": "Wassili", "nl": "Vasili", "pl": "Wasili"}),
        ("Щастя", "uk", {"en": "Shchastia", "fr": "Chtchastia", "de": "Schtschastja", "it": "Ščastja", "nl": "Sjtsjastja"}),
        ("Харків", "uk", {"en": "Kharkiv", "fr": "Kharkiv", "de": "Charkiw", "es": "Jarkiv", "nl": "Charkiv", "pl": "Charkiw"}),
        ("Ельцин", "ru", {"en": "Yeltsin", "fr": "Ieltsine", "de": "Jelzin", "nl": "Jeltsin", "pl": "Jelcyn"}),
        ("Новгород-Сіверський", "uk", {"en": "Novhorod-Siverskyi", "de": "Nowhorod-Siwerskyj", "pl": "Nowhorod-Siwerski"}),
    ],
)
def test_cyrillic_names(native, script, spelled):
    assert {code: transcribe.cyrillic(native, script, code) for code in spelled} == spelled


@pytest.mark.parametrize(
    ("english", "spelled"),
    [
        ("Bashar", {"fr": "bachar", "de": "baschar", "nl": "basjar", "pl": "baszar"}),
        ("Rajab", {"fr": "radjab", "de": "radschab", "es": "rayab", "nl": "radjab", "pl": "radżab"}),
        ("Khalid", {"de": "chalid", "es": "jalid", "nl": "chalid", "pl": "chalid"}),
        ("Mustafa", {"fr": "moustafa", "nl": "moestafa", "de": "mustafa"}),
    ],
)
def test_names_of_other_scripts_by_way_of_english(english, spelled):
    assert {code: transcribe.from_english(english, code) for code in spelled} == spelled


@given(
    st.text("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюяўАЖЩ-’ ", max_size=14),
    st.sampled_from(["ru", "uk", "be", "bg"]),
    st.sampled_from(transcribe.CONVENTIONS),
)
def test_every_letter_becomes_latin(native, script, code):
    spelled = transcribe.cyrillic(native, script, code)
    assert not any("а" <= letter.lower() <= "ґ" for letter in spelled)
    assert "\0" not in spelled
