"""The reading room in a real browser: what is read, why, and how it is looked at."""

import re
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from rnn_demo import load_pretrained
from rnn_demo.app.theme import LIGHT
from rnn_demo.data import preprocess, strokes
from rnn_demo.training import checkpoint
from tests.browser.test_journeys import IDLE, ONE, SEVEN, answer, draw, visit

SURE = re.compile(r"^\d, \d+ % sure$")
ANSWER = re.compile(r"^(\d, \d+ % sure|This does not look like a digit)$")
BAR = [(80, 150), (190, 150)]  # across a seven
SCRIBBLE = [(60 + 150 * (i % 2), 60 + 8 * i) for i in range(20)]
HINT = re.compile("^The output layer was trained on the last state only. Point at any cell")
MODEL = load_pretrained(checkpoint.pretrained()[0])  # the usual choice
EXAMPLE = strokes.encode(strokes.example("crossed 7"))


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


def test_a_second_network_reads_the_same_digit_side_by_side(page):
    read_seven(page)
    look_closer(page, "Another network")
    readers = page.locator(".reader")
    expect(readers).to_have_count(2)
    first, second = (
        page.get_by_role("combobox", name=name)
        for name in ("Network that reads", "Network beside it")
    )
    expect(second).to_be_visible()
    left, right = readers.nth(0).bounding_box(), readers.nth(1).bounding_box()
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] < right["x"]
    for reader in (readers.nth(0), readers.nth(1)):
        expect(reader.get_by_role("status")).to_have_text(re.compile("^7"))
    other = second.input_value()
    page.get_by_role("button", name="Pen and network").click()
    assert first.input_value() != other


def test_hovering_a_hidden_unit_shows_its_weights_and_its_course(page):
    read_seven(page)
    readout, course = page.locator(".reader .readout"), page.locator(".reader .course")
    expect(readout).to_have_text(HINT)
    page.locator(".reader .hidden canvas").hover(position={"x": 40, "y": 60})
    expect(readout).to_have_text(re.compile(r"After row \d+, unit \d+: -?\d\.\d{4}\."))
    toward = readout.inner_text().split("toward ")[1]
    weights = re.findall(r"(\d): -?\d+\.\d\d", toward)
    assert weights == [str(digit) for digit in range(10)]
    assert len(course.get_attribute("points").split()) == 28
    page.mouse.move(0, 0)
    expect(readout).to_have_text(HINT)
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
    page.get_by_label("Speed").select_option("0.25")  # it must not end before it is stopped
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


def test_home_stops_a_film_that_has_only_begun(page):
    """The slider stands at its start already then, so it says nothing of its own accord."""
    read_seven(page)
    page.get_by_role("button", name="Play").evaluate(
        """(play) => {
          play.click()
          const home = new KeyboardEvent("keydown", { key: "Home", bubbles: true })
          play.parentElement.querySelector("input").dispatchEvent(home)
        }"""
    )
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(row(page)).to_have_value("0")


def test_arrows_step_from_any_button_of_the_transport(page):
    read_seven(page)
    page.get_by_role("button", name="Step back").focus()
    page.keyboard.press("ArrowLeft")
    expect(row(page)).to_have_value("26")


def test_playing_and_scrubbing_ask_the_server_for_nothing(page):
    sent: list[object] = []
    page.on("websocket", lambda stream: stream.on("framesent", lambda frame: sent.append(frame)))
    read_seven(page)
    assert sent  # the page itself was asked for in this way
    sent.clear()
    for value in ("3", "20", "0"):
        row(page).fill(value)
    page.get_by_label("Speed").select_option("0.25")  # it must not end before it is paused
    page.get_by_role("button", name="Play").click()
    wait_until(page, lambda: int(row(page).input_value()) > 5)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Step back").click()
    assert sent == []
    page.get_by_role("button", name="Clear", exact=True).click()
    wait_until(page, lambda: len(sent) > 0)


# What the pictures show, against plain PyTorch


def open_example(page: Page) -> torch.Tensor:
    """Open a link to a drawing; the states the network should have after each of its rows."""
    page.emulate_media(reduced_motion="reduce")
    visit(page, f"draw?drawing={EXAMPLE}")
    expect(page.get_by_text("Or take one that is hard to read:")).to_be_visible()
    expect(row(page)).to_have_value("27")  # the reading stands, at its end
    image = preprocess.to_mnist(strokes.render(strokes.decode(EXAMPLE)))
    with torch.no_grad():
        states, _ = MODEL.basic_rnn(torch.from_numpy(image)[:, None])
    return states[:, 0]


def units_from_the_left(page: Page, count: int) -> list[int]:
    """Which units the first columns of the hidden-state picture are."""
    canvas = page.locator(".reader .hidden canvas")
    width = canvas.bounding_box()["width"] / int(canvas.get_attribute("width"))
    units = []
    for column in range(count):
        canvas.hover(position={"x": (column + 0.5) * width, "y": 60})
        words = page.locator(".reader .readout").inner_text()
        units.append(int(re.search(r"unit (\d+):", words)[1]))
    return units


def test_the_units_that_carry_the_answer_come_first(page):
    states = open_example(page)
    answer_weights = MODEL.FC.weight[MODEL.FC(states[-1]).argmax()].detach()
    adds = answer_weights * states[-1]
    shown = units_from_the_left(page, 12)
    assert shown == adds.argsort(descending=True)[:12].tolist()
    assert shown != sorted(shown)


def test_colour_is_full_at_the_99th_percentile_so_that_one_unit_makes_no_other_pale(page):
    states = open_example(page)
    limit = np.quantile(states.abs(), 0.99)
    assert 1 < limit < 0.9 * float(states.abs().max())
    first = units_from_the_left(page, 12)
    pixels = page.locator(".reader .hidden canvas").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 12, 28).data]"
    )
    background, positive = (
        np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        for colour in (LIGHT.background, LIGHT.positive)
    )
    share = np.clip(states[:, first].numpy() / limit, 0, 1)[..., None]  # relu: none is negative
    expected = background + share * (positive - background)
    np.testing.assert_allclose(np.reshape(pixels, (28, 12, 4))[..., :3], expected, atol=2)


def test_beliefs_are_the_output_layer_on_every_state_and_a_step_back_shows_the_last_but_one(page):
    beliefs = MODEL.FC(open_example(page)).softmax(dim=1)
    values = page.locator(".reader .now .value")
    scan = page.locator(".reader .image .scan")
    places = []
    for position in (27, 26, 25):
        expect(page.get_by_text(f"Belief after row {position} ")).to_be_visible()
        shown = [float(value) for value in values.all_text_contents()]
        np.testing.assert_allclose(shown, beliefs[position].detach(), atol=0.0051)
        places.append(top(scan))
        page.get_by_role("button", name="Step back").click()
    assert places[0] > places[1] > places[2]  # the scan line goes up with it


def test_the_page_says_that_beliefs_before_the_last_row_are_off_the_training_distribution(page):
    visit(page, "draw")
    caption = page.locator(".reader .lines figcaption")
    expect(caption).to_be_visible()
    expect(caption).to_contain_text("before the last row are off the training distribution")
    expect(page.locator(".reader .readout")).to_have_text(HINT)


def test_each_line_ends_in_its_digit_and_two_are_coloured(page):
    beliefs = MODEL.FC(open_example(page)).softmax(dim=1)[-1]
    order = [str(digit) for digit in beliefs.argsort(descending=True).tolist()]
    ends = page.locator(".reader .ends span")
    expect(ends).to_have_text(order)
    boxes = [end.bounding_box() for end in ends.all()]
    assert all(two["y"] - one["y"] >= 10 for one, two in pairwise(boxes))  # none on another
    lines = page.locator(".reader .lines polyline:not(.course)")
    drawn = [
        (line.get_attribute("stroke"), line.get_attribute("stroke-width")) for line in lines.all()
    ]
    assert drawn == [(LIGHT.grey, "1")] * 8 + [(LIGHT.second, "2"), (LIGHT.lead, "3")]


def test_the_story_names_the_rows_where_the_answer_changed_and_became_sure(page):
    beliefs = MODEL.FC(open_example(page)).softmax(dim=1)
    answer_after = beliefs.argmax(dim=1).tolist()
    changed = max(i for i in range(28) if i == 0 or answer_after[i - 1] != answer_after[-1])
    sure = max(i for i in range(28) if i == 0 or beliefs[i - 1, answer_after[-1]] < 0.9)
    story = page.locator(".reader .story")
    expect(story).to_have_text(
        f"It settled on {answer_after[-1]} at row {changed} and was 90 % sure from row {sure} on."
    )


# The film


@pytest.mark.own_context
def test_a_higher_speed_shows_more_rows_in_the_same_time(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    expect(row(page)).to_have_value("27")
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    rows = {}
    for speed in ("0.25x", "1x", "4x"):
        page.get_by_role("combobox", name="Speed").select_option(label=speed)
        row(page).fill("0")
        page.get_by_role("button", name="Play").click()
        page.clock.run_for(500)
        rows[speed] = int(row(page).input_value())
        page.get_by_role("button", name="Pause").click()
    # 10 rows a second, rounded up to whole frames of 16 ms.
    assert rows == {"0.25x": 500 // 400, "1x": 500 // 112, "4x": 500 // 32}


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
@pytest.mark.parametrize("name", ["Clear", "Undo stroke"])
def test_a_finger_takes_its_stroke_back_without_hover(page, name):
    visit(page, "draw")
    swipe(page, page.locator("canvas.upper-canvas"), (140, 240), (140, 40))
    expect(page.get_by_text("Draw a digit here")).to_have_count(0)
    way_back = page.get_by_role("button", name=name)
    expect(way_back).to_be_enabled()
    assert bottom(way_back) <= 740  # in sight
    assert way_back.bounding_box()["height"] >= 36  # a fingertip
    way_back.tap()
    expect(page.get_by_text("Draw a digit here")).to_be_visible()


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
    swipe(page, page.locator(".reader .answer"), (100, 20), (100, -280))
    wait_until(page, lambda: scrolled() > 100)


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
    names = (".upper-canvas", ".reader .transport", ".reader .image", ".reader .lines")
    parts = [page.locator(part) for part in names]
    names = ("Clear", "Undo stroke", "4", "Pen and network")
    parts += [page.get_by_role("button", name=name, exact=True) for name in names]
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
    other.get_by_role("link", name="Draw").click()
    expect(other).to_have_url(link)
    expect(answer(other)).to_have_text(re.compile("^7"))
    draw_and_wait(other, ONE)
    expect(other).to_have_url(f"{server}/draw")
    context.close()


@pytest.mark.hostile("a link to a drawing, cut or too long, in a browser")
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


def lines_of_ink(page: Page) -> int:
    """How many pixels of ink lie above one another in the middle of the canvas."""
    alpha: list[int] = page.locator("canvas.lower-canvas").last.evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(140, 0, 1, 280).data]"
    )
    return int(np.count_nonzero(np.array(alpha[3::4]) > 128))


def test_a_wider_pen_leaves_more_ink_on_the_canvas_and_in_the_image(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    ink_in_image = []
    for key, width in (("Home", 8), ("End", 40)):
        page.get_by_role("button", name="Pen and network").click()
        page.get_by_role("slider", name="Pen width, pixels").focus()
        page.keyboard.press(key)
        page.wait_for_selector(IDLE)
        page.get_by_role("button", name="Pen and network").click()
        draw_and_wait(page, [(40, 140), (240, 140)])
        assert lines_of_ink(page) == pytest.approx(width, abs=2)
        ink_in_image.append(sum(255 - pixel for pixel in seen(page)))
        page.get_by_role("button", name="Clear").click()
        expect(page.get_by_text("Draw a digit here")).to_be_visible()
        page.wait_for_selector(IDLE)
    assert ink_in_image[1] > 2 * ink_in_image[0]


def test_the_canvas_brings_no_toolbar_that_covers_what_stands_above_it(page):
    visit(page, "draw")
    page.locator("canvas.upper-canvas").hover(position={"x": 200, "y": 200})
    bar = page.locator(".dc-toolbar")
    wait_until(page, lambda: bar.evaluate("bar => getComputedStyle(bar).opacity") == "1")
    wait_until(page, lambda: top(bar) < top(page.locator("canvas.upper-canvas")) - 20)
    box = page.get_by_role("radio", name="Mistake").bounding_box()
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
    ("points", "sentence"),
    [
        ([(140, 140)], "This is a dot"),
        ([(130, 130), (150, 150)], "Very small"),
        ([(20, 20), (90, 90)], "In a corner"),
        (SCRIBBLE, "This looks like a scribble"),
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


def strokes_before(page: Page, drawn: str) -> None:
    if drawn != "nothing":
        draw_and_wait(page, SEVEN if drawn == "seven" else SCRIBBLE)


@pytest.mark.parametrize("drawn", ["nothing", "seven", "scribble"])
def test_on_a_laptop_all_pictures_are_in_sight(page, drawn):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    strokes_before(page, drawn)
    parts = [page.locator("canvas.upper-canvas"), page.get_by_role("status")]
    pictures = (".image canvas", ".hidden canvas", ".belief canvas", ".now", ".lines svg", ".ends")
    parts += [page.locator(f".reader {part}") for part in pictures]
    parts += [page.get_by_role("radio", name=name) for name in ("Why", "Another network")]
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0
    for part in parts:
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280


@pytest.mark.parametrize("page", ["phone"], indirect=True)
@pytest.mark.parametrize("drawn", ["nothing", "seven", "scribble"])
def test_on_a_phone_the_canvas_comes_first_then_the_belief_then_the_rest(page, drawn):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    strokes_before(page, drawn)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    order = [
        page.locator("canvas.upper-canvas"),
        page.get_by_role("button", name="Clear"),
        page.get_by_role("button", name="4", exact=True),
        page.get_by_role("status"),
        page.locator(".reader .now"),
        page.locator(".reader .image"),
        page.locator(".reader .lines"),
        page.get_by_role("button", name="Pen and network"),
    ]
    for above, below in pairwise(order):
        assert bottom(above) <= top(below) + 1
    assert bottom(order[3]) <= 640  # the answer is in sight while a finger draws


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_nothing_jumps_while_one_draws(page):
    visit(page, "draw")
    expect(answer(page)).to_be_visible()
    before = places(page)
    for points in (SEVEN, BAR, ONE, SCRIBBLE):
        draw_and_wait(page, points)
        assert places(page) == before


SHIFTS = """
    window.shifts = []
    new PerformanceObserver(list => {
        for (const shift of list.getEntries()) window.shifts.push(shift.value)
    }).observe({ type: "layout-shift" })
"""


def test_chromium_counts_no_layout_shift_while_one_draws(page):
    page.emulate_media(reduced_motion="reduce")  # the scan line stands still
    visit(page, "draw")
    expect(row(page)).to_have_value("27")
    page.locator("canvas.upper-canvas").wait_for()
    page.evaluate("document.fonts.ready")  # text moves once when its font arrives
    page.evaluate(SHIFTS)
    for points in (SEVEN, BAR, ONE, SCRIBBLE):
        draw_and_wait(page, points)
    # What is left is the sentence beside the answer: it begins where the answer ends.
    assert page.evaluate("window.shifts.reduce((sum, shift) => sum + shift, 0)") < 0.005
    page.get_by_test_id("stMain").evaluate("main => { main.style.paddingTop = '50px' }")
    wait_until(page, lambda: page.evaluate("window.shifts.length > 0"))  # it does count them


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
def test_nothing_jumps_when_a_unit_is_hovered(page):
    visit(page, "draw")
    expect(row(page)).to_have_value("27")
    before = places(page)
    page.locator(".reader .hidden canvas").hover(position={"x": 40, "y": 60})
    expect(page.locator(".reader .readout")).not_to_have_text(HINT)
    assert places(page) == before
