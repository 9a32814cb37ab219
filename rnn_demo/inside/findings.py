"""The tutorial's bugs, measured: its networks as published beside the fixed ones."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rnn_demo.nn.models import BasicRNN, CleanBasicRNN, ImageRNN
from rnn_demo.nn.published import TutorialBasicRNN, TutorialCleanBasicRNN


@dataclass(frozen=True)
class Findings:
    """What the tutorial's networks do, as published or fixed.

    Attributes:
        n_parameters: length of `list(BasicRNN(...).parameters())`.
        call_difference: the largest difference between two calls of `CleanBasicRNN` with the
            same batch.
        backward_error: class of the error that a second `backward()` raises; None without one.
        model_difference: the largest difference between the last states of `BasicRNN` and
            `CleanBasicRNN`, "the same model".
        probability_sum: sum of `exp` of the ten outputs of `ImageRNN`.
        digits: the first and the last digit of MNIST.
    """

    n_parameters: int
    call_difference: float
    backward_error: str | None
    model_difference: float
    probability_sum: float
    digits: tuple[int, int]


def findings(X: Tensor, n_neurons: int, seed: int, *, tutorial: bool) -> Findings:
    """Measure the tutorial's networks.

    Args:
        X: (n_steps, batch_size, n_inputs); of one step only, this step is used twice.
        n_neurons: of the small networks.
        seed: of all weights and initial hidden states.
        tutorial: measure them as published, not fixed.
    """
    two_steps = X[:2] if len(X) > 1 else X.repeat(2, 1, 1)
    _, batch_size, n_inputs = two_steps.shape
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        basic = (TutorialBasicRNN if tutorial else BasicRNN)(n_inputs, n_neurons)
        clean = (TutorialCleanBasicRNN if tutorial else CleanBasicRNN)(
            batch_size, n_inputs, n_neurons
        )
        logits = ImageRNN(1, 28, 28, 150, 10)(torch.rand(1, 28, 28)).detach()
    log_probabilities = logits if tutorial else logits.log_softmax(dim=1)
    return Findings(
        n_parameters=len(list(basic.parameters())),
        call_difference=call_difference(two_steps, n_neurons, seed, tutorial=tutorial),
        backward_error=backward_error(clean, two_steps),
        model_difference=_model_difference(basic, clean, two_steps),
        probability_sum=float(log_probabilities.exp().sum()),
        digits=(1, 10) if tutorial else (0, logits.shape[1] - 1),
    )


@torch.no_grad()
def call_difference(X: Tensor, n_neurons: int, seed: int, *, tutorial: bool) -> float:
    """The largest difference between two calls of `CleanBasicRNN` with the same batch.

    Args:
        X: (2, batch_size, n_inputs).
        n_neurons: of the network.
        seed: of its weights and of its initial hidden state.
        tutorial: call the published class, not the fixed one.
    """
    _, batch_size, n_inputs = X.shape
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        kind = TutorialCleanBasicRNN if tutorial else CleanBasicRNN
        model = kind(batch_size, n_inputs, n_neurons)
    return float((model(X)[1] - model(X)[1]).abs().max())


def backward_error(model: nn.Module, X: Tensor) -> str | None:
    """Class of the error that a second call with `backward()` raises; None without an error.

    Args:
        model: a `CleanBasicRNN`, published or fixed.
        X: (2, batch_size, n_inputs).
    """
    model(X)[1].sum().backward()
    try:
        model(X)[1].sum().backward()
    except RuntimeError as error:
        return type(error).__name__
    return None


@torch.no_grad()
def _model_difference(basic: nn.Module, clean: nn.Module, X: Tensor) -> float:
    """The largest difference between the last states; the fixed models get equal weights."""
    if isinstance(basic, BasicRNN) and isinstance(clean, CleanBasicRNN):
        clean.rnn.weight_ih.copy_(basic.Wx.T)
        clean.rnn.weight_hh.copy_(basic.Wy.T)
        clean.rnn.bias_ih.copy_(basic.b[0])
        clean.rnn.bias_hh.zero_()
        clean.hx.zero_()
    return float((basic(*X)[1] - clean(X)[1]).abs().max())
