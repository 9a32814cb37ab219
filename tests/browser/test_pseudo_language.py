"""Every page in a language where each sentence stands in brackets and is 40 % longer.

What stands outside of brackets has missed its catalogue; what is cut off breaks the layout.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import pseudo_language
from tests.browser.conftest import Windows, start_server, wait_for_health
from tests.browser.test_journeys import IDLE

PAGES = ("draw", "inside", "digits", "train", "glossary")
# What no language changes: names of classes and functions, of data sets, and of activations; the
# tutorial's title and its author.
NAMES = [
    r"Building RNNs is Fun with PyTorch and Google Colab|Elvis Saravia \(dair\.ai\)",
    r"\b(?:MNIST|PyTorch|Streamlit|RNN|LSTM|GRU|RNNCell|SingleRNN|BasicRNN|CleanBasicRNN|ImageRNN)\b",
    r"\b(?:tanh|relu|hx|Wx|Wy|output|\w+Error|ms|px|MB|KB)\b",
]
# What Streamlit says in English to every visitor; it has no other language.
STREAMLIT = (
    r"^(?:Skip to main content|Decrement|Increment|Link to heading|Open|Close|Clear all|Clear value"
    r"|Choose an option|Choose options|Remove.*|Show/hide columns|Download as CSV"
    r"|Search|Fullscreen|Help|Help for|Sidebar|App pages|progress)\s*$"
)
# Icons, code, formulas, and what Streamlit or Plotly say themselves.
NOT_OURS = (
    "script, style, code, pre, .katex, [translate=no], [data-testid=stIconMaterial], "
    "[data-testid=stToolbar], [data-testid=stStatusWidget], [data-testid=stAppDeployButton], "
    "[data-testid=stElementToolbar], [data-testid=InputInstructions], .modebar-container, "
    "[data-testid=stFileUploaderDropzone]"
)
LOOK = """
([names, notOurs]) => {
    const known = names.map((name) => new RegExp(name, "gu"))
    const found = []
    const main = document.querySelector("[data-testid=stMain]")
    const end = main.getBoundingClientRect().left + main.clientWidth
    let widest = null // the innermost of the last elements that go beyond the page's end
    const outside = (text, state) => {
        let words = ""
        for (const letter of text) {
            if (letter === "⟦") state.depth += 1
            else if (letter === "⟧") state.depth = Math.max(0, state.depth - 1)
            else if (state.depth === 0) words += letter
        }
        return known.reduce((rest, name) => rest.replace(name, ""), words)
    }
    const report = (kind, text) => found.push(`${kind}: ${text.trim().slice(0, 200)}`)
    const check = (kind, text, state) => {
        if (/\\p{L}{2}/u.test(outside(text, state))) report(kind, text)
    }
    const above = (element) => element.parentElement ?? element.getRootNode().host ?? null
    const checkPlace = (node) => {
        const range = document.createRange()
        range.selectNodeContents(node)
        const rects = [...range.getClientRects()].filter((rect) => rect.width > 0)
        if (rects.length === 0) return
        const right = Math.max(...rects.map((rect) => rect.right))
        const left = Math.min(...rects.map((rect) => rect.left))
        for (let box = node.parentElement; box; box = above(box)) {
            const { overflowX, position } = getComputedStyle(box)
            const { left: from, right: to, width } = box.getBoundingClientRect()
            if (overflowX !== "visible" && width <= 1) return  // for screen readers only
            if (["auto", "scroll"].includes(overflowX) && box.dataset.testid !== "stMain") return
            if (["hidden", "clip"].includes(overflowX) && (right > to + 1 || left < from - 1)) {
                return report("cut off", node.data)
            }
            if (position === "fixed") break
        }
        if (right > innerWidth + 1 || left < -1) report("off screen", node.data)
    }
    const walk = (node, state) => {
        if (node.nodeType === Node.TEXT_NODE) {
            if (node.data.trim()) {
                check("text", node.data, state)
                if (node.data.includes("⟦")) checkPlace(node)
            }
            return
        }
        if (!(node instanceof Element) || node.matches(notOurs)) return
        if (!node.checkVisibility({ visibilityProperty: true })) return
        if (node.getBoundingClientRect().right > end + 1) widest = node
        for (const name of ["aria-label", "placeholder", "title", "alt", "aria-valuetext"]) {
            const text = node.getAttribute(name)
            if (text) check(name, text, { depth: 0 })
        }
        const { display } = getComputedStyle(node)
        const inner = display.startsWith("inline") ? state : { depth: 0 }
        for (const child of (node.shadowRoot ?? node).childNodes) walk(child, inner)
    }
    walk(document.body, { depth: 0 })
    const overflow = main.scrollWidth - main.clientWidth
    if (overflow > 0) report("wider than the screen", `${overflow} ${widest?.outerHTML}`)
    return found
}
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, strokes_as_mnist: Path) -> Iterator[str]:
    """A server that has the language."""
    locale = tmp_path_factory.mktemp("locale")
    pseudo_language.write(locale)
    process, address = start_server(
        {
            "RNN_DEMO_LOCALE": str(locale),
            "RNN_DEMO_DATA": str(strokes_as_mnist),
            "RNN_DEMO_RUNS": str(tmp_path_factory.mktemp("runs")),
        }
    )
    wait_for_health(address, process)
    yield address
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(params=["desktop", "phone"])
def tab(
    request: pytest.FixtureRequest,
    windows: Windows,
    address: str,
    recorded: Callable[[Page], AbstractContextManager[None]],
) -> Iterator[Page]:
    """The tab of a new visitor who prefers reduced motion."""
    context = windows.shared(request.param, address)
    context.clear_cookies()
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    if request.param == "phone":
        page.set_viewport_size({"width": 390, "height": 844})
    with recorded(page):
        yield page
    page.close()


def settle(page: Page) -> None:
    page.wait_for_timeout(300)  # until a click has reached the server
    page.wait_for_selector(IDLE)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    page.evaluate("document.fonts.ready")  # until then texts and icons have other widths


def look(page: Page) -> list[str]:
    """Texts outside of brackets and texts cut off, on the page as it stands."""
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    found: list[str] = page.evaluate(LOOK, [[STREAMLIT, *NAMES], NOT_OURS])
    return found


def openers(page: Page) -> Locator:
    """Controls that show more of a page: expanders, tabs, and the options of a choice."""
    return page.locator(
        "[data-testid=stExpander] summary, [role=tab], [data-testid=stPopover] button, "
        "[data-testid=stButtonGroup] button"
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", PAGES)
def test_every_sentence_is_in_the_catalogue_and_fits(tab, name):
    path = "" if name == "draw" else name
    tab.goto(f"/{path}?lang={pseudo_language.LANGUAGE}")
    tab.wait_for_selector(IDLE)
    found = dict.fromkeys(look(tab))
    for number in range(openers(tab).count()):
        opener = openers(tab).nth(number)
        if opener.is_visible() and opener.is_enabled():
            opener.click()
            found |= dict.fromkeys(look(tab))
            tab.keyboard.press("Escape")
    assert not found, "\n".join(found)


@pytest.mark.timeout(600)
def test_every_sentence_of_a_training_is_in_the_catalogue_and_fits(tab):
    tab.goto(f"/train?lang={pseudo_language.LANGUAGE}")
    settle(tab)
    found = dict.fromkeys(look(tab))
    tab.locator(".st-key-train-start button").click()
    for control in ("pause", "resume", "stop"):
        # Streamlit draws a button that has a help text twice, and shows one of the two.
        button = tab.locator(f".st-key-train-{control} button").locator("visible=true").first
        button.click(timeout=120_000)
        found |= dict.fromkeys(look(tab))
    expect(tab.locator(".st-key-train-confusion")).to_be_visible(timeout=180_000)
    found |= dict.fromkeys(look(tab))
    assert not found, "\n".join(found)


def test_the_language_is_the_visitors_own(new_context, address):
    """Two visitors of one server at the same time."""
    tabs = {lang: new_context(base_url=address).new_page() for lang in ("", "xx")}
    for lang, page in tabs.items():
        page.goto(f"/digits?lang={lang}")
        page.wait_for_selector(IDLE)
    links = {
        lang: page.get_by_role("link").filter(has_text=re.compile("Digits")).first
        for lang, page in tabs.items()
    }
    expect(links["xx"]).to_contain_text(pseudo_language.OPEN)
    expect(links[""]).not_to_contain_text(pseudo_language.OPEN)
