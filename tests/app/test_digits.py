"""The page Digits, run by Streamlit's AppTest without a browser."""

import base64
import re

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from rnn_demo.data import source
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe
from tests.app.draw_page import component
from tests.app.from_browser import send_event
from tests.app.test_pages import APP, open_page, quiet

IMAGES = "image"  # the parameter of the address


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    """The app on a machine that has no MNIST: 2,000 synthetic digits to test with."""
    return AppTest.from_file(APP, default_timeout=60)


def sequence(app: AppTest) -> dict:
    """What the picture gets."""
    return component(quiet(app), "digits_sequence")


def images(data: dict) -> np.ndarray:
    return np.frombuffer(base64.b64decode(data["images"]), np.uint8).reshape(-1, 28, 28)


def floats(text: str, n_columns: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(-1, n_columns)


def report(app: AppTest, place: object) -> dict:
    """Let the browser report where the visitor is in the batch that is shown."""
    value = {"batch": sequence(app)["batch"], "place": place}
    return sequence(send_event(app, "digits_sequence", "place", value))


def follow(app: AppTest, text: str) -> AppTest:
    """Open a link to the page."""
    app.run()
    app.switch_page("rnn_demo/app/digits/page.py")
    app.query_params[IMAGES] = text
    return app.run()


def test_the_batch_is_shown_with_the_answers_of_an_untrained_network(app):
    open_page(app, "digits")
    data = sequence(app)
    batch = source.load("synthetic", "train").part(0, 64)
    assert np.array_equal(images(data), batch.images)
    assert data["labels"] == batch.labels.tolist()
    inputs = torch.from_numpy(batch.images / 255).float()
    logits = build(Recipe())(inputs).detach()
    probabilities = torch.softmax(logits, dim=1).numpy()
    assert floats(data["numbers"]["probabilities"], 10) == pytest.approx(probabilities, abs=1e-6)
    # As in the tutorial, the logits of an untrained network are small.
    assert np.abs(probabilities - 0.1).max() < 0.03
    hidden = floats(data["numbers"]["hidden"], 150)
    output = build(Recipe()).basic_rnn(inputs[0][:, None])[0][:, 0].detach().numpy()
    assert hidden == pytest.approx(output, abs=1e-6)


def test_a_visitor_can_choose_a_batch(app):
    open_page(app, "digits")
    first = images(sequence(app))
    app.number_input(key="digits/batch").set_value(2).run()
    second = sequence(app)
    assert not np.array_equal(images(second), first)
    app.segmented_control(key="digits/split").set_value("test").run()
    sequence(app)
    assert app.number_input(key="digits/batch").value == 1
    assert app.number_input(key="digits/batch").max == 32  # 2,000 images
    app.number_input(key="digits/batch").set_value(32).run()
    assert len(sequence(app)["labels"]) == 16  # the last batch is smaller
    assert "16" in sequence(app)["text"]["batch"]


def test_the_address_keeps_what_is_shown(app):
    open_page(app, "digits")
    assert IMAGES not in app.query_params
    report(app, {"image": 4, "row": None, "question": 0})
    assert app.query_params[IMAGES] == "train-1-5"
    data = report(app, {"image": 4, "row": 13, "question": 1})
    assert app.query_params[IMAGES] == "train-1-5-row14-question2"
    assert (data["image"], data["row"], data["question"]) == (4, 13, 1)
    app.number_input(key="digits/batch").set_value(3).run()
    assert app.query_params[IMAGES] == "train-3-1"


def test_a_link_leads_to_its_image(app):
    data = sequence(follow(app, "test-32-16-row9"))
    assert (data["image"], data["row"]) == (15, 8)
    batch = source.load("synthetic", "test").part(31 * 64, 64)
    assert np.array_equal(images(data), batch.images)


@pytest.mark.hostile("addresses and reports that make no sense")
@pytest.mark.parametrize(
    "text", ["test-32-17", "test-33-1", "train-0-1", "<b>", "train-1-1-row29", "train-1-99"]
)
def test_a_link_to_nothing_says_so_and_shows_the_first_image(app, text):
    data = sequence(follow(app, text))
    assert (data["image"], data["row"]) == (0, None)
    assert len(app.warning) == 1


@pytest.mark.hostile("addresses and reports that make no sense")
@pytest.mark.parametrize(
    "place",
    [None, 7, [1], {"image": 64}, {"image": -1}, {"image": "x"}, {"row": 28}, {"batch": 10**9},
     {"image": 1.5}, {"question": 9}, {"else": 1}],
)  # fmt: skip
def test_a_report_that_makes_no_sense_changes_nothing(app, place):
    open_page(app, "digits")
    report(app, {"image": 4, "row": 13, "question": 1})
    data = report(app, place)
    assert (data["image"], data["row"], data["question"]) == (4, 13, 1)


def test_a_late_report_about_another_batch_changes_nothing(app):
    """The visitor moves, and chooses the test images before the browser has reported the move."""
    open_page(app, "digits")
    late = {"batch": sequence(app)["batch"], "place": {"image": 4, "row": 13, "question": 1}}
    app.segmented_control(key="digits/split").set_value("test").run()
    data = sequence(send_event(app, "digits_sequence", "place", late))
    assert (data["image"], data["row"], data["question"]) == (0, None, 0)


def test_all_numbers_stand_behind_doors(app):
    open_page(app, "digits")
    assert not any("<table>" in each.proto.body for each in app.get("html"))
    app.session_state["digits/pixels"] = True
    app.session_state["digits/logits"] = True
    app.run()
    pixels, logits = (each.proto.body for each in app.get("html") if "<table>" in each.proto.body)
    batch = source.load("synthetic", "train").part(0, 64)
    assert np.array_equal(table(pixels), (batch.images[0] / 255).round(2))
    expected = build(Recipe())(torch.from_numpy(batch.images / 255).float())
    assert table(logits).shape == (64, 10)
    assert table(logits) == pytest.approx(expected.detach().numpy(), abs=6e-5)


def table(html: str) -> np.ndarray:
    """The numbers of an HTML table."""
    rows = html.split("<tr>")[2:]  # after the header
    return np.array([re.findall(r">(-?\d\.\d+)</td>", row) for row in rows], float)


@pytest.mark.parametrize("image", [0, 7, 20])
def test_the_numbers_decide_the_questions(app, image):
    open_page(app, "digits")
    first, ink, other = report(app, {"image": image, "row": None, "question": 0})["questions"]
    data = sequence(app)
    rows = images(data)[image].any(axis=1).tolist()
    assert "28" in first["choices"][first["right"]]
    assert first["row"] == 0
    assert ink["choices"][ink["right"]].endswith(f" {rows.index(True) + 1}")
    assert ink["row"] == rows.index(True)
    assert len(set(ink["choices"])) == 3
    probabilities = floats(data["numbers"]["probabilities"], 10)
    difference = np.ptp(probabilities, axis=0).max()
    assert other["right"] == int(difference < 0.1)
    assert f"{100 * difference:.1f}" in other["answer"]
