"""The recipe form in the address."""

from dataclasses import replace

import pytest

from rnn_demo.app.train.recipe_address import from_text, to_text
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe


@pytest.mark.parametrize("preset", PRESETS)
def test_an_unchanged_preset_is_its_name(preset):
    assert to_text(preset, PRESETS[preset].recipe) == preset
    assert from_text(preset) == (preset, PRESETS[preset].recipe)


@pytest.mark.parametrize("parameter", HYPERPARAMETERS.values(), ids=lambda each: each.name)
def test_every_change_comes_back(parameter):
    to_type = int if parameter.whole else float
    for value in [*parameter.choices] or [to_type(parameter.low), to_type(parameter.high)]:
        recipe = replace(Recipe(), **{parameter.name: value})
        assert from_text(to_text("quick", recipe)) == ("quick", recipe)
        assert from_text(to_text("tutorial", recipe)) == ("tutorial", recipe)


@pytest.mark.parametrize(
    "text",
    ["", "nothing", "quick,epochs", "quick,epochs=0", "quick,cell=cnn", "quick,x=1", "quick,"],
)
def test_what_is_no_recipe_is_refused(text):
    assert from_text(text) is None
