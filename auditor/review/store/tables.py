"""The tables of the store and how a database of either kind is opened."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from auditor.errors import DataError, UsageError

SCHEMA = 1
"""The version of the tables; a store of another one is not opened."""

_POSTGRES = "postgresql+pg8000"

_NUL = "\ufdd0"
"""Stands for NUL, which copy may hold and PostgreSQL's texts may not: a code point that is no character."""


class Words(sa.types.TypeDecorator[str]):
    """A text of any length and any signs."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """As it is stored."""
        return value.replace("\0", _NUL) if value and "\0" in value else value

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """As it was."""
        return value.replace(_NUL, "\0") if value and _NUL in value else value


metadata = sa.MetaData()

about = sa.Table("about", metadata, sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", Words, nullable=False))

texts = sa.Table(  # what is long stands last: the rest is read without it
    "texts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("path", Words, nullable=False, unique=True),
    sa.Column("file", Words, nullable=False),
    sa.Column("part", Words, nullable=False, server_default=""),
    sa.Column("number", sa.Integer, nullable=False, server_default="0"),
    sa.Column("sha", sa.String(64), nullable=False),
    sa.Column("written", sa.String(64), nullable=False, server_default=""),
    sa.Column("working_sha", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("changed_by", Words, nullable=False, server_default=""),
    sa.Column("changed_at", sa.String(40), nullable=False, server_default=""),
    sa.Column("language", sa.String(16), nullable=False, server_default=""),
    sa.Column("target", sa.String(16), nullable=False, server_default="en"),
    sa.Column("words", sa.Integer, nullable=False, server_default="0"),
    sa.Column("notices", Words, nullable=False, server_default="[]"),
    sa.Column("triage", sa.String(16), nullable=False, server_default=""),
    sa.Column("score", Words, nullable=False, server_default=""),
    sa.Column("stale", sa.Integer, nullable=False, server_default="0", index=True),
    sa.Column("active", sa.Integer, nullable=False, server_default="1"),
    sa.Column("signed_sha", sa.String(64), nullable=False, server_default=""),
    sa.Column("signed_by", Words, nullable=False, server_default=""),
    sa.Column("signed_at", sa.String(40), nullable=False, server_default=""),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("working", Words, nullable=False),
    sa.Column("edits", Words, nullable=False, server_default="[]"),
    sa.Column("source", Words, nullable=False, server_default=""),
    sa.Column("scores", Words, nullable=False, server_default="[]"),
)

groups = sa.Table(
    "groups",
    metadata,
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("rule", Words, nullable=False),
    sa.Column("words", Words, nullable=False),
    sa.Column("text", Words, nullable=False),
    sa.Column("category", Words, nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("gating", sa.Integer, nullable=False),
    sa.Column("rank", sa.Float, nullable=False),
    sa.Column("sort", Words, nullable=False),
    sa.Column("options", Words, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("changed_by", Words, nullable=False, server_default=""),
    sa.Column("changed_at", sa.String(40), nullable=False, server_default=""),
    sa.Column("open", sa.Integer, nullable=False, server_default="0"),
    sa.Column("fixed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("dismissed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("query", sa.Integer, nullable=False, server_default="0"),
    sa.Column("held_by", Words, nullable=False, server_default=""),
    sa.Column("held_until", sa.Float, nullable=False, server_default="0"),
    sa.Index("groups_in_order", sa.desc("rank"), "sort", "key"),
    sa.Index("groups_by_rule", "rule", "open", "fixed", "dismissed", "query"),
    sa.Index("groups_by_severity", "severity"),
    sa.Index("groups_open", "open", "severity", "rule"),
    sa.Index("groups_fixed", "fixed", "severity", "rule"),
    sa.Index("groups_dismissed", "dismissed", "severity", "rule"),
    sa.Index("groups_query", "query", "severity", "rule"),
)

places = sa.Table(
    "places",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text_id", sa.Integer, sa.ForeignKey("texts.id"), nullable=False),
    sa.Column("group_key", sa.String(32), nullable=False),
    sa.Column("rule", Words, nullable=False),
    sa.Column("words", Words, nullable=False),
    sa.Column("text", Words, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String(32), nullable=False),
    sa.Column("known_as", Words, nullable=False),
    sa.Column("finding", sa.String(32), nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("gating", sa.Integer, nullable=False, server_default="0"),
    sa.Column("scope", sa.String(16), nullable=False),
    sa.Column("message", Words, nullable=False),
    sa.Column("evidence", Words, nullable=False, server_default="[]"),
    sa.Column("outside", sa.Integer, nullable=False, server_default="0"),
    sa.Column("state", sa.String(16), nullable=False, server_default="open"),
    sa.Column("printed", Words, nullable=False, server_default=""),
    sa.Column("said", Words, nullable=False, server_default=""),
    sa.Column("entry", sa.Integer, nullable=False, server_default="0"),
    sa.Column("gone", sa.Integer, nullable=False, server_default="0"),
    sa.Index("places_of_text", "text_id", "gone", "state", "group_key"),
    sa.Index("places_of_group", "group_key", "gone", "state"),
    sa.Index("places_of_words", "rule", "words"),
    sa.Index("places_by_state", "gone", "state", "text_id"),
)
"""`known_as`: every fingerprint that the place has had; `finding`: that of the first place of its finding; `outside`: found by what a re-audit in
place does not run; `entry`: the log entry that settled it; `gone`: no longer in the text (1), or its text is not part of this run (2)."""

log = sa.Table(
    "log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("by", Words, nullable=False),
    sa.Column("action", sa.String(24), nullable=False),
    sa.Column("group_key", sa.String(32), nullable=False, server_default=""),
    sa.Column("text_id", sa.Integer, nullable=False, server_default="0"),
    sa.Column("said", Words, nullable=False),
    sa.Column("payload", Words, nullable=False, server_default="{}"),
    sa.Column("undone", sa.Integer, nullable=False, server_default="0"),
    sa.Index("log_of_group", "group_key", "id"),
    sa.Index("log_of_text", "text_id", "id"),
    sa.Index("log_by", "by", "undone", "id"),
)

lines = sa.Table(
    "lines",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("record", Words, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("entry", sa.Integer, nullable=False, server_default="0", index=True),
    sa.Column("live", sa.Integer, nullable=False, server_default="1"),
    sa.Column("written", sa.Integer, nullable=False, server_default="0", index=True),
)
"""The decisions as the lines of decisions.jsonl; `written`: it stands in the file."""

comments = sa.Table(
    "comments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("rule", Words, nullable=False),
    sa.Column("words", Words, nullable=False),
    sa.Column("by", Words, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("text", Words, nullable=False),
    sa.Index("comments_on", "rule", "words"),
)


def opened(database: str, *, file: Path, password: str = "", passfile: Path | None = None) -> sa.Engine:
    """The database at a postgresql:// address, or the SQLite file; its tables made where there are none. UsageError where it cannot be used."""
    if database:
        engine = _postgres(database, password, passfile)
    else:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{file}: cannot be written ({error.strerror})") from error
        engine = sa.create_engine(f"sqlite:///{file}", connect_args={"timeout": 10.0})
        sa.event.listen(engine, "connect", _settle_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    where = engine.url.render_as_string(hide_password=True) if database else str(file)
    try:
        metadata.create_all(engine)
        with engine.begin() as connection:
            known = connection.execute(sa.select(about.c.value).where(about.c.name == "schema")).scalar()
            if known is None:
                connection.execute(sa.insert(about).values(name="schema", value=str(SCHEMA)))
    except sa.exc.SQLAlchemyError as error:
        engine.dispose()
        raise UsageError(f"{where}: cannot be used ({_reason(error)})") from error
    if known not in (None, str(SCHEMA)):
        engine.dispose()
        raise DataError(f"{where}: was made by another version of auditor (tables {known}, this one has {SCHEMA}); export its decisions there")
    return engine


def _reason(error: sa.exc.SQLAlchemyError) -> str:
    """What the database says, on one line; pg8000 gives the fields of the protocol, of which M is the message."""
    cause = getattr(error, "orig", None) or error
    told = cause.args[0] if cause.args else ""
    said = told.get("M", "") if isinstance(told, dict) else str(told)
    return " ".join((said or type(cause).__name__).split())


def _settle_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401  a connection of whatever driver
    connection.isolation_level = None  # transactions begin where the engine begins them, with the lock for writing
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgres(database: str, password: str, passfile: Path | None) -> sa.Engine:
    try:
        url = sa.make_url(database)
    except sa.exc.ArgumentError as error:
        raise UsageError(f"--database: “{database}” is no address such as postgresql://user@host/name") from error
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise UsageError(f"--database: “{url.drivername}” is no database that can be used; it is postgresql://user@host/name, or none for SQLite")
    if url.password:
        raise UsageError("--database: a password does not belong into an argument, where every user of the machine can read it; PGPASSWORD holds it")
    options: dict[str, Any] = {}
    named = url.query.get("passfile")
    socket, mode = url.query.get("host"), url.query.get("sslmode")
    if unknown := sorted(set(url.query) - {"passfile", "host", "sslmode"}):
        raise UsageError(f"--database: “{unknown[0]}” cannot be set in the address; passfile, host and sslmode can")
    if isinstance(socket, str):
        options["unix_sock"] = f"{socket}/.s.PGSQL.{url.port or 5432}"
    if mode in ("require", "verify-full"):
        options["ssl_context"] = _tls(checked=mode == "verify-full")
    elif mode not in (None, "disable", "prefer", "allow"):
        raise UsageError(f"--database: sslmode is disable, prefer, require or verify-full, not “{mode}”")
    file = Path(named) if isinstance(named, str) else passfile
    secret = password or (_passed(file, url, named=isinstance(named, str)) if file is not None else "")
    address = sa.URL.create(_POSTGRES, url.username, secret or None, url.host, url.port, url.database)
    return sa.create_engine(address, pool_pre_ping=True, connect_args=options)


def _tls(*, checked: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not checked:  # as libpq's “require”: what is said is sealed, who listens is not asked
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _passed(file: Path, url: sa.URL, *, named: bool) -> str:
    """The password that a file in the manner of .pgpass has for the address: host:port:database:user:password, `*` for any."""
    try:
        rows = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        if named:
            raise UsageError(f"--database: the password file {file} cannot be read") from error
        return ""
    wanted = (url.host or "localhost", str(url.port or 5432), url.database or "", url.username or "")
    for row in rows:
        parts = row.replace("\\:", "\0").split(":")
        if len(parts) == 5 and all(part in ("*", want) for part, want in zip(parts, wanted, strict=False)):
            return parts[4].replace("\0", ":").replace("\\\\", "\\")
    return ""
