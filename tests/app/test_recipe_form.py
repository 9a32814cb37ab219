"""The form of the page Train: every hyperparameter has its widget, made from its field."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.recipe_text import difference, summary
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe
from tests.app.test_pages import APP, open_page, quiet

# Without MNIST nothing can be added to it, so this widget is not shown.
SHOWN = [parameter for parameter in HYPERPARAMETERS.values() if parameter.name != "synthetic"]
each_hyperparameter = pytest.mark.parametrize(
    "parameter", SHOWN, ids=lambda parameter: parameter.name
)


@pytest.fixture
def app(without_mnist: Path, runs_folder: Path) -> AppTest:
    return open_page(AppTest.from_file(APP, default_timeout=60), "train")


def widget(app: AppTest, name: str):
    find = app.segmented_control if HYPERPARAMETERS[name].choices else app.number_input
    return find(key=f"train/{name}")


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


@each_hyperparameter
def test_every_hyperparameter_has_a_widget_with_its_label_help_and_range(app, parameter):
    shown = widget(app, parameter.name)
    assert shown.label == parameter.label
    assert parameter.help in shown.help
    if parameter.choices:
        if parameter.name != "data":  # without MNIST there is no choice
            assert shown.options == list(parameter.choices.values())
    else:
        assert (shown.min, shown.max, shown.step) == (
            parameter.low,
            parameter.high,
            parameter.step,
        )
        assert parameter.text(parameter.low) in shown.help
        assert parameter.text(parameter.high) in shown.help


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_everything(app, name):
    quiet(app.pills(key="train/preset").set_value(name).run())
    recipe = PRESETS[name].recipe
    for parameter in SHOWN:
        expected = "synthetic" if parameter.name == "data" else getattr(recipe, parameter.name)
        assert widget(app, parameter.name).value == expected


def test_presets_stand_in_their_order(app):
    assert app.pills(key="train/preset").options == [preset.label for preset in PRESETS.values()]
    assert app.pills(key="train/preset").value == "tutorial"


def test_the_recipe_is_shown_in_words(app):
    app.number_input(key="train/epochs").set_value(3).run()
    app.segmented_control(key="train/cell").set_value("gru").run()
    recipe = Recipe(data="synthetic", cell="gru", epochs=3)
    assert summary(recipe) in captions(app)
    assert difference(recipe, Recipe()) in captions(app)


def test_each_optimiser_starts_at_a_learning_rate_of_its_own(app):
    app.segmented_control(key="train/optimizer").set_value("sgd").run()
    assert app.number_input(key="train/learning_rate").value == 0.01
    app.segmented_control(key="train/optimizer").set_value("adam").run()
    assert app.number_input(key="train/learning_rate").value == 0.001


def test_a_batch_that_is_too_large_is_refused_and_can_be_made_smaller(app):
    app.segmented_control(key="train/cell").set_value("lstm").run()
    app.number_input(key="train/n_neurons").set_value(256).run()
    app.number_input(key="train/batch_size").set_value(512).run()
    (error,) = app.error
    assert "256" in error.value  # the largest batch
    assert app.button(key="train/start").disabled
    quiet(app.number_input(key="train/batch_size").set_value(256).run())
    assert not app.error
    assert app.number_input(key="train/n_neurons").value == 256
    assert not app.button(key="train/start").disabled


def test_synthetic_digits_can_be_added_to_mnist(runs_folder, real_mnist):
    app = open_page(AppTest.from_file(APP, default_timeout=60), "train")
    app.segmented_control(key="train/data").set_value("both").run()
    added = app.number_input(key="train/synthetic")
    assert added.label == HYPERPARAMETERS["synthetic"].label
    added.set_value(1234).run()
    assert difference(Recipe(synthetic=1234), Recipe()) in captions(app)
    app.segmented_control(key="train/data").set_value("mnist").run()
    assert summary(Recipe()) in captions(app)


def test_an_emptied_field_keeps_its_number(app):
    for parameter in SHOWN:
        if not parameter.choices:
            proto = app.number_input(key=f"train/{parameter.name}").proto
            assert (proto.required, proto.HasField("default")) == (True, False)
