"""The canvas of the page Draw in a browser: mouse, finger and pen, examples, pen width, hints."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from rnn_demo.data import preprocess
from rnn_demo.data.pen import SIDE
from rnn_demo.messages import ENGLISH
from tests.browser.draw_page import (
    BAR,
    ZIGZAG,
    answer,
    bottom,
    box_of,
    button,
    draw_and_wait,
    example_button,
    pixels,
    row,
    seen,
    square,
    still,
    swipe,
    wait_until,
)
from tests.browser.test_journeys import IDLE, ONE, SEVEN, draw, visit


@pytest.mark.parametrize("page", ["phone"], indirect=True)
@pytest.mark.parametrize("key", ["draw-canvas-clear", "draw-canvas-undo"])
def test_a_finger_takes_its_stroke_back_without_hover(page, key):
    visit(page, "draw")
    swipe(page, page.locator("canvas.upper-canvas"), (140, 240), (140, 40))
    undo = button(page, "draw-canvas-undo")
    expect(undo).to_be_enabled()
    way_back = button(page, key)
    assert bottom(way_back) <= 740  # in sight
    assert box_of(way_back)["height"] >= 36  # a fingertip
    way_back.tap()
    expect(undo).to_be_disabled()


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_finger_scrolls_the_page_beside_the_canvas_but_not_on_it(page):
    still(page)
    main = page.get_by_test_id("stMain")
    scrolled = lambda: main.evaluate("main => main.scrollTop")  # noqa: E731
    before = seen(page)
    swipe(page, page.locator("canvas.upper-canvas"), (140, 250), (140, 30))  # up: it could scroll
    wait_until(page, lambda: seen(page) != before)
    assert scrolled() == 0
    swipe(page, page.locator(".draw-reading .answer"), (100, 20), (100, -280))
    wait_until(page, lambda: scrolled() > 100)


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_one_tap_puts_an_example_onto_the_canvas_to_draw_on(page):
    still(page)
    before = seen(page)
    example_button(page, "open 4").click()
    wait_until(page, lambda: seen(page) != before)
    page.wait_for_selector(IDLE)
    example = seen(page)
    draw_and_wait(page, [(60, 60), (220, 60)])
    button(page, "draw-canvas-undo").click()
    wait_until(page, lambda: seen(page) == example)


def lines_of_ink(page: Page) -> int:
    """The number of pixels with ink in the middle column of the canvas."""
    alpha: list[int] = page.locator("canvas.lower-canvas").last.evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(140, 0, 1, 280).data]"
    )
    return int(np.count_nonzero(np.array(alpha[3::4]) > 128))


def test_a_wider_pen_leaves_more_ink_on_the_canvas_and_in_the_image(page):
    still(page)
    ink_in_image = []
    for key, width in (("Home", 8), ("End", 40)):
        button(page, "draw-tools").click()
        page.locator(".st-key-draw-canvas-pen").get_by_role("slider").focus()
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(rf"pen={width}\b"))
        button(page, "draw-tools").click()
        draw_and_wait(page, [(40, 140), (240, 140)])
        assert lines_of_ink(page) == pytest.approx(width, abs=2)
        ink_in_image.append(sum(255 - pixel for pixel in seen(page)))
        button(page, "draw-canvas-clear").click()
        expect(button(page, "draw-canvas-undo")).to_be_disabled()
        page.wait_for_selector(IDLE)
    assert ink_in_image[1] > 2 * ink_in_image[0]


def test_the_canvas_has_no_toolbar_of_its_own_for_the_pointer_or_the_keyboard(page):
    visit(page, "draw")
    page.locator("canvas.upper-canvas").hover(position={"x": 200, "y": 200})
    expect(page.locator(".dc-toolbar")).to_be_hidden()
    source = page.locator(".st-key-draw-source").get_by_role("radio")
    source.nth(0).focus()
    page.keyboard.press("Tab")
    expect(button(page, "draw-canvas-clear")).to_be_focused()


def canvas_image(page: Page) -> np.ndarray:
    """What the network would get from the pixels on the canvas, float (28, 28)."""
    rgba = np.empty((SIDE, SIDE, 4), np.uint8)
    rgba[..., :3] = 0
    alpha = pixels(page.locator("canvas.lower-canvas").last, 3)
    rgba[..., 3] = np.frombuffer(alpha, np.uint8).reshape(SIDE, SIDE)
    return preprocess.to_mnist(rgba)


@pytest.mark.parametrize(
    "points",
    [
        SEVEN,
        ZIGZAG,
        [(140, 140)],
        [(60, 60), (220, 100), (900, 640)],
    ],
    ids=["a seven", "a zigzag", "a dot", "far over the edge"],
)
def test_the_network_sees_what_is_on_the_canvas_before_and_after_a_reload(page, points):
    still(page)
    draw_and_wait(page, points)
    image = square(seen(page))
    ink = (image.max() - image) / np.ptp(image)
    wait_until(page, lambda: np.abs(ink - canvas_image(page)).mean() < 0.01)
    expect(page).to_have_url(re.compile("drawing="))
    page.reload()
    wait_until(page, lambda: np.array_equal(square(seen(page)), image))
    wait_until(page, lambda: np.abs(ink - canvas_image(page)).mean() < 0.01)


def test_a_pen_draws(page):
    still(page)
    box = box_of(page.locator("canvas.upper-canvas"))
    session = page.context.new_cdp_session(page)
    kinds = ["mousePressed", *["mouseMoved"] * 20, "mouseReleased"]
    for step, kind in enumerate(kinds):
        place = {"x": box["x"] + 140, "y": box["y"] + 40 + 9 * step}
        pen = {"pointerType": "pen", "button": "left", "buttons": 1, "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {"type": kind} | place | pen)
    expect(answer(page)).to_have_text(re.compile("^1"))


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([(140, 140)], "data.drawing_is_a_dot"),
        ([(130, 130), (150, 150)], "data.drawing_is_small"),
        ([(20, 20), (90, 90)], "data.drawing_is_in_a_corner"),
        (ZIGZAG, "data.drawing_has_many_turns"),
    ],
)
def test_an_unusual_drawing_gets_a_hint_and_is_read(page, points, code):
    still(page)
    draw(page, points)
    expect(page.locator(".st-key-draw-caption")).to_have_text(str(ENGLISH[code]))
    expect(answer(page)).not_to_be_empty()
    assert len(set(seen(page))) > 1


def places(page: Page) -> list[list[int]]:
    """Positions of the parts of the page, independent of scrolling."""
    scrolled = page.get_by_test_id("stMain").evaluate("main => main.scrollTop")
    names = (
        ".upper-canvas",
        ".draw-reading .transport",
        ".draw-reading .image",
        ".draw-reading .lines",
    )
    parts = [page.locator(part) for part in names]
    keys = ("draw-canvas-clear", "draw-canvas-undo", "draw-tools")
    parts += [button(page, key) for key in keys]
    parts.append(example_button(page, "open 4"))
    boxes = [box_of(part) for part in parts]
    return [[round(box["x"]), round(box["y"] + scrolled), round(box["height"])] for box in boxes]


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_nothing_moves_while_a_visitor_draws_or_points(page):
    visit(page, "draw")
    expect(row(page)).to_have_value("27")
    before = places(page)
    page.locator(".draw-reading .hidden canvas").hover(position={"x": 40, "y": 60})
    expect(page.locator(".draw-reading .tip")).to_be_visible()
    assert places(page) == before
    for points in (SEVEN, BAR, ONE, ZIGZAG):
        draw_and_wait(page, points)
        assert places(page) == before


def test_a_new_canvas_lies_in_its_place_before_any_file_arrives(page):
    still(page)
    draw_and_wait(page, SEVEN)
    page.route(re.compile(r"\.css$"), lambda route: route.abort())
    place = box_of(page.locator(".st-key-draw-canvas"))
    button(page, "draw-canvas-clear").click()
    expect(button(page, "draw-canvas-undo")).to_be_disabled()
    canvas = page.locator("canvas.upper-canvas").last
    wait_until(page, lambda: canvas.bounding_box() == place)
    assert box_of(page.locator(".st-key-draw-canvas")) == place


SHIFTS = """
    window.shifts = []
    new PerformanceObserver(list => {
        for (const shift of list.getEntries()) window.shifts.push(shift.value)
    }).observe({ type: "layout-shift" })
"""


def test_chromium_counts_no_layout_shift_while_a_visitor_draws(page):
    still(page)  # the scan line stands still
    page.locator("canvas.upper-canvas").wait_for()
    page.evaluate("document.fonts.ready")  # text moves once when its font arrives
    page.evaluate(SHIFTS)
    for points in (SEVEN, BAR, ONE, ZIGZAG):
        draw_and_wait(page, points)
    # Only the digits at the ends of the lines move: they follow their lines.
    assert page.evaluate("window.shifts.reduce((sum, shift) => sum + shift, 0)") < 0.005
    page.get_by_test_id("stMain").evaluate("main => { main.style.paddingTop = '50px' }")
    wait_until(page, lambda: page.evaluate("window.shifts.length > 0"))  # it does count them
