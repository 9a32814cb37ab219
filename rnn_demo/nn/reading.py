"""An ImageRNN reads one digit: its hidden state and class probabilities after every row."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnn_demo.nn.models import ImageRNN, check_input

CONFIDENT_PROBABILITY = 0.9  # from this probability on, a network is called confident
# An image whose best guess is less probable than this does not look like a digit. The shipped
# networks were trained to be unsure about non-digits and then calibrated. The number was chosen
# on validation images, of which it rejects 1 in 1,000 (0.5 rejects twice as many digits, and
# hardly more non-digits). It rejects less than 1 % of MNIST's test digits.
MIN_DIGIT_PROBABILITY = 0.45


@dataclass(frozen=True)
class Reading:
    """The states and answers of a network after each row of an image.

    Attributes:
        hidden: (n_steps, n_neurons), the top layer's hidden state after every row; `h` of an
            LSTM.
        logits: (n_steps, n_outputs), the output layer applied to every hidden state.
        probabilities: (n_steps, n_outputs), the softmax of the logits. The output layer was
            trained on the last state only; earlier rows are outside its training distribution.
        prediction: the most probable class after the last row.
        weights: (n_outputs, n_neurons), of the output layer.
        blank: whether the image has no ink at all.
    """

    hidden: Tensor
    logits: Tensor
    probabilities: Tensor
    prediction: int
    weights: Tensor
    blank: bool

    @property
    def contributions(self) -> Tensor:
        """The part of each hidden unit in the logit of the prediction, (n_neurons,).

        The output layer is linear: these and its bias add up to the logit after the last row.
        """
        return self.weights[self.prediction] * self.hidden[-1]

    @property
    def confidence(self) -> float:
        """The probability of the prediction after the last row."""
        return float(self.probabilities[-1, self.prediction])

    @property
    def confidence_percent(self) -> int:
        """`confidence` in whole percent, rounded down: 99.9 % is not certainty."""
        return math.floor(100 * self.confidence)

    @property
    def looks_like_a_digit(self) -> bool:
        """Whether there is ink, and the best guess is probable enough."""
        return not self.blank and self.confidence >= MIN_DIGIT_PROBABILITY

    @property
    def settled_at(self) -> int:
        """The row from which on the most probable class is the prediction, 0-based."""
        other = (self.probabilities.argmax(dim=1) != self.prediction).nonzero()
        return int(other[-1]) + 1 if len(other) else 0

    @property
    def confident_from(self) -> int | None:
        """The row from which on the prediction has `CONFIDENT_PROBABILITY` or more, 0-based.

        None if the prediction has less after the last row.
        """
        less = (self.probabilities[:, self.prediction] < CONFIDENT_PROBABILITY).nonzero()
        row = int(less[-1]) + 1 if len(less) else 0
        return row if row < len(self.probabilities) else None


@torch.no_grad()
def read(model: ImageRNN, image: Tensor | npt.NDArray[np.floating]) -> Reading:
    """Read one image row by row with a network, without changing the network.

    Args:
        model: the network.
        image: float (n_steps, n_inputs) in [0, 1], ink bright on 0.

    Raises:
        ValueError: the shape does not fit, or a value is not finite.
        TypeError: the image holds no floats.
    """
    rows = as_rows(model, image)
    # A call of the model itself would overwrite model.hidden.
    hidden, _ = model.basic_rnn(rows[:, None])  # (n_steps, 1, n_neurons)
    hidden = hidden[:, 0]
    logits = model.FC(hidden)
    return Reading(
        hidden=hidden,
        logits=logits,
        probabilities=logits.softmax(dim=1),
        prediction=int(logits[-1].argmax()),
        weights=model.FC.weight.detach(),
        blank=not bool(rows.any()),
    )


def worst_mistakes(logits: Tensor, labels: npt.NDArray[np.uint8]) -> npt.NDArray[np.intp]:
    """Indices of the images that a network gets wrong, most confident first.

    Args:
        logits: (n, n_outputs).
        labels: (n,), the right classes.
    """
    confidence, answers = logits.softmax(dim=1).max(dim=1)
    wrong = np.flatnonzero(answers.numpy() != labels)
    return wrong[np.argsort(-confidence.numpy()[wrong], kind="stable")]


def as_rows(model: ImageRNN, image: Tensor | npt.NDArray[np.floating]) -> Tensor:
    """An image (n_steps, n_inputs) with the type and on the device of the network.

    Raises:
        ValueError: the shape does not fit, or a value is not finite.
        TypeError: the image holds no floats.
    """
    rows = torch.as_tensor(image)
    check_input("image", rows, (model.n_steps, model.n_inputs))
    return rows.to(model.FC.weight)
