"""Measuring a network: predictions, accuracy, confusion matrix and mistakes."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from rnn_demo.data.digits import Digits, as_float
from rnn_demo.nn.models import ImageRNN
from rnn_demo.nn.published import tutorial_accuracy
from rnn_demo.nn.reading import worst_mistakes
from rnn_demo.training.result import Mistake, Result

N_MISTAKES = 24  # in a result
_BATCH_SIZE = 64  # the tutorial's; larger batches take more memory and are not faster


@torch.no_grad()
def predict(model: ImageRNN, images: npt.NDArray[np.uint8]) -> Tensor:
    """Logits for many images, (n, n_outputs).

    Args:
        model: the network.
        images: uint8 (n, 28, 28).
    """
    # Filled in place: small tensors between large ones would fragment the memory.
    logits = torch.empty(len(images), model.FC.out_features)
    for start in range(0, len(images), _BATCH_SIZE):
        part = slice(start, start + _BATCH_SIZE)
        logits[part] = model(torch.from_numpy(as_float(images[part])).to(model.FC.weight.device))
    return logits


def accuracy(model: ImageRNN, digits: Digits) -> float:
    """Percent of the images that are read correctly."""
    answers = predict(model, digits.images).argmax(dim=1).numpy()
    return 100 * int((answers == digits.labels).sum()) / len(digits)


def measure(model: ImageRNN, digits: Digits) -> Result:
    """Measure a network on test images.

    Args:
        model: the network.
        digits: test images, all of them digits.
    """
    logits, confidence, answers = _answers(model, digits)
    confusion = np.zeros((10, 10), np.int64)
    np.add.at(confusion, (digits.labels, answers.numpy()), 1)
    worst = worst_mistakes(logits, digits.labels)[:N_MISTAKES]
    n, n_right = len(digits), int(np.trace(confusion))
    return Result(
        accuracy=100 * n_right / n,
        confusion=confusion.tolist(),
        mistakes=[
            Mistake(int(i), int(digits.labels[i]), int(answers[i]), float(confidence[i]))
            for i in worst
        ],
        tutorial_accuracy=tutorial_test_accuracy(n_right, n),
        n=n,
    )


def tutorial_test_accuracy(n_right: int, n: int) -> float | None:
    """Test accuracy by the tutorial's formula, percent; None for a single batch.

    Args:
        n_right: number of images read correctly.
        n: number of test images, in the tutorial's batches of 64.
    """
    n_batches = -(-n // _BATCH_SIZE)
    return tutorial_accuracy(n_right, n_batches, _BATCH_SIZE) if n_batches > 1 else None


def loss_and_accuracy(model: ImageRNN, digits: Digits) -> tuple[float, float]:
    """Mean cross-entropy in nats, and accuracy in percent.

    Args:
        model: the network.
        digits: images, all of them digits.
    """
    logits = predict(model, digits.images)
    labels = torch.from_numpy(digits.labels.astype(np.int64))
    right = int((logits.argmax(dim=1) == labels).sum())
    return nn.functional.cross_entropy(logits, labels).item(), 100 * right / len(digits)


def answers_of(model: ImageRNN, digits: Digits) -> tuple[list[int], list[float]]:
    """The answer to each image, and its probability."""
    _, confidence, answers = _answers(model, digits)
    return answers.tolist(), confidence.tolist()


def _answers(model: ImageRNN, digits: Digits) -> tuple[Tensor, Tensor, Tensor]:
    """Logits (n, 10), and probability and number of the most likely class, (n,) each."""
    # Logits are NaN or infinite if the last step made the weights diverge.
    logits = predict(model, digits.images).nan_to_num()
    confidence, answers = logits.softmax(dim=1).max(dim=1)
    return logits, confidence.clamp(max=1.0), answers
