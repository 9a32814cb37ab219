"""How the pixels of an uploaded network were scaled."""

import numpy as np
import pytest
import torch

from rnn_demo import ImageRNN, load_pretrained
from rnn_demo.data import mnist
from rnn_demo.data.digits import Digits, as_float
from rnn_demo.messages import InputError
from rnn_demo.training import scaling
from rnn_demo.training.data import validation_digits
from rnn_demo.training.evaluate import accuracy
from rnn_demo.training.foreign_weights import Weights, weights_of
from rnn_demo.training.scaling import Interpretation, measure, network
from rnn_demo.training.upload import MAX_UPLOAD_BYTES

# What the transforms of tutorials make of paper (0) and ink (1).
ENDS = {
    "unit": (0, 1),
    "mnist": (-0.42421, 2.82149),
    "half": (-1, 1),
    "bytes": (0, 255),
    "inverted": (1, 0),
}


def weights(model: ImageRNN) -> Weights:
    return weights_of(model.state_dict(), MAX_UPLOAD_BYTES)


def trained_on(scaling_name: str, name: str) -> ImageRNN:
    """A shipped network as if it had been trained on pixels of another scaling."""
    model = load_pretrained(name)
    paper, ink = ENDS[scaling_name]
    layer = model.basic_rnn
    with torch.no_grad():
        layer.weight_ih_l0 /= ink - paper
        layer.bias_ih_l0 -= layer.weight_ih_l0.sum(dim=1) * paper
    return model


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "gru", "lstm"])
@pytest.mark.parametrize("name", ENDS)
def test_a_network_reads_pixels_from_0_to_1_as_it_reads_scaled_ones(name, cell, test_digits):
    model = ImageRNN(1, 28, 28, 12, 10, cell=cell, num_layers=2).eval()
    pixels = torch.from_numpy(as_float(test_digits.images[:20]))
    paper, ink = ENDS[name]
    found = network(weights(model), Interpretation(cell, name))
    torch.testing.assert_close(
        found(pixels), model(paper + (ink - paper) * pixels), atol=2e-4, rtol=1e-3
    )


@pytest.mark.parametrize("shipped", ["tutorial", "vanilla", "gated"])
@pytest.mark.parametrize("name", ENDS)
def test_the_scaling_and_the_activation_are_found(real_mnist, name, shipped):
    digits = validation_digits(500)
    original, model = load_pretrained(shipped), trained_on(name, shipped)
    found = measure(weights(model), digits)
    assert found.best == (Interpretation(original.cell, name),)
    assert found.accuracy == pytest.approx(accuracy(original, digits), abs=0.2)
    assert (found.n, found.reads) == (500, True)


def test_the_digits_are_the_last_training_images(real_mnist):
    digits, train = validation_digits(500), mnist.load("train")
    assert len(digits) == 500
    assert np.array_equal(digits.images, train.images[-500:])


def test_without_mnist_the_digits_are_synthetic(without_mnist):
    found = measure(weights(trained_on("half", "gated")), validation_digits(500))
    assert validation_digits(500).source == "synthetic"
    assert found.best == (Interpretation("lstm", "half"),)


def test_what_the_digits_do_not_decide_is_left_open(test_digits):
    model = ImageRNN(1, 28, 28, 12, 10)
    torch.nn.init.zeros_(model.FC.weight)  # the same answer to every image
    found = measure(weights(model), test_digits)
    assert len(found.best) == len(set(found.best)) == 2 * len(scaling.SCALINGS)
    assert found.best[0] == Interpretation("rnn_tanh", "unit")  # the tutorial's


def test_a_difference_that_may_be_an_accident_decides_nothing(test_digits):
    torch.manual_seed(0)
    found = measure(weights(untrained := ImageRNN(1, 28, 28, 12, 10)), test_digits)
    percent = [accuracy(network(weights(untrained), way), test_digits) for way in found.best]
    assert found.accuracy == percent[0] > min(percent)
    assert not found.reads


def test_a_network_that_reads_columns_is_told_so(test_digits):
    """torchvision's EMNIST holds its images transposed."""
    exchanged = Digits(test_digits.images.transpose(0, 2, 1), test_digits.labels, "synthetic")
    with pytest.raises(InputError) as refused:
        measure(weights(load_pretrained("vanilla")), exchanged)
    assert refused.value.message.code == "training.weights_read_columns"
    assert 90 <= refused.value.message.values["percent"] <= 100


@pytest.mark.hostile("finite weights whose network overflows")
def test_a_network_whose_numbers_overflow_is_refused(test_digits):
    model = ImageRNN(1, 28, 28, 12, 10)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1e38)
    with pytest.raises(InputError) as refused:
        measure(weights(model), test_digits)
    assert refused.value.message.code == "training.weights_with_overflow"
