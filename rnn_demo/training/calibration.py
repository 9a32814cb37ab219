"""Calibration: of all answers with a confidence of 90 %, 90 % should be right.

Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017.
"""

import torch
from torch import Tensor, nn

from rnn_demo.nn.models import ImageRNN

_N_BINS = 15


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """The temperature that minimises the cross-entropy of the logits divided by it.

    Args:
        logits: (n, n_classes), of images that the network was not trained on.
        labels: int64 (n,).
    """
    log_temperature = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.LBFGS([log_temperature], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(logits / log_temperature.exp(), labels)
        loss.backward()
        return loss

    optimizer.step(closure)
    return float(log_temperature.detach().exp())


@torch.no_grad()
def fold_temperature(model: ImageRNN, temperature: float) -> None:
    """Divide a network's logits by a temperature, by scaling its output layer in place."""
    for parameter in model.FC.parameters():
        parameter.div_(temperature)


def expected_calibration_error(logits: Tensor, labels: Tensor) -> float:
    """Mean gap between confidence and accuracy over 15 equal bins, weighted by size, percent.

    Args:
        logits: (n, n_classes).
        labels: int64 (n,).
    """
    confidence, answer = logits.softmax(dim=1).max(dim=1)
    right = (answer == labels).float()
    bins = (confidence * _N_BINS).long().clamp_max(_N_BINS - 1)
    # The gap of a bin times its size is the sum of the differences in it.
    gaps = torch.zeros(_N_BINS).index_add_(0, bins, confidence - right)
    return 100 * float(gaps.abs().sum()) / len(labels)
