"""An ImageRNN reads one digit: its hidden state and its belief after every row."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnn_demo.models import ImageRNN, check_input

SURE = 0.9  # a probability from which on a network is called sure


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
    """

    hidden: Tensor
    logits: Tensor
    probabilities: Tensor
    prediction: int

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
        """The prediction and how sure it is, as in "7, 98 % sure"."""
        # Rounded down: 99.9 % is not certainty.
        percent = math.floor(100 * float(self.probabilities[-1, self.prediction]))
        return f"{self.prediction}, {percent} % sure"

    @property
    def story(self) -> str:
        """How it came to its answer, in one or two sentences."""
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
    rows = torch.as_tensor(image)
    check_input("image", rows, (model.n_steps, model.n_inputs))
    # basic_rnn is called by itself, so that model.hidden keeps what it holds.
    hidden, _ = model.basic_rnn(rows.to(model.FC.weight)[:, None])  # (n_steps, 1, n_neurons)
    hidden = hidden[:, 0]
    logits = model.FC(hidden)
    return Reading(
        hidden=hidden,
        logits=logits,
        probabilities=logits.softmax(dim=1),
        prediction=int(logits[-1].argmax()),
    )
