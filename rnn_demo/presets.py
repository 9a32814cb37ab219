"""The tutorial's toy networks with its toy batches, in its order."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rnn_demo.models import BasicRNN, CleanBasicRNN, SingleRNN

ToyModel = SingleRNN | BasicRNN | CleanBasicRNN | nn.RNNCell
# Sizes the flow lab takes; the tutorial's are the smallest.
MAX_STEPS, MAX_BATCH, MAX_INPUTS, MAX_NEURONS = 12, 16, 8, 16

# A network and the state it starts from; None where that is zero or the network's own.
Built = tuple[ToyModel, Tensor | None]

_FOUR_WIDE = (
    ((0, 1, 2, 0), (3, 4, 5, 0), (6, 7, 8, 0), (9, 0, 1, 0)),
    ((9, 8, 7, 0), (0, 0, 0, 0), (6, 5, 4, 0), (3, 2, 1, 0)),
)
_THREE_WIDE = (
    ((0, 1, 2), (3, 4, 5), (6, 7, 8), (9, 0, 1)),
    ((9, 8, 7), (0, 0, 0), (6, 5, 4), (3, 2, 1)),
)


@dataclass(frozen=True)
class Preset:
    """One of the tutorial's toy networks.

    Attributes:
        title: how a person calls it.
        class_name: how the code calls it.
        idea: what it shows, in a sentence or two, Markdown.
        X: (n_steps, batch, n_inputs), the tutorial's batch.
        n_neurons: the tutorial's number of neurons.
        build: makes the network for (batch_size, n_inputs, n_neurons), from torch's generator.
        starts_random: whether the tutorial starts it from random numbers, not from zero.
    """

    title: str
    class_name: str
    idea: str
    X: tuple[tuple[tuple[int, ...], ...], ...]
    n_neurons: int
    build: Callable[[int, int, int], ToyModel]
    starts_random: bool = False

    @property
    def n_inputs(self) -> int:
        """Features of one instance at one time step."""
        return len(self.X[0][0])

    @property
    def in_a_loop(self) -> bool:
        """Whether it is a cell stepped in a loop, its states a list of outputs."""
        return self.class_name in ("nn.RNNCell", "CleanBasicRNN")

    def output_name(self, t: int) -> str:
        """What the tutorial calls the hidden state after step t."""
        return f"output[{t}]" if self.in_a_loop else f"Y{t}"

    def network(self, n_neurons: int, seed: int) -> Built:
        """The network with weights, and a random start, drawn from a seed.

        Raises:
            ValueError: n_neurons is below 1.
        """
        model, hx = self.draw(len(self.X[0]), self.n_inputs, n_neurons, seed)
        return model, hx if isinstance(model, nn.RNNCell) else None

    def draw(
        self, batch_size: int, n_inputs: int, n_neurons: int, seed: int
    ) -> tuple[ToyModel, Tensor]:
        """The network of any size, and a random starting state, drawn from a seed in this order.

        Returns:
            The network, and hx (batch_size, n_neurons) from N(0, 1), which is the stored one of
            a `CleanBasicRNN`.

        Raises:
            ValueError: a size is below 1.
        """
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = self.build(batch_size, n_inputs, n_neurons)
            if isinstance(model, CleanBasicRNN):
                return model, model.hx
            return model, torch.randn(batch_size, n_neurons)

    def inputs(self, n_steps: int, batch_size: int, n_inputs: int) -> Tensor:
        """The tutorial's batch, cut off or continued with digits that are always the same.

        Returns:
            (n_steps, batch_size, n_inputs), whole numbers from 0 to 9. A number stays what it
            is when a size changes.
        """
        generator = torch.Generator().manual_seed(0)
        X = torch.randint(0, 10, (MAX_STEPS, MAX_BATCH, MAX_INPUTS), generator=generator).float()
        own = torch.tensor(self.X, dtype=torch.float)
        X[: own.shape[0], : own.shape[1], : own.shape[2]] = own
        return X[:n_steps, :batch_size, :n_inputs].clone()


PRESETS = (
    Preset(
        title="One neuron",
        class_name="SingleRNN",
        idea="One neuron reads two time steps. At `t = 1` it sees the new input **and** what it "
        "said at `t = 0`: that is all the memory there is.",
        X=_FOUR_WIDE,
        n_neurons=1,
        build=lambda _, n_inputs, n_neurons: SingleRNN(n_inputs, n_neurons),
    ),
    Preset(
        title="A layer",
        class_name="BasicRNN",
        idea="Five neurons, the same two steps. `Wx`, `Wy` and `b` are the same at both: the "
        "network is one layer, used again.",
        X=_THREE_WIDE,
        n_neurons=5,
        build=lambda _, n_inputs, n_neurons: BasicRNN(n_inputs, n_neurons),
    ),
    Preset(
        title="RNNCell",
        class_name="nn.RNNCell",
        idea="PyTorch's own cell does one step; a loop does the rest. It starts from a random "
        "`hx`, so `t = 0` already has something to remember.",
        X=_THREE_WIDE,
        n_neurons=5,
        build=lambda _, n_inputs, n_neurons: nn.RNNCell(n_inputs, n_neurons),
        starts_random=True,
    ),
    Preset(
        title="CleanBasicRNN",
        class_name="CleanBasicRNN",
        idea="The cell and its loop in one module: it gives the output of every step, and the "
        "final state, which is the last of them.",
        X=_THREE_WIDE,
        n_neurons=5,
        build=CleanBasicRNN,
        starts_random=True,
    ),
)
