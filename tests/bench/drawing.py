"""From the end of a stroke to the new prediction: our page beside a page with a bare canvas.

    python tests/bench/drawing.py [strokes]

Two servers and two tabs of one Chromium, a stroke in each by turns. The time runs from the
release of the mouse to the first frame in which the page shows something new: the 28x28 image
that is being read, or the number the bare page prints.
"""

import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
from conftest import ARGUMENTS, wait_for_health  # noqa: E402

BARE = """
import streamlit as st
from streamlit_drawable_canvas import st_canvas

@st.fragment
def room():
    result = st_canvas(width=280, height=280, return_image_data=True, key="canvas")
    ink = 0 if result.image_data is None else int(result.image_data.sum())
    st.text(f"ink {ink}")

room()
"""
# What changes on a page with every stroke.
LOOK = {
    "bare": "document.querySelector('[data-testid=stText]').textContent",
    "ours": """[...document.querySelectorAll('*')].map(
        element => element.shadowRoot?.querySelector('.reader .image canvas')
    ).find(Boolean).toDataURL()""",
}
# How long it takes to change, counted from the release of the mouse; a promise.
WATCH = """
() => {
    const look = () => %s
    const before = look()
    let released = null
    window.taken = new Promise(done => {
        const watch = () => {
            if (look() === before) requestAnimationFrame(watch)
            else done(performance.now() - released)
        }
        addEventListener('mouseup', () => { released = performance.now(); watch() },
            { capture: true, once: true })
    })
}
"""


@contextmanager
def serve(script: Path) -> Iterator[str]:
    """A Streamlit server for one script; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_health(address, process)
        yield address
    finally:
        process.terminate()
        process.wait()


def time_stroke(page: Page, kind: str, ends: np.ndarray) -> float:
    """Milliseconds from the end of one straight stroke to something new on the page."""
    page.bring_to_front()
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box is not None
    page.evaluate(WATCH % LOOK[kind])
    (x0, y0), (x1, y1) = (ends + np.array([box["x"], box["y"]])).tolist()
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move(x1, y1, steps=8)
    page.mouse.up()
    milliseconds: float = page.evaluate("window.taken")
    return milliseconds


def main(n_strokes: int) -> None:
    """Measure, and print both medians and their difference."""
    rng = np.random.default_rng(0)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "bare.py").write_text(BARE)
        addresses = {
            "bare": stack.enter_context(serve(folder / "bare.py")),
            "ours": stack.enter_context(serve(ROOT / "streamlit_app.py")) + "/draw",
        }
        chromium = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS
        )
        pages = {kind: chromium.new_page(reduced_motion="reduce") for kind in addresses}
        for kind, page in pages.items():
            page.goto(addresses[kind])
            page.locator("canvas.upper-canvas").wait_for()
            page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        times: dict[str, list[float]] = {kind: [] for kind in pages}
        for _ in range(n_strokes + 1):
            ends = rng.uniform(30, 250, (2, 2))
            for kind, page in pages.items():
                times[kind].append(time_stroke(page, kind, ends))
        chromium.close()
    bare, ours = (statistics.median(times[kind][1:]) for kind in ("bare", "ours"))
    print(f"{n_strokes} strokes, median from the end of a stroke to something new:")
    print(f"bare canvas {bare:.0f} ms, Draw and read {ours:.0f} ms")
    print(f"difference {ours - bare:.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
