"""The words of a document: what is read, and that the last result is kept for its document alone."""

from auditor.text.segment import segment
from auditor.text.words import remembered, vocabulary, words
from auditor.types import Document


def test_words_stand_by_segment_in_lower_case() -> None:
    document = segment(Document("x.txt", "The U.S. team won. It’s 3 to 1."))
    assert words(document) == (["the", "u", "s", "team", "won"], ["it", "s", "3", "to", "1"])
    assert vocabulary(document) >= {"team", "3"}


def test_an_equal_document_is_read_again_and_the_same_one_is_not() -> None:
    read: list[str] = []

    def length(document: Document) -> int:
        read.append(document.path)
        return len(document.text)

    ask = remembered(length)
    one, other = Document("a.txt", "a"), Document("b.txt", "bc")
    assert [ask(one), ask(one), ask(other), ask(one)] == [1, 1, 2, 1]
    assert read == ["a.txt", "b.txt", "a.txt"]
