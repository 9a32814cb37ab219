"""What a network answers before it has learnt anything."""

from functools import cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rnn_demo.data.digits import as_float
from rnn_demo.nn.models import ImageRNN
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe


@cache
def network() -> ImageRNN:
    """The tutorial's network, `ImageRNN(64, 28, 28, 150, 10)`, with its initial weights."""
    return build(Recipe())


@torch.no_grad()
def logits(images: npt.NDArray[np.uint8]) -> Tensor:
    """The logits of the untrained network after the last row, (n, 10).

    Args:
        images: (n, 28, 28), from 0 (paper) to 255 (ink).
    """
    model = network()
    # A call of the model itself would overwrite model.hidden, and visitors share the model.
    hidden, _ = model.basic_rnn(torch.from_numpy(as_float(images)).transpose(0, 1))
    last: Tensor = model.FC(hidden[-1])
    return last


def largest_difference(probabilities: Tensor) -> float:
    """How much a class's probability differs among images, for the class where it does most.

    Args:
        probabilities: (n, n_outputs) in [0, 1].
    """
    return float((probabilities.amax(dim=0) - probabilities.amin(dim=0)).max())
