"""The hand-written backward pass against PyTorch's own modules and autograd."""

import pytest
import torch
from torch import nn

from rnn_demo import ImageRNN
from rnn_demo.training import bptt

CELLS = ["rnn_tanh", "rnn_relu"]
IMAGES = torch.rand(7, 28, 28, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
LABELS = torch.tensor([0, 1, 2, 3, 9, 9, 5])


@pytest.fixture
def model(request) -> ImageRNN:
    torch.manual_seed(2)
    return ImageRNN(7, 28, 28, 15, 10, cell=request.param).double()


@pytest.mark.parametrize("model", CELLS, indirect=True)
def test_logits_and_gradients_are_those_of_nn_rnn(model):
    weights = list(model.parameters())
    expected, ours = model(IMAGES), bptt.logits(model, IMAGES)
    torch.testing.assert_close(ours, expected, rtol=0, atol=1e-10)
    losses = [nn.functional.cross_entropy(logits, LABELS) for logits in (expected, ours)]
    gradients = [torch.autograd.grad(loss, weights) for loss in losses]
    for theirs, own in zip(*gradients, strict=True):
        torch.testing.assert_close(own, theirs, rtol=0, atol=1e-10)
        assert own.abs().max() > 1e-4  # so that the bound above means something


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("n_steps", [1, 2, 6])
def test_every_gradient_is_a_slope(cell, n_steps):
    """Against finite differences, the input's gradient too."""
    torch.manual_seed(3)
    shapes = [(n_steps, 3, 4), (5, 4), (5, 5), (5,), (5,)]
    inputs = [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]
    assert torch.autograd.gradcheck(lambda *given: bptt.LastState.apply(*given, cell), inputs)


@pytest.mark.parametrize("model", CELLS, indirect=True)
def test_reading_leaves_the_weights_and_the_images_alone(model):
    before = [value.clone() for value in (*model.parameters(), IMAGES)]
    bptt.logits(model, IMAGES).sum().backward()
    for value, old in zip((*model.parameters(), IMAGES), before, strict=True):
        assert torch.equal(value, old)


@pytest.mark.parametrize(
    ("cell", "num_layers", "applies"),
    [("rnn_tanh", 1, True), ("rnn_relu", 1, True), ("rnn_tanh", 2, False), ("gru", 1, False)],
)
def test_other_networks_are_pytorchs_own(cell, num_layers, applies):
    model = ImageRNN(7, 28, 28, 6, 10, cell=cell, num_layers=num_layers).double()
    assert bptt.applies(model) is applies
    traced = "LastState" in str(bptt.logits(model, IMAGES).grad_fn.next_functions)
    assert traced is applies
    torch.testing.assert_close(bptt.logits(model, IMAGES), model(IMAGES), rtol=0, atol=1e-10)
