"""The tutorial's toy networks, built: weights, a starting state and a batch of any size."""

import torch
from torch import Tensor, nn

from rnn_demo.inside.presets import MAX_BATCH, MAX_INPUTS, MAX_STEPS, Preset
from rnn_demo.nn.models import BasicRNN, CleanBasicRNN, SingleRNN

ToyModel = SingleRNN | BasicRNN | CleanBasicRNN | nn.RNNCell


def draw(
    preset: Preset, batch_size: int, n_inputs: int, n_neurons: int, seed: int
) -> tuple[ToyModel, Tensor]:
    """The network of a preset, and a random starting state, drawn from a seed in this order.

    Returns:
        The network, and hx (batch_size, n_neurons) from N(0, 1), which is the stored one of
        a `CleanBasicRNN`.

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
    """The tutorial's batch, cut off or continued with digits that are always the same.

    Returns:
        (n_steps, batch_size, n_inputs), whole numbers from 0 to 9. A number stays what it
        is when a size changes.
    """
    generator = torch.Generator().manual_seed(0)
    X = torch.randint(0, 10, (MAX_STEPS, MAX_BATCH, MAX_INPUTS), generator=generator).float()
    own = torch.tensor(preset.X, dtype=torch.float)
    X[: own.shape[0], : own.shape[1], : own.shape[2]] = own
    return X[:n_steps, :batch_size, :n_inputs].clone()
