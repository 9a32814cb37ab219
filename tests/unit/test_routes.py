"""The addresses that the server answers itself, without a server."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

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
from rnn_demo.app.routes import routes

CURRENT = f"/{MODULE_PATH}/{version()}"


def get(path: str, query: str = "", method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of an answer."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode()}
    answering = Starlette(routes=routes())(scope | {"headers": []}, receive, send)
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


def test_the_page_draw_is_the_landing_page():
    status, headers, _ = get("/draw", "drawing=abc&row=1")
    assert (status, headers["location"]) == (307, "./?drawing=abc&row=1")
    assert get("/draw")[1]["location"] == "./"


def test_a_module_comes_with_all_that_it_imports():
    assert set(with_imports("shared/transport.js")) == {
        "shared/transport.js",
        "shared/dom.js",
        "shared/presenter.js",
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
