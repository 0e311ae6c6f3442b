import io
import json
import zipfile

import docx as word
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.io.edit import Edit, apply, edited
from auditor.io.place import locate
from auditor.io.read import content
from auditor.types import Span

WORDS = st.sampled_from(["talks", "Zürich", "naïve", "Москва", "😀", "R&D", "a<b", "*star*", "“so”", "1.5", "end."])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=4)
NEW = st.sampled_from(["", "peace", "peace talks", "Kyïv", "AT&T", "x < y", "“so”", "_it_", "two\nlines", "😀", '\\"q\\"', "Łódź"])


def documents(data, path):
    return list(content(data, path))


def flat(paragraphs, encoding, end, bom):
    mark = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe"}.get(encoding, b"") if bom or encoding == "utf-16-le" else b""
    return mark + ((end * 2).join(paragraphs) + end).encode(encoding, "ignore")


def markup(paragraphs, encoding, end, bom):
    body = end.join(f"<p class='x'>{p.replace('&', '&amp;').replace('<', '&lt;').replace(' ', ' <em>', 1)}</em></p>" for p in paragraphs)
    return f"<html><body>{end}{body}{end}</body></html>{end}".encode(encoding, "xmlcharrefreplace")


def lines(paragraphs, encoding, end, bom):
    rows = [json.dumps({"id": 1.50, "title": p, "text": [p, "Über alles."]}, ensure_ascii=bom) for p in paragraphs]
    return (b"\xef\xbb\xbf" if bom else b"") + end.join(rows).encode()


MAKERS = {"a.txt": flat, "a.md": flat, "a.html": markup, "a.jsonl": lines}


@st.composite
def edits_of(draw, document):
    starts = sorted(draw(st.lists(st.integers(0, len(document.text)), max_size=6, unique=True)))
    pairs = zip(starts[::2], starts[1::2], strict=False)
    return [Edit(Span(start, end), draw(NEW)) for start, end in pairs]


def kept(data, document, made):
    """The slices of the file that no edit touches, in order."""
    places = sorted(locate(document, edit.span).bytes for edit in made)
    ends = [0, *(place.end for place in places)]
    starts = [*(place.start for place in places), len(data)]
    return [data[end:start] for end, start in zip(ends, starts, strict=True)]


@given(
    st.data(),
    TEXTS,
    st.sampled_from(["utf-8", "cp1252", "utf-16-le"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(sorted(MAKERS)),
)
def test_what_is_edited_is_read_back_and_all_other_bytes_stay(data, paragraphs, encoding, end, bom, path):
    if path.endswith("jsonl"):
        encoding = "utf-8"
    file = MAKERS[path](paragraphs, encoding, end, bom)
    texts = [(document, data.draw(edits_of(document))) for document in documents(file, path)]
    if not texts:
        return
    done = apply(file, texts)
    refused = {(item.document, item.edit) for item in done.refused}
    made = [[edit for edit in edits if (index, edit) not in refused] for index, (_, edits) in enumerate(texts)]
    read = [document.text.split() for document in documents(done.data, path)]
    meant = [edited(document, edits).split() for (document, _), edits in zip(texts, made, strict=True)]
    assert [words for words in read if words] == [words for words in meant if words]
    if not any(made):
        assert done.data == file
    elif path != "a.jsonl":
        at = 0
        for piece in kept(file, texts[0][0], made[0]):
            found = done.data.find(piece, at)
            assert found >= 0
            at = found + len(piece)
        assert done.data.startswith(kept(file, texts[0][0], made[0])[0])
        assert done.data.endswith(kept(file, texts[0][0], made[0])[-1])
    else:
        for old, new in zip(file.split(b"\n"), done.data.split(b"\n"), strict=True):
            assert (old == new) or {**json.loads(old.decode("utf-8-sig")), "title": 0, "text": 0} == {
                **json.loads(new.decode("utf-8-sig")),
                "title": 0,
                "text": 0,
            }


def only(data, path):
    (document,) = documents(data, path)
    return document


def replaced(data, path, old, new):
    document = only(data, path)
    start = document.text.index(old)
    return apply(data, [(document, [Edit(Span(start, start + len(old)), new)])])


def test_a_mark_and_an_undecodable_byte_stay():
    data = b"\xef\xbb\xbfSaid \xff in Kiew\r\ntoday.\r\n"
    assert replaced(data, "a.txt", "Kiew", "Kyïv").data == b"\xef\xbb\xbfSaid \xff in Ky\xc3\xafv\r\ntoday.\r\n"


def test_a_sign_that_the_encoding_lacks_is_refused_in_text_and_escaped_in_html():
    text = "Die Männer aus Köln saßen über ihren Büchern in Kiew und hörten Müllers Klänge. " * 4
    done = replaced(text.encode("cp1252"), "a.txt", "Kiew", "Київ")
    assert done.data == text.encode("cp1252")
    assert "“Київ” cannot be written in cp125" in done.refused[0].reason
    page = f'<meta charset="windows-1252"><p>{text}</p>'
    assert replaced(page.encode("cp1252"), "a.html", "Kiew", "Łódź").data == page.replace("Kiew", "&#321;ód&#378;", 1).encode("cp1252")


def test_markup_inside_a_place_stays_where_words_can_be_changed_one_by_one_and_refuses_the_edit_elsewhere():
    page = b"<p>He met Alexander <b>Lukaschenko</b> then.</p>"
    assert replaced(page, "a.html", "Alexander Lukaschenko", "Aleksandr Lukashenko").data == b"<p>He met Aleksandr <b>Lukashenko</b> then.</p>"
    done = replaced(page, "a.html", "Alexander Lukaschenko", "Lukashenko")
    assert done.data == page
    assert "markup stands inside" in done.refused[0].reason


def test_what_would_become_markup_is_refused_and_the_other_edits_are_made():
    data = b"He met one man and two men.\n"
    document = only(data, "a.md")
    edits = [Edit(Span(7, 10), "`a` `b`"), Edit(Span(19, 22), "ten")]
    done = apply(data, [(document, edits)])
    assert done.data == b"He met one man and ten men.\n"
    assert [item.edit for item in done.refused] == [edits[0]]


def package(paragraphs):
    made = word.Document()
    for runs in paragraphs:
        paragraph = made.add_paragraph()
        for number, run in enumerate(runs):
            paragraph.add_run(run).bold = bool(number % 2)
    made.save(out := io.BytesIO())
    return out.getvalue()


@settings(deadline=None, max_examples=60)
@given(st.data(), st.lists(st.lists(st.text(st.sampled_from("ab &<é😀\t"), max_size=6), min_size=1, max_size=3), min_size=1, max_size=3))
def test_a_word_document_keeps_all_its_other_parts_and_its_runs(data, paragraphs):
    file = package(paragraphs)
    document = only(file, "a.docx")
    edits = data.draw(edits_of(document))
    done = apply(file, [(document, edits)])
    made = [edit for edit in edits if edit not in [item.edit for item in done.refused]]
    assert only(done.data, "a.docx").text.split() == edited(document, made).split()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(io.BytesIO(done.data)) as new:
        assert [(e.filename, e.date_time, e.compress_type) for e in old.infolist()] == [
            (e.filename, e.date_time, e.compress_type) for e in new.infolist()
        ]
        changed = [e.filename for e in old.infolist() if old.read(e) != new.read(e.filename)]
    assert set(changed) <= {"word/document.xml"}
    before, after = word.Document(io.BytesIO(file)), word.Document(io.BytesIO(done.data))
    assert [[run.bold for run in p.runs] for p in before.paragraphs] == [[run.bold for run in p.runs] for p in after.paragraphs]


def test_a_name_across_two_runs_keeps_both():
    file = package([["Alexander Luka", "schenko", " spoke"]])
    done = replaced(file, "a.docx", "Alexander Lukaschenko", "Alexander Lukashenko")
    assert [run.text for run in word.Document(io.BytesIO(done.data)).paragraphs[0].runs] == ["Alexander Lukashenko", "", " spoke"]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_keeps_its_way_of_writing(ascii_only):
    row = {"text": "Über Kiew 😀", "n": 1.50}
    file = json.dumps(row, ensure_ascii=ascii_only).replace("1.5", "1.50").encode() + b"\n\n"
    done = replaced(file, "a.jsonl", "Kiew", "Kyïv")
    assert done.data == file.replace(b"Kiew", b"Ky\\u00efv" if ascii_only else "Kyïv".encode())
