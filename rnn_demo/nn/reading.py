"""An ImageRNN reads one digit: its hidden state and class probabilities after every row."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnn_demo.nn.answer import CONFIDENT_PROBABILITY, Answer
from rnn_demo.nn.models import ImageRNN, check_input


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
    def answer(self) -> Answer:
        """The answer after the last row, and from which row on the network gave it."""
        of_answer = self.probabilities[:, self.prediction]
        other = (self.probabilities.argmax(dim=1) != self.prediction).nonzero()
        less = (of_answer < CONFIDENT_PROBABILITY).nonzero()
        confident = int(less[-1]) + 1 if len(less) else 0
        return Answer(
            prediction=self.prediction,
            confidence=float(of_answer[-1]),
            settled_at=int(other[-1]) + 1 if len(other) else 0,
            confident_from=confident if confident < len(of_answer) else None,
            blank=self.blank,
        )


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
