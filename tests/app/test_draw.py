"""The page Draw without a browser: every choice on it, run by AppTest."""

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
from rnn_demo.app.draw import sentences
from rnn_demo.app.draw.preprocessing_component import payload
from rnn_demo.data import handwriting, preprocess, source, strokes
from rnn_demo.data.digits import as_float
from rnn_demo.formats import url
from rnn_demo.messages import InputError
from rnn_demo.nn import attribution
from rnn_demo.nn.reading import read
from rnn_demo.runs import store
from rnn_demo.training import checkpoint
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe
from tests.app.test_pages import APP, open_page, quiet
from tests.example_runs import owner_of

MODEL = load_pretrained(checkpoint.pretrained()[0])  # the default choice
SEVEN = strokes.example("crossed 7")


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    """The page Draw on a machine without MNIST."""
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


def texts(app: AppTest) -> str:
    """All Markdown and captions, without Markdown's escapes."""
    text = "\n".join(element.value for element in [*app.markdown, *app.caption])
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def press(app: AppTest, key: str) -> AppTest:
    return quiet(app.button(key=key).click().run())


def draw_seven(app: AppTest) -> np.ndarray:
    """Put the example onto the canvas; return the image that a network gets."""
    press(app, "draw/canvas/example/crossed 7")
    return preprocess.to_mnist(strokes.render(SEVEN))


def look_closer(app: AppTest, name: str) -> AppTest:
    return quiet(app.segmented_control(key="draw/panel").set_value(name).run())


# Input


def shown_digit(app: AppTest, index: int) -> bool:
    """Whether the page names this test digit and its label."""
    label = int(source.load("synthetic", "test").labels[index])
    return sentences.digit_caption(index, label, "synthetic") in texts(app)


def test_a_test_digit_is_named_with_its_label(app):
    quiet(app.segmented_control(key="draw/source").set_value("digit").run())
    assert shown_digit(app, 0)
    quiet(app.number_input(key="draw/digit/2000").set_value(17).run())
    assert shown_digit(app, 17)


def test_the_most_confident_mistake_comes_first(app):
    quiet(app.segmented_control(key="draw/source").set_value("mistake").run())
    test = source.load("synthetic", "test")
    probabilities = MODEL(torch.from_numpy(as_float(test.images))).softmax(1).detach().numpy()
    wrong = np.flatnonzero(probabilities.argmax(1) != test.labels)
    worst = max(wrong, key=lambda i: probabilities[i].max())
    assert shown_digit(app, worst)
    assert app.number_input(key=f"draw/mistake/{len(wrong)}").max == len(wrong) - 1


def test_an_example_is_put_onto_the_canvas_and_undone(app):
    assert app.button(key="draw/canvas/undo").disabled
    draw_seven(app)
    assert app.session_state["draw/canvas/history"][-1].strokes == SEVEN
    press(app, "draw/canvas/undo")
    assert app.session_state["draw/canvas/history"] == []
    assert app.button(key="draw/canvas/undo").disabled


# The panel Why


def test_bands_and_gradient_are_those_of_the_drawing(app):
    image = draw_seven(app)
    bands, slope, *_ = figures(look_closer(app, "attribution"))
    np.testing.assert_allclose(bands, attribution.occlusion(MODEL, image, 4), atol=1e-6)
    np.testing.assert_allclose(slope, attribution.gradient(MODEL, image), atol=1e-6)
    quiet(app.slider(key="draw/attribution/height").set_value(9).run())
    np.testing.assert_allclose(figures(app)[0], attribution.occlusion(MODEL, image, 9), atol=1e-6)


def test_each_stroke_is_left_out_in_turn(app):
    draw_seven(app)
    look_closer(app, "attribution")
    shown = figures(app)[2:4]
    for index, image in enumerate(shown):
        rest = [stroke for i, stroke in enumerate(SEVEN) if i != index]
        np.testing.assert_allclose(image, preprocess.to_mnist(strokes.render(rest)), atol=1e-6)
        assert sentences.without_stroke(index, read(MODEL, image.astype("f"))) in texts(app)
    assert not np.allclose(*shown)


def test_a_digit_without_strokes_shows_no_missing_stroke(app):
    assert len(figures(look_closer(app, "attribution"))) == 5


def test_the_rows_come_in_another_order(app):
    image = draw_seven(app)
    backwards, shuffled = figures(look_closer(app, "attribution"))[4:6]
    np.testing.assert_allclose(backwards, image[::-1], atol=1e-6)
    assert sorted(map(tuple, shuffled)) == sorted(map(tuple, image.astype(float)))
    assert sentences.answer(read(MODEL, image[::-1].copy())) in texts(app)


def test_the_memory_of_another_digit_is_carried_over(app):
    image = draw_seven(app)
    look_closer(app, "attribution")
    app.segmented_control(key="draw/attribution/donor").set_value(0).run()
    quiet(app.slider(key="draw/attribution/rows").set_value(21).run())
    donor = handwriting.render(handwriting.strokes(0, np.random.default_rng(0)), 2.4)
    _, state = MODEL.basic_rnn(torch.from_numpy(donor[:21])[:, None])
    states, _ = MODEL.basic_rnn(torch.from_numpy(image[21:])[:, None], state)
    probabilities = MODEL.FC(states[-1, 0]).softmax(0).detach()
    mixed = read(MODEL, np.concatenate([donor[:21], image[21:]]))
    assert mixed.prediction == int(probabilities.argmax())
    assert mixed.confidence == pytest.approx(float(probabilities.max()), abs=1e-5)
    assert app.markdown[-1].value == sentences.swapped_memory(0, 21, mixed)


# Preprocessing


def test_three_ways_make_three_images_and_three_answers(app):
    draw_seven(app)
    images = figures(look_closer(app, "preprocessing"))
    steps = preprocess.preprocess(strokes.render(SEVEN))
    expected = (steps.shrunk_image, steps.boxed_image, steps.image)
    for image, each in zip(images, expected, strict=True):
        np.testing.assert_allclose(image, each, atol=1e-6)
        assert sentences.answer(read(MODEL, image.astype("f"))) in texts(app)
    assert not any(np.allclose(one, other) for one, other in pairwise(images))


def placed(ink: np.ndarray, placement: dict[str, float], pixels: float) -> np.ndarray:
    """Ink in the 28 x 28 field, each of its pixels a square of points.

    Args:
        ink: (side, side).
        placement: scale, left and top, for canvas pixels.
        pixels: canvas pixels per pixel of `ink`.
    """
    field = np.zeros((28, 28))
    offsets = (np.arange(40) + 0.5) / 40  # 40 x 40 points in each pixel of ink
    for row, column in zip(*np.nonzero(ink), strict=True):
        y = placement["scale"] * (row + offsets) * pixels + placement["top"]
        x = placement["scale"] * (column + offsets) * pixels + placement["left"]
        np.add.at(field, (y.astype(int)[:, None], x.astype(int)[None, :]), ink[row, column])
    return field / field.max()


def test_the_animation_ends_with_the_ink_that_the_network_gets():
    """A drawing with a speck: no step of the animation shows it."""
    rgba = strokes.render([*SEVEN, strokes.Stroke(np.array([[262.0, 20.0]]), 8)])
    steps = preprocess.preprocess(rgba)
    assert steps.has_specks
    sent = payload(steps)
    ink = np.frombuffer(base64.b64decode(sent["ink"]), np.uint8).reshape(sent["side"], -1) / 255
    last = sent["steps"][-1]["placement"]
    shown = placed(ink, last, sent["block"])
    image = preprocess.to_mnist(rgba)
    np.testing.assert_allclose(shown, image, atol=0.03)
    np.testing.assert_allclose(np.reshape(sent["image"], (28, 28)), image, atol=0.001)
    clean = payload(preprocess.preprocess(strokes.render(SEVEN)))
    assert {**sent, "steps": [step["placement"] for step in sent["steps"]]} == {
        **clean,
        "steps": [step["placement"] for step in clean["steps"]],
    }


# Networks


def title(app: AppTest) -> str:
    """The title of the network that reads, as its list shows it."""
    picker = app.selectbox(key="draw/network")
    return str(picker.options[picker.index])


def test_a_second_network_is_selected_and_differs_from_the_first(app):
    look_closer(app, "comparison")
    first, second = app.selectbox(key="draw/network"), app.selectbox(key="draw/second_network")
    assert second.options == first.options
    assert second.value != first.value
    named = [option for option in first.options if texts(app).count(option)]
    assert len(named) == 2


def test_a_run_is_read_with_its_current_weights(app, runs_folder):
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
        bands = figures(look_closer(app, "attribution"))[0]
        np.testing.assert_allclose(bands, attribution.occlusion(model, image, 4), atol=1e-6)


def give(app: AppTest, content: bytes) -> AppTest:
    return app.file_uploader(key="draw/upload").set_value(("w.safetensors", content, "")).run()


def test_a_file_of_weights_is_a_further_network(app):
    torch.manual_seed(0)
    model = ImageRNN(1, 28, 28, 9, 10, cell="rnn_relu")
    app.segmented_control(key="draw/upload_cell").set_value("rnn_relu").run()
    quiet(give(app, save(model.state_dict())))
    assert title(app) == sentences.file_title("rnn_relu", 9)
    image = draw_seven(app)
    bands = figures(look_closer(app, "attribution"))[0]
    np.testing.assert_allclose(bands, attribution.occlusion(model, image, 4), atol=1e-6)


def test_the_activation_of_a_file_can_be_changed_afterwards(app):
    model = ImageRNN(1, 28, 28, 9, 10)
    quiet(give(app, save(model.state_dict())))
    assert title(app) == sentences.file_title("rnn_tanh", 9)
    quiet(app.segmented_control(key="draw/upload_cell").set_value("rnn_relu").run())
    assert title(app) == sentences.file_title("rnn_relu", 9)


def test_an_invalid_file_gets_one_error_and_the_page_still_reads(app):
    before = title(app)
    give(app, b"PK\x03\x04 like a pickle")
    assert not app.exception
    assert len(app.error) == 1
    assert app.session_state["draw/uploaded"].code.startswith("training.")
    assert title(app) == before


@pytest.mark.hostile("weights of another visitor's session")
def test_another_session_does_not_see_the_file(app, runs_folder):
    quiet(give(app, save(ImageRNN(1, 28, 28, 9, 10).state_dict())))
    other = open_page(AppTest.from_file(APP, default_timeout=60), "draw")
    assert title(app) in app.selectbox(key="draw/network").options
    assert title(app) not in other.selectbox(key="draw/network").options


# Links


def test_only_a_drawing_is_shared(app):
    assert app.button(key="draw/share/show")
    quiet(app.segmented_control(key="draw/source").set_value("digit").run())
    assert "draw/share/show" not in [button.key for button in app.button]


def open_link(text: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.query_params["drawing"] = text
    app.switch_page("rnn_demo/app/draw/page.py")
    return app.run()


def test_a_link_is_opened_and_shows_the_same_digit(runs_folder, without_mnist):
    app = quiet(open_link(strokes.encode(SEVEN)))
    (drawing,) = app.session_state["draw/canvas/history"]
    expected = preprocess.to_mnist(strokes.render(strokes.decode(strokes.encode(SEVEN))))
    np.testing.assert_array_equal(preprocess.to_mnist(drawing.rgba), expected)
    assert app.query_params["drawing"] == strokes.encode(SEVEN)


def test_a_shown_link_opens_as_the_drawing(app, runs_folder):
    draw_seven(app)
    assert not app.code  # it is made on request
    press(app, "draw/share/show")
    link = app.code[0].value
    assert len(link) <= url.MAX_LINK_CHARACTERS
    back = strokes.decode(link.split("drawing=")[1])
    assert np.abs(strokes.image(back) - strokes.image(SEVEN)).mean() < 0.01


def test_the_address_loses_the_link_when_the_drawing_changes(runs_folder, without_mnist):
    app = open_link(strokes.encode(SEVEN))
    press(app, "draw/canvas/example/open 4")
    assert "drawing" not in app.query_params
    assert len(app.session_state["draw/canvas/history"]) == 2


@pytest.mark.parametrize("text", ["nonsense", "A" * 1801, "eJyLBgAAXQBe"])
def test_a_damaged_link_gets_one_warning(runs_folder, without_mnist, text):
    app = quiet(open_link(text))
    assert len(app.warning) == 1
    with pytest.raises(InputError) as error:
        strokes.decode(text)
    assert app.warning[0].value == str(error.value)
    assert app.session_state["draw/canvas/history"] == []
