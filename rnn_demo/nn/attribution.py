"""What an answer of a network rests on: occlusion, gradient, order of the rows, memory."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnn_demo.nn.models import ImageRNN
from rnn_demo.nn.reading import Reading, as_rows, read

Image = Tensor | npt.NDArray[np.floating]


@torch.no_grad()
def occlusion(model: ImageRNN, image: Image, height: int) -> Tensor:
    """The probability of the answer with each band of rows erased in turn.

    Args:
        model: the network.
        image: float (n_steps, n_inputs).
        height: rows in a band, 1 to n_steps.

    Returns:
        (n_steps - height + 1,), one for each band, in the order of their first rows.

    Raises:
        ValueError: the image does not fit, or `height` is out of range.
        TypeError: the image holds no floats.
    """
    rows = as_rows(model, image)
    if not 1 <= height <= model.n_steps:
        raise ValueError(f"height must be between 1 and {model.n_steps}, not {height}.")
    erased = rows.repeat(model.n_steps - height + 1, 1, 1)
    for first, copy in enumerate(erased):
        copy[first : first + height] = 0
    answer = _logits(model, rows[None])[0].argmax()
    return _logits(model, erased).softmax(dim=1)[:, answer]


def gradient(model: ImageRNN, image: Image) -> Tensor:
    """The gradient of the largest logit with respect to each pixel, (n_steps, n_inputs).

    Raises:
        ValueError: the image does not fit.
        TypeError: the image holds no floats.
    """
    rows = as_rows(model, image).clone().requires_grad_()
    (slope,) = torch.autograd.grad(_logits(model, rows[None])[0].max(), rows)
    return slope


def reordered(image: Image, order: Sequence[int]) -> Tensor:
    """An image with its rows in another order: the same ink, another sequence.

    Args:
        image: (n_steps, n_inputs).
        order: the rows in their new order, each of 0 to n_steps - 1 once.

    Raises:
        ValueError: `order` does not hold each row once.
    """
    rows = torch.as_tensor(image)
    if sorted(order) != list(range(len(rows))):
        raise ValueError(f"order must hold each of 0 to {len(rows) - 1} once.")
    return rows[list(order)]


@torch.no_grad()
def transplant(model: ImageRNN, donor: Image, image: Image, n_rows: int) -> Reading:
    """Read the first rows of a donor image, then the remaining rows of an image.

    The hidden state is all that a network keeps of earlier rows, so this gives the image's
    remaining rows the memory of another digit.

    Args:
        model: the network.
        donor: float (n_steps, n_inputs).
        image: float (n_steps, n_inputs).
        n_rows: rows of the donor, 1 to n_steps.

    Raises:
        ValueError: an image does not fit, or `n_rows` is out of range.
        TypeError: an image holds no floats.
    """
    upper, lower = as_rows(model, donor), as_rows(model, image)
    if not 1 <= n_rows <= model.n_steps:
        raise ValueError(f"n_rows must be between 1 and {model.n_steps}, not {n_rows}.")
    return read(model, torch.cat([upper[:n_rows], lower[n_rows:]]))


def _logits(model: ImageRNN, images: Tensor) -> Tensor:
    """Logits after the last row, (batch, n_outputs); does not change `model.hidden`."""
    hidden, _ = model.basic_rnn(images.transpose(0, 1))
    logits: Tensor = model.FC(hidden[-1])
    return logits
