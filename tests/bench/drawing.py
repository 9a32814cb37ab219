"""From the end of a stroke to the new prediction: our page beside a page with a bare canvas.

    python tests/bench/drawing.py [strokes]

Two servers and two tabs of one Chromium; the tabs take turns, one stroke each. The time runs
from the release of the mouse to the first frame that shows something new: the 28x28 image that
is read, or the number that the bare page prints.
"""

import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from playwright.sync_api import Page
from side_by_side import ROOT, by_turns, chromium, serve, tab, taken, watch

BARE = """
import streamlit as st
from streamlit_drawable_canvas import st_canvas

@st.fragment
def canvas():
    result = st_canvas(width=280, height=280, return_image_data=True, key="canvas")
    ink = 0 if result.image_data is None else int(result.image_data.sum())
    st.text(f"ink {ink}")

canvas()
"""
CANVAS = "canvas.upper-canvas"
# What changes on a page with every stroke.
LOOK = {
    "bare": "() => document.querySelector('[data-testid=stText]').textContent",
    "ours": """() => [...document.querySelectorAll('*')].map(
        element => element.shadowRoot?.querySelector('.draw-reading .image canvas')
    ).find(Boolean).toDataURL()""",
}


def time_stroke(page: Page, look: str, ends: np.ndarray) -> float:
    """Milliseconds from the end of one straight stroke to something new on the page."""
    box = page.locator(CANVAS).bounding_box()
    assert box is not None
    watch(page, look, "mouseup")
    (x0, y0), (x1, y1) = (ends + np.array([box["x"], box["y"]])).tolist()
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move(x1, y1, steps=8)
    page.mouse.up()
    return taken(page)


def main(n_strokes: int) -> None:
    """Measure, and print both medians and their difference."""
    ends = np.random.default_rng(0).uniform(30, 250, (n_strokes + 1, 2, 2))
    with ExitStack() as stack:
        bare = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "bare.py"
        bare.write_text(BARE)
        addresses = {
            "bare": stack.enter_context(serve(bare)),
            "ours": stack.enter_context(serve(ROOT / "streamlit_app.py")),
        }
        browser = stack.enter_context(chromium())
        tabs = {name: tab(browser, address, CANVAS) for name, address in addresses.items()}
        times = by_turns(
            tabs, lambda name, i: time_stroke(tabs[name], LOOK[name], ends[i]), n_strokes, warm_up=1
        )
    medians = {name: statistics.median(spent) for name, spent in times.items()}
    print(f"{n_strokes} strokes, median from the end of a stroke to something new:")
    print(f"bare canvas {medians['bare']:.0f} ms, Draw {medians['ours']:.0f} ms")
    print(f"difference {medians['ours'] - medians['bare']:.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
