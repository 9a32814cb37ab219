"""Unroll a recurrent network: every intermediate of every time step, as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from rnn_demo.nn.models import BasicRNN, CleanBasicRNN, check_input, check_same_batch

ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU, "none": nn.Identity}
SATURATED_SLOPE = 0.01  # the largest slope of a saturated activation: |tanh| > 0.995


@dataclass(frozen=True)
class Unrolled:
    """Every intermediate of a network that reads a batch of sequences.

    `pre_activation = input_term + recurrent_term + bias`, `hidden = activation(pre_activation)`.

    Attributes:
        X: (n_steps, batch, n_inputs), the inputs.
        hx: (batch, n_neurons), the hidden state before the first step.
        input_term: (n_steps, batch, n_neurons), `x_t Wx`.
        recurrent_term: (n_steps, batch, n_neurons), `h_{t-1} Wy`.
        bias: (n_steps, batch, n_neurons), the same at every step; for an RNNCell the sum of
            its two biases.
        pre_activation: (n_steps, batch, n_neurons), the sum of the three.
        hidden: (n_steps, batch, n_neurons), `h_t`.
    """

    X: Tensor
    hx: Tensor
    input_term: Tensor
    recurrent_term: Tensor
    bias: Tensor
    pre_activation: Tensor
    hidden: Tensor


class Weights(NamedTuple):
    """The weights and the activation of every step, in the tutorial's orientation.

    Attributes:
        Wx: (n_inputs, n_neurons), input-to-hidden.
        Wy: (n_neurons, n_neurons), hidden-to-hidden.
        b: (n_neurons,), bias; for an RNNCell the sum of its two.
        activation: one of `ACTIVATIONS`.
    """

    Wx: Tensor
    Wy: Tensor
    b: Tensor
    activation: nn.Module


@torch.no_grad()
def unroll(
    model: BasicRNN | CleanBasicRNN | nn.RNNCell,
    X: Tensor | Sequence[Tensor],
    hx: Tensor | None = None,
) -> Unrolled:
    """Unroll a network over time, without changing it.

    Args:
        model: `SingleRNN`, `BasicRNN`, `CleanBasicRNN` or an `nn.RNNCell`.
        X: float (n_steps, batch, n_inputs), or one (batch, n_inputs) for each step, as in
            `unroll(model, (X0, X1))`. Any number of steps.
        hx: float (batch, n_neurons), the initial hidden state; by default zeros, or the stored
            `hx` of a `CleanBasicRNN`.

    Raises:
        ValueError: a shape does not fit, the batches differ, or a value is not finite.
        TypeError: the model is of another class, or X does not hold floats.
    """
    Wx, Wy, b, activation = weights(model)
    X = X if isinstance(X, Tensor) else _stack(X)
    check_input("X", X, ("n_steps", "batch", len(Wx)))
    if hx is None:
        hx = model.hx.to(X) if isinstance(model, CleanBasicRNN) else X.new_zeros(len(X[0]), len(Wy))
    check_input("hx", hx, ("batch", len(Wy)))
    check_same_batch("X", len(X[0]), "hx", len(hx))

    return unroll_weights(X.detach(), hx.detach(), Weights(Wx, Wy, b, activation))


@torch.no_grad()
def unroll_weights(X: Tensor, hx: Tensor, weights: Weights) -> Unrolled:
    """Apply the same weights at every time step.

    Args:
        X: float (n_steps, batch, n_inputs), at least one step.
        hx: float (batch, n_neurons), the initial hidden state.
        weights: of sizes that fit.
    """
    state, states, recurrent_terms = hx, [], []
    input_term = X @ weights.Wx  # (n_steps, batch, n_neurons)
    for x_term in input_term:
        recurrent_terms.append(state @ weights.Wy)
        state = weights.activation(x_term + recurrent_terms[-1] + weights.b)
        states.append(state)
    recurrent_term = torch.stack(recurrent_terms)
    return Unrolled(
        X=X.clone(),
        hx=hx.clone(),
        input_term=input_term,
        recurrent_term=recurrent_term,
        bias=weights.b.expand_as(input_term).clone(),
        pre_activation=input_term + recurrent_term + weights.b,
        hidden=torch.stack(states),
    )


@torch.no_grad()
def weights(model: nn.Module) -> Weights:
    """The weights of a small network, in one orientation for all classes.

    Raises:
        TypeError: `unroll` does not support the class of the model.
    """
    if isinstance(model, BasicRNN):
        return Weights(model.Wx.detach(), model.Wy.detach(), model.b.detach()[0], nn.Tanh())
    cell = model.rnn if isinstance(model, CleanBasicRNN) else model
    if not isinstance(cell, nn.RNNCell):
        raise TypeError(
            "unroll supports SingleRNN, BasicRNN, CleanBasicRNN and nn.RNNCell, "
            f"not {type(model).__name__}."
        )
    # PyTorch's cells store the transposed weights: one row for each neuron.
    bias = cell.bias_ih + cell.bias_hh if cell.bias else torch.zeros_like(cell.weight_ih[:, 0])
    activation = nn.Tanh() if cell.nonlinearity == "tanh" else nn.ReLU()
    return Weights(cell.weight_ih.detach().T, cell.weight_hh.detach().T, bias, activation)


def saturated(unrolled: Unrolled, activation: str) -> Tensor:
    """Which pre-activations are saturated: the slope of the activation is below 0.01 there.

    Args:
        unrolled: the network over time.
        activation: its activation, a key of `ACTIVATIONS`.

    Returns:
        bool (n_steps, batch, n_neurons).

    Raises:
        ValueError: the activation is unknown.
    """
    if activation == "tanh":
        slope = 1 - unrolled.hidden.square()
    elif activation == "relu":
        slope = (unrolled.pre_activation > 0).float()
    elif activation == "none":
        slope = torch.ones_like(unrolled.hidden)
    else:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, not {activation!r}.")
    return slope < SATURATED_SLOPE


def _stack(steps: Sequence[Tensor]) -> Tensor:
    """(n_steps, batch, n_inputs) from one (batch, n_inputs) for each step."""
    if not steps:
        raise ValueError("X needs at least one time step.")
    for t, step in enumerate(steps):
        check_input(f"X{t}", step, ("batch", "n_inputs"))
        check_same_batch("X0", len(steps[0]), f"X{t}", len(step))
    if len({step.shape for step in steps}) > 1:
        raise ValueError("Every time step of X needs the same number of inputs.")
    return torch.stack(tuple(steps))
