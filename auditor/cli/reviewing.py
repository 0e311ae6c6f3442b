"""Performs a review for the command line: settings, model, desk, socket, address, and the page until it is told to stop."""

from __future__ import annotations

import getpass
import os
import socket
import threading
import webbrowser
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from auditor.cli.looking import audited_aside, audited_here
from auditor.cli.policing import Asked, policed
from auditor.cli.say import complain, say
from auditor.errors import UsageError
from auditor.report.phrasing import count
from auditor.review.app import application
from auditor.review.desk import open_desk
from auditor.review.security import LOOPBACK, Access
from auditor.review.serving import listening
from auditor.review.serving import serve as serve_page
from auditor.review.views import Room, languages
from auditor.text.language import codes

_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  an address to recognise
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line; None and empty where nothing was said."""

    paths: list[str] | None = None
    port: int | None = None
    host: str = "127.0.0.1"
    allow_host: list[str] | None = None
    user: str | None = None
    trust_proxy: str = ""
    read_only: bool = False
    database: str = ""
    inbox: Path | None = None
    out: Path | None = None
    model: str | None = None
    source_lang: str | None = None
    profile: str | None = None
    config: Path | None = None
    isolated: bool = False
    exclude: list[str] | None = None
    offline: bool = False
    no_cache: bool = False
    browser: bool = True
    quiet: bool = False

    def flags(self) -> Mapping[str, object]:
        """The settings among them."""
        named = {name: getattr(self, name) for name in ("model", "source_lang", "profile", "exclude")}
        return {**named, "offline": True if self.offline else None, "cache": False if self.no_cache else None}


def serve(request: Request) -> int:
    """Audits, prints the address (the first thing on standard output) and serves until an interrupt; 0 then."""
    if not request.paths:
        raise UsageError("which files? name files or folders of copy")
    user = _user(request.user)
    with listening(request.host, request.port) as at:
        access = Access(user, at.getsockname()[1], _names(request), proxy=request.trust_proxy, reading=request.read_only)
        try:
            _serve(request, request.paths, access, at)
        except KeyboardInterrupt:  # how one leaves a page that is served
            say("stopped; what was decided is kept", quiet=request.quiet)
    return 0


def _serve(request: Request, paths: list[str], access: Access, at: socket.socket) -> None:
    asked = Asked(request.flags(), paths, request.config, request.isolated)
    with ExitStack() as stack:
        config, policy = stack.enter_context(policed(asked))
        kept = None if config.cache else Path(stack.enter_context(TemporaryDirectory()))  # for this page alone
        stopped = threading.Event()
        desk = open_desk(
            config,
            paths,
            audited=audited_here(config, kept),
            again=audited_aside(config, kept, stopped),
            policy=policy,
            database=request.database,
            password=os.environ.get("PGPASSWORD", ""),
            inbox=request.inbox,
            progress=lambda line: say(line, quiet=request.quiet),
        )
        stack.callback(desk.close)
        stack.callback(stopped.set)
        for failure in desk.failures:
            complain(f"{failure.path}: {failure.reason}")
        room = Room(desk, _project(paths), str(desk.project.inbox), str(request.out or ""), languages(codes()))
        print(_address(request.host, access, access.token), flush=True)
        _announce(request, access, len(desk.texts()))
        serve_page(application(room, access, complain), at)


def _announce(request: Request, access: Access, texts: int) -> None:
    say(f"{count(texts, 'text')} on the page; Ctrl+C stops it", quiet=request.quiet)
    say(f"to look only: {_address(request.host, access, access.reading_token)}", quiet=request.quiet)
    if request.host not in LOOPBACK:
        say("warning: this address reaches other machines, without encryption: put a proxy with https in front", quiet=request.quiet)
    if request.browser:
        webbrowser.open(_address(request.host, access, access.token))


def _user(given: str | None) -> str:
    try:
        name = (getpass.getuser() if given is None else given).strip()
    except (OSError, KeyError) as error:
        raise UsageError("who decides? --user NAME") from error
    if not name or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise UsageError(f"--user: a name of 1 to {_LONGEST_NAME} printable signs")
    return name


def _names(request: Request) -> frozenset[str]:
    own = () if request.host in _EVERYWHERE else (request.host,)
    return frozenset(name.lower() for name in (*own, *(request.allow_host or ())))


def _address(host: str, access: Access, token: str) -> str:
    shown = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{access.port}/?token={token}"


def _project(paths: list[str]) -> str:
    """What the page is called: the folder, or the one file."""
    full = [Path(path).resolve() for path in paths]
    return full[0].name if len(full) == 1 else Path(os.path.commonpath(full)).name or "/"
