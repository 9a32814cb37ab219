"""The tutorial's small networks, built in any size: weights, an initial hidden state, a batch."""

import torch
from torch import Tensor, nn

from rnn_demo.inside.presets import MAX_BATCH, MAX_INPUTS, MAX_STEPS, Preset
from rnn_demo.nn.models import BasicRNN, CleanBasicRNN, SingleRNN

SmallNetwork = SingleRNN | BasicRNN | CleanBasicRNN | nn.RNNCell


def build(
    preset: Preset, batch_size: int, n_inputs: int, n_neurons: int, seed: int
) -> tuple[SmallNetwork, Tensor]:
    """The network of a preset and a random initial hidden state, drawn from a seed in this order.

    Returns:
        The network, and hx (batch_size, n_neurons) from N(0, 1). A `CleanBasicRNN` stores this
        hx itself.

    Raises:
        ValueError: a size is below 1.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if preset.class_name == "CleanBasicRNN":
            model = CleanBasicRNN(batch_size, n_inputs, n_neurons)
            return model, model.hx
        kinds = {"SingleRNN": SingleRNN, "BasicRNN": BasicRNN, "nn.RNNCell": nn.RNNCell}
        return kinds[preset.class_name](n_inputs, n_neurons), torch.randn(batch_size, n_neurons)


def inputs(preset: Preset, n_steps: int, batch_size: int, n_inputs: int) -> Tensor:
    """The tutorial's batch in another size: cut off, or continued with fixed random digits.

    Returns:
        (n_steps, batch_size, n_inputs), whole numbers from 0 to 9. A change of size keeps
        the numbers that are there.
    """
    generator = torch.Generator().manual_seed(0)
    X = torch.randint(0, 10, (MAX_STEPS, MAX_BATCH, MAX_INPUTS), generator=generator).float()
    tutorial = torch.tensor(preset.X, dtype=torch.float)
    X[: tutorial.shape[0], : tutorial.shape[1], : tutorial.shape[2]] = tutorial
    return X[:n_steps, :batch_size, :n_inputs].clone()
