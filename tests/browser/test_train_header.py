"""Train in a real browser: the result first, in its place from the beginning."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_journeys import visit
from tests.browser.train_page import (
    button,
    newest,
    place,
)
from tests.example_runs import point


def test_reduced_motion_is_respected(visitor, running):
    bar = visitor.page.locator(".sample-digits .track i").first
    duration = "element => getComputedStyle(element).transitionDuration"
    visit(visitor.page, "train")
    assert bar.evaluate(duration) != "0s"
    visitor.page.emulate_media(reduced_motion="reduce")
    assert bar.evaluate(duration) == "0s"


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_start_and_the_curve_come_first_and_a_tap_reads(visitor):
    page = visitor.page
    visitor.run("paused", n=200)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(199)['loss']:.4f}")
    start = button(page, "start").bounding_box()
    boxes = [
        page.locator(f"[data-chart={name}] .plot").bounding_box() for name in ("loss", "accuracy")
    ]
    assert start["y"] + start["height"] < 300
    assert boxes[0]["y"] < 740
    assert boxes[1]["y"] > boxes[0]["y"] + boxes[0]["height"]  # one below the other
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    page.touchscreen.tap(*place(page, "loss", 0.5))
    expect(page.locator(".reading")).to_have_text(re.compile(r"^\D*[45]\.\d\d\D"))
    expect(page.locator(".over .cursor")).to_have_count(4)
    page.touchscreen.tap(*place(page, "accuracy", 0.52))  # the same place: back to the newest
    expect(page.locator(".over .cursor")).to_have_count(0)
    expect(page.locator(".sample-digits h3")).to_contain_text("epoch 10:")
