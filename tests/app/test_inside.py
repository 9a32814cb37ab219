"""The page Inside, run by AppTest: its networks, its settings, its history and its files."""

import json
from dataclasses import replace

import pytest

from rnn_demo.app.errors import escape_markdown
from rnn_demo.app.inside.session import SECTIONS
from rnn_demo.inside import compute, tables
from rnn_demo.inside.cards import CARDS, PLACES, home
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import Message
from rnn_demo.nn import unroll
from tests.app.inside_page import (
    choose,
    expect_state,
    open_inside,
    press,
    question,
    quiet,
    section,
    send,
    sent,
    set_number,
    start,
)

BASIC = InsideState.of(PRESETS[1])


@pytest.fixture
def app(runs_folder, without_mnist):
    return start()


@pytest.fixture
def unrolled(monkeypatch) -> list[object]:
    """Grows by one element whenever a network is unrolled."""
    calls: list[object] = []
    real = unroll.unroll_weights

    def spy(*args: object) -> unroll.Unrolled:
        calls.append(args)
        return real(*args)

    monkeypatch.setattr(unroll, "unroll_weights", spy)
    return calls


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_one_click_away_and_shows_its_saved_numbers(app, place):
    open_inside(app)
    expect_state(choose(app, place), home(place), place)


def test_the_tutorials_four_classes_are_named_on_the_first_page(app):
    options = open_inside(app).segmented_control(key="inside/model").options
    assert options == ["SingleRNN", "BasicRNN", "nn.RNNCell", "CleanBasicRNN"]


SETTINGS = {
    "n_steps": 12,
    "batch": 16,
    "n_inputs": 8,
    "n_neurons": 16,
    "seed": 3,
    "hx": "random",
    "activation": "relu",
    "inputs": "zeros",
    "scale": 0.25,
}


def test_every_setting_changes_the_network_and_can_be_undone(app):
    section(open_inside(app, "BasicRNN"), "settings")
    for name, value in SETTINGS.items():
        kind = "number_input"
        if name in ("hx", "activation", "inputs"):
            kind = "segmented_control"
        elif name == "scale":
            kind = "slider"
        getattr(app, kind)(key=f"inside/{name}").set_value(value).run()
        expect_state(app, replace(BASIC, **{name: value}), "BasicRNN")
        press(app, "undo")
        expect_state(app, BASIC)


def test_a_refused_setting_says_so_below_the_settings(app):
    section(open_inside(app, "BasicRNN"), "share")
    n = range(16)
    weights = [("Wx", (i, j), 100.0) for i in range(8) for j in n]
    weights += [("Wy", (i, j), 100.0) for i in n for j in n]
    largest = replace(BASIC, n_steps=6, n_inputs=8, n_neurons=16, activation="none")
    largest = compute.edit(largest, weights)
    open_file(app, largest.to_json())
    section(app, "settings")
    set_number(app, "n_steps", 12)
    assert [it.value for it in app.error] == [str(Message("inside.overflow"))]
    assert sent(app)["error"] == ""
    assert sent(app)["state"] == largest.to_json() | {"card": "BasicRNN"}


@pytest.mark.parametrize("place", ["BasicRNN", "forgets"])
def test_reset_restores_the_saved_numbers_and_asks_for_a_clean_picture(app, place):
    section(open_inside(app, place), "settings")
    set_number(app, "n_steps", 5)
    set_number(app, "seed", 5)
    changed = sent(app)
    press(app, "reset")
    expect_state(app, home(place), place)
    assert sent(app)["n_resets"] == changed["n_resets"] + 1
    press(app, "undo")
    assert sent(app)["state"] == changed["state"]


def test_each_place_keeps_its_last_state(app):
    section(open_inside(app, "BasicRNN"), "settings")
    set_number(app, "seed", 9)
    expect_state(choose(app, "nn.RNNCell"), InsideState.of(PRESETS[2]))
    expect_state(choose(app, "BasicRNN"), replace(BASIC, seed=9))


def test_a_second_click_on_the_chosen_card_leaves_it_on_screen(app):
    open_inside(app, "tanh")
    app.segmented_control(key="inside/card").set_value(None).run()
    expect_state(app, home("tanh"), "tanh")
    assert app.segmented_control(key="inside/card").value == "tanh"


def test_the_state_outlives_a_page_switch(app):
    section(open_inside(app, "BasicRNN"), "settings")
    set_number(app, "seed", 9)
    app.switch_page("rnn_demo/app/digits/page.py").run()
    for name in list(app.query_params):  # as the browser does
        del app.query_params[name]
    expect_state(open_inside(app), replace(BASIC, seed=9), "BasicRNN")


def test_a_table_is_pasted_or_refused_above_the_button(app):
    """B10: the refusal stood below the fold."""
    section(open_inside(app, "BasicRNN"), "tables")
    app.selectbox(key="inside/paste/name").set_value("X1")
    app.text_area(key="inside/paste/text").set_value("1\tx\t3\n4\t5\t6")
    press(app, "paste/submit")
    values = {"row": 0, "column": 1, "cell": "x", "limit": 100.0}
    expected = str(Message("inside.cell_not_a_number", values))
    order = [it for it in walk(app.main) if it.type in ("text_area", "error", "button")]
    at = next(i for i, it in enumerate(order) if it.type == "text_area")
    assert [it.type for it in order[at : at + 3]] == ["text_area", "error", "button"]
    assert order[at + 1].value == escape_markdown(f"{expected} Nothing was changed.")
    assert order[at + 2].key == "inside/paste/submit"
    assert sent(app)["error"] == ""
    assert sent(app)["state"] == BASIC.to_json() | {"card": "BasicRNN"}
    table = "1\t2,5\t3\n4\t5\t6\n7\t8\t9\n1\t1\t1"
    app.text_area(key="inside/paste/text").set_value(table)
    press(app, "paste/submit")
    expect_state(app, tables.paste(BASIC, "X1", table))


def walk(block):
    """All elements of a block, in the order of the page."""
    for it in block.children.values():
        yield from walk(it) if hasattr(it, "children") else (it,)


# One computation for each edit


@pytest.mark.parametrize("visible", [None, *SECTIONS])
def test_a_reset_and_an_edit_compute_the_network_once(app, unrolled, visible):
    section(open_inside(app, "BasicRNN"), visible)
    unrolled.clear()
    send(app, "edit", {"name": "X", "index": [1, 0, 0], "value": -2.5})
    assert len(unrolled) == 1
    expect_state(app, compute.edit(BASIC, [("X", (1, 0, 0), -2.5)]))
    unrolled.clear()
    press(app, "reset")
    assert len(unrolled) == 1


def test_a_setting_and_a_pasted_table_compute_the_network_once(app, unrolled):
    section(open_inside(app, "BasicRNN"), "settings")
    unrolled.clear()
    set_number(app, "seed", 9)
    assert len(unrolled) == 1
    section(app, "tables")
    app.text_area(key="inside/paste/text").set_value("1 2 3\n" * 4)
    press(app, "paste/submit")
    assert len(unrolled) == 2


def test_a_refused_edit_leaves_the_computation_of_the_state_on_screen(app, unrolled):
    open_inside(app, "BasicRNN")
    unrolled.clear()
    send(app, "edit", {"name": "X", "index": [1, 0, 9], "value": -2.5})
    assert unrolled == []
    assert sent(app)["error"]
    expect_state(app, BASIC)


def test_the_first_page_computes_nothing_and_an_answer_computes_once(app, unrolled):
    open_inside(app)
    assert unrolled == []
    assert sent(app)["stored"] is True
    assert question(app)["id"] == CARDS[0].question_id
    send(app, "answer", "changes")
    assert len(unrolled) == 2  # before and after


# Files


def test_a_state_file_is_opened_and_says_so_or_is_refused_where_it_was_given(app):
    section(open_inside(app, "BasicRNN"), "share")
    state = compute.edit(BASIC, [("b", (1,), 2.0)])
    open_file(app, state.to_json() | {"view": "4,all,"})
    expect_state(app, state, "BasicRNN")
    assert sent(app)["view"] == "4,all,"
    assert len(app.success) == 1
    uploader = app.file_uploader(key="inside/file")
    uploader.set_value([("bad.json", b"{", "application/json")]).run()
    expected = f"{Message('inside.not_a_state')} The file was not opened."
    assert [it.value for it in app.error] == [escape_markdown(expected)]
    assert not app.success
    assert sent(app)["error"] == ""
    assert sent(app)["state"] == state.to_json() | {"card": "BasicRNN"}


@pytest.mark.parametrize(
    ("card", "place"),
    [("forgets", "forgets"), ("layer", "SingleRNN"), ("<script>", "SingleRNN"), (7, "SingleRNN")],
)
def test_a_file_goes_back_to_its_card_if_that_has_its_class(app, card, place):
    section(open_inside(app, "BasicRNN"), "share")
    state = compute.edit(home("forgets"), [("Wy", (0, 0), 1.5)])
    open_file(app, state.to_json() | {"card": card})
    expect_state(app, state, place)


def open_file(app, data: dict) -> None:
    content = json.dumps(data).encode()
    uploader = app.file_uploader(key="inside/file")
    quiet(uploader.set_value([("state.json", content, "application/json")]).run())


def test_the_browser_gets_what_a_link_is_to_hide(app):
    section(open_inside(app), "share")
    app.multiselect(key="inside/hide").set_value(["settings"]).run()
    assert sent(quiet(app))["hide"] == ["settings"]
