"""The five journeys, as a person makes them."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
SEVEN = [(70, 60), (210, 60), (130, 240)]
ONE = [(140, 40), (140, 240)]
REST_OF_A_FOUR = [(70, 50), (60, 150), (210, 150)]


def visit(page: Page, path: str) -> None:
    page.goto(f"/{path}")
    page.wait_for_selector(IDLE)


def answer(page: Page) -> Locator:
    """How sure the network is, or that it is not: one trained for seconds may be either."""
    return page.get_by_role("status").filter(has_text=re.compile("sure|does not look like"))


def draw(page: Page, points: list[tuple[int, int]]) -> None:
    """One stroke with the mouse."""
    canvas = page.locator("canvas.upper-canvas")
    expect(canvas).to_have_count(1)  # after "Clear" the old one goes and a new one comes
    box = canvas.bounding_box()
    assert box is not None
    places = [(box["x"] + x, box["y"] + y) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
@pytest.mark.parametrize("path", ["", "digits", "train", "draw"])
def test_every_page_opens_and_fits_the_screen(page, path):
    visit(page, path)
    expect(page.get_by_test_id("stMain")).not_to_be_empty()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_digits_are_clicked_and_read_as_rows(page):
    visit(page, "digits")
    sheet = page.get_by_test_id("stPlotlyChart").first
    expect(page.get_by_text("Digit 0 of the batch")).to_be_visible()
    point = sheet.locator(".scatterlayer .point").nth(10)
    box = point.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("Digit 10 of the batch")).to_be_visible()
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Row 14: what the network is given")).to_be_visible()
    expect(page.get_by_text("64 x 10")).to_be_visible()


def test_what_is_read_is_the_same_after_a_look_elsewhere(page):
    visit(page, "draw")
    page.get_by_role("radio", name="Test digit").click()
    page.wait_for_selector(IDLE)
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    expect(page.get_by_role("radio", name="Test digit")).to_be_checked()


def set_epochs(page: Page, n: int) -> None:
    page.get_by_text("Change the recipe").click()
    page.wait_for_selector(IDLE)
    page.get_by_label("Epochs (1 to 50)").fill(str(n))
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(f", {n} epochs? of"))).to_be_visible()
    expect(page.get_by_label("Epochs (1 to 50)")).to_be_visible()  # the recipe is still open


def test_training_is_started_survives_a_refresh_is_stopped_and_used(page):
    visit(page, "train")
    set_epochs(page, 50)
    page.get_by_role("button", name="Start").click()
    expect(
        page.get_by_text(re.compile(r"Epoch 1 of 50, [\d,]+ samples/s, \d+:\d\d left"))
    ).to_be_visible(timeout=90_000)
    page.reload()
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 50, [\d,]+ samples/s"))).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text(re.compile(r"Paused in epoch \d+ of 50"))).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("button", name="Stop").click(timeout=60_000)
    expect(
        page.get_by_text(re.compile("Test accuracy on (MNIST|synthetic digits), exact"))
    ).to_be_visible(timeout=90_000)
    expect(page.get_by_text(re.compile(r"Stopped after \d+ of 50 epochs"))).to_be_visible()
    page.get_by_role("button", name="Let it read my drawing").click()
    expect(answer(page)).to_be_visible()
    page.get_by_role("button", name="Pen and network").click()
    reads = page.locator(".st-key-draw-network").get_by_role("combobox")
    expect(reads).to_have_value(re.compile("your run"))


def test_another_visitor_does_not_see_the_run(page, chromium, server):
    visit(page, "train")
    set_epochs(page, 1)
    page.get_by_role("button", name="Start").click()
    expect(
        page.get_by_text(re.compile("Test accuracy on (MNIST|synthetic digits), exact"))
    ).to_be_visible(timeout=120_000)
    context = chromium.new_context(base_url=server)
    other = context.new_page()
    visit(other, "train")
    expect(other.get_by_role("button", name="Start")).to_be_visible()
    expect(other.get_by_text("Test accuracy")).to_have_count(0)
    context.close()


def test_a_drawn_digit_is_read_after_each_stroke(page):
    visit(page, "draw")
    expect(answer(page)).to_be_visible()
    draw(page, SEVEN)
    expect(answer(page)).to_have_text(re.compile(r"^7, \d+ % sure$"))
    page.locator(".st-key-draw-canvas-clear button").click()
    expect(page.locator(".st-key-draw-canvas-undo button")).to_be_disabled()
    draw(page, ONE)
    expect(answer(page)).to_have_text(re.compile(r"^1, \d+ % sure$"))


def test_ten_probabilities_stand_after_each_row(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    draw(page, SEVEN)
    expect(answer(page)).to_have_text(re.compile("^7"))
    row = page.get_by_role("slider", name="Time")
    for position in ("0", "13", "27"):
        row.fill(position)
        heading = page.locator(".draw-reading .now h3")
        expect(heading).to_have_text(re.compile(rf"\b{int(position) + 1}\b"))  # counted from 1
        values = page.locator(".draw-reading .now .value").all_text_contents()
        assert len(values) == 10
        assert np.sum([float(value) for value in values]) == pytest.approx(1, abs=0.06)
    for panel, width in (("image", 28), ("hidden", 150), ("probabilities", 10)):
        canvas = page.locator(f".draw-reading .{panel} canvas")
        assert canvas.get_attribute("width") == str(width)
        assert canvas.get_attribute("height") == "28"


def test_the_reading_plays_pauses_and_steps(page):
    visit(page, "draw")
    row = page.get_by_role("slider", name="Time")
    expect(row).to_have_value("27")  # it plays by itself, to the end
    page.get_by_role("button", name="Step back").click()
    expect(row).to_have_value("26")
    expect(row).to_have_attribute("aria-valuetext", re.compile(r"\b27\b"))
    row.fill("3")
    page.get_by_label("Speed").select_option("0.25")  # it must not end before it is paused
    page.get_by_role("button", name="Play").click()
    expect(row).not_to_have_value("3")
    page.get_by_role("button", name="Pause").click()
    row.focus()
    before = int(row.input_value())
    page.keyboard.press("PageDown")
    expect(row).to_have_value(str(before + 1))


def test_the_drawing_survives_a_page_switch_and_is_undone_stroke_by_stroke(page):
    visit(page, "draw")
    draw(page, ONE)
    expect(answer(page)).to_have_text(re.compile("^1"))
    draw(page, REST_OF_A_FOUR)
    expect(answer(page)).to_have_text(re.compile("^4"))
    page.get_by_role("link", name="Digits").click()
    expect(page.get_by_text("Digit 0 of the batch")).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    page.get_by_role("button", name="Undo stroke").click()
    expect(answer(page)).to_have_text(re.compile("^1"))


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_finger_draws_and_the_page_stays_where_it_is(page):
    visit(page, "draw")
    canvas = page.locator("canvas.upper-canvas")
    box = canvas.bounding_box()
    session = page.context.new_cdp_session(page)
    before = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")

    def touch(kind: str, point: tuple[float, float] | None) -> None:
        points = [{"x": box["x"] + point[0], "y": box["y"] + point[1]}] if point else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    path = [(140, 40 + 10 * i) for i in range(21)]
    touch("touchStart", path[0])
    for point in path[1:]:
        touch("touchMove", point)
    touch("touchEnd", None)
    expect(answer(page)).to_have_text(re.compile("^1"))
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == before


def test_nothing_outside_this_machine_is_asked(page, server):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("", "digits", "train", "draw"):
        visit(page, path)
    outside = [url for url in asked if not url.startswith((server, "data:", "blob:"))]
    assert outside == []
