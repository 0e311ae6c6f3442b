import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import InputError
from auditor.io.encoding import decode, size

ENGLISH = "The mayor’s “firm” no – he won’t say café twice – was heard in the whole of the old town hall. "


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_known_with_and_without_a_mark(encoding: str) -> None:
    assert decode(ENGLISH.encode(encoding), path="a.txt").text == ENGLISH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "cp1252"),
        (ENGLISH * 20, "cp1252"),
        ("Президент сообщил в понедельник, что встреча состоится в срок.", "cp1251"),
        ("中国政府星期一表示，会议将在北京举行。", "gb18030"),
        ("日本政府は月曜日に会議を開くと発表した。", "shift_jis"),
    ],
)
def test_legacy_encodings_are_guessed_and_named(text: str, encoding: str) -> None:
    found = decode(text.encode(encoding), path="a.txt")
    assert found.text == text
    assert found.notices == (f"not UTF-8; read as {found.encoding}",)


def test_html_that_declares_its_encoding_is_believed() -> None:
    data = '<meta charset="windows-1250"><p>Łódź'.encode("cp1250")
    assert decode(data, path="a.html").text.endswith("Łódź")


def test_broken_utf8_stays_utf8_and_each_bad_byte_is_recorded() -> None:
    data = "Łódź – ".encode() + b"\xff\xc5 and \xe2\x80 end"
    found = decode(data, path="a.txt")
    assert found.encoding == "utf-8"
    assert [found.text[at] for at in found.invalid] == ["\ufffd"] * 4
    assert found.notices == ("4 bytes are not UTF-8; read as U+FFFD",)


def test_a_sign_that_stands_for_itself_is_not_invalid() -> None:
    assert decode("a \ufffd b".encode(), path="a.txt").invalid == ()


def test_nuls_stay_and_are_counted() -> None:
    found = decode(b"The mayor\0 left the hall and went home to his family.", path="a.txt")
    assert "\0" in found.text
    assert found.notices == ("1 NUL character in the text",)


def test_escape_codes_are_text() -> None:
    assert decode(b"\x1b[31mred\x1b[0m and \x1b[1mbold\x1b[0m", path="a.txt").text.startswith("\x1b")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"%PDF-1.7\n%\xe2", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "is a PNG"),
        (b"PK\x03\x04\x14", "ZIP"),
        (bytes(range(256)) * 20, "is binary"),
        (b"\0" * 4000, "is binary"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=f"a.txt: .*{problem}"):
        decode(data, path="a.txt")


def test_nothing_is_an_empty_text() -> None:
    assert decode(b"", path="a.txt").text == ""
    assert decode(b"\xef\xbb\xbf", path="a.txt").bom == 3


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=3)), max_size=6))
def test_every_code_point_has_its_bytes(chunks: list[bytes]) -> None:
    data = b"".join(chunks)
    try:
        found = decode(data, path="a.txt")
    except InputError:
        return
    at = found.bom
    invalid = set(found.invalid)
    for number, character in enumerate(found.text):
        length = size(character, found.encoding, int(number in invalid))
        if number in invalid:
            assert length == 1
        else:
            assert data[at : at + length].decode(found.encoding) == character
        at += length
    assert at == len(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "cp1252"])
def test_the_size_of_a_whole_is_that_of_its_parts(encoding: str) -> None:
    text = "a\ufffdb" if encoding != "cp1252" else "a\ufffdé"
    assert size(text, encoding, 1) == size(text[0], encoding) + 1 + size(text[2], encoding)
