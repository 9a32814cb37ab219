"""From an edit to the new picture: the flow lab beside a bare Streamlit page.

    python tests/bench/flow.py [rounds]

The bare page has the same grid in `st.data_editor`, computes the same BasicRNN and draws one
Plotly heatmap of Y1. Both run on this machine, one Chromium edits them in turns, and the time
runs from the Enter key to the frame in which the new number stands on screen. The third figure
is one animation step of the largest picture: 16 neurons, 12 steps, all 16 instances.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY))

from rnn_demo import share  # noqa: E402
from rnn_demo.presets import PRESETS  # noqa: E402

BASIC = share.LabState.of(PRESETS[1])
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]

BARE = """
import pandas as pd, plotly.graph_objects as go, streamlit as st, torch
from rnn_demo.presets import PRESETS
st.set_page_config(layout="wide")
preset = PRESETS[1]
model, _ = preset.network(5, 7)
X0, X1 = torch.tensor(preset.X, dtype=torch.float)
frame = pd.DataFrame(X1.numpy(), columns=["in 0", "in 1", "in 2"])
edited = torch.tensor(st.data_editor(frame, key="X1").to_numpy(), dtype=torch.float)
Y1 = model(X0, edited)[1].detach().numpy()
st.plotly_chart(go.Figure(go.Heatmap(z=Y1, texttemplate="%{z:.4f}", zmin=-1, zmax=1)))
"""

# Resolves with the milliseconds from the Enter key to the frame with another text.
WATCH = """
([find]) => new Promise((resolve) => {
  const read = eval(find)
  const before = read()
  let start
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && start === undefined) start = performance.now()
  }, { capture: true })
  const look = () => {
    const now = read()
    if (start !== undefined && now && now !== before) resolve(performance.now() - start)
    else requestAnimationFrame(look)
  }
  look()
  setTimeout(() => resolve(NaN), 20000)
})
"""
OURS = """() => [...document.querySelectorAll("*")].map((it) => it.shadowRoot).filter(Boolean)
  .flatMap((root) => [...root.querySelectorAll(".tensor.Y .cell > span")])
  .map((it) => it.textContent).join(" ")"""
THEIRS = """() => [...document.querySelectorAll(".heatmaplayer text")]
  .map((it) => it.textContent).join(" ")"""

# Milliseconds of each animation step: script, style and layout, and the paint that follows.
ANIMATE = """
async () => {
  const root = [...document.querySelectorAll("*")].map((it) => it.shadowRoot)
    .find((it) => it?.querySelector(".lab"))
  const slider = root.querySelector("input[type=range]")
  const spent = []
  for (let frame = 0; frame <= Number(slider.max); frame++) {
    await new Promise(requestAnimationFrame)
    const start = performance.now()
    slider.value = frame
    slider.dispatchEvent(new Event("input"))
    root.querySelector(".sheet").getBoundingClientRect()
    spent.push(performance.now() - start)
  }
  return spent
}
"""


@contextmanager
def served(script: Path) -> Iterator[str]:
    """A Streamlit server of a script; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def edit_ours(page: Page, number: str) -> float:
    watching = watch(page, OURS)
    page.locator('.cell[aria-label^="X1, instance 0, input 0, "]').click()
    page.keyboard.press("F2")
    page.keyboard.type(number)
    return entered(page, watching)


def edit_theirs(page: Page, number: str) -> float:
    watching = watch(page, THEIRS)
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + 0.3 * box["width"], box["y"] + 52)
    page.locator("#portal input, #portal textarea").first.fill(number)
    return entered(page, watching)


def watch(page: Page, find: str) -> str:
    page.evaluate(f"(arguments) => {{ window.watched = ({WATCH})(arguments) }}", [find])
    return "window.watched"


def entered(page: Page, watching: str) -> float:
    page.keyboard.press("Enter")
    spent: float = page.evaluate(watching)
    page.wait_for_selector(IDLE)
    page.wait_for_timeout(300)
    return spent


def opened(context_page: Page, address: str, ready: str) -> Page:
    context_page.set_default_timeout(60_000)
    context_page.goto(address)
    context_page.wait_for_selector(ready)
    context_page.wait_for_selector(IDLE)
    return context_page


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        system = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=system, args=ARGUMENTS)
        with served(REPOSITORY / "streamlit_app.py") as ours, served(bare) as theirs:
            view = {"viewport": {"width": 1280, "height": 720}, "reduced_motion": "reduce"}
            here = opened(
                browser.new_page(**view), f"{ours}/?lab={share.encode(BASIC)}", ".lab .cell"
            )
            there = opened(browser.new_page(**view), theirs, ".heatmaplayer text")
            times: dict[str, list[float]] = {"flow lab": [], "bare page": []}
            for i in range(rounds + 2):  # the first two warm up
                number = str(-3 - i % 7)
                for name, page, edit in (
                    ("flow lab", here, edit_ours),
                    ("bare page", there, edit_theirs),
                ):
                    page.bring_to_front()
                    spent = edit(page, number)
                    if i >= 2:
                        times[name].append(spent)
            medians = {name: statistics.median(spent) for name, spent in times.items()}
            for name, spent in times.items():
                print(f"{name}: {medians[name]:.0f} ms median, {max(spent):.0f} ms at most")
            print(
                f"ratio: {medians['flow lab'] / medians['bare page']:.2f} (goal 0.50, limit 1.00)"
            )

            largest = replace(BASIC, n_steps=12, batch=16, n_inputs=8, n_neurons=16)
            address = f"{ours}/?lab={share.encode(largest)}&view=0,all,"
            spent = opened(browser.new_page(**view), address, ".lab .cell").evaluate(ANIMATE)
            print(
                "animation step, 16 neurons, 12 steps, batch 16: "
                f"{statistics.median(spent):.1f} ms median, {max(spent):.1f} ms at most "
                f"of {len(spent)} (limit 33)"
            )
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
