"""The tutorial's toy networks with its toy batches, in its order, as data that needs no torch."""

from dataclasses import dataclass

# Sizes the flow lab takes; the tutorial's are the smallest.
MAX_STEPS, MAX_BATCH, MAX_INPUTS, MAX_NEURONS = 12, 16, 8, 16

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
        starts_random: whether the tutorial starts it from random numbers, not from zero.
    """

    title: str
    class_name: str
    idea: str
    X: tuple[tuple[tuple[int, ...], ...], ...]
    n_neurons: int
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


PRESETS = (
    Preset(
        title="One neuron",
        class_name="SingleRNN",
        idea="One neuron reads two time steps. At `t = 1` it sees the new input **and** what it "
        "said at `t = 0`: that is all the memory there is.",
        X=_FOUR_WIDE,
        n_neurons=1,
    ),
    Preset(
        title="A layer",
        class_name="BasicRNN",
        idea="Five neurons, the same two steps. `Wx`, `Wy` and `b` are the same at both: the "
        "network is one layer, used again.",
        X=_THREE_WIDE,
        n_neurons=5,
    ),
    Preset(
        title="RNNCell",
        class_name="nn.RNNCell",
        idea="PyTorch's own cell does one step; a loop does the rest. It starts from a random "
        "`hx`, so `t = 0` already has something to remember.",
        X=_THREE_WIDE,
        n_neurons=5,
        starts_random=True,
    ),
    Preset(
        title="CleanBasicRNN",
        class_name="CleanBasicRNN",
        idea="The cell and its loop in one module: it gives the output of every step, and the "
        "final state, which is the last of them.",
        X=_THREE_WIDE,
        n_neurons=5,
        starts_random=True,
    ),
)
