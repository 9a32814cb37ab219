"""The page Inside, run by AppTest: what Python sends to the browser, and what it refuses."""

import base64
import json
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.inside import quiz_section, sentences
from rnn_demo.app.inside.sentences import SECTION_TITLES
from rnn_demo.inside import compute, tables
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState, decode, encode
from rnn_demo.messages import Message
from rnn_demo.nn import unroll
from tests.unit.inside.test_quiz import STATES, rounds

APP = Path(__file__).parents[2] / "streamlit_app.py"
BASIC = InsideState.of(PRESETS[1])


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    return AppTest.from_file(APP, default_timeout=60)


def quiet(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    assert not app.error, app.error
    return app


def sent(app: AppTest) -> dict:
    """The data of the unrolled network."""
    (network,) = app.get("bidi_component")
    (data,) = json.loads(network.proto.json)
    return data


def tensor(app: AppTest, name: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(sent(app)["tensors"][name]), "<f4")


def expect_state(app: AppTest, state: InsideState) -> None:
    """The page shows this state; the stored first one may differ in its last bits."""
    computation = compute.compute(state)
    Y, z = computation.unrolled.hidden, computation.unrolled.pre_activation
    tolerance = {"rtol": 1e-5, "atol": 1e-5}
    np.testing.assert_allclose(tensor(quiet(app), "Y"), Y.flatten(), **tolerance)
    np.testing.assert_allclose(tensor(app, "z"), z.flatten(), **tolerance)
    np.testing.assert_array_equal(tensor(app, "X"), computation.X.flatten())
    assert sent(app)["state"] == state.to_json()


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=f"inside/{key}").click().run()


def layer(app: AppTest) -> AppTest:
    """The page with the preset of five neurons."""
    app.run()
    return quiet(app.segmented_control(key="inside/model").set_value("BasicRNN").run())


def section(app: AppTest, name: str) -> AppTest:
    return quiet(app.segmented_control(key="inside/section").set_value(name).run())


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


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.class_name)
def test_a_preset_is_shown_as_the_tutorial_has_it(app, preset):
    app.run()
    app.segmented_control(key="inside/model").set_value(preset.class_name).run()
    expect_state(app, InsideState.of(preset))


SETTINGS = {
    "n_steps": 12,
    "batch": 16,
    "n_inputs": 8,
    "n_neurons": 16,
    "seed": 3,
    "hx": "random",
    "activation": "relu",
    "scale": 0.25,
}


@pytest.mark.parametrize(("name", "value"), SETTINGS.items())
def test_every_setting_changes_the_network_and_can_be_undone(app, name, value):
    layer(app)
    choices = dict.fromkeys(("hx", "activation"), app.segmented_control)
    widget = {"scale": app.slider, **choices}.get(name, app.number_input)
    widget(key=f"inside/{name}").set_value(value).run()
    expect_state(app, replace(BASIC, **{name: value}))
    press(app, "undo")
    expect_state(app, BASIC)


def test_reset_restores_the_tutorials_numbers(app):
    layer(app)
    app.number_input(key="inside/n_steps").set_value(5).run()
    app.number_input(key="inside/seed").set_value(5).run()
    press(app, "reset")
    expect_state(app, BASIC)
    press(app, "undo")
    expect_state(app, replace(BASIC, n_steps=5, seed=5))


def test_each_network_keeps_its_last_state(app):
    layer(app)
    app.number_input(key="inside/seed").set_value(9).run()
    app.segmented_control(key="inside/model").set_value("nn.RNNCell").run()
    expect_state(app, InsideState.of(PRESETS[2]))
    app.segmented_control(key="inside/model").set_value("BasicRNN").run()
    expect_state(app, replace(BASIC, seed=9))


def test_the_state_outlives_a_page_switch(app):
    layer(app)
    app.number_input(key="inside/seed").set_value(9).run()
    app.switch_page("rnn_demo/app/digits/page.py").run()
    app.switch_page("rnn_demo/app/inside/page.py").run()
    expect_state(app, replace(BASIC, seed=9))


def test_a_table_is_pasted_or_refused(app):
    layer(app)
    section(app, "paste")
    app.selectbox(key="inside/paste/name").set_value("X1")
    app.text_area(key="inside/paste/text").set_value("1\tx\t3\n4 5 6")
    press(app, "paste/submit")
    assert len(app.error) == 1
    values = {"row": 0, "column": 1, "cell": "x", "limit": 100.0}
    expected = str(Message("inside.cell_not_a_number", values))
    assert [text.value for text in app.text] == [expected]
    assert sent(app)["state"] == BASIC.to_json()
    table = "1\t2,5\t3\n4\t5\t6\n7\t8\t9\n1\t1\t1"
    app.text_area(key="inside/paste/text").set_value(table)
    press(app, "paste/submit")
    expect_state(app, tables.paste(BASIC, "X1", table))


# One computation for each edit


def type_into_the_network(app: AppTest, edit: dict) -> None:
    """Send the event of a browser in which a number is typed into the unrolled network."""
    (network,) = app.get("bidi_component")
    states = app._tree.get_widget_states()
    states.widgets.add(
        id=f"$$STREAMLIT_INTERNAL_KEY_{network.proto.id}__events",
        json_trigger_value=json.dumps([{"event": "edit", "value": edit}]),
    )
    app._run(states)


@pytest.mark.parametrize("visible", SECTION_TITLES)
def test_a_reset_computes_the_network_once(app, unrolled, visible):
    layer(app)
    app.number_input(key="inside/seed").set_value(3).run()
    section(app, visible)
    unrolled.clear()
    press(app, "reset")
    assert len(unrolled) == 1


def test_a_setting_computes_the_network_once(app, unrolled):
    layer(app)
    unrolled.clear()
    app.number_input(key="inside/seed").set_value(9).run()
    assert len(unrolled) == 1


@pytest.mark.parametrize("visible", SECTION_TITLES)
def test_a_cell_edit_computes_the_network_once(app, unrolled, visible):
    layer(app)
    section(app, visible)
    unrolled.clear()
    type_into_the_network(app, {"name": "X", "index": [1, 0, 0], "value": -2.5})
    assert len(unrolled) == 1
    unrolled.clear()
    expect_state(app, compute.edit(BASIC, [("X", (1, 0, 0), -2.5)]))


def test_a_refused_edit_leaves_the_computation_of_the_state_on_screen(app, unrolled):
    layer(app)
    unrolled.clear()
    type_into_the_network(app, {"name": "X", "index": [1, 0, 9], "value": -2.5})
    assert unrolled == []
    expect_state(app, BASIC)
    assert sent(app)["error"]


def test_an_answer_and_a_pasted_table_compute_the_network_once(app, unrolled):
    layer(app)
    section(app, "quiz")
    unrolled.clear()
    press(app, "quiz/stays")
    assert len(unrolled) == 1
    section(app, "paste")
    app.text_area(key="inside/paste/text").set_value("1 2 3\n" * 4)
    press(app, "paste/submit")
    assert len(unrolled) == 2


def test_the_first_page_computes_nothing(app, unrolled):
    quiet(app.run())
    assert unrolled == []
    assert sent(app)["stored"] is True


# Links


def test_a_link_restores_the_state_and_the_view(app):
    state = compute.edit(replace(BASIC, n_steps=3, seed=4), [("Wx", (1, 2), 0.5)])
    app.query_params["state"] = encode(state)
    app.query_params["view"] = "7,2,Y1[2,4]"
    app.run()
    expect_state(app, state)
    assert sent(app)["view"] == "7,2,Y1[2,4]"
    assert decode(sent(app)["token"]) == state


def test_a_change_after_a_link_is_kept(app):
    app.query_params["state"] = encode(BASIC)
    app.run()
    app.number_input(key="inside/seed").set_value(9).run()
    expect_state(app, replace(BASIC, seed=9))


def test_a_broken_link_opens_the_first_preset_with_one_notice(app):
    app.query_params["state"] = encode(BASIC)[:-6]
    app.run()
    expect_state(app, InsideState.of(PRESETS[0]))
    assert [warning.value for warning in app.warning] == [
        sentences.link_notice(Message("link.damaged"))
    ]
    app.number_input(key="inside/seed").set_value(9).run()
    assert not app.warning


@pytest.mark.hostile("a link with a script in it")
def test_a_link_cannot_put_words_on_the_page(app):
    text = json.dumps({"model": "![x](http://example.com/x.png)"}).encode()
    app.query_params["state"] = base64.urlsafe_b64encode(zlib.compress(text)).decode()
    app.run()
    assert [warning.value for warning in app.warning] == [
        sentences.link_notice(Message("inside.link_without_state"))
    ]


def test_a_link_can_hide_controls(app):
    app.query_params["hide"] = "settings,code,presets"
    app.run()
    assert sent(quiet(app))["hidden"] == ["code", "presets", "settings"]
    assert not app.number_input
    keys = {control.key for control in app.segmented_control}
    assert keys == {"inside/section"}


def test_the_browser_gets_what_a_link_is_to_hide(app):
    layer(app)
    section(app, "share")
    app.multiselect(key="inside/hide").set_value(["settings"]).run()
    assert sent(quiet(app))["hide"] == ["settings"]


def test_a_state_file_is_opened_or_refused(app):
    layer(app)
    section(app, "share")
    state = compute.edit(BASIC, [("b", (1,), 2.0)])
    content = json.dumps(state.to_json() | {"view": "4,all,"}).encode()
    uploader = app.file_uploader(key="inside/file")
    uploader.set_value([("state.json", content, "application/json")]).run()
    expect_state(app, state)
    assert sent(app)["view"] == "4,all,"
    uploader = app.file_uploader(key="inside/file")
    uploader.set_value([("bad.json", b"{", "application/json")]).run()
    assert sent(app)["error"] == str(Message("inside.not_a_state"))
    expect_state(app, state)


# The sections


def test_the_three_implementations_agree_until_a_mistake_is_switched_on(app):
    layer(app)
    app.slider(key="inside/scale").set_value(0.1).run()
    section(app, "equivalence")

    def badge(colour: str) -> bool:
        return any(f":{colour}-badge[" in it.value for it in app.markdown)

    assert badge("green")
    for name in ("not_transposed", "second_bias", "random_start", "leftover_state"):
        app.toggle(key=f"inside/equivalence/{name}").set_value(True).run()
        assert badge("red")
        app.toggle(key=f"inside/equivalence/{name}").set_value(False).run()
        assert badge("green")


def test_without_an_activation_the_comparison_is_an_explanation(app):
    layer(app)
    app.segmented_control(key="inside/activation").set_value("none").run()
    section(app, "equivalence")
    assert [it.value for it in app.info] == [str(Message("inside.activation_needed"))]


def test_the_findings_are_shown_as_published_and_fixed(app):
    layer(app)
    section(app, "findings")
    assert {"0", "RuntimeError", "1-10"} <= {metric.value for metric in app.metric}
    app.segmented_control(key="inside/findings/version").set_value("fixed").run()
    assert {"3", "0-9", "1.0000"} <= {metric.value for metric in app.metric}


def test_the_code_by_hand_stands_beside_the_loop(app):
    layer(app)
    app.number_input(key="inside/n_steps").set_value(12).run()
    section(app, "loop")
    by_hand, loop = (code.value for code in app.code)
    assert "Y11 = torch.tanh(X11 @ self.Wx + Y10 @ self.Wy + self.b)" in by_hand
    assert len(loop.splitlines()) == 4


@pytest.mark.parametrize(("choice", "colour"), [("changes", "red"), ("stays", "green")])
def test_a_prediction_is_answered_by_the_numbers(app, choice, colour):
    layer(app)
    section(app, "quiz")
    press(app, f"quiz/{choice}")
    assert any(f":{colour}[" in it.value for it in app.markdown)
    assert {row[0] for row in sent(app)["state"]["edits"]} == {"X"}
    press(app, "quiz/next")
    assert not any(":red[" in it.value or ":green[" in it.value for it in app.markdown)
    assert app.button(key="inside/quiz/stays")


def buttons(app: AppTest) -> set[str]:
    keys = {str(button.key) for button in app.button}
    return {key.removeprefix("inside/quiz/") for key in keys if key.startswith("inside/quiz/")}


@pytest.mark.parametrize("model", ["BasicRNN", "nn.RNNCell"])
@pytest.mark.parametrize("activation", ["tanh", "none"])
def test_the_quiz_goes_on_for_many_rounds(app, model, activation):
    app.run()
    app.segmented_control(key="inside/model").set_value(model).run()
    app.segmented_control(key="inside/activation").set_value(activation).run()
    section(app, "quiz")
    for _ in range(8):
        choices = sorted(buttons(app))
        assert choices in (["changes", "stays"], ["fewer", "more", "same"])
        quiet(press(app, f"quiz/{choices[0]}"))
        assert buttons(app) == {"next"}
        quiet(press(app, "quiz/next"))


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_every_answer_of_the_quiz_has_a_sentence(state):
    for question, _, _, answer in rounds(state):
        for choice in question.choices:
            text = quiz_section.verdict(question, choice, answer)
            assert text.startswith(quiz_section.question_text(question))
            assert (":green[" in text) == (choice == answer.choice)
            assert not set("{}") & set(text)


def test_a_question_whose_premise_no_longer_holds_gives_way_to_another(app):
    layer(app)
    section(app, "quiz")
    first = [it.value for it in app.markdown]
    section(app, "settings")
    app.number_input(key="inside/n_steps").set_value(1).run()
    section(app, "quiz")
    assert buttons(app) == {"more", "fewer", "same"}
    assert [it.value for it in app.markdown] != first
