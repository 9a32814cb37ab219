"""What the tests of the page Draw in a browser share."""

import base64
import math
import re
import time
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator, Page, expect

from rnn_demo import load_pretrained
from rnn_demo.app.components import transport_text
from rnn_demo.app.draw import sentences
from rnn_demo.data import strokes
from rnn_demo.training import checkpoint
from tests.browser.test_journeys import IDLE, SEVEN, draw, visit

BAR = [(80, 150), (190, 150)]  # across a seven
ZIGZAG = [(60 + 150 * (i % 2), 60 + 8 * i) for i in range(20)]
MODEL = load_pretrained(checkpoint.pretrained()[0])  # the default choice
EXAMPLE = strokes.encode(strokes.example("crossed 7"))
PLAY, PAUSE = transport_text()["play"], transport_text()["pause"]

# One of the four bytes of each pixel of a canvas, as text: a list of numbers takes far longer.
PIXELS = """(canvas, byte) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  return new Uint8Array(data.filter((_, i) => i % 4 === byte)).toBase64()
}"""


def answer(page: Page) -> Locator:
    """The headline of the first network."""
    return page.get_by_test_id("answer").first


def choose(page: Page, key: str, options: dict[str, str], name: str) -> None:
    """Click an option of a segmented control."""
    option = page.locator(f".st-key-{key}").get_by_role("radio").nth(list(options).index(name))
    option.click()
    expect(option).to_be_checked()
    page.wait_for_selector(IDLE)


def choose_source(page: Page, name: str) -> None:
    choose(page, "draw-source", sentences.SOURCES, name)


def open_panel(page: Page, name: str) -> None:
    choose(page, "draw-panel", sentences.PANELS, name)


def ask(page: Page, question: str) -> None:
    """Open the panel Why with a question."""
    open_panel(page, "attribution")
    choose(page, "draw-attribution-question", sentences.QUESTIONS, question)


def button(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key}").get_by_role("button").first


def example_button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def play(page: Page) -> Locator:
    """The button that plays and pauses the reading."""
    return page.locator(".draw-reading .transport button").nth(1)


def step_back(page: Page) -> Locator:
    return page.locator(".draw-reading .transport button").first


def speed(page: Page) -> Locator:
    return page.locator(".draw-reading .transport select")


def row(page: Page) -> Locator:
    """The slider of the reading."""
    return page.locator(".draw-reading .transport input").first


def read_out(page: Page) -> Locator:
    """What the cell under the pointer says."""
    return page.locator(".draw-reading .tip")


def still(page: Page, path: str = "draw") -> None:
    """Open the page without motion: the reading is at its end at once."""
    page.emulate_media(reduced_motion="reduce")
    visit(page, path)
    expect(row(page)).to_have_value("27")


def draw_seven(page: Page) -> None:
    still(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text(re.compile("^7"))


def draw_and_wait(page: Page, points: list[tuple[int, int]]) -> None:
    """Draw one stroke, and wait for the network's new image."""
    before = seen(page)
    page.locator("canvas.upper-canvas").scroll_into_view_if_needed()
    draw(page, points)
    wait_until(page, lambda: seen(page) != before)
    page.wait_for_selector(IDLE)


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for a condition that is neither text nor an attribute, as `expect` does."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        page.wait_for_timeout(50)


def box_of(locator: Locator) -> dict[str, float]:
    box = locator.bounding_box()
    assert box is not None
    return {**box}


def top(locator: Locator) -> float:
    return box_of(locator)["y"]


def bottom(locator: Locator) -> float:
    box = box_of(locator)
    return box["y"] + box["height"]


def pixels(canvas: Locator, byte: int) -> bytes:
    """One of the four bytes of each pixel: red, green, blue or alpha."""
    return base64.b64decode(canvas.evaluate(PIXELS, byte))


def square(values: bytes) -> np.ndarray:
    """The pixels of a square canvas in rows and columns."""
    size = math.isqrt(len(values))
    return np.frombuffer(values, np.uint8).reshape(size, size).astype(int)


def seen(page: Page) -> bytes:
    """Brightness on screen of the 28 x 28 pixels that the network gets."""
    return pixels(page.locator(".draw-reading .image canvas"), 0)


def colours(canvas: Locator) -> np.ndarray:
    """The colours of a panel, (28, columns, 3)."""
    width = int(canvas.get_attribute("width") or 0)
    channels = [np.frombuffer(pixels(canvas, byte), np.uint8) for byte in range(3)]
    return np.stack(channels, axis=-1).reshape(28, width, 3).astype(int)


def swipe(page: Page, where: Locator, start: tuple[int, int], end: tuple[int, int]) -> None:
    """One finger, from a point of an element to another."""
    box = box_of(where)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, point: tuple[float, ...] | None) -> None:
        points = [{"x": box["x"] + point[0], "y": box["y"] + point[1]}] if point else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    for share in np.linspace(0, 1, 20):
        touch("touchMove", tuple(np.add(start, share * np.subtract(end, start)).tolist()))
    touch("touchEnd", None)
