"""Which pages may open a websocket: the middleware by itself, and what it lets through."""

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import streamlit as st

from rnn_demo.app.link_panel import network_host
from rnn_demo.app.middleware.origin import OriginCheck

HOST = "demo.example.org:8501"


def ask(
    check: OriginCheck | None = None,
    kind: str = "websocket",
    path: str = "/_stcore/stream",
    **headers: str,
) -> tuple[int, list[str]]:
    """The status of an attempt, and the names of the headers that came through."""
    sent: list[dict[str, Any]] = []
    passed: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        passed.extend(name.decode() for name, _ in scope["headers"])
        await send({"type": "websocket.accept"})

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    check = check or OriginCheck(app)
    names = {name.replace("_", "-"): value for name, value in ({"host": HOST} | headers).items()}
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in names.items()]
    answering = check(
        {"type": kind, "method": "GET", "path": path, "headers": pairs}, receive, send
    )
    with ThreadPoolExecutor(1) as other:  # where Playwright's event loop is not
        other.submit(asyncio.run, answering).result()
    accepted = sent[0]["type"] == "websocket.accept"
    return 101 if accepted else sent[0].get("status", 403), passed


@pytest.fixture(autouse=True)
def nobody_is_asked(monkeypatch):
    """A name that is looked up, or a connection, fails the test."""

    def refuse(*arguments: Any, **more: Any) -> None:
        raise AssertionError(f"looked up {arguments}")

    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.fixture
def options(monkeypatch):
    """Streamlit's options, with some changed."""
    get_option = st.get_option
    changed: dict[str, Any] = {}
    monkeypatch.setattr(st, "get_option", lambda name: changed.get(name, get_option(name)))
    return changed


FOREIGN = [
    "http://evil.example",
    "https://demo.example.org",  # another port
    "http://demo.example.org.evil.example:8501",
    "http://demo.example.org:85011",
    "null",
    "",
    "http://[::1",
    "http://demo.example.org:port",
    "//" + "x" * 10_000,
    "http://localhost.evil.example",
    "file://",
    "http://\xe9vil.example",
]


@pytest.mark.hostile("a websocket from the page of a stranger")
@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_is_refused(origin):
    assert ask(origin=origin) == (403, [])


@pytest.mark.parametrize(
    "headers",
    [
        {},  # no browser
        {"origin": f"http://{HOST}"},
        {"origin": f"https://{HOST.upper()}"},
        {"origin": "http://demo.example.org", "host": "demo.example.org:80"},
        {"origin": "https://demo.example.org:443", "host": "demo.example.org"},
        {"origin": "https://seen.example", "x_forwarded_host": "seen.example"},
        {"origin": "https://seen.example", "x_forwarded_host": "seen.example, inner.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "http://127.0.0.1:8501"},
        {"origin": "http://[::1]:8501"},
    ],
)
def test_a_page_of_this_server_or_machine_may_connect_and_streamlit_looks_nothing_up(headers):
    status, passed = ask(**headers)
    assert status == 101
    assert "origin" not in passed
    assert "host" in passed


def test_the_settings_of_streamlit_allow_more(options):
    pages = ["https://course.example", "https://seen.example:8443", "https://any.example"]
    assert [ask(origin=page)[0] for page in pages] == [403, 403, 403]
    options["server.corsAllowedOrigins"] = ["https://course.example"]
    options["browser.serverAddress"] = "seen.example"
    assert [ask(origin=page)[0] for page in pages] == [101, 101, 403]
    options["server.enableCORS"] = False
    assert [ask(origin=page)[0] for page in pages] == [101, 101, 101]


def test_a_page_at_this_machines_own_address_may_connect():
    own = network_host()
    if own is None:
        pytest.skip("needs a network")
    assert ask(origin=f"http://{own}:80")[0] == 101


def test_behind_a_proxy_that_changes_host_the_page_hears_it_before_it_waits():
    """Streamlit's page shows in a dialog that these answer with 403."""
    page = {"referer": "https://seen.example/train", "kind": "http"}
    for path in ("/_stcore/health", "/sub/_stcore/host-config"):
        assert ask(path=path, **page)[0] == 403
        assert ask(path=path, x_forwarded_host="seen.example", **page)[0] == 101
        assert ask(path=path, kind="http")[0] == 101  # a health check, which comes from no page
    assert ask(path="/", **page)[0] == 101  # a link from another page


@pytest.mark.hostile("a log that a stranger fills or writes lines into")
def test_the_log_has_a_line_an_origin_and_nothing_unescaped(caplog):
    async def app(*_: Any) -> None:
        raise AssertionError("passed")

    check = OriginCheck(app)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            ask(check, origin="http://evil.example")
        ask(check, origin="http://evil.example\nERROR all is lost\x1b[2J")
        ask(check, origin="http://" + "long." * 100)
        assert len(caplog.records) == 2
        for i in range(300):
            ask(check, origin=f"http://{i}.example")
    assert len(caplog.records) == 100
    assert not any("lost" in record.getMessage() for record in caplog.records)
