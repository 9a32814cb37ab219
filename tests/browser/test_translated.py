"""A browser translates the page while a visitor uses it: nothing breaks, and nothing freezes.

The tests do what Google Translate does: it takes every text node out of the page, also those that
come later, and puts two nested <font> elements in its place. Each page is used twice, in a
translated tab and in a plain one, and then both have to say the same.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rnn_demo.app.train.charts import chart_text
from tests.browser import draw_page, inside, train_page
from tests.browser.test_journeys import IDLE, SEVEN, answer, click, draw, keyed, navigate, visit
from tests.example_runs import append, finish, point, put_into_queue, write_status

# Puts marks around each text, as if they were its translation.
TRANSLATE = """addEventListener("DOMContentLoaded", () => {
  const kept = "script, style, textarea, svg, [translate=no], .notranslate"
  const options = { childList: true, characterData: true, subtree: true }
  const made = new WeakSet()
  window.translations = []
  const seen = new WeakSet()
  const observer = new MutationObserver((records) => {
    for (const { target } of records) translate(target)
  })
  const font = (...content) => {
    const element = document.createElement("font")
    element.style.verticalAlign = "inherit"
    element.append(...content)
    return element
  }
  const translateText = (text) => {
    if (!text.isConnected || made.has(text) || !text.data.trim()) return
    if (text.parentElement?.closest(kept)) return
    const translated = document.createTextNode(`\\u27e6${text.data}\\u27e7`)
    made.add(translated)
    text.replaceWith(font(font(translated)))
    window.translations.push(text.data)
  }
  const translate = (node) => {
    if (node instanceof Text) return translateText(node)
    if (node.shadowRoot && !seen.has(node.shadowRoot)) {
      seen.add(node.shadowRoot)
      observer.observe(node.shadowRoot, options)
      translate(node.shadowRoot)
    }
    for (const child of [...node.childNodes]) translate(child)
  }
  observer.observe(document.body, options)
  translate(document.body)
})"""

# All that the page says, also in the shadow of its components, without marks and fonts.
TEXT = """() => {
  const read = (node) => {
    if (node instanceof Text) return node.data
    if (node instanceof Element && node.matches("script, style")) return ""
    const children = [...node.childNodes, ...(node.shadowRoot ? [node.shadowRoot] : [])]
    return children.map(read).join(" ")
  }
  return read(document.querySelector("[data-testid=stApp]")).replace(/[\\u27e6\\u27e7]/g, "")
    .split(/\\s+/).join(" ")
}"""


@pytest.fixture
def use(page: Page) -> Callable[[str, list[Callable[[Page], None]]], None]:
    """A function that does the same on a plain page and on a translated one, step by step."""

    def both(path: str, steps: list[Callable[[Page], None]]) -> None:
        plain, translated = page.context.new_page(), page
        translated.add_init_script(TRANSLATE)
        for each in (plain, translated):
            each.set_viewport_size({"width": 1280, "height": 900})
            each.emulate_media(reduced_motion="reduce")
            visit(each, path)
        expect(translated.get_by_role("heading", level=1)).to_contain_text("\u27e6")
        expect_same(translated, plain)
        for step in steps:
            step(plain)
            step(translated)
            expect_same(translated, plain)
            expect(translated.get_by_test_id("stException")).to_have_count(0)
        plain.close()

    return both


def expect_same(translated: Page, plain: Page) -> None:
    said = (lambda: translated.evaluate(TEXT), lambda: plain.evaluate(TEXT))
    try:
        draw_page.wait_until(plain, lambda: said[0]() == said[1]())
    except AssertionError:
        assert said[0]().split() == said[1]().split()


def test_a_translated_drawing_is_read_undone_and_explained(use):
    def draw_seven(page: Page) -> None:
        draw(page, SEVEN)
        expect(answer(page)).to_have_text(re.compile("7,"))
        page.wait_for_selector(IDLE)

    def undo(page: Page) -> None:
        click(page, "draw/canvas/undo")
        expect(keyed(page, "draw/canvas/undo").get_by_role("button")).to_be_disabled()

    use(
        "draw",
        [
            draw_seven,
            undo,
            draw_seven,
            lambda page: draw_page.ask(page, "rows"),
            lambda page: draw_page.choose_source(page, "digit"),
            lambda page: click(page, "draw/digit/next"),
            lambda page: draw_page.choose_source(page, "mistake"),
            lambda page: navigate(page, "inside"),
        ],
    )


def test_a_translated_network_is_edited_asked_and_left(use):
    def answer_question(page: Page) -> None:
        page.locator(".inside .choices button").nth(1).click()
        expect(page.locator(".inside .verdict")).not_to_be_empty()

    def go_on(page: Page) -> None:
        page.locator(".inside .question .next").click()
        expect(page.locator(".inside .verdict")).to_be_empty()

    def edit(page: Page) -> None:
        inside.type_in(page, "b[0]", "0.75")
        expect(inside.change(page)).not_to_be_empty()

    use(
        "inside",
        [
            edit,
            lambda page: click(page, "inside/reset"),
            lambda page: inside.button(page, "back").click(),
            answer_question,
            go_on,
            lambda page: inside.open_section(page, "tutorial"),
            lambda page: inside.choose(page, "card", 4),
            lambda page: inside.open_section(page, "tables"),
            lambda page: navigate(page, "digits"),
        ],
    )


def test_a_translated_sequence_is_stepped_and_asked(use):
    def choose_image(page: Page) -> None:
        page.locator(".sheet button").nth(4).click()
        # The server then sends the questions about this image, which ask anew.
        expect(page).to_have_url(re.compile("image="))
        page.wait_for_selector(IDLE)

    def answer_question(page: Page) -> None:
        page.locator(".choices button").nth(1).click()
        expect(page.locator(".verdict")).not_to_be_empty()

    def open_logits(page: Page) -> None:
        keyed(page, "digits/logits").locator("summary").click()
        expect(keyed(page, "digits/logits").locator("table")).to_be_visible()

    use(
        "digits",
        [
            choose_image,
            answer_question,
            lambda page: page.locator(".question .head button").click(),
            answer_question,
            lambda page: keyed(page, "digits/split").get_by_role("radio").nth(1).click(),
            open_logits,
            lambda page: navigate(page, "train"),
        ],
    )


def test_a_translated_training_goes_on_and_ends(use, running):
    """Both tabs belong to one visitor, and show the same run."""
    put_into_queue(running, claimed=True)  # only then other pages say that it trains
    numbers, epochs = iter(range(50, 60)), iter(range(5, 10))

    def grow(page: Page) -> None:
        added = point(next(numbers))
        append(running, [added])
        expect(train_page.newest(page)).to_contain_text(f"{added['loss']:.4f}")

    def keep_translation(page: Page) -> None:
        """An update leaves alone what it does not change."""
        words = [chart_text()["whole_run"], chart_text()["hint_mouse"]]
        translations = page.evaluate("window.translations ?? []")
        assert [translations.count(each) for each in words] in ([0, 0], [1, 1])

    def change_guess(page: Page) -> None:
        """Answer the question, whose verdict comes at once, or take the answer back."""
        choice = keyed(page, "train/guess").get_by_role("radio").first
        was_checked = choice.is_checked()
        choice.click()
        expect(choice).to_be_checked(checked=not was_checked)

    def go_on_elsewhere(page: Page) -> None:
        epoch = next(epochs)
        write_status(running, "running", epoch=epoch)
        expect(keyed(page, "running-note")).to_contain_text(f"{epoch + 1} of")

    def end(page: Page) -> None:
        finish(running)
        expect(train_page.result(page)).to_be_visible()

    use(
        "train",
        [
            grow,
            grow,
            keep_translation,
            change_guess,
            change_guess,
            lambda page: navigate(page, "glossary"),
            go_on_elsewhere,
            lambda page: navigate(page, "train"),
            grow,
            end,
        ],
    )
