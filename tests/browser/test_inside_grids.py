"""Edit a batch of the page Inside in its grid, as in a spreadsheet."""

import contextlib
import re

import pytest
import torch
from playwright.sync_api import Page, expect

from rnn_demo import BasicRNN
from rnn_demo.inside import networks
from rnn_demo.inside.presets import PRESETS
from tests.browser.inside import SINGLE, open_inside, open_section
from tests.browser.test_journeys import IDLE


def expect_heatmaps(page: Page, model: BasicRNN, X: torch.Tensor) -> None:
    for t, states in enumerate(model(X[0], X[1])):
        cells = page.get_by_test_id("stPlotlyChart").nth(t).locator(".heatmaplayer text")
        expect(cells).to_have_text([f"{value:.4f}" for value in states.flatten().tolist()])


def open_grids(page: Page) -> tuple[BasicRNN, torch.Tensor]:
    """Open the section with the grids; returns the network on screen and its inputs."""
    open_inside(page, SINGLE)
    open_section(page, "tables")
    model, _ = networks.build(PRESETS[0], 4, 4, 1, 7)
    assert isinstance(model, BasicRNN)
    X = torch.tensor(PRESETS[0].X, dtype=torch.float)
    expect_heatmaps(page, model, X)
    return model, X


def edit(page: Page, grid: int, row: int, column: int, number: str) -> None:
    """Double-click a cell of a grid of four columns and a row index, and type into it."""
    editor = page.get_by_test_id("stDataFrame").nth(grid)
    field = page.locator("#portal input, #portal textarea").first
    for _ in range(5):  # the charts below are drawn anew after an edit, and may push it aside
        editor.scroll_into_view_if_needed()
        box = editor.bounding_box()
        assert box is not None
        index = 50  # pixels of the row index
        width = (box["width"] - index) / 4
        page.mouse.dblclick(box["x"] + index + (column + 0.5) * width, box["y"] + 35 * (row + 1.5))
        with contextlib.suppress(AssertionError):
            expect(field).to_be_visible(timeout=3_000)
            break
    field.fill(number)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_edits_in_a_grid_change_what_comes_out_at_once(page):
    model, X = open_grids(page)
    page.get_by_test_id("stDataFrame").first.scroll_into_view_if_needed()
    X[0, 0, 0] = -2.5
    edit(page, 0, 0, 0, "-2.5")
    expect_heatmaps(page, model, X)
    X[0, 3, 1] = 0.25  # a second edit keeps the first
    edit(page, 0, 3, 1, "0.25")
    expect_heatmaps(page, model, X)
    X[1, 1, 2] = 1.5
    edit(page, 1, 1, 2, "1.5")
    expect_heatmaps(page, model, X)
    page.locator(".st-key-inside-reset button").click()
    expect_heatmaps(page, model, torch.tensor(PRESETS[0].X, dtype=torch.float))


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_a_block_pasted_into_a_grid_is_read_as_it_is_written(page):
    """A number column made 15 of "1,5", the limit 100 of "12,5" and "5k", and 3 of "\u22123"."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    model, X = open_grids(page)
    page.evaluate("() => navigator.clipboard.writeText('1,5\\t\u22123\\n12,5\\t5k')")
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid.get_by_test_id("data-grid-canvas")).to_be_visible()
    grid.scroll_into_view_if_needed()
    page.wait_for_selector(IDLE)
    alert = page.get_by_test_id("stAlert")
    for _ in range(4):  # as in `edit`: the charts below may push it aside
        grid.click(position={"x": 100, "y": 52})  # the first cell
        page.keyboard.press("Control+v")
        with contextlib.suppress(AssertionError):
            expect(alert).to_be_visible(timeout=5_000)
            break
    X[0, 0, 0], X[0, 0, 1], X[0, 1, 0] = 1.5, -3, 12.5
    expect_heatmaps(page, model, X)
    expect(alert).to_contain_text("Row 1, column 1 (5k) is not a number.")
    cells = page.get_by_test_id("data-grid-canvas").first.locator("td")
    expect(cells.filter(has_text=re.compile("^(1,5|\u22123|12,5|5k)$"))).to_have_count(4)
    edit(page, 0, 1, 1, "5")
    X[0, 1, 1] = 5
    expect_heatmaps(page, model, X)
    expect(alert).to_have_count(0)
