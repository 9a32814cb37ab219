"""The visitor's cookie, as the server sets it, without a server."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from http.cookies import Morsel, SimpleCookie

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message

from rnn_demo.app.middleware import middleware
from rnn_demo.app.middleware.visitor_cookie import key_in

KEY, OTHER = "0" * 32, "f" * 32
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}  # what a browser asks for a page
APP = Starlette(
    routes=[
        Route("/", lambda _: HTMLResponse("page"), methods=["GET", "POST"]),
        Route("/known", lambda _: Response(status_code=304)),
        Route("/draw", lambda _: RedirectResponse("./")),
        Route(
            "/part.html",
            lambda _: HTMLResponse("part", headers={"cache-control": "public, max-age=9"}),
        ),
    ],
    middleware=middleware(),
)


def get(path: str = "/", method: str = "GET", **headers: str) -> "tuple[Morsel[str] | None, str]":
    """The cookie in an answer, if any, and how long the answer may be kept."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    lines = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": lines}
    with ThreadPoolExecutor(1) as other:  # where Playwright's event loop is not
        other.submit(asyncio.run, APP(scope, receive, send)).result()
    answer = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
    # Python's own reader; until 3.14 it does not know "Partitioned".
    found = SimpleCookie(answer.get("set-cookie", "").replace("; Partitioned", ""))
    (cookie,) = found.values() or (None,)
    if cookie is not None:
        cookie["comment"] = "Partitioned" * ("Partitioned" in answer["set-cookie"])
    return cookie, answer.get("cache-control", "")


def test_a_page_gives_a_new_visitor_a_key_for_thirty_days():
    first, kept = get(**PAGE)
    second, _ = get(**PAGE)
    assert re.fullmatch("[0-9a-f]{32}", first.value)
    assert first.value != second.value
    assert first.key == "rnn_demo_visitor"
    assert (first["path"], first["max-age"], first["httponly"]) == ("/", "2592000", True)
    assert kept == "private, no-cache"  # by no proxy that serves others


@pytest.mark.parametrize("path", ["/", "/known", "/draw"])
def test_a_key_is_renewed_with_every_page_also_where_the_browser_has_it(path):
    assert get(path, **PAGE, cookie=f"a=b; rnn_demo_visitor={KEY}")[0].value == KEY


@pytest.mark.hostile("a cookie that is forged, with a header's line in it")
@pytest.mark.parametrize(
    "value", ["", KEY[1:], KEY.upper() + "G", f'"{KEY}\\015\\012Set-Cookie: a=b"']
)
def test_another_value_is_replaced(value):
    assert re.fullmatch("[0-9a-f]{32}", get(**PAGE, cookie=f"rnn_demo_visitor={value}")[0].value)


@pytest.mark.parametrize("asked", [("/part.html", "GET"), ("/", "POST")])
def test_what_a_proxy_may_keep_for_everybody_holds_no_key(asked):
    cookie, kept = get(*asked, **PAGE)
    assert cookie is None
    assert "private" not in kept
    assert get("/", accept="*/*")[0] is None  # what a page loads for itself


@pytest.mark.parametrize(
    ("headers", "secure"),
    [
        ({}, False),
        ({"x_forwarded_proto": "http"}, False),
        ({"x_forwarded_proto": "https"}, True),
        ({"x_forwarded_proto": "HTTPS, http"}, True),
        ({"x_forwarded_proto": "http, https"}, False),
    ],
)
def test_in_a_frame_of_another_site_a_browser_takes_it_on_https(headers, secure):
    cookie, _ = get(**PAGE, **headers)
    assert cookie["samesite"] == ("None" if secure else "Lax")
    assert bool(cookie["secure"]) == bool(cookie["comment"]) == secure


def test_apps_under_different_paths_of_one_host_have_a_cookie_each(monkeypatch):
    """A browser sends the cookies of / to /demo, too."""
    base = ""
    monkeypatch.setattr(st, "get_option", lambda name: {"server.baseUrlPath": base}[name])
    sent = []
    for base in ("", "demo", "/demo/sub/", "d m"):  # noqa: B007 (the option reads it)
        cookie, _ = get(**PAGE)
        sent.append((cookie.key, cookie["path"]))
    assert len({key for key, _ in sent}) == 4
    assert [path for _, path in sent] == ["/", "/demo", "/demo/sub", "/d%20m"]
    base = "demo"
    cookies = {sent[0][0]: OTHER, sent[1][0]: KEY, sent[2][0]: OTHER}
    assert key_in(cookies) == KEY
    base = ""
    assert key_in(cookies) == OTHER


def test_the_key_of_an_earlier_version_is_taken_over_under_a_path(monkeypatch):
    monkeypatch.setattr(st, "get_option", lambda name: {"server.baseUrlPath": "demo"}[name])
    cookie, _ = get(**PAGE, cookie=f"rnn_demo_visitor={KEY}")
    assert (cookie.key, cookie.value) == ("rnn_demo_visitor_demo", KEY)
