"""What each format's reader takes for copy, and what it leaves out."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement

from auditor.errors import InputError
from auditor.io import docx as word
from auditor.io import html, jsonl, markdown, plain
from auditor.text.segment import segment
from auditor.types import Document, Failure


def shown(document: Document) -> list[tuple[str, str]]:
    return [(str(part.scope), part.text) for part in segment(document).segments]


def test_front_matter_of_a_text_is_no_copy() -> None:
    document = plain.read(b"---\nsource_language: de\ndate: 2024-05-01\n---\nPool opens\n\nIt is blue and deep and wide.\n", "a.txt")
    assert shown(document) == [("headline", "Pool opens"), ("body", "It is blue and deep and wide.")]
    assert (document.provenance.source_lang, document.provenance.how, document.provenance.date) == ("de", "front matter", "2024-05-01")


def test_a_rule_of_dashes_is_no_front_matter() -> None:
    document = plain.read(b"---\nPool opens.\n---\nIt is blue.\n", "a.txt")
    assert "Pool opens." in [text for _, text in shown(document)]


def test_norwegian_is_no_boolean() -> None:
    assert plain.read(b"---\nsource_language: no\n---\nText.", "a.txt").provenance.source_lang == "no"


def test_a_text_in_memory() -> None:
    document = plain.document("It rained. It poured.", source_lang="de")
    assert [part.text for part in document.segments] == ["It rained.", "It poured."]
    assert document.provenance.source_lang == "de"


MARKDOWN = """---
source_language: fr
---
# Pool *opens*

The [old pool](https://a.example/x) is &amp; was
blue. It has `one` slide.

## Why now?

> It was time.

- First point here.

![a picture](x.png)

```
code
```

<div>markup</div>

| Day | Hours |
|-----|-------|
| Mon | none  |
"""


def test_markdown() -> None:
    document = markdown.read(MARKDOWN.encode(), "a.md")
    assert shown(document) == [
        ("headline", "Pool opens"),
        ("body", "The old pool is & was blue."),
        ("body", "It has one slide."),
        ("crosshead", "Why now?"),
        ("quote", "It was time."),
        ("body", "First point here."),
        ("body", "Day"),
        ("body", "Hours"),
        ("body", "Mon"),
        ("body", "none"),
    ]
    assert (document.provenance.source_lang, document.provenance.how) == ("fr", "front matter")


PAGE = """<!doctype html><html lang="en"><head><title>Pool opens &ndash; Echo</title>
<meta name="source-language" content="pl"><meta property="og:site_name" content="Echo"><style>p {color: red}</style></head>
<body><nav><a href="/">Home</a></nav><article><h1>Pool opens</h1>
<p>The <b>old</b>
   pool is&nbsp;blue &amp; deep.<p hidden>Secret.</p>
<script>var x = "<p>no</p>";</script>
<blockquote><p>It was time.</p></blockquote><h2>Who pays?</h2><p>Nobody does.<br>The mayor left.</p>
<figure><figcaption>The pool on Monday</figcaption></figure><footer>AFP</footer></article>
<footer>Imprint</footer></body></html>"""


def test_html() -> None:
    document = html.read(PAGE.encode(), "a.html")
    assert shown(document) == [
        ("headline", "Pool opens"),
        ("body", "The old pool is\u00a0blue & deep."),
        ("quote", "It was time."),
        ("crosshead", "Who pays?"),
        ("body", "Nobody does."),
        ("body", "The mayor left."),
        ("caption", "The pool on Monday"),
        ("credit", "AFP"),
    ]
    assert (document.provenance.source_lang, document.provenance.how, document.provenance.outlet) == ("pl", "format field", "Echo")


def test_the_title_is_the_headline_where_there_is_no_other() -> None:
    assert shown(html.read(b"<title>Pool &amp; slide</title><p>It is blue.</p>", "a.html"))[0] == ("headline", "Pool & slide")


def test_html_with_a_source_language_that_is_none() -> None:
    with pytest.raises(InputError, match=r"a\.html: <meta> source language: “plish” is no language"):
        html.read(b'<meta name="source-language" content="plish"><p>x', "a.html")


def test_html_that_breaks_off() -> None:
    assert html.read(b"<p>One <b>two</p><a href='", "a.html").text.startswith("One two")


def articles(data: bytes, limit: int = 1000) -> list[Any]:
    return list(jsonl.read(io.BytesIO(data), "a.jsonl", limit=limit))


def test_jsonl_has_an_article_a_line() -> None:
    first, second = articles(b'{"headline": "Pool opens", "text": "It is blue.\\nIt is deep.", "source_lang": "pl"}\n\n{"body": ["One.", "Two."]}\n')
    assert shown(first) == [("headline", "Pool opens"), ("body", "It is blue."), ("body", "It is deep.")]
    assert (first.origin.part, first.origin.encoding, first.provenance.source_lang) == ("line 1", None, "pl")
    assert (second.origin.part, second.text) == ("line 3", "One.\n\nTwo.")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{oops", "line 1: is not JSON"),
        (b"[1]", "line 1: has to be an object"),
        (b'{"words": "x"}', "line 1: has none of the fields text, body, content"),
        (b'{"text": 3}', "line 1: “text” has to be a text"),
        (b'{"text": "\xff"}', "line 1: is not UTF-8"),
        (b'{"text": "' + b"x" * 2000 + b'"}', "line 1: is longer than"),
        (b'{"text": "x", "source_lang": "qq"}', "“qq” is no language"),
    ],
)
def test_a_bad_line_is_named_and_the_others_go_on(line: bytes, problem: str) -> None:
    bad, good = articles(line + b'\n{"text": "Fine."}\n')
    assert isinstance(bad, Failure)
    assert problem in bad.reason
    assert good.text == "Fine."


def test_half_a_surrogate_in_json_is_replaced() -> None:
    (document,) = articles(b'{"text": "a \\ud800 b"}')
    assert document.text == "a \ufffd b"
    assert document.notices


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_docx() -> None:
    document = docx.Document()
    document.add_heading("Pool opens", 1)
    paragraph = document.add_paragraph("The old pool ")
    paragraph.add_run("is blue").bold = True
    paragraph.add_run(". It is deep.")
    secret = paragraph.add_run(" Secret.")
    secret.font.hidden = True
    document.add_heading("Who pays?", 2)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Nobody does.", "So it goes."
    document.sections[0].header.paragraphs[0].text = "Confidential"
    read = word.read(saved(document), "a.docx", limit=10_000_000)
    assert shown(read) == [
        ("headline", "Pool opens"),
        ("body", "The old pool is blue."),
        ("body", "It is deep."),
        ("crosshead", "Who pays?"),
        ("body", "Nobody does."),
        ("body", "So it goes."),
    ]
    assert (read.origin.part, read.notices) == ("word/document.xml", ("not read: headers",))


def test_docx_changes_are_read_as_accepted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("It is ")
    for tag, inner, text in (("w:ins", "w:t", "blue"), ("w:del", "w:delText", "green")):
        change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    read = word.read(saved(document), "a.docx", limit=10_000_000)
    assert read.text.strip() == "It is blue"
    assert read.notices == ("has tracked changes: read as if all were accepted",)


def test_every_run_of_a_docx_has_its_span() -> None:
    document = docx.Document()
    document.add_paragraph("One ").add_run("two").add_break()
    document.add_paragraph("Three")
    data = saved(document)
    text = word.read(data, "a.docx", limit=10_000_000).text
    found = [(text[span.start : span.end], element.text or "") for span, element in word.runs(docx.Document(io.BytesIO(data)))]
    assert found == [("One ", "One "), ("two", "two"), ("\n", ""), ("Three", "Three")]


@pytest.mark.parametrize("data", [b"no zip at all", b"PK\x03\x04 broken", b""])
def test_what_is_no_docx(data: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.docx: is not a readable \.docx"):
        word.read(data, "a.docx", limit=10_000_000)


def test_an_old_word_document_is_named() -> None:
    with pytest.raises(InputError, match=r"old \(.doc\) or password-protected"):
        word.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "a.docx", limit=10_000_000)


def test_a_docx_that_unpacks_to_too_much(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("word " * 100_000)
    with pytest.raises(InputError, match="unpacks to more than"):
        word.read(saved(document), "a.docx", limit=10_000)
