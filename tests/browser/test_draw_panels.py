"""The page Draw in a browser: Why, From drawing to image, and two networks side by side."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from rnn_demo.app.draw import sentences
from rnn_demo.training import checkpoint
from tests.browser.draw_page import (
    BAR,
    answer,
    ask,
    bottom,
    box_of,
    button,
    draw_and_wait,
    draw_seven,
    open_panel,
    pixels,
    play,
    row,
    seen,
    speed,
    square,
    still,
    top,
)
from tests.browser.test_journeys import SEVEN, draw, visit


def test_the_panel_why_answers_one_question_at_a_time(page):
    draw_seven(page)
    draw(page, BAR)
    ask(page, "rows")
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(1)
    rows = page.locator(".st-key-draw-attribution-height").get_by_role("slider")
    expect(charts.first.locator(".barlayer .point")).to_have_count(25)  # bands of 4 in 28 rows
    rows.focus()
    page.keyboard.press("End")
    expect(charts.first.locator(".barlayer .point")).to_have_count(15)  # of 14
    # Strokes: without each of the two. Orders: backwards and shuffled.
    for question, count in (("pixels", 1), ("strokes", 2), ("orders", 2), ("memory", 1)):
        ask(page, question)
        expect(charts).to_have_count(count)


def test_the_panel_explains_the_answer_whatever_row_was_shown(page):
    draw_seven(page)
    row(page).fill("9")
    expect(answer(page)).to_have_text(re.compile("^after 10 "))
    open_panel(page, "attribution")
    expect(answer(page)).to_have_text(re.compile("^7, "))
    open_panel(page, "rows")
    expect(answer(page)).to_have_text(re.compile("^after 10 "))


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720)])
def test_every_panel_stands_beside_the_drawing_on_one_screen(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    draw_seven(page)
    open_panel(page, "preprocessing")
    parts = [page.locator("canvas.upper-canvas"), answer(page)]
    lowest = page.locator(".draw-preprocessing canvas")
    for part in (*parts, lowest, page.get_by_test_id("stPlotlyChart").last):
        expect(part).to_be_in_viewport(ratio=1)
    # B18: the speed touched the caption of the next image.
    control = box_of(page.locator(".draw-preprocessing .transport select"))
    captions = page.get_by_test_id("stMarkdown").filter(has_text=re.compile(r"^7, \d+ %$"))
    expect(captions).to_have_count(3)
    for caption in captions.all():
        box = box_of(caption)
        assert control["x"] + control["width"] <= box["x"] or (
            control["y"] >= box["y"] + box["height"]
        )
    ask(page, "rows")
    for part in (*parts, page.get_by_test_id("stPlotlyChart")):
        expect(part).to_be_in_viewport(ratio=1)
    open_panel(page, "comparison")
    expect(answer(page)).to_be_in_viewport(ratio=1)
    for part in (parts[0], *page.locator(".draw-reading .lines svg").all()):
        expect(part).to_be_in_viewport(ratio=1)


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
    still(page)
    draw_and_wait(page, SEVEN)
    before = seen(page)
    button(page, "draw-tools").click()
    page.locator(".st-key-draw-canvas-pen").get_by_role("slider").focus()
    page.keyboard.press("Home")  # the thinnest pen
    expect(page).to_have_url(re.compile(r"pen=8\b"))
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


def test_a_second_network_appears_where_it_was_asked_for_with_one_player_for_both(page):
    """B8: the page jumped to its top, and two players stood at different rows."""
    page.set_viewport_size({"width": 1024, "height": 500})  # so low that it scrolls
    draw_seven(page)
    row(page).fill("15")
    main = page.get_by_test_id("stMain")
    main.evaluate("main => main.scrollTo(0, 60)")
    tabs = top(page.locator(".st-key-draw-panel"))
    open_panel(page, "comparison")
    readings = page.locator(".draw-reading .network")
    expect(readings).to_have_count(2)
    second = page.locator(".st-key-draw-second_network").get_by_role("combobox")
    expect(second).to_be_in_viewport()
    expect(readings.nth(1).get_by_test_id("answer")).to_be_in_viewport()
    assert top(page.locator(".st-key-draw-panel")) == pytest.approx(tabs, abs=1)
    expect(page.locator(".draw-reading .transport")).to_have_count(1)
    for at in ("15", "20"):
        row(page).fill(at)
        for reading in readings.all():
            expect(reading.get_by_test_id("answer")).to_have_text(
                re.compile(f"^after {int(at) + 1} of 28 rows: ")
            )
    speed(page).select_option("4")
    play(page).click()
    for reading in readings.all():
        expect(reading.get_by_test_id("answer")).to_have_text(re.compile("^7, "))
    left, right = box_of(readings.nth(0)), box_of(readings.nth(1))
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] < right["x"]


@pytest.mark.parametrize("panel", ["rows", "comparison"])
def test_digits_on_an_axis_have_gaps_between_them(page, panel):
    """B19: at 1024 the axis read 0123456789."""
    page.set_viewport_size({"width": 1024, "height": 768})
    still(page)
    if panel == "comparison":
        open_panel(page, panel)
        expect(page.locator(".draw-reading .network")).to_have_count(2)
    labels = page.locator(".draw-reading .classes")
    for axis in labels.all():
        if axis.is_visible():
            gaps = axis.evaluate(
                """axis => [...axis.children].map((it) => {
                    const text = document.createRange()
                    text.selectNodeContents(it)
                    return text.getBoundingClientRect()
                }).map((box, i, all) => i ? box.left - all[i - 1].right : 99)"""
            )
            assert min(gaps) >= 3
    if panel == "rows":
        assert labels.first.is_visible()


def test_a_file_of_weights_reads_and_an_invalid_one_is_rejected(page):
    draw_seven(page)
    button(page, "draw-tools").click()
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
    bad = {"name": "a.safetensors", "mimeType": "", "buffer": b"PK\x03\x04"}
    chooser.set_input_files(bad)
    expect(page.get_by_test_id("stAlertContentError")).to_be_visible()
    good = (checkpoint.WEIGHTS / "tutorial.safetensors").read_bytes()
    chooser.set_input_files({"name": "b.safetensors", "mimeType": "", "buffer": good})
    title = sentences.file_title("rnn_tanh", 150)
    expect(page.get_by_test_id("stCaptionContainer").filter(has_text=title)).to_have_count(1)
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("500")
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    expect(answer(page)).to_have_text(re.compile("^7"))
    assert bottom(answer(page)) > 0
