"""Train in a real browser: what stays where it is, and what is there again after a reload."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from rnn_demo.data import source
from rnn_demo.runs.state import lock_of
from tests.browser.conftest import key_of
from tests.browser.test_journeys import IDLE, visit
from tests.browser.train_page import FIRST, SECOND, newest, selected_run, widget
from tests.example_runs import (
    SMALL,
    finish,
    owner_of,
    point,
    put_into_queue,
    put_run,
    write_status,
)

PRESETS_OUT_OF_SIGHT = """buttons => buttons.filter(button => {
  const box = button.getBoundingClientRect()
  return box.left < 0 || box.right > innerWidth
}).length"""


def presets(page: Page) -> Locator:
    return widget(page, "preset").get_by_role("radio")


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_all_presets_are_in_sight_and_the_quick_one_comes_first(visitor):
    page = visitor.page
    visit(page, "train")
    expect(presets(page)).to_have_count(5)
    assert presets(page).evaluate_all(PRESETS_OUT_OF_SIGHT) == 0
    expect(presets(page).first).to_contain_text(re.compile(r"Quick start \(about \d+ (s|min)\)"))
    expect(presets(page).first).to_have_attribute("aria-checked", "true")
    scroller = widget(page, "preset").get_by_role("radiogroup")
    assert scroller.evaluate("element => element.scrollWidth <= element.clientWidth + 1")
    expect(page.get_by_text("(required)")).to_have_count(0)


def test_a_run_that_starts_and_ends_moves_nothing(visitor):
    """Neither Start nor the report of a run pushes the charts down."""
    page = visitor.page
    visit(page, "train")
    chart = page.locator("[data-chart=loss] .plot")
    before = chart.bounding_box()
    run = visitor.run("running", n=20, epoch=2, seconds_left=60)
    put_into_queue(run, claimed=True)
    with lock_of(run.folder):
        page.reload()
        expect(newest(page)).to_have_text(f"{point(19)['loss']:.4f}")
        page.wait_for_selector(IDLE)
        assert chart.bounding_box()["y"] == pytest.approx(before["y"], abs=2)
        finish(run)
        write_status(run, "finished", epoch=10, progress=1.0, test_accuracy=9.8, loss=102.0)
    expect(page.get_by_test_id("stMetric")).to_be_visible()
    page.wait_for_selector(IDLE)
    assert chart.bounding_box()["y"] == pytest.approx(before["y"], abs=2)


def test_a_reload_and_back_keep_the_recipe_and_the_selected_run(visitor):
    page = visitor.page
    visitor.run("paused", FIRST, n=60).rename("first")
    visitor.run("paused", SECOND, n=20).rename("second")
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(19)['loss']:.4f}")
    presets(page).nth(2).click()
    expect(page).to_have_url(re.compile("recipe=gru"))
    page.wait_for_selector(IDLE)
    selected_run(page).click()
    page.get_by_role("option", name="first").click()
    expect(newest(page)).to_have_text(f"{point(59)['loss']:.4f}")
    expect(page).to_have_url(re.compile(f"run={FIRST}"))
    page.reload()
    expect(newest(page)).to_have_text(f"{point(59)['loss']:.4f}")
    expect(presets(page).nth(2)).to_have_attribute("aria-checked", "true")
    page.go_back()
    expect(newest(page)).to_have_text(f"{point(19)['loss']:.4f}")
    expect(selected_run(page)).to_have_value("second")


def test_back_from_a_mistake_leads_to_its_place_in_the_list(visitor):
    page = visitor.page
    run = visitor.run("running", n=20, recipe=replace(SMALL, data=source.available()))
    finish(run)
    visit(page, "train")
    mistake = run.snapshot().result.mistakes[-1]
    opened = page.locator(f".mistakes [data-index='{mistake.index}']")
    opened.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Draw a digit")
    expect(page).to_have_url(re.compile(f"mistake={mistake.index}"))
    page.wait_for_selector(IDLE)
    page.go_back()
    expect(opened).to_be_focused()
    expect(opened).to_be_in_viewport()


@pytest.mark.own_context
def test_times_are_the_visitors_own(new_context, server, root):
    with new_context(base_url=server, timezone_id="Asia/Tokyo") as context:
        page = context.new_page()
        visit(page, "train")
        put_run(root / owner_of(key_of(page)), "20260102-200401-abcdef01", "paused", n=20)
        page.reload()
        expect(selected_run(page)).to_have_value(re.compile("03 Jan 05:04"))  # UTC and nine hours
