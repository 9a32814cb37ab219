"""After the install the app needs no network: a Chromium and a server that have none."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.conftest import ARGUMENTS, REPOSITORY, wait_for_health
from tests.browser.test_journeys import SEVEN, answer, draw, visit

# Runs in every Python process at its start: what leaves this machine is written down and fails.
CUT_OFF = """
import os, sys

def refuse(event, arguments):
    host = arguments[1] if event == "socket.connect" else arguments[0]
    host = host[0] if isinstance(host, tuple) else host
    if host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", None) or "/" in str(host):
        return
    with open(os.environ["ATTEMPTS"], "a") as file:
        print(event, host, file=file)
    raise OSError("this machine has no network")

WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
sys.addaudithook(lambda event, arguments: event in WATCHED and refuse(event, arguments))
"""


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it is written down what the server asked of the outside."""
    folder = tmp_path_factory.mktemp("cut-off")
    (folder / "sitecustomize.py").write_text(CUT_OFF)
    (folder / "attempts").touch()
    return folder / "attempts"


@pytest.fixture(scope="module")
def address(attempts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app, started without a screen as on a server, and cut off from the network."""
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
def page(chromium: Browser, playwright: Playwright, address: str) -> Iterator[Page]:
    """A tab of a Chromium for which no name but this machine's exists."""
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        args=[*ARGUMENTS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
    )
    page = browser.new_page(base_url=address)
    page.set_default_timeout(60_000)
    yield page
    browser.close()


def test_the_whole_app_works_without_a_network_and_asks_for_none(page, address, attempts):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda stream: asked.append(stream.url.replace("ws:", "http:")))
    for path in ("", "digits", "train", "draw"):
        visit(page, path)
        expect(page.get_by_test_id("stMain")).not_to_be_empty()
        for wrong in ("stException", "stAlertContentError"):
            expect(page.get_by_test_id(wrong)).to_have_count(0)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text(re.compile(r"^7, \d+ % sure$"))
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert attempts.read_text() == ""


def test_a_download_without_a_network_ends_in_one_sentence(page, attempts):
    visit(page, "digits")
    page.get_by_role("button", name=re.compile("Download MNIST")).click()
    problem = page.get_by_test_id("stAlertContentError")
    expect(problem).to_contain_text("MNIST could not be downloaded", timeout=90_000)
    assert "socket.getaddrinfo" in attempts.read_text()  # so attempts are seen
