"""Who is let in: names, tokens, cookies, sizes, headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from auditor.review.security import HEADERS, Access, Guard, Role

ACCESS = Access("Anna", 8448, frozenset({"desk.example"}), limit=1000)


async def echo(request: Request) -> Response:
    body = await request.body()
    return PlainTextResponse(f"{request.state.role} {len(body)}")


def client(access: Access = ACCESS, host: str = "127.0.0.1:8448") -> TestClient:
    app = Starlette(routes=[Route("/", echo, methods=["GET", "POST"]), Route("/a", echo)])
    return TestClient(Guard(app, access, lambda status, words: PlainTextResponse(words, status)), base_url=f"http://{host}")


def test_the_token_becomes_a_cookie_that_no_script_and_no_other_site_gets() -> None:
    answer = client().get(f"/a?token={ACCESS.token}&state=any", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/a?state=any")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("auditor-8448=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert ACCESS.token not in cookie


@pytest.mark.parametrize(("token", "role"), [(ACCESS.token, Role.WRITES), (ACCESS.reading_token, Role.READS)])
def test_what_a_token_opens(token: str, role: Role) -> None:
    with client() as page:
        assert page.get(f"/?token={token}").text == f"{role} 0"
        assert page.get("/a").text == f"{role} 0"


def test_a_page_for_reading_gives_nobody_more() -> None:
    access = Access("Anna", 1, reading=True)
    assert access.role(access.session(access.token)) is Role.READS


@pytest.mark.parametrize("token", ["", "x", ACCESS.token[:-1], f"{ACCESS.token}x", "ä"])
def test_a_wrong_token_opens_nothing(token: str) -> None:
    answer = client().get("/", params={"token": token})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@given(st.text(max_size=60))
def test_a_made_up_session_has_no_role(session: str) -> None:
    assert ACCESS.role(session) is None
    assert not ACCESS.is_ours(session, session)


def test_a_session_of_another_run_or_with_another_role_is_none() -> None:
    assert ACCESS.role(Access("Anna", 8448).session(ACCESS.token)) is None
    reading = ACCESS.session(ACCESS.reading_token)
    assert ACCESS.role(reading.replace("reads", "writes")) is None
    assert not ACCESS.is_ours(reading, ACCESS.form_token(ACCESS.session(ACCESS.token)))


@pytest.mark.parametrize("host", ["127.0.0.1:8448", "localhost:8448", "LOCALHOST", "[::1]:8448", "desk.example", "desk.example:443"])
def test_names_that_are_ours(host: str) -> None:
    assert client().get("/", headers={"host": host}).status_code == 403  # let through to the question of a session


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "desk.example.evil", "", "[::2]:80", "localhost@evil", "[::1"])
def test_names_that_are_not(host: str) -> None:
    assert client().get(f"/?token={ACCESS.token}", headers={"host": host}, follow_redirects=False).status_code == 421


def test_too_long_a_request_is_broken_off() -> None:
    def pieces():
        yield from (b"x" * 400 for _ in range(4))

    with client() as page:
        page.get(f"/?token={ACCESS.token}")
        assert page.post("/", content=b"x" * 1000).text == "writes 1000"
        assert page.post("/", content=b"x" * 1001).status_code == 413
        assert page.post("/", content=pieces()).status_code == 413
        assert page.post("/", content=b"", headers={"content-length": "-1"}).status_code == 413


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)])
def test_forms_of_other_sites_are_refused(site: str, status: int) -> None:
    with client() as page:
        page.get(f"/?token={ACCESS.token}")
        assert page.post("/", headers={"sec-fetch-site": site}).status_code == status


def test_a_link_on_another_site_comes_in_by_the_cookie_all_the_same() -> None:
    answer = client().get("/a", headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, "refresh" in answer.text) == (200, True)
    assert "writes" not in answer.text


def test_every_answer_has_the_headers() -> None:
    for answer in (client().get("/"), client().get("/", headers={"host": "x"}), client().get(f"/?token={ACCESS.token}")):
        assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert "unsafe" not in HEADERS["content-security-policy"]
