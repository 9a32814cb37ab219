"""An ImageRNN reads one digit: its hidden state and its belief after every row."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnn_demo.nn.models import ImageRNN, check_input

SURE = 0.9  # a probability from which on a network is called sure
# An image whose likeliest digit is less likely than this does not look like a digit. The shipped
# networks learnt to be undecided about what is none, and are calibrated: the number was chosen
# on validation images, of which it turns away 1 in 1,000 (0.5 turns away twice as many, and lets
# hardly less through that is no digit), and turns away less than 1 % of MNIST's test digits.
LEAST_LIKELY = 0.45


@dataclass(frozen=True)
class Reading:
    """What a network thinks after each row of an image.

    Attributes:
        hidden: (n_steps, n_neurons), the top layer's hidden state after every row; `h` of an
            LSTM.
        logits: (n_steps, n_outputs), the output layer applied to every one of them.
        probabilities: (n_steps, n_outputs), their softmax: the belief so far. The output
            layer was trained on the last state alone, so beliefs before the last row are off
            its training distribution.
        prediction: the likeliest class after the last row.
        weights: (n_outputs, n_neurons), the output layer's.
        blank: whether there was no ink at all.
    """

    hidden: Tensor
    logits: Tensor
    probabilities: Tensor
    prediction: int
    weights: Tensor
    blank: bool

    @property
    def contributions(self) -> Tensor:
        """How much each hidden unit adds to the logit of the prediction, (n_neurons,).

        The output layer is linear: these and its bias add up to the logit after the last row.
        """
        return self.weights[self.prediction] * self.hidden[-1]

    @property
    def looks_like_a_digit(self) -> bool:
        """Whether the network finds one of the ten likely enough."""
        return not self.blank and float(self.probabilities[-1].max()) >= LEAST_LIKELY

    @property
    def changed_at(self) -> int:
        """The row from which on the leading class is the prediction."""
        other = (self.probabilities.argmax(dim=1) != self.prediction).nonzero()
        return int(other[-1]) + 1 if len(other) else 0

    @property
    def sure_from(self) -> int | None:
        """The row from which on the prediction keeps a probability of at least `SURE`."""
        unsure = (self.probabilities[:, self.prediction] < SURE).nonzero()
        row = int(unsure[-1]) + 1 if len(unsure) else 0
        return row if row < len(self.probabilities) else None

    @property
    def answer(self) -> str:
        """The prediction and how sure it is, as in "7, 98 % sure", or that it is none."""
        if not self.looks_like_a_digit:
            return "This does not look like a digit"
        # Rounded down: 99.9 % is not certainty.
        percent = math.floor(100 * float(self.probabilities[-1, self.prediction]))
        return f"{self.prediction}, {percent} % sure"

    @property
    def story(self) -> str:
        """How it came to its answer, in one or two sentences."""
        if self.blank:
            return "There is no ink to read."
        if not self.looks_like_a_digit:
            percent = math.floor(100 * float(self.probabilities[-1].max()))
            return f"The likeliest of the ten is {self.prediction}, with {percent} % only."
        settled = f"It settled on {self.prediction} at row {self.changed_at}"
        if self.sure_from is None:
            return f"{settled} and ended less than {100 * SURE:.0f} % sure."
        return f"{settled} and was {100 * SURE:.0f} % sure from row {self.sure_from} on."


@torch.no_grad()
def read(model: ImageRNN, image: Tensor | npt.NDArray[np.floating]) -> Reading:
    """Let a network read one image, row by row, changing nothing in it.

    Args:
        model: the network.
        image: float (n_steps, n_inputs), ink bright on 0, values in [0, 1].

    Raises:
        ValueError: the shape does not fit, or a value is not finite.
        TypeError: the image holds no floats.
    """
    rows = as_rows(model, image)
    # basic_rnn is called by itself, so that model.hidden keeps what it holds.
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
    """Which images a network gets wrong, the ones it is surest of first.

    Args:
        logits: (n, n_outputs).
        labels: (n,), the right classes.
    """
    confidence, answers = logits.softmax(dim=1).max(dim=1)
    wrong = np.flatnonzero(answers.numpy() != labels)
    return wrong[np.argsort(-confidence.numpy()[wrong], kind="stable")]


def as_rows(model: ImageRNN, image: Tensor | npt.NDArray[np.floating]) -> Tensor:
    """An image as the network takes it: (n_steps, n_inputs), of its type, on its device.

    Raises:
        ValueError: the shape does not fit, or a value is not finite.
        TypeError: the image holds no floats.
    """
    rows = torch.as_tensor(image)
    check_input("image", rows, (model.n_steps, model.n_inputs))
    return rows.to(model.FC.weight)
