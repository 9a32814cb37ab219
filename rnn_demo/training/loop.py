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
from rnn_demo.training.augment import augment
from rnn_demo.training.data import NO_DIGIT
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
        digits: how many of the images are digits.
        right: right answers among these, counted before the step.
    """

    epoch: int
    batch: int
    n_batches: int
    size: int
    loss: float
    digits: int
    right: int


@dataclass(frozen=True)
class EpochDone:
    """One pass over the training images.

    Attributes:
        epoch: 0-based.
        loss: mean cross-entropy over all images of the epoch, nats, each as it was met.
        accuracy: right answers of all digits of the epoch, percent, each as it was met.
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
    n_batches = math.ceil(len(digits) / recipe.batch_size)
    optimizer = _optimizer(recipe, model)
    schedule = _schedule(recipe, optimizer, n_batches)
    order = np.random.default_rng(recipe.seed)
    variation = torch.Generator().manual_seed(recipe.seed)
    for epoch in range(recipe.epochs):
        loss, met, right = 0.0, 0, 0
        indices = order.permutation(len(digits))
        for batch in range(n_batches):
            index = indices[batch * recipe.batch_size : (batch + 1) * recipe.batch_size]
            images, labels = _batch(digits, index)
            if recipe.augmentation:
                images = augment(images, recipe.augmentation, variation)
            logits, batch_loss = _step(model, optimizer, images, labels, recipe.clip_norm)
            schedule.step()
            done = BatchDone(
                epoch,
                batch,
                n_batches,
                size=len(index),
                loss=batch_loss,
                digits=int((labels != NO_DIGIT).sum()),
                right=int((logits.argmax(dim=1) == labels).sum()),
            )
            loss, met, right = loss + batch_loss * done.size, met + done.digits, right + done.right
            yield done
        yield EpochDone(epoch, loss / len(digits), 100 * right / met)


def build(recipe: Recipe) -> ImageRNN:
    """The untrained network of a recipe, its weights drawn from the recipe's seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        model = ImageRNN(
            recipe.batch_size,
            28,
            28,
            recipe.n_neurons,
            10,
            cell=recipe.cell,
            num_layers=recipe.num_layers,
        )
        if recipe.initialisation == "identity":
            _initialise_with_identity(model)
        return model


@torch.no_grad()
def predict(model: ImageRNN, images: npt.NDArray[np.uint8]) -> Tensor:
    """Logits for many images, (n, n_outputs).

    Args:
        model: the network.
        images: uint8 (n, 28, 28).
    """
    parts = [images[i : i + _TEST_BATCH] for i in range(0, len(images), _TEST_BATCH)]
    return torch.cat([model(torch.from_numpy(as_float(part))) for part in parts])


def accuracy(model: ImageRNN, digits: Digits) -> float:
    """Right answers of all, in percent, exact."""
    answers = predict(model, digits.images).argmax(dim=1).numpy()
    return 100 * int((answers == digits.labels).sum()) / len(digits)


def _step(
    model: ImageRNN,
    optimizer: torch.optim.Optimizer,
    images: Tensor,
    labels: Tensor,
    clip_norm: float,
) -> tuple[Tensor, float]:
    """One step of the optimiser; the logits before it, and the loss."""
    logits = model(images)
    loss = _cross_entropy(logits, labels)
    if not loss.isfinite():
        raise FloatingPointError(
            "The loss is no longer a number: start again with a lower learning rate."
        )
    optimizer.zero_grad()
    loss.backward()
    if clip_norm:
        nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
    optimizer.step()
    return logits, loss.item()


def _cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy; what is no digit has all classes as its target, alike.

    Source: Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier Exposure",
    2019.
    """
    no_digit = labels == NO_DIGIT
    if not no_digit.any():
        return nn.functional.cross_entropy(logits, labels)
    log_probabilities = logits.log_softmax(dim=1)
    chosen = log_probabilities.gather(1, labels.clamp_max(NO_DIGIT - 1)[:, None])[:, 0]
    return -torch.where(no_digit, log_probabilities.mean(dim=1), chosen).mean()


def _batch(digits: Digits, index: npt.NDArray[np.intp]) -> tuple[Tensor, Tensor]:
    """Images as float (batch, 28, 28) in [0, 1], labels as int64 (batch,)."""
    images = torch.from_numpy(as_float(digits.images[index]))
    return images, torch.from_numpy(digits.labels[index].astype(np.int64))


def _initialise_with_identity(model: ImageRNN) -> None:
    for name, weights in model.basic_rnn.named_parameters():
        if name.startswith("weight_hh"):
            nn.init.eye_(weights)
        elif name.startswith("weight_ih"):
            nn.init.xavier_uniform_(weights)
        else:
            nn.init.zeros_(weights)


def _optimizer(recipe: Recipe, model: ImageRNN) -> torch.optim.Optimizer:
    if recipe.optimizer == "adam":
        return torch.optim.Adam(model.parameters(), lr=recipe.learning_rate)
    return torch.optim.SGD(model.parameters(), lr=recipe.learning_rate, momentum=0.9)


def _schedule(
    recipe: Recipe, optimizer: torch.optim.Optimizer, n_batches: int
) -> torch.optim.lr_scheduler.LRScheduler:
    if recipe.schedule == "constant":
        return torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=recipe.epochs * n_batches
    )
