"""The promise of every reader: a span of the text is found again in the file, byte for byte."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import InputError
from auditor.io import html, markdown, plain
from auditor.io.place import locate, place
from auditor.text.segment import segment
from auditor.types import Document, Span

WORDS = st.sampled_from(
    [
        "The mayor left. ",
        "é",
        "\U0001f600 ",
        "\r\n",
        "\n",
        "\r",
        "\n\n",
        "“Why?” ",
        "\u2028",
        " \t ",
        "U.S. ",
        "x",
        ".",
        "&",
        "*",
        "<",
        "# ",
        "> ",
        "\\",
        "`",
        "\0",
    ]
)
TEXTS = st.lists(WORDS, max_size=30).map("".join)


def check(document: Document, data: bytes) -> None:
    origin = document.origin
    decoded = document.text if origin.raw is None else origin.raw
    for span in (*(part.span for part in document.segments), *(block.span for block in document.blocks), Span(0, len(document.text))):
        found = locate(document, span)
        assert found.inner == span
        assert found.text == decoded[found.span.start : found.span.end]
        assert found.bytes is not None
        if not any(found.span.start <= at < found.span.end for at in origin.invalid):
            assert data[found.bytes.start : found.bytes.end].decode(origin.encoding or "") == found.text
        before = decoded[: found.span.start]
        assert found.line == 1 + before.count("\n") + before.count("\r") - before.count("\r\n")
        if origin.raw is None:
            assert found.text == document.text[span.start : span.end]


@settings(deadline=None, max_examples=150)
@given(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]))
def test_plain_text(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    try:
        document = plain.read(data, "a.txt")
    except InputError:
        return
    check(segment(document), data)


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_markdown(text: str) -> None:
    data = text.encode()
    try:
        document = markdown.read(data, "a.md")
    except InputError:
        return
    check(segment(document), data)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.one_of(
            WORDS,
            st.sampled_from(
                [
                    "<p>",
                    "</p>",
                    "<b>",
                    "</b>",
                    "<br>",
                    "&amp;",
                    "&eacute;",
                    "&#x2014;",
                    "&nbsp",
                    "<h1>",
                    "<!-- x -->",
                    "<script>",
                    "</script>",
                    "</div>",
                    "<a href='x>y'>",
                ]
            ),
        ),
        max_size=30,
    ).map("".join)
)
def test_html(text: str) -> None:
    data = text.encode()
    try:
        document = html.read(data, "a.html")
    except InputError:
        return
    check(segment(document), data)


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    document = html.read(f"<p>{escape(text)}</p>".encode(), "a.html")
    assert document.text.split() == text.split()


def test_undecodable_bytes_count_one_each() -> None:
    data = "Łódź: ".encode() + b"\xff\xfe then. The end."
    document = segment(plain.read(data, "a.txt"))
    last = locate(document, document.segments[-1].span)
    assert data[last.bytes.start : last.bytes.end] == b"The end."
    whole = locate(document, document.segments[0].span)
    assert data[whole.bytes.start : whole.bytes.end] == data[: whole.bytes.end]


def test_lines_and_columns_count_from_one() -> None:
    document = plain.read("One.\r\nTwo.\rThree.\n\nVier é.".encode(), "a.txt")
    found = [locate(document, block.span) for block in document.blocks]
    assert [(place_.line, place_.column, place_.end_line, place_.end_column) for place_ in found] == [
        (1, 1, 1, 5),
        (2, 1, 2, 5),
        (3, 1, 3, 7),
        (5, 1, 5, 8),
    ]


def test_a_byte_order_mark_is_no_code_point() -> None:
    document = plain.read(b"\xef\xbb\xbfOne.", "a.txt")
    assert place(document, Span(0, 3)).span == Span(0, 3)
    assert place(document, Span(0, 3)).bytes == Span(3, 6)


def test_a_span_across_markup_takes_the_markup_along() -> None:
    document = html.read(b"<p>The <b>old</b> caf&eacute; &amp; bar</p>", "a.html")
    at = document.text.index("old")
    assert locate(document, Span(at, at + len("old café &"))).text == "old</b> caf&eacute; &amp;"
    assert locate(document, Span(at, at + 3)).text == "old"


@pytest.mark.parametrize("span", [Span(0, 0), Span(3, 3)])
def test_an_empty_span_has_a_place(span: Span) -> None:
    document = plain.read(b"One.", "a.txt")
    assert locate(document, span).text == ""
