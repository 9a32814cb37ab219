"""The reading room without a browser: every choice on its page, run by AppTest."""

import base64
import json
import os
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from safetensors.torch import save
from streamlit.testing.v1 import AppTest

from rnn_demo import ImageRNN, load_pretrained
from rnn_demo.data import handwriting, preprocess, source, strokes
from rnn_demo.data.digits import as_float
from rnn_demo.formats import url
from rnn_demo.nn import attribution
from rnn_demo.nn.reading import read
from rnn_demo.runs import store
from rnn_demo.training import checkpoint
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe
from tests.app.test_pages import APP, open_page, quiet
from tests.example_runs import owner_of

SHIPPED = checkpoint.pretrained()[0]  # the usual choice
MODEL = load_pretrained(SHIPPED)
SEVEN = strokes.example("crossed 7")


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    """The reading room on a machine that has no MNIST."""
    return open_page(AppTest.from_file(APP, default_timeout=60), "draw")


def figures(app: AppTest) -> list[np.ndarray]:
    """The numbers of each heatmap, and the lengths of the bars of each bar chart."""
    first = [json.loads(chart.proto.spec)["data"][0] for chart in app.get("plotly_chart")]
    return [numbers(trace["z"] if trace["type"] == "heatmap" else trace["x"]) for trace in first]


def numbers(sent: list | dict) -> np.ndarray:
    """Plotly sends lists as they are, and arrays packed."""
    if isinstance(sent, list):
        return np.array(sent)
    return np.frombuffer(base64.b64decode(sent["bdata"]), sent["dtype"])


def said(app: AppTest) -> str:
    """All words, Markdown's escapes undone."""
    text = "\n".join(element.value for element in [*app.markdown, *app.caption])
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def press(app: AppTest, key: str) -> AppTest:
    return quiet(app.button(key=key).click().run())


def draw_seven(app: AppTest) -> np.ndarray:
    """Put the example onto the canvas; what a network gets of it."""
    press(app, "canvas/example/crossed 7")
    return preprocess.to_mnist(strokes.render(SEVEN))


def look_closer(app: AppTest, name: str) -> AppTest:
    return quiet(app.segmented_control(key="draw/more").set_value(name).run())


# What is read


def test_a_test_digit_is_named_with_its_label(app):
    quiet(app.segmented_control(key="draw/source").set_value("digit").run())
    test = source.load("synthetic", "test")
    assert f"Number 0 of synthetic test digits, labelled **{test.labels[0]}**" in said(app)
    quiet(app.number_input(key="draw/digit/2000").set_value(17).run())
    assert f"Number 17 of synthetic test digits, labelled **{test.labels[17]}**" in said(app)


def test_a_mistake_is_one_and_the_surest_comes_first(app):
    quiet(app.segmented_control(key="draw/source").set_value("mistake").run())
    test = source.load("synthetic", "test")
    probabilities = MODEL(torch.from_numpy(as_float(test.images))).softmax(1).detach().numpy()
    wrong = np.flatnonzero(probabilities.argmax(1) != test.labels)
    worst = max(wrong, key=lambda i: probabilities[i].max())
    assert f"Number {worst:,} of synthetic test digits, labelled **{test.labels[worst]}**" in said(
        app
    )
    assert app.number_input(key=f"draw/mistake/{len(wrong)}").max == len(wrong) - 1


def test_an_example_comes_onto_the_canvas_and_is_undone(app):
    assert "Draw a digit here" in said(app)
    draw_seven(app)
    assert app.session_state["canvas/history"][-1].strokes == SEVEN
    assert "Draw a digit here" not in said(app)
    quiet(next(button for button in app.button if button.label == "Undo stroke").click().run())
    assert "Draw a digit here" in said(app)


# Why


def test_bands_and_gradient_are_those_of_the_drawing(app):
    image = draw_seven(app)
    bands, slope, *_ = figures(look_closer(app, "why"))
    np.testing.assert_allclose(bands, attribution.occlusion(MODEL, image, 4), atol=1e-6)
    np.testing.assert_allclose(slope, attribution.gradient(MODEL, image), atol=1e-6)
    quiet(app.slider(key="why/height").set_value(9).run())
    np.testing.assert_allclose(figures(app)[0], attribution.occlusion(MODEL, image, 9), atol=1e-6)


def test_each_stroke_is_left_out_in_turn(app):
    draw_seven(app)
    look_closer(app, "why")
    shown = figures(app)[2:4]
    for index, image in enumerate(shown):
        rest = [stroke for i, stroke in enumerate(SEVEN) if i != index]
        np.testing.assert_allclose(image, preprocess.to_mnist(strokes.render(rest)), atol=1e-6)
        assert f"Without stroke {index}: {read(MODEL, image.astype('f')).answer}" in said(app)
    assert not np.allclose(*shown)


def test_a_digit_without_strokes_has_none_to_leave_out(app):
    assert "stroke were missing" not in said(look_closer(app, "why"))


def test_the_rows_come_in_another_order(app):
    image = draw_seven(app)
    backwards, shuffled = figures(look_closer(app, "why"))[4:6]
    np.testing.assert_allclose(backwards, image[::-1], atol=1e-6)
    assert sorted(map(tuple, shuffled)) == sorted(map(tuple, image.astype(float)))
    assert f"Backwards: {read(MODEL, image[::-1].copy()).answer}" in said(app)


def test_the_memory_of_another_digit_is_carried_over(app):
    image = draw_seven(app)
    look_closer(app, "why")
    app.segmented_control(key="why/donor").set_value(0).run()
    quiet(app.slider(key="why/row").set_value(20).run())
    donor = handwriting.render(handwriting.strokes(0, np.random.default_rng(0)), 2.4)
    _, state = MODEL.basic_rnn(torch.from_numpy(donor[:21])[:, None])
    states, _ = MODEL.basic_rnn(torch.from_numpy(image[21:])[:, None], state)
    belief = MODEL.FC(states[-1, 0]).softmax(0).detach()
    expected = "This does not look like a digit"
    if float(belief.max()) >= 0.5:
        expected = f"{int(belief.argmax())}, {int(100 * belief.max())} % sure"
    told = "A 0 down to row 20, this digit from there on: "
    assert app.markdown[-1].value == told + expected


# Preprocessing


def test_three_ways_make_three_images_and_three_answers(app):
    draw_seven(app)
    images = figures(look_closer(app, "steps"))
    rgba = strokes.render(SEVEN)
    for image, make in zip(
        images, (preprocess.resized, preprocess.boxed, preprocess.to_mnist), strict=True
    ):
        np.testing.assert_allclose(image, make(rgba), atol=1e-6)
        assert read(MODEL, image.astype("f")).answer in said(app)
    assert not any(np.allclose(one, other) for one, other in pairwise(images))


# Networks


def test_a_second_network_is_chosen_by_itself_and_is_another_one(app):
    look_closer(app, "other")
    first, second = app.selectbox(key="draw/network"), app.selectbox(key="draw/second")
    assert second.options == first.options
    assert second.value != first.value
    read_by = [caption.value for caption in app.caption if caption.value.startswith("Read by ")]
    assert len(set(read_by)) == 2


def test_a_run_is_read_with_the_weights_it_has_now(app, runs_folder):
    recipe = Recipe(n_neurons=5)
    folder = runs_folder / owner_of(app.session_state["visitor/key"]) / "1"
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "recipe.json").write_text(json.dumps(recipe.to_json()))
    (folder / "status.json").write_text(json.dumps({"state": "finished"}))
    run = store.Run(folder)
    image = draw_seven(app)
    for seed in (0, 1):
        model = build(replace(recipe, seed=seed))
        checkpoint.save(run.weights, model, checkpoint.Card(recipe, "", "", ""))
        os.utime(run.weights, ns=(seed, seed))
        app.run()
        app.selectbox(key="draw/network").set_value(run.id).run()
        bands = figures(look_closer(app, "why"))[0]
        np.testing.assert_allclose(bands, attribution.occlusion(model, image, 4), atol=1e-6)


def give(app: AppTest, content: bytes) -> AppTest:
    return app.file_uploader(key="network/file").set_value(("w.safetensors", content, "")).run()


def test_a_file_of_weights_is_a_further_network(app):
    torch.manual_seed(0)
    model = ImageRNN(1, 28, 28, 9, 10, cell="rnn_relu")
    app.segmented_control(key="network/cell").set_value("rnn_relu").run()
    quiet(give(app, save(model.state_dict())))
    assert "Read by your file (9 units, rnn_relu)" in said(app)
    image = draw_seven(app)
    bands = figures(look_closer(app, "why"))[0]
    np.testing.assert_allclose(bands, attribution.occlusion(model, image, 4), atol=1e-6)


def test_its_activation_can_be_changed_afterwards(app):
    model = ImageRNN(1, 28, 28, 9, 10)
    quiet(give(app, save(model.state_dict())))
    assert "rnn_tanh" in said(app)
    quiet(app.segmented_control(key="network/cell").set_value("rnn_relu").run())
    assert "Read by your file (9 units, rnn_relu)" in said(app)


def test_a_file_that_is_none_gets_one_sentence_and_the_page_goes_on(app):
    give(app, b"PK\x03\x04 a pickle, say")
    assert not app.exception
    assert [error.value for error in app.error] == ["This is not a whole .safetensors file."]
    assert f"Read by {SHIPPED}" in said(app)


@pytest.mark.hostile("weights of another visitor's session")
def test_another_session_does_not_see_the_file(app, runs_folder):
    quiet(give(app, save(ImageRNN(1, 28, 28, 9, 10).state_dict())))
    other = open_page(AppTest.from_file(APP, default_timeout=60), "draw")
    assert not any("your file" in option for option in other.selectbox(key="draw/network").options)


# Links


def test_only_a_drawing_is_shared(app):
    assert app.button(key="share/show")
    quiet(app.segmented_control(key="draw/source").set_value("digit").run())
    assert "Share" not in [button.label for button in app.button]


def open_link(text: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.query_params["drawing"] = text
    app.switch_page("rnn_demo/app/draw/page.py")
    return app.run()


def test_a_link_is_opened_and_shows_the_same_digit(runs_folder, without_mnist):
    app = quiet(open_link(strokes.encode(SEVEN)))
    (drawing,) = app.session_state["canvas/history"]
    expected = preprocess.to_mnist(strokes.render(strokes.decode(strokes.encode(SEVEN))))
    np.testing.assert_array_equal(preprocess.to_mnist(drawing.rgba), expected)
    assert app.query_params["drawing"] == strokes.encode(SEVEN)


def test_a_shown_link_opens_as_the_drawing(app, runs_folder):
    draw_seven(app)
    assert not app.code  # it is made when it is asked for
    press(app, "share/show")
    link = app.code[0].value
    assert len(link) <= url.MAX_LINK_CHARACTERS
    back = strokes.decode(link.split("drawing=")[1])
    assert np.abs(strokes.image(back) - strokes.image(SEVEN)).mean() < 0.01


def test_the_address_lets_go_of_the_link_when_something_else_is_drawn(runs_folder, without_mnist):
    app = open_link(strokes.encode(SEVEN))
    press(app, "canvas/example/open 4")
    assert "drawing" not in app.query_params
    assert len(app.session_state["canvas/history"]) == 2


@pytest.mark.parametrize("text", ["nonsense", "A" * 1801, "eJyLBgAAXQBe"])
def test_a_damaged_link_gets_one_sentence(runs_folder, without_mnist, text):
    app = quiet(open_link(text))
    assert len(app.warning) == 1
    assert app.warning[0].value.startswith("The link ")
    assert "Draw a digit here" in said(app)
