import copy

import numpy as np
import pytest
import torch
from torch import nn

from rnn_demo import BasicRNN, CleanBasicRNN, ImageRNN, SingleRNN
from rnn_demo.nn.unroll import unroll

X = torch.randn(6, 4, 3, generator=torch.Generator().manual_seed(1))


def copied_cell(model: BasicRNN) -> nn.RNNCell:
    cell = nn.RNNCell(3, 5)
    with torch.no_grad():
        cell.weight_ih.copy_(model.Wx.T)
        cell.weight_hh.copy_(model.Wy.T)
        cell.bias_ih.copy_(model.b[0])
        cell.bias_hh.zero_()
    return cell


def test_every_intermediate_is_what_numpy_computes():
    model = BasicRNN(3, 5)
    nn.init.normal_(model.b)
    unrolled = unroll(model, X)
    Wx, Wy, b = (p.detach().numpy() for p in (model.Wx, model.Wy, model.b))
    h = np.zeros((4, 5), np.float32)
    for t in range(len(X)):
        x_term, h_term = X[t].numpy() @ Wx, h @ Wy
        h = np.tanh(x_term + h_term + b)
        np.testing.assert_allclose(unrolled.input_term[t], x_term, atol=1e-5)
        np.testing.assert_allclose(unrolled.recurrent_term[t], h_term, atol=1e-5)
        np.testing.assert_allclose(unrolled.bias[t], np.broadcast_to(b, (4, 5)))
        np.testing.assert_allclose(unrolled.pre_activation[t], x_term + h_term + b, atol=1e-5)
        np.testing.assert_allclose(unrolled.hidden[t], h, atol=1e-5)


def test_basic_rnn_unrolls_like_the_cell_with_its_weights():
    model = BasicRNN(3, 5)
    cell = copied_cell(model)
    hidden = unroll(model, X).hidden
    state = torch.zeros(4, 5)
    for t in range(len(X)):
        state = cell(X[t], state)
        torch.testing.assert_close(hidden[t], state.detach())
    torch.testing.assert_close(unroll(cell, X).hidden, hidden)


def test_two_steps_are_those_of_the_model():
    model = SingleRNN(3, 2)
    torch.testing.assert_close(
        unroll(model, (X[0], X[1])).hidden, torch.stack(model(X[0], X[1])).detach()
    )


def test_a_cell_starts_from_the_given_hidden_state():
    cell, hx = nn.RNNCell(3, 5), torch.randn(4, 5)
    unrolled = unroll(cell, X, hx)
    torch.testing.assert_close(unrolled.hidden[0], cell(X[0], hx).detach())
    assert torch.equal(unrolled.hx, hx)


def test_clean_basic_rnn_starts_from_its_stored_hidden_state():
    model = CleanBasicRNN(4, 3, 5)
    torch.testing.assert_close(unroll(model, X).hidden, torch.stack(model(X)[0]).detach())


@pytest.mark.parametrize("bias", [True, False])
def test_relu_cells_and_cells_without_bias_unroll_too(bias):
    cell = nn.RNNCell(3, 5, bias=bias, nonlinearity="relu")
    torch.testing.assert_close(unroll(cell, X).hidden[0], cell(X[0], torch.zeros(4, 5)).detach())


@pytest.mark.parametrize("model", [BasicRNN(3, 5), CleanBasicRNN(4, 3, 5), nn.RNNCell(3, 5)])
def test_the_model_and_the_input_do_not_change(model):
    before, attributes = copy.deepcopy(model.state_dict()), set(vars(model))
    unrolled = unroll(model, X)
    unrolled.X.zero_()
    unrolled.hx.fill_(9)
    unrolled.bias.fill_(9)
    assert set(vars(model)) == attributes
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])
    assert X.abs().sum() > 0


@pytest.mark.parametrize(
    ("model", "inputs", "hx", "error", "sentence"),
    [
        (ImageRNN(64, 28, 28, 5, 10), X, None, TypeError, "not ImageRNN"),
        (nn.GRUCell(3, 5), X, None, TypeError, "not GRUCell"),
        (BasicRNN(2, 5), X, None, ValueError, r"\(n_steps, batch, 2\)"),
        (BasicRNN(3, 5), (), None, ValueError, "at least one time step"),
        (BasicRNN(3, 5), (X[0], X[1][:2]), None, ValueError, "X0 has 4 examples and X1 has 2"),
        (BasicRNN(3, 5), (X[0], X[1][:, :2]), None, ValueError, "same number of inputs"),
        (BasicRNN(3, 5), X, torch.zeros(4, 2), ValueError, r"hx must have the shape \(batch, 5\)"),
        (BasicRNN(3, 5), X, torch.zeros(3, 5), ValueError, "X has 4 examples and hx has 3"),
        (BasicRNN(3, 5), X * torch.nan, None, ValueError, "X holds NaN"),
    ],
)
def test_bad_input_is_refused_with_a_clear_sentence(model, inputs, hx, error, sentence):
    with pytest.raises(error, match=sentence):
        unroll(model, inputs, hx)
