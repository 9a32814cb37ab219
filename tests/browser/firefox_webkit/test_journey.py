"""A visitor's way through every page, in Firefox and in WebKitGTK."""

import re

import pytest

from tests.browser.firefox_webkit.tab import Tab
from tests.browser.test_journeys import SEVEN

ANSWER = "[data-testid=answer]"
LINK = ".link-panel input"
LOSS = "[data-chart=loss] .now"
SLIDER = ".transport input[type=range]"
PLAY = 1  # the second button of the transport


@pytest.mark.timeout(600)
def test_every_page_can_be_used(tab):
    draw_and_play(tab)
    go(tab, "inside")
    edit_and_answer(tab)
    go(tab, "digits")
    read_as_a_sequence(tab)
    go(tab, "train")
    train(tab)
    go(tab, "glossary")
    tab.expect("h1", r"\w")


def go(tab: Tab, path: str) -> None:
    """Go to another page by its link in the navigation."""
    tab.click(f"[data-testid^=stTopNav] a[href$='/{path}']")
    tab.wait(f"location.pathname.endsWith('/{path}')")
    tab.wait_for_page()


def draw_and_play(tab: Tab) -> None:
    """A drawn seven is read, played, and there again after a reload and behind its link."""
    tab.open("")
    tab.expect(ANSWER, r"\w")
    x, y, *_ = tab.place("canvas.upper-canvas")
    tab.drag([(x + dx, y + dy) for dx, dy in SEVEN])
    tab.expect(ANSWER, "^7,")
    play_and_step(tab)
    tab.wait("location.search.includes('drawing=')")
    tab.click(".draw-reading .share")
    link = tab.expect(LINK, "drawing=")
    tab.reload()
    tab.expect(ANSWER, r"\b7, \d")
    tab.open("glossary")
    tab.goto(link)
    tab.expect(ANSWER, r"\b7, \d")


def play_and_step(tab: Tab) -> None:
    """The picture plays to its end by itself and again by its button; then an arrow steps it."""
    last = int(tab.wait(f"({tab.script('it?.max', SLIDER)})"))
    tab.expect(SLIDER, f"^{last}$")
    tab.click(".transport button", PLAY)
    tab.expect(SLIDER, f"^(?!{last}$)")
    tab.expect(SLIDER, f"^{last}$")
    tab.press("ArrowLeft")
    tab.expect(SLIDER, f"^{last - 1}$")


def edit_and_answer(tab: Tab) -> None:
    """A question is answered; an edited number changes the state, and stands in the link."""
    play_and_step(tab)
    tab.click(".choices button")
    tab.expect(".verdict", r"\w")
    tab.click(".cell")
    tab.press("F2")
    tab.write("2.5")
    tab.press("Enter")
    tab.expect(".cell", "2.5")
    tab.expect(".change", r"\w")
    tab.reload()
    tab.expect(".cell", "2.5")


def read_as_a_sequence(tab: Tab) -> None:
    """An image is chosen and played; a question is answered; a reload shows the same image."""
    play_and_step(tab)
    before = tab.expect(".chosen", r"\w")
    tab.click(".sheet button", 4)
    chosen = tab.expect(".chosen", f"^(?!{re.escape(before)}$)")
    tab.click(".question .choices button")
    tab.expect(".question .verdict", r"\w")
    tab.wait("location.search.includes('image=')")
    tab.reload()
    tab.expect(".chosen", f"^{re.escape(chosen)}$")


def train(tab: Tab) -> None:
    """A training is started, survives a reload, and its network reads a drawing."""
    tab.open("train?recipe=quick,epochs=50")  # long enough to be stopped, however slow the browser
    tab.click(".st-key-train-guess [role=radio]")
    tab.click(".st-key-train-start button")
    tab.expect(LOSS, r"\d\.\d", seconds=240)  # trainings have the lowest priority
    tab.reload()
    tab.expect(LOSS, r"\d\.\d")
    result = ".st-key-train-read_drawing"
    tab.click_until(".st-key-train-stop button", f"document.querySelector('{result}') !== null")
    tab.wait_for_page()
    tab.click_until(f"{result} button", "location.search.includes('network=')")
    tab.expect(ANSWER, r"\w")  # after a part of its training it may say that this is no digit
