"""Numbers of the page Inside changed in Chromium: by mouse, keyboard and touch."""

import base64
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from rnn_demo.app.inside import sentences
from rnn_demo.app.theme import LIGHT
from rnn_demo.inside import compute, initial_payload
from rnn_demo.inside.cards import CARDS
from rnn_demo.inside.payload import payload
from rnn_demo.inside.state import encode
from tests.browser.conftest import REPOSITORY, start_server, wait_for_health
from tests.browser.inside import (
    BASIC,
    FIRST,
    SINGLE,
    TEXT,
    UNCHANGED_Y0,
    cell,
    change,
    choose,
    expect_numbers,
    filled,
    formula,
    names_of,
    numbers,
    open_inside,
    time,
    type_in,
)
from tests.browser.test_journeys import IDLE, keyed


@pytest.mark.parametrize(
    ("name", "tensor", "index"),
    [
        ("X0[0, 1]", "X", (0, 0, 1)),
        ("Wx[2, 3]", "Wx", (2, 3)),
        ("Wy[4, 0]", "Wy", (4, 0)),
        ("b[1]", "b", (1,)),
        ("hx[0, 2]", "hx", (0, 2)),
    ],
)
def test_any_number_is_edited_where_it_stands(page, name, tensor, index):
    open_inside(page, BASIC)
    cell(page, name).dblclick()
    page.keyboard.press("Control+A")
    page.keyboard.type("-2,5")
    page.keyboard.press("Enter")
    shown = compute.compute(compute.edit(BASIC, [(tensor, index, -2.5)]))
    for t in range(2):
        expect_numbers(page, f"Y{t}", shown.unrolled.hidden[t, 0])
    expect(cell(page, name)).to_be_focused()
    page.locator(".st-key-inside-undo button").click()
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 0])


def test_an_edit_leaves_old_values_only_where_something_changed(page):
    state = replace(BASIC, scale=0.1, n_steps=3)
    open_inside(page, state)
    before = compute.compute(state).unrolled.hidden
    type_in(page, "X1[0, 0]", "-3")
    states = filled("states", first="Y1", last="Y2")
    changed = filled("changed_here_only", states=states)
    expect(change(page)).to_have_text(f"{UNCHANGED_Y0} {changed}")
    assert page.locator('.tensor[aria-label="Y0"] .changed').count() == 0
    old_values = page.locator('.tensor[aria-label="Y1"] .changed s').all_text_contents()
    assert old_values == [f"{value:.4f}" for value in before[1, 0]]
    expect(cell(page, "X1[0, 0]").locator("s")).to_have_text("9")
    page.keyboard.press("Escape")
    expect(page.locator(".cell.changed")).to_have_count(0)


def test_changes_appear_forward_in_time(page):
    open_inside(page, BASIC)
    type_in(page, "X0[0, 0]", "5")
    expect(page.locator(".cell.changed").first).to_be_visible()
    page.emulate_media(reduced_motion="no-preference")
    delays = page.locator(".tensor").evaluate_all(
        """tensors => Object.fromEntries(tensors.filter(t => t.querySelector(".changed s")).map(t =>
          [t.getAttribute("aria-label"), parseFloat(
            getComputedStyle(t.querySelector(".changed s")).animationDelay)]))"""
    )
    assert delays["Y0"] < delays["Y1"]
    page.emulate_media(reduced_motion="reduce")
    name = page.locator(".changed s").first.evaluate("it => getComputedStyle(it).animationName")
    assert name == "none"


@pytest.mark.hostile("a bad entry typed into the network")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("abc", "not_a_number"),
        ("", "empty"),
        ("1e999", "out_of_range"),
        ("101", "out_of_range"),
        ("<img src=x onerror=alert(1)>", "not_a_number"),
    ],
)
def test_a_bad_entry_changes_nothing_and_says_why(page, typed, sentence):
    open_inside(page, BASIC)
    before = numbers(page, "Y1")
    cell(page, "X0[0, 1]").click()
    page.keyboard.press("F2")
    page.keyboard.press("Delete")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    alert = page.locator(".inside").get_by_role("alert")
    expect(alert).to_have_text(filled(sentence, typed=typed, limit=100))
    assert page.locator(".inside img[onerror]").count() == 0
    assert numbers(page, "Y1") == before
    expect(cell(page, "X0[0, 1]")).to_have_text("1")
    expect(page.locator(".st-key-inside-undo button")).to_be_disabled()


def test_escape_leaves_a_number_as_it_was_and_a_computed_one_is_not_typed(page):
    open_inside(page, BASIC)
    cell(page, "X0[0, 1]").click()
    page.keyboard.type("77")
    page.keyboard.press("Escape")
    expect(cell(page, "X0[0, 1]")).to_have_text("1")
    expect(cell(page, "X0[0, 1]")).to_be_focused()
    cell(page, "Y1[0, 0]").dblclick()
    alert = page.locator(".inside").get_by_role("alert")
    expect(alert).to_have_text(filled("computed", cell="Y1[0, 0]"))
    expect(cell(page, "X1[0, 0]")).to_have_class(re.compile("source"))


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_finger_asks_a_number_and_changes_it(page):
    open_inside(page, BASIC)
    cell(page, "Y1[0, 1]").tap()
    expect(formula(page)).to_contain_text("Y1[0, 1] = tanh(")
    cell(page, "X1[0, 0]").tap()
    expect(formula(page)).to_contain_text("X1[0, 0] = 9")
    page.locator(".formula .edit").tap()
    page.keyboard.type("-4")
    page.keyboard.press("Enter")
    shown = compute.compute(compute.edit(BASIC, [("X", (1, 0, 0), -4.0)]))
    expect_numbers(page, "Y1", shown.unrolled.hidden[1, 0])
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


@pytest.fixture
def fresh_server(runs_folder: Path) -> Iterator[str]:
    """The address of a server that nobody has visited yet."""
    process, address = start_server({})
    wait_for_health(address, process)
    yield address
    process.terminate()
    process.wait(timeout=20)


def test_an_edit_of_the_very_first_page_is_answered_and_leaves_the_rest_as_it_is(
    browser: Browser, fresh_server: str
):
    page = browser.new_page()
    page.goto(f"{fresh_server}/inside")
    type_in(page, "X1[0, 0]", "-0.5")
    changed = filled("changed", states="Y1")
    expect(change(page)).to_have_text(f"{UNCHANGED_Y0} {changed}")
    shown = compute.compute(compute.edit(FIRST, [("X", (1, 0, 0), -0.5)]))
    expect_numbers(page, "Y1", shown.unrolled.hidden[1, 0])
    page.close()


def test_rounding_of_another_processor_is_no_change(browser: Browser):
    """The page's own modules without a server, with stored numbers whose last bits differ."""
    stored = initial_payload.load()
    for name, packed in stored["tensors"].items():
        values = np.frombuffer(base64.b64decode(packed), "<f4")
        other = np.nextafter(values, np.float32(np.inf))
        stored["tensors"][name] = base64.b64encode(other.tobytes()).decode()
    edited_state = compute.edit(FIRST, [("X", (1, 0, 0), -0.5)])
    edited = payload(compute.compute(edited_state))
    rest = {"palette": asdict(LIGHT), "view": "", "hidden": [], "hide": [], "error": ""}
    rest |= {"text": TEXT, "stored": False, "terms": {}, "presenting": False, "n_resets": 0}
    page = browser.new_page(reduced_motion="reduce")
    assets = REPOSITORY / "assets"
    page.route("http://inside.test/**", lambda it: it.fulfill(path=assets / it.request.url[19:]))
    page.goto("http://inside.test/inside/inside.html")
    script = 'import { Inside } from "/inside/inside.js"; globalThis.shown = new Inside(document)'
    page.add_script_tag(content=script, type="module")
    page.wait_for_function("globalThis.shown")
    for state, data in ((FIRST, stored), (edited_state, edited)):
        words = sentences.network_words(state, data) | {"signature": encode(state)}
        page.evaluate("data => shown.update([data])", rest | data | words)
    changed = filled("changed", states="Y1")
    expect(change(page)).to_have_text(f"{UNCHANGED_Y0} {changed}")
    assert names_of(page.locator(".changed")) == ["Y1[0, 0]", "z1[0, 0]", "X1[0, 0]"]
    page.close()


def test_an_edit_while_the_page_is_being_left_counts(page):
    """The server is a page ahead of the browser; the edit brings it back."""
    held: list[tuple[WebSocketRoute, str | bytes]] = []
    holding = False

    def connect(browser: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            held.append((browser, message)) if holding else browser.send(message)

        browser.connect_to_server().on_message(answer)

    def await_end_of_script(count: int) -> None:
        while sum(is_end_of_script(message) for _, message in held) < count:
            page.wait_for_timeout(20)

    page.route_web_socket("**/_stcore/stream", connect)
    open_inside(page, BASIC)
    holding = True
    page.locator('header a[href$="/digits"]').click()
    await_end_of_script(1)
    type_in(page, "X1[0, 0]", "-2.5")
    await_end_of_script(2)
    holding = False
    for browser, message in held:
        browser.send(message)
    page.wait_for_selector(IDLE)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    edited = compute.edit(BASIC, [("X", (1, 0, 0), -2.5)])
    expect_numbers(page, "Y1", compute.compute(edited).unrolled.hidden[1, 0])


def is_end_of_script(message: str | bytes) -> bool:
    """Whether a message of Streamlit's server says that the script has finished."""
    return ForwardMsg.FromString(bytes(message)).WhichOneof("type") == "script_finished"


# What an edit changed


def test_a_change_in_other_examples_is_counted_named_and_shown_by_a_click(page):
    open_inside(page, SINGLE)
    type_in(page, "Wy[0, 0]", "-1.7")
    before, after = (
        compute.compute(state).unrolled.hidden[:, :, 0]
        for state in (SINGLE, compute.edit(SINGLE, [("Wy", (0, 0), -1.7)]))
    )
    moved = [f"{a:.4f}" != f"{b:.4f}" for a, b in zip(before[1], after[1], strict=True)]
    assert moved == [False, True, True, True]
    expect(change(page)).to_have_text(
        "Y0 is unchanged. Y1 changed in 3 of the 4 examples, not in the one shown."
    )
    options = page.locator("select.example option").all_text_contents()
    assert ["changed" in option for option in options] == [*moved, False]
    page.locator(".inside .show-changed").click()
    marked = page.locator('.tensor[aria-label="Y1"] .changed')
    assert names_of(marked) == ["Y1[1, 0]", "Y1[2, 0]", "Y1[3, 0]"]


def test_when_nothing_changes_the_page_says_why(page):
    one = replace(SINGLE, batch=1)
    open_inside(page, one)
    z = [
        compute.compute(state).unrolled.pre_activation[1, 0, 0].item()
        for state in (one, compute.edit(one, [("X", (1, 0, 1), 11.0)]))
    ]
    type_in(page, "X1[0, 1]", "11")
    expect(change(page)).to_have_text(
        f"No state changed: z1 went from {z[0]:.1f} to {z[1]:.1f}, but tanh is 1.0000 at both."
    )


def test_a_change_of_every_state_is_one_sentence(page):
    open_inside(page, card="forgets")
    type_in(page, "Wx[0, 0]", "2")
    expect(change(page)).to_have_text("Every state from Y0 to Y11 changed.")


def test_reset_and_another_card_are_a_clean_picture_without_what_was_asked(page):
    """Nothing struck out, no sentence, the first example, and the toggle off."""
    open_inside(page, SINGLE)
    affects = page.locator(".inside .affects")
    reset = keyed(page, "inside/reset").get_by_role("button")

    def expect_clean() -> None:
        expect(affects).to_have_attribute("aria-pressed", "false")
        expect(page.locator(".inside .changed, .inside s, .inside .target")).to_have_count(0)
        expect(change(page)).to_be_empty()

    affects.click()
    expect(affects).to_have_attribute("aria-pressed", "true")
    reset.click()  # although no number was edited
    expect_clean()
    type_in(page, "X0[0, 0]", "5")
    expect(page.locator(".inside s").first).to_be_attached()
    page.locator("select.example").select_option("all")
    affects.click()
    reset.click()
    expect_clean()
    expect(page.locator("select.example")).to_have_value("0")
    expect_numbers(page, "Y1", compute.compute(SINGLE).unrolled.hidden[1, 0])
    type_in(page, "X0[0, 0]", "5")
    expect(page.locator(".inside s").first).to_be_attached()
    affects.click()
    choose(page, "card", 1)
    expect(page.locator(".inside .tensor.X")).to_have_count(CARDS[1].state.n_steps)
    expect_clean()


def test_cells_that_are_not_computed_yet_have_no_frame(page):
    open_inside(page, SINGLE)
    type_in(page, "X0[0, 0]", "5")
    expect(page.locator(".inside .changed").first).to_be_attached()
    cell(page, "Wx[0, 0]").click()
    page.locator(".inside .affects").click()
    time(page).fill("1")
    empty = page.locator(".inside .empty .cell")
    expect(empty).to_have_count(3)  # Y0, z1 and Y1
    outlines = empty.evaluate_all("all => all.map((it) => getComputedStyle(it).outlineStyle)")
    assert outlines == ["none"] * 3
    corner = "all => all.map((it) => getComputedStyle(it, '::after').display)"
    assert page.locator(".inside .empty .changed").evaluate_all(corner) == ["none"] * 2


def test_a_slider_changes_a_weight(page):
    forgets = next(card for card in CARDS if card.id == "forgets")
    open_inside(page, card=forgets.id)
    slider = page.locator(".inside .number-slider")
    marks = slider.get_by_role("button").all_text_contents()
    assert marks == ["0.5", "1", "1.5"]
    slider.get_by_role("button", name="1.5").click()
    strong = compute.edit(forgets.state, [("Wy", (0, 0), 1.5)])
    last = compute.compute(strong).unrolled.hidden[11, 0]
    expect_numbers(page, "Y11", last)
    expect(slider.get_by_role("slider")).to_have_value("1.5")
    slider.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect_numbers(page, "Y11", [0.0])
    expect(cell(page, "Wy[0, 0]").locator("s")).to_have_text("1.5000")
    page.locator(".st-key-inside-undo button").click()
    expect_numbers(page, "Y11", last)
