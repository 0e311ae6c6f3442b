"""The same copy in every format that is read: each finding's place is exact in the file."""

import io
import json

import docx
import pytest

LINES = [
    "Café talks resume 🌍",
    "Delegates met in the the hall on Monday. Die Tür “stays open”, they said .",
    "Enlarge image",
    "They will meet again in May.",
]
FOUND = {"the the", "Enlarge image"}


def encoded(text, encoding, bom=b""):
    return bom + text.encode(encoding)


FLAT = {
    "utf8.txt": (encoded("\n".join(LINES), "utf-8"), "utf-8", 0),
    "bom.txt": (encoded("\n".join(LINES), "utf-8", b"\xef\xbb\xbf"), "utf-8", 3),
    "crlf.txt": (encoded("\r\n".join(LINES), "utf-8"), "utf-8", 0),
    "mixed.txt": (encoded("\r\n".join(LINES[:2]) + "\r" + "\n".join(LINES[2:]), "utf-8"), "utf-8", 0),
    "utf16.txt": (encoded("\n".join(LINES), "utf-16-le", b"\xff\xfe"), "utf-16-le", 2),
    "copy.md": (encoded("# " + LINES[0] + "\n\n" + "\n\n".join(LINES[1:]).replace("the the", "*the* the"), "utf-8"), "utf-8", 0),
    "copy.html": (
        encoded("<title>x</title><script>the the</script><h1>" + LINES[0] + "</h1>" + "".join(f"<p>{line}</p>" for line in LINES[1:]), "utf-8"),
        "utf-8",
        0,
    ),
}


@pytest.mark.parametrize("name", FLAT)
def test_flat_files(auditor, tmp_path, name):
    data, encoding, bom = FLAT[name]
    (tmp_path / name).write_bytes(data)
    ran = auditor("audit", tmp_path / name, "-s", "de", "--model", "none", "--isolated", "-f", "jsonl")
    assert ran.code == 0, ran.err
    rows = [json.loads(line) for line in ran.out.splitlines()]
    text = data[bom:].decode(encoding)
    assert {row["text"].replace("*", "") for row in rows} >= FOUND
    for row in rows:
        for place in (row, *row["occurrences"], *row["related"]):
            assert text[place["start"] : place["end"]] == place["text"]
        assert data[row["byte_start"] : row["byte_end"]].decode(encoding) == row["text"]
        before = text[: row["start"]].replace("\r\n", "\n").replace("\r", "\n")
        assert row["line"] == before.count("\n") + 1


def test_containers(auditor, tmp_path):
    package = docx.Document()
    for line in LINES:
        package.add_paragraph(line)
    stream = io.BytesIO()
    package.save(stream)
    (tmp_path / "copy.docx").write_bytes(stream.getvalue())
    lines = [json.dumps({"title": LINES[0], "text": "\n".join(LINES[1:])}), "{", json.dumps({"text": LINES[1]})]
    (tmp_path / "copy.jsonl").write_text("\n".join(lines), encoding="utf-8")
    ran = auditor("audit", tmp_path / "copy.docx", tmp_path / "copy.jsonl", "-s", "de", "--model", "none", "--isolated", "-f", "jsonl")
    assert ran.code == 2
    assert "line 2: is not JSON" in ran.err
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert {(row["part"], row["text"]) for row in rows} >= {("word/document.xml", "the the"), ("line 1", "Enlarge image"), ("line 3", "the the")}
    assert all(row["byte_start"] is None for row in rows)
