import json

from hypothesis import given
from hypothesis import strategies as st

from auditor.io import jsonl
from auditor.io.place import locate
from auditor.types import Span

TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from('\\"\n/😀é')), max_size=12)
VALUES = st.one_of(TEXTS, st.lists(TEXTS, max_size=3))


@given(st.one_of(st.none(), VALUES), VALUES, st.booleans(), st.sampled_from([(",", ":"), (", ", " : ")]), st.booleans())
def test_every_sign_of_an_article_stands_where_the_map_says(headline, body, ascii_only, separators, marked):
    values = {"x": {"text": "q", "l": ['"a', []]}, "title": None, "n": -1.5e3, "headline": headline, "body": body, "content": "other"}
    line = " " + json.dumps(values, ensure_ascii=ascii_only, separators=separators)
    data = (b"\xef\xbb\xbf" if marked else b"") + line.encode()
    document = jsonl.article(data, "x.jsonl", 7)
    mapped = jsonl.mapped(document, line, bom=3 if marked else 0)
    assert jsonl.number(mapped) == 7
    assert sum(piece.length for piece in mapped.origin.pieces) == len(document.text)
    for index, sign in enumerate(document.text):
        at = locate(mapped, Span(index, index + 1))
        assert data[at.bytes.start : at.bytes.end].decode() == at.text
        assert json.loads(f'"{at.text}"') == sign if at.text else sign == "\n"
