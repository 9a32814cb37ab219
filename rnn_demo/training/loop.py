"""The training loop: a generator of events. It uses no screen and no files.

The images stay one uint8 array, and each batch is converted as a whole. The tutorial's DataLoader
spends most of its time converting images one by one.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from rnn_demo.data.digits import Digits, as_float
from rnn_demo.messages import CodedError, InputError
from rnn_demo.nn.models import ImageRNN
from rnn_demo.nn.published import tutorial_accuracy, tutorial_loss
from rnn_demo.training import bptt
from rnn_demo.training.augment import augment
from rnn_demo.training.build import build
from rnn_demo.training.data import NO_DIGIT
from rnn_demo.training.device import device
from rnn_demo.training.optimizer import optimizer
from rnn_demo.training.recipe import HYPERPARAMETERS, Change, Recipe
from rnn_demo.training.schedule import rates

# Targets by label: one-hot for a digit, uniform for `NO_DIGIT`. Source: Hendrycks, Mazeika and
# Dietterich, "Deep Anomaly Detection with Outlier Exposure", 2019.
_TARGETS = torch.cat([torch.eye(NO_DIGIT), torch.full((1, NO_DIGIT), 1 / NO_DIGIT)])


class DivergedError(CodedError):
    """The loss or its gradient is NaN or infinite."""


@dataclass(frozen=True)
class BatchDone:
    """One optimiser step.

    Attributes:
        epoch: 0-based.
        batch: 0-based, within the epoch.
        n_batches: batches in an epoch.
        size: images in this batch.
        loss: mean cross-entropy over the batch, nats.
        digits: number of digits among the images.
        right: number of these digits that were read correctly before the step.
        learning_rate: of this step.
        gradient_norm: Euclidean norm of all gradients together, before clipping.
    """

    epoch: int
    batch: int
    n_batches: int
    size: int
    loss: float
    digits: int
    right: int
    learning_rate: float
    gradient_norm: float


@dataclass(frozen=True)
class EpochDone:
    """One pass over the training images.

    Attributes:
        epoch: 0-based.
        loss: mean cross-entropy over all images of the epoch, nats, each before its own step.
        accuracy: digits read correctly, percent, each before its own step.
        tutorial_loss: the loss by the tutorial's formula, from the same batches. None for a single
            batch and with non-digits, where the formula does not apply.
        tutorial_accuracy: the accuracy by the tutorial's formula, percent; None likewise.
    """

    epoch: int
    loss: float
    accuracy: float
    tutorial_loss: float | None
    tutorial_accuracy: float | None


Event = BatchDone | EpochDone


class Training:
    """A training from its first batch to its last; it can be paused and resumed.

    On one machine's CPU, with the same number of threads, the same recipe and the same changes give
    the same network bit for bit, however often the training was paused.

    Args:
        recipe: how to train.
        digits: training images.
        changes: of the learning rate, by step, from before this training was paused.

    Attributes:
        recipe: as given.
        model: the network, trained in place.
        step: optimiser steps done so far.
        changes: of the learning rate, by step.

    Raises:
        InputError: this machine lacks the device that the settings ask for.
    """

    def __init__(self, recipe: Recipe, digits: Digits, changes: Sequence[Change] = ()) -> None:
        self.recipe = recipe
        self._device = device()
        self.model = build(recipe).to(self._device)
        self._weights = _one_vector(self.model)
        self._bptt = bptt.Backpropagation(self.model) if bptt.applies(self.model) else None
        self.step = 0
        self.changes = list(changes)
        self._digits = digits
        self._n_batches = math.ceil(len(digits) / recipe.batch_size)
        self._optimizer = optimizer(recipe.optimizer, self._weights)
        self._variation = torch.Generator().manual_seed(recipe.seed)
        self._sums = _Sums()

    @property
    def epochs_done(self) -> float:
        """Progress in epochs, such as 2.5."""
        return self.step / self._n_batches

    def events(self) -> Iterator[Event]:
        """Train from the current step to the end, with an event for each step and each epoch.

        To stop early, stop iterating.

        Raises:
            DivergedError: the loss or its gradient is NaN or infinite.
        """
        order = np.random.default_rng(self.recipe.seed)
        for epoch in range(self.recipe.epochs):
            indices = order.permutation(len(self._digits))
            end = (epoch + 1) * self._n_batches
            while self.step < end:
                yield self._next_batch(epoch, self.step - epoch * self._n_batches, indices)
            if self.step == end and self._sums.images:
                yield self._end_epoch(epoch)

    def change_learning_rate(self, learning_rate: float) -> Change:
        """Change the learning rate from the next step on.

        Raises:
            InputError: it is outside the range of a recipe.
        """
        HYPERPARAMETERS["learning_rate"].check(learning_rate)
        change = Change(self.step, learning_rate)
        self.changes.append(change)
        return change

    def state(self) -> dict[str, Tensor]:
        """All that `restore` needs to continue from here, by name; valid between two events.

        The tensors are the training's own: they change when it continues.
        """
        tensors = {f"model.{name}": value for name, value in self.model.state_dict().items()}
        kept = self._optimizer.state.items()
        tensors |= {f"optimizer.0.{name}": value for name, value in kept}
        return tensors | {
            "step": torch.tensor(self.step),
            "variation": self._variation.get_state(),
            "sums": torch.tensor(astuple(self._sums), dtype=torch.float64),
        }

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue from a state of a training with the same recipe and the same images.

        Args:
            state: what `state` returned there.

        Raises:
            InputError: it belongs to another training.
        """
        try:
            self.model.load_state_dict(_below("model", state))
            for name, value in self._optimizer.state.items():
                value.copy_(state[f"optimizer.0.{name}"])
            self._variation.set_state(state["variation"])
            self._sums = _Sums(*state["sums"].tolist())
            self.step = int(state["step"])
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise InputError("training.other_training") from error

    def _next_batch(self, epoch: int, batch: int, indices: npt.NDArray[np.intp]) -> BatchDone:
        recipe = self.recipe
        index = indices[batch * recipe.batch_size : (batch + 1) * recipe.batch_size]
        images, labels = _batch(self._digits, index)
        if recipe.augmentation:
            images = augment(images, recipe.augmentation, self._variation)
        learning_rate, momentum = self._rates()
        targets = _TARGETS[labels].to(self._device)
        logits, loss, gradient = self._gradient(images.to(self._device), targets)
        norm = self._clipped(gradient, loss)
        self._optimizer.step(gradient, learning_rate, momentum)
        done = BatchDone(
            epoch,
            batch,
            self._n_batches,
            size=len(index),
            loss=loss.item(),
            digits=int((labels != NO_DIGIT).sum()),
            right=int((logits.argmax(dim=1).cpu() == labels).sum()),
            learning_rate=learning_rate,
            gradient_norm=norm,
        )
        self.step += 1
        self._sums.add(done)
        return done

    def _end_epoch(self, epoch: int) -> EpochDone:
        sums, self._sums = self._sums, _Sums()
        return sums.epoch_done(epoch, self._n_batches, self.recipe.batch_size)

    def _rates(self) -> tuple[float, float]:
        """Learning rate and momentum of the next step."""
        total = self.recipe.epochs * self._n_batches
        learning_rate, momentum = rates(self.recipe, self.step, total)
        done = [change.learning_rate for change in self.changes if change.step <= self.step]
        if done:
            learning_rate *= done[-1] / self.recipe.learning_rate
        return learning_rate, momentum

    def _clipped(self, gradient: Tensor, loss: Tensor) -> float:
        """Clip a gradient in place if the recipe asks for it; returns its norm before that."""
        norm = gradient.norm()
        # Checked before the step, which would turn every weight into NaN.
        if not (loss.isfinite() and norm.isfinite()):
            raise DivergedError("training.diverged")
        limit = self.recipe.clip_norm
        if limit:
            gradient *= (limit / (norm + 1e-6)).clamp(max=1)  # like clip_grad_norm_
        return float(norm)

    def _gradient(self, images: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits, loss and gradient, by `bptt` where it applies, otherwise by autograd."""
        gradients: Sequence[Tensor]
        if self._bptt:
            logits, loss, gradients = self._bptt(images, targets)
        else:
            logits = self.model(images)
            loss = nn.functional.cross_entropy(logits, targets)
            gradients = torch.autograd.grad(loss, list(self.model.parameters()))
        return logits, loss, torch.cat([gradient.flatten() for gradient in gradients])


@dataclass
class _Sums:
    """Running sums over the batches of an epoch."""

    images: float = 0
    digits: float = 0
    right: float = 0
    loss: float = 0.0  # over images
    batch_losses: float = 0.0  # over batches, for the tutorial's formula

    def add(self, done: BatchDone) -> None:
        self.images += done.size
        self.digits += done.digits
        self.right += done.right
        self.loss += done.loss * done.size
        self.batch_losses += done.loss

    def epoch_done(self, epoch: int, n_batches: int, batch_size: int) -> EpochDone:
        # The formula divides by n_batches - 1, and counts every image as a digit.
        applies = n_batches > 1 and self.digits == self.images
        return EpochDone(
            epoch,
            loss=self.loss / self.images,
            accuracy=100 * self.right / self.digits,
            tutorial_loss=tutorial_loss(self.batch_losses, n_batches) if applies else None,
            tutorial_accuracy=(
                tutorial_accuracy(self.right, n_batches, batch_size) if applies else None
            ),
        )


def _batch(digits: Digits, index: npt.NDArray[np.intp]) -> tuple[Tensor, Tensor]:
    """Images as float (batch, 28, 28) in [0, 1], labels as int64 (batch,)."""
    images = torch.from_numpy(as_float(digits.images[index]))
    return images, torch.from_numpy(digits.labels[index].astype(np.int64))


def _one_vector(model: ImageRNN) -> Tensor:
    """All weights of a network as one vector; its own parameters become views of it.

    The optimiser then updates one tensor instead of six.
    """
    parameters = list(model.parameters())
    vector = nn.utils.parameters_to_vector(parameters).detach()
    nn.utils.vector_to_parameters(vector, parameters)
    return vector


def _below(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors whose names start with a prefix, under names without it."""
    start = f"{prefix}."
    return {
        name.removeprefix(start): value for name, value in state.items() if name.startswith(start)
    }
