"""One computation in three implementations: by hand, an nn.RNNCell and an nn.RNN."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rnn_demo.inside.compute import Computation
from rnn_demo.messages import InputError

ROUNDING = 1e-5  # the most that the order of additions changes a float32 near 1


@dataclass(frozen=True)
class Deviations:
    """Mistakes that make PyTorch's networks differ from the one by hand.

    Attributes:
        not_transposed: `Wy` is copied as it is; PyTorch stores one row for each neuron.
        second_bias: `bias_hh` keeps PyTorch's random numbers.
        random_start: the initial hidden state is random.
        leftover_state: the initial hidden state is the last one of a previous call.
    """

    not_transposed: bool = False
    second_bias: bool = False
    random_start: bool = False
    leftover_state: bool = False


@dataclass(frozen=True)
class Equivalence:
    """Hidden states (n_steps, batch, n_neurons) from three implementations.

    Attributes:
        by_hand: of BasicRNN, with matrix products.
        cell: of an `nn.RNNCell` in a loop.
        rnn: of an `nn.RNN`, all steps in one call.
    """

    by_hand: Tensor
    cell: Tensor
    rnn: Tensor

    @property
    def difference(self) -> float:
        """The largest difference between any two of them."""
        return float(self._differences.max())

    @property
    def where(self) -> tuple[int, int, int]:
        """The time step, example and neuron of the largest difference."""
        t, i, j = torch.unravel_index(self._differences.argmax(), self.by_hand.shape)
        return int(t), int(i), int(j)

    @property
    def _differences(self) -> Tensor:
        three = torch.stack((self.by_hand, self.cell, self.rnn))
        return three.amax(dim=0) - three.amin(dim=0)

    @property
    def equal(self) -> bool:
        """Whether they differ by rounding only."""
        return self.difference <= ROUNDING * max(1.0, float(self.by_hand.abs().max()))


@torch.no_grad()
def compare(computation: Computation, deviations: Deviations) -> Equivalence:
    """Repeat a computation with PyTorch's own networks, with or without mistakes.

    Raises:
        InputError: there is no activation, which PyTorch's networks always have.
    """
    state, unrolled = computation.state, computation.unrolled
    if state.activation == "none":
        raise InputError("inside.activation_needed")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(state.seed)
        sizes = state.n_inputs, state.n_neurons
        cell = nn.RNNCell(*sizes, nonlinearity=state.activation)
        rnn = nn.RNN(*sizes, nonlinearity=state.activation)
        hx = torch.randn_like(unrolled.hx) if deviations.random_start else unrolled.hx
    _copy_weights(computation, cell, deviations)
    rnn.load_state_dict({f"{name}_l0": value for name, value in cell.state_dict().items()})
    if deviations.leftover_state:
        hx = _loop(cell, unrolled.X, hx)[-1]
    return Equivalence(unrolled.hidden, _loop(cell, unrolled.X, hx), rnn(unrolled.X, hx[None])[0])


def _copy_weights(computation: Computation, cell: nn.RNNCell, deviations: Deviations) -> None:
    Wx, Wy, b, _ = computation.weights
    cell.weight_ih.copy_(Wx.T)
    cell.weight_hh.copy_(Wy if deviations.not_transposed else Wy.T)
    cell.bias_ih.copy_(b)
    if not deviations.second_bias:
        cell.bias_hh.zero_()


def _loop(cell: nn.RNNCell, X: Tensor, hx: Tensor) -> Tensor:
    """The hidden states of a cell in a loop, (n_steps, batch, n_neurons)."""
    states = []
    for x in X:
        hx = cell(x, hx)
        states.append(hx)
    return torch.stack(states)
