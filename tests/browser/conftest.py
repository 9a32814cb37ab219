"""A real server and a real Chromium, everything on loopback."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    expect,
)

from rnn_demo.app.middleware.visitor_cookie import COOKIE
from rnn_demo.runs.run import Run
from rnn_demo.runs.state import State, lock_of
from tests.example_runs import owner_of, put_run

# On a busy machine everything takes longer.
expect.set_options(timeout=20_000)
TIMEOUT_MS = 60_000

REPOSITORY = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # a tab is a fifth cheaper in a process that has run the app before
]
WINDOWS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 720}},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How pytest-playwright starts Chromium: the system's where there is one, else its own."""
    return browser_type_launch_args | {"executable_path": system_chromium(), "args": ARGUMENTS}


def system_chromium() -> str | None:
    """The path of the system's Chromium, if there is one.

    The headless shell, a Debian package of its own, takes 30 % less processor time.
    """
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser(launch_browser: Callable[[], Browser], in_ci: bool) -> Iterator[Browser]:
    """Chromium; where it cannot be started the tests skip, but not in CI."""
    try:
        chromium = launch_browser()
    except Error as error:
        reason = f"needs Chromium, which cannot be started here: {error.message.splitlines()[0]}"
        pytest.fail(reason) if in_ci else pytest.skip(reason)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all runs of `server`."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def server(root: Path) -> Iterator[str]:
    """The app as a visitor finds it; its address."""
    process, address = start_server({"RNN_DEMO_RUNS": str(root), "RNN_DEMO_MAX_RUNS": "2"})
    wait_for_health(address, process)
    yield address
    process.terminate()
    process.wait(timeout=20)


def start_server(
    settings: dict[str, str], log: Path = Path(os.devnull), port: int = 0
) -> tuple["subprocess.Popen[bytes]", str]:
    """Start the app on loopback; returns its process and address, without waiting.

    Args:
        settings: environment variables in addition to the test's own.
        log: a file for all that the server prints; without one, only its errors are shown.
        port: where it listens; 0 for a free one.
    """
    if not port:
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


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """Make a browser context that pytest-playwright records and closes."""

    def make(**settings: Any) -> BrowserContext:
        context = new_context(**settings)
        context.set_default_timeout(TIMEOUT_MS)
        return context

    return make


class Windows:
    """Browser contexts by kind and server; a page comes sooner with the cache of earlier tests.

    A trace of a failed test lists what was done, asked and logged. The page at each step is in it
    with `--tracing=on` only: to record it takes a quarter of the processor time of all tests.
    """

    def __init__(self, browser: Browser, tracing: str) -> None:
        self._browser = browser
        self._tracing = tracing
        self._shared: dict[tuple[str, str], BrowserContext] = {}

    def shared(self, kind: str, server: str) -> BrowserContext:
        """The context that all tests of a kind of window and a server share."""
        if (kind, server) not in self._shared:
            context = self.new(kind, server)
            # A tab that stays keeps the process of the others alive.
            context.new_page().goto("/_stcore/health")
            self._shared[kind, server] = context
        return self._shared[kind, server]

    def new(self, kind: str, server: str) -> BrowserContext:
        """A context for one test, which closes it."""
        context = self._browser.new_context(base_url=server, **WINDOWS[kind])
        context.set_default_timeout(TIMEOUT_MS)
        if self._tracing != "off":
            context.tracing.start(snapshots=self._tracing == "on", sources=True)
        return context

    def close(self) -> None:
        for context in self._shared.values():
            context.close()


@pytest.fixture(scope="session")
def windows(browser: Browser, pytestconfig: pytest.Config) -> Iterator[Windows]:
    made = Windows(browser, pytestconfig.getoption("--tracing"))
    yield made
    made.close()


@pytest.fixture
def recorded(
    request: pytest.FixtureRequest, pytestconfig: pytest.Config, output_path: str
) -> Callable[[Page], AbstractContextManager[None]]:
    """Record a tab: what a failed test leaves of it are a trace and a screenshot."""
    trace, screenshot = (pytestconfig.getoption(f"--{name}") for name in ("tracing", "screenshot"))

    @contextmanager
    def record(page: Page) -> Iterator[None]:
        if trace != "off":
            page.context.tracing.start_chunk(title=request.node.name)
        yield
        called = getattr(request.node, "rep_call", None)  # by pytest-playwright
        failed = called is None or called.failed
        folder = Path(output_path)
        if screenshot == "on" or (failed and screenshot != "off"):
            with suppress(Error):
                page.screenshot(path=folder / "screenshot.png", timeout=5_000)
        if trace != "off":
            keep = failed or trace == "on"
            page.context.tracing.stop_chunk(path=folder / "trace.zip" if keep else None)

    return record


@pytest.fixture(params=["desktop"])
def page(
    request: pytest.FixtureRequest,
    windows: Windows,
    server: str,
    recorded: Callable[[Page], AbstractContextManager[None]],
) -> Iterator[Page]:
    """The tab of a new visitor; parametrise it indirectly with "phone" for a small one with touch.

    Tests that change more than their tab, such as the clock, are marked `own_context`.
    """
    own = request.node.get_closest_marker("own_context") is not None
    context = (windows.new if own else windows.shared)(request.param, server)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    with recorded(page):
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


def key_of(page: Page) -> str:
    """The key that the server has given to a visitor, in a cookie that no script can read."""
    (cookie,) = (each for each in page.context.cookies() if each["name"] == COOKIE)
    assert cookie["httpOnly"]
    return str(cookie["value"])


@dataclass
class Visitor:
    """A visitor with a known key, so that a test can put runs into their folder."""

    page: Page
    home: Path

    def run(self, state: State, run_id: str = "20260102-030401-abcdef01", **more: Any) -> Run:
        """A run of this visitor, see `put_run`."""
        return put_run(self.home, run_id, state, **more)


@pytest.fixture
def visitor(page: Page, server: str, root: Path) -> Visitor:
    key = secrets.token_hex(16)
    page.context.add_cookies([{"name": COOKIE, "value": key, "url": server}])
    return Visitor(page, root / owner_of(key))


@pytest.fixture
def running(visitor: Visitor) -> Iterator[Run]:
    """A run with 50 points and a live worker."""
    run = visitor.run("running", n=50, epoch=2, images_per_second=1000.0, seconds_left=60)
    with lock_of(run.folder):
        yield run
