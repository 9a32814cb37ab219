"""A real server and a real Chromium, everything on loopback."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

# A busy machine is slow; what is waited for comes all the same.
expect.set_options(timeout=20_000)

REPOSITORY = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, in_ci: bool) -> Iterator[Browser]:
    """The system's Chromium, or Playwright's own; without either the tests skip, but not in CI."""
    system = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        browser = playwright.chromium.launch(executable_path=system, args=ARGUMENTS)
    except Error as error:
        reason = f"needs Chromium, which cannot be started here: {error.message.splitlines()[0]}"
        pytest.fail(reason) if in_ci else pytest.skip(reason)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as a visitor finds it; its address."""
    runs = tmp_path_factory.mktemp("runs")
    process, address = start_server({"RNN_DEMO_RUNS": str(runs), "RNN_DEMO_MAX_RUNS": "2"})
    wait_for_health(address, process)
    yield address
    process.terminate()
    process.wait(timeout=20)


def start_server(
    settings: dict[str, str], log: Path = Path(os.devnull)
) -> tuple["subprocess.Popen[bytes]", str]:
    """The app on a free port of loopback: its process and its address, which answers soon.

    Args:
        settings: environment variables besides those there are.
        log: what it prints goes there; its errors go to the test's unless a file is given.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *options],
            cwd=REPOSITORY,
            env=os.environ | settings,
            stdout=output,
            stderr=output if log.is_file() else None,
        )
    return process, f"http://127.0.0.1:{port}"


def wait_for_health(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> Iterator[dict[tuple[str, str], BrowserContext]]:
    """Windows by kind and server: with the cache of the tests before, a page comes sooner."""
    made: dict[tuple[str, str], BrowserContext] = {}
    yield made
    for context in made.values():
        context.close()


def new_context(chromium: Browser, server: str, kind: str) -> BrowserContext:
    phone = kind == "phone"
    context = chromium.new_context(
        base_url=server,
        viewport={"width": 360, "height": 740} if phone else {"width": 1280, "height": 720},
        has_touch=phone,
        is_mobile=phone,
    )
    context.set_default_timeout(30_000)
    return context


@pytest.fixture(params=["desktop"])
def page(
    request: pytest.FixtureRequest,
    contexts: dict[tuple[str, str], BrowserContext],
    chromium: Browser,
    server: str,
) -> Iterator[Page]:
    """The tab of a new visitor; parametrise it indirectly with "phone" for a small one with touch.

    Tests that change more than their tab, such as the clock, are marked `own_context`.
    """
    key = request.param, server
    own = request.node.get_closest_marker("own_context") is not None
    context = None if own else contexts.get(key)
    if context is None:
        context = new_context(chromium, server, request.param)
    if not own:
        contexts[key] = context
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    try:
        assert page.get_by_test_id("stException").count() == 0
        assert problems == []
    finally:
        if own:
            context.close()
        else:
            page.evaluate("localStorage.clear()")
            page.close()
            context.clear_cookies()
