"""Time from an edit to the new numbers: the page Inside beside a bare Streamlit page.

    python tests/bench/inside.py [rounds]

The bare page has the same grid in `st.data_editor`, computes the same BasicRNN and draws one
Plotly heatmap of Y1. Both run on this machine, and one Chromium edits them in turn. The time
starts with the Enter key and ends with the frame that shows the new number. The third figure is
one animation step of the largest network: 16 neurons, 12 steps, all 16 examples.
"""

import statistics
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page
from side_by_side import ROOT, by_turns, chromium, serve, tab, taken, watch

from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState, encode

BASIC = InsideState.of(PRESETS[1])

BARE = """
import pandas as pd, plotly.graph_objects as go, streamlit as st, torch
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.networks import build
st.set_page_config(layout="wide")
preset = PRESETS[1]
model, _ = build(preset, 4, 3, 5, 7)
X0, X1 = torch.tensor(preset.X, dtype=torch.float)
frame = pd.DataFrame(X1.numpy(), columns=["in 0", "in 1", "in 2"])
edited = torch.tensor(st.data_editor(frame, key="X1").to_numpy(), dtype=torch.float)
Y1 = model(X0, edited)[1].detach().numpy()
st.plotly_chart(go.Figure(go.Heatmap(z=Y1, texttemplate="%{z:.4f}", zmin=-1, zmax=1)))
"""

# The numbers that change with every edit.
OURS = """() => [...document.querySelectorAll("*")].map((it) => it.shadowRoot).filter(Boolean)
  .flatMap((root) => [...root.querySelectorAll(".tensor.Y .cell > span")])
  .map((it) => it.textContent).join(" ")"""
THEIRS = """() => [...document.querySelectorAll(".heatmaplayer text")]
  .map((it) => it.textContent).join(" ")"""

# Milliseconds of each animation step: script, style and layout, and the paint that follows.
ANIMATE = """
async () => {
  const root = [...document.querySelectorAll("*")].map((it) => it.shadowRoot)
    .find((it) => it?.querySelector(".inside"))
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


def edit_ours(page: Page, number: str) -> float:
    page.locator('.cell[data-cell="X1[0, 0]"]').click()
    page.keyboard.press("F2")
    page.keyboard.type(number)
    return entered(page, OURS)


def edit_theirs(page: Page, number: str) -> float:
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + 0.3 * box["width"], box["y"] + 52)
    page.locator("#portal input, #portal textarea").first.fill(number)
    return entered(page, THEIRS)


def entered(page: Page, look: str) -> float:
    watch(page, look, "keydown")
    page.keyboard.press("Enter")
    spent = taken(page)
    page.wait_for_timeout(300)
    return spent


def compare(tabs: dict[str, Page], rounds: int) -> None:
    """Edit the same number in both by turns, and print how long each took."""
    edits = {"inside": edit_ours, "bare page": edit_theirs}
    # With another sign each time, or tanh is flat and no number on screen changes.
    numbers = [str((-1) ** i * (3 + i % 7)) for i in range(rounds + 2)]
    times = by_turns(tabs, lambda name, i: edits[name](tabs[name], numbers[i]), rounds, warm_up=2)
    medians = {name: statistics.median(spent) for name, spent in times.items()}
    for name, spent in times.items():
        print(f"{name}: {medians[name]:.0f} ms median, {max(spent):.0f} ms at most")
    print(f"ratio: {medians['inside'] / medians['bare page']:.2f} (goal 0.50, limit 1.00)")


def main(rounds: int) -> None:
    """Measure, and print medians, their ratio and the time of an animation step."""
    largest = replace(BASIC, n_steps=12, batch=16, n_inputs=8, n_neurons=16)
    with ExitStack() as stack:
        bare = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "bare.py"
        bare.write_text(BARE)
        ours = stack.enter_context(serve(ROOT / "streamlit_app.py"))
        theirs = stack.enter_context(serve(bare))
        browser = stack.enter_context(chromium())
        here = tab(browser, f"{ours}/inside?state={encode(BASIC)}", ".inside .cell")
        there = tab(browser, theirs, ".heatmaplayer text")
        compare({"inside": here, "bare page": there}, rounds)
        address = f"{ours}/inside?state={encode(largest)}&view=0,all,"
        spent: list[float] = tab(browser, address, ".inside .cell").evaluate(ANIMATE)
        print(
            "animation step, 16 neurons, 12 steps, batch 16: "
            f"{statistics.median(spent):.1f} ms median, {max(spent):.1f} ms at most "
            f"of {len(spent)} (limit 33)"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
