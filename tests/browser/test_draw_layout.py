"""The page Draw in a browser: what shares a screen, on a laptop, a projector and a phone."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.draw_page import (
    ZIGZAG,
    answer,
    bottom,
    box_of,
    button,
    draw_and_wait,
    example_button,
    still,
    top,
)
from tests.browser.test_journeys import SEVEN, visit

FIGURES = (".image canvas", ".hidden canvas", ".probabilities canvas", ".now", ".lines svg")


def strokes_before(page: Page, drawn: str) -> None:
    if drawn != "nothing":
        draw_and_wait(page, SEVEN if drawn == "seven" else ZIGZAG)


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720)])
def test_title_claim_canvas_and_all_figures_share_a_screen(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    still(page)
    for drawn in ("nothing", "seven", "zigzag"):
        strokes_before(page, drawn)
        parts = [page.get_by_role("heading", level=1), page.locator(".st-key-frame-claim")]
        parts += [page.locator("canvas.upper-canvas"), answer(page)]
        parts += [page.locator(f".draw-reading {name}") for name in FIGURES]
        parts.append(page.locator(".st-key-draw-panel"))
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0
        for part in parts:
            box = box_of(part)
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= size[1]
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size[0]


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_the_canvas_comes_first_then_the_answer_then_the_rest(page):
    still(page)
    order = [
        page.get_by_role("heading", level=1),
        page.locator("canvas.upper-canvas"),
        button(page, "draw-canvas-clear"),
        answer(page),
        page.locator(".draw-reading .now"),
        page.locator(".draw-reading .image"),
        page.locator(".draw-reading .lines"),
        page.locator(".st-key-draw-panel"),
        example_button(page, "open 4"),
        button(page, "draw-tools"),
    ]
    for drawn in ("nothing", "seven", "zigzag"):
        strokes_before(page, drawn)
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
        for above, below in pairwise(order):
            assert bottom(above) <= top(below) + 1
        assert bottom(answer(page)) <= 740  # it is in sight while a finger draws


@pytest.mark.parametrize("address", ["?present", "?present&panel=comparison", "?present&mistake=1"])
def test_presenter_mode_is_one_screen_with_large_type(page, address):
    page.set_viewport_size({"width": 1024, "height": 768})
    still(page, address)
    if "comparison" in address:
        expect(page.locator(".draw-reading .network")).to_have_count(2, timeout=60_000)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollHeight - main.clientHeight") <= 0
    expect(page.locator(".draw-reading .lines svg").last).to_be_in_viewport(ratio=1)
    size = answer(page).evaluate("it => parseFloat(getComputedStyle(it).fontSize)")
    assert size >= 20
    expect(page.locator(".st-key-draw-tools")).to_be_hidden()


def test_the_remote_steps_the_reading_and_b_covers_the_answer(page):
    still(page, "?present")
    page.keyboard.press("PageUp")
    expect(answer(page)).to_have_text("after 27 of 28 rows: 3, 99 %")
    page.keyboard.press("ArrowRight")
    expect(answer(page)).to_have_text("3, 99 %")
    page.keyboard.press("b")
    expect(answer(page)).to_be_hidden()
    expect(page.locator(".draw-reading .lines")).to_be_hidden()
    page.keyboard.press("b")
    expect(answer(page)).to_be_visible()


def test_the_page_leads_on(page):
    visit(page, "draw")
    page.locator(".st-key-frame-lead-on a").click()
    expect(page).to_have_url(re.compile("/inside$"))
