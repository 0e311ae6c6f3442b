"""Bytes to text and back: the only place that guesses an encoding, and that knows which byte a code point came from."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FORMATS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh9", "a bzip2 archive"),
    (b"SQLite format 3", "a database"),
)
_WESTERN = "cp1252"
_LATIN = frozenset({"cp1250", "cp1252", "cp1254", "cp1257", "iso8859_2", "iso8859_9", "iso8859_15"})
_LEGACY = (
    *sorted(_LATIN),
    *("cp1251", "cp1253", "cp1255", "cp1256", "iso8859_5", "iso8859_7", "koi8_r", "koi8_u", "mac_roman"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
)
"""Encodings of news copy without shift states: a slice of the text has the same bytes wherever it stands."""
_ESCAPED = re.compile(r"[\udc80-\udcff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_SAMPLE = 65_536
_MANY_CONTROLS = 0.02
_MANY_INVALID = 1_000
_ENGLISH = 0.03
_UTF16_ZEROS = 0.05


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file as text, without its byte-order mark (`bom` is its length in bytes).

    `invalid` lists the code points (each U+FFFD) that stand for one undecodable byte each.
    """

    text: str
    encoding: str
    bom: int = 0
    invalid: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()


def decode(data: bytes, *, path: str) -> Decoded:
    """The text of a file: by its byte-order mark, else by its zero bytes, else UTF-8, else what it declares (HTML) or its letters.

    UTF-8 with some broken bytes stays UTF-8: each such byte becomes U+FFFD and the notice counts them. NULs are kept and counted.
    InputError for what is no text.
    """
    for magic, name in _FORMATS:
        if data.startswith(magic):
            raise InputError(f"{path}: is {name}, not a text")
    bom, encoding = next(((len(mark), name) for mark, name in _BOMS if data.startswith(mark)), (0, ""))
    found = next(decoded for decoded in _attempts(data, bom, encoding) if decoded is not None)
    head = found.text[:_SAMPLE]
    if len(found.invalid) > max(_MANY_INVALID, len(data) // 10) or len(_CONTROLS.findall(head)) > _MANY_CONTROLS * len(head) + 1:
        raise InputError(f"{path}: is binary, not a text")
    return Decoded(found.text, found.encoding, bom, found.invalid, tuple(_notices(found)))


def size(text: str, encoding: str, invalid: int = 0) -> int:
    """The bytes of a piece of decoded text of which `invalid` code points stand for one undecodable byte each."""
    replaced = len("\ufffd".encode(encoding)) if encoding.startswith("utf") else 0
    if not invalid:
        return len(text.encode(encoding))
    if replaced:
        return len(text.encode(encoding)) - invalid * (replaced - 1)
    return len(text.replace("\ufffd", "").encode(encoding)) + invalid


def _attempts(data: bytes, bom: int, encoding: str) -> Iterator[Decoded | None]:
    """What the bytes may be, the likeliest first; the last always succeeds."""
    if encoding:
        yield _exact(data[bom:], encoding) or _with_errors(data[bom:], encoding)
    if (wide := _wide(data)) is not None:
        # Before UTF-8, in which a zero byte is a sign like others.
        yield _exact(data, wide)
    yield _exact(data, "utf-8")
    broken = _escaped(data, "utf-8")
    if len(broken.text.encode("utf-8")) - len(broken.text) > 3 * len(broken.invalid):
        # More signs of several bytes are whole than broken: it is UTF-8 that was damaged.
        yield broken
    declared = _DECLARED.search(data[:4096])
    if declared is not None:
        yield _declared(data, declared[1].decode("ascii"))
    yield _by_letters(data)
    yield _escaped(data, _WESTERN)


def _exact(data: bytes, encoding: str) -> Decoded | None:
    """The text if every byte decodes and the text encodes to the same bytes (some Asian encodings write one sign in two ways)."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if encoding != "utf-8" and text.encode(encoding) != data:
        return None
    return Decoded(text, encoding)


def _escaped(data: bytes, encoding: str) -> Decoded:
    """The text in an encoding that holds ASCII, undecodable bytes as U+FFFD, one each."""
    text = data.decode(encoding, "surrogateescape")
    invalid = tuple(found.start() for found in _ESCAPED.finditer(text))
    return Decoded(_ESCAPED.sub("\ufffd", text) if invalid else text, encoding, invalid=invalid)


def _with_errors(data: bytes, encoding: str) -> Decoded:
    """The same for wide encodings, in which an undecodable byte can't be escaped."""
    parts: list[str] = []
    invalid: list[int] = []
    length, start = 0, 0
    while start < len(data) and len(invalid) <= _MANY_INVALID:
        try:
            parts.append(data[start:].decode(encoding))
            break
        except UnicodeDecodeError as error:
            good = data[start : start + error.start].decode(encoding)
            length += len(good)
            broken = error.end - error.start
            parts += [good, "\ufffd" * broken]
            invalid += range(length, length + broken)
            length += broken
            start += error.end
    return Decoded("".join(parts), encoding, invalid=tuple(invalid))


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark shows as zero bytes on one side of the pairs."""
    head = data[: _SAMPLE & ~1]
    if len(data) % 2 or len(head) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < _UTF16_ZEROS * len(head) / 2 or min(even, odd) > 0.1 * max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _declared(data: bytes, name: str) -> Decoded | None:
    try:
        encoding = codecs.lookup(name).name.replace("-", "_")
    except LookupError:
        return None
    # What calls itself Latin-1 is Windows-1252 on the web (WHATWG Encoding Standard).
    encoding = _WESTERN if encoding in ("iso8859_1", "ascii") else encoding
    return _exact(data, encoding) if encoding in _LEGACY else None


def _by_letters(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes  # for what is no UTF-8

    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_LEGACY)).best()
    if best is None:
        return None
    text = str(best)
    letters = sum(character.isalpha() and not character.isascii() for character in text)
    if best.encoding in _LATIN and letters < _ENGLISH * len(text):
        # Few accents and curly marks: English copy, for which the Latin encodings differ by chance only.
        return _exact(data, _WESTERN) or _exact(data, best.encoding)
    return _exact(data, best.encoding)


def _notices(found: Decoded) -> Iterator[str]:
    if found.invalid:
        count = len(found.invalid)
        yield f"{count} {'byte is' if count == 1 else 'bytes are'} not {found.encoding.upper()}; read as U+FFFD"
    if nuls := found.text.count("\0"):
        yield f"{nuls} NUL {'character' if nuls == 1 else 'characters'} in the text"
    if not found.encoding.startswith("utf"):
        yield f"not UTF-8; read as {found.encoding}"
