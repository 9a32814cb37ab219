import numpy as np
import pytest
import torch

from rnn_demo import ImageRNN
from rnn_demo.training.calibration import (
    expected_calibration_error,
    fit_temperature,
    fold_temperature,
)


def labelled(logits: torch.Tensor) -> torch.Tensor:
    """Labels drawn from the softmax of the logits."""
    return torch.multinomial(logits.softmax(1), 1, generator=torch.Generator().manual_seed(1))[:, 0]


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_the_temperature_of_overconfident_logits_is_found(temperature):
    true = 3 * torch.randn(20_000, 10, generator=torch.Generator().manual_seed(0))
    found = fit_temperature(true * temperature, labelled(true))
    assert found == pytest.approx(temperature, rel=0.05)


def test_the_error_is_what_numpy_computes_bin_by_bin():
    logits = 2 * torch.randn(5_000, 10, generator=torch.Generator().manual_seed(2))
    labels = torch.arange(5_000) % 10
    p = np.exp(logits.numpy().astype(np.float64))
    p /= p.sum(axis=1, keepdims=True)
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels.numpy()
    expected = 0.0
    for low in np.arange(15) / 15:
        inside = (confidence >= low) & (confidence < low + 1 / 15)
        if inside.any():
            gap = abs(confidence[inside].mean() - right[inside].mean())
            expected += gap * inside.mean()
    assert expected_calibration_error(logits, labels) == pytest.approx(100 * expected, abs=0.05)
    assert expected > 0.2


def test_true_probabilities_have_a_small_error_and_confident_mistakes_a_large_one():
    true = 3 * torch.randn(20_000, 10, generator=torch.Generator().manual_seed(3))
    assert expected_calibration_error(true, labelled(true)) < 1.5
    wrong = torch.zeros(10, 10)
    wrong[:, 0] = 100
    assert expected_calibration_error(wrong, torch.ones(10).long()) == pytest.approx(100)


def test_a_folded_temperature_divides_the_logits():
    model = ImageRNN(1, 28, 28, 15, 10)
    X = torch.rand(4, 28, 28)
    expected = model(X).detach() / 2.5
    fold_temperature(model, 2.5)
    torch.testing.assert_close(model(X).detach(), expected)
