"""Cold start: from `streamlit run` to the first page one can use, beside an empty app.

    python tests/bench/start.py [rounds]

Each round starts and stops a server of an empty Streamlit app and one of this app, in turn; a
Chromium that is already running opens the page as soon as the server answers. This app is usable
when the landing page has its canvas and a row of the first reading, and the script has finished.
"""

import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import ARGUMENTS  # noqa: E402
from tests.browser.test_journeys import IDLE  # noqa: E402

EMPTY = 'import streamlit as st\nst.text("Here it is.")\n'
USABLE = {
    "empty": ["[data-testid=stText]"],
    "ours": ["canvas.upper-canvas", ".draw-reading [role=status]:not(:empty)"],
}
GOAL, LIMIT = 1.25, 1.5


def start(script: Path, usable: list[str], chromium: Browser) -> float:
    """Seconds from the command to the page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    page = chromium.new_page()
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        _open(page, f"http://127.0.0.1:{port}", begin + 60)
        for part in usable:
            page.locator(part).first.wait_for()
        page.wait_for_selector(IDLE)
        return time.perf_counter() - begin
    finally:
        page.close()
        process.terminate()
        process.wait()


def _open(page: Page, address: str, deadline: float) -> None:
    """Open the page as soon as the server answers."""
    while True:
        try:
            page.goto(address)
            return
        except Error:
            if time.perf_counter() > deadline:
                raise
            time.sleep(0.05)


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY)
        scripts = {"empty": empty, "ours": ROOT / "streamlit_app.py"}
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        times: dict[str, list[float]] = {kind: [] for kind in scripts}
        for number in range(rounds + 1):  # the first fills the disk's cache
            for kind, script in scripts.items():
                seconds = start(script, USABLE[kind], chromium)
                if number:
                    times[kind].append(seconds)
        chromium.close()
    median = {kind: statistics.median(found) for kind, found in times.items()}
    for kind, found in times.items():
        print(f"{kind}: {median[kind]:.2f} s median, {min(found):.2f} to {max(found):.2f} s")
    print(f"ratio: {median['ours'] / median['empty']:.2f} (goal {GOAL}, limit {LIMIT})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
