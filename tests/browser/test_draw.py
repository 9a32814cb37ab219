"""The page Draw in a real browser: what is read, the panels, the animation and the canvas."""

import base64
import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import pairwise

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from rnn_demo import load_pretrained
from rnn_demo.app.components import transport_text
from rnn_demo.app.draw import sentences
from rnn_demo.app.theme import LIGHT
from rnn_demo.data import preprocess, strokes
from rnn_demo.messages import ENGLISH
from rnn_demo.training import checkpoint
from tests.browser.conftest import Windows
from tests.browser.test_journeys import IDLE, ONE, SEVEN, draw, visit

BAR = [(80, 150), (190, 150)]  # across a seven
ZIGZAG = [(60 + 150 * (i % 2), 60 + 8 * i) for i in range(20)]
MODEL = load_pretrained(checkpoint.pretrained()[0])  # the default choice
EXAMPLE = strokes.encode(strokes.example("crossed 7"))
PLAY, PAUSE = transport_text()["play"], transport_text()["pause"]


def answer(page: Page) -> Locator:
    return page.get_by_test_id("answer")


def choose(page: Page, key: str, options: dict[str, str], name: str) -> None:
    """Click an option of a segmented control."""
    group = page.locator(f".st-key-{key}").locator("button, [role=radio]")
    group.nth(list(options).index(name)).click()
    page.wait_for_selector(IDLE)


def choose_source(page: Page, name: str) -> None:
    choose(page, "draw-source", sentences.SOURCES, name)


def open_panel(page: Page, name: str) -> None:
    choose(page, "draw-panel", sentences.PANELS, name)


def button(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key}").get_by_role("button").first


def example_button(page: Page, name: str) -> Locator:
    return button(page, "draw-canvas-example-" + re.sub("[^a-zA-Z0-9_-]", "-", name))


def play(page: Page) -> Locator:
    """The button that plays and pauses the reading."""
    return page.locator(".draw-reading .transport button").nth(1)


def step_back(page: Page) -> Locator:
    return page.locator(".draw-reading .transport button").first


def speed(page: Page) -> Locator:
    return page.locator(".draw-reading .transport select")


def readout(page: Page) -> Locator:
    return page.locator(".draw-reading .readout")


def draw_seven(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    draw(page, SEVEN)
    expect(answer(page)).to_have_text(re.compile("^7"))


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for a condition that is neither text nor an attribute, as `expect` does."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        page.wait_for_timeout(50)


def row(page: Page) -> Locator:
    """The slider of the reading."""
    return page.locator(".draw-reading .transport input").first


def top(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"]


def bottom(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("source", ["digit", "mistake"])
def test_a_digit_of_the_data_set_is_read_and_names_its_label(page, source):
    visit(page, "draw")
    choose_source(page, source)
    label = page.get_by_test_id("stMain").locator("strong").first
    expect(label).to_have_text(re.compile(r"^\d$"), timeout=60_000)
    expect(page.locator("canvas.upper-canvas")).to_have_count(0)
    guess = re.match(r"\d", answer(page).inner_text())
    if source == "mistake":
        assert not guess or guess[0] != label.inner_text()
    else:
        assert guess


def test_the_next_test_digit_is_another_one(page):
    visit(page, "draw")
    choose_source(page, "digit")
    expect(row(page)).to_have_value("27")
    before = seen(page)
    page.get_by_role("spinbutton").fill("3")
    page.keyboard.press("Enter")
    wait_until(page, lambda: seen(page) != before)


def test_the_panel_why_shows_bands_gradient_orders_and_a_transplant(page):
    draw_seven(page)
    open_panel(page, "attribution")
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(5)  # bands, gradient, backwards, shuffled, transplant
    rows = page.locator(".st-key-draw-attribution-height").get_by_role("slider")
    expect(charts.first.locator(".barlayer .point")).to_have_count(25)  # bands of 4 in 28 rows
    rows.focus()
    page.keyboard.press("End")
    expect(charts.first.locator(".barlayer .point")).to_have_count(15)  # of 14


def test_the_three_images_stand_side_by_side(page):
    draw_seven(page)
    open_panel(page, "preprocessing")
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(3)
    tops = {round(top(charts.nth(i))) for i in range(3)}
    assert len(tops) == 1


# One of the four bytes of each pixel of a canvas, as text: a list of numbers takes far longer.
PIXELS = """(canvas, byte) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  return new Uint8Array(data.filter((_, i) => i % 4 === byte)).toBase64()
}"""


def pixels(canvas: Locator, byte: int) -> bytes:
    """One of the four bytes of each pixel: red, green, blue or alpha."""
    return base64.b64decode(canvas.evaluate(PIXELS, byte))


def square(values: bytes) -> np.ndarray:
    """The pixels of a square canvas in rows and columns."""
    size = math.isqrt(len(values))
    return np.frombuffer(values, np.uint8).reshape(size, size).astype(int)


def animation(page: Page) -> np.ndarray:
    """The alpha of each pixel of the animation, 280 x 280 numbers up to 255."""
    return square(pixels(page.locator(".draw-preprocessing canvas"), 3))


def test_the_animation_runs_from_the_drawing_to_the_pixels(page):
    visit(page, "draw")
    draw_and_wait(page, [(30, 30), (90, 30), (60, 120)])  # a seven in the upper left corner
    open_panel(page, "preprocessing")
    time_line = page.locator(".draw-preprocessing .transport input")
    expect(time_line).to_have_value("80")  # it plays by itself, to the end
    caption = page.locator(".draw-preprocessing figcaption")
    last_caption = caption.inner_text()
    blocks = np.reshape(animation(page), (28, 10, 28, 10))
    assert (blocks.max(axis=(1, 3)) - blocks.min(axis=(1, 3))).max() == 0
    np.testing.assert_allclose(blocks[:, 0, :, 0] > 128, square(seen(page)) < 140)
    time_line.fill("60")
    rows, columns = np.nonzero(animation(page) > 128)
    assert rows.mean() == pytest.approx(145, abs=4)  # the centre of mass is in the middle
    assert columns.mean() == pytest.approx(145, abs=4)
    time_line.fill("0")
    expect(caption).not_to_have_text(last_caption)
    rows, columns = np.nonzero(animation(page) > 128)
    assert rows.max() < 140  # it lies where it was drawn
    assert columns.max() < 110


def test_a_speck_is_not_in_the_animation(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    draw_and_wait(page, SEVEN)
    before = seen(page)
    button(page, "draw-tools").click()
    page.locator(".st-key-draw-canvas-pen").get_by_role("slider").focus()
    page.keyboard.press("Home")  # the thinnest pen
    page.wait_for_selector(IDLE)
    button(page, "draw-tools").click()
    draw(page, [(262, 20)])
    open_panel(page, "preprocessing")
    time_line = page.locator(".draw-preprocessing .transport input")
    expect(time_line).to_have_value("80")
    assert seen(page) == before
    for frame in ("0", "20", "60", "80"):
        time_line.fill(frame)
        alpha = animation(page)
        assert alpha[:, 20:].any()
        if frame == "0":
            assert not alpha[:45, 240:].any()  # the speck's corner


def test_without_a_drawing_the_panel_asks_for_one(page):
    visit(page, "draw")
    open_panel(page, "preprocessing")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(0)


def test_a_second_network_reads_the_same_digit_side_by_side(page):
    draw_seven(page)
    open_panel(page, "comparison")
    readings = page.locator(".draw-reading")
    expect(readings).to_have_count(2)
    first, second = (
        page.locator(f".st-key-draw-{key}").get_by_role("combobox")
        for key in ("network", "second_network")
    )
    expect(second).to_be_visible()
    left, right = readings.nth(0).bounding_box(), readings.nth(1).bounding_box()
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] < right["x"]
    for reading in (readings.nth(0), readings.nth(1)):
        expect(reading.get_by_test_id("answer")).to_have_text(re.compile("^7"))
    other = second.input_value()
    button(page, "draw-tools").click()
    assert first.input_value() != other


def test_hovering_a_hidden_unit_shows_its_weights_and_its_trajectory(example):
    states = states_of_example()
    hint = readout(example).inner_text()
    trajectory = example.locator(".draw-reading .trajectory")
    (unit,) = units_from_the_left(example, 1)
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", readout(example).inner_text())]
    value, *weights = numbers
    assert min(abs(states[:, unit] - value)) < 0.0001
    np.testing.assert_allclose(weights, MODEL.FC.weight[:, unit].detach(), atol=0.0051)
    assert len(trajectory.get_attribute("points").split()) == 28
    example.mouse.move(0, 0)
    expect(readout(example)).to_have_text(hint)
    expect(trajectory).to_have_attribute("points", "")


def test_a_click_on_a_panel_goes_to_its_row(page):
    draw_seven(page)
    canvas = page.locator(".draw-reading .image canvas")
    height = canvas.bounding_box()["height"]
    canvas.click(position={"x": 20, "y": height * 10.5 / 28})
    expect(row(page)).to_have_value("10")


def test_the_keyboard_plays_and_steps(page):
    visit(page, "draw")
    expect(row(page)).to_have_value("27")
    speed(page).select_option("0.25")  # it must not end before it is stopped
    row(page).focus()
    for key, value in (("ArrowLeft", "26"), ("PageUp", "25"), ("ArrowRight", "26"), ("Home", "0")):
        page.keyboard.press(key)
        expect(row(page)).to_have_value(value)
    page.keyboard.press("PageDown")
    expect(row(page)).to_have_value("1")
    page.keyboard.press("Space")
    expect(play(page)).to_have_attribute("aria-label", PAUSE)
    page.keyboard.press("Space")
    expect(play(page)).to_have_attribute("aria-label", PLAY)
    stopped = int(row(page).input_value())
    assert 1 <= stopped <= 27


def test_home_stops_an_animation_that_has_just_begun(page):
    """The slider is at its start already, so it fires no input event."""
    draw_seven(page)
    play(page).evaluate(
        """(play) => {
          play.click()
          const home = new KeyboardEvent("keydown", { key: "Home", bubbles: true })
          play.parentElement.querySelector("input").dispatchEvent(home)
        }"""
    )
    expect(play(page)).to_have_attribute("aria-label", PLAY)
    expect(row(page)).to_have_value("0")


def test_arrows_step_from_any_button_of_the_transport(page):
    draw_seven(page)
    step_back(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(row(page)).to_have_value("26")


def test_playing_and_scrubbing_send_nothing_to_the_server(page):
    sent: list[object] = []
    page.on("websocket", lambda stream: stream.on("framesent", lambda frame: sent.append(frame)))
    draw_seven(page)
    assert sent  # the page itself came this way
    sent.clear()
    for value in ("3", "20", "0"):
        row(page).fill(value)
    speed(page).select_option("0.25")  # it must not end before it is paused
    play(page).click()
    wait_until(page, lambda: int(row(page).input_value()) > 5)
    play(page).click()
    step_back(page).click()
    assert sent == []
    button(page, "draw-canvas-clear").click()
    wait_until(page, lambda: len(sent) > 0)


# What the panels show, against plain PyTorch


@pytest.fixture(scope="module")
def example_tab(windows: Windows, server: str) -> Iterator[Page]:
    """A link to a drawing is open, and the reading is at its end."""
    page = windows.shared("desktop", server).new_page()
    page.emulate_media(reduced_motion="reduce")
    visit(page, f"draw?drawing={EXAMPLE}")
    expect(button(page, "draw-canvas-undo")).to_be_enabled()
    expect(row(page)).to_have_value("27")
    yield page
    page.close()


@pytest.fixture
def example(
    example_tab: Page, recorded: Callable[[Page], AbstractContextManager[None]]
) -> Iterator[Page]:
    """The same tab for all tests that only look at the reading: to open one takes seconds."""
    with recorded(example_tab):
        example_tab.mouse.move(0, 0)
        row(example_tab).fill("27")
        yield example_tab


def states_of_example() -> torch.Tensor:
    """The network's states after each row of the example, from plain PyTorch."""
    image = preprocess.to_mnist(strokes.render(strokes.decode(EXAMPLE)))
    with torch.no_grad():
        states, _ = MODEL.basic_rnn(torch.from_numpy(image)[:, None])
    return states[:, 0]


def units_from_the_left(page: Page, count: int) -> list[int]:
    """The hidden units in the first columns of the panel."""
    canvas = page.locator(".draw-reading .hidden canvas")
    width = canvas.bounding_box()["width"] / int(canvas.get_attribute("width"))
    units = []
    for column in range(count):
        canvas.hover(position={"x": (column + 0.5) * width, "y": 60})
        _, unit = re.findall(r"\d+", readout(page).inner_text())[:2]  # after the row
        units.append(int(unit))
    return units


def test_the_units_that_favour_the_answer_come_first(example):
    states = states_of_example()
    answer_weights = MODEL.FC.weight[MODEL.FC(states[-1]).argmax()].detach()
    contributions = answer_weights * states[-1]
    shown = units_from_the_left(example, 12)
    assert shown == contributions.argsort(descending=True)[:12].tolist()
    assert shown != sorted(shown)


def test_the_99th_percentile_has_the_full_colour(example):
    states = states_of_example()
    limit = np.quantile(states.abs(), 0.99)
    assert 1 < limit < 0.9 * float(states.abs().max())
    first = units_from_the_left(example, 12)
    pixels = example.locator(".draw-reading .hidden canvas").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 12, 28).data]"
    )
    background, positive = (
        np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        for colour in (LIGHT.background, LIGHT.positive)
    )
    share = np.clip(states[:, first].numpy() / limit, 0, 1)[..., None]  # relu: none is negative
    expected = background + share * (positive - background)
    np.testing.assert_allclose(np.reshape(pixels, (28, 12, 4))[..., :3], expected, atol=2)


def test_probabilities_are_those_of_the_output_layer_after_each_row(example):
    probabilities = MODEL.FC(states_of_example()).softmax(dim=1)
    heading = example.locator(".draw-reading .now h3")
    values = example.locator(".draw-reading .now .value")
    scan = example.locator(".draw-reading .image .scan")
    places = []
    for position in (27, 26, 25):
        expect(heading).to_have_text(re.compile(rf"\b{position + 1}\b"))  # counted from 1
        shown = [float(value) for value in values.all_text_contents()]
        np.testing.assert_allclose(shown, probabilities[position].detach(), atol=0.0051)
        places.append(top(scan))
        step_back(example).click()
    assert places[0] > places[1] > places[2]  # the scan line moves up with it


def test_each_line_ends_in_its_digit_and_two_are_coloured(example):
    probabilities = MODEL.FC(states_of_example()).softmax(dim=1)[-1]
    order = [str(digit) for digit in probabilities.argsort(descending=True).tolist()]
    ends = example.locator(".draw-reading .ends span")
    expect(ends).to_have_text(order)
    boxes = [end.bounding_box() for end in ends.all()]
    assert all(two["y"] - one["y"] >= 10 for one, two in pairwise(boxes))  # without overlap
    lines = example.locator(".draw-reading .lines polyline:not(.trajectory)")
    drawn = [
        (line.get_attribute("stroke"), line.get_attribute("stroke-width")) for line in lines.all()
    ]
    assert drawn == [(LIGHT.grey, "1")] * 8 + [(LIGHT.second, "2"), (LIGHT.lead, "3")]


def test_the_explanation_names_the_rows_where_it_settled_and_became_confident(example):
    probabilities = MODEL.FC(states_of_example()).softmax(dim=1)
    best = probabilities.argmax(dim=1).tolist()
    digit = best[-1]
    settled = max(i for i in range(28) if i == 0 or best[i - 1] != digit)
    confident = max(i for i in range(28) if i == 0 or probabilities[i - 1, digit] < 0.9)
    text = example.locator(".draw-reading .explanation").inner_text()
    assert list(map(int, re.findall(r"\d+", text))) == [settled + 1, digit, confident + 1, 90]


# The animation


@pytest.mark.own_context
def test_a_higher_speed_shows_more_rows_in_the_same_time(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    expect(row(page)).to_have_value("27")
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    rows = {}
    for factor in ("0.25", "1", "4"):
        speed(page).select_option(factor)
        row(page).fill("0")
        play(page).click()
        page.clock.run_for(500)
        rows[factor] = int(row(page).input_value())
        play(page).click()
    # 10 rows a second, rounded up to whole frames of 16 ms.
    assert rows == {"0.25": 500 // 400, "1": 500 // 112, "4": 500 // 32}


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


def test_reduced_motion_shows_the_last_frame_at_once(page):
    page.add_init_script(WATCH)  # every frame that is ever shown
    draw_seven(page)
    open_panel(page, "preprocessing")
    expect(page.locator(".draw-preprocessing .transport input")).to_have_value("80")
    expect(page.get_by_role("button", name=PLAY, exact=True)).to_have_count(2)
    assert set(page.evaluate("[...window.frames]")) == {"27 of 27", "80 of 80"}


@pytest.mark.parametrize("page", ["phone"], indirect=True)
@pytest.mark.parametrize("key", ["draw-canvas-clear", "draw-canvas-undo"])
def test_a_finger_takes_its_stroke_back_without_hover(page, key):
    visit(page, "draw")
    swipe(page, page.locator("canvas.upper-canvas"), (140, 240), (140, 40))
    undo = button(page, "draw-canvas-undo")
    expect(undo).to_be_enabled()
    way_back = button(page, key)
    assert bottom(way_back) <= 740  # in sight
    assert way_back.bounding_box()["height"] >= 36  # a fingertip
    way_back.tap()
    expect(undo).to_be_disabled()


def swipe(page: Page, where: Locator, start: tuple[int, int], end: tuple[int, int]) -> None:
    """One finger, from a point of an element to another."""
    box = where.bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)

    def touch(kind: str, point: tuple[float, ...] | None) -> None:
        points = [{"x": box["x"] + point[0], "y": box["y"] + point[1]}] if point else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    for share in np.linspace(0, 1, 20):
        touch("touchMove", tuple(np.add(start, share * np.subtract(end, start)).tolist()))
    touch("touchEnd", None)


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_finger_scrolls_the_page_beside_the_canvas_but_not_on_it(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    main = page.get_by_test_id("stMain")
    scrolled = lambda: main.evaluate("main => main.scrollTop")  # noqa: E731
    before = seen(page)
    swipe(page, page.locator("canvas.upper-canvas"), (140, 250), (140, 30))  # up: it could scroll
    wait_until(page, lambda: seen(page) != before)
    assert scrolled() == 0
    swipe(page, page.locator(".draw-reading .answer"), (100, 20), (100, -280))
    wait_until(page, lambda: scrolled() > 100)


# Drawing


def seen(page: Page) -> bytes:
    """Brightness on screen of the 28 x 28 pixels that the network gets."""
    return pixels(page.locator(".draw-reading .image canvas"), 0)


def places(page: Page) -> list[list[int]]:
    """Positions of the parts of the page, independent of scrolling."""
    scrolled = page.get_by_test_id("stMain").evaluate("main => main.scrollTop")
    names = (
        ".upper-canvas",
        ".draw-reading .transport",
        ".draw-reading .image",
        ".draw-reading .lines",
    )
    parts = [page.locator(part) for part in names]
    keys = ("draw-canvas-clear", "draw-canvas-undo", "draw-tools")
    parts += [button(page, key) for key in keys]
    parts.append(example_button(page, "open 4"))
    boxes = [part.bounding_box() for part in parts]
    return [[round(box["x"]), round(box["y"] + scrolled), round(box["height"])] for box in boxes]


def draw_and_wait(page: Page, points: list[tuple[int, int]]) -> None:
    """Draw one stroke, and wait for the network's new image."""
    before = seen(page)
    page.locator("canvas.upper-canvas").scroll_into_view_if_needed()
    draw(page, points)
    wait_until(page, lambda: seen(page) != before)
    page.wait_for_selector(IDLE)


def test_a_drawing_is_shared_and_read_again_elsewhere(page, new_context, server):
    draw_seven(page)
    button(page, "draw-share-show").click()
    link = page.get_by_test_id("stCode").inner_text()
    assert link.startswith(f"{server}/draw?drawing=")
    assert len(link) <= 1800
    context = new_context(reduced_motion="reduce")
    other = context.new_page()
    other.goto(link)
    expect(answer(other)).to_have_text(re.compile("^7"))
    off = np.abs(square(seen(page)) - square(seen(other)))
    assert off.mean() < 0.01 * 255  # 0.1 pixels of the canvas are rounded off
    other.locator("a[href$='/digits']").first.click()
    expect(other).to_have_url(f"{server}/digits")
    other.wait_for_selector(IDLE)
    other.locator("a[href$='/draw']").first.click()
    expect(other).to_have_url(link)
    expect(answer(other)).to_have_text(re.compile("^7"))
    draw_and_wait(other, ONE)
    expect(other).to_have_url(f"{server}/draw")
    context.close()


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


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_one_tap_puts_an_example_onto_the_canvas_to_draw_on(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    before = seen(page)
    example_button(page, "open 4").click()
    wait_until(page, lambda: seen(page) != before)
    page.wait_for_selector(IDLE)
    example = seen(page)
    draw_and_wait(page, [(60, 60), (220, 60)])
    button(page, "draw-canvas-undo").click()
    wait_until(page, lambda: seen(page) == example)


def lines_of_ink(page: Page) -> int:
    """The number of pixels with ink in the middle column of the canvas."""
    alpha: list[int] = page.locator("canvas.lower-canvas").last.evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(140, 0, 1, 280).data]"
    )
    return int(np.count_nonzero(np.array(alpha[3::4]) > 128))


def test_a_wider_pen_leaves_more_ink_on_the_canvas_and_in_the_image(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    ink_in_image = []
    for key, width in (("Home", 8), ("End", 40)):
        button(page, "draw-tools").click()
        page.locator(".st-key-draw-canvas-pen").get_by_role("slider").focus()
        page.keyboard.press(key)
        page.wait_for_selector(IDLE)
        button(page, "draw-tools").click()
        draw_and_wait(page, [(40, 140), (240, 140)])
        assert lines_of_ink(page) == pytest.approx(width, abs=2)
        ink_in_image.append(sum(255 - pixel for pixel in seen(page)))
        button(page, "draw-canvas-clear").click()
        expect(button(page, "draw-canvas-undo")).to_be_disabled()
        page.wait_for_selector(IDLE)
    assert ink_in_image[1] > 2 * ink_in_image[0]


def test_the_toolbar_of_the_canvas_covers_nothing_above_it(page):
    visit(page, "draw")
    page.locator("canvas.upper-canvas").hover(position={"x": 200, "y": 200})
    bar = page.locator(".dc-toolbar")
    wait_until(page, lambda: bar.evaluate("bar => getComputedStyle(bar).opacity") == "1")
    wait_until(page, lambda: top(bar) < top(page.locator("canvas.upper-canvas")) - 20)
    box = page.locator(".st-key-draw-source").get_by_role("radio").last.bounding_box()
    hit = page.evaluate(
        """([x, y]) => document.elementFromPoint(x, y)
            .closest('[data-testid=stButtonGroup]') !== null""",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] - 3],
    )
    assert hit


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
    ("points", "code"),
    [
        ([(140, 140)], "data.drawing_is_a_dot"),
        ([(130, 130), (150, 150)], "data.drawing_is_small"),
        ([(20, 20), (90, 90)], "data.drawing_is_in_a_corner"),
        (ZIGZAG, "data.drawing_has_many_turns"),
    ],
)
def test_an_unusual_drawing_gets_a_hint_and_is_read(page, points, code):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    draw(page, points)
    expect(page.locator(".st-key-draw-caption")).to_have_text(str(ENGLISH[code]))
    expect(answer(page)).not_to_be_empty()
    assert len(set(seen(page))) > 1


def test_a_drawing_of_two_strokes_is_read_without_each_of_them(page):
    draw_seven(page)
    draw(page, BAR)
    open_panel(page, "attribution")
    texts = [page.locator(f".st-key-draw-attribution-stroke-{index}") for index in (0, 1)]
    for text in texts:
        expect(text).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(7)


def test_a_file_of_weights_reads_and_an_invalid_one_is_rejected(page):
    draw_seven(page)
    button(page, "draw-tools").click()
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
    bad = {"name": "a.safetensors", "mimeType": "", "buffer": b"PK\x03\x04"}
    chooser.set_input_files(bad)
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    good = (checkpoint.WEIGHTS / "tutorial.safetensors").read_bytes()
    chooser.set_input_files({"name": "b.safetensors", "mimeType": "", "buffer": good})
    expect(page.get_by_text(sentences.file_title("rnn_tanh", 150))).to_have_count(1)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(answer(page)).to_have_text(re.compile("^7"))


# Layout


def strokes_before(page: Page, drawn: str) -> None:
    if drawn != "nothing":
        draw_and_wait(page, SEVEN if drawn == "seven" else ZIGZAG)


@pytest.mark.parametrize("drawn", ["nothing", "seven", "zigzag"])
def test_on_a_laptop_all_panels_are_in_sight(page, drawn):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    strokes_before(page, drawn)
    parts = [page.locator("canvas.upper-canvas"), answer(page)]
    names = (".image canvas", ".hidden canvas", ".probabilities canvas", ".now", ".lines svg")
    parts += [page.locator(f".draw-reading {name}") for name in (*names, ".ends")]
    parts.append(page.locator(".st-key-draw-panel"))
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0
    for part in parts:
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280


@pytest.mark.parametrize("page", ["phone"], indirect=True)
@pytest.mark.parametrize("drawn", ["nothing", "seven", "zigzag"])
def test_on_a_phone_the_canvas_comes_first_then_the_answer_then_the_rest(page, drawn):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    strokes_before(page, drawn)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    order = [
        page.locator("canvas.upper-canvas"),
        button(page, "draw-canvas-clear"),
        example_button(page, "open 4"),
        answer(page),
        page.locator(".draw-reading .now"),
        page.locator(".draw-reading .image"),
        page.locator(".draw-reading .lines"),
        button(page, "draw-tools"),
    ]
    for above, below in pairwise(order):
        assert bottom(above) <= top(below) + 1
    assert bottom(order[3]) <= 640  # the answer is in sight while a finger draws


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_nothing_moves_while_a_visitor_draws(page):
    visit(page, "draw")
    expect(answer(page)).to_be_visible()
    before = places(page)
    for points in (SEVEN, BAR, ONE, ZIGZAG):
        draw_and_wait(page, points)
        assert places(page) == before


SHIFTS = """
    window.shifts = []
    new PerformanceObserver(list => {
        for (const shift of list.getEntries()) window.shifts.push(shift.value)
    }).observe({ type: "layout-shift" })
"""


def test_chromium_counts_no_layout_shift_while_a_visitor_draws(page):
    page.emulate_media(reduced_motion="reduce")  # the scan line stands still
    visit(page, "draw")
    expect(row(page)).to_have_value("27")
    page.locator("canvas.upper-canvas").wait_for()
    page.evaluate("document.fonts.ready")  # text moves once when its font arrives
    page.evaluate(SHIFTS)
    for points in (SEVEN, BAR, ONE, ZIGZAG):
        draw_and_wait(page, points)
    # Only the sentence beside the answer moves: it starts where the answer ends.
    assert page.evaluate("window.shifts.reduce((sum, shift) => sum + shift, 0)") < 0.005
    page.get_by_test_id("stMain").evaluate("main => { main.style.paddingTop = '50px' }")
    wait_until(page, lambda: page.evaluate("window.shifts.length > 0"))  # it does count them


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_nothing_moves_when_a_unit_is_hovered(page):
    visit(page, "draw")
    expect(row(page)).to_have_value("27")
    before = places(page)
    hint = readout(page).inner_text()
    page.locator(".draw-reading .hidden canvas").hover(position={"x": 40, "y": 60})
    expect(readout(page)).not_to_have_text(hint)
    assert places(page) == before
