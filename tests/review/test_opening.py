import pytest
import sqlalchemy

from auditor.errors import DataError
from auditor.review.store.tables import _passed, about, opened


@pytest.mark.parametrize(
    ("row", "password"),
    [
        ("db.example:5432:news:mary:s3cret", "s3cret"),
        ("*:*:*:mary:any", "any"),
        ("db.example:5432:news:joe:no", ""),
        ("# a comment\nother:1:x:mary:no\ndb.example:*:news:mary:with\\:colon\\\\", "with:colon\\"),
        ("nonsense", ""),
    ],
)
def test_a_password_file_is_read_as_postgresql_reads_it(tmp_path, row, password):
    file = tmp_path / "pgpass"
    file.write_text(row + "\n", encoding="utf-8")
    assert _passed(file, sqlalchemy.make_url("postgresql://mary@db.example/news"), named=True) == password
    assert _passed(tmp_path / "none", sqlalchemy.make_url("postgresql://mary@db.example/news"), named=False) == ""


def test_a_store_of_another_version_is_not_touched(tmp_path):
    file = tmp_path / "review.sqlite"
    engine = opened("", file=file)
    with engine.begin() as link:
        link.execute(sqlalchemy.update(about).values(value="99"))
    engine.dispose()
    with pytest.raises(DataError, match="another version"):
        opened("", file=file)


def test_what_is_no_database_is_said(tmp_path):
    file = tmp_path / "review.sqlite"
    file.write_bytes(b"this is no database, but it is long enough to be taken for a header of one\n" * 20)
    with pytest.raises(Exception, match=r"review\.sqlite: cannot be used \(file is not a database\)"):
        opened("", file=file)


def test_nul_is_kept(database, tmp_path):
    from auditor.review.store import log

    engine = opened(database, file=tmp_path / "review.sqlite")
    with engine.begin() as link:
        log.comment(link, rule="a/b", words="x\0y", by="Mary", at="2026-05-04", text="one\0two")
        assert log.comments_on(link, "a/b", "x\0y") == [("Mary", "2026-05-04", "one\0two")]
    engine.dispose()
