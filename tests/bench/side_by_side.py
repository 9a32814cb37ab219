"""What the benchmarks share: servers and tabs side by side, and the time until a page changes."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import ARGUMENTS, wait_for_health  # noqa: E402
from tests.browser.test_journeys import IDLE  # noqa: E402

# Sets `taken` to the milliseconds from an event to the frame in which the page looks different.
WATCH = """
([look, event]) => {
    const see = eval(look)
    const before = see()
    window.taken = null
    const start = () => {
        const from = performance.now()
        const watch = () => {
            const now = see()
            if (now && now !== before) window.taken = performance.now() - from
            else requestAnimationFrame(watch)
        }
        watch()
    }
    addEventListener(event, start, { capture: true, once: true })
}
"""


@contextmanager
def serve(script: Path) -> Iterator[str]:
    """A Streamlit server of a script; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_health(address, process)
        yield address
    finally:
        process.terminate()
        process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or Playwright's own."""
    with sync_playwright() as playwright:
        system = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=system, args=ARGUMENTS)
        yield browser
        browser.close()


def tab(browser: Browser, address: str, ready: str) -> Page:
    """A tab with the page loaded: `ready` selects what must be there."""
    page = browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page.set_default_timeout(60_000)
    page.goto(address)
    page.wait_for_selector(ready)
    page.wait_for_selector(IDLE)
    return page


def watch(page: Page, look: str, event: str) -> None:
    """Begin to wait for a page to look different after the next event of a kind.

    Args:
        page: where.
        look: JavaScript, a function that returns what is seen, as a string.
        event: the event's name, as in "mouseup".
    """
    page.evaluate(WATCH, [look, event])


def taken(page: Page) -> float:
    """Milliseconds it took; see `watch`."""
    milliseconds: float = page.wait_for_function("window.taken").json_value()
    page.wait_for_selector(IDLE)
    return milliseconds


def by_turns(
    tabs: Mapping[str, Page], act: Callable[[str, int], float], rounds: int, warm_up: int
) -> dict[str, list[float]]:
    """The milliseconds of each round in each tab.

    Args:
        tabs: one a name.
        act: does it in the tab of a name, in a round; returns the milliseconds.
        rounds: that count.
        warm_up: rounds before these, which do not.
    """
    times: dict[str, list[float]] = {name: [] for name in tabs}
    for i in range(warm_up + rounds):
        for name, page in tabs.items():
            page.bring_to_front()
            times[name].append(act(name, i))
    return {name: spent[warm_up:] for name, spent in times.items()}
