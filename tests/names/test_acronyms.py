"""Acronyms: the work grows with the text and not with its square."""

from time import process_time

from auditor.names.acronyms import dots
from auditor.text.segment import segment
from auditor.types import Document


def spent(copies):
    document = segment(Document("a.txt", "A ship of the U.S. left. The US navy “of the U.S.” slept. " * copies))
    start = process_time()
    (found,) = dots(document, ["US"], ["US Open"])
    assert len(found.spans) == len(found.others) == copies
    return process_time() - start


def test_ten_times_the_text_takes_no_more_than_forty_times_as_long():
    spent(20)
    assert spent(2000) < 40 * spent(200) + 0.5
