"""What a training is expected to take; what it really takes is measured in test_worker.py."""

from dataclasses import replace

import pytest

from rnn_demo.runs import store
from rnn_demo.training import resources
from rnn_demo.training.recipe import RECIPES, Recipe

LARGEST = Recipe(cell="lstm", n_neurons=512, num_layers=3)
DRAWN = Recipe(synthetic=50_000, non_digits=20_000, validation=5_000)


@pytest.mark.parametrize("name", RECIPES)
def test_every_preset_fits(name):
    assert resources.problem(RECIPES[name]) is None


@pytest.mark.parametrize(
    "recipe",
    [LARGEST, replace(DRAWN, batch_size=4_096)],
)
def test_a_smaller_batch_makes_these_fit(recipe):
    assert resources.problem(recipe)
    assert resources.problem(replace(recipe, batch_size=16)) is None


@pytest.mark.parametrize("recipe", [LARGEST, replace(DRAWN, batch_size=4_096)])
def test_what_is_too_large_is_refused_in_one_sentence_and_leaves_nothing(recipe, runs_folder):
    with pytest.raises(ValueError, match=r"^This would take about [\d,]+ MB .*batch.*\.$"):
        store.start(recipe, "0" * 32)
    assert not list(runs_folder.rglob("recipe.json"))


def test_something_must_be_left_to_train_on():
    recipe = Recipe(data="synthetic", validation=12_000)
    assert resources.problem(recipe) == "Of 12,000 images none is left to train on: hold out fewer."
    assert resources.problem(replace(recipe, validation=11_999)) is None


@pytest.mark.parametrize(
    "more",
    [
        {"n_neurons": 300},
        {"num_layers": 2},
        {"batch_size": 128},
        {"cell": "gru"},
        {"cell": "lstm"},
        {"synthetic": 10_000},
        {"non_digits": 10_000},
        {"synthetic": 100, "validation": 10_000},
    ],
)
def test_more_of_anything_is_expected_to_take_more(more):
    assert resources.megabytes(replace(Recipe(), **more)) > resources.megabytes(Recipe())


def test_the_estimate_of_a_plain_layer_is_two_floats_for_each_state():
    """A state and a slope, at 28 rows of each image; the rest is small beside them."""
    one, two = (Recipe(n_neurons=512, batch_size=n) for n in (500, 1_500))
    states = 28 * 512 * 1_000 * 2 * 4 / 1e6
    grown = resources.megabytes(two) - resources.megabytes(one)
    assert states < grown < 1.2 * states
