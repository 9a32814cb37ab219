"""One number, three ways: by hand, an nn.RNNCell and an nn.RNN with the same weights."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rnn_demo.inside.compute import Lab

ROUNDING = 1e-5  # what the order of additions may change in a float32 near 1


@dataclass(frozen=True)
class Breaks:
    """What keeps PyTorch's networks from being equal to the one by hand.

    Attributes:
        not_transposed: `Wy` is copied as it stands, though PyTorch keeps one row a neuron.
        second_bias: `bias_hh` stays at the random numbers PyTorch begins with.
        random_start: they start from random numbers.
        left_over: they have been called before, and start from where that call ended.
    """

    not_transposed: bool = False
    second_bias: bool = False
    random_start: bool = False
    left_over: bool = False


@dataclass(frozen=True)
class Ways:
    """Hidden states (n_steps, batch, n_neurons), computed three ways.

    Attributes:
        by_hand: as BasicRNN does it, with matrix products.
        cell: with an `nn.RNNCell` in a loop.
        rnn: with an `nn.RNN`, all steps in one call.
    """

    by_hand: Tensor
    cell: Tensor
    rnn: Tensor

    @property
    def difference(self) -> float:
        """The largest difference between any two of them."""
        apart = (self.by_hand - self.cell, self.by_hand - self.rnn, self.cell - self.rnn)
        return max(float(difference.abs().max()) for difference in apart)

    @property
    def equal(self) -> bool:
        """Whether they differ by rounding only."""
        return self.difference <= ROUNDING * max(1.0, float(self.by_hand.abs().max()))


@torch.no_grad()
def three_ways(lab: Lab, breaks: Breaks) -> Ways:
    """Compute a lab three ways, equal or not.

    Raises:
        ValueError: it has no activation, which PyTorch's networks always have.
    """
    if lab.state.activation == "none":
        raise ValueError("nn.RNNCell and nn.RNN know tanh and relu only: choose one of them.")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(lab.state.seed)
        sizes = lab.state.n_inputs, lab.state.n_neurons
        cell = nn.RNNCell(*sizes, nonlinearity=lab.state.activation)
        rnn = nn.RNN(*sizes, nonlinearity=lab.state.activation)
        hx = torch.randn_like(lab.unrolled.hx) if breaks.random_start else lab.unrolled.hx
    Wy = lab.weights.Wy
    cell.weight_ih.copy_(lab.weights.Wx.T)
    cell.weight_hh.copy_(Wy if breaks.not_transposed else Wy.T)
    cell.bias_ih.copy_(lab.weights.b)
    if not breaks.second_bias:
        cell.bias_hh.zero_()
    rnn.load_state_dict({f"{name}_l0": value for name, value in cell.state_dict().items()})

    X = lab.unrolled.X
    if breaks.left_over:
        hx = _step_through(cell, X, hx)[-1]
    return Ways(lab.unrolled.hidden, _step_through(cell, X, hx), rnn(X, hx[None])[0])


def _step_through(cell: nn.RNNCell, X: Tensor, hx: Tensor) -> Tensor:
    """(n_steps, batch, n_neurons)."""
    states = []
    for x in X:
        hx = cell(x, hx)
        states.append(hx)
    return torch.stack(states)
