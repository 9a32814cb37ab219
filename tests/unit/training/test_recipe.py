import dataclasses
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from rnn_demo import ImageRNN, load_pretrained
from rnn_demo.data import mnist, non_digits
from rnn_demo.nn.reading import MIN_DIGIT_PROBABILITY
from rnn_demo.training import __main__ as command_line
from rnn_demo.training import checkpoint, data
from rnn_demo.training.build import build
from rnn_demo.training.calibration import expected_calibration_error
from rnn_demo.training.data import Data
from rnn_demo.training.evaluate import accuracy, predict
from rnn_demo.training.recipe import RECIPES, Recipe

# Recipes


def test_the_default_recipe_is_the_tutorials():
    recipe = Recipe()
    assert (recipe.epochs, recipe.batch_size, recipe.n_neurons) == (10, 64, 150)
    assert (recipe.optimizer, recipe.learning_rate, recipe.cell) == ("adam", 1e-3, "rnn_tanh")
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


@pytest.mark.hostile("a recipe with values out of range")
@pytest.mark.parametrize(
    ("values", "error", "sentence"),
    [
        ({"epochs": 0}, ValueError, "epochs must be between 1 and 50, not 0"),
        ({"n_neurons": 5000}, ValueError, "n_neurons must be between 1 and 512"),
        ({"learning_rate": float("nan")}, ValueError, "learning_rate must be between"),
        ({"learning_rate": 0.0}, ValueError, "learning_rate must be between"),
        ({"batch_size": 2.5}, TypeError, "batch_size must be a whole number"),
        ({"seed": True}, TypeError, "seed must be a whole number"),
        ({"epochs": "10"}, TypeError, "epochs must be a whole number"),
        ({"optimizer": "magic"}, ValueError, "optimizer must be one of adam, sgd"),
        ({"data": "../secret"}, ValueError, "data must be one of mnist, synthetic"),
        ({"part": 0.0}, ValueError, "part must be between 0.01 and 1, not 0"),
        ({"surprise": 1}, ValueError, "A recipe has no 'surprise'"),
    ],
)
def test_a_bad_recipe_gets_one_clear_sentence(values, error, sentence):
    with pytest.raises(error, match=sentence):
        Recipe.from_json(values)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
HUGE = st.sampled_from([10**400, -(10**400), 1e308, "x" * 10_000, "a\nb", "\ud800"])
NAMES = st.sampled_from([*Recipe().to_json(), "a\nb", "x" * 10_000])


@pytest.mark.hostile("any JSON as a recipe")
@settings(max_examples=500, deadline=None)
@given(VALUES | st.dictionaries(NAMES, VALUES | HUGE, max_size=4))
def test_any_json_is_a_recipe_or_one_sentence(value):
    try:
        assert Recipe.from_json(Recipe.from_json(value).to_json()) == Recipe.from_json(value)
    except (TypeError, ValueError) as error:
        said = str(error)
        assert said.endswith(".")
        assert "\n" not in said
        assert len(said) < 200


# Checkpoints


def test_a_network_comes_back_as_it_was_saved(tmp_path, digits, test_digits):
    recipe = Recipe(data="synthetic", cell="lstm", n_neurons=12, num_layers=2)
    model = build(recipe)
    card = dataclasses.replace(
        checkpoint.card_of(recipe, Data(digits, None, test_digits, "digest")),
        epochs_done=3,
        test_accuracy=12.5,
    )
    checkpoint.save(tmp_path / "deep" / "net.safetensors", model, card)
    loaded, loaded_card = checkpoint.load(tmp_path / "deep" / "net.safetensors")
    size = (tmp_path / "deep" / "net.safetensors").stat().st_size
    assert loaded_card == dataclasses.replace(card, size=size)
    assert not loaded.training
    X = torch.rand(2, 28, 28)
    assert torch.equal(loaded(X), model(X))
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == [
        "net.json",
        "net.safetensors",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("net.safetensors", b"not weights"),
        ("net.json", b"not JSON"),
        ("net.json", b"[]"),
        ("net.json", b'{"recipe": {}}'),
        ("net.json", b'{"recipe": 7}'),
    ],
)
def test_damaged_checkpoints_get_one_clear_sentence(tmp_path, digits, name, content):
    recipe = Recipe(n_neurons=5)
    path = tmp_path / "net.safetensors"
    checkpoint.save(
        path, build(recipe), checkpoint.card_of(recipe, Data(digits, None, digits, "digest"))
    )
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=r".") as caught:
        checkpoint.load(path)
    assert "\n" not in str(caught.value)


def test_weights_of_another_recipe_are_refused(tmp_path, digits):
    path = tmp_path / "net.safetensors"
    card = checkpoint.card_of(Recipe(n_neurons=5), Data(digits, None, digits, "digest"))
    checkpoint.save(path, build(Recipe(n_neurons=6)), card)
    with pytest.raises(ValueError, match="not its card's"):
        checkpoint.load(path)


# The shipped network


SHIPPED = checkpoint.pretrained()


def shipped(name: str) -> tuple[ImageRNN, checkpoint.Card]:
    return checkpoint.load(checkpoint.WEIGHTS / f"{name}.safetensors")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_card_of_a_shipped_network_is_true(real_mnist, name):
    model, card = shipped(name)
    test = mnist.load("test")
    assert accuracy(model, test) == pytest.approx(card.test_accuracy, abs=1e-9)
    assert card.data_digest == mnist.load("train").digest()
    assert card.test_digest == test.digest()
    assert card.recipe == RECIPES[name]
    assert card.epochs_done == card.recipe.epochs
    assert card.size == (checkpoint.WEIGHTS / f"{name}.safetensors").stat().st_size
    # The images held out are the same however many drawings are trained on beside them.
    few = replace(card.recipe, synthetic=min(card.recipe.synthetic, 1), non_digits=0)
    validation = data.load(few).validation
    if validation is not None:
        logits = predict(model, validation.images)
        labels = torch.from_numpy(validation.labels.astype(np.int64))
        error = expected_calibration_error(logits, labels)
        # Synthetic images may differ in a few bits from one processor to another.
        assert error == pytest.approx(card.calibration_error, abs=0.05)
        assert accuracy(model, validation) == pytest.approx(card.validation_accuracy, abs=0.05)


def test_the_tutorials_network_reaches_96_percent():
    model, card = shipped("tutorial")
    assert card.recipe == Recipe()
    assert card.test_accuracy >= 96
    assert isinstance(model.basic_rnn, nn.RNN)
    assert model.basic_rnn.nonlinearity == "tanh"
    assert model.n_neurons == 150
    assert not load_pretrained().training


def test_the_vanilla_network_is_a_plain_rnn_that_reads_well():
    model, card = shipped("vanilla")
    assert isinstance(model.basic_rnn, nn.RNN)
    assert (model.n_neurons, model.num_layers) == (150, 1)
    assert card.test_accuracy >= 99.2
    assert card.calibration_error <= 1


def test_the_gated_network_is_small_and_reads_better():
    model, card = shipped("gated")
    assert isinstance(model.basic_rnn, nn.GRU | nn.LSTM)
    assert card.size <= 1_000_000
    assert card.test_accuracy >= 99.5
    assert card.calibration_error <= 1


@pytest.mark.parametrize("name", SHIPPED)
def test_at_most_one_digit_in_a_hundred_is_turned_away(real_mnist, name):
    model, _ = shipped(name)
    likeliest = predict(model, mnist.load("test").images).softmax(1).amax(1)
    assert (likeliest < MIN_DIGIT_PROBABILITY).float().mean() <= 0.01


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "tutorial"])
@pytest.mark.parametrize("kind", non_digits.KINDS)
def test_what_is_no_digit_is_told_from_digits(name, kind):
    """On drawings that no training saw; the kinds are those of `scribbles`."""
    model, _ = shipped(name)
    images, _ = non_digits.generate(300, seed=77, kinds=[kind])
    likeliest = predict(model, images).softmax(1).amax(1)
    assert (likeliest < MIN_DIGIT_PROBABILITY).float().mean() >= 0.8


def test_the_assets_stay_small():
    folder = checkpoint.WEIGHTS.parent
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 5_000_000


def test_an_unknown_network_gets_one_clear_sentence():
    with pytest.raises(ValueError, match=r"one of .*tutorial.*, not '\.\./x'"):
        load_pretrained("../x")


# The command line


def test_the_command_line_trains_and_saves(tmp_path, without_mnist, capsys):
    output = tmp_path / "net.safetensors"
    arguments = "tutorial --data synthetic --epochs 1 --n-neurons 20 --batch-size 256"
    command_line.main([*arguments.split(), "--output", str(output)])
    said = capsys.readouterr().out
    card = checkpoint.load_card(output)
    assert card.recipe == Recipe(data="synthetic", epochs=1, n_neurons=20, batch_size=256)
    assert f"test accuracy {card.test_accuracy:.2f} %" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("tutorial --epochs 0", "epochs must be between 1 and 50"),
        ("tutorial --epochs 1", "say where with --output"),
        ("nothing", "invalid choice"),
    ],
)
def test_a_bad_command_line_gets_one_clear_sentence(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as caught:
        command_line.main(arguments.split())
    assert caught.value.code == 2
    assert sentence in capsys.readouterr().err
