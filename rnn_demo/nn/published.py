"""What the tutorial published, kept to show the difference from `rnn_demo.nn.models`.

Source: "Building RNNs is Fun with PyTorch and Google Colab" (2018), its code and the outputs
printed under it.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rnn_demo.nn.models import BasicRNN, CleanBasicRNN, ImageRNN

# Printed after each of the ten epochs of the tutorial's training run. Loss and accuracy are
# running means within the epoch, divided by 937 where there are 938 batches.
TUTORIAL_LOSS = (0.7489, 0.3113, 0.2325, 0.1957, 0.1706, 0.1564, 0.1471, 0.1329, 0.1283, 0.1196)
TUTORIAL_TRAIN_ACCURACY = (
    75.88, 91.05, 93.33, 94.53, 95.21, 95.58, 95.91, 96.14, 96.42, 96.65,
)  # fmt: skip
TUTORIAL_TEST_ACCURACY = 95.83
# The same predictions, counted exactly: 9,568 of 10,000 right.
EXACT_TEST_ACCURACY = 95.68


class TutorialBasicRNN(nn.Module):
    """`SingleRNN` and `BasicRNN` as published: weights that PyTorch does not know of.

    `Wx`, `Wy` and `b` are plain tensors, no `nn.Parameter`s, so `parameters()` is empty: an
    optimiser would have nothing to train, and `state_dict()` nothing to save.
    """

    def __init__(self, n_inputs: int, n_neurons: int) -> None:
        super().__init__()
        self.Wx = torch.randn(n_inputs, n_neurons)
        self.Wy = torch.randn(n_neurons, n_neurons)
        self.b = torch.zeros(1, n_neurons)

    def forward(self, X0: Tensor, X1: Tensor) -> tuple[Tensor, Tensor]:
        """Y0 and Y1, (batch, n_neurons) each, as `rnn_demo.nn.models.BasicRNN` gives them."""
        Y0 = torch.tanh(X0 @ self.Wx + self.b)
        return Y0, torch.tanh(Y0 @ self.Wy + X1 @ self.Wx + self.b)


class TutorialCleanBasicRNN(nn.Module):
    """`CleanBasicRNN` as published: the state left by one call starts the next.

    The same input gives another answer each time, and a second `backward()` fails because
    the graph of the first call is still attached to `hx`. The number of steps is fixed at 2.
    """

    def __init__(self, batch_size: int, n_inputs: int, n_neurons: int) -> None:
        super().__init__()
        self.rnn = nn.RNNCell(n_inputs, n_neurons)
        self.hx = torch.randn(batch_size, n_neurons)

    def forward(self, X: Tensor) -> tuple[list[Tensor], Tensor]:
        """Outputs of two steps and the final state; X is (2, batch_size, n_inputs)."""
        outputs = []
        for t in (0, 1):
            self.hx = self.rnn(X[t], self.hx)
            outputs.append(self.hx)
        return outputs, self.hx


def tutorial_accuracy(right: float, n_batches: int, batch_size: int) -> float:
    """The accuracy the tutorial would have printed, in percent.

    It adds up 100 x right / batch_size over all batches, the last of them smaller or not, and
    divides by the *index* of the last batch, one less than their number. A perfect model on
    10,000 images in 157 batches of 64 scores 100.16.

    Args:
        right: right answers in all batches together.
        n_batches: number of batches, at least 2.
        batch_size: size of a full batch.

    Raises:
        ValueError: there are fewer than 2 batches, whose last index is 0.
    """
    if n_batches < 2:
        raise ValueError(f"The published formula needs at least 2 batches, not {n_batches}.")
    return 100.0 * right / batch_size / (n_batches - 1)


def tutorial_loss(total: float, n_batches: int) -> float:
    """The loss the tutorial would have printed: the sum of its batches' losses, divided likewise.

    Args:
        total: sum of the mean losses of all batches.
        n_batches: number of batches, at least 2.

    Raises:
        ValueError: there are fewer than 2 batches, whose last index is 0.
    """
    if n_batches < 2:
        raise ValueError(f"The published formula needs at least 2 batches, not {n_batches}.")
    return total / (n_batches - 1)


def leak(X: Tensor, n_neurons: int, seed: int) -> tuple[float, float]:
    """How far two calls of `CleanBasicRNN` with the same input lie apart.

    Args:
        X: (2, batch_size, n_inputs).
        n_neurons: of the network.
        seed: of its weights and of its starting state.

    Returns:
        The largest difference of the final states: as published, and as mended.
    """
    _, batch_size, n_inputs = X.shape
    apart = []
    for kind in (TutorialCleanBasicRNN, CleanBasicRNN):
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            torch.manual_seed(seed)
            model = kind(batch_size, n_inputs, n_neurons)
            apart.append(float((model(X)[1] - model(X)[1]).abs().max()))
    return apart[0], apart[1]


@dataclass(frozen=True)
class Finding:
    """One thing that the tutorial got wrong, or what it is mended to.

    Attributes:
        title: what was looked at.
        value: what came out, live.
        text: what that means, Markdown.
    """

    title: str
    value: str
    text: str


def findings(X: Tensor, n_neurons: int, seed: int, *, published: bool) -> list[Finding]:
    """What comes out of the tutorial's networks, as published or as mended.

    Args:
        X: (n_steps, batch_size, n_inputs); the first two steps are used, or the first twice.
        n_neurons: of the toy networks.
        seed: of all weights and starting states.
        published: which of the two.

    Returns:
        Six findings, always in the same order.
    """
    two = X[:2] if len(X) > 1 else X.repeat(2, 1, 1)
    _, batch_size, n_inputs = two.shape
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        basic = (TutorialBasicRNN if published else BasicRNN)(n_inputs, n_neurons)
        clean = (TutorialCleanBasicRNN if published else CleanBasicRNN)(
            batch_size, n_inputs, n_neurons
        )
        logits = ImageRNN(1, 28, 28, 150, 10)(torch.rand(1, 28, 28)).detach()
    apart = leak(two, n_neurons, seed)[0 if published else 1]
    failed = second_backward(clean, two)
    different = _difference(basic, clean, two)
    total = float((logits if published else logits.log_softmax(dim=1)).exp().sum())
    return [
        Finding(
            "`list(BasicRNN(...).parameters())` holds",
            str(len(list(basic.parameters()))),
            "`Wx`, `Wy` and `b` are plain tensors: an optimiser has nothing to train."
            if published
            else "`Wx`, `Wy` and `b` are parameters: an optimiser trains all three.",
        ),
        Finding(
            "`CleanBasicRNN` twice, same batch: apart by",
            f"{apart:.4f}",
            "The first call leaves its last state in `hx`, and the second starts from there."
            if published
            else "Every call starts from the stored `hx`, and leaves it alone.",
        ),
        Finding(
            "A second `backward()`",
            failed or "works",
            "`hx` still hangs on the graph of the first call, which is gone."
            if published
            else "Nothing is left over from the first call.",
        ),
        Finding(
            "“The same model as `BasicRNN`”: apart by",
            f"{different:.4f}",
            "It has weights, biases and a start of its own."
            if published
            else "With equal weights, biases and start, they are the same up to rounding.",
        ),
        Finding(
            "`exp` of the ten outputs, added up",
            f"{total:.4f}",
            "Called log probabilities, but these are logits: probabilities add up to 1."
            if published
            else "`log_softmax` makes log probabilities of logits.",
        ),
        Finding(
            "The digits in MNIST",
            "1-10" if published else f"{0}-{logits.shape[1] - 1}",
            "So the tutorial says." if published else "Ten classes, and the first one is 0.",
        ),
    ]


def second_backward(model: nn.Module, X: Tensor) -> str | None:
    """What the second of two calls with `backward()` raises: the class of the error, or nothing.

    Args:
        model: as `CleanBasicRNN`, published or mended.
        X: (2, batch_size, n_inputs).
    """
    model(X)[1].sum().backward()
    try:
        model(X)[1].sum().backward()
    except RuntimeError as error:
        return type(error).__name__
    return None


@torch.no_grad()
def _difference(basic: nn.Module, clean: nn.Module, X: Tensor) -> float:
    """How far the last states of the two networks lie apart; the mended ones are made equal."""
    if isinstance(basic, BasicRNN) and isinstance(clean, CleanBasicRNN):
        clean.rnn.weight_ih.copy_(basic.Wx.T)
        clean.rnn.weight_hh.copy_(basic.Wy.T)
        clean.rnn.bias_ih.copy_(basic.b[0])
        clean.rnn.bias_hh.zero_()
        clean.hx.zero_()
    return float((basic(*X)[1] - clean(X)[1]).abs().max())
