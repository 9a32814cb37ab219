"""The reading room in a real browser: what is read, why, and how it is looked at."""

import re
import time
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from rnn_demo.training import checkpoint
from tests.browser.test_journeys import IDLE, ONE, SEVEN, answer, draw, visit

SURE = re.compile(r"^\d, \d+ % sure$")
ANSWER = re.compile(r"^(\d, \d+ % sure|This does not look like a digit)$")
BAR = [(80, 150), (190, 150)]  # across a seven


def look_closer(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("radio", name=name, exact=True)
    ).first.click()
    page.wait_for_selector(IDLE)


def read_seven(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    draw(page, SEVEN)
    expect(answer(page)).to_have_text(re.compile("^7"))


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again and again, as `expect` does, at what is no text and no attribute."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        page.wait_for_timeout(50)


def row(page: Page) -> Locator:
    return page.get_by_role("slider", name="Time").first


def top(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"]


def bottom(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("source", ["Test digit", "Mistake"])
def test_a_digit_of_the_data_set_is_read_and_names_its_label(page, source):
    visit(page, "draw")
    look_closer(page, source)
    expect(
        page.get_by_text(re.compile(r"Number [\d,]+ of .* test digits, labelled"))
    ).to_be_visible(timeout=60_000)
    expect(page.locator("canvas.upper-canvas")).to_have_count(0)
    label = page.get_by_test_id("stMain").locator("strong").first.inner_text()
    assert re.fullmatch(r"\d", label)
    first = page.get_by_role("status").inner_text()
    if source == "Mistake":
        assert not first.startswith(label)
    else:
        assert SURE.match(first)


def test_the_next_test_digit_is_another_one(page):
    visit(page, "draw")
    look_closer(page, "Test digit")
    expect(page.get_by_text(re.compile("Number 0 of"))).to_be_visible()
    page.get_by_role("spinbutton").fill("3")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("Number 3 of"))).to_be_visible()


def test_why_shows_bands_gradient_orders_and_a_transplant(page):
    read_seven(page)
    look_closer(page, "Why")
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(5)  # bands, gradient, backwards, shuffled, transplant
    expect(page.get_by_text(re.compile("^Backwards: "))).to_be_visible()
    expect(page.get_by_text(re.compile("^Shuffled: "))).to_be_visible()
    rows = page.get_by_role("slider", name=re.compile("What if rows were wiped"))
    expect(charts.first.locator(".barlayer .point")).to_have_count(25)  # bands of 4 in 28 rows
    rows.focus()
    page.keyboard.press("End")
    expect(charts.first.locator(".barlayer .point")).to_have_count(15)  # of 14


def test_the_three_preprocessings_stand_side_by_side(page):
    read_seven(page)
    look_closer(page, "From drawing to image")
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(3)
    tops = {round(top(charts.nth(i))) for i in range(3)}
    assert len(tops) == 1
    expect(page.get_by_text(ANSWER)).to_have_count(4)


def film(page: Page) -> list[int]:
    """How much of the animated drawing lies on each pixel of its frame."""
    pixels: list[int] = page.locator(".journey canvas").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 280, 280).data]"
    )
    return pixels[3::4]


def test_the_way_into_the_image_plays_from_the_drawing_to_the_pixels(page):
    visit(page, "draw")
    draw_and_wait(page, [(30, 30), (90, 30), (60, 120)])  # a seven in the upper left corner
    look_closer(page, "From drawing to image")
    time_line = page.locator(".journey").get_by_role("slider", name="Time")
    expect(time_line).to_have_value("80")  # it plays by itself, to the end
    caption = page.locator(".journey figcaption")
    expect(caption).to_have_text("28 x 28 pixels: what the network gets.")
    blocks = np.reshape(film(page), (28, 10, 28, 10))
    assert (blocks.max(axis=(1, 3)) - blocks.min(axis=(1, 3))).max() == 0
    np.testing.assert_allclose(blocks[:, 0, :, 0] > 128, np.reshape(seen(page), (28, 28)) < 140)
    time_line.fill("60")
    rows, columns = np.nonzero(np.reshape(film(page), (280, 280)) > 128)
    assert rows.mean() == pytest.approx(145, abs=4)  # the centre of mass is in the middle
    assert columns.mean() == pytest.approx(145, abs=4)
    time_line.fill("0")
    expect(caption).to_have_text("Your drawing, on the canvas.")
    rows, columns = np.nonzero(np.reshape(film(page), (280, 280)) > 128)
    assert rows.max() < 140  # it lies where it was drawn
    assert columns.max() < 110


def test_without_a_drawing_the_preprocessings_ask_for_one(page):
    visit(page, "draw")
    look_closer(page, "From drawing to image")
    expect(page.get_by_text("Draw a digit to see its three images.")).to_be_visible()


def test_a_second_network_reads_the_same_digit(page):
    read_seven(page)
    look_closer(page, "Another network")
    expect(page.locator(".reader")).to_have_count(2)
    expect(page.get_by_role("combobox", name="Network beside it")).to_be_visible()
    expect(answer(page)).to_have_count(2)
    assert answer(page).nth(0).inner_text().startswith("7")


def test_hovering_a_hidden_unit_shows_its_weights_and_its_course(page):
    read_seven(page)
    readout, course = page.locator(".reader .readout"), page.locator(".reader .course")
    expect(readout).to_have_text("")
    page.locator(".reader .hidden canvas").hover(position={"x": 40, "y": 60})
    expect(readout).to_have_text(re.compile(r"After row \d+, unit \d+: -?\d\.\d{4}\."))
    toward = readout.inner_text().split("toward ")[1]
    weights = re.findall(r"(\d): -?\d+\.\d\d", toward)
    assert weights == [str(digit) for digit in range(10)]
    assert len(course.get_attribute("points").split()) == 28
    page.mouse.move(0, 0)
    expect(readout).to_have_text("")
    expect(course).to_have_attribute("points", "")


def test_a_click_on_a_picture_goes_to_its_row(page):
    read_seven(page)
    canvas = page.locator(".reader .image canvas")
    height = canvas.bounding_box()["height"]
    canvas.click(position={"x": 20, "y": height * 10.5 / 28})
    expect(row(page)).to_have_value("10")


def test_the_keyboard_plays_and_steps(page):
    visit(page, "draw")
    expect(row(page)).to_have_value("27")
    row(page).focus()
    for key, value in (("ArrowLeft", "26"), ("PageUp", "25"), ("ArrowRight", "26"), ("Home", "0")):
        page.keyboard.press(key)
        expect(row(page)).to_have_value(value)
    page.keyboard.press("PageDown")
    expect(row(page)).to_have_value("1")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    stopped = int(row(page).input_value())
    assert 1 <= stopped <= 27


def test_arrows_step_from_any_button_of_the_transport(page):
    read_seven(page)
    page.get_by_role("button", name="Step back").focus()
    page.keyboard.press("ArrowLeft")
    expect(row(page)).to_have_value("26")


WATCH = """
    window.frames = new Set()
    const look = () => {
        for (const element of document.querySelectorAll("*")) {
            const slider = element.shadowRoot?.querySelector("input[type=range]")
            if (slider) window.frames.add(`${slider.value} of ${slider.max}`)
        }
        requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
"""


def test_who_wants_no_motion_gets_the_end_at_once(page):
    page.add_init_script(WATCH)  # every frame that is ever shown
    read_seven(page)
    look_closer(page, "From drawing to image")
    expect(page.locator(".journey").get_by_role("slider", name="Time")).to_have_value("80")
    expect(page.get_by_role("button", name="Play")).to_have_count(2)
    assert set(page.evaluate("[...window.frames]")) == {"27 of 27", "80 of 80"}


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_the_buttons_are_there_without_hover(page):
    visit(page, "draw")
    clear = page.get_by_role("button", name="Clear")
    expect(clear).to_be_visible()
    page.locator("canvas.upper-canvas").tap(position={"x": 140, "y": 140})
    undo = page.get_by_role("button", name="Undo stroke")
    expect(undo).to_be_enabled()
    undo.tap()
    expect(page.get_by_text("Draw a digit here")).to_be_visible()


# Drawing


def seen(page: Page) -> list[int]:
    """Brightness of the 28 x 28 pixels the network gets, as they are on screen."""
    pixels = page.locator(".reader .image canvas").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]"
    )
    return pixels[::4]


def places(page: Page) -> list[list[int]]:
    """Where the parts of the page are, wherever it is scrolled to."""
    scrolled = page.get_by_test_id("stMain").evaluate("main => main.scrollTop")
    parts = [page.locator(part) for part in (".upper-canvas", ".reader .image", ".reader .lines")]
    names = ("Clear", "Undo stroke", "Pen and network")
    parts += [page.get_by_role("button", name=name) for name in names]
    boxes = [part.bounding_box() for part in parts]
    return [[round(box["x"]), round(box["y"] + scrolled), round(box["height"])] for box in boxes]


def draw_and_wait(page: Page, points: list[tuple[int, int]]) -> None:
    """One stroke, and the image that the network gets of it."""
    before = seen(page)
    page.locator("canvas.upper-canvas").scroll_into_view_if_needed()
    draw(page, points)
    wait_until(page, lambda: seen(page) != before)
    page.wait_for_selector(IDLE)


def test_a_drawing_is_shared_and_read_again_elsewhere(page, chromium, server):
    read_seven(page)
    page.get_by_role("button", name="Share").click()
    link = page.get_by_test_id("stCode").inner_text()
    assert link.startswith(f"{server}/draw?drawing=")
    assert len(link) <= 1800
    context = chromium.new_context(reduced_motion="reduce")
    other = context.new_page()
    other.goto(link)
    expect(answer(other)).to_have_text(re.compile("^7"))
    off = np.abs(np.subtract(seen(page), seen(other)))
    assert off.mean() < 0.01 * 255  # 0.1 pixels of the canvas are rounded off
    other.get_by_role("link", name="Digits").click()
    expect(other.get_by_text("Digit 0 of the batch")).to_be_visible()
    assert "drawing=" not in other.url
    other.get_by_role("link", name="Draw and read").click()
    expect(other).to_have_url(link)
    expect(answer(other)).to_have_text(re.compile("^7"))
    draw_and_wait(other, ONE)
    expect(other).to_have_url(f"{server}/draw")
    context.close()


@pytest.mark.parametrize("text", ["nonsense", "A" * 1801, "eJyLBgAAXQBe"])
def test_a_damaged_link_ends_in_one_sentence(page, text):
    visit(page, f"draw?drawing={text}")
    warning = page.get_by_test_id("stAlert")
    expect(warning).to_have_count(1)
    expect(warning).to_contain_text("The link ")
    expect(answer(page)).to_be_visible()


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_one_tap_puts_an_example_there_to_be_drawn_on(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    before = seen(page)
    page.get_by_role("button", name="4", exact=True).click()
    expect(page.get_by_text("Draw a digit here")).to_have_count(0)
    page.wait_for_selector(IDLE)
    example = seen(page)
    assert example != before
    draw_and_wait(page, [(60, 60), (220, 60)])
    page.get_by_role("button", name="Undo stroke").click()
    wait_until(page, lambda: seen(page) == example)


def test_a_pen_draws(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    kinds = ["mousePressed", *["mouseMoved"] * 20, "mouseReleased"]
    for step, kind in enumerate(kinds):
        place = {"x": box["x"] + 140, "y": box["y"] + 40 + 9 * step}
        pen = {"pointerType": "pen", "button": "left", "buttons": 1, "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {"type": kind} | place | pen)
    expect(answer(page)).to_have_text(re.compile("^1"))


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ([(140, 140)], "This is a dot"),
        ([(130, 130), (150, 150)], "Very small"),
        ([(20, 20), (90, 90)], "In a corner"),
        ([(60 + 150 * (i % 2), 60 + 8 * i) for i in range(20)], "This looks like a scribble"),
    ],
)
def test_an_unusual_drawing_gets_a_sentence_and_is_shown(page, points, sentence):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    draw(page, points)
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(ANSWER)
    assert len(set(seen(page))) > 1


def test_without_one_of_its_strokes_the_answer_is_another(page):
    read_seven(page)
    draw(page, BAR)
    look_closer(page, "Why")
    for index in (0, 1):
        expect(page.get_by_text(re.compile(f"^Without stroke {index}: "))).to_be_visible()
    expect(page.get_by_text(re.compile("^Without stroke 1: 7"))).to_be_visible()


def test_a_file_of_weights_reads_and_a_bad_one_is_refused(page):
    read_seven(page)
    page.get_by_role("button", name="Pen and network").click()
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
    bad = {"name": "a.safetensors", "mimeType": "", "buffer": b"PK\x03\x04"}
    chooser.set_input_files(bad)
    expect(page.get_by_text("This is not a whole .safetensors file.")).to_be_visible()
    good = (checkpoint.WEIGHTS / "tutorial.safetensors").read_bytes()
    chooser.set_input_files({"name": "b.safetensors", "mimeType": "", "buffer": good})
    expect(page.get_by_text("Read by your file (150 units, rnn_tanh)")).to_be_visible()
    expect(answer(page)).to_have_text(re.compile("^7"))


# Beautiful


@pytest.mark.parametrize("drawn", [False, True])
def test_on_a_laptop_all_pictures_are_in_sight(page, drawn):
    visit(page, "draw")
    if drawn:
        draw(page, SEVEN)
        expect(answer(page)).to_have_text(re.compile("^7"))
    for part in ("canvas.upper-canvas", ".image canvas", ".belief canvas", ".lines svg"):
        assert top(page.locator(part)) >= 0
        assert bottom(page.locator(part)) <= 720, part


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_the_canvas_comes_first_then_the_belief_then_the_rest(page):
    visit(page, "draw")
    order = [
        page.locator("canvas.upper-canvas"),
        page.get_by_role("status"),
        page.locator(".reader .now"),
        page.locator(".reader .image"),
        page.get_by_role("button", name="Pen and network"),
    ]
    tops = [top(part) for part in order]
    assert tops == sorted(tops)
    assert bottom(order[1]) <= 740  # the answer is in sight while a finger draws


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_nothing_jumps_while_one_draws(page):
    visit(page, "draw")
    expect(answer(page)).to_be_visible()
    before = places(page)
    for points in (SEVEN, BAR, ONE):
        draw_and_wait(page, points)
        assert places(page) == before


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_nothing_jumps_when_a_unit_is_hovered(page):
    visit(page, "draw")
    expect(row(page)).to_have_value("27")
    before = places(page)
    page.locator(".reader .hidden canvas").hover(position={"x": 40, "y": 60})
    expect(page.locator(".reader .readout")).not_to_have_text("")
    assert places(page) == before
