"""Who may ask the page for what: the names it answers to, the token and its cookie, forged forms, sizes, the headers of every answer."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""The names of this machine for itself."""

OPEN = "/static/"
"""What is served without a cookie: the program's own style sheets and script."""

HEADERS = {
    "content-security-policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}

Refusal = Callable[[int, str], Response]
"""Makes the page that says no: a status and the reason in a sentence."""


class Role(StrEnum):
    """What a session may do."""

    WRITES = "writes"
    READS = "reads"


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of one running page. `hosts`: further names that it answers to; `limit`: bytes of a request; `proxy`: the header that names the
    user where a proxy is trusted; a `reading` page lets nobody write."""

    user: str
    port: int
    hosts: frozenset[str] = frozenset()
    limit: int = 20_000_000
    proxy: str = ""
    reading: bool = False
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    reading_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def cookie(self) -> str:
        """The name of the cookie; ports of one machine share their cookies, so it holds the port."""
        return f"auditor-{self.port}"

    def session(self, token: str) -> str:
        """What the cookie holds for a right token; empty for a wrong one."""
        for role, right in ((Role.READS, self.reading_token), (Role.READS if self.reading else Role.WRITES, self.token)):
            if hmac.compare_digest(token.encode(), right.encode()):
                named = f"{role}.{secrets.token_urlsafe(12)}"
                return f"{named}.{self._seal(named)}"
        return ""

    def role(self, session: str) -> Role | None:
        """What a session may do; None for one that was not made here."""
        named, _, seal = session.rpartition(".")
        return Role(named.partition(".")[0]) if named and hmac.compare_digest(seal.encode(), self._seal(named).encode()) else None

    def form_token(self, session: str) -> str:
        """What each form of a session carries, so that no other site can send one."""
        return self._seal(f"form.{session}")

    def is_ours(self, session: str, token: str) -> bool:
        """Whether a form was made for this session."""
        return hmac.compare_digest(token.encode(), self.form_token(session).encode())

    def answers_to(self, host: str) -> bool:
        """Whether a Host header names this page and not a foreign name that was pointed at this machine."""
        name = host.rpartition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
        return name.lower() in LOOPBACK | self.hosts

    def _seal(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()


class Guard:
    """Stands before every request; what comes through has a session, its `role` and `session` in the request's state."""

    def __init__(self, app: ASGIApp, access: Access, refuse: Refusal) -> None:
        self._app, self._access, self._refuse = app, access, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers in its place."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        answer = self._instead(Request(scope)) or self._app
        await answer(scope, _within(receive, self._access.limit), _with_headers(send))

    def _instead(self, request: Request) -> Response | None:
        access = self._access
        if not access.answers_to(request.headers.get("host", "")):
            return self._refuse(421, "This page answers to the name of its own machine only; --allow-host adds a name.")
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > access.limit:
            return self._refuse(413, f"That is more than this page takes at once ({access.limit / 1e6:.0f} MB).")
        if request.url.path.startswith(OPEN):
            return None
        if request.method in ("GET", "HEAD") and "token" in request.query_params:
            return self._let_in(request)
        session = request.cookies.get(access.cookie, "")
        role = access.role(session)
        if role is None:
            return self._without(request)
        if request.method not in ("GET", "HEAD") and request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return self._refuse(403, "That form came from another site; nothing was changed.")
        request.state.role, request.state.session = role, session
        return None

    def _let_in(self, request: Request) -> Response:
        """The token is taken out of the address bar, so that it stays out of histories and pictures of the screen."""
        session = self._access.session(request.query_params["token"])
        if not session:
            return self._refuse(
                403, "That address is no longer good: the page was started anew. Open the address that “auditor review” printed last."
            )
        rest = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "token"])
        answer = RedirectResponse(f"{request.url.path}{f'?{rest}' if rest else ''}", status_code=303)
        answer.set_cookie(self._access.cookie, session, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/")
        return answer

    def _without(self, request: Request) -> Response:
        """No session: where a link on another site led here the browser kept the cookie back, and gives it when the page asks for itself."""
        if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
            return Response('<!doctype html><meta http-equiv="refresh" content="0"><title>Opening…</title>', media_type="text/html")
        return self._refuse(403, "This page needs the address that “auditor review” printed when it was started, its token included.")


def _within(receive: Receive, limit: int) -> Receive:
    """The body of a request, broken off where it is longer than it may be."""
    taken = 0

    async def measured() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(413, f"That is more than this page takes at once ({limit / 1e6:.0f} MB).")
        return message

    return measured


def _with_headers(send: Send) -> Send:
    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return headed
