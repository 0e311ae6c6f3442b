"""The web application: which address leads where, how a form becomes an answer, and how every error becomes a page in words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import resources
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from auditor.errors import AuditorError
from auditor.report.page import asset
from auditor.review import pages
from auditor.review.actions import ACTIONS, Form, Upload, back, onward
from auditor.review.model import ConflictError, HeldError, NotFoundError
from auditor.review.security import Access, Guard, Role
from auditor.review.views import DOWNLOADS, VIEWS, Room, Visit, arrived, page, unheard

SWAP = "x-swap"
"""The header by which the script asks for the next page in the answer to a form, without a detour."""

_MOST_FIELDS = 20_000
_QUIET = 2.0
"""Seconds without a form before edited texts are audited again behind the editor's back."""

_SAFE = "/%#?=&;:+,@!$()*~"
"""What stays as it is in an address."""

_STATIC = {"report.css": "text/css", "review.css": "text/css", "review.js": "text/javascript", "icon.svg": "image/svg+xml"}


def application(room: Room, access: Access, said: Callable[[str], None]) -> Starlette:
    """The page over a desk. `said` takes a line for the person who started it, where something of ours failed."""
    here = _Application(room, access, said)
    routes = [Route(path, here.look, methods=["GET"]) for path in VIEWS]
    routes += [Route(path, here.act, methods=["POST"]) for path in ACTIONS]
    routes += [Route(path, here.hold, methods=["POST"]) for path in ("/heartbeat", "/release")]
    routes += [Route("/news", here.news, methods=["GET"])]
    routes += [Route("/out/{name}", here.take, methods=["GET"]), Route("/static/{name}", _static, methods=["GET"])]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, access=access, refuse=here.refuse)],
        exception_handlers={AuditorError: here.failed, HTTPException: here.failed, Exception: here.broken},
        lifespan=here.tidying,
    )


class _Application:
    """What the handlers share: the room, who may come in, and what is to be said on the next page of a session."""

    def __init__(self, room: Room, access: Access, said: Callable[[str], None]) -> None:
        self._room, self._access, self._said = room, access, said
        self._flash: dict[str, tuple[str, bool]] = {}
        self._acted = time.monotonic()

    async def look(self, request: Request) -> Response:
        """A page."""
        visit = self._visit(request)
        said, amiss = self._flash.pop(visit.session, ("", False))
        visit = visit.moved(f"{request.url.path}?{request.url.query}", said, amiss=amiss)
        return HTMLResponse(await run_in_threadpool(lambda: VIEWS[request.url.path](arrived(visit))))

    async def news(self, request: Request) -> Response:
        """Whether the folder is being looked at, and what that brought, for the script."""
        visit = self._visit(request)
        return JSONResponse({"running": self._room.desk.news.running, "said": unheard(visit)})

    async def act(self, request: Request) -> Response:
        """A form: what it asks for is done, then the next page; what cannot be done is said on the page that it came from."""
        visit, form = self._visit(request), await self._form(request)
        try:
            following = await run_in_threadpool(ACTIONS[request.url.path], visit, form)
        except ConflictError as error:
            return HTMLResponse(_conflict(visit, request.url.path, form, error), 409)
        except HeldError as error:
            words = f"{error.by} is on this finding and has it for {error.seconds:.0f} more seconds. Nothing of yours was lost: nothing was decided."
            now = "It is theirs while their page stays open."
            return HTMLResponse(page(visit, "conflict.html", "", f"{error.by} is on this", **_choice(form, words, now, request.url.path)), 409)
        except (NotFoundError, AuditorError) as error:
            return await self._shown(request, visit.moved(back(form), str(error), amiss=True), 400)
        finally:
            self._acted = time.monotonic()
        return await self._shown(request, visit.moved(following.address, following.said), 200, following.address)

    async def _shown(self, request: Request, visit: Visit, status: int, address: str = "") -> Response:
        """The page to go to, at once for the script, by a redirect for a browser without it."""
        address = address or visit.address
        if SWAP not in request.headers:
            self._flash[visit.session] = (visit.said, visit.amiss)
            return RedirectResponse(address, 303)
        text = await run_in_threadpool(VIEWS.get(visit.path, VIEWS["/"]), visit)
        return HTMLResponse(text, status, headers={"x-address": quote(address, safe=_SAFE)})

    async def hold(self, request: Request) -> Response:
        """The finding at hand is still being read, or no longer."""
        visit, form = self._visit(request), await self._form(request)
        beat = request.url.path == "/heartbeat"
        try:
            await run_in_threadpool(self._room.desk.heartbeat if beat else self._room.desk.release, form["key"], visit.by)
        except (HeldError, NotFoundError) as error:
            return PlainTextResponse(str(error), 409)
        return Response(status_code=204)

    async def take(self, request: Request) -> Response:
        """A file to take along."""
        name = request.path_params["name"]
        if name not in DOWNLOADS:
            raise HTTPException(404, "There is no such file to take along.")
        kind, made = DOWNLOADS[name]
        content = await run_in_threadpool(made, self._room.desk)
        return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})

    def refuse(self, status: int, words: str) -> Response:
        """A page that says no to somebody who is not let in."""
        visit = Visit(self._room, "", writes=False, session="", form_token="")
        return HTMLResponse(page(visit, "error.html", "", _TITLES.get(status, "That did not work"), words=words), status)

    async def failed(self, request: Request, error: Exception) -> Response:
        """What a user can put right, in words."""
        status = error.status_code if isinstance(error, HTTPException) else 404 if isinstance(error, NotFoundError) else 400
        words = error.detail if isinstance(error, HTTPException) else f"{str(error).rstrip('.')}."
        words = {404: "There is no page at this address.", 405: "This address takes no such request."}.get(status, words) if words in _BARE else words
        try:
            visit = self._visit(request)
        except (AttributeError, HTTPException):  # nobody who is known
            return self.refuse(status, words)
        return HTMLResponse(page(visit, "error.html", "", _TITLES.get(status, "That did not work"), words=words), status)

    async def broken(self, _request: Request, error: Exception) -> Response:
        """A bug of ours: said to both sides, without what the reader cannot use."""
        self._said(f"internal error: {type(error).__name__}: {error}")
        return self.refuse(500, "The program made a mistake. What was decided before is kept; try again, or start it anew.")

    @asynccontextmanager
    async def tidying(self, _app: Starlette) -> AsyncIterator[None]:
        """While the page runs, edited texts are audited again whenever nobody has sent a form for a moment."""
        task = asyncio.create_task(self._tidy())
        try:
            yield
        finally:
            task.cancel()

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(_QUIET / 4)
            if time.monotonic() - self._acted >= _QUIET and not await run_in_threadpool(self._room.desk.idle):
                self._acted = float("inf")  # nothing is left until the next form

    def _visit(self, request: Request) -> Visit:
        access = self._access
        by = access.user
        if access.proxy:
            by = "".join(sign for sign in _decoded(request.headers.get(access.proxy, "")) if sign.isprintable()).strip()[:80]
            if not by:
                raise HTTPException(403, f"The proxy in front of this page names nobody in {access.proxy}.")
        session, writes = request.state.session, request.state.role is Role.WRITES
        return Visit(self._room, by, writes, session, access.form_token(session), request.url.path)

    async def _form(self, request: Request) -> Form:
        if request.state.role is not Role.WRITES:
            raise HTTPException(403, "This address is for reading only.")
        async with request.form(max_fields=_MOST_FIELDS, max_part_size=self._access.limit) as sent:
            pairs = sent.multi_items()
            fields = [(name, value) for name, value in pairs if isinstance(value, str)]
            files = [Upload(value.filename or "", await value.read()) for _, value in pairs if isinstance(value, UploadFile)]
        form = Form(fields, files, dict(reversed(fields)))
        if not self._access.is_ours(request.state.session, form["csrf"]):
            raise HTTPException(403, "That form is not of this session: load the page anew and send it again.")
        return form


def _decoded(value: str) -> str:
    """The value of a header, which is read byte by byte: UTF-8 where the bytes are that."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


_TITLES = {403: "Not allowed", 404: "Not found", 405: "Not possible", 413: "Too much at once", 421: "Not this page", 500: "An error of ours"}
_BARE = ("Not Found", "Method Not Allowed")


def _conflict(visit: Visit, path: str, form: Form, error: ConflictError) -> str:
    """Both decisions side by side, and the choice between them."""
    choice = _choice(form, f"{str(error).rstrip('.')}. Nothing was lost, and nothing of yours was written over theirs.", error.now, path)
    changed = error.fields or {"text_version" if form["text_version"] else "version": str(error.version)}
    again = [(name, changed.get(name, value)) for name, value in form.fields if name != "csrf"]
    difference = pages.difference(error.now, error.asked) if error.now and error.asked else []
    said = {"who": error.by, "at": error.at, "asked": error.asked, "again": again if error.version else [], "difference": difference}
    return page(visit, "conflict.html", "", f"{error.by or 'Somebody'} was faster", **{**choice, **said})


def _choice(form: Form, words: str, now: str, path: str) -> dict[str, object]:
    address = onward(form) if form["key"] else back(form)
    return {"words": words, "now": now, "who": "", "at": "", "asked": "", "again": [], "difference": [], "onward": address, "action": path}


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        raise HTTPException(404, "There is no page at this address.")
    text = asset("page.css") if name == "report.css" else resources.files("auditor.review").joinpath("static", name).read_text("utf-8")
    return Response(text, media_type=_STATIC[name], headers={"cache-control": "no-cache"})
