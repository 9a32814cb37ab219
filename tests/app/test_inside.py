"""The flow lab's page, run by AppTest: what Python sends to the picture, and what it refuses."""

import base64
import json
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.inside import compute
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import LabState, decode, encode

APP = Path(__file__).parents[2] / "streamlit_app.py"
BASIC = LabState.of(PRESETS[1])


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    return AppTest.from_file(APP, default_timeout=60)


def quiet(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    assert not app.error, app.error
    return app


def sent(app: AppTest) -> dict:
    """What the picture is given."""
    (picture,) = app.get("bidi_component")
    (data,) = json.loads(picture.proto.json)
    return data


def tensor(app: AppTest, name: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(sent(app)["tensors"][name]), "<f4")


def expect_state(app: AppTest, state: LabState) -> None:
    """The page shows this state; the stored first one may differ in its last bits."""
    shown = compute.compute(state)
    tolerance = {"rtol": 1e-5, "atol": 1e-5}
    Y, z = shown.unrolled.hidden, shown.unrolled.pre_activation
    np.testing.assert_allclose(tensor(quiet(app), "Y"), Y.flatten(), **tolerance)
    np.testing.assert_allclose(tensor(app, "z"), z.flatten(), **tolerance)
    np.testing.assert_array_equal(tensor(app, "X"), shown.X.flatten())
    assert sent(app)["state"] == state.to_json()


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def layer(app: AppTest) -> AppTest:
    app.run()
    return quiet(app.segmented_control(key="lab/model").set_value("BasicRNN").run())


def section(app: AppTest, name: str) -> AppTest:
    return quiet(app.segmented_control(key="lab/section").set_value(name).run())


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_a_preset_is_shown_as_the_tutorial_has_it(app, preset):
    app.run()
    app.segmented_control(key="lab/model").set_value(preset.class_name).run()
    expect_state(app, LabState.of(preset))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_steps", 12),
        ("batch", 16),
        ("n_inputs", 8),
        ("n_neurons", 16),
        ("seed", 3),
        ("hx", "random"),
        ("activation", "relu"),
        ("scale", 0.25),
    ],
)
def test_every_setting_changes_the_picture_and_can_be_undone(app, name, value):
    layer(app)
    widgets = {
        "scale": app.slider,
        "hx": app.segmented_control,
        "activation": app.segmented_control,
    }
    widgets.get(name, app.number_input)(key=f"lab/{name}").set_value(value).run()
    expect_state(app, replace(BASIC, **{name: value}))
    press(app, "Undo")
    expect_state(app, BASIC)


def test_reset_brings_the_tutorials_numbers_back(app):
    layer(app)
    app.number_input(key="lab/n_steps").set_value(5).run()
    app.number_input(key="lab/seed").set_value(5).run()
    press(app, "Reset")
    expect_state(app, BASIC)
    press(app, "Undo")
    expect_state(app, replace(BASIC, n_steps=5, seed=5))


def test_each_network_is_found_as_it_was_left(app):
    layer(app)
    app.number_input(key="lab/seed").set_value(9).run()
    app.segmented_control(key="lab/model").set_value("nn.RNNCell").run()
    expect_state(app, LabState.of(PRESETS[2]))
    app.segmented_control(key="lab/model").set_value("BasicRNN").run()
    expect_state(app, replace(BASIC, seed=9))


def test_the_state_outlives_a_page_switch(app):
    layer(app)
    app.number_input(key="lab/seed").set_value(9).run()
    app.switch_page("rnn_demo/app/digits/page.py").run()
    app.switch_page("rnn_demo/app/inside/page.py").run()
    expect_state(app, replace(BASIC, seed=9))


def test_a_table_is_pasted_or_refused_with_a_sentence(app):
    layer(app)
    section(app, "Paste a table")
    app.selectbox(key="lab/paste/name").set_value("X1")
    app.text_area(key="lab/paste/text").set_value("1\tx\t3\n4 5 6")
    press(app, "Paste")
    assert [error.value for error in app.error] == ["Nothing was changed."]
    assert [text.value for text in app.text] == ["Row 0, column 1 (x) is not a number."]
    assert sent(app)["state"] == BASIC.to_json()
    table = "1\t2,5\t3\n4\t5\t6\n7\t8\t9\n1\t1\t1"
    app.text_area(key="lab/paste/text").set_value(table)
    press(app, "Paste")
    expect_state(app, compute.paste(BASIC, "X1", table))


# Links


def test_a_link_restores_the_state_and_the_view(app):
    state = compute.edit(replace(BASIC, n_steps=3, seed=4), [("Wx", (1, 2), 0.5)])
    app.query_params["lab"] = encode(state)
    app.query_params["view"] = "7,2,Y1[2,4]"
    app.run()
    expect_state(app, state)
    assert sent(app)["view"] == "7,2,Y1[2,4]"
    assert decode(sent(app)["token"]) == state


def test_what_is_changed_after_a_link_was_opened_stays_changed(app):
    app.query_params["lab"] = encode(BASIC)
    app.run()
    app.number_input(key="lab/seed").set_value(9).run()
    expect_state(app, replace(BASIC, seed=9))


def test_a_broken_link_opens_the_preset_with_one_sentence(app):
    app.query_params["lab"] = encode(BASIC)[:-6]
    app.run()
    expect_state(app, LabState.of(PRESETS[0]))
    assert [warning.value for warning in app.warning] == [
        "The link is damaged: a part of it is missing or changed. This is the preset instead."
    ]
    app.number_input(key="lab/seed").set_value(9).run()
    assert not app.warning


@pytest.mark.hostile("a link with a script in it")
def test_a_link_cannot_put_words_on_the_page(app):
    text = json.dumps({"model": "![x](http://example.com/x.png)"}).encode()
    app.query_params["lab"] = base64.urlsafe_b64encode(zlib.compress(text)).decode()
    app.run()
    assert [warning.value for warning in app.warning] == [
        "The link holds a state that the flow lab does not know. This is the preset instead."
    ]


def test_a_link_can_hide_controls(app):
    app.query_params["hide"] = "settings,code,presets"
    app.run()
    assert sent(quiet(app))["hidden"] == ["code", "presets", "settings"]
    assert not app.number_input
    keys = {control.key for control in app.segmented_control}
    assert keys == {"lab/section"}


def test_what_the_link_is_to_hide_goes_to_the_picture(app):
    layer(app)
    section(app, "Share")
    app.multiselect(key="lab/hide").set_value(["settings"]).run()
    assert sent(quiet(app))["hide"] == ["settings"]


def test_a_state_file_is_opened_or_refused_with_a_sentence(app):
    layer(app)
    section(app, "Share")
    state = compute.edit(BASIC, [("b", (1,), 2.0)])
    content = json.dumps(state.to_json() | {"view": "4,all,"}).encode()
    app.file_uploader(key="lab/file").set_value([("state.json", content, "application/json")]).run()
    expect_state(app, state)
    assert sent(app)["view"] == "4,all,"
    app.file_uploader(key="lab/file").set_value([("bad.json", b"{", "application/json")]).run()
    assert sent(app)["problem"] == "This is no state of the flow lab."
    expect_state(app, state)


# What makes it teach


def test_three_ways_agree_until_a_switch_breaks_them(app):
    layer(app)
    app.slider(key="lab/scale").set_value(0.1).run()
    section(app, "Three ways")

    def badge() -> str:
        return next(it.value for it in app.markdown if "largest difference" in it.value)

    assert "green" in badge()
    for name in ("not_transposed", "second_bias", "random_start", "left_over"):
        app.toggle(key=f"lab/ways/{name}").set_value(True).run()
        assert "red" in badge()
        app.toggle(key=f"lab/ways/{name}").set_value(False).run()
        assert "green" in badge()


def test_the_errata_switch_shows_both_versions(app):
    layer(app)
    section(app, "Errata")
    assert {"0", "RuntimeError", "1-10"} <= {metric.value for metric in app.metric}
    app.segmented_control(key="lab/errata").set_value("Fixed").run()
    assert {"3", "works", "0-9", "1.0000"} <= {metric.value for metric in app.metric}


def test_code_that_grows_stands_beside_code_that_does_not(app):
    layer(app)
    app.number_input(key="lab/n_steps").set_value(12).run()
    section(app, "Code that grows")
    by_hand, loop = (code.value for code in app.code)
    assert "Y11 = torch.tanh(X11 @ self.Wx + Y10 @ self.Wy + self.b)" in by_hand
    assert len(loop.splitlines()) == 4


def test_a_prediction_is_answered_by_the_picture(app):
    layer(app)
    section(app, "Predict")
    press(app, "It moves")
    told = next(it.value for it in app.markdown if "X1" in it.value)
    assert "Not this time: **it stays.**" in told
    assert "before `X1` came in" in told
    assert {row[0] for row in sent(app)["state"]["edits"]} == {"X"}
    press(app, "Next question")
    assert any("Only `X0` will change" in it.value for it in app.markdown)
