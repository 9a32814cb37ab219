"""Train in a real browser: runs are started, chosen and ended."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import key_of
from tests.browser.test_journeys import IDLE, visit
from tests.browser.train_page import (
    FIRST,
    SECOND,
    button,
    newest,
    open_page,
    result,
    selected_run,
    widget,
)
from tests.example_runs import owner_of, point, put_run, write_status

# Whether nothing covers the beginning, the middle or the end of a text.
IS_ON_TOP = """it => {
  const text = document.createRange()
  text.selectNodeContents(it)
  const { left, right, top, bottom } = text.getBoundingClientRect()
  const points = [left + 2, (left + right) / 2, right - 2].map((x) => [x, (top + bottom) / 2])
  return points.every((point) => it.contains(document.elementFromPoint(...point)))
}"""


def test_runs_of_the_same_minute_have_different_titles(visitor):
    page = visitor.page
    for run_id, n in ((FIRST, 60), (SECOND, 20)):
        visitor.run("paused", run_id, n=n)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(19)['loss']:.4f}")  # the newest
    selected_run(page).click()
    expect(page.get_by_role("option")).to_have_text(
        [re.compile(r" \(2\)$"), re.compile(r"\d( UTC)?$")]
    )
    page.get_by_role("option").last.click()
    expect(newest(page)).to_have_text(f"{point(59)['loss']:.4f}")


def test_the_page_notices_that_a_run_was_paused(visitor, running):
    page = visitor.page
    visit(page, "train")
    expect(button(page, "pause")).to_be_visible()
    write_status(running, "paused", epoch=2, progress=0.25)
    expect(button(page, "resume")).to_be_visible()
    expect(button(page, "pause")).to_have_count(0)


def test_two_visitors_train_at_once_and_see_their_own_runs_only(new_context, server):
    pages = []
    for name in ("one", "two"):
        context = new_context(base_url=server)
        page = context.new_page()
        visit(page, "train")
        button(page, "recipe").click()
        widget(page, "more").locator("summary").click()
        for field, value in (("name", f"run of {name}"), ("epochs", "50")):
            widget(page, field).locator("input").fill(value)
            page.keyboard.press("Tab")
        page.wait_for_selector(IDLE)
        button(page, "start").click()
        pages.append(page)
    for page, own, other in zip(pages, ("one", "two"), ("two", "one"), strict=True):
        expect(newest(page)).not_to_be_empty(timeout=90_000)
        expect(page.locator(".headline")).to_contain_text("50")  # epochs
        expect(selected_run(page)).to_have_value(re.compile(f"run of {own}"))
        selected_run(page).click()
        expect(page.get_by_role("option")).to_have_count(1)
        expect(page.get_by_text(f"run of {other}")).to_have_count(0)
        page.keyboard.press("Escape")
    for page in pages:
        button(page, "stop").click()
    for page in pages:
        expect(result(page)).to_be_visible(timeout=60_000)
        page.context.close()


def test_a_run_that_another_tab_deletes_goes_from_the_page(visitor, running):
    """The selected one, while another one trains."""
    page = visitor.page
    run = visitor.run("paused", SECOND, n=30)
    visit(page, "train")
    watched = selected_run(page)
    expect(newest(page)).to_have_text(f"{point(29)['loss']:.4f}")
    run.delete()
    expect(newest(page)).to_have_text(f"{point(49)['loss']:.4f}")
    expect(watched).to_have_value(re.compile("02 Jan"))
    expect(button(page, "pause")).to_be_visible()


@pytest.mark.own_context
def test_two_tabs_of_a_new_visitor_are_one_visitor(page, root):
    visit(page, "")
    key = key_of(page)
    second = page.context.new_page()
    visit(second, "train")
    put_run(root / owner_of(key), FIRST, "paused", n=30)
    open_page(page, "train")
    expect(newest(page)).to_have_text(f"{point(29)['loss']:.4f}")
    assert key_of(page) == key
    for tab in (page, second):
        tab.reload()
        expect(newest(tab)).to_have_text(f"{point(29)['loss']:.4f}")


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["wide", "narrow"])
def test_what_is_wrong_with_a_number_is_said_where_no_field_covers_it(visitor, running, size):
    page = visitor.page
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    visit(page, "train")
    message = page.get_by_test_id("stAlertContentError").filter(visible=True)
    popover = page.get_by_role("button", name="Learning rate")
    for opener, key in ((button(page, "recipe"), ""), (popover, f"{FIRST}/")):
        opener.click()
        field = widget(page, f"{key}learning_rate").locator("input")
        field.fill("1,2,3")
        field.press("Enter")
        expect(message).to_be_in_viewport(ratio=1)
        assert message.locator("p").evaluate(IS_ON_TOP)
        field.fill("0.002")
        field.press("Enter")
        expect(message).to_have_count(0)
        page.keyboard.press("Escape")
