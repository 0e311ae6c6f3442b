from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.report.visible import HIDDEN, visible

anything = st.text(st.characters(codec=None, exclude_categories=()))


@given(anything)
@settings(deadline=None, max_examples=80)
def test_nothing_hidden_is_left(text: str) -> None:
    shown = visible(text)
    assert not HIDDEN.search(shown)
    shown.encode("utf-8")


@given(st.text(st.characters(categories=("L", "N", "P", "Zs"))))
@settings(deadline=None, max_examples=50)
def test_what_can_be_printed_stays(text: str) -> None:
    assert visible(text) == text


def test_signs() -> None:
    assert visible("a\x1b[2Jb") == "a␛[2Jb"
    assert visible("left\u202eright\x9b") == "left⟨U+202E⟩right⟨U+009B⟩"
    assert visible("one\r\ntwo") == "one␍⏎two"
    assert visible("\ud83d") == "⟨U+D83D⟩"


def test_joiners_that_scripts_and_emoji_need_stay() -> None:
    for text in ("می\u200cخواهم", "👩\u200d🚒"):
        assert visible(text) == text
