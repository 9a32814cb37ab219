"""The tutorial's code and figures as published, with their mistakes.

`rnn_demo.nn.models` has the fixed classes. Source: "Building RNNs is Fun with PyTorch and Google
Colab" (2018), its code and the outputs printed below it.
"""

import torch
from torch import Tensor, nn

# Printed after each of the ten epochs of the tutorial's training run. Loss and accuracy are
# running means of the epoch, divided by 937 although there are 938 batches.
TUTORIAL_LOSS = (0.7489, 0.3113, 0.2325, 0.1957, 0.1706, 0.1564, 0.1471, 0.1329, 0.1283, 0.1196)
TUTORIAL_TRAIN_ACCURACY = (
    75.88, 91.05, 93.33, 94.53, 95.21, 95.58, 95.91, 96.14, 96.42, 96.65,
)  # fmt: skip
TUTORIAL_TEST_ACCURACY = 95.83
TUTORIAL_URL = (
    "https://medium.com/dair-ai/building-rnns-is-fun-with-pytorch-and-google-colab-3903ea9a3a79"
)
# The same predictions, counted exactly: 9,568 of 10,000 are right.
EXACT_TEST_ACCURACY = 95.68


class TutorialBasicRNN(nn.Module):
    """`SingleRNN` and `BasicRNN` as published: PyTorch does not see their weights.

    `Wx`, `Wy` and `b` are plain tensors, not `nn.Parameter`s, so `parameters()` and
    `state_dict()` are empty: an optimiser cannot train them and a checkpoint cannot save them.
    """

    def __init__(self, n_inputs: int, n_neurons: int) -> None:
        super().__init__()
        self.Wx = torch.randn(n_inputs, n_neurons)
        self.Wy = torch.randn(n_neurons, n_neurons)
        self.b = torch.zeros(1, n_neurons)

    def forward(self, X0: Tensor, X1: Tensor) -> tuple[Tensor, Tensor]:
        """Y0 and Y1, (batch, n_neurons) each, equal to those of `rnn_demo.nn.models.BasicRNN`."""
        Y0 = torch.tanh(X0 @ self.Wx + self.b)
        return Y0, torch.tanh(Y0 @ self.Wy + X1 @ self.Wx + self.b)


class TutorialCleanBasicRNN(nn.Module):
    """`CleanBasicRNN` as published: the next call starts from the last state of this one.

    The same input gives a different result each time, and a second `backward()` fails because
    `hx` is still attached to the graph of the first call. The number of steps is fixed at 2.
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
    """The accuracy that the tutorial's formula gives, in percent.

    The formula adds 100 x right / batch_size over all batches, even if the last one is smaller,
    and divides by the *index* of the last batch, one less than their number. A perfect model on
    10,000 images in 157 batches of 64 gets 100.16.

    Args:
        right: right answers in all batches.
        n_batches: number of batches, at least 2.
        batch_size: size of a full batch.

    Raises:
        ValueError: there are fewer than 2 batches.
    """
    return 100.0 * right / batch_size / _divisor(n_batches)


def tutorial_loss(total: float, n_batches: int) -> float:
    """The loss that the tutorial's formula gives, with the same divisor as its accuracy.

    Args:
        total: sum of the mean losses of the batches.
        n_batches: number of batches, at least 2.

    Raises:
        ValueError: there are fewer than 2 batches.
    """
    return total / _divisor(n_batches)


def _divisor(n_batches: int) -> int:
    """The index of the last batch, by which the tutorial divides."""
    if n_batches < 2:
        raise ValueError(f"The tutorial's formula needs at least 2 batches, not {n_batches}.")
    return n_batches - 1
