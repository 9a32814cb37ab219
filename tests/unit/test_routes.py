"""The addresses that the server answers itself, without a server."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import streamlit as st
from starlette.applications import Starlette

from rnn_demo.app.components import (
    ASSETS,
    MODULE_PATH,
    browser_files,
    register,
    version,
    with_imports,
)
from rnn_demo.app.link_panel import MAX_QR_BYTES, network_origin
from rnn_demo.app.routes import routes
from rnn_demo.formats.url import MAX_LINK_CHARACTERS

CURRENT = f"/{MODULE_PATH}/{version()}"


def get(
    path: str, query: str = "", method: str = "GET", host: str = ""
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of an answer."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode()}
    answering = Starlette(routes=routes())(
        scope | {"headers": [(b"host", host.encode())] if host else []}, receive, send
    )
    with ThreadPoolExecutor(1) as other:  # where Playwright's event loop is not
        other.submit(asyncio.run, answering).result()
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:])


@pytest.mark.parametrize("path", sorted(browser_files()))
def test_a_file_is_served_to_be_cached_for_ever(path):
    status, headers, content = get(f"{CURRENT}/{path}")
    assert status == 200
    assert content == (ASSETS / path).read_bytes()
    kind = {".js": "javascript", ".html": "html", ".css": "css"}[Path(path).suffix]
    assert headers["content-type"] == f"text/{kind}; charset=utf-8"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.hostile("an address beside the served modules")
@pytest.mark.parametrize(
    "path",
    [
        f"/{MODULE_PATH}",
        f"/{MODULE_PATH}/",
        CURRENT,
        f"{CURRENT}/",
        f"{CURRENT}/inside",
        f"{CURRENT}/inside/",
        f"{CURRENT}/inside/initial_payload.json",
        f"{CURRENT}/weights/tutorial.safetensors",
        f"{CURRENT}/inside/../shared/text.js",
        f"{CURRENT}/../{version()}/shared/text.js",
        f"{CURRENT}/../../streamlit_app.py",
        f"{CURRENT}/..%2f..%2fstreamlit_app.py",
        f"{CURRENT}/..\\..\\streamlit_app.py",
        f"{CURRENT}//etc/passwd",
        f"{CURRENT}/{ASSETS}/shared/text.js",
        f"{CURRENT}/shared/text.js\0",
        f"{CURRENT}/shared/TEXT.js",
        f"/{MODULE_PATH}/{'0' * 16}/shared/text.js",
    ],
)
def test_nothing_else_is_served(path):
    status, _, content = get(path)
    assert status in (404, 307)  # 307: to the same address without its last slash
    assert content in (b"", b"Not Found")


def test_a_module_cannot_be_written():
    assert get(f"{CURRENT}/shared/text.js", method="POST")[0] == 405


def test_a_sub_path_is_part_of_every_address(monkeypatch):
    monkeypatch.setattr(st, "get_option", lambda name: {"server.baseUrlPath": "demo/sub"}[name])
    assert get(f"/demo/sub{CURRENT}/shared/text.js")[0] == 200
    assert get(f"{CURRENT}/shared/text.js")[0] == 404


def test_a_link_of_this_app_has_a_qr_code_and_no_other_text():
    def status(link: str) -> int:
        return get("/qr.svg", urlencode({"link": link}), host="example.org")[0]

    code, headers, image = get("/qr.svg", "link=http://example.org/?drawing=x", host="example.org")
    assert (code, headers["content-type"]) == (200, "image/svg+xml")
    assert image.startswith(b"<svg")
    assert status("http://example.org/inside?state=" + "A" * MAX_LINK_CHARACTERS) == 200
    for refused in (
        "",
        "example.org",
        "http://other.org/",
        "javascript://example.org/",
        "http://[",
    ):
        assert status(refused) == 404
    assert status("http://example.org/" + "A" * MAX_QR_BYTES) == 404


def test_the_servers_own_address_is_one_of_this_machine(monkeypatch):
    """Only an address of this machine can be bound to."""
    options = {"server.address": None, "server.port": 8501, "server.sslCertFile": None}
    monkeypatch.setattr(st, "get_option", options.__getitem__)
    if origin := network_origin():  # None without a network
        url = urlsplit(origin)
        assert (url.scheme, url.port) == ("http", 8501)
        with socket.socket() as own:
            own.bind((url.hostname, 0))
        assert not url.hostname.startswith("127.")
    options["server.address"] = "127.0.0.1"  # no other device can come in
    assert network_origin() is None


def test_the_page_draw_is_the_landing_page():
    status, headers, _ = get("/draw", "drawing=abc&row=1")
    assert (status, headers["location"]) == (307, "./?drawing=abc&row=1")
    assert get("/draw")[1]["location"] == "./"


def test_a_module_comes_with_all_that_it_imports():
    assert set(with_imports("shared/transport.js")) == {
        "shared/transport.js",
        "shared/dom.js",
        "shared/presenter.js",
        "shared/focus.js",
        "shared/translation.js",
        "shared/text.js",
    }
    assert with_imports("shared/transport.js")[0] == "shared/transport.js"
    with pytest.raises(KeyError):
        with_imports("shared/missing.js")


def test_a_component_with_a_missing_file_is_refused():
    with pytest.raises(KeyError, match=r"inside/missing\.html"):
        register("missing", module="inside/inside.js", html="inside/missing.html")


@pytest.mark.parametrize("path", [path for path in browser_files() if path.endswith(".js")])
def test_every_import_of_a_module_is_served(path):
    """Found by another reading of the script than the one under test."""
    found = with_imports(path)
    assert len(found) == len(set(found))
    for each in found:
        for line in browser_files()[each].decode().splitlines():
            if line.startswith(("import ", "} from ")):
                imported = (ASSETS / each).parent / line.split('"')[1]
                assert imported.resolve().relative_to(ASSETS).as_posix() in found
