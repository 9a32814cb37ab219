"""The tutorial's four small networks with their batches, in its order, as data without torch."""

from dataclasses import dataclass

# The largest sizes of the page; the tutorial's own are smaller.
MAX_STEPS, MAX_BATCH, MAX_INPUTS, MAX_NEURONS = 12, 16, 8, 16

_FOUR_INPUTS = (
    ((0, 1, 2, 0), (3, 4, 5, 0), (6, 7, 8, 0), (9, 0, 1, 0)),
    ((9, 8, 7, 0), (0, 0, 0, 0), (6, 5, 4, 0), (3, 2, 1, 0)),
)
_THREE_INPUTS = (
    ((0, 1, 2), (3, 4, 5), (6, 7, 8), (9, 0, 1)),
    ((9, 8, 7), (0, 0, 0), (6, 5, 4), (3, 2, 1)),
)


@dataclass(frozen=True)
class Preset:
    """One of the tutorial's small networks.

    Attributes:
        class_name: its class in the code.
        X: (n_steps, batch, n_inputs), the tutorial's batch.
        n_neurons: the tutorial's number of neurons.
        starts_random: whether the tutorial's initial hidden state is random, not zero.
    """

    class_name: str
    X: tuple[tuple[tuple[int, ...], ...], ...]
    n_neurons: int
    starts_random: bool = False

    @property
    def n_inputs(self) -> int:
        """Features of one example at one time step."""
        return len(self.X[0][0])

    @property
    def in_a_loop(self) -> bool:
        """Whether the code steps a cell in a loop and collects the hidden states in a list."""
        return self.class_name in ("nn.RNNCell", "CleanBasicRNN")

    def output_name(self, t: int) -> str:
        """The tutorial's name for the hidden state after step t."""
        return f"output[{t}]" if self.in_a_loop else f"Y{t}"


PRESETS = (
    Preset("SingleRNN", _FOUR_INPUTS, n_neurons=1),
    Preset("BasicRNN", _THREE_INPUTS, n_neurons=5),
    Preset("nn.RNNCell", _THREE_INPUTS, n_neurons=5, starts_random=True),
    Preset("CleanBasicRNN", _THREE_INPUTS, n_neurons=5, starts_random=True),
)
