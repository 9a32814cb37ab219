"""One tab of a browser, the same for Firefox (Playwright) and WebKitGTK (Selenium)."""

import io
import re
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.keys import Keys

WAIT_S = 60  # on a busy machine everything takes longer
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]:has(.st-key-frame-lead-on)"

# All elements that a selector matches in the page and in the shadow roots of our components. The
# selector lies within one root.
FIND = """
const find = (root, selector) => [
  ...root.querySelectorAll(selector),
  ...[...root.querySelectorAll("*")]
    .flatMap((it) => it.shadowRoot ? find(it.shadowRoot, selector) : []),
]
const isShown = (it) =>
  it.checkVisibility({ visibilityProperty: true }) && it.getClientRects().length > 0
"""
SAYS = "it instanceof HTMLInputElement ? it.value : it?.textContent ?? ''"
PLACE = """(() => {
  const it = find(document, selector).filter(isShown)[index]
  if (!it || it.disabled) return null
  it.scrollIntoView({ block: "center", behavior: "instant" })
  const { x, y, width, height } = it.getBoundingClientRect()
  return [x, y, width, height]
})()"""


def colours(png: bytes) -> np.ndarray:
    """A picture, (height, width, 3)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


class Tab(ABC):
    """What a visitor does in a tab. Each method waits until it can be done."""

    def __init__(self, server: str) -> None:
        self.server = server

    @abstractmethod
    def goto(self, address: str) -> None:
        """Load an address."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """The value of an expression in JavaScript."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Press a key, by its name in JavaScript, where the focus is."""

    @abstractmethod
    def write(self, text: str) -> None:
        """Type text where the focus is."""

    @abstractmethod
    def drag(self, points: list[tuple[float, float]]) -> None:
        """Press the mouse at the first point of the window, move it along, let go at the last."""

    @abstractmethod
    def screenshot(self) -> np.ndarray:
        """The window's colours, (height, width, 3), a pixel of the screen for one of CSS."""

    @abstractmethod
    def reload(self) -> None:
        """Load the page again."""

    def open(self, path: str) -> None:
        """Open a page of the app, and wait until its last line is there."""
        self.goto(f"{self.server}/{path}")
        self.wait_for_page()

    def wait_for_page(self) -> None:
        self.wait(f"document.querySelector('{IDLE}') !== null")

    def ask(self, expression: str, selector: str, index: int = 0) -> Any:
        """The value of an expression about what a selector matches: `all`, and `it`, one of it."""
        return self.evaluate(self.script(expression, selector, index))

    def script(self, expression: str, selector: str, index: int = 0) -> str:
        """The expression for `evaluate` and `wait` that `ask` evaluates."""
        arguments = f"const [selector, index] = [{selector!r}, {index}]"
        body = "const all = find(document, selector).filter(isShown); const it = all[index]"
        return f"(() => {{ {FIND} {arguments}; {body}; return {expression} }})()"

    def wait(self, expression: str, seconds: float = WAIT_S) -> Any:
        """Wait until an expression is true; returns its value."""
        deadline = time.monotonic() + seconds
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < deadline, f"never true: {expression}"
            time.sleep(0.05)
        return value

    def expect(self, selector: str, pattern: str, index: int = 0, seconds: float = WAIT_S) -> str:
        """Wait until the text, or the value of a field, contains a pattern; returns the text."""
        deadline = time.monotonic() + seconds
        while True:
            text: str = self.ask(SAYS, selector, index)
            if re.search(pattern, text):
                return text
            assert time.monotonic() < deadline, f"{selector} is {text!r}, not {pattern}"
            time.sleep(0.05)

    def place(self, selector: str, index: int = 0) -> tuple[float, float, float, float]:
        """Where an element stands in the window, once it has come to rest: left, top, size."""
        deadline = time.monotonic() + WAIT_S
        before = None
        while True:
            arguments = f"const [selector, index] = [{selector!r}, {index}]"
            place = self.evaluate(f"(() => {{ {FIND} {arguments}; return {PLACE} }})()")
            if place is not None and place == before:
                return tuple(place)
            assert time.monotonic() < deadline, f"nothing to click at: {selector} {index}"
            before = place
            time.sleep(0.05)

    def click(self, selector: str, index: int = 0) -> None:
        """Click in the middle of an element that can be clicked."""
        x, y, width, height = self.place(selector, index)
        self.drag([(x + width / 2, y + height / 2)])

    def click_until(self, selector: str, expression: str) -> None:
        """Click an element until an expression is true: a page that grows may move it away."""
        deadline = time.monotonic() + 2 * WAIT_S
        while not self.evaluate(expression):
            assert time.monotonic() < deadline, f"clicks at {selector} in vain: {expression}"
            with suppress(AssertionError):
                if self.ask("all.length", selector):
                    self.click(selector)
                self.wait(expression, seconds=10)


class FirefoxTab(Tab):
    """A tab of Firefox, driven by Playwright."""

    def __init__(self, page: Page, server: str) -> None:
        super().__init__(server)
        self.page = page
        page.set_default_timeout(WAIT_S * 1000)

    def goto(self, address: str) -> None:
        self.page.goto(address)

    def evaluate(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def drag(self, points: list[tuple[float, float]]) -> None:
        mouse = self.page.mouse
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point, steps=8)
        mouse.up()

    def screenshot(self) -> np.ndarray:
        return colours(self.page.screenshot())

    def reload(self) -> None:
        self.page.reload()


class WebKitTab(Tab):
    """A tab of WebKitGTK, driven by Selenium."""

    KEYS = {"Enter": Keys.ENTER, "F2": Keys.F2, "ArrowLeft": Keys.ARROW_LEFT} | {
        "ArrowRight": Keys.ARROW_RIGHT,
        "Control+A": Keys.CONTROL + "a",
        "Home": Keys.HOME,
        " ": Keys.SPACE,
    }

    def __init__(self, driver: webdriver.WebKitGTK, server: str) -> None:
        super().__init__(server)
        self.driver = driver

    def goto(self, address: str) -> None:
        self.driver.get(address)

    def evaluate(self, expression: str) -> Any:
        return self.driver.execute_script(f"return {expression}")

    def press(self, key: str) -> None:
        self.write(self.KEYS.get(key, key))

    def write(self, text: str) -> None:
        ActionChains(self.driver).send_keys(text).perform()

    def drag(self, points: list[tuple[float, float]]) -> None:
        actions = ActionBuilder(self.driver, duration=20)
        pointer = actions.pointer_action
        pointer.move_to_location(*map(round, points[0]))
        pointer.pointer_down()
        for (x0, y0), (x1, y1) in pairwise(points):
            for part in np.linspace(1 / 8, 1, 8):
                x, y = x0 + (x1 - x0) * part, y0 + (y1 - y0) * part
                pointer.move_to_location(round(x), round(y))
        pointer.pointer_up()
        actions.perform()

    def screenshot(self) -> np.ndarray:
        return colours(self.driver.get_screenshot_as_png())

    def reload(self) -> None:
        self.driver.refresh()
