"""Weights on disk, and the networks that come with the project."""

import dataclasses
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from rnn_demo import ImageRNN, load_pretrained
from rnn_demo.data import mnist, non_digits
from rnn_demo.messages import InputError
from rnn_demo.nn.answer import MIN_DIGIT_PROBABILITY
from rnn_demo.training import checkpoint, data
from rnn_demo.training.build import build
from rnn_demo.training.calibration import expected_calibration_error
from rnn_demo.training.data import Data
from rnn_demo.training.evaluate import accuracy, predict
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import Recipe


def test_a_saved_network_loads_unchanged(tmp_path, digits, test_digits):
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
def test_a_damaged_checkpoint_is_refused_in_one_line(tmp_path, digits, name, content):
    recipe = Recipe(n_neurons=5)
    path = tmp_path / "net.safetensors"
    checkpoint.save(
        path, build(recipe), checkpoint.card_of(recipe, Data(digits, None, digits, "digest"))
    )
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=r".") as caught:
        checkpoint.load(path)
    assert "\n" not in str(caught.value)


def test_weights_that_do_not_match_their_card_are_refused(tmp_path, digits):
    path = tmp_path / "net.safetensors"
    card = checkpoint.card_of(Recipe(n_neurons=5), Data(digits, None, digits, "digest"))
    checkpoint.save(path, build(Recipe(n_neurons=6)), card)
    with pytest.raises(InputError) as refused:
        checkpoint.load(path)
    assert refused.value.message.code == "training.weights_damaged"


# The networks of the project


PRETRAINED = checkpoint.pretrained()


def pretrained(name: str) -> tuple[ImageRNN, checkpoint.Card]:
    return checkpoint.load(checkpoint.WEIGHTS / f"{name}.safetensors")


@pytest.mark.parametrize(("data", "origin"), [("mnist", "other"), ("synthetic", "synthetic")])
def test_an_accuracy_on_other_digits_is_not_one_on_mnist(digits, data, origin):
    """Their folder may only have MNIST's names."""
    card = checkpoint.card_of(Recipe(data=data), Data(digits, None, digits, digits.digest()))
    assert card.tested_on == origin


@pytest.mark.parametrize("name", PRETRAINED)
def test_the_card_of_a_pretrained_network_is_true(real_mnist, name):
    model, card = pretrained(name)
    test = mnist.load("test")
    assert accuracy(model, test) == pytest.approx(card.test_accuracy, abs=1e-9)
    assert card.data_digest == mnist.load("train").digest()
    assert card.test_digest == test.digest()
    assert card.tested_on == "mnist"
    assert card.recipe == PRESETS[name].recipe
    assert card.epochs_done == card.recipe.epochs
    assert card.size == (checkpoint.WEIGHTS / f"{name}.safetensors").stat().st_size
    # The validation images do not depend on the number of generated training images.
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
    model, card = pretrained("tutorial")
    assert card.recipe == Recipe()
    assert card.test_accuracy >= 96
    assert isinstance(model.basic_rnn, nn.RNN)
    assert model.basic_rnn.nonlinearity == "tanh"
    assert model.n_neurons == 150
    assert not load_pretrained().training


def test_the_vanilla_network_is_an_accurate_plain_rnn():
    model, card = pretrained("vanilla")
    assert isinstance(model.basic_rnn, nn.RNN)
    assert (model.n_neurons, model.num_layers) == (150, 1)
    assert card.test_accuracy >= 99.2
    assert card.calibration_error <= 1


def test_the_gated_network_is_small_and_more_accurate():
    model, card = pretrained("gated")
    assert isinstance(model.basic_rnn, nn.GRU | nn.LSTM)
    assert card.size <= 1_000_000
    assert card.test_accuracy >= 99.5
    assert card.calibration_error <= 1


@pytest.mark.parametrize("name", PRETRAINED)
def test_at_most_one_digit_in_a_hundred_is_rejected(real_mnist, name):
    model, _ = pretrained(name)
    probability = predict(model, mnist.load("test").images).softmax(1).amax(1)
    assert (probability < MIN_DIGIT_PROBABILITY).float().mean() <= 0.01


@pytest.mark.parametrize("name", [name for name in PRETRAINED if name != "tutorial"])
@pytest.mark.parametrize("kind", non_digits.KINDS)
def test_non_digits_get_low_confidence(name, kind):
    """On drawings that were in no training; one test for each kind of non-digit."""
    model, _ = pretrained(name)
    images, _ = non_digits.generate(300, seed=77, kinds=[kind])
    probability = predict(model, images).softmax(1).amax(1)
    assert (probability < MIN_DIGIT_PROBABILITY).float().mean() >= 0.8


def test_the_assets_stay_small():
    folder = checkpoint.WEIGHTS.parent
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 5_000_000


def test_an_unknown_network_is_refused():
    with pytest.raises(ValueError, match=r"one of .*tutorial.*, not '\.\./x'"):
        load_pretrained("../x")
