"""The panels of the page Draw without a browser: Why, and From drawing to image."""

import base64
from itertools import pairwise

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from rnn_demo.app.draw import sentences
from rnn_demo.app.draw.preprocessing_component import payload
from rnn_demo.data import handwriting, preprocess, strokes
from rnn_demo.nn import attribution
from rnn_demo.nn.reading import read
from tests.app.draw_page import LINKED_SEVEN, MODEL, ask, draw_seven, figures, look_at, texts
from tests.app.test_pages import APP, quiet


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    """The page Draw on a machine without MNIST."""
    return AppTest.from_file(APP, default_timeout=60).run()


def test_bands_and_gradient_are_those_of_the_drawing(app):
    image = draw_seven(app)
    (bands,) = figures(ask(app, "rows"))
    np.testing.assert_allclose(bands, attribution.occlusion(MODEL, image, 4), atol=1e-6)
    quiet(app.slider(key="draw/attribution/height").set_value(9).run())
    np.testing.assert_allclose(figures(app)[0], attribution.occlusion(MODEL, image, 9), atol=1e-6)
    (slope,) = figures(ask(app, "pixels"))
    np.testing.assert_allclose(slope, attribution.gradient(MODEL, image), atol=1e-6)


def test_each_stroke_is_left_out_in_turn(app):
    assert figures(ask(app, "strokes")) == []  # the example has no strokes
    assert len(app.info) == 1
    draw_seven(app)
    shown = figures(app)
    assert len(shown) == 2
    for index, image in enumerate(shown):
        rest = [stroke for i, stroke in enumerate(LINKED_SEVEN) if i != index]
        np.testing.assert_allclose(image, preprocess.to_mnist(strokes.render(rest)), atol=1e-6)
        answer = read(MODEL, image.astype("f")).answer
        assert sentences.without_stroke(index, answer) in texts(app)
    assert not np.allclose(*shown)


def test_the_rows_come_in_another_order(app):
    image = draw_seven(app)
    backwards, shuffled = figures(ask(app, "orders"))
    np.testing.assert_allclose(backwards, image[::-1], atol=1e-6)
    assert sorted(map(tuple, shuffled)) == sorted(map(tuple, image.astype(float)))
    assert sentences.headline(read(MODEL, image[::-1].copy()).answer) in texts(app)


def test_the_memory_of_another_digit_is_carried_over(app):
    image = draw_seven(app)
    ask(app, "memory")
    app.segmented_control(key="draw/attribution/donor").set_value(0).run()
    quiet(app.slider(key="draw/attribution/rows").set_value(21).run())
    donor = handwriting.render(handwriting.strokes(0, np.random.default_rng(0)), 2.4)
    _, state = MODEL.basic_rnn(torch.from_numpy(donor[:21])[:, None])
    states, _ = MODEL.basic_rnn(torch.from_numpy(image[21:])[:, None], state)
    probabilities = MODEL.FC(states[-1, 0]).softmax(0).detach()
    mixed = read(MODEL, np.concatenate([donor[:21], image[21:]])).answer
    assert mixed.prediction == int(probabilities.argmax())
    assert mixed.confidence == pytest.approx(float(probabilities.max()), abs=1e-5)
    assert sentences.swapped_memory(0, 21, mixed) in texts(app)


def test_three_ways_make_three_images_and_three_answers(app):
    draw_seven(app)
    images = figures(look_at(app, "preprocessing"))
    steps = preprocess.preprocess(strokes.render(LINKED_SEVEN))
    expected = (steps.shrunk_image, steps.boxed_image, steps.image)
    for image, each in zip(images, expected, strict=True):
        np.testing.assert_allclose(image, each, atol=1e-6)
        assert sentences.headline(read(MODEL, image.astype("f")).answer) in texts(app)
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
    rgba = strokes.render([*LINKED_SEVEN, strokes.Stroke(np.array([[262.0, 20.0]]), 8)])
    steps = preprocess.preprocess(rgba)
    assert steps.has_specks
    sent = payload(steps)
    ink = np.frombuffer(base64.b64decode(sent["ink"]), np.uint8).reshape(sent["side"], -1) / 255
    last = sent["steps"][-1]["placement"]
    shown = placed(ink, last, sent["block"])
    image = preprocess.to_mnist(rgba)
    np.testing.assert_allclose(shown, image, atol=0.03)
    np.testing.assert_allclose(np.reshape(sent["image"], (28, 28)), image, atol=0.001)
    clean = payload(preprocess.preprocess(strokes.render(LINKED_SEVEN)))
    assert {**sent, "steps": [step["placement"] for step in sent["steps"]]} == {
        **clean,
        "steps": [step["placement"] for step in clean["steps"]],
    }
