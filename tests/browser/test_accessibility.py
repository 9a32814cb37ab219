"""For every hand and eye: axe-core on every page in both themes, and all of it without a mouse.

That every page fits 360 pixels is held by `test_journeys.py`.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journeys import IDLE, SEVEN, answer, draw, visit

PAGES = ["", "digits", "train", "draw"]
# What Streamlit's own widgets cause, by axe-core's rule: places it may be found in, and why.
STREAMLITS_OWN = {
    "color-contrast": [
        "[data-testid=stBaseButton-primary]",  # its label is white on any primary colour
    ],
}
# Streamlit fades what is about to be replaced; done when nothing fades any more.
FADED = """
() => Promise.allSettled(document.getAnimations()
    .filter((one) => one instanceof CSSTransition).map((one) => one.finished))
"""
# Whether the element of a path is inside one of the places; paths lead through shadow roots.
INSIDE = """
([path, places]) => {
    let root = document, element = null
    for (const step of path.flat(Infinity)) {
        element = root.querySelector(step)
        if (!element) return false
        if (places.some((place) => element.closest(place))) return true
        root = element.shadowRoot ?? element
    }
    return false
}
"""


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, chromium: Browser, server: str) -> Iterator[Page]:
    """A tab in each theme; nothing moves, so that colours are looked at when they stand."""
    context = chromium.new_context(
        base_url=server,
        color_scheme=request.param,
        reduced_motion="reduce",
        viewport={"width": 1280, "height": 720},
    )
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical, in a line each, without what is Streamlit's own."""
    page.mouse.move(0, 0)  # no colours of what the mouse is on
    page.wait_for_selector(IDLE)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    page.evaluate(FADED)
    found = []
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] not in ("serious", "critical"):
            continue
        places = STREAMLITS_OWN.get(violation["id"], [])
        found += [
            f"{violation['id']}: {node['html'][:150]} {why(node)}"
            for node in violation["nodes"]
            if not page.evaluate(INSIDE, [node["target"], places])
        ]
    return found


def why(node: dict[str, Any]) -> str:
    return " ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_on_a_page(themed, path):
    visit(themed, path)
    expect(themed.get_by_test_id("stMain")).not_to_be_empty()
    if path in ("", "draw"):
        expect(themed.get_by_role("slider", name="Time").first).to_be_visible()
    if path == "train":
        drawn = re.compile("The tutorial printed")
        expect(themed.locator(".loss canvas")).to_have_attribute("aria-label", drawn)
    assert serious(themed) == []


@pytest.mark.parametrize("section", ["Grids", "Predict", "Three implementations", "Bugs in the tutorial", "Share"])
def test_axe_finds_nothing_serious_below_the_network(themed, section):
    visit(themed, "")
    expect(themed.locator(".inside .cell").first).to_be_attached()
    themed.get_by_role("radio", name=section).click()
    themed.wait_for_selector(IDLE)
    assert serious(themed) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("Why", "Which pixels and rows push the answer?"),
        ("From drawing to image", "The way, step by step"),
        ("Another network", "Network beside it"),
    ],
)
def test_axe_finds_nothing_serious_in_the_reading_room(themed, more, said):
    visit(themed, "draw")
    draw(themed, SEVEN)
    expect(answer(themed)).to_have_text(re.compile("^7"))
    themed.get_by_role("button", name=more, exact=True).or_(
        themed.get_by_role("radio", name=more)
    ).click()
    expect(themed.get_by_text(said)).to_be_visible()
    assert serious(themed) == []


# All that can be used with a mouse, through shadow roots: `window.controls`, its length returned.
CONTROLS = """
() => {
    const kinds = ["button", "a[href]", "input", "select", "textarea", "summary", "[role=button]",
        "[role=slider]", "[role=tab]", "[role=checkbox]", "[role=radio]", "[role=switch]",
        "[role=gridcell]"].join(",")
    const inside = (root) => [...root.querySelectorAll("*")].flatMap((element) => [
        element, ...(element.shadowRoot ? inside(element.shadowRoot) : []),
    ])
    window.controls = inside(document).filter((element) =>
        element.matches(kinds)
        && element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && element.getClientRects().length
        && !element.closest(":disabled, [aria-disabled=true], [inert], [aria-hidden=true]"))
    window.reached = new Set()
    return window.controls.length
}
"""
# What has the focus, noted down; its place in `controls`, or -1.
REACH = """
() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    window.reached.add(element)
    return element === document.body ? -2 : window.controls.indexOf(element)
}
"""
# What the Tab key never came to. In a group that arrow keys walk through, one stop is enough, and
# what stands for a control and holds it (a label, a frame) is reached with it.
MISSED = """
() => {
    const groups = ["grid", "radiogroup", "tablist", "toolbar", "listbox", "group"]
    const reached = [...window.reached]
    const grouped = (control) => {
        if (control.tabIndex >= 0 && !control.matches("[role=radio], [type=radio]")) return false
        for (let it = control.parentElement; it; it = it.parentElement)
            if (groups.includes(it.role) && reached.some((one) => it.contains(one))) return true
        return false
    }
    return window.controls.filter((control) => !grouped(control) && !reached.some((element) =>
        control.contains(element) || element.contains(control)
    )).map((control) => control.outerHTML.slice(0, 160))
}
"""


@pytest.mark.parametrize("path", PAGES)
def test_every_control_is_reached_with_the_tab_key(page, path):
    visit(page, path)
    page.wait_for_load_state("networkidle")
    n_controls = page.evaluate(CONTROLS)
    assert n_controls > 5
    page.locator("body").focus()
    for _ in range(4 * n_controls):
        page.keyboard.press("Tab")
        if page.evaluate(REACH) == -2 and len(page.evaluate("[...window.reached]")) > n_controls:
            break
    assert page.evaluate(MISSED) == []


def test_a_digit_is_put_on_the_canvas_and_played_without_a_mouse(page):
    visit(page, "draw")
    page.get_by_role("button", name="7", exact=True).focus()
    page.keyboard.press("Enter")
    expect(answer(page)).to_have_text(re.compile("^7"))
    slider = page.get_by_role("slider", name="Time")
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_value("0")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("1")


def test_axe_sees_what_is_too_pale(themed):
    """So that the tests above can fail, and the list hides nothing of ours."""
    visit(themed, "digits")
    themed.add_style_tag(content="[data-testid=stCaptionContainer] p { color: #888 !important }")
    themed.add_style_tag(content="[data-testid=stMain] { background: #777 !important }")
    assert any("This batch: 64" in line for line in serious(themed))
