"""The page Digits in Chromium: an image becomes a sequence of rows."""

import math
import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from rnn_demo.app.digits.sequence_component import text
from rnn_demo.data import source
from rnn_demo.data.digits import Digits
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe
from tests.browser.test_journeys import IDLE, click, keyed, navigate, visit

PROJECTOR = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
# Left and right edges, from the image's left, in pixels.
EDGES = """
(cells) => {
    const origin = cells[0].getRootNode().querySelector(".image").getBoundingClientRect().left
    return cells.map((cell) => {
        const { left, right } = cell.getBoundingClientRect()
        return [left - origin, right - origin]
    })
}
"""


@pytest.fixture(scope="module")
def batch() -> Digits:
    return source.load(source.available(), "train").part(0, 64)


@pytest.fixture
def still(page: Page) -> Page:
    """The tab of a visitor at a projector who prefers reduced motion: the picture stands still."""
    page.set_viewport_size(PROJECTOR)
    page.emulate_media(reduced_motion="reduce")
    return page


def time_slider(page: Page) -> Locator:
    return page.locator(".sequence .transport").get_by_role("slider")


def chosen(page: Page) -> Locator:
    return page.get_by_test_id("chosen")


def strip(page: Page) -> list[float]:
    """The numbers under the image."""
    return [float(value) for value in page.locator(".strip .value").all_text_contents()]


def image_button(page: Page, number: int) -> Locator:
    return page.locator(".sheet button").nth(number - 1)


def expect_address(page: Page, text: str) -> None:
    expect(page).to_have_url(re.compile(rf"[?&]image={text}$"))


def bottom(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_the_strip_holds_the_numbers_of_the_row_exactly_under_its_pixels(still, batch):
    visit(still, "digits")
    expect(time_slider(still)).to_have_value("13")
    for row in (13, 0, 9, 27):
        time_slider(still).fill(str(row))
        expect(still.get_by_test_id("step")).to_contain_text(
            re.compile(rf"\b{row + 1}\b.*= {row}$")
        )
        assert strip(still) == pytest.approx(batch.images[0][row] / 255, abs=0.005 + 1e-9)
        lifted = still.locator(".lifted").bounding_box()
        image = still.locator(".image").bounding_box()
        assert lifted["y"] - image["y"] == pytest.approx(row * image["height"] / 28, abs=2.5)
    time_slider(still).fill("9")
    edges = np.array(still.locator(".strip li").evaluate_all(EDGES))
    pixel = image["width"] / 28
    assert pixel == int(pixel)
    assert edges[:, 0] == pytest.approx(np.arange(28) * pixel, abs=0.02)
    assert edges[:, 1] == pytest.approx(np.arange(1, 29) * pixel, abs=0.02)
    heights = still.locator(".strip .bar").evaluate_all(
        "all => all.map((bar) => bar.getBoundingClientRect().height"
        " / bar.parentElement.clientHeight)"
    )
    assert heights == pytest.approx((batch.images[0][9] / 255).tolist(), abs=0.02)
    for size in (PROJECTOR, {"width": 1280, "height": 720}):
        still.set_viewport_size(size)
        for part in (
            ".transport",
            ".frame",
            ".strip",
            ".network",
            ".answer",
            ".question",
            ".sheet",
        ):
            assert bottom(still.locator(f".sequence {part}")) <= size["height"], part


def test_the_chosen_image_is_marked_and_kept_in_the_address(still, batch):
    visit(still, "digits")
    expect(chosen(still)).to_have_text(f"Image 1 of 64. Its label: {batch.labels[0]}")
    assert still.locator(".sheet button").count() == 64
    names = still.locator(".sheet button").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert names == [f"Image {n} of 64, a {label}" for n, label in enumerate(batch.labels, 1)]
    image_button(still, 10).hover()
    expect(still.locator(".hover")).to_have_text(names[9])
    assert still.locator(".hover").bounding_box()["y"] >= bottom(still.locator(".sheet"))
    assert "image=" not in still.url
    image_button(still, 5).click()
    expect(chosen(still)).to_have_text(f"Image 5 of 64. Its label: {batch.labels[4]}")
    expect_address(still, "train-1-5-row14")
    expect_marked(still, 5)
    image_button(still, 22).click()
    expect_address(still, "train-1-22-row14")
    logits = build(Recipe())(torch.from_numpy(batch.images / 255).float())
    expected = torch.softmax(logits, dim=1)[21].tolist()
    bars = still.locator(".answer .bar").evaluate_all(
        "all => all.map((bar) => bar.getBoundingClientRect().width / bar.parentElement.clientWidth)"
    )
    assert bars == pytest.approx(expected, abs=0.003)
    values = still.locator(".answer .value").all_text_contents()
    assert values == [f"{math.floor(100 * probability)} %" for probability in expected]
    time_slider(still).fill("4")
    expect_address(still, "train-1-22-row5")
    still.go_back()
    expect(time_slider(still)).to_have_value("13")
    still.go_back()
    expect_marked(still, 5)
    still.go_forward()
    expect_marked(still, 22)
    expect(time_slider(still)).to_have_value("13")
    still.go_forward()
    expect(time_slider(still)).to_have_value("4")
    still.reload()
    expect_marked(still, 22)
    expect(time_slider(still)).to_have_value("4")
    navigate(still, "glossary")
    navigate(still, "digits")
    expect_marked(still, 22)
    expect_address(still, "train-1-22-row5")


def expect_marked(page: Page, number: int) -> None:
    expect(page.locator(".sheet [aria-pressed=true]")).to_have_count(1)
    expect(image_button(page, number)).to_have_attribute("aria-pressed", "true")
    expect(chosen(page)).to_contain_text(re.compile(rf"\b{number}\b"))


def test_arrow_keys_lead_through_the_images(still):
    visit(still, "digits")
    image_button(still, 1).focus()
    for key, number in (("ArrowRight", 2), ("ArrowDown", 10), ("ArrowLeft", 9), ("ArrowUp", 1)):
        still.keyboard.press(key)
        expect(image_button(still, number)).to_be_focused()
    still.keyboard.press("ArrowUp")  # there is none above
    expect(image_button(still, 1)).to_be_focused()
    still.keyboard.press("ArrowDown")
    still.keyboard.press("Enter")
    expect_marked(still, 9)
    expect(image_button(still, 9)).to_be_focused()


def test_the_rows_play_by_themselves_and_leave_the_address_alone(page):
    visit(page, "digits")
    page.locator(".sequence .transport").get_by_role("combobox").select_option("4")
    expect(time_slider(page)).to_have_value("27")
    expect(page.locator(".sequence.finished")).to_be_visible()
    assert "image=" not in page.url
    play = page.locator(".sequence .transport").get_by_role("button").nth(1)
    play.click()
    expect(time_slider(page)).not_to_have_value("27")
    play.click()
    row = int(time_slider(page).input_value())
    expect_address(page, f"train-1-1-row{row + 1}")


def test_a_guess_is_answered_by_the_numbers_beside_it(still, batch):
    visit(still, "digits")
    choices = still.locator(".choices button")
    verdict = still.locator(".verdict")
    expect(verdict).to_be_empty()
    choices.nth(1).click()
    words = text(64, 150)
    expect(verdict).to_contain_text(words["yes"])
    expect(choices.nth(1)).to_be_focused()
    expect(time_slider(still)).to_have_value("0")
    still.locator(".question .head button").click()
    expect(verdict).to_be_empty()
    first = int(batch.images[0].any(axis=1).argmax())
    wrong = choices.filter(has_not_text=re.compile(rf"\b{first + 1}$")).first
    wrong.click()
    expect(verdict).to_contain_text(words["no"])
    expect(verdict).to_contain_text(str(first + 1))
    expect(time_slider(still)).to_have_value(str(first))
    expect(still.locator(".choices .right")).to_have_text(re.compile(rf"\b{first + 1}$"))
    expect_address(still, f"train-1-1-row{first + 1}-question2")
    question = still.locator(".asked")
    second = question.inner_text()
    still.locator(".question .head button").click()
    expect_address(still, f"train-1-1-row{first + 1}-question3")
    still.reload()
    expect(choices).to_have_count(2)
    still.go_back()
    expect(question).to_have_text(second)


def test_no_question_is_answered_before_those_about_the_chosen_image_have_come(still):
    visit(still, "digits")
    choices = still.locator(".question .choices button")
    for number in (5, 1):  # and back to the first image
        enabled = image_button(still, number).evaluate(
            """it => {
              it.click()
              return it.getRootNode().querySelectorAll(".choices button:enabled").length
            }"""
        )
        assert enabled == 0
        expect(choices.first).to_be_enabled()
        choices.first.click()
        expect(still.locator(".question .verdict")).not_to_be_empty()


def test_all_pixels_fit_a_projector_when_their_door_is_opened(still, batch):
    visit(still, "digits")
    table = still.locator(".digits-pixels")
    expect(table).to_have_count(0)
    keyed(still, "digits/pixels").locator("summary").click()
    expect(table).to_be_visible()
    assert table.evaluate(
        "({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>"
        " scrollWidth <= clientWidth && scrollHeight <= clientHeight"
    )
    heads = table.locator("th[scope=col]")
    assert heads.count() == 28
    right = heads.last.bounding_box()
    assert right["x"] + right["width"] <= PROJECTOR["width"]
    numbers = table.locator("td:not(:empty)")
    assert numbers.evaluate_all("cells => cells.every((one) => one.scrollWidth <= one.clientWidth)")
    keyed(still, "digits/logits").locator("summary").click()
    logits = still.locator(".digits-logits")
    expect(logits.locator("tbody tr")).to_have_count(64)


def test_a_presenter_has_one_screen_that_steps_and_covers_the_label(still, batch):
    visit(still, "digits?present")
    expect(still.locator(".sequence.presenting")).to_be_visible()
    for _ in range(3):
        still.locator(".choices button").first.click()
        for part in (".transport", ".frame", ".strip", ".network", ".answer", ".verdict", ".sheet"):
            assert bottom(still.locator(f".sequence {part}")) <= PROJECTOR["height"], part
        still.locator(".question .head button").click()
    sizes = still.locator(".sequence *").evaluate_all(
        "all => all.filter((one) => one.checkVisibility() && one.innerText?.trim())"
        ".map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 20
    still.mouse.click(500, 10)  # beside everything
    before = int(time_slider(still).input_value())
    still.keyboard.press("PageDown")
    expect(time_slider(still)).to_have_value(str(before + 1))
    expect(chosen(still)).to_contain_text(str(batch.labels[0]))
    still.locator(".choices button").first.click()
    still.keyboard.press("b")
    expect(chosen(still)).not_to_contain_text(str(batch.labels[0]))
    expect(still.locator(".verdict")).to_be_hidden()
    still.keyboard.press("b")
    expect(chosen(still)).to_contain_text(str(batch.labels[0]))


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_phone_shows_the_image_and_its_strip_first(still):
    still.set_viewport_size(PHONE)
    visit(still, "digits")
    for part in (".chosen", ".transport", ".frame", ".strip"):
        assert bottom(still.locator(f".sequence {part}")) <= PHONE["height"], part
    order = [".strip", ".network", ".answer", ".question", ".choice"]
    bottoms = [bottom(still.locator(f".sequence {part}")) for part in order]
    assert bottoms == sorted(bottoms)


def test_a_link_can_be_shared(still):
    visit(still, "digits?image=test-2-3-row6")
    expect_marked(still, 3)
    click(still, "digits/share")
    link = still.locator(".link-panel input")
    expect(link).to_have_value(re.compile(r"/digits\?image=test-2-3-row6$"))
    still.wait_for_selector(IDLE)
