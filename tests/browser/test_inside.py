"""The flow lab in Chromium: mouse, keyboard and touch."""

import base64
import json
import math
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from rnn_demo.app.theme import LIGHT
from rnn_demo.inside import compute
from rnn_demo.inside.initial_payload import picture_of
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import LabState, encode, load_file
from tests.browser.conftest import REPOSITORY, start_server, wait_for_health

IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
SINGLE, BASIC = (LabState.of(preset) for preset in PRESETS[:2])


def open_lab(page: Page, state: LabState | None = None, **query: str) -> None:
    """Open the page on a state, with a still picture at its last frame."""
    page.emulate_media(reduced_motion="reduce")
    query = ({"lab": encode(state)} if state else {}) | query
    page.goto("/?" + "&".join(f"{name}={value}" for name, value in query.items()))
    page.wait_for_selector(IDLE)
    expect(page.locator(".lab .cell").first).to_be_attached()


def cell(page: Page, name: str) -> Locator:
    """The cell whose accessible name begins so."""
    return page.locator(f'.cell[aria-label^="{name}, "]')


def numbers(page: Page, tensor: str) -> list[str]:
    return page.locator(f'.tensor[aria-label="{tensor}"] .cell > span').all_text_contents()


def expect_numbers(page: Page, tensor: str, values: np.ndarray) -> None:
    cells = page.locator(f'.tensor[aria-label="{tensor}"] .cell > span')
    expect(cells).to_have_text([f"{value:.4f}" for value in np.asarray(values).flatten()])


def type_in(page: Page, name: str, text: str) -> None:
    """Click a cell, F2, type, Enter."""
    cell(page, name).click()
    page.keyboard.press("F2")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def time(page: Page) -> Locator:
    return page.get_by_role("slider", name="Time")


def formula(page: Page) -> Locator:
    return page.get_by_label("Formula", exact=True)


# The picture


def test_the_first_page_plays_by_itself_and_asks_the_server_nothing(page):
    sent: list[object] = []
    page.on("websocket", lambda it: it.on("framesent", lambda message: sent.append(message)))
    page.goto("/")
    page.wait_for_selector(IDLE)
    expect(time(page)).not_to_have_value("0")
    before = len(sent)
    time(page).fill("0")
    page.get_by_label("Speed").select_option("0.25")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    time(page).fill("3")
    expect(page.get_by_text("tanh of the sum is Y0")).to_be_visible()
    page.get_by_role("button", name="Step forward").click()
    expect(page.get_by_text("Y0 is handed on to t = 1")).to_be_visible()
    page.get_by_role("button", name="Step back").click()
    expect(time(page)).to_have_attribute("aria-valuetext", "t = 0: activation")
    page.get_by_label("Speed").select_option("4")
    page.get_by_role("button", name="Play").click()
    expect(time(page)).to_have_value("9")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert len(sent) == before


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_the_picture_shows_what_pytorch_computes(page, preset):
    open_lab(page)
    page.get_by_test_id("stMain").get_by_role("radio", name=preset.title, exact=True).click()
    shown = compute.compute(LabState.of(preset))
    for t in range(2):
        expect_numbers(page, preset.output_name(t), shown.unrolled.hidden[t, 0])
        expect_numbers(page, f"z{t}", shown.unrolled.pre_activation[t, 0])


def test_a_sum_grows_term_by_term(page):
    open_lab(page, BASIC)
    u = compute.compute(BASIC).unrolled
    input_, recurrent, z = u.input_term[1, 0], u.recurrent_term[1, 0], u.pre_activation[1, 0]
    for frame, values in ((5, input_), (6, input_ + recurrent), (7, z), (9, z)):
        time(page).fill(str(frame))
        expect_numbers(page, "z1", values)
    time(page).fill("7")
    expect(page.locator('.tensor[aria-label="Y1"]')).to_have_class(re.compile("empty"))
    time(page).fill("8")
    expect(page.locator('.tensor[aria-label="Y1"]')).not_to_have_class(re.compile("empty"))


def test_all_instances_are_shown_on_demand(page):
    open_lab(page, BASIC)
    assert len(numbers(page, "Y1")) == 5
    page.get_by_label("Instance shown").select_option("all")
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1])
    page.get_by_label("Instance shown").select_option("3")
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 3])
    name = cell(page, "Y1, instance 3, neuron 2").get_attribute("aria-label")
    value = compute.compute(BASIC).unrolled.hidden[1, 3, 2]
    assert name == f"Y1, instance 3, neuron 2, {value:.4f}"


def test_small_cells_have_colour_alone_and_the_number_on_hover(page):
    state = replace(BASIC, n_neurons=16, n_steps=12)
    open_lab(page, state)
    some = cell(page, "Y11, instance 0, neuron 15")
    assert some.bounding_box()["width"] < 36
    expect(some).to_have_text("")
    exact = compute.compute(state).unrolled.hidden[11, 0, 15].item()
    value = f"{exact:.4f}"
    name, digits = some.get_attribute("title").split(" = ")
    assert name == "Y11[0, 15]"
    assert float(digits) == pytest.approx(exact, rel=1e-7)
    some.focus()
    expect(page.locator(".now")).to_have_text(f"Y11, instance 0, neuron 15, {value}")
    page.get_by_role("button", name="Numbers").click()
    expect(some).to_have_text(value)
    assert some.bounding_box()["width"] >= 36
    net = page.locator(".net")
    assert net.evaluate("element => element.scrollWidth > element.clientWidth")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_colours_are_signed_and_zero_is_the_background(page):
    open_lab(page, compute.edit(BASIC, [("b", (0,), 2.0), ("b", (1,), -2.0)]))
    colour = [
        cell(page, f"b, neuron {j}").evaluate("cell => getComputedStyle(cell).backgroundColor")
        for j in range(3)
    ]
    red, _, blue = (int(part) for part in re.findall(r"\d+", colour[0]))
    assert red > blue
    red, _, blue = (int(part) for part in re.findall(r"\d+", colour[1]))
    assert blue > red
    assert colour[2] == "rgb(253, 253, 252)"


def test_the_formula_follows_the_play_and_tells_no_result_before_the_picture(page):
    open_lab(page, BASIC)
    result = formula(page).locator(".result")
    for frame, name in ((5, "z1[0, 0]"), (8, "Y1[0, 0]"), (0, "z0[0, 0]"), (3, "Y0[0, 0]")):
        time(page).fill(str(frame))
        expect(formula(page).locator(".name")).to_have_text(name)
    cell(page, "Y1, instance 0, neuron 3").click()
    expect(result).to_be_visible()
    time(page).fill("6")
    expect(formula(page).locator(".name")).to_have_text("Y1[0, 3]")
    expect(result).to_be_hidden()


# The first picture, which is stored


@pytest.fixture
def fresh_server(runs_folder: Path) -> Iterator[str]:
    """The address of a server that nobody has visited yet."""
    process, address = start_server({})
    wait_for_health(address, process)
    yield address
    process.terminate()
    process.wait(timeout=20)


def test_an_edit_of_the_very_first_picture_is_answered_and_leaves_the_rest_as_it_is(
    chromium: Browser, fresh_server: str
):
    page = chromium.new_page()
    page.goto(fresh_server)
    type_in(page, "X1, instance 0, input 1", "-8")
    expect(formula(page)).to_contain_text("Y0 did not move. Y1 moved in 1 of 4 numbers.")
    shown = compute.compute(compute.edit(SINGLE, [("X", (1, 0, 1), -8.0)]))
    expect_numbers(page, "Y1", shown.unrolled.hidden[1, 0])
    page.close()


def test_a_link_opens_on_a_server_that_nobody_has_visited(chromium: Browser, fresh_server: str):
    page = chromium.new_page(base_url=fresh_server)
    open_lab(page, BASIC)
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 0])
    page.close()


def test_rounding_of_another_processor_is_no_movement(chromium: Browser):
    """The picture's own script, with a stored picture whose last bits are others."""
    folder = REPOSITORY / "assets"
    names = ("shared/transport", "shared/float32", "inside/net", "inside/formula")
    names += ("inside/panels", "inside/inside")
    script = "\n".join((folder / f"{name}.js").read_text("utf-8") for name in names)
    stored = picture_of(SINGLE)
    for name, packed in stored["tensors"].items():
        values = np.frombuffer(base64.b64decode(packed), "<f4")
        other = np.nextafter(values, np.float32(np.inf))
        stored["tensors"][name] = base64.b64encode(other.tobytes()).decode()
    edited = picture_of(compute.edit(SINGLE, [("X", (1, 0, 1), -8.0)]))
    rest = {"palette": asdict(LIGHT), "view": "", "hidden": [], "hide": [], "problem": ""}
    page = chromium.new_page(reduced_motion="reduce")
    page.set_content((folder / "inside" / "inside.html").read_text("utf-8"))
    page.add_script_tag(content=f"{script}\nglobalThis.shown = new Lab(document)", type="module")
    page.wait_for_function("globalThis.shown")
    for signature, data in enumerate((stored, edited)):
        page.evaluate("data => shown.update([data])", data | rest | {"signature": signature})
    expect(page.locator(".story")).to_have_text("Y0 did not move. Y1 moved in 1 of 4 numbers.")
    moved = page.locator(".moved").evaluate_all("all => all.map(it => shown.net.indexed(it))")
    assert moved == ["Y1[0, 0]", "z1[0, 0]", "X1[0, 1]"]
    page.close()


# The formula


@pytest.mark.parametrize(
    ("state", "name", "value"),
    [
        (BASIC, "Y1, instance 0, neuron 2", "Y1[0, 2]"),
        (replace(BASIC, scale=0.1, hx="random"), "Y0, instance 0, neuron 4", "Y0[0, 4]"),
        (replace(BASIC, activation="none", scale=0.1), "z1, instance 0, neuron 0", "z1[0, 0]"),
        (LabState.of(PRESETS[2]), "output[1], instance 0, neuron 1", "output[1][0, 1]"),
    ],
)
def test_a_formula_has_its_own_numbers_and_ends_in_the_value_on_screen(page, state, name, value):
    open_lab(page, state)
    cell(page, name).click()
    lines = formula(page).locator(".sum p").all_text_contents()
    shown = cell(page, name).locator("span").inner_text()
    assert lines[0].startswith(f"{value} = ")
    assert lines[-1].endswith(f"= {shown}")
    worked_out = lines[0].removeprefix(f"{value} = ").replace("·", "*")
    # Four decimals of each factor: the inputs are up to 9.
    assert eval(worked_out, {"tanh": math.tanh}) == pytest.approx(float(shown), abs=0.005)
    assert worked_out.count(" + ") == state.n_inputs + state.n_neurons


def test_where_a_number_came_from_lights_up_and_where_it_goes_on_demand(page):
    open_lab(page, replace(BASIC, n_steps=3))

    def lit(kind: str) -> set[str]:
        found = page.locator(f".cell.{kind}")
        names = [found.nth(i).get_attribute("aria-label") for i in range(found.count())]
        return {name.rsplit(", ", 1)[0] for name in names}

    cell(page, "Y1, instance 0, neuron 2").click()
    assert lit("source") == {
        *(f"X1, instance 0, input {i}" for i in range(3)),
        *(f"Y0, instance 0, neuron {j}" for j in range(5)),
        *(f"Wx, from input {i} to neuron 2" for i in range(3)),
        *(f"Wy, from neuron {j} to neuron 2" for j in range(5)),
        "b, neuron 2",
        "z1, instance 0, neuron 2",
    }
    page.get_by_role("button", name="Goes on to change").click()
    expected = {f"{name}, instance 0, neuron {j}" for name in ("z2", "Y2") for j in range(5)}
    assert lit("target") == expected
    cell(page, "X2, instance 0, input 0").click()
    assert lit("target") == expected
    assert lit("source") == set()


# Editing


@pytest.mark.parametrize(
    ("name", "tensor", "index"),
    [
        ("X0, instance 0, input 1", "X", (0, 0, 1)),
        ("Wx, from input 2 to neuron 3", "Wx", (2, 3)),
        ("Wy, from neuron 4 to neuron 0", "Wy", (4, 0)),
        ("b, neuron 1", "b", (1,)),
        ("hx, instance 0, neuron 2", "hx", (0, 2)),
    ],
)
def test_any_number_is_edited_where_it_stands(page, name, tensor, index):
    open_lab(page, BASIC)
    cell(page, name).dblclick()
    page.keyboard.press("Control+A")
    page.keyboard.type("-2,5")
    page.keyboard.press("Enter")
    shown = compute.compute(compute.edit(BASIC, [(tensor, index, -2.5)]))
    for t in range(2):
        expect_numbers(page, f"Y{t}", shown.unrolled.hidden[t, 0])
    expect(cell(page, name)).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 0])


def test_an_edit_leaves_ghosts_only_where_something_moved(page):
    state = replace(BASIC, scale=0.1, n_steps=3)
    open_lab(page, state)
    before = compute.compute(state).unrolled.hidden
    type_in(page, "X1, instance 0, input 0", "-3")
    expect(formula(page)).to_contain_text("Y0 did not move. Y1 to Y2 moved in 5 of 20 numbers.")
    assert page.locator('.tensor[aria-label="Y0"] .moved').count() == 0
    ghosts = page.locator('.tensor[aria-label="Y1"] .moved s').all_text_contents()
    assert ghosts == [f"{value:.4f}" for value in before[1, 0]]
    expect(cell(page, "X1, instance 0, input 0").locator("s")).to_have_text("9")
    page.keyboard.press("Escape")
    expect(page.locator(".cell.moved")).to_have_count(0)


def test_ghosts_flow_forward_in_time(page):
    open_lab(page, BASIC)
    type_in(page, "X0, instance 0, input 0", "5")
    expect(page.locator(".cell.moved").first).to_be_visible()
    page.emulate_media(reduced_motion="no-preference")
    delays = page.locator(".tensor").evaluate_all(
        """tensors => Object.fromEntries(tensors.filter(t => t.querySelector(".moved s")).map(t =>
          [t.getAttribute("aria-label"), parseFloat(
            getComputedStyle(t.querySelector(".moved s")).animationDelay)]))"""
    )
    assert delays["Y0"] < delays["Y1"]
    page.emulate_media(reduced_motion="reduce")
    name = page.locator(".moved s").first.evaluate("it => getComputedStyle(it).animationName")
    assert name == "none"


@pytest.mark.hostile("a bad entry typed into the picture")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("abc", "“abc” is not a number: nothing was changed."),
        ("", "An empty cell is not a number: nothing was changed."),
        ("1e999", "“1e999” is not a number: nothing was changed."),
        ("101", "101 is not from -100 to 100: nothing was changed."),
        ("<img src=x onerror=alert(1)>", "“<img src=x onerror=alert(1)>” is not a number"),
    ],
)
def test_a_bad_entry_changes_nothing_and_says_why(page, text, sentence):
    open_lab(page, BASIC)
    before = numbers(page, "Y1")
    cell(page, "X0, instance 0, input 1").click()
    page.keyboard.press("F2")
    page.keyboard.press("Delete")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    assert page.locator(".lab img").count() == 0
    assert numbers(page, "Y1") == before
    expect(cell(page, "X0, instance 0, input 1")).to_have_text("1")
    expect(page.get_by_role("button", name="Undo")).to_be_enabled(enabled=False)


def test_escape_leaves_a_number_as_it_was_and_a_computed_one_is_not_typed(page):
    open_lab(page, BASIC)
    cell(page, "X0, instance 0, input 1").click()
    page.keyboard.type("77")
    page.keyboard.press("Escape")
    expect(cell(page, "X0, instance 0, input 1")).to_have_text("1")
    expect(cell(page, "X0, instance 0, input 1")).to_be_focused()
    cell(page, "Y1, instance 0, neuron 0").dblclick()
    expect(page.get_by_role("alert").filter(has_text="Y1[0, 0] is computed")).to_be_visible()


# Keyboard and touch


def test_the_picture_is_one_tab_stop_and_arrows_go_everywhere(page):
    open_lab(page, BASIC)
    assert page.locator('.cell[tabindex="0"]').count() == 1
    page.get_by_role("button", name="Numbers").focus()
    page.keyboard.press("Tab")
    focused = page.locator(".cell:focus")
    expect(focused).to_have_attribute("aria-label", re.compile("^Y1, instance 0, neuron 0, "))
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("aria-label", re.compile("^Y1, instance 0, neuron 1, "))
    page.keyboard.press("Enter")
    expect(formula(page)).to_contain_text("Y1[0, 1] = tanh(")
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("aria-label", re.compile("^z1, instance 0, neuron 1, "))
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("aria-label", re.compile("^X1, instance 0, input "))
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    expect(focused).to_have_attribute("aria-label", re.compile("^Wx, from input "))
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Numbers")).to_be_focused()


def test_space_plays_and_page_keys_and_arrows_step(page):
    open_lab(page, BASIC)
    cell(page, "X0, instance 0, input 0").click()
    page.keyboard.press("PageUp")
    expect(time(page)).to_have_value("8")
    page.keyboard.press("PageDown")
    expect(time(page)).to_have_value("9")
    page.get_by_role("button", name="Step back").focus()
    page.keyboard.press("ArrowLeft")
    expect(time(page)).to_have_value("8")
    time(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(time(page)).to_have_value("7")
    time(page).fill("0")
    page.get_by_label("Speed").select_option("0.25")
    cell(page, "X0, instance 0, input 0").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_finger_asks_a_number_and_changes_it(page):
    open_lab(page, BASIC)
    cell(page, "Y1, instance 0, neuron 1").tap()
    expect(formula(page)).to_contain_text("Y1[0, 1] = tanh(")
    cell(page, "X1, instance 0, input 0").tap()
    page.get_by_role("button", name="Edit").tap()
    page.keyboard.type("-4")
    page.keyboard.press("Enter")
    shown = compute.compute(compute.edit(BASIC, [("X", (1, 0, 0), -4.0)]))
    expect_numbers(page, "Y1", shown.unrolled.hidden[1, 0])
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    # The picture first, then the formula, then the rest.
    tops = [
        page.locator(selector).first.bounding_box()["y"]
        for selector in (".lab .net", ".lab .formula", ".lab .code", "[data-testid=stNumberInput]")
    ]
    assert tops == sorted(tops)


# Take it along


def test_the_code_twin_marks_the_line_that_runs(page):
    open_lab(page, BASIC)
    for frame, start in ((0, "Y0 = "), (4, "Y0 = "), (5, "Y1 = ")):
        time(page).fill(str(frame))
        expect(page.locator(".code .running")).to_have_text(re.compile(start))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_downloaded_code_computes_what_is_on_screen(page, preset, tmp_path):
    state = compute.edit(LabState.of(preset), [("Wx", (0, 0), 0.25), ("X", (0, 0, 1), -2.0)])
    open_lab(page, state)
    for ending in (".py", ".ipynb"):
        with page.expect_download() as download:
            page.get_by_role("button", name=ending, exact=True).click()
        assert download.value.suggested_filename.endswith(ending)
        text = Path(download.value.path()).read_text(encoding="utf-8")
        if ending == ".ipynb":
            cells = json.loads(text)["cells"]
            text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        namespace: dict[str, object] = {}
        exec(text, namespace)
        for t, hidden in enumerate(namespace["output"]):
            expect_numbers(page, preset.output_name(t), hidden[0].detach())


@pytest.mark.own_context
def test_code_is_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_lab(page, BASIC)
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "class BasicRNN(nn.Module)" in page.evaluate("navigator.clipboard.readText()")


def test_a_link_restores_numbers_frame_instance_and_cell(page):
    open_lab(page, replace(BASIC, n_steps=3, seed=5, scale=0.2))
    type_in(page, "X1, instance 0, input 0", "-4")
    expect(page.locator(".cell.moved").first).to_be_visible()
    page.get_by_label("Instance shown").select_option("2")
    cell(page, "Y1, instance 2, neuron 3").click()
    time(page).fill("8")
    page.get_by_role("button", name="Copy link").click()
    address = page.get_by_label("Link to this state").input_value()
    assert len(address) <= 1800
    page.goto(address)
    page.wait_for_selector(IDLE)
    state = compute.edit(replace(BASIC, n_steps=3, seed=5, scale=0.2), [("X", (1, 0, 0), -4.0)])
    expect_numbers(page, "Y1", compute.compute(state).unrolled.hidden[1, 2])
    expect(time(page)).to_have_value("8")
    expect(page.get_by_label("Instance shown")).to_have_value("2")
    expect(formula(page)).to_contain_text("Y1[2, 3] = tanh(")


def test_too_long_a_link_becomes_a_state_file_that_can_be_opened(page):
    values = np.random.default_rng(0).normal(size=(16, 16)).round(4)
    edits = [("Wy", (i, j), float(values[i, j])) for i in range(16) for j in range(16)]
    fresh = replace(BASIC, n_neurons=16, scale=0.05)
    state = compute.edit(fresh, edits)
    rows = "\n".join("\t".join(map(str, row)) for row in values.tolist())
    open_lab(page, fresh)
    page.get_by_text("Paste a table").click()
    page.get_by_role("textbox", name="Table").fill(rows)
    page.get_by_role("combobox", name="Into").click()
    page.get_by_role("option", name="Wy").click()
    page.get_by_role("button", name="Paste", exact=True).click()
    expect(formula(page)).to_contain_text("Y0 did not move. Y1 moved")
    value = f"{compute.compute(state).unrolled.hidden[1, 0, 7]:.4f}"
    expect(cell(page, "Y1, instance 0, neuron 7")).to_have_attribute(
        "aria-label", f"Y1, instance 0, neuron 7, {value}"
    )
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("take the state file")).to_be_visible()
    expect(page.get_by_label("Link to this state")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save state file").click()
    saved = Path(download.value.path()).read_bytes()
    assert load_file(saved)[0] == state
    open_lab(page)
    page.get_by_text("Share", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "flow-lab.json", "mimeType": "application/json", "buffer": saved}
    )
    expect(cell(page, "Y1, instance 0, neuron 7")).to_have_attribute(
        "aria-label", f"Y1, instance 0, neuron 7, {value}"
    )


def test_a_link_hides_controls_and_embeds(page):
    open_lab(page, BASIC, hide="settings,code,presets,share,sections", embed="true")
    expect(page.locator(".lab .code")).to_be_hidden()
    expect(page.locator(".lab .share")).to_be_hidden()
    expect(page.get_by_test_id("stNumberInput")).to_have_count(0)
    expect(page.get_by_role("link", name="Digits")).to_have_count(0)
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 0])


def test_a_broken_link_says_so_in_one_sentence(page):
    page.goto("/?lab=%3Cscript%3E")
    page.wait_for_selector(IDLE)
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "The link is damaged: a part of it is missing or changed. This is the preset instead."
    )
    expect(page.locator(".lab .cell").first).to_be_visible()


# What makes it teach


def test_a_prediction_is_answered_before_the_picture_tells(page):
    open_lab(page, replace(BASIC, scale=0.1))
    page.get_by_text("Predict", exact=True).click()
    page.get_by_role("button", name="It stays").click()
    expect(page.get_by_text("As you said: it stays.")).to_be_visible()
    expect(formula(page)).to_contain_text("Y0 did not move. Y1 moved")


def test_every_sum_is_a_dot_and_a_smaller_scale_brings_them_back(page):
    open_lab(page, BASIC)
    curve = page.locator(".curve")
    expect(curve).to_contain_text("23 of 40 sums lie where tanh is flat.")
    dots = curve.locator(".dots").get_attribute("d")
    assert dots.count("M") == 40
    open_lab(page, replace(BASIC, scale=0.05))
    expect(curve).to_contain_text("0 of 40 sums")
    assert curve.locator(".dots").get_attribute("d") != dots
