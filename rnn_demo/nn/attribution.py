"""Why a network answers as it does: what it looks at, and what changes its mind."""

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
    """What is left of the answer's probability when a band of rows is wiped clean.

    Args:
        model: the network.
        image: float (n_steps, n_inputs).
        height: rows in a band, 1 to n_steps.

    Returns:
        (n_steps - height + 1,), one for each band, by its first row.

    Raises:
        ValueError: the image does not fit, or `height` is out of range.
        TypeError: the image holds no floats.
    """
    rows = as_rows(model, image)
    if not 1 <= height <= model.n_steps:
        raise ValueError(f"height must be between 1 and {model.n_steps}, not {height}.")
    wiped = rows.repeat(model.n_steps - height + 1, 1, 1)
    for first, copy in enumerate(wiped):
        copy[first : first + height] = 0
    answer = _logits(model, rows[None])[0].argmax()
    return _logits(model, wiped).softmax(dim=1)[:, answer]


def gradient(model: ImageRNN, image: Image) -> Tensor:
    """How the winning logit changes with each pixel, (n_steps, n_inputs).

    Raises:
        ValueError: the image does not fit.
        TypeError: the image holds no floats.
    """
    rows = as_rows(model, image).clone().requires_grad_()
    (slope,) = torch.autograd.grad(_logits(model, rows[None])[0].max(), rows)
    return slope


def reordered(image: Image, order: Sequence[int]) -> Tensor:
    """The rows of an image in another order: the same ink, another sequence.

    Args:
        image: (n_steps, n_inputs).
        order: which row comes when, each of 0 to n_steps - 1 once.

    Raises:
        ValueError: `order` is no such thing.
    """
    rows = torch.as_tensor(image)
    if sorted(order) != list(range(len(rows))):
        raise ValueError(f"order must hold each of 0 to {len(rows) - 1} once.")
    return rows[list(order)]


@torch.no_grad()
def transplant(model: ImageRNN, donor: Image, image: Image, row: int) -> Reading:
    """Read an image from `row + 1` on with the state another image left at `row`.

    The state is all a network keeps of what it read, so this is the same as reading the upper
    rows of the one and the lower rows of the other.

    Args:
        model: the network.
        donor: float (n_steps, n_inputs), read down to `row`.
        image: float (n_steps, n_inputs), read below `row`.
        row: 0 to n_steps - 1.

    Raises:
        ValueError: an image does not fit, or `row` is out of range.
        TypeError: an image holds no floats.
    """
    upper, lower = as_rows(model, donor), as_rows(model, image)
    if not 0 <= row < model.n_steps:
        raise ValueError(f"row must be between 0 and {model.n_steps - 1}, not {row}.")
    return read(model, torch.cat([upper[: row + 1], lower[row + 1 :]]))


def _logits(model: ImageRNN, images: Tensor) -> Tensor:
    """Logits after the last row, (batch, n_outputs); `model.hidden` keeps what it holds."""
    hidden, _ = model.basic_rnn(images.transpose(0, 1))
    logits: Tensor = model.FC(hidden[-1])
    return logits
