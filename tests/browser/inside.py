"""What the browser tests of the page Inside share."""

import re
from typing import Any

import numpy as np
from playwright.sync_api import FrameLocator, Locator, Page, expect

from rnn_demo.app.inside import component
from rnn_demo.app.inside.sentences import SECTION_TITLES
from rnn_demo.inside.cards import CARDS
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState, encode
from tests.browser.test_journeys import IDLE, keyed

TEXT = component.text()
TRANSPORT = TEXT["transport"]
SINGLE, BASIC = (InsideState.of(preset) for preset in PRESETS[:2])
FIRST = CARDS[0].state


def open_inside(page: Page, state: InsideState | None = None, **query: str) -> None:
    """Open the page on a state or its first card, standing still at the last frame."""
    page.emulate_media(reduced_motion="reduce")
    query = ({"state": encode(state)} if state else {}) | query
    page.goto("/inside?" + "&".join(f"{name}={value}" for name, value in query.items()))
    page.wait_for_selector(IDLE)
    expect(page.locator(".inside .cell").first).to_be_attached()


def cell(page: Page | FrameLocator, name: str) -> Locator:
    """A cell by its name in PyTorch, such as "Y1[0, 2]"."""
    return page.locator(f'.cell[data-cell="{name}"]')


def names_of(cells: Locator) -> list[str]:
    names: list[str] = cells.evaluate_all("all => all.map((it) => it.dataset.cell)")
    return names


def numbers(page: Page, tensor: str) -> list[str]:
    return page.locator(f'.tensor[aria-label="{tensor}"] .cell > span').all_text_contents()


def expect_numbers(page: Page | FrameLocator, tensor: str, values: Any) -> None:
    cells = page.locator(f'.tensor[aria-label="{tensor}"] .cell > span')
    expect(cells).to_have_text([f"{value:.4f}" for value in np.asarray(values).flatten()])


def type_in(page: Page, name: str, text: str) -> None:
    """Click a cell, F2, type, Enter."""
    cell(page, name).click()
    page.keyboard.press("F2")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def time(page: Page) -> Locator:
    return page.get_by_role("slider", name=TRANSPORT["time"])


def button(page: Page, name: str) -> Locator:
    """A button of the transport."""
    return page.get_by_role("button", name=TRANSPORT[name], exact=True)


def formula(page: Page) -> Locator:
    return page.locator(".inside .terms")


def choose(page: Page, key: str, index: int) -> None:
    """Click an option of a segmented control."""
    keyed(page, f"inside/{key}").get_by_role("radio").nth(index).click()


def open_section(page: Page, name: str) -> None:
    choose(page, "section", list(SECTION_TITLES).index(name))


def filled(name: str, **values: object) -> str:
    """A sentence of the component; of a plural, the form for `n`."""
    template = TEXT[name]
    if isinstance(template, dict):
        index = template["index"]
        n = values["n"]
        assert isinstance(n, int)
        template = template["forms"][int(index[min(n, len(index) - 1)])]
    return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), template)


def change(page: Page) -> Locator:
    """What the last edit changed, in sentences."""
    return page.locator(".inside .change")


UNCHANGED_Y0 = filled("unchanged", n=1, states="Y0")
