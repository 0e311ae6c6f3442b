import io
from pathlib import Path

import pytest

from auditor.io.files import listed
from auditor.io.read import LIMIT, read
from auditor.types import Document, Failure


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def names(folder: Path, *paths: str, **options: object) -> list[str]:
    return [Path(found.path).relative_to(folder).as_posix() for found in read(paths or [str(folder)], **options)]


def test_folders_are_read_sorted_and_below_each_other(tmp_path: Path) -> None:
    write(tmp_path, **{"b.txt": "x", "a/z.md": "x", "a/b/c.html": "x", "c.TXT": "x", "d.png": "x", "e": "x", ".hidden/f.txt": "x", ".g.txt": "x"})
    assert names(tmp_path) == ["a/b/c.html", "a/z.md", "b.txt", "c.TXT"]


def test_ignore_files_count_from_the_root_of_the_repository_down(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(
        tmp_path,
        **{
            ".gitignore": "drafts/\n*.tmp.txt\n",
            "copy/.auditorignore": "old*\n!older.txt\n",
            "copy/a.txt": "x",
            "copy/a.tmp.txt": "x",
            "copy/drafts/b.txt": "x",
            "copy/old.txt": "x",
            "copy/older.txt": "x",
            "copy/deep/old1.txt": "x",
        },
    )
    assert names(tmp_path, str(tmp_path / "copy")) == ["copy/a.txt", "copy/older.txt"]


def test_a_named_file_is_always_read(tmp_path: Path) -> None:
    write(tmp_path, **{".auditorignore": "*", "a.txt": "x", "notes.log": "x"})
    assert names(tmp_path) == []
    assert names(tmp_path, str(tmp_path / "a.txt"), str(tmp_path / "notes.log"), exclude=["*.txt"]) == ["a.txt", "notes.log"]


def test_excluded_files_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, **{"a.txt": "x", "b/c.txt": "x", "b/d.txt": "x"})
    assert names(tmp_path, exclude=["b/c.txt"]) == ["a.txt", "b/d.txt"]
    assert names(tmp_path, exclude=["b/"]) == ["a.txt"]


def test_source_texts_are_no_copy(tmp_path: Path) -> None:
    write(tmp_path, **{"a.txt": "x", "a.source.txt": "x"})
    assert names(tmp_path) == ["a.txt"]


def test_each_file_is_read_once_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path, **{"a/b.txt": "x"})
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "c.txt").symlink_to(tmp_path / "a" / "b.txt")
    assert names(tmp_path, str(tmp_path), str(tmp_path / "a" / "b.txt")) == ["a/b.txt"]


def test_a_sidecar_names_the_source_language(tmp_path: Path) -> None:
    write(tmp_path, **{"a.txt": "x", "a.meta.json": '{"source_language": "de", "outlet": "Echo"}'})
    (document,) = read([str(tmp_path)])
    assert isinstance(document, Document)
    assert (document.provenance.source_lang, document.provenance.how, document.provenance.outlet) == ("de", "sidecar", "Echo")


def test_front_matter_goes_before_a_sidecar(tmp_path: Path) -> None:
    write(tmp_path, **{"a.md": "---\nsource_language: fr\n---\nx", "a.meta.json": '{"source_language": "de"}'})
    (document,) = read([str(tmp_path)])
    assert isinstance(document, Document)
    assert document.provenance.source_lang == "fr"


@pytest.mark.parametrize(
    ("sidecar", "problem"),
    [("{", "a.meta.json: line 1: is not JSON"), ("[]", "has to be a JSON object"), ('{"source_language": "qq"}', "“qq” is no language")],
)
def test_a_bad_sidecar_is_a_failure(tmp_path: Path, sidecar: str, problem: str) -> None:
    write(tmp_path, **{"a.txt": "x", "a.meta.json": sidecar, "b.txt": "x"})
    failed, document = read([str(tmp_path)])
    assert isinstance(failed, Failure)
    assert problem in failed.reason
    assert isinstance(document, Document)


def test_standard_input_is_read_as_what_its_name_says() -> None:
    (document,) = read(["-"], stdin=io.BytesIO(b"<p>One &amp; two.</p>"), stdin_filename="x/page.html")
    assert isinstance(document, Document)
    assert (document.path, document.text) == ("x/page.html", "One & two.\n")
    (plain,) = read(["-"], stdin=io.BytesIO(b"One."))
    assert plain.path == "<stdin>"


def test_what_is_missing_or_of_another_format_is_a_failure(tmp_path: Path) -> None:
    write(tmp_path, **{"a.pdf": "x", "b.txt": "x"})
    found = list(read([str(tmp_path / "nowhere.txt"), str(tmp_path / "a.pdf"), str(tmp_path / "b.txt")]))
    assert [type(item).__name__ for item in found] == ["Failure", "Failure", "Document"]
    assert found[0].reason == "does not exist"
    assert found[1].reason.startswith("is a PDF; extract its text first")


def test_a_text_that_is_too_long_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    with path.open("wb") as stream:
        stream.truncate(LIMIT * 1000)
    (failed,) = read([str(path)])
    assert isinstance(failed, Failure)
    assert failed.reason == "is 20,000 MB long; a text may have 20 MB"


def test_a_stream_that_is_too_long_is_refused() -> None:
    (failed,) = read(["-"], stdin=io.BytesIO(b"x" * 101), limit=100)
    assert isinstance(failed, Failure)
    assert "longer than" in failed.reason


def test_a_list_of_files() -> None:
    assert listed("a.txt\n\nb c.txt\r\n") == ["a.txt", "b c.txt"]
    assert listed("a\nb.txt\0c.txt\0") == ["a\nb.txt", "c.txt"]
