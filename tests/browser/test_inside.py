"""The page Inside in Chromium: mouse, keyboard and touch."""

import base64
import json
import math
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import (
    Browser,
    FrameLocator,
    Locator,
    Page,
    WebSocket,
    WebSocketRoute,
    expect,
)
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from rnn_demo.app.components import MODULE_PATH, with_imports
from rnn_demo.app.inside import component, sentences
from rnn_demo.app.theme import LIGHT
from rnn_demo.inside import compute, initial_payload
from rnn_demo.inside.payload import payload
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState, decode, encode, load_file
from rnn_demo.messages import InputError
from tests.browser.conftest import REPOSITORY, start_server, wait_for_health

IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
TEXT = component.text()
TRANSPORT = TEXT["transport"]
SINGLE, BASIC = (InsideState.of(preset) for preset in PRESETS[:2])


def open_inside(page: Page, state: InsideState | None = None, **query: str) -> None:
    """Open the page on a state, standing still at its last frame."""
    page.emulate_media(reduced_motion="reduce")
    query = ({"state": encode(state)} if state else {}) | query
    page.goto("/?" + "&".join(f"{name}={value}" for name, value in query.items()))
    page.wait_for_selector(IDLE)
    expect(page.locator(".inside .cell").first).to_be_attached()


def cell(page: Page | FrameLocator, name: str) -> Locator:
    """A cell by its name in PyTorch, such as "Y1[0, 2]"."""
    return page.locator(f'.cell[data-cell="{name}"]')


def names_of(cells: Locator) -> list[str]:
    names: list[str] = cells.evaluate_all("all => all.map((it) => it.dataset.cell)")
    return names


def numbers(page: Page, tensor: str) -> list[str]:
    return page.locator(f'.tensor[aria-label="{tensor}"] .cell > span').all_text_contents()


def expect_numbers(page: Page | FrameLocator, tensor: str, values: Any) -> None:
    cells = page.locator(f'.tensor[aria-label="{tensor}"] .cell > span')
    expect(cells).to_have_text([f"{value:.4f}" for value in np.asarray(values).flatten()])


def type_in(page: Page, name: str, text: str) -> None:
    """Click a cell, F2, type, Enter."""
    cell(page, name).click()
    page.keyboard.press("F2")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def time(page: Page) -> Locator:
    return page.get_by_role("slider", name=TRANSPORT["time"])


def button(page: Page, name: str) -> Locator:
    """A button of the transport."""
    return page.get_by_role("button", name=TRANSPORT[name], exact=True)


def formula(page: Page) -> Locator:
    return page.locator(".inside .terms")


def choose(page: Page, key: str, index: int) -> None:
    """Click an option of a segmented control."""
    page.locator(f".st-key-inside-{key} button").nth(index).click()


def open_section(page: Page, name: str) -> None:
    choose(page, "section", list(sentences.SECTION_TITLES).index(name))


def filled(name: str, **values: object) -> str:
    """A sentence of the component; of a plural, the form for `n`."""
    template = TEXT[name]
    if isinstance(template, dict):
        index = template["index"]
        n = values["n"]
        assert isinstance(n, int)
        template = template["forms"][int(index[min(n, len(index) - 1)])]
    return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), template)


def change(page: Page) -> Locator:
    """What the last edit changed, in sentences."""
    return page.locator(".inside .change")


UNCHANGED_Y0 = filled("unchanged", n=1, states="Y0")


# The network


def test_the_first_page_plays_by_itself_and_asks_the_server_nothing(page):
    sent: list[object] = []
    page.on("websocket", lambda it: it.on("framesent", lambda message: sent.append(message)))
    page.goto("/")
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
    name = filled("state_name", tensor="Y1", example=4, neuron=3, value=f"{value:.4f}")
    expect(cell(page, "Y1[3, 2]")).to_have_attribute("aria-label", name)


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
    name = filled("state_name", tensor="Y11", example=1, neuron=16, value=value)
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


# The first page, whose numbers are stored


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
    page.goto(fresh_server)
    type_in(page, "X1[0, 1]", "-8")
    partly = filled("changed_partly", n=4, states="Y1", changed=1)
    expect(change(page)).to_have_text(f"{UNCHANGED_Y0} {partly}")
    shown = compute.compute(compute.edit(SINGLE, [("X", (1, 0, 1), -8.0)]))
    expect_numbers(page, "Y1", shown.unrolled.hidden[1, 0])
    page.close()


def test_a_link_opens_on_a_server_that_nobody_has_visited(browser: Browser, fresh_server: str):
    page = browser.new_page(base_url=fresh_server)
    open_inside(page, BASIC)
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 0])
    page.close()


def test_rounding_of_another_processor_is_no_change(browser: Browser):
    """The page's own modules without a server, with stored numbers whose last bits differ."""
    stored = initial_payload.load()
    for name, packed in stored["tensors"].items():
        values = np.frombuffer(base64.b64decode(packed), "<f4")
        other = np.nextafter(values, np.float32(np.inf))
        stored["tensors"][name] = base64.b64encode(other.tobytes()).decode()
    edited_state = compute.edit(SINGLE, [("X", (1, 0, 1), -8.0)])
    edited = payload(compute.compute(edited_state))
    rest = {"palette": asdict(LIGHT), "view": "", "hidden": [], "hide": [], "error": ""}
    rest |= {"text": TEXT, "stored": False}
    page = browser.new_page(reduced_motion="reduce")
    assets = REPOSITORY / "assets"
    page.route("http://inside.test/**", lambda it: it.fulfill(path=assets / it.request.url[19:]))
    page.goto("http://inside.test/inside/inside.html")
    script = 'import { Inside } from "/inside/inside.js"; globalThis.shown = new Inside(document)'
    page.add_script_tag(content=script, type="module")
    page.wait_for_function("globalThis.shown")
    for state, data in ((SINGLE, stored), (edited_state, edited)):
        words = sentences.network_words(state, data) | {"signature": encode(state)}
        page.evaluate("data => shown.update([data])", rest | data | words)
    partly = filled("changed_partly", n=4, states="Y1", changed=1)
    expect(change(page)).to_have_text(f"{UNCHANGED_Y0} {partly}")
    assert names_of(page.locator(".changed")) == ["Y1[0, 0]", "z1[0, 0]", "X1[0, 1]"]
    page.close()


# The formula


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


# Editing


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
    partly = filled("changed_partly", n=20, states=states, changed=5)
    expect(change(page)).to_have_text(f"{UNCHANGED_Y0} {partly}")
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
        ("1e999", "not_a_number"),
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
    assert page.locator(".inside img").count() == 0
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


# Keyboard and touch


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


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_finger_asks_a_number_and_changes_it(page):
    open_inside(page, BASIC)
    cell(page, "Y1[0, 1]").tap()
    expect(formula(page)).to_contain_text("Y1[0, 1] = tanh(")
    cell(page, "X1[0, 0]").tap()
    page.locator(".formula .edit").tap()
    page.keyboard.type("-4")
    page.keyboard.press("Enter")
    shown = compute.compute(compute.edit(BASIC, [("X", (1, 0, 0), -4.0)]))
    expect_numbers(page, "Y1", shown.unrolled.hidden[1, 0])
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    # The network first, then the formula, then the rest.
    tops = [
        page.locator(selector).first.bounding_box()["y"]
        for selector in (
            ".inside .net",
            ".inside .formula",
            ".inside .code",
            "[data-testid=stNumberInput]",
        )
    ]
    assert tops == sorted(tops)


# Code, link and file


def test_the_code_marks_the_line_that_runs(page):
    open_inside(page, BASIC)
    for frame, start in ((0, "Y0 = "), (4, "Y0 = "), (5, "Y1 = ")):
        time(page).fill(str(frame))
        expect(page.locator(".code .running")).to_have_text(re.compile(start))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.class_name)
def test_downloaded_code_computes_what_is_on_screen(page, preset, tmp_path):
    state = compute.edit(InsideState.of(preset), [("Wx", (0, 0), 0.25), ("X", (0, 0, 1), -2.0)])
    open_inside(page, state)
    for ending in (".py", ".ipynb"):
        with page.expect_download() as download:
            page.locator(f".code {ending}").click()
        assert download.value.suggested_filename.endswith(ending)
        text = Path(download.value.path()).read_text(encoding="utf-8")
        if ending == ".ipynb":
            cells = json.loads(text)["cells"]
            text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        namespace: dict[str, object] = {}
        exec(text, namespace)
        for t, hidden in enumerate(namespace["output"]):
            expect_numbers(page, preset.output_name(t), hidden[0].detach())


def test_an_edit_while_the_page_is_being_left_does_no_harm(page):
    """The server is a page ahead of the browser; the edit brings it back, and is itself lost."""
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
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 0])


def is_end_of_script(message: str | bytes) -> bool:
    """Whether a message of Streamlit's server says that the script has finished."""
    return ForwardMsg.FromString(bytes(message)).WhichOneof("type") == "script_finished"


@pytest.mark.own_context
def test_code_is_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_inside(page, BASIC)
    page.locator(".code .copy").click()
    expect(page.locator(".code .copy")).to_have_text(TEXT["copied"])
    assert "class BasicRNN(nn.Module)" in page.evaluate("navigator.clipboard.readText()")


def test_a_link_restores_numbers_frame_example_and_cell(page):
    open_inside(page, replace(BASIC, n_steps=3, seed=5, scale=0.2))
    type_in(page, "X1[0, 0]", "-4")
    expect(page.locator(".cell.changed").first).to_be_visible()
    page.locator("select.example").select_option("2")
    cell(page, "Y1[2, 3]").click()
    time(page).fill("8")
    page.locator(".copy-link").click()
    address = page.locator(".address").input_value()
    assert len(address) <= 1800
    page.goto(address)
    page.wait_for_selector(IDLE)
    state = compute.edit(replace(BASIC, n_steps=3, seed=5, scale=0.2), [("X", (1, 0, 0), -4.0)])
    expect_numbers(page, "Y1", compute.compute(state).unrolled.hidden[1, 2])
    expect(time(page)).to_have_value("8")
    expect(page.locator("select.example")).to_have_value("2")
    expect(formula(page)).to_contain_text("Y1[2, 3] = tanh(")


def test_too_long_a_link_becomes_a_file_that_can_be_opened(page):
    values = np.random.default_rng(0).normal(size=(16, 16)).round(4)
    edits = [("Wy", (i, j), float(values[i, j])) for i in range(16) for j in range(16)]
    fresh = replace(BASIC, n_neurons=16, scale=0.05)
    state = compute.edit(fresh, edits)
    rows = "\n".join("\t".join(map(str, row)) for row in values.tolist())
    open_inside(page, fresh)
    open_section(page, "paste")
    page.locator(".stMain textarea").fill(rows)
    page.locator("input[role=combobox]").click()
    page.get_by_role("option", name="Wy").click()
    page.locator(".st-key-inside-paste-submit button").click()
    expect(change(page)).to_contain_text(UNCHANGED_Y0)
    value = f"{compute.compute(state).unrolled.hidden[1, 0, 7]:.4f}"
    name = filled("state_name", tensor="Y1", example=1, neuron=8, value=value)
    expect(cell(page, "Y1[0, 7]")).to_have_attribute("aria-label", name)
    page.locator(".copy-link").click()
    expect(page.locator(".share .message")).not_to_be_empty()
    expect(page.locator(".address")).to_be_hidden()
    with page.expect_download() as download:
        page.locator(".share .file").click()
    saved = Path(download.value.path()).read_bytes()
    assert load_file(saved)[0] == state
    open_inside(page)
    open_section(page, "share")
    page.locator("input[type=file]").set_input_files(
        {"name": "inside.json", "mimeType": "application/json", "buffer": saved}
    )
    expect(cell(page, "Y1[0, 7]")).to_have_attribute("aria-label", name)


def test_a_link_hides_controls_and_embeds(page):
    open_inside(page, BASIC, hide="settings,code,presets,share,sections", embed="true")
    expect(page.locator(".inside .code")).to_be_hidden()
    expect(page.locator(".inside .share")).to_be_hidden()
    expect(page.get_by_test_id("stNumberInput")).to_have_count(0)
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 0])


def test_a_broken_link_says_so_in_one_sentence(page):
    page.goto("/?state=%3Cscript%3E")
    page.wait_for_selector(IDLE)
    with pytest.raises(InputError) as error:
        decode("<script>")
    expect(page.get_by_test_id("stAlert")).to_have_text(sentences.link_notice(error.value.message))
    expect(page.locator(".inside .cell").first).to_be_visible()


# What makes it teach


def test_a_prediction_is_made_before_the_network_shows_the_answer(page):
    open_inside(page, replace(BASIC, scale=0.1))
    open_section(page, "quiz")
    expect(change(page)).to_be_empty()
    page.locator(".st-key-inside-quiz-stays button").click()
    expect(page.locator(".st-key-inside-quiz-next button")).to_be_visible()
    expect(change(page)).to_contain_text(UNCHANGED_Y0)


def test_every_pre_activation_is_a_dot_and_a_smaller_scale_brings_them_back(page):
    def expect_caption(state: InsideState) -> None:
        data = payload(compute.compute(state))
        caption = sentences.network_words(state, data)["saturation"]
        expect(plot.locator("figcaption")).to_have_text(caption)

    plot = page.locator(".activation-plot")
    open_inside(page, BASIC)
    expect_caption(BASIC)
    dots = plot.locator(".dots").get_attribute("d")
    assert dots.count("M") == 40
    open_inside(page, replace(BASIC, scale=0.05))
    expect_caption(replace(BASIC, scale=0.05))
    assert plot.locator(".dots").get_attribute("d") != dots


# Where the code comes from


def watch(page: Page) -> tuple[list[str], list[str | bytes]]:
    """Addresses of requested modules, and frames that the server sends, as they come."""
    requested: list[str] = []
    received: list[str | bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: received.append(frame))

    page.on("websocket", listen)
    page.on("request", lambda it: f"/{MODULE_PATH}/" in it.url and requested.append(it.url))
    return requested, received


@pytest.mark.own_context
def test_code_goes_to_the_browser_once_and_not_with_an_edit(page):
    requested, received = watch(page)
    open_inside(page)
    files = with_imports("shared/markup.js", "inside/inside.js")
    files += ["inside/inside.html", "shared/controls.css", "inside/inside.css"]
    assert sorted(url.split("/", 5)[-1] for url in requested) == sorted(files)
    before = len(received)
    type_in(page, "X1[0, 1]", "-8.5")
    expect(change(page)).not_to_be_empty()
    answer = b"".join(it if isinstance(it, bytes) else it.encode() for it in received[before:])
    edited = compute.edit(SINGLE, [("X", (1, 0, 1), -8.5)])
    assert encode(edited).encode() in answer
    assert b"class Inside" not in answer
    assert b"class Transport" not in answer
    assert b"</" not in answer  # nor HTML
    assert b"{ display:" not in answer  # nor CSS
    choose(page, "model", 1)
    expect(cell(page, "Y1[0, 4]")).to_be_visible()
    assert len(requested) == len(files)
    page.reload()
    expect(cell(page, "Y1[0, 0]")).to_be_visible()
    sizes = page.evaluate(
        """path => performance.getEntriesByType("resource")
          .filter((it) => it.name.includes(`/${path}/`)).map((it) => it.transferSize)""",
        MODULE_PATH,
    )
    assert sizes == [0] * len(files)  # from the browser's cache


@pytest.fixture(params=["", "demo", "demo/sub"], ids=["root", "path", "nested path"])
def server_at_path(request: pytest.FixtureRequest, runs_folder: Path) -> Iterator[str]:
    """The address of the app behind a path of its own."""
    process, root = start_server({"STREAMLIT_SERVER_BASE_URL_PATH": request.param})
    address = f"{root}/{request.param}".rstrip("/")
    wait_for_health(address, process)
    yield address
    process.terminate()
    process.wait(timeout=20)


def test_modules_are_found_under_any_path_and_in_a_frame(browser: Browser, server_at_path: str):
    page = browser.new_page(base_url=server_at_path, reduced_motion="reduce")
    shown = compute.compute(SINGLE).unrolled.hidden[1, 0]
    page.goto(f"{server_at_path}/train")  # a page's address, where the visitor's module runs
    page.wait_for_selector(IDLE)
    page.wait_for_function("document.cookie.includes('rnn_demo_visitor')")
    page.get_by_test_id("stTopNavLink").first.click()
    expect_numbers(page, "Y1", shown)
    page.goto(f"{server_at_path}/inside?state={encode(BASIC)}")
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 0])
    page.set_content(
        f'<iframe width="900" height="600" src="{server_at_path}/?embed=true"></iframe>'
    )
    expect_numbers(page.frame_locator("iframe"), "Y1", shown)
    page.close()
