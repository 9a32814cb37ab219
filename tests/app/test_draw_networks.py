"""The networks of the page Draw without a browser: choose, compare, and bring one's own."""

import contextlib
import json
import os
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save
from streamlit.testing.v1 import AppTest

from rnn_demo import ImageRNN, load_pretrained
from rnn_demo.app.draw import sentences
from rnn_demo.nn import attribution
from rnn_demo.runs import store
from rnn_demo.training import checkpoint
from rnn_demo.training.build import build
from rnn_demo.training.data import validation_digits
from rnn_demo.training.evaluate import accuracy
from rnn_demo.training.recipe import Recipe
from rnn_demo.training.scaling import SCALINGS, Interpretation, Measurement
from tests.app.draw_page import component, draw_seven, figures, look_at, texts
from tests.app.inside_page import open_inside, section
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


def give(app: AppTest, content: bytes, name: str = "w.safetensors") -> AppTest:
    return app.file_uploader(key="draw/upload").set_value((name, content, "")).run()


def test_a_file_of_weights_is_a_further_network_and_says_how_well_it_reads(app):
    model = load_pretrained("vanilla")
    tensors = model.state_dict()
    # As if it had been trained on pixels from -1 to 1, by another tutorial.
    W, b = tensors["basic_rnn.weight_ih_l0"] / 2, tensors["basic_rnn.bias_ih_l0"]
    tensors |= {"basic_rnn.weight_ih_l0": W, "basic_rnn.bias_ih_l0": b + W.sum(dim=1)}
    renamed = {
        name.replace("basic_rnn", "module.rnn").replace("FC", "module.out"): tensor
        for name, tensor in tensors.items()
    }
    quiet(give(app, save(renamed)))
    assert title(app) == sentences.file_title("rnn_relu", 150)
    digits = validation_digits(500)
    found = Measurement((Interpretation("rnn_relu", "half"),), accuracy(model, digits), 500)
    assert [it.value for it in app.success] == [sentences.measured(found, "synthetic")]
    image = draw_seven(app)
    bands = figures(look_at(app, "attribution"))[0]
    np.testing.assert_allclose(bands, attribution.occlusion(model, image, 4), atol=1e-5)


def undecided() -> ImageRNN:
    """A network that answers the same to every image."""
    model = ImageRNN(1, 28, 28, 9, 10)
    torch.nn.init.zeros_(model.FC.weight)
    return model


def test_what_measuring_leaves_open_is_asked_and_the_choice_lasts(app):
    quiet(give(app, save(undecided().state_dict())))
    assert title(app) == sentences.file_title("rnn_tanh", 9)
    choice = app.selectbox(key="draw/upload/choice")
    assert len(choice.options) == 2 * len(SCALINGS)
    relu = next(i for i, text in enumerate(choice.options) if text.startswith("relu"))
    quiet(choice.select_index(relu).run())
    assert title(app) == sentences.file_title("rnn_relu", 9)
    open_page(app, "digits")
    app.switch_page("rnn_demo/app/draw/page.py").run()
    assert title(quiet(app)) == sentences.file_title("rnn_relu", 9)
    choice = app.selectbox(key="draw/upload/choice")
    assert choice.options[choice.index].startswith("relu")
    quiet(choice.select_index(0).run())
    assert title(app) == sentences.file_title("rnn_tanh", 9)


def test_the_next_file_takes_the_place_of_the_last_one_without_a_word(app):
    """The browser sends a choice about the last one, and its title, together with the next one."""
    before = title(app)
    quiet(give(app, save(undecided().state_dict())))
    app.selectbox(key="draw/upload/choice").select_index(1)
    app.session_state["draw/network"] = title(app)
    give(app, save({}))
    assert not app.exception
    assert not app.toast
    assert title(app) == before


def test_an_invalid_file_gets_one_error_and_the_page_still_reads(app):
    before = title(app)
    give(app, save(undecided().state_dict() | {"**h0**": torch.zeros(1)}))
    assert not app.exception
    (error,) = app.error
    assert r"\*\*h0\*\*" in error.value  # a name in a file is no Markdown
    assert title(app) == before
    assert not app.code


@pytest.mark.parametrize("page", ["draw", "inside"])
def test_a_phone_lets_every_file_be_chosen(app, page):
    """iOS shows the files of an unknown kind in grey where an upload has a filter."""
    if page == "inside":
        section(open_inside(app), "share")
    (uploader,) = app.file_uploader
    assert not uploader.proto.type


@pytest.mark.parametrize("whole_model", [False, True])
def test_a_file_of_torch_save_gets_the_lines_that_convert_it(app, tmp_path, whole_model):
    model = load_pretrained("tutorial")
    torch.save(model if whole_model else model.state_dict(), tmp_path / "model.pt")
    give(app, (tmp_path / "model.pt").read_bytes(), "model.safetensors")
    assert not app.exception
    assert len(app.error) == 1
    lines = app.code[0].value
    if whole_model:
        (lines,) = re.findall(r"`(safetensors.torch.save_model\(.*?\))`", texts(app))
        load = 'torch.load("model.pt", weights_only=False)'
        lines = f"import torch, safetensors.torch\nmodel = {load}\n{lines}"
    with contextlib.chdir(tmp_path):
        exec(lines, {})
    quiet(give(app, (tmp_path / "model.safetensors").read_bytes()))
    assert title(app) == sentences.file_title("rnn_tanh", 150)


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
