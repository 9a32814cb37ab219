"""The answers of a network before training."""

import pytest
import torch

from rnn_demo.training import untrained
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe


def test_the_logits_are_those_of_the_model_itself(digits):
    batch = digits.images[:64]
    expected = build(Recipe())(torch.from_numpy(batch).float() / 255)
    assert torch.allclose(untrained.logits(batch), expected, atol=1e-6)
    assert not untrained.logits(batch[:1]).requires_grad


def test_the_largest_difference_is_that_of_one_class():
    probabilities = torch.tensor([[0.1, 0.9], [0.3, 0.7], [0.25, 0.75]])
    assert untrained.largest_difference(probabilities) == pytest.approx(0.2)
