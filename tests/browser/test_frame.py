"""What all pages share: terms that explain themselves, presenter mode, links with a QR code."""

import io
import re

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from rnn_demo.app.components import MODULE_PATH
from tests.browser.draw_page import box_of, wait_until
from tests.browser.test_journeys import IDLE, click, keyed, visit

TOP = "it => it.getBoundingClientRect().top"


def read_code(image: Locator) -> list[str]:
    """The texts of all codes in an image on screen."""
    pixels = Image.open(io.BytesIO(image.screenshot())).convert("L")
    return [code.text for code in zxingcpp.read_barcodes(np.array(pixels))]


def test_a_term_is_explained_on_hover_and_focus_until_escape(page):
    visit(page, "digits")
    term = page.locator(".st-key-frame-claim .term").first
    explanation = page.locator(".st-key-frame-claim .explanation").first
    expect(explanation).to_be_hidden()
    term.hover()
    expect(explanation).to_be_visible()
    page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()
    page.mouse.move(5, 5)
    term.focus()
    expect(explanation).to_be_visible()
    expect(term).to_have_accessible_description(explanation.inner_text())
    page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_tap_explains_a_term_within_a_phone(page):
    visit(page, "digits")
    term = page.locator(".st-key-frame-claim .term").last
    explanation = page.locator(".st-key-frame-claim .explanation").last
    term.tap()
    expect(explanation).to_be_visible()
    box = explanation.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
    page.get_by_role("heading", level=1).tap()
    expect(explanation).to_be_hidden()


def test_a_local_link_says_so_and_its_code_holds_the_same_link(page):
    """The code is read back from the screen by another library."""
    page.set_viewport_size({"width": 1280, "height": 1200})
    visit(page, "digits?image=test-2-3-row6")
    click(page, "digits/share")
    panel = page.locator(".link-panel")
    expect(panel.get_by_role("note")).to_have_text(re.compile("localhost"))
    code = panel.get_by_role("img")
    expect(code).to_be_visible()
    code.scroll_into_view_if_needed()
    link = panel.get_by_role("textbox").input_value()
    wait_until(page, lambda: read_code(code) == [link])


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (390, 844)])
def test_one_line_leads_through_all_pages(page, size):
    """The story: draw, look inside, from picture to sequence, train, and draw again."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    pictures = {
        "": "canvas.upper-canvas",
        "inside": ".inside .cell",
        "digits": ".sequence .strip",
        "train": ".train header",
    }
    visit(page, "")
    for path, picture in pictures.items():
        expect(page).to_have_url(re.compile(rf"/{path}(\?|$)"))
        for part in (page.get_by_role("heading", level=1), page.locator(".st-key-frame-claim")):
            expect(part).to_be_in_viewport(ratio=1)
        expect(page.locator(picture).first).to_be_in_viewport()
        page.locator(".st-key-frame-lead-on a").click()
        page.wait_for_selector(IDLE)
    expect(page).to_have_url(re.compile(r"/(\?|$)"))


# The visible texts outside of drawings whose type is smaller than a size in pixels.
SMALL_TEXTS = """
(smallest) => {
    const found = []
    const walk = (node) => {
        if (node instanceof Element && node.matches("style, script, svg")) return
        for (const child of (node.shadowRoot ?? node).childNodes) walk(child)
        const element = node.parentElement
        if (node.nodeType !== Node.TEXT_NODE || !node.data.trim() || !element) return
        const range = document.createRange()
        range.selectNodeContents(node)
        const { width, height } = range.getBoundingClientRect()
        const seen = element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        const size = parseFloat(getComputedStyle(element).fontSize)
        if (seen && width > 1 && height > 1 && size < smallest) found.push(node.data.trim())
    }
    walk(document.body)
    return found
}
"""


@pytest.mark.parametrize("path", ["", "inside", "digits", "train"])
def test_presenter_mode_is_one_screen_of_large_type_without_menus(page, path):
    page.set_viewport_size({"width": 1024, "height": 768})
    visit(page, f"{path}?present")
    expect(page.locator("html[data-presenting]")).to_have_count(1)
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    expect(page.locator(".st-key-frame-lead-on a")).to_be_in_viewport(ratio=1)
    main = page.get_by_test_id("stMain")
    wait_until(page, lambda: main.evaluate("main => main.scrollHeight <= main.clientHeight"))
    wait_until(page, lambda: page.evaluate(SMALL_TEXTS, 20) == [])
    page.get_by_role("button", name="End", exact=True).click()
    expect(page.get_by_test_id("stHeader")).to_be_visible()
    expect(page).not_to_have_url(re.compile("present"))


@pytest.mark.own_context
def test_where_fonts_are_blocked_the_name_of_an_icon_takes_no_more_room(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.route("**/*.woff2", lambda route: route.abort())
    visit(page, "glossary")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


SHORTEST_SLIDER_PX = 110  # a finger that moves by 4 pixels moves 28 rows by one


@pytest.mark.parametrize("path", ["draw", "inside", "digits"])
def test_no_width_of_the_window_makes_the_slider_of_a_picture_too_short(page, path):
    """From a phone on, upright and lying, up to a projector."""
    visit(page, path)
    slider = page.locator(".transport input").first
    for width in range(360, 1300, 20):
        page.set_viewport_size({"width": width, "height": 720})
        wait_until(page, lambda: box_of(slider)["width"] >= SHORTEST_SLIDER_PX)


# Fields smaller than 16 pixels, in which iOS zooms in on a tap.
SMALL_FIELDS = """() => {
  const fields = "input:not([type=range], [type=checkbox], [type=radio], [type=file])"
  const walk = (root) => [...root.querySelectorAll("*")].flatMap((each) => [
    ...(each.matches(`${fields}, select, textarea`) ? [each] : []),
    ...(each.shadowRoot ? walk(each.shadowRoot) : []),
  ])
  const all = walk(document)
  const small = all.filter((each) => parseFloat(getComputedStyle(each).fontSize) < 16)
  return [all.length, small.map((each) => each.outerHTML.slice(0, 160))]
}"""


def open_tools_of_draw(page: Page) -> None:
    click(page, "draw/tools")
    page.locator(".st-key-draw-canvas-pen").wait_for()
    page.locator(".draw-reading .transport select").wait_for()


def open_table_of_inside(page: Page) -> None:
    """The field that opens in a grid stands outside the page."""
    keyed(page, "inside/section").get_by_role("radio").nth(2).tap()
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    grid.dblclick(position={"x": 80, "y": 50})
    page.locator("#portal").locator("input, textarea").first.wait_for()


def open_cell_of_inside(page: Page) -> None:
    page.locator(".cell[data-cell='X0[0, 0]']").tap()
    page.locator(".formula .edit").tap()
    page.locator(".cell input").wait_for()


def open_link_of_digits(page: Page) -> None:
    click(page, "digits/share")
    page.locator(".link-panel input").wait_for()


def open_recipe_of_train(page: Page) -> None:
    click(page, "train/recipe")
    keyed(page, "train/more").locator("summary").tap()
    keyed(page, "train/name").locator("input").wait_for()


@pytest.mark.parametrize("page", ["phone"], indirect=True)
@pytest.mark.parametrize(
    ("path", "open_fields"),
    [
        ("draw", open_tools_of_draw),
        ("inside", open_cell_of_inside),
        ("inside", open_table_of_inside),
        ("digits", open_link_of_digits),
        ("train", open_recipe_of_train),
    ],
    ids=["draw", "a cell", "a table", "digits", "train"],
)
def test_a_phone_does_not_zoom_into_a_field(page, path, open_fields):
    visit(page, path)
    open_fields(page)
    n_fields, small = page.evaluate(SMALL_FIELDS)
    assert n_fields > 0
    assert small == []


@pytest.mark.own_context
@pytest.mark.parametrize("path", ["", "inside", "digits", "train"])
def test_what_is_below_a_picture_stays_in_place_when_the_picture_comes(page, path):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if before is None else route.continue_()

    before = None
    page.route(re.compile(f"/{MODULE_PATH}/"), hold)
    visit(page, path)
    wait_until(page, lambda: len(held) > 1)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    lead_on = keyed(page, "frame-lead-on")
    before = lead_on.evaluate(TOP)
    for route in held:
        route.continue_()
    expect(page.locator(".transport, [data-chart]").first).to_be_visible()
    page.wait_for_selector(IDLE)
    window = page.viewport_size["height"]
    assert min(lead_on.evaluate(TOP), window) == pytest.approx(min(before, window), abs=60)
