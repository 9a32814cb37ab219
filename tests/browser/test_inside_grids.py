"""Edit a batch of the page Inside in its grid, as in a spreadsheet."""

import contextlib

import pytest
import torch
from playwright.sync_api import Page, expect

from rnn_demo import BasicRNN
from rnn_demo.inside import networks
from rnn_demo.inside.presets import PRESETS
from tests.browser.inside import SINGLE, open_inside, open_section


def expect_heatmaps(page: Page, model: BasicRNN, X: torch.Tensor) -> None:
    for t, states in enumerate(model(X[0], X[1])):
        cells = page.get_by_test_id("stPlotlyChart").nth(t).locator(".heatmaplayer text")
        expect(cells).to_have_text([f"{value:.4f}" for value in states.flatten().tolist()])


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
    open_inside(page, SINGLE)
    open_section(page, "tables")
    model, _ = networks.build(PRESETS[0], 4, 4, 1, 7)
    assert isinstance(model, BasicRNN)
    X = torch.tensor(PRESETS[0].X, dtype=torch.float)
    expect_heatmaps(page, model, X)
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
