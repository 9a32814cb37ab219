"""What is read on the page Draw, without a browser: a drawing, a test digit or a mistake."""

import base64
import json

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from rnn_demo.app.draw import first_reading, sentences
from rnn_demo.data import source, strokes
from rnn_demo.data.digits import as_float
from rnn_demo.nn.answer import Answer
from tests.app.draw_page import MODEL, component, draw_seven, headlines, press, texts
from tests.app.test_pages import APP, quiet


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    """The page Draw on a machine without MNIST."""
    return AppTest.from_file(APP, default_timeout=60).run()


def numbers(packed: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed), "<f4")


def test_the_stored_first_reading_is_the_computed_one():
    """Up to the last bits, in which processors differ."""
    stored, computed = first_reading.load(), json.loads(json.dumps(first_reading.compute()))
    assert stored["network"] == computed["network"]
    assert stored["examples"] == computed["examples"]
    one, other = stored["reading"], computed["reading"]
    for name in ("hidden", "weights", "probabilities"):
        np.testing.assert_allclose(
            numbers(one["numbers"][name]), numbers(other["numbers"][name]), atol=1e-4
        )
    np.testing.assert_allclose(numbers(one["image"]), numbers(other["image"]), atol=1e-6)
    assert one["answer"] == pytest.approx(other["answer"], abs=1e-4)
    assert one["limit"] == pytest.approx(other["limit"], abs=1e-4)
    assert (one["units"], one["n_neurons"]) == (other["units"], other["n_neurons"])


def test_until_a_digit_is_drawn_and_after_clear_the_page_says_that_an_example_is_read(app):
    def says_so() -> bool:
        return any("an example is read" in each.proto.body for each in app.get("html"))

    assert says_so()
    assert headlines(app) == ["3, 99 %"]
    draw_seven(app)
    assert not says_so()
    assert headlines(app)[0].startswith("7, ")
    press(app, "draw/canvas/clear")
    assert says_so()
    assert headlines(app) == ["3, 99 %"]


def test_a_drawing_is_undone(app):
    assert app.button(key="draw/canvas/undo").disabled
    draw_seven(app)
    press(app, "draw/canvas/undo")
    assert app.session_state["draw/canvas/history"] == []
    assert app.button(key="draw/canvas/undo").disabled


def test_each_example_has_a_named_picture(app):
    sent = component(app, "draw_gallery")
    assert sent["names"] == [str(name) for name in strokes.EXAMPLES]
    images = np.frombuffer(base64.b64decode(sent["images"]), np.uint8).reshape(-1, 28, 28)
    for image, name in zip(images, strokes.EXAMPLES, strict=True):
        np.testing.assert_allclose(image / 255, strokes.image(strokes.example(name)), atol=0.002)


def shown_digit(app: AppTest, index: int) -> bool:
    """Whether the page names this test digit and its label, and marks its picture."""
    label = int(source.load("synthetic", "test").labels[index])
    gallery = component(app, "draw_gallery")
    marked = gallery["names"][gallery["chosen"]]
    caption = sentences.digit_caption(index, label, "synthetic")
    return caption in texts(app) and marked.startswith(sentences.digit_name(index, label, None))


def test_test_digits_are_chosen_from_pages_of_pictures_and_one_by_one(app):
    quiet(app.segmented_control(key="draw/source").set_value("digit").run())
    assert shown_digit(app, 0)
    assert app.button(key="draw/digit/previous").disabled
    app.session_state["draw/index"] = 19
    quiet(app.run())
    assert shown_digit(app, 19)
    assert component(app, "draw_gallery")["pages"]["range"] == "1 to 20 of 2,000"
    press(app, "draw/digit/next")
    assert shown_digit(app, 20)
    assert component(app, "draw_gallery")["pages"]["range"] == "21 to 40 of 2,000"
    press(app, "draw/digit/previous")
    assert shown_digit(app, 19)


def test_the_most_confident_mistake_comes_first_and_says_what_it_is(app):
    quiet(app.segmented_control(key="draw/source").set_value("mistake").run())
    test = source.load("synthetic", "test")
    probabilities = MODEL(torch.from_numpy(as_float(test.images))).softmax(1).detach().numpy()
    answers = probabilities.argmax(1)
    wrong = np.flatnonzero(answers != test.labels)
    worst = max(wrong, key=lambda i: probabilities[i].max())
    assert shown_digit(app, worst)
    assert f"of {len(wrong)}" in component(app, "draw_gallery")["pages"]["range"]
    label = test.labels[worst]
    article = "an" if label == 8 else "a"
    assert headlines(app)[0] == f"{answers[worst]}, 99 %. It is {article} {label}."
    # B9: the next one is one click away.
    press(app, "draw/digit/next")
    assert app.session_state["draw/index"] != worst
    assert "It is a" in headlines(app)[0]


@pytest.mark.parametrize(
    ("prediction", "confidence", "label", "text"),
    [
        (7, 0.9999, None, "7, 99 %"),
        (8, 1.0, 8, "8, 99 %"),
        (6, 0.991, 4, "6, 99 %. It is a 4."),
        (3, 0.5, 8, "3, 50 %. It is an 8."),
        (3, 0.2, 5, "This does not look like a digit. It is a 5."),
    ],
)
def test_a_wrong_answer_says_what_it_is(prediction, confidence, label, text):
    answer = Answer(prediction, confidence, 10, None, blank=False)
    assert sentences.headline(answer, label) == text
