"""The page Draw in a browser: test digits from pictures, links, and what survives a reload."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from rnn_demo.data import strokes
from tests.browser.draw_page import (
    answer,
    button,
    choose_source,
    draw_and_wait,
    draw_seven,
    open_panel,
    row,
    seen,
    square,
    still,
    wait_until,
)
from tests.browser.test_journeys import IDLE, ONE, SEVEN, draw, navigate, visit


def pictures(page: Page) -> Locator:
    return page.locator(".st-key-draw-gallery, [class*=st-key-draw-gallery]").locator("ul button")


def test_a_test_digit_is_chosen_from_pictures(page):
    visit(page, "draw")
    choose_source(page, "digit")
    picture = page.get_by_role("button", name=re.compile("^Test digit 17, a"))
    expect(picture).to_be_visible(timeout=60_000)
    expect(page.locator("canvas.upper-canvas")).to_have_count(0)
    before = seen(page)
    picture.click()
    wait_until(page, lambda: seen(page) != before)
    expect(picture).to_have_attribute("aria-pressed", "true")
    label = page.get_by_test_id("stMain").locator("strong").first.inner_text()
    assert re.search(rf"\b{label}$", picture.get_attribute("aria-label") or "")
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_role("button", name=re.compile("^Test digit 20, a"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]digit=17\b"))  # turning a page chooses nothing


def test_mistakes_say_what_they_are_and_the_next_one_stays_in_place(page):
    """B9: one mistake after the other, without a way back to another page."""
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    choose_source(page, "mistake")
    wrong = re.compile(r"^(\d, \d+ %|This does not look like a digit)\. It is an? \d\.$")
    expect(answer(page)).to_have_text(wrong, timeout=60_000)
    expect(page.locator(".st-key-draw-trust")).to_contain_text("Why can't I trust 99 %?")
    expect(page).to_have_url(re.compile(r"[?&]mistake=\d"))
    first = page.url
    places = []
    for _ in range(2):
        after = button(page, "draw-digit-next")
        places.append(after.bounding_box())
        before = seen(page)
        after.click()
        wait_until(page, lambda before=before: seen(page) != before)
        expect(answer(page)).to_have_text(wrong)
    assert places[0] == places[1]
    expect(page).not_to_have_url(first)
    button(page, "draw-digit-previous").click()
    button(page, "draw-digit-previous").click()
    expect(page).to_have_url(first)


def test_a_test_digit_is_shared_with_its_row(page, new_context, server):
    still(page, "draw?digit=17")
    row(page).fill("15")
    page.get_by_role("button", name="Share", exact=True).click()
    field = page.get_by_role("dialog").get_by_role("textbox")
    expect(field).to_have_value(re.compile(r"\?digit=17&row=16$"))
    context = new_context()
    other = context.new_page()
    other.goto(server + field.input_value().partition(server.split("//")[1])[2])
    expect(answer(other)).to_have_text(re.compile("^after 16 of 28 rows: "), timeout=60_000)
    assert np.abs(square(seen(page)) - square(seen(other))).max() == 0
    context.close()


def test_a_drawing_is_shared_played_elsewhere_and_kept_by_the_address(page, new_context, server):
    draw_seven(page)
    page.get_by_role("button", name="Share", exact=True).click()
    link = page.get_by_role("dialog").get_by_role("textbox").input_value()
    assert len(link) <= 1800
    context = new_context()
    other = context.new_page()
    other.goto(f"{server}/?{link.partition('?')[2]}")
    expect(answer(other)).to_have_text(re.compile("^after "))  # it is read to whoever opens it
    expect(answer(other)).to_have_text(re.compile("^7"))
    off = np.abs(square(seen(page)) - square(seen(other)))
    assert off.mean() < 0.01 * 255  # 0.1 pixels of the canvas are rounded off
    shared = other.url
    navigate(other, "digits")
    other.go_back()
    expect(other).to_have_url(shared)
    expect(answer(other)).to_have_text(re.compile("^7"))
    draw_and_wait(other, ONE)
    expect(other).not_to_have_url(shared)
    other.go_back()
    expect(other).to_have_url(shared)
    wait_until(other, lambda: np.abs(square(seen(page)) - square(seen(other))).mean() < 3)
    context.close()


def test_a_reload_brings_everything_back_and_shows_the_answer_at_once(page):
    """B11, on Draw."""
    shown = """
        window.headlines = new Set()
        const look = () => {
            for (const element of document.querySelectorAll("*")) {
                const status = element.shadowRoot?.querySelector(".draw-reading [role=status]")
                if (status?.textContent) window.headlines.add(status.textContent)
            }
            requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
    """
    page.add_init_script(shown)
    visit(page, "draw")
    draw(page, SEVEN)
    expect(answer(page)).to_have_text(re.compile("^7"))
    expect(page).to_have_url(re.compile("drawing="))
    before = seen(page)
    page.reload()
    expect(answer(page)).to_have_text(re.compile("^7"))
    page.wait_for_selector(IDLE)
    headlines = page.evaluate("[...window.headlines]")
    assert [text for text in headlines if not text.startswith("7, ")] == []
    off = np.abs(square(before) - square(seen(page)))
    assert off.mean() < 0.01 * 255
    expect(button(page, "draw-canvas-undo")).to_be_enabled()
    # A second network, and the row of one who paused.
    open_panel(page, "comparison")
    row(page).fill("11")
    expect(page).to_have_url(re.compile("panel=comparison"))
    page.reload()
    expect(page.locator(".draw-reading .network")).to_have_count(2)
    expect(row(page)).to_have_value("11")
    expect(answer(page)).to_have_text(re.compile("^after 12 of 28 rows: "))


@pytest.mark.hostile("a link to a drawing, cut or too long, in a browser")
@pytest.mark.parametrize("text", ["nonsense", "A" * 1801, "eJyLBgAAXQBe"])
def test_a_damaged_link_ends_in_one_warning(page, text):
    visit(page, f"draw?drawing={text}")
    warning = page.get_by_test_id("stAlert")
    expect(warning).to_have_count(1)
    with pytest.raises(ValueError) as error:  # noqa: PT011 (its text is what is compared)
        strokes.decode(text)
    expect(warning).to_have_text(str(error.value))
    expect(answer(page)).to_be_visible()
