"""Known spellings, looked up once a document: what is not read must hold none."""

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names import aliases
from auditor.names.known import known
from auditor.text.segment import segment
from auditor.types import Document

_TABLE = aliases.load([aliases.aliases_folder()])
_FORMS = sorted(surface for entity in _TABLE.entities[:60] for form in (entity.full,) for surface in form.right)
_TEXTS = st.lists(st.one_of(st.sampled_from(_FORMS), st.sampled_from(["said", "the", "Al", "’s", "“", "met", ".", "\u00a0", "É"])), max_size=12).map(
    " ".join
)


@settings(deadline=None)  # the first scan builds the tree of words
@given(_TEXTS)
def test_a_segment_that_is_not_read_holds_no_spelling(text: str) -> None:
    document = segment(Document("x.txt", text))
    assert [tuple(found) for found in known(document, _TABLE)] == [tuple(_TABLE.scan(part.text)) for part in document.segments]


def test_another_table_is_asked_again() -> None:
    document = segment(Document("x.txt", f"{_FORMS[0]} met the press."))
    assert known(document, _TABLE)[0]
    assert not known(document, aliases.AliasTable())[0]
