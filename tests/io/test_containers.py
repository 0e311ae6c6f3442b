"""Properties of containers: a place counts into the extracted text of its part, and the part's name says which."""

import io
import json

import docx
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.io import docx as word
from auditor.io import jsonl
from auditor.io.place import locate
from auditor.types import Span

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
printable = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=20)


def spans_of(text, cuts):
    return [Span(*sorted((a % (len(text) + 1), b % (len(text) + 1)))) for a, b in cuts]


cuts = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=5)


@settings(deadline=None, max_examples=60)
@given(st.lists(texts, min_size=1, max_size=3), cuts)
def test_jsonl(articles, places):
    data = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in articles).encode()
    for number, (text, document) in enumerate(zip(articles, jsonl.read(io.BytesIO(data), "a.jsonl", limit=10_000), strict=True), 1):
        for span in spans_of(text, places):
            found = locate(document, span)
            assert (found.text, found.span, found.inner) == (text[span.start : span.end], span, span)
            assert (found.part, found.bytes) == (f"line {number}", None)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(printable, max_size=4), min_size=1, max_size=4), cuts)
def test_docx(paragraphs, places):
    package = docx.Document()
    for pieces in paragraphs:
        paragraph = package.add_paragraph()
        for piece in pieces:
            paragraph.add_run(piece)
    stream = io.BytesIO()
    package.save(stream)
    document = word.read(stream.getvalue(), "a.docx", limit=1_000_000)
    for pieces in paragraphs:
        assert "".join(pieces) in document.text
    for span in spans_of(document.text, places):
        found = locate(document, span)
        assert (found.text, found.span) == (document.text[span.start : span.end], span)
        assert (found.part, found.bytes) == ("word/document.xml", None)
    for span, run in word.runs(docx.Document(io.BytesIO(stream.getvalue()))):
        assert document.text[span.start : span.end] == run.text
