"""What became of a training, judged by its numbers."""

import math
from typing import Literal

from rnn_demo.runs.state import Status
from rnn_demo.training.metrics import Point

Outcome = Literal["diverged", "learnt_nothing", "learns", "unknown"]

_CHANCE_LOSS = math.log(10)  # nats; a network that gives all ten digits 10 % has it
# A network that starts badly may be a little above chance; beyond twice chance it gets worse.
_DIVERGED_LOSS = 2 * _CHANCE_LOSS
# Always answering the most frequent digit reads 11.35 % of MNIST's test images.
_CHANCE_ACCURACY = 15.0  # percent


def unseen_accuracy(status: Status, end: Point | None) -> float | None:
    """How well a run reads images that it was not trained on, percent.

    Args:
        status: of the run.
        end: the end of its last whole epoch; None before the first.

    Returns:
        The accuracy on the test images; before the test, that on the validation images after the
        last whole epoch; None without either.
    """
    if status.test_accuracy is not None:
        return status.test_accuracy
    measured: float | None = end["validation_accuracy"] if end else None
    return measured


def outcome(status: Status, end: Point | None) -> Outcome:
    """What became of a training so far.

    Args:
        status: of the run.
        end: the end of its last whole epoch; None before the first.

    Returns:
        "diverged": its loss became infinite, or is far above chance.
        "learnt_nothing": after a whole epoch it reads no more digits than chance.
        "learns": it reads more.
        "unknown": before the end of the first epoch.
    """
    if status.message is not None and status.message.code == "training.diverged":
        return "diverged"
    loss = end["loss"] if status.loss is None and end is not None else status.loss
    if loss is not None and loss > _DIVERGED_LOSS:
        return "diverged"
    accuracy = unseen_accuracy(status, end)
    if accuracy is None and end is not None:
        accuracy = end["accuracy"]
    if accuracy is None:
        return "unknown"
    return "learns" if accuracy > _CHANCE_ACCURACY else "learnt_nothing"
