"""The page Draw in a browser: the answer comes last, and all that is shown is PyTorch's numbers."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from rnn_demo.app.theme import LIGHT
from rnn_demo.data import preprocess, strokes
from rnn_demo.nn.answer import percent
from tests.browser.conftest import Windows
from tests.browser.draw_page import (
    EXAMPLE,
    MODEL,
    PAUSE,
    PLAY,
    answer,
    bottom,
    box_of,
    button,
    colours,
    draw_seven,
    open_panel,
    play,
    read_out,
    row,
    speed,
    step_back,
    still,
    top,
    wait_until,
)
from tests.browser.test_journeys import ONE, draw, visit

# Every headline that was ever shown, and when; the stroke ends at window.released.
RECORD = """
    window.headlines = []
    addEventListener("mouseup", () => { window.released = performance.now() }, { capture: true })
    const look = () => {
        for (const element of document.querySelectorAll("*")) {
            const status = element.shadowRoot?.querySelector(".draw-reading [role=status]")
            const text = status?.textContent
            if (text && text !== window.headlines.at(-1)?.text) {
                window.headlines.push({ text, at: performance.now() })
            }
        }
        requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
"""


@pytest.fixture(scope="module")
def example_tab(windows: Windows, server: str) -> Iterator[Page]:
    """A link to a drawing is open, and the reading is at its end."""
    page = windows.shared("desktop", server).new_page()
    still(page, f"draw?drawing={EXAMPLE}")
    expect(button(page, "draw-canvas-undo")).to_be_enabled()
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


def probabilities_of_example() -> np.ndarray:
    with torch.no_grad():
        probabilities: np.ndarray = MODEL.FC(states_of_example()).softmax(dim=1).numpy()
    return probabilities


# The answer comes last


def test_the_headline_follows_the_row_and_then_begins_with_the_digit(example):
    probabilities = probabilities_of_example()
    for at in (0, 15, 26):
        row(example).fill(str(at))
        digit = int(probabilities[at].argmax())
        sure = percent(float(probabilities[at, digit]))
        expect(answer(example)).to_have_text(f"after {at + 1} of 28 rows: {digit}, {sure} %")
        expect(example.locator(".draw-reading .story")).to_be_empty()
    row(example).fill("27")
    sure = percent(float(probabilities[27].max()))
    expect(answer(example)).to_have_text(f"{probabilities[27].argmax()}, {sure} %")
    assert example.get_by_role("status").first.inner_text() == answer(example).inner_text()


def test_changes_of_mind_stand_as_steps_up_to_the_row(example):
    probabilities = probabilities_of_example()
    guesses = [int(each.argmax()) for each in probabilities]
    for at in (12, 20, 27):
        row(example).fill(str(at))
        sure = [guesses[i] for i in range(at + 1) if percent(float(probabilities[i].max())) >= 25]
        steps = [digit for i, digit in enumerate(sure) if i == 0 or digit != sure[i - 1]]
        shown = example.locator(".draw-reading .changes").inner_text()
        assert re.findall(r"\d", shown) == [str(digit) for digit in steps]
    assert "→" in shown


def test_nothing_of_a_later_row_is_shown(example):
    row(example).fill("13")
    network = example.locator(".draw-reading .network")
    panel = network.locator(".probabilities canvas")
    assert (colours(panel)[14:] == colours(panel)[14, 0]).all()
    assert not (colours(panel)[:14] == colours(panel)[14, 0]).all()
    covers = network.locator(".hidden .unread")
    assert covers.evaluate("it => getComputedStyle(it).opacity") == "1"
    hidden = box_of(network.locator(".hidden canvas"))
    assert top(covers) == pytest.approx(hidden["y"] + hidden["height"] / 2, abs=2)
    assert bottom(covers) == pytest.approx(hidden["y"] + hidden["height"], abs=2)
    for line in network.locator(".lines polyline").all():
        assert len((line.get_attribute("points") or "").split()) == 14
    example.mouse.move(hidden["x"] + 40, hidden["y"] + 0.9 * hidden["height"])
    expect(read_out(example)).to_have_text(re.compile("^Row 26 has not been read yet"))


@pytest.mark.own_context
def test_after_a_stroke_the_headline_runs_through_the_rows_and_ends_with_the_answer(page):
    page.add_init_script(RECORD)
    visit(page, "draw")
    expect(answer(page)).to_have_text(re.compile("^3"))  # the example was read
    draw(page, ONE)  # perhaps torch is imported for it
    expect(answer(page)).to_have_text(re.compile("^1"))
    button(page, "draw-canvas-clear").click()
    expect(answer(page)).to_have_text(re.compile("^3"))
    page.evaluate("window.headlines = []")
    draw(page, ONE)
    expect(answer(page)).to_have_text(re.compile("^1"))
    shown = page.evaluate("window.headlines")
    new = [each for each in shown if each["at"] > page.evaluate("window.released")]
    texts = [each["text"] for each in new]
    assert texts[0].startswith("after 1 of 28 rows: ")
    assert len(texts) > 10
    assert all(text.startswith("after ") for text in texts[:-1])
    rows = [int(re.findall(r"\d+", text)[0]) for text in texts[:-1]]
    assert rows == sorted(rows)


def test_the_answer_is_covered_and_uncovered(example):
    cover = example.locator(".draw-reading .cover")
    hidden = [".network [role=status]", ".now", ".probabilities", ".lines"]
    cover.click()
    expect(cover).to_have_attribute("aria-pressed", "true")
    for part in hidden:
        expect(example.locator(f".draw-reading {part}")).to_be_hidden()
    expect(example.locator(".draw-reading .image")).to_be_visible()
    cover.click()
    for part in hidden:
        expect(example.locator(f".draw-reading {part}")).to_be_visible()


# What the panels show, against plain PyTorch


def test_one_colour_for_one_role_at_every_row(example):
    """B7: the leader and the runner-up of the row shown, in bars, map and lines."""
    probabilities = probabilities_of_example()
    network = example.locator(".draw-reading .network")
    background = np.array([int(LIGHT.background[i : i + 2], 16) for i in (1, 3, 5)])
    leaders = set()
    for at in (10, 15, 27):
        row(example).fill(str(at))
        order = probabilities[at].argsort()[::-1].tolist()
        leaders.add(order[0])
        lines = network.locator(".lines polyline")
        strokes_ = [line.get_attribute("stroke") for line in lines.all()]
        assert strokes_ == [LIGHT.grey] * 8 + [LIGHT.second, LIGHT.lead]
        ends = [f"{x:.3f}" for x in (1 - probabilities[at][[order[1], order[0]]]) * 100]
        for line, y in zip(lines.all()[-2:], ends, strict=True):
            last = (line.get_attribute("points") or "").split()[-1]
            assert float(last.split(",")[1]) == pytest.approx(float(y), abs=0.01)
        panel = colours(network.locator(".probabilities canvas"))
        for rank, digit in zip((LIGHT.lead, LIGHT.second), order, strict=False):
            colour = np.array([int(rank[i : i + 2], 16) for i in (1, 3, 5)])
            share = probabilities[: at + 1, digit, None]
            expected = background + share * (colour - background)
            np.testing.assert_allclose(panel[: at + 1, digit], expected, atol=2)
        for name, digit in zip(("lead", "second"), order, strict=False):
            expect(network.locator(f".now li.{name} .digit")).to_have_text(str(digit))
            expect(network.locator(f".classes .{name}")).to_have_text(str(digit))
    assert len(leaders) > 1  # at different rows, different digits lead


def test_each_label_stands_at_the_end_of_its_line(example):
    probabilities = probabilities_of_example()
    network = example.locator(".draw-reading .network")
    for at in (8, 15, 27):
        row(example).fill(str(at))
        plot = box_of(network.locator(".lines svg"))
        boxes = []
        for label in network.locator(".ends span").all():
            box = box_of(label)
            boxes.append(box["y"] + box["height"] / 2)
            probability = probabilities[at, int(label.inner_text())]
            line_end = plot["y"] + (1 - probability) * plot["height"]
            assert boxes[-1] == pytest.approx(line_end, abs=3)
        assert boxes
        gaps = np.abs(np.subtract.outer(boxes, boxes))[~np.eye(len(boxes), dtype=bool)]
        assert (gaps >= 12).all()


def test_bars_show_the_probabilities_of_the_row_in_whole_percent(example):
    """B15: the same rounding as in the headline."""
    probabilities = probabilities_of_example()
    heading = example.locator(".draw-reading .now h2")
    values = example.locator(".draw-reading .now .value")
    scan = example.locator(".draw-reading .image .scan")
    places = []
    for position in (27, 26, 25):
        expect(heading).to_have_text(f"After {position + 1} of 28 rows")
        shown = values.all_text_contents()
        assert shown == [f"{percent(float(each))} %" for each in probabilities[position]]
        places.append(top(scan))
        step_back(example).click()
    assert places[0] > places[1] > places[2]  # the scan line moves up with it


def units_from_the_left(page: Page, count: int) -> list[int]:
    """The hidden units in the first columns of the panel."""
    canvas = page.locator(".draw-reading .hidden canvas")
    width = box_of(canvas)["width"] / int(canvas.get_attribute("width") or 0)
    units = []
    for column in range(count):
        canvas.hover(position={"x": (column + 0.5) * width, "y": 60})
        units.append(int(re.findall(r"\d+", read_out(page).inner_text())[0]) - 1)
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
    shown = colours(example.locator(".draw-reading .hidden canvas"))[:, :12]
    background, positive = (
        np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        for colour in (LIGHT.background, LIGHT.positive)
    )
    share = np.clip(states[:, first].numpy() / limit, 0, 1)[..., None]  # relu: none is negative
    np.testing.assert_allclose(shown, background + share * (positive - background), atol=2)


def test_the_read_out_of_a_unit_names_what_it_speaks_for_and_shows_its_course(example):
    states = states_of_example()
    (unit,) = units_from_the_left(example, 1)
    text = read_out(example).inner_text()
    weights = MODEL.FC.weight[:, unit].detach()
    shown = re.findall(r"(\d) \(([+-]\d\.\d\d)\)", text)
    order = weights.argsort(descending=True).tolist()
    assert [int(digit) for digit, _ in shown] == [*order[:2], order[-1], order[-2]]
    for digit, value in shown:
        assert float(value) == pytest.approx(float(weights[int(digit)]), abs=0.006)
    value = float(re.findall(r": (-?\d+\.\d\d)\.", text)[0])
    assert min(abs(states[:, unit] - value)) < 0.006
    course = example.locator(".draw-reading .tip polyline")
    assert len((course.get_attribute("points") or "").split()) == 28
    example.mouse.move(0, 0)
    expect(read_out(example)).to_be_hidden()


def test_the_read_out_stands_at_the_pointer(example):
    """B13: it stood below the hidden state, off screen at 1024."""
    for panel in ("image", "hidden", "probabilities"):
        box = box_of(example.locator(f".draw-reading .{panel} canvas"))
        for share in (0.05, 0.95):
            x, y = box["x"] + share * box["width"], box["y"] + share * box["height"]
            example.mouse.move(x, y)
            expect(read_out(example)).to_be_visible()
            tip = box_of(read_out(example))
            assert -40 <= max(tip["x"] - x, x - tip["x"] - tip["width"]) <= 40
            assert -40 <= max(tip["y"] - y, y - tip["y"] - tip["height"]) <= 40
            assert tip["x"] >= 0
            assert tip["x"] + tip["width"] <= 1280


def test_the_story_names_the_rows_where_it_settled_and_became_confident(example):
    probabilities = probabilities_of_example()
    best = probabilities.argmax(axis=1).tolist()
    digit = best[-1]
    settled = max(i for i in range(28) if i == 0 or best[i - 1] != digit)
    confident = max(i for i in range(28) if i == 0 or probabilities[i - 1, digit] < 0.9)
    text = example.locator(".draw-reading .story").inner_text()
    assert list(map(int, re.findall(r"\d+", text))) == [digit, settled + 1, 90, confident + 1]


# The player


def test_a_click_on_a_panel_goes_to_its_row(example):
    canvas = example.locator(".draw-reading .image canvas")
    height = box_of(canvas)["height"]
    canvas.click(position={"x": 20, "y": height * 10.5 / 28})
    expect(row(example)).to_have_value("10")


def test_the_keyboard_plays_and_steps(example):
    page = example
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
    assert 1 <= int(row(page).input_value()) <= 27
    step_back(page).focus()
    row(page).fill("9")
    step_back(page).focus()
    page.keyboard.press("ArrowLeft")  # from any button of the transport
    expect(row(page)).to_have_value("8")


def test_home_stops_an_animation_that_has_just_begun(example):
    """The slider is at its start already, so it fires no input event."""
    play(example).evaluate(
        """(play) => {
          play.click()
          const home = new KeyboardEvent("keydown", { key: "Home", bubbles: true })
          play.parentElement.querySelector("input").dispatchEvent(home)
        }"""
    )
    expect(play(example)).to_have_attribute("aria-label", PLAY)
    expect(row(example)).to_have_value("0")


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


@pytest.mark.own_context
def test_a_higher_speed_shows_more_rows_in_the_same_time(page):
    still(page)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    rows = {}
    for factor in ("0.25", "1", "4"):
        speed(page).select_option(factor)
        row(page).fill("0")
        play(page).click()
        page.clock.run_for(400)
        rows[factor] = int(row(page).input_value())
        play(page).click()
    # 16 rows a second, so all 28 in less than two seconds; rounded to whole frames of 16 ms.
    assert (rows["0.25"], rows["1"]) == (400 // 256, 400 // 64)
    assert 22 <= rows["4"] <= 25


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
    assert set(page.evaluate("[...window.frames]")) == {"27 of 27", "80 of 80"}
