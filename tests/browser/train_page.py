"""The page Train in a browser, for the tests of its parts."""

import re

from playwright.sync_api import Locator, Page, expect

from rnn_demo.runs.run import Run
from tests.example_runs import append, point

FIRST, SECOND = "20260102-030401-abcdef01", "20260102-030402-abcdef02"
ARGUMENTS = {"epoch": 2, "images_per_second": 1000.0, "seconds_left": 60}


def widget(page: Page, key: str) -> Locator:
    """The widget with a key; Streamlit makes a CSS class of it."""
    name = re.sub(r"[^\w-]", "-", key)
    return page.locator(f".st-key-train-{name}")


def button(page: Page, name: str) -> Locator:
    return widget(page, name).get_by_role("button")


def selected_run(page: Page) -> Locator:
    """The field that shows which run is selected."""
    return widget(page, "run").get_by_role("combobox")


def result(page: Page) -> Locator:
    """The test accuracy of a run that has ended."""
    return page.get_by_test_id("stMetric").first


def open_page(page: Page, name: str) -> None:
    """Go to another page through the navigation."""
    page.locator(f"[data-testid^=stTopNav] a[href$='/{name}']").first.click()


def newest(page: Page) -> Locator:
    """The newest loss, beside the title of its chart."""
    return page.locator("[data-chart=loss] .now")


def add(page: Page, run: Run, first: int, n: int) -> None:
    """Let a run grow by n points, and wait until they are on screen."""
    append(run, [point(i) for i in range(first, first + n)])
    expect(newest(page)).to_have_text(f"{point(first + n - 1)['loss']:.4f}")


def place(page: Page, chart: str, fraction: float) -> tuple[float, float]:
    """A place in a chart, at a fraction of its width."""
    plot = page.locator(f"[data-chart={chart}] .plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    return box["x"] + 46 + fraction * (box["width"] - 56), box["y"] + box["height"] / 2


READING = re.compile(r"\d+\.\d\d")  # a hint has no number


def epoch_in(text: str) -> float:
    """The first number of a reading: its epoch."""
    return float(READING.search(text)[0])


def epoch_at(page: Page, fraction: float) -> float:
    """The epoch that is read at a fraction of the width of the charts."""
    page.mouse.move(*place(page, "loss", fraction))
    text = page.locator(".reading")
    expect(text).to_have_text(READING)
    return epoch_in(text.inner_text())
