"""The installed app needs no network: here neither the server nor Chromium has one."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.conftest import ARGUMENTS, REPOSITORY, system_chromium, wait_for_health
from tests.browser.test_journeys import PATHS, SEVEN, click, draw, expect_answer, visit

# Every Python process runs this first. It logs each attempt to reach another machine, and makes it
# fail. 192.0.2.1 is nobody's (RFC 5737): to "connect" a UDP socket to it sends nothing, and tells
# the server its own address.
BLOCK_NETWORK = """
import os, sys

def refuse(event, arguments):
    host = arguments[1] if event == "socket.connect" else arguments[0]
    host = host[0] if isinstance(host, tuple) else host
    if host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "192.0.2.1", None):
        return
    if "/" in str(host):
        return
    with open(os.environ["ATTEMPTS"], "a") as file:
        print(event, host, file=file)
    raise OSError("this machine has no network")

WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
sys.addaudithook(lambda event, arguments: event in WATCHED and refuse(event, arguments))
"""


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of the server's attempts to reach another machine."""
    folder = tmp_path_factory.mktemp("blocked")
    (folder / "sitecustomize.py").write_text(BLOCK_NETWORK)
    (folder / "attempts").touch()
    return folder / "attempts"


@pytest.fixture(scope="module")
def address(attempts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, which runs without a network."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "PYTHONPATH": str(attempts.parent),
        "ATTEMPTS": str(attempts),
        "RNN_DEMO_DATA": str(tmp_path_factory.mktemp("data")),
        "RNN_DEMO_RUNS": str(tmp_path_factory.mktemp("runs")),
    }
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    options = ["--server.headless=true", f"--server.port={port}"]
    process = subprocess.Popen([*command, *options], cwd=REPOSITORY, env=environment)
    wait_for_health(f"http://127.0.0.1:{port}", process)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def page(browser: Browser, playwright: Playwright, address: str) -> Iterator[Page]:
    """A tab of a Chromium that can resolve no name."""
    offline = playwright.chromium.launch(
        executable_path=system_chromium(),
        args=[*ARGUMENTS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
    )
    page = offline.new_page(base_url=address)
    page.set_default_timeout(60_000)
    yield page
    offline.close()


def test_the_app_works_without_a_network(page, address, attempts):
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.on("websocket", lambda socket: urls.append(socket.url.replace("ws:", "http:")))
    for path in PATHS:
        visit(page, path)
        expect(page.get_by_test_id("stMain")).not_to_be_empty()
        for error in ("stException", "stAlertContentError"):
            expect(page.get_by_test_id(error)).to_have_count(0)
    visit(page, "")
    draw(page, SEVEN)
    expect_answer(page, 7)
    assert [url for url in urls if not url.startswith((address, "data:", "blob:"))] == []
    assert attempts.read_text() == ""


def test_a_download_without_a_network_shows_an_error(page, attempts):
    visit(page, "digits")
    click(page, "mnist_download/start")
    expect(page.get_by_test_id("stAlertContentError")).to_be_visible(timeout=90_000)
    assert "socket.getaddrinfo" in attempts.read_text()  # the log works
