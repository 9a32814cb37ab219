"""The networks of the page Draw without a browser: choose, compare, and bring one's own."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save
from streamlit.testing.v1 import AppTest

from rnn_demo import ImageRNN
from rnn_demo.app.draw import sentences
from rnn_demo.nn import attribution
from rnn_demo.runs import store
from rnn_demo.training import checkpoint
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe
from tests.app.draw_page import component, draw_seven, figures, look_at
from tests.app.test_pages import APP, open_page, quiet
from tests.example_runs import owner_of


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    """The page Draw on a machine without MNIST."""
    return AppTest.from_file(APP, default_timeout=60).run()


def title(app: AppTest) -> str:
    """The title of the network that reads, as its list shows it."""
    picker = app.selectbox(key="draw/network")
    return str(picker.options[picker.index])


def test_a_second_network_stands_beside_the_first_and_differs_from_it(app):
    look_at(app, "comparison")
    first, second = app.selectbox(key="draw/network"), app.selectbox(key="draw/second_network")
    assert second.options == first.options
    assert second.value != first.value
    named = [reading["title"] for reading in component(app, "draw_reading")["readings"]]
    assert named == [title(app), second.options[second.index]]


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
        bands = figures(look_at(app, "attribution"))[0]
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
    bands = figures(look_at(app, "attribution"))[0]
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


def test_a_new_session_says_that_the_uploaded_network_is_gone(runs_folder, without_mnist):
    """After a restart of the server, or with a phone that was locked for a while."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["network"] = "draw/uploaded"
    app.query_params["panel"] = "attribution"
    app.run()
    assert not app.exception
    assert any("uploaded" in toast.value for toast in app.toast)
