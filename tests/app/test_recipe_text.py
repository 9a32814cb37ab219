"""Recipes in words."""

import pytest

from rnn_demo.app.recipe_text import difference, summary, value_text
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe


@pytest.mark.parametrize("name", HYPERPARAMETERS)
def test_a_changed_hyperparameter_is_named_with_both_values(name):
    parameter = HYPERPARAMETERS[name]
    values = list(parameter.choices) or [parameter.low, parameter.high]
    value = next(each for each in values if each != parameter.default)
    if parameter.whole:
        value = int(value)
    sentence = difference(Recipe(**{name: value}), Recipe())
    assert parameter.label[1:] in sentence
    assert f"{parameter.text(value)} (was {parameter.text(parameter.default)})" in sentence


def test_changes_stand_in_the_order_of_the_form():
    changed = Recipe(validation=5_000, cell="gru", learning_rate=0.0005)
    sentence = difference(changed, Recipe())
    shown = [value_text("cell", "gru"), "0.0005", "5,000"]
    assert sorted(shown, key=sentence.index) == shown


def test_an_unchanged_preset_needs_no_sentence():
    assert difference(Recipe(), Recipe()) == ""


@pytest.mark.parametrize("name", PRESETS)
def test_a_summary_names_cell_units_optimiser_and_epochs(name):
    recipe = PRESETS[name].recipe
    sentence = summary(recipe)
    for part in ("cell", "n_neurons", "optimizer", "learning_rate", "epochs"):
        assert value_text(part, getattr(recipe, part)) in sentence
    assert sentence.endswith(".")


def test_one_of_anything_is_singular():
    one, many = summary(Recipe(n_neurons=1, epochs=1)), summary(Recipe(num_layers=2))
    assert "1 tanh unit," in one
    assert "1 epoch of" in one
    assert "2 layers of 150 tanh units," in many


def test_the_summary_names_the_data():
    texts = {
        summary(Recipe()),
        summary(Recipe(data="synthetic")),
        summary(Recipe(synthetic=1_000)),
    }
    assert len(texts) == 3
