"""The picture of the page Inside in Chromium: what it shows, where, and how it is played."""

import math
import re
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from rnn_demo.inside import compute
from rnn_demo.inside.cards import CARDS, Card
from rnn_demo.inside.payload import payload
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState
from tests.browser.inside import (
    BASIC,
    SINGLE,
    TEXT,
    TRANSPORT,
    button,
    cell,
    choose,
    expect_numbers,
    filled,
    formula,
    names_of,
    numbers,
    open_inside,
    time,
)
from tests.browser.test_journeys import IDLE, keyed

FORGETS = next(card for card in CARDS if card.id == "forgets")
LONG = replace(SINGLE, n_steps=12, scale=0.05)  # four inputs, so X is wider than Y
SCREENS = [(1024, 768), (1280, 720)]  # pixels
PRESENTER_TYPE = 20  # pixels


def test_the_first_page_plays_by_itself_and_asks_the_server_nothing(page):
    sent: list[object] = []
    page.on("websocket", lambda it: it.on("framesent", lambda message: sent.append(message)))
    page.goto("/inside")
    page.wait_for_selector(IDLE)
    expect(time(page)).not_to_have_value("0")
    before = len(sent)
    time(page).fill("0")
    page.get_by_label(TRANSPORT["speed"]).select_option("0.25")
    button(page, "play").click()
    button(page, "pause").click()
    time(page).fill("3")
    happens = filled("activation_now", activation="tanh", z="z0", Y="Y0")
    expect(page.locator(".now")).to_contain_text(happens)
    button(page, "forward").click()
    expect(page.locator(".now")).to_contain_text(filled("passed_on_now", Y="Y0", next=1))
    button(page, "back").click()
    expect(time(page)).to_have_attribute(
        "aria-valuetext", filled("frame", t=0, phase=TEXT["activation_phase"])
    )
    page.get_by_label(TRANSPORT["speed"]).select_option("4")
    button(page, "play").click()
    expect(time(page)).to_have_value("9")
    expect(button(page, "play")).to_be_visible()
    assert len(sent) == before


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.class_name)
def test_the_page_shows_what_pytorch_computes(page, preset):
    open_inside(page)
    choose(page, "model", PRESETS.index(preset))
    shown = compute.compute(InsideState.of(preset))
    for t in range(2):
        expect_numbers(page, preset.output_name(t), shown.unrolled.hidden[t, 0])
        expect_numbers(page, f"z{t}", shown.unrolled.pre_activation[t, 0])


def test_a_pre_activation_grows_term_by_term(page):
    open_inside(page, BASIC)
    u = compute.compute(BASIC).unrolled
    input_, recurrent, z = u.input_term[1, 0], u.recurrent_term[1, 0], u.pre_activation[1, 0]
    for frame, values in ((5, input_), (6, input_ + recurrent), (7, z), (9, z)):
        time(page).fill(str(frame))
        expect_numbers(page, "z1", values)
    time(page).fill("7")
    expect(page.locator('.tensor[aria-label="Y1"]')).to_have_class(re.compile("empty"))
    time(page).fill("8")
    expect(page.locator('.tensor[aria-label="Y1"]')).not_to_have_class(re.compile("empty"))


def test_all_examples_are_shown_on_demand(page):
    open_inside(page, BASIC)
    assert len(numbers(page, "Y1")) == 5
    page.locator("select.example").select_option("all")
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1])
    page.locator("select.example").select_option("3")
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 3])
    value = compute.compute(BASIC).unrolled.hidden[1, 3, 2]
    name = filled("state_name", tensor="Y1", example=3, neuron=2, value=f"{value:.4f}")
    expect(cell(page, "Y1[3, 2]")).to_have_attribute("aria-label", name)
    assert name == f"Y1, example 3, neuron 2, {value:.4f}"


def test_small_cells_have_colour_alone_and_the_number_on_hover(page):
    state = replace(BASIC, n_neurons=16, n_steps=12)
    open_inside(page, state)
    some = cell(page, "Y11[0, 15]")
    assert some.bounding_box()["width"] < 36
    expect(some).to_have_text("")
    exact = compute.compute(state).unrolled.hidden[11, 0, 15].item()
    value = f"{exact:.4f}"
    name, digits = some.get_attribute("title").split(" = ")
    assert name == "Y11[0, 15]"
    assert float(digits) == pytest.approx(exact, rel=1e-7)
    some.focus()
    name = filled("state_name", tensor="Y11", example=0, neuron=15, value=value)
    expect(page.locator(".now")).to_have_text(name)
    page.locator(".show-numbers").click()
    expect(some).to_have_text(value)
    assert some.bounding_box()["width"] >= 36
    net = page.locator(".net")
    assert net.evaluate("element => element.scrollWidth > element.clientWidth")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_colours_are_signed_and_zero_is_the_background(page):
    open_inside(page, compute.edit(BASIC, [("b", (0,), 2.0), ("b", (1,), -2.0)]))
    colour = [
        cell(page, f"b[{j}]").evaluate("cell => getComputedStyle(cell).backgroundColor")
        for j in range(3)
    ]
    red, _, blue = (int(part) for part in re.findall(r"\d+", colour[0]))
    assert red > blue
    red, _, blue = (int(part) for part in re.findall(r"\d+", colour[1]))
    assert blue > red
    assert colour[2] == "rgb(253, 253, 252)"


def test_the_formula_follows_the_play_and_shows_no_result_before_the_network(page):
    open_inside(page, BASIC)
    result = formula(page).locator(".result")
    for frame, name in ((5, "z1[0, 0]"), (8, "Y1[0, 0]"), (0, "z0[0, 0]"), (3, "Y0[0, 0]")):
        time(page).fill(str(frame))
        expect(formula(page).locator(".name")).to_have_text(name)
    cell(page, "Y1[0, 3]").click()
    expect(result).to_be_visible()
    time(page).fill("6")
    expect(formula(page).locator(".name")).to_have_text("Y1[0, 3]")
    expect(result).to_be_hidden()


@pytest.mark.parametrize(
    ("state", "name", "value"),
    [
        (BASIC, "Y1[0, 2]", "Y1[0, 2]"),
        (replace(BASIC, scale=0.1, hx="random"), "Y0[0, 4]", "Y0[0, 4]"),
        (replace(BASIC, activation="none", scale=0.1), "z1[0, 0]", "z1[0, 0]"),
        (InsideState.of(PRESETS[2]), "output[1][0, 1]", "output[1][0, 1]"),
    ],
)
def test_a_formula_has_its_own_numbers_and_ends_in_the_value_on_screen(page, state, name, value):
    open_inside(page, state)
    cell(page, name).click()
    lines = formula(page).locator("p").all_text_contents()
    shown = cell(page, name).locator("span").inner_text()
    assert lines[0].startswith(f"{value} = ")
    assert lines[-1].endswith(f"= {shown}")
    worked_out = lines[0].removeprefix(f"{value} = ").replace("·", "*")
    # Four decimals of each factor: the inputs are up to 9.
    assert eval(worked_out, {"tanh": math.tanh}) == pytest.approx(float(shown), abs=0.005)
    assert worked_out.count(" + ") == state.n_inputs + state.n_neurons


def test_what_a_number_comes_from_is_marked_and_what_it_affects_on_demand(page):
    open_inside(page, replace(BASIC, n_steps=3))

    def marked(kind: str) -> set[str]:
        return set(names_of(page.locator(f".cell.{kind}")))

    cell(page, "Y1[0, 2]").click()
    assert marked("source") == {
        *(f"X1[0, {i}]" for i in range(3)),
        *(f"Y0[0, {j}]" for j in range(5)),
        *(f"Wx[{i}, 2]" for i in range(3)),
        *(f"Wy[{j}, 2]" for j in range(5)),
        "b[2]",
        "z1[0, 2]",
    }
    page.locator(".affects").click()
    expected = {f"{name}[0, {j}]" for name in ("z2", "Y2") for j in range(5)}
    assert marked("target") == expected
    cell(page, "X2[0, 0]").click()
    assert marked("target") == expected
    assert marked("source") == set()


def test_the_network_is_one_tab_stop_and_arrows_go_everywhere(page):
    open_inside(page, BASIC)
    assert page.locator('.cell[tabindex="0"]').count() == 1
    page.locator(".show-numbers").focus()
    page.keyboard.press("Tab")
    focused = page.locator(".cell:focus")
    expect(focused).to_have_attribute("data-cell", "Y1[0, 0]")
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-cell", "Y1[0, 1]")
    page.keyboard.press("Enter")
    expect(formula(page)).to_contain_text("Y1[0, 1] = tanh(")
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("data-cell", "z1[0, 1]")
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("data-cell", re.compile(r"^X1\[0, "))
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    expect(focused).to_have_attribute("data-cell", re.compile(r"^Wx\["))
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".show-numbers")).to_be_focused()


def test_space_plays_and_page_keys_and_arrows_step(page):
    open_inside(page, BASIC)
    cell(page, "X0[0, 0]").click()
    page.keyboard.press("PageUp")
    expect(time(page)).to_have_value("8")
    page.keyboard.press("PageDown")
    expect(time(page)).to_have_value("9")
    button(page, "back").focus()
    page.keyboard.press("ArrowLeft")
    expect(time(page)).to_have_value("8")
    time(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(time(page)).to_have_value("7")
    time(page).fill("0")
    page.get_by_label(TRANSPORT["speed"]).select_option("0.25")
    cell(page, "X0[0, 0]").focus()
    page.keyboard.press("Space")
    expect(button(page, "pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(button(page, "play")).to_be_visible()


# What shares a screen


def box(locator: Locator) -> dict[str, float]:
    found = locator.bounding_box()
    assert found is not None
    return dict(found)


def is_inside(inner: Locator, outer: Locator) -> bool:
    """Whether an element is not cut off at the left or the right of another one."""
    a, b = box(inner), box(outer)
    return b["x"] <= a["x"] and a["x"] + a["width"] <= b["x"] + b["width"]


def lowest(page: Page, *parts: str) -> float:
    """The lower end of some parts of the picture, in pixels of the window."""
    shown = [page.locator(f".inside {part}") for part in parts]
    return max(it["y"] + it["height"] for it in map(box, shown))


def shared_parts(card: Card) -> list[str]:
    """What is to be on one screen; two steps have no course over time."""
    strip = [".strip"] if card.state.n_steps > 2 else []
    return [".net", ".formula", ".question", ".activation-plot", *strip]


def answer(page: Page) -> None:
    """Answer the question beside the picture."""
    page.locator(".inside .choices button").first.click()
    expect(page.locator(".inside .verdict")).not_to_be_empty()


def test_picture_formula_question_and_curve_of_every_card_share_a_screen(page):
    for size in SCREENS:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        open_inside(page)  # anew: a card comes back with its answer
        for i, card in enumerate(CARDS):
            choose(page, "card", i)
            expect(keyed(page, "inside/card").get_by_role("radio").nth(i)).to_be_checked()
            expect(page.locator(".tensor.X")).to_have_count(card.state.n_steps)
            assert lowest(page, *shared_parts(card)) <= size[1], card.id
            answer(page)
            assert lowest(page, *shared_parts(card)) <= size[1], f"{card.id}, answered"
            net, question = (box(page.locator(f".inside {it}")) for it in (".net", ".question"))
            assert question["x"] >= net["x"] + net["width"]
    small = page.locator(".inside .cell, .inside .title, .inside .chip, .inside figure text")
    sizes = small.evaluate_all("all => all.map((it) => parseFloat(getComputedStyle(it).fontSize))")
    assert min(sizes) >= 12


def test_weights_stay_in_sight_and_the_last_input_is_whole_at_every_step(page):
    page.set_viewport_size({"width": 1024, "height": 768})
    open_inside(page, LONG)
    net = page.locator(".inside .net")
    assert net.evaluate("it => it.scrollWidth > it.clientWidth")
    places = {name: box(cell(page, f"{name}[0, 0]")) for name in ("Wx", "Wy")}
    for t in range(12):
        time(page).fill(str(5 * t + 4))
        for column in (0, 3):
            assert is_inside(cell(page, f"X{t}[0, {column}]"), net)
        weights = page.locator(".inside .weights")
        right = box(weights)["x"] + box(weights)["width"]
        assert box(cell(page, f"X{t}[0, 0]"))["x"] >= right
        assert {name: box(cell(page, f"{name}[0, 0]")) for name in places} == places


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_the_picture_comes_first_and_no_input_is_cut_off(page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_inside(page, SINGLE)
    assert is_inside(cell(page, "X1[0, 3]"), page.locator(".inside .net"))
    main = page.get_by_test_id("stMain")
    assert main.evaluate("it => it.scrollWidth <= it.clientWidth")
    parts = (".net", ".question", ".formula", ".activation-plot")
    tops = [box(page.locator(f".inside {part}"))["y"] for part in parts]
    assert tops == sorted(tops)


def test_a_message_and_hidden_numbers_move_nothing(page):
    """A sentence about an edit has its place; without numbers the cells keep their size."""
    open_inside(page, SINGLE)
    parts = [page.locator(f".inside {part}") for part in (".net", ".formula", ".activation-plot")]
    before = [box(part) for part in parts]
    cell(page, "X1[0, 1]").dblclick()
    page.keyboard.type("-9")
    page.keyboard.press("Enter")
    expect(page.locator(".inside .change")).not_to_be_empty()
    cell(page, "X1[0, 1]").dblclick()
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    alert = page.locator(".inside").get_by_role("alert")
    expect(alert).not_to_be_empty()
    assert abs(box(alert)["y"] - box(cell(page, "X1[0, 1]"))["y"]) < 60  # where it was typed
    cell(page, "Y1[0, 0]").click()
    assert [box(part)["y"] for part in parts] == [it["y"] for it in before]
    page.locator(".show-numbers").click()
    expect(cell(page, "Y1[0, 0]").locator("span")).to_have_text("")
    assert [box(part) for part in parts[:1]] == before[:1]


# Presenter mode


def test_presenter_mode_is_one_screen_of_large_type_that_a_remote_steps_and_b_covers(page):
    page.set_viewport_size({"width": 1024, "height": 768})
    open_inside(page, present="1")
    for card in CARDS:
        page.goto(f"/inside?present=1&card={card.id}")
        page.wait_for_selector(IDLE)
        expect(page.locator("html[data-presenting]")).to_be_attached()
        expect(page.locator(".inside .tensor.X")).to_have_count(card.state.n_steps)
        assert lowest(page, *shared_parts(card)) <= 768, card.id
        assert is_inside(cell(page, "Wx[0, 0]"), page.locator(".inside .net"))
        answer(page)
        assert lowest(page, *shared_parts(card)) <= 768, f"{card.id}, answered"
    shown = page.locator(".inside :is(.now, .cell > span, .title, .chip, p, button, text):visible")
    sizes = shown.evaluate_all("""all => all.filter((it) => it.textContent).map((it) =>
        parseFloat(getComputedStyle(it).fontSize) * (it.ownerSVGElement ? it.getScreenCTM().a : 1))
    """)
    assert min(sizes) >= PRESENTER_TYPE
    expect(page.locator(".inside .code")).to_be_hidden()
    page.goto("/inside?present=1&card=forgets")
    page.wait_for_selector(IDLE)
    last = 5 * FORGETS.state.n_steps - 1
    expect(time(page)).to_have_value(str(last))
    page.locator("h1").click()  # the focus is outside the picture
    page.keyboard.press("PageUp")
    expect(time(page)).to_have_value(str(last - 1))
    page.keyboard.press("ArrowRight")
    expect(time(page)).to_have_value(str(last))
    newest = page.locator(".inside .newest .cell").first
    colour = "it => getComputedStyle(it).color"
    page.keyboard.press("b")
    assert newest.evaluate(colour) == "rgba(0, 0, 0, 0)"
    expect(formula(page).locator(".result")).to_be_hidden()
    page.keyboard.press("b")
    assert newest.evaluate(colour) != "rgba(0, 0, 0, 0)"
    expect(formula(page).locator(".result")).to_be_visible()


# The plots beside the network


def test_the_curve_has_steady_axes_and_shades_where_a_change_is_lost(page):
    def axis() -> list[str]:
        return plot.locator("text").all_text_contents()

    plot = page.locator(".activation-plot")
    open_inside(page, SINGLE)
    labels = axis()
    assert {"+1", "-1", "≤ -6", "≥ 6"} <= set(labels)
    dots = plot.locator(".dots").first
    before = dots.get_attribute("d")
    assert before.count("M") == 8  # 2 steps of 4 examples
    expect(plot.locator("figcaption")).to_contain_text(
        f"{payload(compute.compute(SINGLE))['n_saturated']} of the 8"
    )
    expect(plot.locator(".flat")).to_have_count(2)
    expect(plot.locator(".flat-text")).to_contain_text("a change is lost here")
    time(page).fill("3")  # the state of the second step is not computed yet
    assert dots.get_attribute("d").count("M") == 4
    open_inside(page, replace(SINGLE, scale=0.05))
    assert axis() == labels
    assert dots.get_attribute("d") != before
    expect(plot.locator("figcaption")).to_contain_text("every change passes")


def test_a_strip_shows_the_state_over_time_and_says_its_values(page):
    open_inside(page, card="forgets")
    hidden = compute.compute(FORGETS.state).unrolled.hidden[:, 0, 0].tolist()
    values = [f"{value:.4f}" for value in hidden]
    chart = page.locator(".strip").get_by_role("img")
    expect(chart).to_have_attribute("aria-label", re.compile(re.escape(", ".join(values)) + "$"))
    assert chart.locator(".course").get_attribute("d").count("L") == 11
    time(page).fill("14")  # the future is not shown
    expect(chart).to_have_attribute(
        "aria-label", re.compile(re.escape(", ".join(values[:3])) + "$")
    )
    open_inside(page, SINGLE)
    expect(page.locator(".strip")).to_be_hidden()  # two steps have no course


def test_colours_have_one_legend(page):
    open_inside(page)
    expect(page.locator(".inside .legend")).to_have_text(re.compile(r"negative\s+positive"))


def test_a_reload_comes_back_to_the_frame(page):
    open_inside(page, card="forgets")
    time(page).fill("22")
    page.reload()
    page.wait_for_selector(IDLE)
    expect(time(page)).to_have_value("22")
    choose(page, "card", 0)
    expect(time(page)).to_have_value("9")
