"""Train in a real browser: the result first, in its place from the beginning."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from rnn_demo.data import source
from rnn_demo.messages import Message
from rnn_demo.runs.state import lock_of
from tests.browser.draw_page import wait_until
from tests.browser.test_journeys import visit
from tests.browser.train_page import button, newest, place
from tests.example_runs import SMALL, append, curve, finish, point, write_status

VALIDATED = replace(SMALL, validation=500)
PLOTS = ["[data-chart=loss] .plot", "[data-chart=accuracy] .plot"]
ARGUMENTS = {"epoch": 2, "images_per_second": 1000.0, "seconds_left": 60}


def headline(page: Page) -> str:
    """The header line as it is shown, without the explanations of its terms."""
    texts = page.locator(".headline").evaluate(
        "line => { const copy = line.cloneNode(true);"
        " copy.querySelectorAll('.explanation').forEach(each => each.remove());"
        " return copy.textContent }"
    )
    return " ".join(texts.split())


def places(page: Page) -> dict[str, float]:
    """How far each part of the live component is below its top, pixels."""
    parts = (".note", ".sample-digits ol", ".legend", "[data-chart=loss] .plot", ".reading")
    top = page.locator(".headline").bounding_box()["y"]
    return {part: page.locator(part).bounding_box()["y"] - top for part in parts}


def test_nothing_moves_from_the_first_visit_to_the_end_of_a_run(visitor):
    """Nor does the result: the header, then the digits, then the charts."""
    page = visitor.page
    visit(page, "train")
    expect(page.locator(".headline")).to_contain_text("No run yet")
    before = places(page)
    assert list(before.values()) == sorted(before.values())
    run = visitor.run("running", recipe=VALIDATED, **ARGUMENTS)
    run.rename("Mine")
    with lock_of(run.folder):
        page.reload()
        expect(page.locator(".headline")).to_contain_text("no accuracy yet")
        assert headline(page) == "Mine: epoch 3 of 10, no accuracy yet"
        assert places(page) == before
        append(run, curve(19))
        expect(newest(page)).to_have_text(f"{point(18)['loss']:.4f}")
        assert places(page) == before
        append(run, curve(20)[19:])  # the first validation
        expect(page.locator(".headline")).to_contain_text("%")
        assert headline(page) == "Mine: epoch 3 of 10, 90.5 % on images it has never seen"
        assert places(page) == before
        finish(run)
        expect(page.locator(".headline")).to_contain_text("finished")
        accuracy = f"{run.status().test_accuracy:.1f} %"
        line = f"Mine: finished after 10 epochs, {accuracy} on images it has never seen"
        assert headline(page) == line
        assert places(page) == before
    write_status(run, "failed", message=Message("training.diverged"))
    page.reload()
    expect(page.locator(".note.urgent")).to_be_visible()
    assert places(page) == before


SIZES = [(1024, 768), (1280, 720)]


@pytest.mark.parametrize("path", ["train", "train?present"])
def test_header_digits_loss_and_accuracy_share_the_first_screen(visitor, running, path):
    page = visitor.page
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        visit(page, path)
        expect(newest(page)).to_have_text(f"{point(49)['loss']:.4f}")
        for part in (".headline", ".sample-digits ol", *PLOTS):
            box = page.locator(part).bounding_box()
            assert 0 <= box["y"] < box["y"] + box["height"] <= height, (part, width, box)
        assert page.locator(PLOTS[0]).bounding_box()["height"] > 100


def test_right_and_wrong_digits_differ_in_marks_and_words_not_in_a_colour_of_the_curves(visitor):
    page = visitor.page
    run = visitor.run("paused")
    labels = source.load(SMALL.data, "test").labels[:12].tolist()
    answers = [labels[0], *((label + 1) % 10 for label in labels[1:])]
    append(run, [point(i, answers=answers, confidence=[0.75] * 12) for i in range(20)])
    visit(page, "train")
    expect(page.locator(".sample-digits h3")).to_have_text(re.compile(r"epoch 1: 1 of 12 "))
    right, wrong = (page.locator(".sample-digits li").nth(i) for i in (0, 1))
    expect(right.locator("b")).to_have_text(f"✓ {labels[0]}")
    expect(right.locator(".confidence")).to_have_text("75 %")
    expect(wrong.locator("b")).to_have_text(f"✗ {answers[1]}")
    expect(wrong.locator(".confidence")).to_have_text(f"75 %, is {labels[1]}")
    colour = "element => getComputedStyle(element).color"
    assert wrong.locator("b").evaluate(colour) == right.locator("b").evaluate(colour)
    bar = "element => getComputedStyle(element).backgroundColor"
    assert wrong.locator("i").evaluate(bar) == right.locator("i").evaluate(bar)
    second = page.locator(".legend .validation i").evaluate(
        "element => getComputedStyle(element).borderTopColor"
    )
    assert wrong.locator("b").evaluate(colour) != second


def test_terms_are_explained_where_they_stand(visitor, running):
    page = visitor.page
    visit(page, "train")
    for term in (
        page.locator("[data-chart=gradient_norm] .term"),
        page.locator(".headline .term"),
        page.locator(".legend .validation .term"),
    ):
        explanation = term.locator("xpath=following-sibling::*[@role='tooltip'][1]")
        expect(explanation).to_be_hidden()
        term.focus()
        expect(explanation).to_be_visible()
        assert explanation.bounding_box()["width"] > 150
    page.keyboard.press("Tab")
    page.locator(".note .term").first.hover()
    explanation = page.locator(".note .explanation").first
    expect(explanation).to_be_visible()
    append(running, [point(50)])
    expect(newest(page)).to_have_text(f"{point(50)['loss']:.4f}")
    expect(explanation).to_be_visible()  # news do not close it


def test_presenter_mode_steps_through_the_epochs_and_covers_the_answers(visitor):
    page = visitor.page
    visitor.run("paused", n=100)
    page.set_viewport_size({"width": 1024, "height": 768})
    visit(page, "train?present")
    title = page.locator(".sample-digits h3")
    expect(title).to_contain_text("epoch 5:")
    main = page.get_by_test_id("stMain")
    wait_until(page, lambda: main.evaluate("main => main.scrollHeight <= main.clientHeight"))
    for key, epoch in (("PageUp", 4), ("PageUp", 3), ("PageDown", 4), ("ArrowRight", 5)):
        page.keyboard.press(key)
        expect(title).to_contain_text(f"epoch {epoch}:")
    expect(page.locator(".over .cursor:visible")).to_have_count(2)
    sizes = page.locator(".note, .legend, .sample-digits h3, .confidence, figcaption").evaluate_all(
        "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= 20
    page.keyboard.press("b")
    expect(page.locator(".sample-digits b").first).to_be_hidden()
    expect(page.locator(".headline span").first).to_be_hidden()
    page.keyboard.press("b")
    expect(page.locator(".sample-digits b").first).to_be_visible()


def test_reduced_motion_is_respected(visitor, running):
    bar = visitor.page.locator(".sample-digits .track i").first
    duration = "element => getComputedStyle(element).transitionDuration"
    visit(visitor.page, "train")
    assert bar.evaluate(duration) != "0s"
    visitor.page.emulate_media(reduced_motion="reduce")
    assert bar.evaluate(duration) == "0s"


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_start_and_the_result_come_first_and_a_tap_reads(visitor):
    page = visitor.page
    visitor.run("paused", n=200)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(199)['loss']:.4f}")
    start = button(page, "start").bounding_box()
    boxes = [
        page.locator(each).bounding_box()
        for each in (
            ".headline",
            ".sample-digits ol",
            "[data-chart=loss] .plot",
            "[data-chart=accuracy] .plot",
        )
    ]
    assert start["y"] + start["height"] < boxes[0]["y"] < 740
    for above, below in pairwise(boxes):
        assert below["y"] >= above["y"] + above["height"]
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    page.touchscreen.tap(*place(page, "loss", 0.5))
    expect(page.locator(".reading")).to_have_text(re.compile(r"^\D*[45]\.\d\d\D"))
    expect(page.locator(".over .cursor")).to_have_count(4)
    page.touchscreen.tap(*place(page, "accuracy", 0.52))  # the same place: back to the newest
    expect(page.locator(".over .cursor")).to_have_count(0)
    expect(page.locator(".sample-digits h3")).to_contain_text("epoch 10:")
