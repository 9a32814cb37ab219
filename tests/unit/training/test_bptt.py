"""The hand-written backward pass against PyTorch's own modules and autograd."""

import pytest
import torch
from torch import nn

from rnn_demo import ImageRNN
from rnn_demo.training.bptt import Backpropagation, applies

CELLS = ["rnn_tanh", "rnn_relu"]
IMAGES = torch.rand(7, 28, 28, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
TARGETS = torch.eye(10, dtype=torch.float64)[[0, 1, 2, 3, 9, 9, 5]]
TARGETS[3] = 0.1


@pytest.fixture
def model(request) -> ImageRNN:
    torch.manual_seed(2)
    return ImageRNN(7, 28, 28, 15, 10, cell=request.param).double()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("n_steps", [1, 2, 28])
def test_logits_loss_and_gradients_are_those_of_nn_rnn_and_autograd(cell, n_steps):
    model = ImageRNN(7, n_steps, 28, 15, 10, cell=cell).double()
    logits, loss, gradients = Backpropagation(model)(IMAGES[:, :n_steps], TARGETS)
    expected = model(IMAGES[:, :n_steps])
    torch.testing.assert_close(logits, expected, rtol=0, atol=1e-10)
    theirs = nn.functional.cross_entropy(expected, TARGETS)
    torch.testing.assert_close(loss, theirs, rtol=0, atol=1e-10)
    weights = list(model.parameters())
    for own, their in zip(gradients, torch.autograd.grad(theirs, weights), strict=True):
        torch.testing.assert_close(own, their, rtol=0, atol=1e-10)
        if n_steps > 1:
            assert own.abs().max() > 1e-4  # far above the tolerance


@pytest.mark.parametrize("model", CELLS, indirect=True)
def test_gradients_match_finite_differences(model):
    """Of the loss, along one random direction of each weight."""
    _, _, gradients = Backpropagation(model)(IMAGES, TARGETS)
    for weights, gradient in zip(model.parameters(), gradients, strict=True):
        direction = torch.randn_like(weights)
        loss = []
        for step in (1e-6, -1e-6):
            with torch.no_grad():
                weights.add_(direction, alpha=step)
                loss.append(nn.functional.cross_entropy(model(IMAGES), TARGETS))
                weights.sub_(direction, alpha=step)
        slope = (loss[0] - loss[1]) / 2e-6
        torch.testing.assert_close((gradient * direction).sum(), slope, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("model", CELLS, indirect=True)
def test_a_batch_does_not_affect_the_next(model):
    """Also after a smaller batch, as at the end of an epoch; earlier results stay valid."""
    passes = Backpropagation(model)
    first = passes(IMAGES, TARGETS)
    kept = [value.clone() for value in (*first[:2], *first[2])]
    passes(IMAGES[:3].flip(0), TARGETS[:3])
    again = passes(IMAGES, TARGETS)
    for one, two, old in zip((*first[:2], *first[2]), (*again[:2], *again[2]), kept, strict=True):
        assert torch.equal(one, old)
        assert torch.equal(two, old)


@pytest.mark.parametrize("model", CELLS, indirect=True)
def test_model_and_batch_stay_unchanged(model):
    before = [value.clone() for value in (*model.parameters(), IMAGES, TARGETS)]
    Backpropagation(model)(IMAGES, TARGETS)
    for value, old in zip((*model.parameters(), IMAGES, TARGETS), before, strict=True):
        assert torch.equal(value, old)
    assert all(weights.grad is None for weights in model.parameters())


@pytest.mark.parametrize(
    ("cell", "num_layers", "applied"),
    [("rnn_tanh", 1, True), ("rnn_relu", 1, True), ("rnn_tanh", 2, False), ("gru", 1, False)],
)
def test_it_applies_to_plain_networks_of_one_layer(cell, num_layers, applied):
    model = ImageRNN(7, 28, 28, 6, 10, cell=cell, num_layers=num_layers)
    assert applies(model) is applied
