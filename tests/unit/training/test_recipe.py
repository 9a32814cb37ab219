"""A hyperparameter is one place: validation, command line and comparison are made from it."""

import json
from dataclasses import fields, replace
from typing import get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_demo.messages import InputError, Translatable
from rnn_demo.training import __main__ as command_line
from rnn_demo.training import checkpoint
from rnn_demo.training.hyperparameter import Hyperparameter
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import (
    HYPERPARAMETERS,
    MAX_BATCH_STATES,
    N_GATES,
    Recipe,
    differing,
)

each_hyperparameter = pytest.mark.parametrize(
    "parameter", HYPERPARAMETERS.values(), ids=lambda parameter: parameter.name
)


def other_value(parameter: Hyperparameter) -> object:
    """A valid value that is not the default."""
    if parameter.choices:
        return next(choice for choice in parameter.choices if choice != parameter.default)
    value = parameter.low if parameter.low != parameter.default else parameter.high
    return int(value) if parameter.whole else float(value)


def refused(values: dict[str, object]) -> str:
    """The code of the error that a recipe with these values raises."""
    with pytest.raises(InputError) as error:
        Recipe.from_json(values)
    return error.value.message.code


# Every hyperparameter


def test_every_field_is_a_hyperparameter():
    assert list(HYPERPARAMETERS) == [field.name for field in fields(Recipe)]


@each_hyperparameter
def test_it_has_a_label_a_help_and_a_range_or_choices(parameter):
    for text in (parameter.label, parameter.help, *parameter.choices.values()):
        assert isinstance(text, Translatable)
        assert text.strip()
    assert parameter.help.endswith(".")
    assert bool(parameter.choices) != (parameter.low < parameter.high)
    parameter.check(parameter.default)
    if not parameter.choices:
        assert 0 < parameter.step <= parameter.high - parameter.low


def test_no_two_labels_are_the_same():
    labels = [parameter.label for parameter in HYPERPARAMETERS.values()]
    assert len(set(labels)) == len(labels)


@each_hyperparameter
def test_choices_are_those_of_its_type(parameter):
    assert get_args(get_type_hints(Recipe)[parameter.name]) == tuple(parameter.choices)


@each_hyperparameter
def test_its_range_holds_and_nothing_beyond_it(parameter):
    name = parameter.name
    if parameter.choices:
        for choice in parameter.choices:
            assert getattr(Recipe(**{name: choice}), name) == choice
        assert refused({name: "magic"}) == refused({name: ["adam"]}) == "training.not_a_choice"
        return
    for bound in (parameter.low, parameter.high):
        value = int(bound) if parameter.whole else bound
        assert getattr(Recipe(**{name: value}), name) == value
    for beyond in (parameter.low - 1, parameter.high + 1):
        value = int(beyond) if parameter.whole else beyond
        assert refused({name: value}) == "training.out_of_range"
    for value in (True, "1", None, [1]):
        assert refused({name: value}).startswith("training.not_a_")


@each_hyperparameter
def test_an_error_has_its_label_and_its_range(parameter):
    with pytest.raises(InputError) as error:
        Recipe.from_json({parameter.name: -5})
    values = error.value.message.values
    assert values["name"] is parameter.label
    assert values["value"] == "-5"
    if not parameter.choices:
        assert (values["low"], values["high"]) == (
            parameter.text(parameter.low),
            parameter.text(parameter.high),
        )


@each_hyperparameter
def test_a_comparison_shows_it_if_it_differs(parameter):
    changed = replace(Recipe(), **{parameter.name: other_value(parameter)})
    recipes = [Recipe(), changed, changed]
    assert differing(recipes) == {
        parameter.name: tuple(getattr(recipe, parameter.name) for recipe in recipes)
    }
    assert parameter.text(parameter.default) != parameter.text(other_value(parameter))


@each_hyperparameter
def test_the_command_line_takes_it(parameter, capsys):
    option = f"--{parameter.name.replace('_', '-')}"
    value = other_value(parameter)
    recipe, _ = command_line.parse(["tutorial", option, str(value), "--output", "net.safetensors"])
    assert recipe == replace(Recipe(), **{parameter.name: value})
    with pytest.raises(SystemExit):
        command_line.parse(["--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert option in shown
    assert parameter.label in shown


# Recipes


def test_equal_recipes_do_not_differ():
    assert differing([Recipe(), Recipe()]) == {}


def test_the_default_recipe_is_the_tutorials():
    recipe = Recipe()
    assert (recipe.epochs, recipe.batch_size, recipe.n_neurons) == (10, 64, 150)
    assert (recipe.optimizer, recipe.learning_rate, recipe.cell) == ("adam", 1e-3, "rnn_tanh")
    assert PRESETS["tutorial"].recipe == recipe
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


@pytest.mark.hostile("a recipe with values out of range")
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"epochs": 0}, "out_of_range"),
        ({"n_neurons": 5000}, "out_of_range"),
        ({"learning_rate": float("nan")}, "out_of_range"),
        ({"learning_rate": 0.0}, "out_of_range"),
        ({"learning_rate": 10**400}, "out_of_range"),
        ({"batch_size": 2.5}, "not_a_whole_number"),
        ({"seed": True}, "not_a_whole_number"),
        ({"clip_norm": "1"}, "not_a_number"),
        ({"data": "../secret"}, "not_a_choice"),
        ({"optimizer": {}}, "not_a_choice"),
        ({"surprise": 1}, "unknown_field"),
        ({1: 1, "b": 2}, "unknown_field"),
        ([], "not_an_object"),
    ],
)
def test_an_invalid_recipe_is_refused(values, code):
    assert refused(values) == f"training.{code}"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
HUGE = st.sampled_from([10**400, -(10**400), 1e308, "x" * 10_000, "a\nb", "\ud800"])
NAMES = st.sampled_from([*HYPERPARAMETERS, "a\nb", "x" * 10_000])


@pytest.mark.hostile("any JSON as a recipe")
@settings(max_examples=200, deadline=None)
@given(VALUES | st.dictionaries(NAMES, VALUES | HUGE, max_size=4))
def test_any_json_is_a_recipe_or_one_sentence(value):
    try:
        assert Recipe.from_json(Recipe.from_json(value).to_json()) == Recipe.from_json(value)
    except InputError as error:
        text = str(error)
        assert text.endswith(".")
        assert "\n" not in text
        assert len(text) < 200


@pytest.mark.parametrize("cell", N_GATES)
@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("n_neurons", [64, 256])
def test_the_error_for_a_batch_that_is_too_large_names_the_largest_batch(
    cell, num_layers, n_neurons
):
    shape = {"cell": cell, "num_layers": num_layers, "n_neurons": n_neurons}
    largest = MAX_BATCH_STATES // (n_neurons * num_layers * N_GATES[cell])
    limit = int(HYPERPARAMETERS["batch_size"].high)
    if largest >= limit:
        Recipe(batch_size=limit, **shape)
        return
    Recipe(batch_size=largest, **shape)
    with pytest.raises(InputError) as error:
        Recipe(batch_size=largest + 1, **shape)
    assert error.value.message.code == "training.batch_too_large"
    assert error.value.message.values == {"largest": largest}


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu"])
def test_a_plain_network_of_one_layer_allows_every_batch_size(cell):
    Recipe(cell=cell, **{n: int(HYPERPARAMETERS[n].high) for n in ("n_neurons", "batch_size")})


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("learning_rate", 1e-6, "0.000001"),
        ("learning_rate", 0.1 + 0.2, "0.3"),
        ("learning_rate", 10.0, "10"),
        ("synthetic", 40_000, "40,000"),
        ("seed", 9_999, "9999"),
        ("cell", "gru", "GRU"),
    ],
)
def test_values_are_shown_without_exponents_and_trailing_zeros(name, value, text):
    assert HYPERPARAMETERS[name].text(value) == text


# Presets


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_has_a_label_of_its_own(name):
    labels = [preset.label for preset in PRESETS.values()]
    assert labels.count(PRESETS[name].label) == 1
    assert isinstance(PRESETS[name].label, Translatable)


# The command line


def test_the_command_line_trains_and_saves(tmp_path, without_mnist, capsys):
    output = tmp_path / "net.safetensors"
    arguments = "tutorial --data synthetic --epochs 1 --n-neurons 20 --batch-size 256"
    command_line.main([*arguments.split(), "--output", str(output)])
    printed = capsys.readouterr().out
    card = checkpoint.load_card(output)
    assert card.recipe == Recipe(data="synthetic", epochs=1, n_neurons=20, batch_size=256)
    assert f"test accuracy {card.test_accuracy:.2f} %" in printed


@pytest.mark.parametrize("name", PRESETS)
def test_an_unchanged_preset_goes_to_the_weights_of_its_name(name):
    recipe, output = command_line.parse([name])
    assert recipe == PRESETS[name].recipe
    assert output == checkpoint.WEIGHTS / f"{name}.safetensors"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("tutorial --epochs 0", HYPERPARAMETERS["epochs"].label),
        ("tutorial --epochs 1", "--output"),
        ("nothing", "nothing"),
    ],
)
def test_a_bad_command_line_gets_one_clear_sentence(arguments, reason, capsys):
    with pytest.raises(SystemExit) as caught:
        command_line.main(arguments.split())
    assert caught.value.code == 2
    assert reason in capsys.readouterr().err.splitlines()[-1]
