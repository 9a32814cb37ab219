"""The training loop: a generator of events that knows neither screen nor files.

Images stay one uint8 array; a batch is a slice of shuffled indices, converted when its turn
comes. The tutorial's DataLoader spends most of its time converting images one by one.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from rnn_demo.digits import Digits, as_float
from rnn_demo.models import ImageRNN
from rnn_demo.training.recipe import Recipe

_TEST_BATCH = 1_000


@dataclass(frozen=True)
class BatchDone:
    """One optimiser step.

    Attributes:
        epoch: 0-based.
        batch: 0-based, within the epoch.
        n_batches: batches in an epoch.
        size: images in this batch.
        loss: mean cross-entropy over the batch, nats.
        right: right answers in the batch, counted before the step.
    """

    epoch: int
    batch: int
    n_batches: int
    size: int
    loss: float
    right: int


@dataclass(frozen=True)
class EpochDone:
    """One pass over the training images.

    Attributes:
        epoch: 0-based.
        loss: mean cross-entropy over all images of the epoch, nats, each as it was met.
        accuracy: right answers of all images of the epoch, percent, each as it was met.
    """

    epoch: int
    loss: float
    accuracy: float


Event = BatchDone | EpochDone


def train(model: ImageRNN, recipe: Recipe, digits: Digits) -> Iterator[Event]:
    """Train a network in place, telling of every step.

    To stop early, ask for no more events: the model is then trained that far.

    Args:
        model: the network, usually fresh from `build(recipe)`.
        recipe: how to train it.
        digits: training images.

    Raises:
        FloatingPointError: the loss is no longer a number.
    """
    optimizer = _optimizer(recipe, model)
    order = np.random.default_rng(recipe.seed)
    for epoch in range(recipe.epochs):
        loss, right = 0.0, 0
        for done in _epoch(epoch, model, optimizer, digits, recipe.batch_size, order):
            loss += done.loss * done.size
            right += done.right
            yield done
        yield EpochDone(epoch, loss / len(digits), 100 * right / len(digits))


def build(recipe: Recipe) -> ImageRNN:
    """The untrained network of a recipe, its weights drawn from the recipe's seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        return ImageRNN(
            recipe.batch_size,
            28,
            28,
            recipe.n_neurons,
            10,
            cell=recipe.cell,
            num_layers=recipe.num_layers,
        )


@torch.no_grad()
def accuracy(model: ImageRNN, digits: Digits) -> float:
    """Right answers of all, in percent, exact."""
    right = 0
    for start in range(0, len(digits), _TEST_BATCH):
        images, labels = _batch(digits, np.arange(start, min(start + _TEST_BATCH, len(digits))))
        right += int((model(images).argmax(dim=1) == labels).sum())
    return 100 * right / len(digits)


def _epoch(
    epoch: int,
    model: ImageRNN,
    optimizer: torch.optim.Optimizer,
    digits: Digits,
    batch_size: int,
    order: np.random.Generator,
) -> Iterator[BatchDone]:
    indices = order.permutation(len(digits))
    n_batches = math.ceil(len(digits) / batch_size)
    for batch in range(n_batches):
        index = indices[batch * batch_size : (batch + 1) * batch_size]
        images, labels = _batch(digits, index)
        logits = model(images)
        loss = nn.functional.cross_entropy(logits, labels)
        if not loss.isfinite():
            raise FloatingPointError(
                f"The loss is no longer a number (epoch {epoch}, batch {batch}): "
                "start again with a lower learning rate."
            )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        right = int((logits.argmax(dim=1) == labels).sum())
        yield BatchDone(epoch, batch, n_batches, len(index), loss.item(), right)


def _batch(digits: Digits, index: npt.NDArray[np.intp]) -> tuple[Tensor, Tensor]:
    """Images as float (batch, 28, 28) in [0, 1], labels as int64 (batch,)."""
    images = torch.from_numpy(as_float(digits.images[index]))
    return images, torch.from_numpy(digits.labels[index].astype(np.int64))


def _optimizer(recipe: Recipe, model: ImageRNN) -> torch.optim.Optimizer:
    if recipe.optimizer == "adam":
        return torch.optim.Adam(model.parameters(), lr=recipe.learning_rate)
    return torch.optim.SGD(model.parameters(), lr=recipe.learning_rate, momentum=0.9)
