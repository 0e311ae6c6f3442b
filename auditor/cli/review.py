"""`auditor review`: the editors' web page on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import options as o

_NEEDED = ("starlette", "uvicorn", "jinja2", "markupsafe", "python_multipart", "multipart", "sqlalchemy", "pg8000")

_Port = Annotated[int | None, typer.Option(metavar="N", min=0, max=65535, help="The port (8448 or, where it is taken, a free one).")]
_Host = Annotated[str, typer.Option(metavar="ADDRESS", help="What to listen on; this machine alone unless another is named.")]
_AllowHost = Annotated[list[str] | None, typer.Option(metavar="NAME", help="A further name that the page answers to (behind a proxy).")]
_User = Annotated[str | None, typer.Option(metavar="NAME", help="Who decides (the name of your account).")]
_TrustProxy = Annotated[str, typer.Option(metavar="HEADER", help="Take the user's name from this header, which the proxy in front has to set.")]
_ReadOnly = Annotated[bool, typer.Option("--read-only", help="A page to look at: nobody decides.")]
_Database = Annotated[str, typer.Option(metavar="URL", help="postgresql://USER@HOST/NAME, for many editors; its password in PGPASSWORD.")]
_Inbox = Annotated[Path | None, typer.Option(metavar="DIR", help="Where copy that is pasted or dropped is kept.")]
_Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Where corrected files may be written, instead of in place.")]
_Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")]


def review(
    paths: o.Paths = None,
    port: _Port = None,
    host: _Host = "127.0.0.1",
    allow_host: _AllowHost = None,
    user: _User = None,
    trust_proxy: _TrustProxy = "",
    read_only: _ReadOnly = False,
    database: _Database = "",
    inbox: _Inbox = None,
    out: _Out = None,
    model: o.Model = None,
    source_lang: o.SourceLang = None,
    profile: o.Profile = None,
    config: o.ConfigFile = None,
    isolated: o.Isolated = False,
    exclude: o.Exclude = None,
    offline: o.Offline = False,
    no_cache: o.NoCache = False,
    browser: _Browser = True,
    quiet: o.Quiet = False,
) -> int:
    """Open the editors' page: go through the findings, decide, sign off, write (needs the extra: pip install 'auditor[review]')."""
    given = locals()  # typer knows a command by its signature: these are the fields of Request, name by name
    from auditor.errors import UsageError

    try:
        from auditor.cli.reviewing import Request, serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _NEEDED:
            raise
        raise UsageError(f"the page needs {error.name}: pip install 'auditor[review]'") from error
    return serve(Request(**given))
